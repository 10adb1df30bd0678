package openpne

import (
	"strings"

	"musubi/core"
	album_ "musubi/core/album"
	community_ "musubi/core/community"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/people"
	"musubi/core/talk"
)

// field is one of a profile that the operator made up.
type field struct{ name, caption string }

// value is what a member wrote there.
type value struct {
	member, field, option int64
	text                  string
	visibility            core.Visibility
}

// tables2 are the tables of OpenPNE 2 that are read.
func (r *reader) tables2() map[string]func(row) {
	return map[string]func(row){
		"c_member": func(w row) {
			m := &member{id: w.n("c_member_id"), name: w.line("nickname", core.MaxName), at: w.made("r_date"), seen: w.t("access_date"), held: w.n("is_login_rejected") != 0, picture: w.s("image_filename"),
				visibility: w.seen2("public_flag_diary"), year: int(w.n("birth_year")), mon: int(w.n("birth_month")), day: int(w.n("birth_day")),
				ageSeen: w.seen2("public_flag_birth_year"), born: w.seen2("public_flag_birth_month_day")}
			r.members[m.id] = m
		},
		"c_member_secure": func(w row) {
			id := w.n("c_member_id")
			if r.configs[id] == nil {
				r.configs[id] = map[string]string{}
			}
			r.configs[id]["password"] = w.s("hashed_password")
			for _, column := range []string{"pc_address", "ktai_address"} {
				sealed := w.raw(column)
				if len(sealed) == 0 {
					continue
				}
				if mail, ok := r.cipher.mail(sealed); ok {
					r.configs[id][column] = mail
				} else {
					r.leave("mail addresses that do not open", 1)
				}
			}
		},
		"c_profile":        func(w row) { r.fields[w.n("c_profile_id")] = field{w.s("name"), w.s("caption")} },
		"c_profile_option": func(w row) { r.options[w.n("c_profile_option_id")] = w.s("value") },
		"c_member_profile": func(w row) {
			r.values = append(r.values, value{w.n("c_member_id"), w.n("c_profile_id"), w.n("c_profile_option_id"), w.lines("value", core.MaxProfileText), w.seen2("public_flag")})
		},
		"c_friend": func(w row) {
			r.ties[pair{w.n("c_member_id_from"), w.n("c_member_id_to")}] = tie{w.made("r_datetime"), w.t("r_datetime_intro"), w.lines("intro", people.MaxEndorsement)}
		},
		"c_access_block": func(w row) {
			r.blocks[pair{w.n("c_member_id"), w.n("c_member_id_block")}] = w.made("r_datetime")
		},
		"c_diary": func(w row) {
			d := &diary{id: w.n("c_diary_id"), member: w.n("c_member_id"), title: w.line("subject", journal.MaxDiaryTitle), body: w.lines("body", journal.MaxDiaryBody), visibility: w.seen2("public_flag"), at: w.made("r_datetime")}
			d.closed = w.raw("is_comment_input") != nil && w.n("is_comment_input") == 0
			d.pictures = w.pictures("image_filename_1", "image_filename_2", "image_filename_3")
			r.diaries[d.id] = d
		},
		"c_diary_category": func(w row) {
			r.categories[w.n("c_diary_category_id")] = category{w.n("c_member_id"), w.line("category_name", journal.MaxCategoryName)}
		},
		"c_diary_category_diary": func(w row) { r.inCategory[w.n("c_diary_id")] = w.n("c_diary_category_id") },
		"c_diary_comment": func(w row) {
			r.said = append(r.said, saidIn{w.n("c_diary_id"), comment{w.n("c_diary_comment_id"), w.n("c_member_id"), int(w.n("number")), w.lines("body", talk.MaxComment), w.made("r_datetime")}})
			r.leave("photos of comments", len(w.pictures("image_filename_1", "image_filename_2", "image_filename_3")))
		},
		"c_album": func(w row) {
			a := &album{id: w.n("c_album_id"), member: w.n("c_member_id"), title: w.line("subject", album_.MaxAlbumTitle), note: w.lines("description", album_.MaxAlbumNote), visibility: w.seen2("public_flag"), at: w.made("r_datetime")}
			r.albums[a.id] = a
		},
		"c_album_image": func(w row) {
			in := w.n("c_album_id")
			r.inAlbum[in] = append(r.inAlbum[in], photo{w.n("c_album_image_id"), w.s("image_filename"), w.line("image_description", core.MaxCaption), w.made("r_datetime")})
		},
		"c_message": func(w row) {
			m := message{id: w.n("c_message_id"), from: w.n("c_member_id_from"), to: w.n("c_member_id_to"), answers: w.n("hensinmoto_c_message_id"), subject: w.line("subject", letters.MaxSubject),
				body: w.lines("body", letters.MaxMessage), at: w.made("r_datetime"), read: w.n("is_read") != 0}
			sent := w.n("is_send") != 0
			m.sent, m.inbox = letters.Sent, letters.Inbox
			if !sent {
				m.sent = letters.Drafts
			}
			if w.n("is_deleted_from") != 0 {
				m.sent = letters.Trash
			}
			if w.n("is_deleted_to") != 0 {
				m.inbox = letters.Trash
			}
			m.hasSent, m.hasInbox = w.n("is_kanzen_sakujo_from") == 0 && (sent || m.sent == letters.Drafts), sent && w.n("is_kanzen_sakujo_to") == 0
			r.messages = append(r.messages, m)
			r.leave("photos of messages", len(w.pictures("image_filename_1", "image_filename_2", "image_filename_3")))
		},
		"c_ashiato": func(w row) {
			p := pair{w.n("c_member_id_to"), w.n("c_member_id_from")}
			r.visits[p] = append(r.visits[p], w.made("r_datetime"))
		},
		"c_commu_category": func(w row) { r.kinds[w.n("c_commu_category_id")] = w.s("name") },
		"c_commu": func(w row) {
			c := &community{id: w.n("c_commu_id"), admin: w.n("c_member_id_admin"), name: w.line("name", community_.MaxName), info: w.lines("info", community_.MaxDescription), at: w.made("r_datetime"),
				approval: w.s("is_admit") != "public", closed: w.s("is_open") != "public", few: w.s("is_topic") == "admin_only", subs: map[int64]bool{w.n("c_member_id_sub_admin"): true}}
			c.category = w.s("c_commu_category_id")
			r.communities[c.id] = c
		},
		"c_commu_member": func(w row) {
			r.joined = append(r.joined, membership{w.n("c_commu_id"), w.n("c_member_id"), w.made("r_datetime")})
		},
		"c_commu_topic": func(w row) {
			t := &thread{id: w.n("c_commu_topic_id"), community: w.n("c_commu_id"), member: w.n("c_member_id"), title: w.line("name", community_.MaxTitle), at: w.made("r_datetime"), event: w.n("event_flag") != 0,
				day: w.day("open_date"), words: w.line("open_date_comment", community_.MaxEventWords), place: w.line("open_pref_comment", community_.MaxPlace), deadline: w.day("invite_period"), capacity: int(w.n("capacity"))}
			r.threads[t.id] = t
		},
		"c_commu_topic_comment": func(w row) {
			in := w.n("c_commu_topic_id")
			r.inThread[in] = append(r.inThread[in], comment{w.n("c_commu_topic_comment_id"), w.n("c_member_id"), int(w.n("number")), w.lines("body", community_.MaxBody), w.made("r_datetime")})
			r.leave("photos in communities", len(w.pictures("image_filename1", "image_filename2", "image_filename3")))
		},
		"c_event_member": func(w row) {
			in := w.n("c_commu_topic_id")
			r.seats[in] = append(r.seats[in], seat{w.n("c_member_id"), w.made("r_datetime")})
		},
		"c_image": func(w row) { r.Site.pictures[w.s("filename")] = true },

		"c_bookmark": r.count("bookmarks"), "c_review_comment": r.count("reviews"), "c_schedule": r.count("own dates"), "c_file": r.count("files that are no pictures"), "c_friend_confirm": r.count("requests under way"),
		"c_commu_member_confirm": r.count("requests under way"), "c_member_pre": r.count("registrations under way"), "c_point_log": r.count("points"),
	}
}

// count counts rows of a table that stay behind.
func (r *reader) count(why string) func(row) { return func(row) { r.leave(why, 1) } }

// pictures are those that some columns name.
func (w row) pictures(columns ...string) (list []string) {
	for _, c := range columns {
		if name := w.s(c); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// ours finds the field of ours for one that an operator made up, by what such fields are called everywhere; "": there is none.
func (f field) ours() string {
	name := strings.TrimPrefix(strings.ToLower(f.name), "op_preset_")
	for key, words := range map[string][]string{
		"sex": {"sex", "gender", "性別"}, people.PrefectureField: {"pref", "prefecture", "region", "region_jp", "region_select", "addr_pref", "now_pref", "現住所", "都道府県", "住所"}, "occupation": {"occupation", "job", "work", "職業"},
		"intro": {"self_intro", "intro", "introduction", "self_introduction", "自己紹介"}, "hobby": {"hobby", "hobbies", "趣味"}, "hometown": {"hometown", "birth_pref", "birthplace", "出身地"},
		"blood": {"blood", "blood_type", "血液型"}, "belongs": {"belongs", "company", "school", "所属"}, "favorite": {"favorite", "favorites", "好きなもの"}, "realname": {"realname", "real_name", "本名", "氏名"},
		people.BirthdayField: {"birthday"},
	} {
		for _, word := range words {
			if name == word || f.caption == word {
				return key
			}
		}
	}
	return ""
}
