package web

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/mailpost"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/report"
)

// asks sends an empty mail to get@.
func (w *world) asks(from, key string) {
	w.t.Helper()
	if err := w.core.Mailpost.Receive(w.t.Context(), &mailpost.Letter{To: "GET", From: from, Key: key, Personal: true}); err != nil {
		w.t.Fatal(err)
	}
}

// pathIn is the page that a letter leads to.
func (w *world) pathIn(l outbox.Letter) string {
	w.t.Helper()
	m := linkPattern.FindStringSubmatch(l.Body)
	if m == nil {
		w.t.Fatalf("no link in %q", l.Body)
	}
	return m[1]
}

// An empty mail of a member is answered with a link that lets them in once; of who was invited with that of their invitation; of
// anybody else with nothing.
func TestSEC95_EmptyMail(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	w.asks("stranger@example.com", "1")
	if l := w.letters(); len(l) != 0 {
		t.Fatalf("a stranger is answered %+v", l)
	}
	w.asks(mailOf(m), "2")
	w.asks(mailOf(m), "2") // it came twice
	l := w.letters()
	if len(l) != 1 || l[0].To != mailOf(m) {
		t.Fatalf("answers: %+v", l)
	}
	path := w.pathIn(l[0])
	b := w.browser()
	page := b.get(path)
	w.contains(page, "ログイン")
	if again := b.get(path); again.status != 200 || len(b.cookies) != 0 {
		t.Fatal("looking at the page uses the link up, or lets in")
	}
	token := hidden(page.body, "t")
	if r := b.post(enterPath, url.Values{"t": {token}, "send": {"1"}}); r.location != homePath {
		t.Fatalf("the link leads to %d %s", r.status, r.location)
	}
	w.contains(b.get("/home"), "花子")
	if r := w.browser().post(enterPath, url.Values{"t": {token}}); r.status != 404 {
		t.Errorf("the link works twice: %d", r.status)
	}

	inviter := w.as(m)
	form := inviter.get("/invite")
	inviter.post("/invite", url.Values{"k": {tokenOn(t, form.body, "/invite")}, "address": {"taro@docomo.ne.jp"}, "known": {"1"}, "send": {"1"}})
	first := w.pathIn(w.letters()[0])
	w.asks("taro@docomo.ne.jp", "3")
	second := w.pathIn(w.letters()[0])
	if first == second || w.browser().get(second).status != 200 || w.browser().get(first).status == 200 {
		t.Errorf("invited by %s, after an empty mail by %s: the newer one works", first, second)
	}
	for i := range 20 {
		w.asks(mailOf(m), strings.Repeat("x", i+1))
	}
	if n := len(w.letters()); n > 10 {
		t.Errorf("%d letters went out for twenty empty mails", n)
	}
}

// Where the operator lets everybody in, an empty mail is enough: nobody is their friend then.
func TestOpenRegistrationByEmptyMail(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) { c.OpenToAll = true })
	w.asks("a..b@docomo.ne.jp", "1")
	b := w.browser()
	page := b.get(w.pathIn(w.letters()[0]))
	w.contains(page, "a..b@docomo.ne.jp")
	token := hidden(page.body, "t")
	form := registration(token)
	form.Set("confirm", "1")
	w.contains(b.post("/register", form), "はなちゃん")
	if r := b.post("/register", url.Values{"t": {token}, "send": {"1"}}); r.status != 302 {
		t.Fatalf("registered: %d\n%s", r.status, r.body)
	}
	w.contains(b.get("/home"), "はなちゃん")
}

// A mailer is a mail server in this process, which answers as it is told.
type mailer struct {
	answer func(m outbox.Mail) error
	sent   []outbox.Mail
}

func (s *mailer) Send(_ context.Context, m outbox.Mail) error {
	err := s.answer(m)
	if err == nil {
		s.sent = append(s.sent, m)
	}
	return err
}

// An address that is not there is written to three times, then no more, and the settings say so; a filter is said to be one; what may
// change is tried again.
func TestSEC92_AddressesThatTakeNothing(t *testing.T) {
	s := &mailer{}
	w := newWorldWith(t, func(c *network.Config) { c.Mail = s })
	m := w.member("花子")
	write := func() {
		t.Helper()
		if err := w.core.Outbox.Write(t.Context(), m.ID, mailOf(m), m.ID, outbox.Mail{Subject: "題", Body: "本文"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.core.Outbox.SendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.answer = func(outbox.Mail) error { return errors.New("421 later") }
	write()
	if l := w.letters()[0]; l.NextAt.IsZero() {
		t.Errorf("an answer that may change ends the letter: %+v", l)
	}
	s.answer = func(outbox.Mail) error { return &outbox.Refusal{Code: 550, AtData: true, Says: "Unknown user"} }
	write()
	if l := w.letters()[0]; !l.NextAt.IsZero() || l.Tries != 1 {
		t.Errorf("a refusal is tried again: %+v", l)
	}
	w.contains(w.as(m).get(mailPath), "受信設定で拒否された", mailDomain)
	s.answer = func(outbox.Mail) error { return &outbox.Refusal{Code: 550, Says: "Unknown user"} }
	for range 3 {
		write()
	}
	s.answer = func(outbox.Mail) error { return nil }
	write()
	page := w.as(m).get(mailPath)
	w.contains(page, "メールを止めています", "もう一度送る")
	if len(s.sent) != 0 {
		t.Errorf("%d letters went to an address that is not there", len(s.sent))
	}
	w.as(m).post(mailPath, url.Values{"k": {tokenOn(t, page.body, mailPath)}, "address": {mailOf(m)}, "retry": {"1"}})
	b := w.as(m)
	b.post(mailPath, url.Values{"k": {tokenOn(t, b.get(mailPath).body, mailPath)}, "address": {mailOf(m)}, "retry": {"1"}})
	write()
	if len(s.sent) != 1 || strings.Contains(b.get(mailPath).body, "止めています") {
		t.Errorf("after the member asked, %d letters were sent", len(s.sent))
	}
}

// Who runs a mail server can be written to (RFC 5321 §4.5.1): the letter waits in the operator's queue, and nothing answers by itself.
func TestPostmasterIsTheOperator(t *testing.T) {
	w := newWorld(t)
	p := w.poster("花子")
	for _, to := range []string{"postmaster", "PostMaster", "abuse"} {
		if err := w.core.Mailpost.Knows(t.Context(), to); err != nil {
			t.Fatalf("%s is not known: %v", to, err)
		}
	}
	l := p.letter("Postmaster", "届きません", strings.Repeat("長", report.MaxWords+5))
	l.From = "stranger@mail.example"
	p.sends(l, nil)
	p.sends(l, nil) // a mail server sends it twice
	bounce := p.letter("postmaster", "Returned mail", "…")
	bounce.Personal, bounce.Bounce, bounce.From = false, true, ""
	p.sends(bounce, nil)
	var soon core.TooSoon
	for n := range 30 { // who writes many waits
		many := p.letter("abuse", strconv.Itoa(n), "迷惑です")
		many.From = "many@mail.example"
		if err := w.core.Mailpost.Receive(t.Context(), many); errors.As(err, &soon) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if soon.Wait == 0 {
		t.Error("one sender fills the queue at once")
	}
	queue, _, err := w.core.Report.Queue(t.Context(), false, core.Page{Number: 1, Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, r := range queue {
		if r.Contact == "stranger@mail.example" {
			found++
			if r.Was.Title != "postmaster@"+mailDomain+": 届きません" || core.Length(r.Words) != report.MaxWords {
				t.Errorf("filed as %q, %d characters", r.Was.Title, core.Length(r.Words))
			}
		}
	}
	if found != 1 || len(w.letters()) != 0 {
		t.Errorf("%d reports, %d letters", found, len(w.letters()))
	}
}

// A mistake of an address to which letters no longer go is told to its mail server: no letter can say it.
func TestSEC92_MistakeThatNoLetterCanTell(t *testing.T) {
	s := &mailer{answer: func(outbox.Mail) error { return &outbox.Refusal{Code: 550, Says: "Unknown user"} }}
	w := newWorldWith(t, func(c *network.Config) { c.Mail = s })
	p := w.poster("花子")
	for range 3 {
		if err := w.core.Outbox.Write(t.Context(), p.ID, mailOf(p.Member), p.ID, outbox.Mail{Subject: "題", Body: "本文"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.core.Outbox.SendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := len(w.letters())
	to := p.addresses(mailpostPath)[0]
	l := p.letter(to, "", "")
	p.sends(l, mailpost.ErrUntold)
	p.sends(l, mailpost.ErrUntold) // it was not remembered as if it had been answered
	if n := len(w.letters()) - before; n != 0 {
		t.Errorf("%d letters were written to an address that takes none", n)
	}
	p.sends(p.letter(to, "題", "本文"), nil)
	if n := len(p.entries()); n != 1 {
		t.Errorf("%d entries: what is right is posted all the same", n)
	}
}

// A bounce is known by where it comes to, whatever it says, and only where we sent something.
func TestSEC93_Bounces(t *testing.T) {
	s := &mailer{answer: func(outbox.Mail) error { return nil }}
	w := newWorldWith(t, func(c *network.Config) { c.Mail = s })
	m := w.member("花子")
	bounces := func(to string, want error, reports ...outbox.Report) {
		t.Helper()
		if err := w.core.Mailpost.Receive(t.Context(), &mailpost.Letter{To: to, Bounce: true, Key: to, Reports: reports}); !errors.Is(err, want) {
			t.Fatalf("a bounce to %s: %v, want %v", to, err, want)
		}
	}
	var locals []string
	for range 5 {
		w.clock.advance(time.Second)
		if err := w.core.Outbox.Write(t.Context(), m.ID, mailOf(m), m.ID, outbox.Mail{Subject: "題", Body: "本文"}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := w.core.Outbox.SendMail(t.Context()); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	for _, l := range s.sent {
		local, domain, _ := strings.Cut(l.Return, "@")
		if !regexp.MustCompile(`^b-[0-9a-z]+-[0-9a-f]{10}$`).MatchString(local) || domain != mailDomain {
			t.Fatalf("the return address is %q", l.Return)
		}
		locals = append(locals, local)
	}
	failed := func() int {
		f, err := w.core.Outbox.Failure(t.Context(), mailOf(m))
		if err != nil {
			t.Fatal(err)
		}
		return f.Failed
	}
	bounces(locals[0][:len(locals[0])-1]+"x", core.ErrNotFound)
	bounces(locals[0], nil, outbox.Report{Failed: false, Status: "4.2.0"}) // a delay
	bounces(locals[0], nil, outbox.Report{Failed: true, Status: "5.2.2"})  // full
	bounces(locals[1], nil)                                                // without a report
	bounces(locals[1], nil)                                                // once more: counted once
	bounces(strings.ToUpper(locals[2]), nil, outbox.Report{Failed: true, Status: "5.1.1"})
	if n := failed(); n != 2 {
		t.Errorf("%d failures are counted", n)
	}
	if err := w.core.Mailpost.Receive(t.Context(), &mailpost.Letter{To: locals[3], Key: "holiday"}); err != nil || failed() != 2 {
		t.Errorf("what a program on holiday answers counts: %v", err)
	}
	bounces(locals[3], nil)
	if f, _ := w.core.Outbox.Failure(t.Context(), mailOf(m)); !f.Stopped() {
		t.Error("three failures do not stop the address")
	}
}

// A letter about news can be ended by one POST to the address it names, and looking at that ends nothing.
func TestUnsubscribeWithOnePress(t *testing.T) {
	s := &mailer{answer: func(outbox.Mail) error { return nil }}
	w := newWorldWith(t, func(c *network.Config) { c.Mail = s })
	m, friend := w.member("花子"), w.member("太郎")
	if _, err := w.core.People.RequestFriend(t.Context(), friend.ID, m.ID, "こんにちは"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.core.Outbox.SendMail(t.Context()); err != nil || len(s.sent) != 1 {
		t.Fatal(len(s.sent), err)
	}
	path, ok := strings.CutPrefix(s.sent[0].Unsubscribe, "http://localhost")
	if !ok {
		t.Fatalf("the letter names %q", s.sent[0].Unsubscribe)
	}
	wants := func() news.Letters {
		all, err := w.core.News.NewsLetters(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return all[people.RequestNews]
	}
	w.contains(w.browser().get(path), "お知らせメールを止めますか")
	if wants() == (news.Letters{}) {
		t.Fatal("a look ends the letters")
	}
	for _, forged := range []string{path + "x", strings.Replace(path, "request", "message", 1), outbox.UnsubscribePath} {
		if r := w.browser().post(forged, url.Values{"List-Unsubscribe": {"One-Click"}}); r.status != 404 {
			t.Errorf("%s: %d", forged, r.status)
		}
	}
	w.contains(w.browser().post(path, url.Values{"List-Unsubscribe": {"One-Click"}}), "止めました")
	if wants() != (news.Letters{}) {
		t.Error("the letters go on")
	}
}
