package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/outbox"
)

// chooses sets the letters of the day of who has logged in there.
func (w *world) chooses(b *browser, digest, birthday string) {
	w.t.Helper()
	page := b.get(newsLettersPath)
	form := url.Values{"k": {tokenOn(w.t, page.body, newsLettersPath)}, "digest": {digest}, "birthday": {birthday}, "send": {"1"}}
	if r := b.post(newsLettersPath, form); r.status != 302 {
		w.t.Fatalf("the settings of letters: %d", r.status)
	}
}

// The letter of the day comes in the morning with titles and addresses, never with what was written; one press ends it; a birthday has a
// letter of its own, on the day, to those whom the friend lets see it.
func TestSEC93_LettersOfTheDay(t *testing.T) {
	s := &mailer{answer: func(outbox.Mail) error { return nil }}
	w := newWorldWith(t, func(c *network.Config) {
		c.Mail = s
		c.HandsetMail = func(a string) bool { return strings.HasSuffix(a, "@docomo.ne.jp") }
	})
	m, friend, stranger := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(m, friend)
	if err := w.store.Account.PutAddress(t.Context(), m.ID, account.Address{Mail: "hana@docomo.ne.jp", ChangedAt: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.People.SetProfile(t.Context(), friend.ID, []core.ProfileValue{{Key: "birthday", Value: "1985-03-05", Visibility: core.Friends}}); err != nil {
		t.Fatal(err)
	}
	b := w.as(m)
	morning := func() (got []outbox.Mail) {
		t.Helper()
		w.clock.advance(24 * time.Hour)
		for range 2 { // a second look sends nothing more
			if err := w.core.Digest.Send(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.core.Outbox.SendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, l := range s.sent {
			if l.List == "digest" || l.List == "birthday" {
				got = append(got, l)
			}
		}
		s.sent = nil
		return got
	}
	w.chooses(b, "3", "2") // daily to both; birthdays to the handset
	w.contains(b.get(newsLettersPath), `<option value="3" selected>毎日、両方で`, `<option value="2" selected>ケータイ`)
	w.diary(friend, "春の日記", core.Friends)
	w.diary(stranger, "他人の日記", core.Everyone)
	got := morning() // March 4
	if len(got) != 2 {
		t.Fatalf("letters of March 4: %+v", got)
	}
	for _, l := range got {
		handset := l.To == "hana@docomo.ne.jp"
		if !strings.Contains(l.Body, "春の日記 (太郎)") || strings.Contains(l.Body, "他人") || !strings.Contains(l.Body, "3/5 太郎") || strings.Contains(l.Body, outbox.Here) {
			t.Errorf("the letter to %s says %q", l.To, l.Body)
		}
		if links := strings.Count(l.Body, "http://localhost/"); handset && links != 1 || !handset && links < 4 {
			t.Errorf("the letter to %s has %d addresses: %q", l.To, links, l.Body)
		}
	}
	got = morning() // March 5: the birthday; nothing else is new but the date
	if len(got) != 3 || !strings.Contains(got[0].Body, "今日は太郎の誕生日です") || got[0].To != "hana@docomo.ne.jp" || strings.Contains(got[1].Body, "春の日記") {
		t.Fatalf("letters of March 5: %+v", got)
	}
	link := strings.TrimPrefix(got[1].Unsubscribe, "http://localhost")
	w.contains(w.browser().get(link), "デイリーニュース")
	w.contains(w.browser().post(link, url.Values{"List-Unsubscribe": {"One-Click"}}), "止めました")
	if c, err := w.core.Digest.Choice(t.Context(), m.ID); err != nil || c.Digest != (news.Letters{}) || !c.Birthdays.Handset {
		t.Errorf("after one press: %+v, %v", c, err)
	}
	w.diary(friend, "もう一つ", core.Friends)
	if got = morning(); len(got) != 0 {
		t.Errorf("letters go on: %+v", got)
	}
	w.chooses(b, "4", "0") // on Mondays, PC
	w.clock.advance(-time.Duration(w.clock.Now().Sub(time.Date(2007, 3, 10, 12, 0, 0, 0, time.UTC))))
	w.diary(friend, "週の日記", core.Friends)
	if got = morning(); len(got) != 0 { // Sunday, March 11
		t.Errorf("letters on a Sunday: %+v", got)
	}
	if got = morning(); len(got) != 1 || !strings.Contains(got[0].Subject, "今週") || !strings.Contains(got[0].Body, "週の日記") {
		t.Errorf("letters on Monday: %+v", got)
	}
	if err := w.store.Desk.SetStatus(t.Context(), m.ID, core.Held); err != nil {
		t.Fatal(err)
	}
	w.diary(friend, "停止中", core.Friends)
	for range 7 {
		if got = morning(); len(got) != 0 {
			t.Errorf("a suspended member gets %+v", got)
		}
	}
}

// Where the operator asks for it, who was invited at a free address registers only after a letter to their handset was read; an ISP's address and
// a handset's are enough by themselves.
func TestRegistrationShowsAHandset(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) {
		c.Handset = account.FreeMailHandset
		c.HandsetMail = func(a string) bool { return strings.HasSuffix(a, "@docomo.ne.jp") }
	})
	inviter := w.member("太郎")
	other := w.member("次郎")
	if err := w.store.Account.PutAddress(t.Context(), other.ID, account.Address{Mail: "jiro@docomo.ne.jp"}); err != nil {
		t.Fatal(err)
	}
	pc := w.as(inviter)
	for _, enough := range []string{"a@nifty.example", "a..b@docomo.ne.jp"} {
		if page := w.browser().get(w.invites(pc, enough)); strings.Contains(page.body, `name="handset"`) {
			t.Errorf("%s is asked for a handset", enough)
		}
	}
	link := w.invites(pc, "hanako@yahoo.co.jp")
	token := strings.TrimPrefix(link, "/register?t=")
	b := w.browser()
	w.contains(b.get(link), "ケータイのメールアドレス")
	form := registration(token)
	for _, wrong := range []string{"", "x", "hanako@gmail.com"} {
		form.Set("handset", wrong)
		w.contains(b.post("/register", form), `id="handset-error"`)
	}
	send := func() reply { return b.post("/register", url.Values{"t": {token}, "send": {"1"}}) }
	form.Set("handset", "jiro@docomo.ne.jp") // another member's: it looks the same, and they are told
	w.contains(b.post("/register", form), "jiro@docomo.ne.jp", "はなちゃん")
	w.contains(send(), "確認のメールを送りました")
	if l := w.letters()[0]; l.To != "jiro@docomo.ne.jp" || strings.Contains(l.Body, registerHandsetAt) {
		t.Errorf("the owner of the address gets %+v", l)
	}
	form.Set("handset", "Hanako@docomo.ne.jp")
	w.contains(b.post("/register", form), "hanako@docomo.ne.jp")
	w.contains(send(), "確認のメールを送りました", "hanako@docomo.ne.jp")
	n := len(w.letters())
	w.contains(send(), "確認のメールを送りました") // too early: the link that was sent still works
	l := w.letters()
	if len(l) != n || l[0].To != "hanako@docomo.ne.jp" {
		t.Fatalf("%d letters, then %d; the last to %s", n, len(l), l[0].To)
	}
	path := w.pathIn(l[0])
	handset := w.browser()
	page := handset.get(path)
	w.contains(page, "hanako@docomo.ne.jp", "はい")
	w.contains(send(), "確認のメールを送りました") // a look shows nothing
	fields := url.Values{"send": {"1"}}
	for _, name := range []string{"o", "i", "t"} {
		fields.Set(name, hidden(page.body, name))
	}
	bad := url.Values{"o": fields["o"], "i": fields["i"], "t": {"x" + fields.Get("t")}}
	if r := handset.post(registerHandsetAt, bad); r.status != 404 {
		t.Errorf("a wrong link: %d", r.status)
	}
	w.contains(handset.post(registerHandsetAt, fields), "確認しました")
	if r := send(); r.status != 302 {
		t.Fatalf("registered: %d\n%s", r.status, r.body)
	}
	w.contains(b.get("/home"), "はなちゃん")
	id, _, err := w.store.Account.Credentials(t.Context(), "hanako@docomo.ne.jp")
	if mails, _ := w.store.Desk.Mails(t.Context(), id); err != nil || len(mails) != 2 {
		t.Errorf("the new member has the addresses %q, %v", mails, err)
	}
}
