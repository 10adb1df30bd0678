package web

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/quicktemplate"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/operator"
)

// A visit is one request: who asks, in which language, and what the form says. It dies with the request.
type visit struct {
	site     *Site
	ctx      *fasthttp.RequestCtx
	words    words
	session  account.Session // zero without a login
	member   core.Member
	operator operator.Operator // who has logged in to the console
	ktai     verdict
	form     form
	ads      []ad   // on this page, counted
	said     string // the word with which the next page says what is done; "": that of the path
	behind   bool   // on the operators' listener, which has no page of members
}

// viewer is who looks, as core sees it.
func (v *visit) viewer() core.Viewer { return core.Viewer{Member: v.member.ID, Session: v.session.Key} }

// t is a word on the screen in the visitor's language.
func (v *visit) t(key string, args ...any) string { return v.words.t(key, args...) }

// sentences are several words on the screen one after the other, with a blank between them where the language has one.
func sentences(v *visit, keys ...string) string {
	said := make([]string, len(keys))
	for i, key := range keys {
		said[i] = v.t(key)
	}
	return strings.Join(said, [...]string{japanese: "", english: " "}[v.words])
}

// query is one argument of the address, copied.
func (v *visit) query(name string) string { return string(v.ctx.QueryArgs().Peek(name)) }

// id reads an ID from the address; the error is for an absent thing.
func (v *visit) id(name string) (core.ID, error) {
	id, ok := core.ParseID(v.query(name))
	if !ok {
		return 0, core.ErrNotFound
	}
	return id, nil
}

// idOrSelf reads a member's ID from the address; without one it is the visitor's own.
func (v *visit) idOrSelf(name string) (core.ID, error) {
	if v.query(name) == "" {
		return v.member.ID, nil
	}
	return v.id(name)
}

// ownedID reads from the address whose thing it is, and which.
func (v *visit) ownedID() (owner, id core.ID, err error) {
	if owner, err = v.id("owner"); err == nil {
		id, err = v.id("id")
	}
	return owner, id, err
}

// lastPage is how far lists lead: what comes after is for a search to find, and no page counts off more rows.
const lastPage = 1000

// page reads the page number of a list.
func (v *visit) page(size int) core.Page {
	n, ok := core.ParseID(v.query("page"))
	if !ok || n > lastPage {
		n = 1
	}
	return core.Page{Number: int(n), Size: size}
}

// Cookies: the session token, and the mark of a browser that logged in before.
const (
	sessionCookie = "musubi"
	deviceCookie  = "musubi-device"
	deviceAge     = 365 * 24 * time.Hour
)

// cookieName adds __Host- over TLS, which binds the cookie to exactly this host (SEC-37); over plain HTTP browsers refuse
// the prefix.
func (s *Site) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// cookie is the value of one of our cookies, copied.
func (v *visit) cookie(name string) string {
	return string(v.ctx.Request.Header.Cookie(v.site.cookieName(name)))
}

// openSession finds who asks. An unknown or expired token is as good as none, and is never shown back (SEC-31).
func (v *visit) openSession() error {
	token := v.cookie(sessionCookie)
	if token == "" {
		v.chooseLanguage()
		return nil
	}
	session, m, err := v.site.core.Account.Session(v.ctx, token)
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return err
	}
	if err == nil {
		v.session, v.member = session, m
	}
	v.chooseLanguage()
	return nil
}

func (v *visit) chooseLanguage() {
	v.words = japanese
	if v.member.ID != 0 && v.member.Language == "en" || v.member.ID == 0 && strangersLanguage(v) == "en" {
		v.words = english
	}
}

// strangersLanguage is that of who has not logged in: what the address says, or what their browser asks for first. Handsets of
// the time ask for nothing.
func strangersLanguage(v *visit) string {
	if asked := v.query("lang"); asked != "" {
		return asked
	}
	first, _, _ := strings.Cut(string(v.ctx.Request.Header.Peek("Accept-Language")), ",")
	language, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(first)), "-")
	language, _, _ = strings.Cut(language, ";")
	return language
}

// setCookie gives the browser a cookie for so long; an empty value takes it away.
func (v *visit) setCookie(name, value string, age time.Duration) {
	c := fasthttp.AcquireCookie()
	defer fasthttp.ReleaseCookie(c)
	c.SetKey(v.site.cookieName(name))
	c.SetValue(value)
	c.SetPath("/")
	c.SetHTTPOnly(true)
	c.SetSecure(v.site.secure)
	c.SetSameSite(fasthttp.CookieSameSiteLaxMode)
	c.SetMaxAge(int(age.Seconds()))
	if value == "" {
		c.SetExpire(fasthttp.CookieExpireDelete)
	}
	v.ctx.Response.Header.SetCookie(c)
}

// redirect sends the visitor to an address of ours. 302 is what every handset follows with GET.
func (v *visit) redirect(path string) {
	v.ctx.Response.Header.Set("Location", path)
	v.ctx.SetStatusCode(fasthttp.StatusFound)
}

// show writes a page.
func (v *visit) show(p page) error {
	b := quicktemplate.AcquireByteBuffer() // a page is some five hundred pieces: each straight into memory
	defer quicktemplate.ReleaseByteBuffer(b)
	writedocument(b, v, p)
	v.ctx.SetContentType("text/html; charset=UTF-8")
	if bar := v.site.core.Policy.State(v.ctx).Bar; bar != "" {
		b.B = bytes.ReplaceAll(b.B, []byte(barColour), []byte(`data-bar="`+bar+`"`))
	}
	if v.forPC() {
		v.ctx.SetBody(v.site.spell(b.B))
		return nil
	}
	v.ctx.SetBody(b.B)
	return nil
}
