package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// screens are the four kinds of client that every story of the service is told on.
var screens = []struct {
	name, ua string
	cookies  bool
	encode   func(string) string // what its forms send, and its pages are made of
}{
	{"docomo", uaDoCoMo, false, sjis},
	{"au", uaAu, true, sjis},
	{"softbank", uaSoftBank, true, func(s string) string { return s }},
	{"pc", uaPC, true, func(s string) string { return s }},
}

// TestPeopleOnFourScreens tells the story of a new member on each screen, through the gateway: invited by a friend,
// registered by the link of the letter, introduced to others, writing, changing and deleting, and gone from a friend's
// list again.
func TestPeopleOnFourScreens(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	for i, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			host := newPhone(t, d.URL, s.ua, s.cookies)
			address := "guest-" + s.name + "@example.jp"
			invite(t, host, d, s.encode, address)

			guest := newPhone(t, d.URL, screens[(i+1)%len(screens)].ua, screens[(i+1)%len(screens)].cookies)
			e := screens[(i+1)%len(screens)].encode
			name := "新人" + s.name
			register(t, guest, e, letterLink(t, d, address), name).must(200, e(name))
			entryLife(t, guest, e)
			befriend(t, d, guest, e, s.name)
			correspond(t, d, guest, e, s.name)
			editProfile(t, guest, e)
		})
	}
}

// invite sends an invitation from the main menu: address, the question, the letter.
func invite(t *testing.T, p *phone, d *demo, e func(string) string, address string) {
	t.Helper()
	page := p.logIn(d.Members[0].Mail, d.Members[0].Password).follow(e("友人を招待")).must(200, e("招待"))
	bad := page.submit(page.form("textarea"), map[string]string{"address": "no address", "+confirm": "1"}).must(200)
	if !strings.Contains(string(bad.raw), "no address") {
		t.Error("what was typed is not on the form any more")
	}
	asked := bad.submit(bad.form("textarea"), map[string]string{"address": address, "textarea": e("おいで"), "+confirm": "1"}).must(200, address)
	form := asked.formWith("known")
	refused := asked.submit(form, map[string]string{"+send": "1"}).must(200, address)
	form = refused.formWith("known")
	form.fields = append(form.fields, &field{"checkbox", "known", "1"}) // yes, I know this person
	refused.submit(form, map[string]string{"+send": "1"}).must(200, address)
}

// letterLink finds the one-time link of the newest letter to an address in the demo's outbox.
func letterLink(t *testing.T, d *demo, address string) string {
	t.Helper()
	outbox := string(newPhone(t, d.Admin, uaPC, true).get("/outbox").must(200, address).raw)
	_, after, _ := strings.Cut(outbox, address)
	link := regexp.MustCompile(regexp.QuoteMeta(d.URL) + `/register\?[^\s<"]+`).FindString(html.UnescapeString(after))
	if link == "" {
		t.Fatalf("no link in the letter to %s:\n%s", address, after)
	}
	return strings.TrimPrefix(link, d.URL)
}

// register fills the form of an invitation and ends on the new member's home.
func register(t *testing.T, p *phone, e func(string) string, link, name string) *screen {
	t.Helper()
	page := p.get(link).must(200)
	answers := map[string]string{"name": e(name), "password": "short", "realname": e("新人 花子"), "sex": e("女性"),
		"prefecture": e("京都府"), "birthday": "19800229", "intro": e("はじめまして"), "+confirm": "1"}
	short := page.submit(page.form("password"), answers).must(200, e(name), e("はじめまして"))
	answers["password"] = "long-enough-word-1"
	preview := short.submit(short.form("password"), answers).must(200, e(name), e("はじめまして"))
	if preview.formMaybe("password") != nil {
		t.Fatalf("the form of a registration was not taken:\n%s", preview.raw)
	}
	home := preview.submit(preview.formWith("t"), map[string]string{"+send": "1"}).must(200, e("友人の最新日記"))
	if again := newPhone(t, p.base.String(), uaPC, true).get(link); strings.Contains(again.url.Path, "register") && again.formMaybe("password") != nil {
		t.Error("the link of an invitation worked twice")
	}
	return home
}

// entryLife writes an entry, changes it, comments on it, deletes the comment and then the entry.
func entryLife(t *testing.T, p *phone, e func(string) string) {
	t.Helper()
	form := p.get(p.ownLink("/diary/write")).must(200)
	preview := form.submit(form.form("textarea"), map[string]string{"title": e("はじめて"), "textarea": e("よろしく"), "+confirm": "1"}).must(200, e("よろしく"))
	entry := preview.submit(preview.formWith("title"), map[string]string{"+send": "1"}).must(200, e("はじめて"), e("よろしく"))
	edit := entry.follow(e("日記を編集する")).must(200, e("よろしく"))
	preview = edit.submit(edit.form("textarea"), map[string]string{"title": e("二度目"), "textarea": e("直しました"), "+confirm": "1"}).must(200)
	entry = preview.submit(preview.formWith("title"), map[string]string{"+send": "1"}).must(200, e("二度目"), e("直しました"))
	entry = entry.submit(entry.form("textarea"), map[string]string{"textarea": e("自分で一言"), "+send": ""}).must(200, e("自分で一言"))
	sure := entry.followTo("/diary/comment/delete").must(200, e("本当に削除しますか"))
	entry = sure.submit(sure.formWith("diary"), map[string]string{"+sure": "1"}).must(200)
	if strings.Contains(string(entry.raw), e("自分で一言")) {
		t.Error("a deleted comment is still there")
	}
	ask := entry.follow(e("日記を削除する")).must(200, e("二度目"))
	list := ask.submit(ask.formWith("id"), map[string]string{"+delete": "1"}).must(200)
	if strings.Contains(string(list.raw), e("二度目")) {
		t.Error("a deleted entry is still listed")
	}
}

// befriend asks a member of the demo, who accepts on a PC, and endorses them.
func befriend(t *testing.T, d *demo, guest *phone, e func(string) string, name string) {
	t.Helper()
	other := newPhone(t, d.URL, uaPC, true)
	profile := other.logIn(d.Members[1].Mail, d.Members[1].Password).follow("プロフィール").must(200)
	id := regexp.MustCompile(`/friends\?id=(\d+)`).FindStringSubmatch(string(profile.raw))
	if id == nil {
		t.Fatalf("no ID on the profile:\n%s", profile.raw)
	}
	page := guest.get(guest.ownLink("/member?id=" + id[1])).must(200).follow(e("友人に申請する")).must(200)
	page.submit(page.form("textarea"), map[string]string{"textarea": e("なかよくしてください"), "+send": "1"}).must(200, e("なかよくしてください"))
	asked := other.get("/friend/requests").must(200, "なかよくしてください")
	asked.submit(asked.formWith("id"), map[string]string{"+accept": "1"}).must(200)
	write := guest.get(guest.ownLink("/member?id=" + id[1])).must(200).follow(e("紹介文を書く")).must(200)
	preview := write.submit(write.form("textarea"), map[string]string{"relationship": e("友だち"), "textarea": e("頼れる人です " + name), "+confirm": "1"}).must(200, e("頼れる人です "+name))
	preview.submit(preview.formWith("relationship"), map[string]string{"+send": "1"}).must(200, e("頼れる人です "+name))
	other.get("/endorsements").must(200, "頼れる人です "+name)
}

// correspond sends a message to a member of the demo, who answers on a PC, reads the answer, answers it, looks for it, and
// keeps, goes on with and throws away a draft.
func correspond(t *testing.T, d *demo, guest *phone, e func(string) string, name string) {
	t.Helper()
	other := newPhone(t, d.URL, uaPC, true)
	other.logIn(d.Members[1].Mail, d.Members[1].Password)
	profile := "/member?id=" + ownID(t, other)
	form := guest.get(guest.ownLink(profile)).must(200).follow(e("メッセージを送る")).must(200)
	bad := form.submit(form.form("textarea"), map[string]string{"textarea": e("消えない"), "+confirm": "1"}).must(200, e("消えない"))
	preview := bad.submit(bad.form("textarea"), map[string]string{"subject": e("手紙 ") + name, "textarea": e("会えますか"), "+confirm": "1"}).must(200, e("会えますか"))
	preview.submit(preview.formWith("subject"), map[string]string{"+send": "1"}).must(200, e("手紙 ")+name)

	home := other.get("/home").must(200, "新しいメッセージが1件あります")
	got := home.follow("新しいメッセージ").must(200, "未読", "手紙 "+name).follow("手紙 "+name).must(200, "会えますか")
	answer := got.follow("返信する").must(200, "会えますか")
	preview = answer.submit(answer.form("textarea"), map[string]string{"textarea": "日曜なら", "+confirm": "1"}).must(200, "Re: 手紙 "+name)
	preview.submit(preview.formWith("subject"), map[string]string{"+send": "1"}).must(200)

	home = guest.get(guest.ownLink("/home")).must(200, e("新しいメッセージが1件あります"))
	got = home.follow(e("メッセージ")).must(200, e("未読")).follow(e("手紙 ")+name).must(200, e("日曜なら"))
	answer = got.follow(e("返信する")).must(200, e("日曜なら"))
	drafts := answer.submit(answer.form("textarea"), map[string]string{"textarea": e("では日曜に"), "+save": "1"}).must(200, e("手紙 ")+name)
	form = drafts.follow(e("手紙 ")+name).must(200, e("では日曜に")).follow(e("続きを書く")).must(200, e("では日曜に"))
	preview = form.submit(form.form("textarea"), map[string]string{"+confirm": "1"}).must(200, e("では日曜に"))
	preview.submit(preview.formWith("subject"), map[string]string{"+send": "1"}).must(200, e("手紙 ")+name)
	inbox := guest.get(guest.ownLink("/messages")).must(200, e("返信済み"))
	search := inbox.follow(e("メッセージを検索")).must(200)
	found := search.submit(search.formTo("/message/search"), map[string]string{"q": e("ニチヨウ 日曜に")}).must(200)
	if strings.Contains(string(found.raw), e("手紙 ")+name) {
		t.Error("a word that stands nowhere was found")
	}
	found = found.submit(found.formTo("/message/search"), map[string]string{"q": e("日曜ナラ")}).must(200, e("手紙 ")+name)
	trash := found.follow(e("手紙 ") + name).must(200)
	trash.submit(trash.formWith("id"), map[string]string{"+trash": "1"}).must(200, e("受信箱"))
	got = guest.get(guest.ownLink("/messages?folder=trash")).must(200).follow(e("手紙 ")+name).must(200, e("日曜なら"))
	got.submit(got.formWith("id"), map[string]string{"+restore": "1"}).must(200, e("手紙 ")+name)
	other.get("/messages").must(200, "手紙 "+name).follow("手紙 "+name).must(200, "では日曜に")
}

// editProfile changes the self-introduction.
func editProfile(t *testing.T, p *phone, e func(string) string) {
	t.Helper()
	page := p.get(p.ownLink("/settings/profile")).must(200)
	page.submit(page.form("textarea"), map[string]string{"intro": e("書き直した自己紹介"), "+send": "1"}).must(200)
	p.get(p.ownLink("/member")).must(200, e("書き直した自己紹介"))
	choose := p.get(p.ownLink("/settings/visibility")).must(200, e("プロフィールの公開範囲"))
	choose.submit(choose.formWith("realname-v"), map[string]string{"realname-v": "3", "+send": "1"}).must(200)
}

// ownLink puts the session of a handset without cookies on a path, as every link of its pages has it.
func (p *phone) ownLink(path string) string {
	if p.session == "" {
		return path
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "_s=" + url.QueryEscape(p.session)
}

// formTo is the first form that is sent to a path.
func (s *screen) formTo(path string) *webForm {
	s.phone.t.Helper()
	for _, f := range s.forms {
		if strings.HasPrefix(f.action, path) {
			return f
		}
	}
	s.phone.t.Fatalf("no form to %s on %s (%d):\n%s", path, s.url, s.status, s.raw)
	return nil
}

// formWith finds the form that has a field of the name.
func (s *screen) formWith(name string) *webForm {
	s.phone.t.Helper()
	for _, f := range s.forms {
		for _, fl := range f.fields {
			if fl.name == name || fl.kind == "checkbox" && fl.value == "1" && name == "known" {
				return f
			}
		}
	}
	s.phone.t.Fatalf("no form with a field %s on %s (%d):\n%s", name, s.url, s.status, s.raw)
	return nil
}

// formMaybe finds the form that has a field of the kind, or nil.
func (s *screen) formMaybe(kind string) *webForm {
	for _, f := range s.forms {
		for _, fl := range f.fields {
			if fl.kind == kind {
				return f
			}
		}
	}
	return nil
}

// TestEasyLogin: a member turns easy login on from the handset after the password; then one key opens, for exactly that
// ID on that handset and for nobody else.
func TestEasyLogin(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	const id = "AbCdEfG"
	docomo := func(id string) *phone {
		p := newPhone(t, d.URL, uaDoCoMo, false)
		p.gateway = map[string]string{"X-DCMGUID": id}
		return p
	}
	p := docomo(id)
	home := p.logIn(d.Members[0].Mail, d.Members[0].Password)
	page := home.follow(sjis("設定")).must(200).follow(sjis("かんたんログイン設定")).must(200)
	if strings.Count(string(home.raw), "guid=") != 0 {
		t.Error("home asks for the ID")
	}
	wrong := page.submit(page.form("password"), map[string]string{"password": "not the password", "+enrol": "1"})
	wrong.submit(wrong.form("password"), map[string]string{"password": d.Members[0].Password, "+enrol": "1"}).must(200)

	open := func(p *phone) *screen {
		login := p.get("/").must(200, sjis("かんたんログイン"))
		if n := strings.Count(strings.ToLower(string(login.raw)), "guid=on"); n != 1 {
			t.Errorf("guid=ON stands on %d links of the login page, want 1", n)
		}
		return login.follow(sjis("かんたんログイン"))
	}
	open(docomo(id)).must(200, sjis("友人の最新日記"))
	for _, other := range []string{"", "abcdefg", "ABCDEFG", "AbCdEf", "AbCdEfGh", "AbCdEfH", "NULLGWDOCOMO", "0000000"} {
		if s := open(docomo(other)); strings.Contains(string(s.raw), sjis("友人の最新日記")) {
			t.Errorf("ID %q got in", other)
		}
	}
	for name, forged := range map[string]map[string]string{
		"au with the docomo field":       {"X-DCMGUID": id},
		"au with the ID in its field":    {"X-UP-SUBNO": id},
		"au with the look-alike field":   {"X_DCMGUID": id},
		"softbank field with the ID":     {"X-JPHONE-UID": id},
		"docomo field and forwarded for": {"X-DCMGUID": id, "X-Forwarded-For": "210.153.84.1"},
	} {
		a := newPhone(t, d.URL, uaAu, true)
		for k, v := range forged {
			a.header.Set(k, v)
		}
		if s := a.get("/").must(200).follow(sjis("かんたんログイン")); strings.Contains(string(s.raw), sjis("友人の最新日記")) {
			t.Errorf("%s got in", name)
		}
	}
	twice := docomo("")
	twice.gateway = nil
	twice.header["X-Dcmguid"] = []string{id, id}
	if s := open(twice); strings.Contains(string(s.raw), sjis("友人の最新日記")) {
		t.Error("an ID that came twice got in")
	}
	if s := newPhone(t, d.URL, uaPC, true).do(http.MethodGet, p.base, "/easy?guid=ON", "", nil); strings.Contains(string(s.raw), "友人の最新日記") {
		t.Error("a PC got in")
	}
}
