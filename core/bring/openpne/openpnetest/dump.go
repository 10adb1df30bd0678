// Package openpnetest writes dumps of sites that never were, for the tests of core/bring/openpne: by the schemas of OpenPNE 2.14 and
// 3.6, as mysqldump writes them. One plan makes both.
package openpnetest

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 what OpenPNE encrypts addresses with
)

// Who sees a thing.
const (
	All = iota
	Friends
	Nobody
)

// A Plan is a site. IDs begin with 1 and are places plus 1.
type Plan struct {
	Members  int
	Friends  [][]int // of each member, mutual
	Blocks   map[[2]int]bool
	Diaries  []Thing
	Comments []Said
	Albums   []Thing // each with two pictures
	Letters  []Letter
	Rooms    []Room
	Said     map[[2]int]string // from whom of whom
	Profiles []int             // who sees the hobby of each member
	Visits   int
}

// A Thing is an entry or an album of a member.
type Thing struct {
	Owner, Seen int
	Title, Body string
	Picture     int // 0: none
}

// Said is a comment on an entry.
type Said struct {
	Diary, Author int
	Body          string
}

// A Letter is a message.
type Letter struct {
	From, To int
	Body     string
	State    int // 0 unread, 1 read, 2 a draft, 3 in the receiver's trash, 4 gone for the sender
}

// A Room is a community; its first member is the administrator.
type Room struct {
	Name          string
	Members       []int
	Closed, Asks  bool
	Topics, Posts int
}

// Password is everybody's.
const Password = "himitsu2007"

// Key is ENCRYPT_KEY of the site.
const Key = "0123456789abcdef"

// Mail is the address of a member.
func Mail(member int) string { return fmt.Sprintf("m%d@example.jp", member+1) }

// Title is what an entry, an album and so on are called, so that tests find them.
func Title(kind string, n int) string { return fmt.Sprintf("%s%d号", kind, n) }

// Make plans a site of so many members.
func Make(members int, seed uint64) *Plan {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &Plan{Members: members, Friends: make([][]int, members), Blocks: map[[2]int]bool{}, Said: map[[2]int]string{}, Visits: members}
	tied := map[[2]int]bool{}
	for range 3 * members {
		a, b := r.IntN(members), r.IntN(members)
		if a == b || tied[[2]int{a, b}] {
			continue
		}
		tied[[2]int{a, b}], tied[[2]int{b, a}] = true, true
		p.Friends[a], p.Friends[b] = append(p.Friends[a], b), append(p.Friends[b], a)
		if r.IntN(4) == 0 {
			p.Said[[2]int{a, b}] = "いい人です'[i:1]\\n"
		}
	}
	for range members / 10 {
		if a, b := r.IntN(members), r.IntN(members); a != b {
			p.Blocks[[2]int{a, b}] = true
		}
	}
	for m := range members {
		p.Profiles = append(p.Profiles, r.IntN(3))
		for range r.IntN(4) {
			n := len(p.Diaries)
			p.Diaries = append(p.Diaries, Thing{m, r.IntN(3), Title("日記", n), "晴れ[i:1]と[e:44]と[s:74]'\"\\ \r\n二行目 <op:b>太字</op:b>" + fmt.Sprint(n), r.IntN(6) / 5 * (1 + r.IntN(20))})
			for range r.IntN(4) {
				p.Comments = append(p.Comments, Said{n, r.IntN(members), fmt.Sprintf("コメント%d", len(p.Comments))})
			}
		}
		if r.IntN(5) == 0 {
			p.Albums = append(p.Albums, Thing{m, r.IntN(3), Title("アルバム", len(p.Albums)), "説明", 1 + r.IntN(20)})
		}
		if to := r.IntN(members); to != m {
			p.Letters = append(p.Letters, Letter{m, to, fmt.Sprintf("手紙%d", len(p.Letters)), r.IntN(5)})
		}
	}
	for n := range max(members/20, 3) {
		room := Room{Name: Title("コミュ", n), Closed: r.IntN(2) == 0, Asks: r.IntN(2) == 0, Topics: r.IntN(4), Posts: r.IntN(6)}
		in := map[int]bool{}
		for range 1 + r.IntN(30) {
			if m := r.IntN(members); !in[m] {
				in[m] = true
				room.Members = append(room.Members, m)
			}
		}
		p.Rooms = append(p.Rooms, room)
	}
	return p
}

// Picture is one of twenty.
func Picture(n int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for i := range m.Pix {
		m.Pix[i] = byte(i*n + n)
	}
	m.Set(0, 0, color.RGBA{byte(n), 0, 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Sealed is a text as OpenPNE 2 keeps it.
func Sealed(s string) string {
	if s == "" {
		return ""
	}
	c, err := blowfish.NewCipher([]byte(Key))
	if err != nil {
		panic(err)
	}
	b := []byte(s + strings.Repeat("\x00", (8-len(s)%8)%8))
	for i := 0; i < len(b); i += 8 {
		c.Encrypt(b[i:], b[i:])
	}
	return base64.StdEncoding.EncodeToString(b)
}

func sum(s string) string {
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:])
}

// A writer writes tables as mysqldump does.
type writer struct {
	bytes.Buffer
	begins bool
	table  string
}

func (w *writer) open(table string, columns ...string) {
	w.table, w.begins = table, true
	fmt.Fprintf(w, "--\n-- Table structure for table `%s`\n--\n\nDROP TABLE IF EXISTS `%[1]s`;\n/*!40101 SET character_set_client = utf8 */;\nCREATE TABLE `%[1]s` (\n", table)
	for _, c := range columns {
		fmt.Fprintf(w, "  `%s` text NOT NULL COMMENT 'it''s, (one)',\n", c)
	}
	fmt.Fprintf(w, "  PRIMARY KEY (`%s`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8;\nLOCK TABLES `%s` WRITE;\n", columns[0], table)
}

var escape = strings.NewReplacer("\\", "\\\\", "'", "\\'", "\n", "\\n", "\r", "\\r", "\x00", "\\0", "\x1a", "\\Z", "\"", "\\\"")

func (w *writer) row(values ...any) {
	if w.begins {
		fmt.Fprintf(w, "INSERT INTO `%s` VALUES (", w.table)
	} else {
		w.WriteString(",(")
	}
	w.begins = false
	for i, v := range values {
		if i > 0 {
			w.WriteByte(',')
		}
		switch v := v.(type) {
		case nil:
			w.WriteString("NULL")
		case []byte:
			fmt.Fprintf(w, "'%s'", escape.Replace(string(v)))
		case string:
			fmt.Fprintf(w, "'%s'", escape.Replace(v))
		case time.Time:
			fmt.Fprintf(w, "'%s'", v.Format(time.DateTime))
		case bool:
			w.WriteString(map[bool]string{true: "1", false: "0"}[v])
		default:
			fmt.Fprint(w, v)
		}
	}
	w.WriteByte(')')
}

func (w *writer) end() {
	if !w.begins {
		w.WriteString(";\n")
	}
	w.WriteString("UNLOCK TABLES;\n\n")
}

var began = time.Date(2006, 5, 1, 12, 0, 0, 0, time.UTC)

func at(n int) time.Time { return began.Add(time.Duration(n) * 7 * time.Minute) }

func either(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

var seen2 = [...]string{"public", "friend", "private"}

// Dump2 is the site as one of OpenPNE 2.
func (p *Plan) Dump2() []byte {
	w := &writer{}
	w.WriteString("-- MySQL dump 10.9\n/*!40101 SET NAMES utf8 */;\n")
	w.open("c_member", "c_member_id", "nickname", "birth_year", "birth_month", "birth_day", "public_flag_birth_year", "public_flag_birth_month_day", "image_filename", "access_date", "r_date", "public_flag_diary", "is_login_rejected")
	for m := range p.Members {
		w.row(m+1, fmt.Sprintf("会員%d[i:1]", m+1), 1980, 1+m%12, 1+m%28, seen2[m%3], seen2[m/3%3], either(m%10 == 0, fmt.Sprintf("m_%d.png", 1+m%20), ""), at(m+9), at(m), seen2[m%3], m%50 == 49)
	}
	w.end()
	w.open("c_member_secure", "c_member_secure_id", "c_member_id", "hashed_password", "hashed_password_query_answer", "pc_address", "ktai_address", "regist_address", "easy_access_id", "sess_id")
	for m := range p.Members {
		w.row(m+1, m+1, sum(Password), sum("answer"), Sealed(Mail(m)), Sealed(either(m%7 == 0, fmt.Sprintf("k%d@docomo.ne.jp", m+1), "")), Sealed(Mail(m)), "", "")
	}
	w.end()
	w.open("c_profile", "c_profile_id", "name", "caption")
	w.row(1, "hobby", "趣味")
	w.row(2, "sex", "性別")
	w.row(3, "shoe", "靴のサイズ")
	w.row(4, "occupation", "職業")
	w.end()
	w.open("c_profile_option", "c_profile_option_id", "c_profile_id", "value", "sort_order")
	w.row(1, 2, "男性", 1)
	w.row(2, 2, "女性", 2)
	w.end()
	w.open("c_member_profile", "c_member_profile_id", "c_member_id", "c_profile_id", "c_profile_option_id", "value", "public_flag")
	for m := range p.Members {
		w.row(4*m+1, m+1, 1, 0, fmt.Sprintf("散歩%d", m), seen2[p.Profiles[m]])
		w.row(4*m+2, m+1, 2, 1+m%2, "", seen2[p.Profiles[m]])
		w.row(4*m+3, m+1, 3, 0, "26cm", "public")
		w.row(4*m+4, m+1, 4, 0, fmt.Sprintf("仕事%d", m), seen2[p.Profiles[m]])
	}
	w.end()
	w.open("c_friend", "c_friend_id", "c_member_id_from", "c_member_id_to", "r_datetime", "intro", "r_datetime_intro")
	n := 0
	for m, list := range p.Friends {
		for _, f := range list {
			n++
			w.row(n, m+1, f+1, at(n), p.Said[[2]int{m, f}], at(n+1))
		}
	}
	w.row(n+1, 1, p.Members+99, at(n), "", at(n)) // with one who has left
	w.end()
	w.open("c_access_block", "c_access_block_id", "c_member_id", "c_member_id_block", "r_datetime")
	n = 0
	for a := range p.Members {
		for b := range p.Members {
			if p.Blocks[[2]int{a, b}] {
				n++
				w.row(n, a+1, b+1, at(n))
			}
		}
	}
	w.end()
	w.open("c_diary", "c_diary_id", "c_member_id", "subject", "body", "r_datetime", "image_filename_1", "image_filename_2", "image_filename_3", "public_flag", "is_comment_input")
	for i, d := range p.Diaries {
		w.row(i+1, d.Owner+1, d.Title, d.Body, at(i), either(d.Picture > 0, fmt.Sprintf("m_%d.png", d.Picture), ""), "", "", seen2[d.Seen], 1)
	}
	w.end()
	w.open("c_diary_comment", "c_diary_comment_id", "c_diary_id", "c_member_id", "body", "r_datetime", "number", "image_filename_1")
	for i, c := range p.Comments {
		w.row(i+1, c.Diary+1, c.Author+1, c.Body, at(c.Diary+i), i, "")
	}
	w.row(len(p.Comments)+1, 1, p.Members+99, "去った人", at(1), 1, "")
	w.end()
	w.open("c_album", "c_album_id", "c_member_id", "subject", "description", "album_cover_image", "r_datetime", "u_datetime", "public_flag")
	for i, a := range p.Albums {
		w.row(i+1, a.Owner+1, a.Title, a.Body, "", at(i), at(i), seen2[a.Seen])
	}
	w.end()
	w.open("c_album_image", "c_album_image_id", "c_album_id", "c_member_id", "image_filename", "image_description", "r_datetime")
	for i, a := range p.Albums {
		for k := range 2 {
			w.row(2*i+k+1, i+1, a.Owner+1, fmt.Sprintf("m_%d.png", 1+(a.Picture+k)%20), "写真", at(i))
		}
	}
	w.end()
	w.open("c_message", "c_message_id", "c_member_id_to", "c_member_id_from", "r_datetime", "body", "subject", "is_read", "is_deleted_to", "is_deleted_from", "is_send", "hensinmoto_c_message_id", "is_kanzen_sakujo_from", "is_kanzen_sakujo_to")
	for i, l := range p.Letters {
		w.row(i+1, l.To+1, l.From+1, at(i), l.Body, "件名", l.State == 1, l.State == 3, false, l.State != 2, 0, l.State == 4, false)
	}
	w.end()
	w.open("c_ashiato", "c_ashiato_id", "c_member_id_from", "c_member_id_to", "r_datetime", "r_date")
	for i := range p.Visits {
		w.row(i+1, 1+i%p.Members, 1+(i*7+1)%p.Members, at(i), at(i))
	}
	w.end()
	w.open("c_commu_category", "c_commu_category_id", "name")
	w.row(1, "音楽")
	w.end()
	w.open("c_commu", "c_commu_id", "name", "c_member_id_admin", "c_member_id_sub_admin", "info", "c_commu_category_id", "r_datetime", "is_admit", "is_open", "is_topic")
	for i, c := range p.Rooms {
		w.row(i+1, c.Name, c.Members[0]+1, 0, "紹介文", 1, at(i), either(c.Asks, "auth", "public"), either(c.Closed, "member", "public"), "member")
	}
	w.end()
	p.rooms(w, "c_commu_member", []string{"c_commu_member_id", "c_commu_id", "c_member_id", "r_datetime"}, func(id, room, member int) { w.row(id, room, member, at(id)) })
	w.open("c_commu_topic", "c_commu_topic_id", "c_commu_id", "name", "r_datetime", "c_member_id", "open_date", "open_date_comment", "open_pref_comment", "invite_period", "event_flag", "capacity")
	p.topics(func(id, room, place int, c Room) {
		w.row(id, room+1, Title("トピック", id), at(id), c.Members[0]+1, either(place%2 == 1, "2007-05-0"+fmt.Sprint(1+place%9), "0000-00-00"), "", "公園", "0000-00-00", place%2, 0)
	})
	w.end()
	w.open("c_commu_topic_comment", "c_commu_topic_comment_id", "c_commu_id", "c_member_id", "body", "r_datetime", "number", "c_commu_topic_id", "image_filename1")
	n = 0
	p.topics(func(id, room, place int, c Room) {
		for k := range c.Posts + 1 {
			n++
			w.row(n, room+1, c.Members[k%len(c.Members)]+1, either(k == 0, "トピックの本文", fmt.Sprintf("書き込み%d", n)), at(id+k), k, id, "")
		}
	})
	w.end()
	w.open("c_event_member", "c_event_member_id", "c_commu_topic_id", "c_member_id", "is_admin", "r_datetime")
	n = 0
	p.topics(func(id, room, place int, c Room) {
		if place%2 == 1 {
			n++
			w.row(n, id, c.Members[0]+1, 1, at(id))
		}
	})
	w.end()
	w.open("c_image", "c_image_id", "filename", "bin", "r_datetime", "type")
	for i := range 20 {
		w.row(i+1, fmt.Sprintf("m_%d.png", i+1), Picture(i+1), at(i), "png")
	}
	w.end()
	return w.Bytes()
}

// rooms writes who is in which community.
func (p *Plan) rooms(w *writer, table string, columns []string, row func(id, room, member int)) {
	w.open(table, columns...)
	id := 0
	for i, c := range p.Rooms {
		for _, m := range c.Members {
			id++
			row(id, i+1, m+1)
		}
	}
	w.end()
}

// topics goes over topics and events: every second of a community is an event.
func (p *Plan) topics(each func(id, room, place int, c Room)) {
	id := 0
	for i, c := range p.Rooms {
		for place := range c.Topics {
			id++
			each(id, i, place, c)
		}
	}
}

// Dump3 is the site as one of OpenPNE 3.
func (p *Plan) Dump3() []byte {
	w := &writer{}
	w.WriteString("-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\n")
	w.open("album", "id", "member_id", "title", "body", "public_flag", "file_id", "created_at", "updated_at")
	for i, a := range p.Albums {
		w.row(i+1, a.Owner+1, a.Title, a.Body, a.Seen+1, nil, at(i), at(i))
	}
	w.end()
	w.open("album_image", "id", "album_id", "member_id", "file_id", "description", "filesize", "created_at", "updated_at")
	for i, a := range p.Albums {
		for k := range 2 {
			w.row(2*i+k+1, i+1, a.Owner+1, 1+(a.Picture+k)%20, "写真", 1, at(i), at(i))
		}
	}
	w.end()
	w.open("ashiato", "id", "member_id_from", "member_id_to", "r_date", "created_at", "updated_at")
	for i := range p.Visits {
		w.row(i+1, 1+i%p.Members, 1+(i*7+1)%p.Members, at(i), at(i), at(i))
	}
	w.end()
	w.open("community", "id", "name", "file_id", "community_category_id", "created_at", "updated_at")
	for i, c := range p.Rooms {
		w.row(i+1, c.Name, nil, 2, at(i), at(i))
	}
	w.end()
	w.open("community_category", "id", "name", "is_allow_member_community")
	w.row(2, "音楽", 1)
	w.end()
	w.open("community_config", "id", "community_id", "name", "value", "created_at", "updated_at")
	for i, c := range p.Rooms {
		w.row(3*i+1, i+1, "description", "紹介文", at(i), at(i))
		w.row(3*i+2, i+1, "register_policy", either(c.Asks, "close", "open"), at(i), at(i))
		w.row(3*i+3, i+1, "public_flag", either(c.Closed, "auth_commu_member", "public"), at(i), at(i))
	}
	w.end()
	thread := func(table string, event int) {
		columns := []string{"id", "community_id", "member_id", "name", "body", table[len("community_"):] + "_updated_at", "created_at", "updated_at"}
		if event == 1 {
			columns = append(columns, "open_date", "open_date_comment", "area", "application_deadline", "capacity")
		}
		w.open(table, columns...)
		p.topics(func(id, room, place int, c Room) {
			switch values := []any{id, room + 1, c.Members[0] + 1, Title("トピック", id), "トピックの本文", at(id), at(id), at(id)}; {
			case place%2 != event:
			case event == 1:
				w.row(append(values, "2007-05-0"+fmt.Sprint(1+place%9)+" 00:00:00", "", "公園", nil, nil)...)
			default:
				w.row(values...)
			}
		})
		w.end()
		w.open(table+"_comment", "id", table+"_id", "member_id", "number", "body", "created_at", "updated_at")
		n := 0
		p.topics(func(id, room, place int, c Room) {
			for k := 1; k <= c.Posts; k++ {
				n++
				if place%2 == event {
					w.row(n, id, c.Members[k%len(c.Members)]+1, k, fmt.Sprintf("書き込み%d", n), at(id+k), at(id+k))
				}
			}
		})
		w.end()
	}
	thread("community_event", 1)
	w.open("community_event_member", "id", "community_event_id", "member_id", "created_at", "updated_at")
	p.topics(func(id, room, place int, c Room) {
		if place%2 == 1 {
			w.row(id, id, c.Members[0]+1, at(id), at(id))
		}
	})
	w.end()
	p.rooms(w, "community_member", []string{"id", "community_id", "member_id", "is_pre", "created_at", "updated_at"}, func(id, room, member int) { w.row(id, room, member, 0, at(id), at(id)) })
	w.open("community_member_position", "id", "community_id", "member_id", "community_member_id", "name", "created_at", "updated_at")
	for i, c := range p.Rooms {
		w.row(i+1, i+1, c.Members[0]+1, 1, "admin", at(i), at(i))
	}
	w.end()
	thread("community_topic", 0)
	w.open("diary", "id", "member_id", "title", "body", "public_flag", "is_open", "has_images", "created_at", "updated_at")
	for i, d := range p.Diaries {
		w.row(i+1, d.Owner+1, d.Title, d.Body, d.Seen+1, 0, d.Picture > 0, at(i), at(i))
	}
	w.end()
	w.open("diary_comment", "id", "diary_id", "member_id", "number", "body", "has_images", "created_at", "updated_at")
	for i, c := range p.Comments {
		w.row(i+1, c.Diary+1, c.Author+1, i, c.Body, 0, at(c.Diary+i), at(c.Diary+i))
	}
	w.row(len(p.Comments)+1, 1, p.Members+99, 1, "去った人", 0, at(1), at(1))
	w.end()
	w.open("diary_image", "id", "diary_id", "file_id", "number")
	for i, d := range p.Diaries {
		if d.Picture > 0 {
			w.row(i+1, i+1, d.Picture, 1)
		}
	}
	w.end()
	w.open("file_bin", "file_id", "bin", "created_at", "updated_at")
	for i := range 20 {
		w.row(i+1, Picture(i+1), at(i), at(i))
	}
	w.end()
	w.open("intro_friend", "id", "member_id_to", "member_id_from", "content", "created_at", "updated_at")
	n := 0
	for m, list := range p.Friends {
		for _, f := range list {
			if s := p.Said[[2]int{m, f}]; s != "" {
				n++
				w.row(n, f+1, m+1, s, at(n), at(n))
			}
		}
	}
	w.end()
	w.open("member", "id", "name", "invite_member_id", "is_login_rejected", "created_at", "updated_at", "is_active")
	for m := range p.Members {
		w.row(m+1, fmt.Sprintf("会員%d[i:1]", m+1), nil, m%50 == 49, at(m), at(m+9), 1)
	}
	w.end()
	w.open("member_config", "id", "member_id", "name", "value", "value_datetime", "name_value_hash", "created_at", "updated_at")
	for m := range p.Members {
		w.row(5*m+1, m+1, "pc_address", Mail(m), nil, "", at(m), at(m))
		w.row(5*m+2, m+1, "password", sum(Password), nil, "", at(m), at(m))
		w.row(5*m+3, m+1, "age_public_flag", 1+m%3, nil, "", at(m), at(m))
		if m%7 == 0 {
			w.row(5*m+4, m+1, "mobile_address", fmt.Sprintf("k%d@docomo.ne.jp", m+1), nil, "", at(m), at(m))
		}
	}
	w.end()
	w.open("member_image", "id", "member_id", "file_id", "is_primary", "created_at", "updated_at")
	for m := 0; m < p.Members; m += 10 {
		w.row(m+1, m+1, 1+m%20, 1, at(m), at(m))
	}
	w.end()
	w.open("member_profile", "id", "member_id", "profile_id", "profile_option_id", "value", "value_datetime", "public_flag", "lft")
	for m := range p.Members {
		w.row(5*m+1, m+1, 1, nil, fmt.Sprintf("散歩%d", m), nil, p.Profiles[m]+1, 1)
		w.row(5*m+2, m+1, 2, nil, either(m%2 == 0, "Man", "Woman"), nil, p.Profiles[m]+1, 1)
		w.row(5*m+3, m+1, 3, nil, "26cm", nil, 1, 1)
		w.row(5*m+4, m+1, 4, nil, fmt.Sprintf("仕事%d", m), nil, p.Profiles[m]+1, 1)
		w.row(5*m+5, m+1, 5, nil, "", fmt.Sprintf("1980-%02d-%02d 00:00:00", 1+m%12, 1+m%28), m/3%3+1, 1)
	}
	w.end()
	w.open("member_relationship", "id", "member_id_to", "member_id_from", "is_friend", "is_friend_pre", "is_access_block", "created_at", "updated_at")
	n = 0
	rows := map[[2]int]bool{}
	for m, list := range p.Friends {
		for _, f := range list {
			n++
			rows[[2]int{m, f}] = true
			w.row(n, f+1, m+1, 1, 0, p.Blocks[[2]int{m, f}], at(n), at(n))
		}
	}
	for a := range p.Members {
		for b := range p.Members {
			if k := [2]int{a, b}; p.Blocks[k] && !rows[k] {
				n++
				w.row(n, b+1, a+1, 0, 0, 1, at(n), at(n))
			}
		}
	}
	w.end()
	w.open("message", "id", "member_id", "subject", "body", "is_deleted", "is_send", "return_message_id", "message_type_id", "created_at", "updated_at")
	for i, l := range p.Letters {
		w.row(i+1, l.From+1, "件名", l.Body, 0, l.State != 2, 0, 1, at(i), at(i))
	}
	w.end()
	w.open("message_send_list", "id", "member_id", "message_id", "is_read", "is_deleted", "created_at", "updated_at")
	for i, l := range p.Letters {
		w.row(i+1, l.To+1, i+1, l.State == 1, l.State == 3, at(i), at(i))
	}
	w.end()
	w.open("deleted_message", "id", "member_id", "message_id", "message_send_list_id", "is_deleted", "created_at", "updated_at")
	for i, l := range p.Letters {
		if l.State == 4 {
			w.row(i+1, l.From+1, i+1, 0, 1, at(i), at(i))
		}
	}
	w.end()
	w.open("message_type", "id", "type_name")
	w.row(1, "message")
	w.end()
	w.open("profile", "id", "name")
	for i, name := range []string{"op_preset_hobby", "op_preset_sex", "shoe", "op_preset_occupation", "op_preset_birthday"} {
		w.row(i+1, name)
	}
	w.end()
	return w.Bytes()
}
