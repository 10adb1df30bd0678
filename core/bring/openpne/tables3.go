package openpne

import (
	"strconv"
	"time"

	"musubi/core"
	album_ "musubi/core/album"
	community_ "musubi/core/community"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/people"
	"musubi/core/talk"
)

// Rows that wait for those they belong to.
type (
	saidIn struct {
		diary int64
		comment
	}
	pictureOf struct {
		diary, file int64
		number      int
	}
	receipt struct {
		id, message, to int64
		read, deleted   bool
	}
	membership struct {
		community, member int64
		at                time.Time
	}
	position struct {
		community, member int64
		name              string
	}
)

// fileName is how pictures of OpenPNE 3 are called here.
func fileName(id int64) string {
	if id == 0 {
		return ""
	}
	return "file " + strconv.FormatInt(id, 10)
}

// tables3 are the tables of OpenPNE 3 and of the plugins that come with it.
func (r *reader) tables3() map[string]func(row) {
	config := func(id int64) map[string]string {
		if r.configs[id] == nil {
			r.configs[id] = map[string]string{}
		}
		return r.configs[id]
	}
	return map[string]func(row){
		"member": func(w row) {
			if w.raw("is_active") != nil && w.n("is_active") == 0 {
				r.leave("members who never finished registering", 1)
				return
			}
			r.members[w.n("id")] = &member{id: w.n("id"), name: w.line("name", core.MaxName), at: w.made("created_at"), seen: w.t("updated_at"), held: w.n("is_login_rejected") != 0, visibility: core.Everyone}
		},
		"member_config": func(w row) {
			name := w.s("name")
			switch name {
			case "pc_address", "mobile_address":
				if mail, ok := core.NormalMail(w.s("value")); ok {
					config(w.n("member_id"))[name] = mail
				}
			case "password", "age_public_flag", "diary_public_flag":
				config(w.n("member_id"))[name] = w.s("value")
			case "lastLogin":
				if m, there := r.members[w.n("member_id")]; there && !w.t("value_datetime").IsZero() {
					m.seen = w.t("value_datetime")
				}
			}
		},
		"member_image": func(w row) {
			if m := r.members[w.n("member_id")]; m != nil && (m.picture == "" || w.n("is_primary") != 0) {
				m.picture = fileName(w.n("file_id"))
			}
		},
		"profile":                    func(w row) { f := r.fields[w.n("id")]; f.name = w.s("name"); r.fields[w.n("id")] = f },
		"profile_translation":        func(w row) { r.captions(w) },
		"profile_option_translation": func(w row) { r.optionWords(w) },
		"member_profile": func(w row) {
			v := value{w.n("member_id"), w.n("profile_id"), w.n("profile_option_id"), w.lines("value", core.MaxProfileText), unsaid}
			if w.raw("public_flag") != nil {
				v.visibility = w.seen3("public_flag")
			}
			if d := w.day("value_datetime"); d != 0 {
				v.text = string(w.raw("value_datetime"))[:len(time.DateOnly)]
			}
			r.values = append(r.values, v)
		},
		"member_relationship": func(w row) {
			p := pair{w.n("member_id_from"), w.n("member_id_to")}
			if w.n("is_friend") != 0 {
				t := r.ties[p]
				t.at = w.made("created_at")
				r.ties[p] = t
			}
			if w.n("is_access_block") != 0 {
				r.blocks[p] = w.made("created_at")
			}
			if w.n("is_friend_pre") != 0 {
				r.leave("requests under way", 1)
			}
		},
		"intro_friend": func(w row) {
			p := pair{w.n("member_id_from"), w.n("member_id_to")}
			if t, there := r.ties[p]; there {
				t.said, t.saidAt = w.lines("content", people.MaxEndorsement), w.made("created_at")
				r.ties[p] = t
			} else {
				r.intros = append(r.intros, intro{p, w.lines("content", people.MaxEndorsement), w.made("created_at")})
			}
		},
		"diary": func(w row) {
			d := &diary{id: w.n("id"), member: w.n("member_id"), title: w.line("title", journal.MaxDiaryTitle), body: w.lines("body", journal.MaxDiaryBody), visibility: w.seen3("public_flag"), at: w.made("created_at")}
			r.diaries[d.id] = d
		},
		"diary_image": func(w row) {
			r.pictures2 = append(r.pictures2, pictureOf{w.n("diary_id"), w.n("file_id"), int(w.n("number"))})
		},
		"diary_comment": func(w row) {
			r.said = append(r.said, saidIn{w.n("diary_id"), comment{w.n("id"), w.n("member_id"), int(w.n("number")), w.lines("body", talk.MaxComment), w.made("created_at")}})
		},
		"album": func(w row) {
			r.albums[w.n("id")] = &album{id: w.n("id"), member: w.n("member_id"), title: w.line("title", album_.MaxAlbumTitle), note: w.lines("body", album_.MaxAlbumNote), visibility: w.seen3("public_flag"), at: w.made("created_at")}
		},
		"album_image": func(w row) {
			in := w.n("album_id")
			r.inAlbum[in] = append(r.inAlbum[in], photo{w.n("id"), fileName(w.n("file_id")), w.line("description", core.MaxCaption), w.made("created_at")})
		},
		"message_type": func(w row) { r.types[w.n("id")] = w.s("type_name") },
		"message": func(w row) {
			m := message{id: w.n("id"), from: w.n("member_id"), answers: w.n("return_message_id"), subject: w.line("subject", letters.MaxSubject), body: w.lines("body", letters.MaxMessage), at: w.made("created_at"), sent: letters.Sent, inbox: letters.Inbox}
			if w.n("is_send") == 0 {
				m.sent = letters.Drafts
			}
			if w.n("is_deleted") != 0 {
				m.sent = letters.Trash
			}
			m.kind = w.n("message_type_id")
			r.sent[m.id] = m
		},
		"message_send_list": func(w row) {
			r.received = append(r.received, receipt{w.n("id"), w.n("message_id"), w.n("member_id"), w.n("is_read") != 0, w.n("is_deleted") != 0})
		},
		"deleted_message": func(w row) { // thrown out of the trash too
			if w.n("is_deleted") != 0 {
				r.thrown[pair{w.n("member_id"), w.n("message_id")}] = true
				r.thrown[pair{w.n("member_id"), -w.n("message_send_list_id")}] = true
			}
		},
		"ashiato": func(w row) {
			p := pair{w.n("member_id_to"), w.n("member_id_from")}
			r.visits[p] = append(r.visits[p], w.made("updated_at"))
		},
		"community_category": func(w row) { r.kinds[w.n("id")] = w.s("name") },
		"community": func(w row) {
			r.communities[w.n("id")] = &community{id: w.n("id"), name: w.line("name", community_.MaxName), category: w.s("community_category_id"), at: w.made("created_at"), approval: true, closed: true, few: true, subs: map[int64]bool{}}
		},
		"community_config": func(w row) {
			id := -w.n("community_id") // beside those of members
			config(id)[w.s("name")] = w.lines("value", community_.MaxDescription)
		},
		"community_member": func(w row) {
			if w.n("is_pre") != 0 {
				r.leave("requests under way", 1)
				return
			}
			r.joined = append(r.joined, membership{w.n("community_id"), w.n("member_id"), w.made("created_at")})
		},
		"community_member_position": func(w row) {
			r.positions = append(r.positions, position{w.n("community_id"), w.n("member_id"), w.s("name")})
		},
		"community_topic": func(w row) {
			r.threads[w.n("id")] = &thread{id: w.n("id"), community: w.n("community_id"), member: w.n("member_id"), title: w.line("name", community_.MaxTitle), body: w.lines("body", community_.MaxBody), at: w.made("created_at")}
		},
		"community_topic_comment": func(w row) {
			in := w.n("community_topic_id")
			r.inThread[in] = append(r.inThread[in], comment{w.n("id"), w.n("member_id"), int(w.n("number")), w.lines("body", community_.MaxComment), w.made("created_at")})
		},
		"community_event": func(w row) {
			r.events[w.n("id")] = &thread{id: w.n("id"), community: w.n("community_id"), member: w.n("member_id"), title: w.line("name", community_.MaxTitle), body: w.lines("body", community_.MaxBody), at: w.made("created_at"), event: true,
				day: w.day("open_date"), words: w.line("open_date_comment", community_.MaxEventWords), place: w.line("area", community_.MaxPlace), deadline: w.day("application_deadline"), capacity: int(w.n("capacity"))}
		},
		"community_event_comment": func(w row) {
			in := w.n("community_event_id")
			r.inEvent[in] = append(r.inEvent[in], comment{w.n("id"), w.n("member_id"), int(w.n("number")), w.lines("body", community_.MaxComment), w.made("created_at")})
		},
		"community_event_member": func(w row) {
			in := w.n("community_event_id")
			r.seats[in] = append(r.seats[in], seat{w.n("member_id"), w.made("created_at")})
		},
		"file_bin": func(w row) { r.Site.pictures[fileName(w.n("file_id"))] = true },

		"diary_comment_image": r.count("photos of comments"), "message_file": r.count("photos of messages"), "community_topic_image": r.count("photos in communities"), "community_topic_comment_image": r.count("photos in communities"),
		"community_event_image": r.count("photos in communities"), "community_event_comment_image": r.count("photos in communities"), "favorite": r.count("bookmarks"), "activity_data": r.count("short words (activities)"),
	}
}

// captions and optionWords read what fields and their choices are called in Japanese.
func (r *reader) captions(w row) {
	if w.s("lang") == "ja_JP" {
		f := r.fields[w.n("id")]
		f.caption = w.s("caption")
		r.fields[w.n("id")] = f
	}
}

func (r *reader) optionWords(w row) {
	if w.s("lang") == "ja_JP" || r.options[w.n("id")] == "" {
		r.options[w.n("id")] = w.s("value")
	}
}

// intro is what a member said of a friend whose tie comes later in the dump.
type intro struct {
	pair
	said string
	at   time.Time
}
