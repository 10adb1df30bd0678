package main

import (
	"slices"
	"strings"
	"testing"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// TestHDMLMemberDoesEverything: a member with an HDML phone, one in colour and one whose decks hold 1.4 KB, logs in, writes an
// entry and a comment, sends a message that its receiver reads on another handset, finds the entry by the search, sets the
// language and logs out. Everything is done by the words on the display.
func TestHDMLMemberDoesEverything(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	for i, model := range []string{"CA13", "CA11"} {
		t.Run(model, func(t *testing.T) {
			_, agent, _ := carriers.ModelHandset(model)
			p, err := handset.New(handset.Config{URL: d.URL, UserAgent: agent})
			if err != nil {
				t.Fatal(err)
			}
			m := &hdmlMember{t, p}
			title := "古い電話から" + model
			m.get("/")
			m.press("ログイン", "mail", d.Members[i].Mail, "password", d.Members[i].Password).shows("こんにちは")
			m.follow("日記を書く")
			m.press("確認", "title", title, "body", "一行目☀").shows("一行目☀")
			m.press("送信").shows(title)
			m.press("送信", "body", "自分でコメント♪").shows("自分でコメント♪")
			m.get("/friends")
			m.follow(d.Members[2].Name)
			m.follow("メッセージを送る")
			m.press("確認", "subject", "件名"+model, "body", "届きますか").shows("届きますか")
			m.press("送信")
			m.get("/search")
			m.press("検索", "in", "diaries", "q", title).shows(title)
			m.get("/settings/preferences")
			m.press("送信", "language", "en")
			m.get("/home").shows("Hello")
			m.get("/settings/preferences")
			m.press("Send", "language", "ja")
			m.get("/home")
			m.press("ログアウト").shows("パスワードを忘れた方")
		})
	}
	reader := newPhone(t, d.URL, uaDoCoMo, false)
	reader.logIn(d.Members[2].Mail, d.Members[2].Password)
	reader.get(reader.ownLink("/messages")).must(200, sjis("件名")+"CA13", sjis("件名")+"CA11")
}

// An hdmlMember goes by what the display says; what is on a later part of a page is found by going on.
type hdmlMember struct {
	t *testing.T
	p *handset.Phone
}

func (m *hdmlMember) got(page *handset.Page, err error) *hdmlMember {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
	if page.Status != 200 {
		m.t.Fatalf("%s: status %d\n%s", page.URL, page.Status, page.Text)
	}
	return m
}

func (m *hdmlMember) get(path string) *hdmlMember {
	m.t.Helper()
	return m.got(m.p.Get(path))
}

// onward turns to the next part of the page until what is looked for is there.
func (m *hdmlMember) onward(there func(*handset.Page) bool, what string) {
	m.t.Helper()
	first := m.p.Page()
	for !there(m.p.Page()) {
		next := slices.IndexFunc(m.p.Page().Links, func(l handset.Link) bool {
			return strings.Contains(l.URL, "_p=") && (l.Text == "次へ" || l.Text == "Next")
		})
		if next < 0 {
			m.t.Fatalf("no %s on %s, which begins\n%s\nand ends\n%s", what, first.URL, first.Text, m.p.Page().Text)
		}
		m.got(m.p.Follow(m.p.Page().Links[next].Text))
	}
}

func (m *hdmlMember) shows(words string) *hdmlMember {
	m.t.Helper()
	m.onward(func(p *handset.Page) bool { return strings.Contains(p.Text, words) }, words)
	return m
}

func (m *hdmlMember) follow(words string) *hdmlMember {
	m.t.Helper()
	m.onward(func(p *handset.Page) bool {
		return slices.ContainsFunc(p.Links, func(l handset.Link) bool { return strings.Contains(l.Text, words) })
	}, "link "+words)
	return m.got(m.p.Follow(words))
}

// press sends the form whose button has these words and that has the fields named in pairs.
func (m *hdmlMember) press(words string, pairs ...string) *hdmlMember {
	m.t.Helper()
	return m.send(words, true, pairs)
}

// pressOf is press where none of the fields holds anything yet: radio buttons of which none is chosen.
func (m *hdmlMember) pressOf(words string, pairs ...string) *hdmlMember {
	m.t.Helper()
	return m.send(words, false, pairs)
}

func (m *hdmlMember) send(words string, held bool, pairs []string) *hdmlMember {
	m.t.Helper()
	form := func(p *handset.Page) int {
		return slices.IndexFunc(p.Forms, func(f handset.Form) bool {
			for i := 0; held && i < len(pairs); i += 2 {
				if !slices.ContainsFunc(f.Fields, func(field handset.Field) bool { return field.Name == pairs[i] }) {
					return false
				}
			}
			return slices.ContainsFunc(f.Buttons, func(b handset.Button) bool { return b.Value == words })
		})
	}
	m.onward(func(p *handset.Page) bool { return form(p) >= 0 }, "button "+words)
	i := form(m.p.Page())
	for _, b := range m.p.Page().Forms[i].Buttons {
		if b.Value == words && b.Name != "" { // of several buttons the one that was pressed is sent; HDML has a form for each
			pairs = append(pairs, b.Name, b.Value)
		}
	}
	return m.got(m.p.Submit(i, pairs...))
}

// TestSmallestDeckRegistersAndEditsItsProfile: who was invited registers with a phone whose decks hold 1.4 KB, a first time with a
// password that is too short, which brings the form back with what was typed, and edits the profile: the 47 prefectures are asked in
// steps, and what is not touched stays.
func TestSmallestDeckRegistersAndEditsItsProfile(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	const address = "ca11@example.jp"
	invite(t, newPhone(t, d.URL, uaPC, true), d, func(s string) string { return s }, address)
	m := &hdmlMember{t, openHandset(t, d.URL, "CA11")}
	m.get(letterLink(t, d, address))
	m.answer("確認", "name", "古い電話", "password", "short", "realname", "新人 花子", "sex", "女性", "prefecture", "京都府", "birthday", "19800229", "intro", "はじめまして").shows("パスワードは")
	m.answer("確認", "password", "long-enough-word-1").shows("古い電話").shows("京都府").shows("はじめまして")
	m.press("送信").shows("こんにちは")
	m.get("/settings/profile").answer("送信", "prefecture", "沖縄県", "hobby", "旅行").shows("沖縄県")
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(address, "long-enough-word-1")
	got := map[string]string{}
	settings := pc.get("/settings/profile").must(200, `selected>女性<`, `selected>沖縄県<`)
	for _, f := range settings.formWith("name").fields {
		got[f.name] = strings.TrimPrefix(f.value, "\n")
	}
	for name, want := range map[string]string{"name": "古い電話", "realname": "新人 花子", "birthday": "19800229", "intro": "はじめまして"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

// answer fills in cards and sends the form whose button has these words. One of a list that is asked in steps is chosen on the card
// that offers it.
func (m *hdmlMember) answer(words string, pairs ...string) *hdmlMember {
	m.t.Helper()
	form := func(p *handset.Page) int {
		return slices.IndexFunc(p.Forms, func(f handset.Form) bool {
			return slices.ContainsFunc(f.Buttons, func(b handset.Button) bool { return b.Value == words })
		})
	}
	m.onward(func(p *handset.Page) bool { return form(p) >= 0 }, "button "+words)
	i := form(m.p.Page())
	fields := m.p.Page().Forms[i].Fields
	for k := 0; k < len(pairs); k += 2 {
		n := cardFor(fields, pairs[k], pairs[k+1])
		if n < 0 {
			m.t.Fatalf("no card asks for %s or offers %q: %q", pairs[k], pairs[k+1], fields)
		}
		fields[n].Value = pairs[k+1]
	}
	return m.got(m.p.Submit(i))
}

// cardFor is the field that a value is put into: of those with a choice one that offers it.
func cardFor(fields []handset.Field, name, value string) int {
	bare := func(f handset.Field) string { return strings.TrimPrefix(strings.TrimPrefix(f.Name, "_l."), "_g.") }
	if n := slices.IndexFunc(fields, func(f handset.Field) bool { return bare(f) == name && slices.Contains(f.Choices, value) }); n >= 0 {
		return n
	}
	return slices.IndexFunc(fields, func(f handset.Field) bool { return bare(f) == name && len(f.Choices) == 0 })
}
