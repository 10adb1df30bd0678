package openpne

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/letters"
	"musubi/core/people"
)

// unsaid: the row says nothing of who sees it.
const unsaid core.Visibility = 255

// join puts rows that stood in tables of their own where they belong.
func (r *reader) join() {
	r.joinMembers()
	r.joinProfiles()
	for _, i := range r.intros {
		if t, there := r.ties[i.pair]; there {
			t.said, t.saidAt = i.said, i.at
			r.ties[i.pair] = t
		}
	}
	for id, in := range r.inCategory {
		if d := r.diaries[id]; d != nil {
			d.category = in
		}
	}
	slices.SortStableFunc(r.pictures2, func(a, b pictureOf) int { return cmp.Compare(a.number, b.number) })
	for _, p := range r.pictures2 {
		if d := r.diaries[p.diary]; d != nil {
			d.pictures = append(d.pictures, fileName(p.file))
		}
	}
	for _, c := range r.said {
		if d := r.diaries[c.diary]; d != nil {
			d.comments = append(d.comments, c.comment)
		}
	}
	for id, photos := range r.inAlbum {
		if a := r.albums[id]; a != nil {
			a.photos = photos
		}
	}
	r.joinMessages()
	r.joinCommunities()
}

func (r *reader) joinMembers() {
	if sealed := r.left["mail addresses that do not open"]; sealed > 0 && !slices.ContainsFunc(inOrder(r.configs), func(c map[string]string) bool { return c["pc_address"] != "" || c["ktai_address"] != "" }) {
		r.problem = errKey
		return
	}
	for _, m := range inOrder(r.members) {
		c := r.configs[m.id]
		for _, name := range []string{"pc_address", "ktai_address", "mobile_address"} {
			if mail := c[name]; mail != "" && !slices.Contains(m.mails, mail) {
				m.mails = append(m.mails, mail)
			}
		}
		if m.md5 = strings.ToLower(c["password"]); !isMD5(m.md5) {
			m.md5 = ""
			r.leave("passwords that are no md5 sums: to be asked for anew", 1)
		}
		if r.Version == 3 {
			m.ageSeen = seen3(c["age_public_flag"])
			if flag := c["diary_public_flag"]; flag != "" {
				m.visibility = seen3(flag)
			}
		}
		if m.name == "" {
			m.name = "会員" + strconv.FormatInt(m.id, 10)
		}
	}
	for id, c := range r.categories {
		if m := r.members[c.member]; m != nil && c.name != "" {
			m.categories = append(m.categories, id)
		}
	}
	for _, m := range r.members {
		slices.Sort(m.categories)
	}
}

func isMD5(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

// joinProfiles puts what members say of themselves into the fields that we have.
func (r *reader) joinProfiles() {
	type place struct {
		member int64
		key    string
	}
	texts, seen := map[place][]string{}, map[place]core.Visibility{}
	for _, v := range r.values {
		text := v.text
		if v.option != 0 && r.options[v.option] != "" {
			text = r.options[v.option]
		}
		key := r.fields[v.field].ours()
		at := place{v.member, key}
		if v.visibility != unsaid && key != "" {
			seen[at] = max(seen[at], v.visibility+1) // 0 is nothing said
		}
		switch {
		case text == "":
		case key == "":
			r.leave("fields of profiles that there are none of here", 1)
		default:
			texts[at] = append(texts[at], ourWord(key, text))
		}
	}
	for _, m := range inOrder(r.members) {
		if m.year != 0 && m.mon != 0 && m.day != 0 { // OpenPNE 2
			at := place{m.id, people.BirthdayField}
			texts[at] = []string{fmt.Sprintf("%04d-%02d-%02d", m.year, m.mon, m.day)}
			seen[at] = max(m.ageSeen, m.born) + 1
		}
		for _, f := range people.ProfileFields {
			at := place{m.id, f.Key}
			if len(texts[at]) == 0 {
				continue
			}
			v := core.ProfileValue{Key: f.Key, Value: strings.Join(texts[at], "、"), Visibility: core.Private}
			if s := seen[at]; s > 0 {
				v.Visibility = s - 1
			}
			if f.Key == people.BirthdayField && r.Version == 3 {
				v.Visibility = max(v.Visibility, m.ageSeen)
			}
			if f.Fixed && v.Visibility != core.Everyone {
				r.leave("fields of profiles that everybody sees here and not there", 1)
				continue
			}
			if f.Limit() < len([]rune(v.Value)) {
				v.Value = r.cut(v.Value, f.Limit())
			}
			one, c := []core.ProfileValue{v}, core.Check{}
			if one = people.CleanProfile(&c, one); c.Err() != nil || one[0].Value == "" {
				r.leave("fields of profiles with what cannot be chosen here", 1)
				continue
			}
			m.profile = append(m.profile, one...)
		}
		slices.SortFunc(m.profile, func(a, b core.ProfileValue) int { return cmp.Compare(a.Key, b.Key) })
	}
}

// ourWord is how we call what was chosen there.
func ourWord(key, text string) string {
	switch key {
	case "sex":
		switch text {
		case "Man", "男", "男性":
			return "male"
		case "Woman", "女", "女性":
			return "female"
		}
	case people.PrefectureField:
		for _, p := range core.Prefectures { // 東京 for 東京都; OpenPNE 3 names them in English
			if text != "" && strings.HasPrefix(p.Japanese, text) {
				return p.Key
			}
		}
	case "blood":
		if !strings.HasSuffix(text, "型") {
			return text + "型"
		}
	}
	return text
}

// joinMessages makes a message for each who got one of OpenPNE 3.
func (r *reader) joinMessages() {
	for _, to := range r.received {
		m, there := r.sent[to.message]
		if !there {
			continue
		}
		if kind := r.types[m.kind]; kind != "" && kind != "message" {
			r.leave("messages of the site itself", 1)
			continue
		}
		m.id, m.to, m.read = to.id, to.to, to.read
		m.hasSent = !r.thrown[pair{m.from, to.message}]
		m.hasInbox = m.sent != letters.Drafts && !r.thrown[pair{to.to, -to.id}]
		if to.deleted {
			m.inbox = letters.Trash
		}
		m.answers = 0 // of which copy, nobody knows
		r.messages = append(r.messages, m)
	}
}

// joinCommunities puts together what communities are.
func (r *reader) joinCommunities() {
	for _, c := range r.communities {
		category, _ := strconv.ParseInt(c.category, 10, 64)
		c.category, c.in = r.kinds[category], map[int64]time.Time{}
		if r.Version == 3 {
			set := r.configs[-c.id]
			c.info, c.approval, c.closed, c.few = set["description"], set["register_policy"] != "open", set["public_flag"] != "public" && set["public_flag"] != "open", set["topic_authority"] == "admin_only"
		}
	}
	for _, p := range r.positions {
		if c := r.communities[p.community]; c != nil && p.name == "admin" {
			c.admin = p.member
		} else if c != nil && p.name == "sub_admin" {
			c.subs[p.member] = true
		}
	}
	for _, m := range r.joined {
		if c := r.communities[m.community]; c != nil {
			c.in[m.member] = m.at
		}
	}
	put := func(threads map[int64]*thread, said map[int64][]comment) {
		for _, t := range inOrder(threads) {
			c := r.communities[t.community]
			if c == nil {
				r.leave("topics of no community", 1)
				continue
			}
			t.comments = said[t.id]
			slices.SortStableFunc(t.comments, func(a, b comment) int { return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id)) })
			if r.Version == 2 && len(t.comments) > 0 && t.comments[0].number == 0 { // number 0 is the text
				t.body, t.comments = t.comments[0].body, t.comments[1:]
			}
			if t.event {
				t.seats = r.seats[t.id]
			}
			c.threads = append(c.threads, t)
		}
	}
	put(r.threads, r.inThread)
	put(r.events, r.inEvent)
}

// prune takes out what would hang in the air here, and counts it.
func (r *reader) prune() {
	mails := map[string]int64{}
	for _, m := range inOrder(r.members) {
		m.mails = slices.DeleteFunc(m.mails, func(mail string) bool {
			if mails[mail] != 0 {
				r.leave("mail addresses that two members have: the second's", 1)
				return true
			}
			mails[mail] = m.id
			return false
		})
		if len(m.mails) == 0 {
			r.leave("members without a mail address, by which one logs in here", 1)
			delete(r.members, m.id)
			continue
		}
		m.picture = r.shown(m.picture)
	}
	here := func(id int64) bool { return r.members[id] != nil }
	var loose []pair // taken out together: a tie is looked at from both sides
	for p := range r.ties {
		if !here(p[0]) || !here(p[1]) || !r.mutual(p) {
			loose = append(loose, p)
		}
	}
	for _, p := range loose {
		if here(p[0]) && here(p[1]) {
			r.leave("ties that stand on one side alone", 1)
		}
		delete(r.ties, p)
	}
	for p := range r.blocks {
		if !here(p[0]) || !here(p[1]) || p[0] == p[1] {
			delete(r.blocks, p)
		}
	}
	for id, d := range r.diaries {
		if !here(d.member) {
			r.leave("entries of those who have left", 1)
			delete(r.diaries, id)
			continue
		}
		if c, there := r.categories[d.category]; !there || c.member != d.member {
			d.category = 0
		}
		d.pictures = slices.DeleteFunc(d.pictures, func(p string) bool { return r.shown(p) == "" })
		d.comments = slices.DeleteFunc(d.comments, func(c comment) bool { return r.gone(here, c.member, c.body == "", "comments of those who have left") })
		slices.SortStableFunc(d.comments, func(a, b comment) int { return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id)) })
	}
	for id, a := range r.albums {
		if !here(a.member) {
			r.leave("albums of those who have left", 1)
			delete(r.albums, id)
			continue
		}
		a.photos = slices.DeleteFunc(a.photos, func(p photo) bool { return r.shown(p.picture) == "" })
		slices.SortFunc(a.photos, func(x, y photo) int { return cmp.Compare(x.id, y.id) })
	}
	r.messages = slices.DeleteFunc(r.messages, func(m message) bool {
		return r.gone(here, m.from, !here(m.to), "messages with those who have left")
	})
	for p := range r.visits {
		if !here(p[0]) || !here(p[1]) || p[0] == p[1] {
			delete(r.visits, p)
		}
	}
	r.pruneCommunities(here)
}

// gone says whether a thing stays behind because its author has left, or something else of it is not there.
func (r *reader) gone(here func(int64) bool, author int64, lacks bool, why string) bool {
	if here(author) && !lacks {
		return false
	}
	r.leave(why, 1)
	return true
}

// shown is the name of a picture, or "" when the dumps do not have it.
func (r *reader) shown(name string) string {
	if name != "" && !r.Site.pictures[name] {
		r.leave("photos that are not in the dumps", 1)
		return ""
	}
	return name
}

func (r *reader) pruneCommunities(here func(int64) bool) {
	for id, c := range r.communities {
		for m := range c.in {
			if !here(m) {
				delete(c.in, m)
			}
		}
		if _, in := c.in[c.admin]; !in { // it goes to who is longest in
			c.admin = 0
			for m, at := range c.in {
				if best := c.in[c.admin]; c.admin == 0 || at.Before(best) || at.Equal(best) && m < c.admin {
					c.admin = m
				}
			}
		}
		if c.admin == 0 {
			r.leave("communities that nobody is in", 1)
			delete(r.communities, id)
			continue
		}
		for _, t := range c.threads {
			if !here(t.member) {
				t.member, t.body = 0, ""
			}
			t.comments = slices.DeleteFunc(t.comments, func(m comment) bool {
				return r.gone(here, m.member, m.body == "", "posts of those who have left")
			})
			t.seats = slices.DeleteFunc(t.seats, func(s seat) bool { _, in := c.in[s.member]; return !in })
			if t.event && t.day == 0 {
				t.event, t.seats = false, nil
				r.leave("dates of events without a day: they are topics", 1)
			}
		}
	}
}
