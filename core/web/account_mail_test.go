package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/outbox"
)

var linkToken = regexp.MustCompile(`\?t=([A-Za-z0-9_-]{32})`)

// tokens are the tokens in the letters of the outbox page, as an operator reads it.
func (w *world) tokens() (list []string) {
	w.t.Helper()
	for _, m := range linkToken.FindAllStringSubmatch(w.operates("GET", "/outbox").body, -1) {
		list = append(list, m[1])
	}
	return list
}

// The token of a link lies in no file, before its letter is sent or after, and whatever stands for it opens nothing. The
// outbox shows the link of a letter that waits, so that an operator without a mail server can hand it over, and of no other.
func TestSEC104_TokensOfMailsAreNowhereAtRest(t *testing.T) {
	sender := &brokenSender{}
	w := newWorldWith(t, func(c *network.Config) { c.Mail = sender })
	m := w.member("花子")
	b := w.as(m)
	w.invites(b, "taro@example.jp")
	w.browser().post("/reset", url.Values{"mail": {mailOf(m)}})
	w.wish(b, "hanako@example.com", password)
	waiting := w.tokens()
	// The same link stands in a letter once as an address and once as what it is called.
	unique := map[string]bool{}
	for _, token := range waiting {
		unique[token] = true
	}
	if len(unique) != 3 {
		t.Fatalf("the outbox shows %d links, want those of an invitation, a new password and a new address:\n%s", len(unique), w.operates("GET", "/outbox").body)
	}
	nowhere := func(when string) {
		t.Helper()
		for token := range unique {
			if files := w.grep([]byte(token)); len(files) > 0 {
				t.Errorf("%s a token is in %v", when, files)
			}
		}
	}
	nowhere("before the letters are sent")
	if len(w.grep([]byte("taro@example.jp"))) == 0 {
		t.Fatal("the letters are nowhere: the test says nothing")
	}
	stored, err := w.store.Mail.Letters(t.Context(), core.Page{Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range stored {
		for _, at := range linkToken.FindAllStringSubmatch(l.Body, -1) {
			for _, path := range []string{registerPath(at[1]), resetPath(at[1])} {
				if r := w.browser().get(path); r.status != 404 {
					t.Errorf("what stands for a token opens %s: %d", path, r.status)
				}
			}
		}
	}

	if _, err := w.core.Outbox.SendMail(t.Context()); err != nil { // the server is away
		t.Fatal(err)
	}
	if n := len(w.tokens()); n != len(waiting) {
		t.Errorf("after a failed try the outbox shows %d links, want %d", n, len(waiting))
	}
	sender.works = true
	w.clock.advance(time.Minute)
	if n, err := w.core.Outbox.SendMail(t.Context()); n != 3 || err != nil {
		t.Fatalf("sent %d, %v", n, err)
	}
	nowhere("after the letters were sent")
	if page := w.operates("GET", "/outbox").body; len(linkToken.FindAllString(page, -1)) > 0 || !strings.Contains(page, outbox.Masked) {
		t.Errorf("after the letters were sent the outbox shows their links:\n%s", page)
	}
	for _, letter := range sender.letters {
		token := linkToken.FindStringSubmatch(letter.Body)
		if token == nil || !unique[token[1]] {
			t.Errorf("the letter to %s has not the link that the outbox showed:\n%s", letter.To, letter.Body)
		}
		if strings.Contains(letter.Body, "/reset/new") {
			w.contains(w.browser().get(resetPath(token[1])), `type="password"`)
		}
	}
}
