package web

import (
	"errors"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/operator"
)

// consoleCookie holds the token of an operator's session. Its path is the console's alone.
const consoleCookie = "musubi-operator"

// languageCookie holds the language of the console, "ja" or "en".
const languageCookie = "musubi-operator-language"

// errNoRight: the operator's role has no such right.
var errNoRight = &core.Error{Code: core.Refused, Key: "error.norole"}

// right says which right a route of the console asks for.
func (r *route) right() operator.Right {
	switch {
	case r.is(forAny):
		return operator.Any
	case r.is(forReports):
		return operator.Reports
	case r.is(forFigures):
		return operator.Figures
	}
	return operator.All
}

// serveConsole lets in operators who have logged in and whose role may, checks the token of a form, and runs the route.
func (s *Site) serveConsole(v *visit, r *route) error {
	v.words = consolePages{v}.language()
	o, key, err := s.core.Operator.Session(v.ctx, string(v.ctx.Request.Header.Cookie(consoleCookie)))
	if err == nil && v.member.ID != 0 && o.Member != v.member.ID { // on the site, an operator's session is the member's own
		err = core.ErrNotFound
	}
	if errors.Is(err, core.ErrNotFound) {
		if r.path != consolePath {
			v.ctx.SetStatusCode(fasthttp.StatusUnauthorized)
		}
		if v.member.ID != 0 {
			return enterPages{v}.ask(nil)
		}
		return consolePages{v}.showLogin(consoleLoginPage{})
	}
	if err != nil {
		return err
	}
	v.operator, v.session.Key, v.member = o, key, core.Member{} // from here on an operator asks, not the member
	if !o.Role.May(r.right()) {
		return errNoRight
	}
	if r.method == post {
		if err := v.openForm(r); err != nil {
			return err
		}
	}
	return s.handlers[r.endpoint()](v)
}

// language is Japanese unless the operator has asked for English.
func (v consolePages) language() words {
	asked := v.query("lang")
	if asked == "en" || asked == "ja" {
		v.setConsoleCookie(languageCookie, asked)
	} else {
		asked = string(v.ctx.Request.Header.Cookie(languageCookie))
	}
	if asked == "en" {
		return english
	}
	return japanese
}

// setConsoleCookie gives the operator's browser a cookie until it is closed; an empty value takes it away. On the admin listener it has no Secure: that
// speaks plain HTTP on an address that only operators reach.
func (v consolePages) setConsoleCookie(name, value string) {
	c := fasthttp.AcquireCookie()
	defer fasthttp.ReleaseCookie(c)
	c.SetKey(name)
	c.SetValue(value)
	c.SetPath(consolePath)
	c.SetHTTPOnly(true)
	c.SetSecure(v.site.secure && v.member.ID != 0)
	c.SetSameSite(fasthttp.CookieSameSiteStrictMode)
	if value == "" {
		c.SetExpire(fasthttp.CookieExpireDelete)
	}
	v.ctx.Response.Header.SetCookie(c)
}

func (v consolePages) showLogin(p consoleLoginPage) error {
	p.frame = frame(v)
	return v.show(&p)
}

// login asks for name and password, then for a code. A form that brings all three is as good.
func (v consolePages) login() error {
	v.words = v.language()
	if !v.sameSite() {
		return errForeign
	}
	f, err := readForm(v.ctx, maxForm)
	if err != nil {
		return err
	}
	p := consoleLoginPage{name: strings.TrimSpace(f.get("name")), ticket: f.get("ticket")}
	if p.ticket == "" {
		if p.ticket, err = v.site.core.Operator.CheckPassword(v.ctx, p.name, f.get("password")); err != nil {
			return v.loginAgain(consoleLoginPage{name: p.name}, err)
		}
		if f.get("code") == "" {
			return v.showLogin(p)
		}
	}
	token, _, err := v.site.core.Operator.CheckCode(v.ctx, p.ticket, f.get("code"))
	if err != nil {
		if errors.Is(err, operator.ErrLogin) {
			p.ticket = ""
		}
		return v.loginAgain(p, err)
	}
	v.setConsoleCookie(consoleCookie, token)
	v.redirect(consolePath)
	return nil
}

// loginAgain shows the form with what is wrong.
func (v consolePages) loginAgain(p consoleLoginPage, err error) error {
	w, ok := invalid(err)
	if !ok {
		return err
	}
	retryAfter(v.visit, err)
	p.wrong = w
	return v.showLogin(p)
}

func (v consolePages) logout() error {
	if err := v.site.core.Operator.Logout(v.ctx, v.session.Key); err != nil {
		return err
	}
	v.setConsoleCookie(consoleCookie, "")
	v.redirect(consolePath)
	return nil
}

// front shows what waits.
func (v consolePages) front() (err error) {
	p := &consoleFrontPage{frame: frame(v)}
	if p.waiting, p.age, err = v.site.core.Report.Waiting(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}
