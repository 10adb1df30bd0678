package web

import (
	"net/url"
	"strings"
	"testing"

	"musubi/core"
)

// TestDoneIsSaidOnce: after a form whose page does not show it, the next page says that it is done, and the one after that does not.
func TestDoneIsSaidOnce(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("はる"))
	w.press(b, preferencesPath, url.Values{"language": {"ja"}, "visibility": {"1"}})
	said := japanese.t("done." + preferencesPath)
	if !strings.Contains(b.get("/settings").body, said) {
		t.Error("nothing says that it is done")
	}
	if strings.Contains(b.get("/settings").body, said) {
		t.Error("it is said twice")
	}
	for key := range catalogue {
		if path, ok := strings.CutPrefix(key, "done."); ok && routes.exact[endpoint{post, path}] == nil {
			t.Errorf("%q is no form's", key)
		}
	}
}

// TestFirstSteps: home leads a new member, tells what is done, and stops when all is.
func TestFirstSteps(t *testing.T) {
	w := newWorld(t)
	me, inviter, known := w.member("新しい人"), w.member("招待した人"), w.member("知り合い")
	w.friends(me, inviter)
	w.friends(inviter, known)
	b := w.as(me)
	for text, want := range map[string]bool{"はじめの一歩": true, "知り合い": true, "✔ あいさつ": false} {
		if strings.Contains(b.get("/home").body, text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	w.diary(me, "はじめまして", core.Everyone)
	if !strings.Contains(b.get("/home").body, "✔ あいさつの日記を書く") {
		t.Error("what is done is not told")
	}
	w.clock.advance(firstDays + 1)
	if strings.Contains(w.as(me).get("/home").body, "はじめの一歩") {
		t.Error("it goes on for ever")
	}
	for _, address := range []string{helpPath, helpPath + "?lang=en"} {
		page := w.browser().get(address).body
		for _, topic := range helpTopics {
			if !strings.Contains(page, `id="`+topic+`"`) {
				t.Errorf("%s is without %s", address, topic)
			}
		}
	}
}

// TestDevicesByName: the list of sessions tells devices apart, and a login with one that was never used is told by mail.
func TestDevicesByName(t *testing.T) {
	w := newWorld(t)
	m := w.member("はる")
	agents := map[string]string{
		"Firefox, Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
		"Safari, iPhone":   "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
		"Chrome, Android":  "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
		"":                 "curl/8",
	}
	for want, agent := range agents {
		if got := deviceOf(agent); got != want {
			t.Errorf("%s is called %q, want %q", agent, got, want)
		}
	}
	letters := func() int {
		return strings.Count(w.operates("GET", "/outbox").body, "新しい端末からのログイン")
	}
	login := func(agent string) *browser {
		b := w.browser()
		b.headers["User-Agent"] = agent
		form := url.Values{"mail": {mailOf(m)}, "password": {password}, tokenField: {tokenOn(t, b.get("/").body, loginPath)}}
		if r := b.post(loginPath, form); r.location != homePath {
			t.Fatalf("login: %d %s", r.status, r.location)
		}
		return b
	}
	login(agents["Firefox, Windows"])
	if letters() != 0 {
		t.Error("the first login is told")
	}
	b := login(agents["Safari, iPhone"])
	login(agents["Safari, iPhone"])
	if letters() != 1 {
		t.Errorf("%d letters about one new device", letters())
	}
	w.contains(b.get(sessionsPath), "PC (Firefox, Windows)", "PC (Safari, iPhone)")
}
