package web

import (
	"net/url"
	"testing"
)

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"

// loginForm is a login form as this browser would send it.
func (w *world) loginForm(b *browser, mail string) url.Values {
	w.t.Helper()
	page := b.get("/").body
	return url.Values{"mail": {mail}, "password": {password}, tokenField: {hidden(page, tokenField)}}
}

// A browser is logged in only by a form that we gave it: a page of another site cannot do it, even where the browser says
// nothing of where the form came from. A handset without cookies logs in as before, and so does a program.
func TestSEC38_LoginFromAnotherSite(t *testing.T) {
	w := newWorld(t)
	mail := mailOf(w.member("花子"))
	pc := func() *browser {
		b := w.browser()
		b.headers = map[string]string{"User-Agent": chrome}
		return b
	}
	loggedIn := func(b *browser, form url.Values) bool {
		r := b.post("/login", form)
		in := len(r.header.PeekCookie(sessionCookie)) > 0
		if in != (r.status == 302) || !in && (r.status != 403 || hidden(r.body, tokenField) == "") {
			t.Errorf("%v: %d, logged in: %v, want a form that can be sent once more:\n%s", form, r.status, in, r.body)
		}
		return in
	}
	bare := url.Values{"mail": {mail}, "password": {password}}

	if loggedIn(pc(), bare) {
		t.Error("a form of another site logs a browser in that was never here")
	}
	visitor := pc()
	own := w.loginForm(visitor, mail)
	if loggedIn(visitor, bare) {
		t.Error("a form of another site logs a browser in that was here")
	}
	attacker := pc()
	if loggedIn(visitor, w.loginForm(attacker, mail)) {
		t.Error("a form that another browser got logs a browser in")
	}
	withoutCookies := pc()
	form := w.loginForm(withoutCookies, mail)
	withoutCookies.cookies = map[string]string{}
	if loggedIn(withoutCookies, form) {
		t.Error("a form without its cookie, as another site's is, logs a browser in")
	}
	if !loggedIn(visitor, own) {
		t.Error("our own form does not log its browser in")
	}
	again := pc()
	refused := again.post("/login", bare) // its page is old: what comes back can be sent
	if !loggedIn(again, url.Values{"mail": {mail}, "password": {password}, tokenField: {hidden(refused.body, tokenField)}}) {
		t.Error("the form that came back does not log in")
	}
	fetch := w.browser()
	fetch.headers = map[string]string{"Sec-Fetch-Site": "none"}
	if loggedIn(fetch, bare) {
		t.Error("a browser of an unusual name is logged in by a form of another site")
	}
}

// A handset that keeps no cookie, and a program that is no browser, log in with address and password alone.
func TestSEC38_LoginWithoutCookies(t *testing.T) {
	w := newWorld(t)
	mail := mailOf(w.member("花子"))
	form := url.Values{"mail": {mail}, "password": {password}}
	if r := w.browser().post("/login", form); r.status != 302 {
		t.Errorf("a program: %d", r.status)
	}
	for _, class := range []string{"handset", "other"} {
		b := w.handset("", "SH906i")
		b.headers["X-Ktai-Class"], b.headers["User-Agent"] = class, "Mozilla/4.08 (SH906i;SoftBank)"
		page := b.signed("GET", "/", nil)
		if hidden(page.body, tokenField) != "" || len(page.header.PeekCookie(loginCookie)) > 0 {
			t.Errorf("a handset's login form has what it cannot hold:\n%s", page.body)
		}
		b.cookies = map[string]string{}
		if r := b.signed("POST", "/login", form); r.status != 302 {
			t.Errorf("a handset of class %s: %d %s", class, r.status, r.body)
		}
	}
	b := w.browser() // unsigned: it says itself that it is a handset
	b.headers = map[string]string{"User-Agent": chrome, "X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset"}
	if r := b.post("/login", form); r.status != 403 {
		t.Errorf("a browser that says of itself that it is a handset: %d", r.status)
	}
}
