// Package viewer is a page for the developer's browser that shows several handsets side by side, each fed from the very
// bytes that handset gets: decoded back for display, at its display's size, with bytes used against the budget, charset,
// dialect and what was lost. Links, forms and keys of a handset work as on the handset.
//
// A developer's handsets stand on a desk, found again by a cookie. Behind each is a [phone.Phone], so whatever the viewer
// shows has gone through the whole gateway. The viewer stands on the site itself in `musubi demo`, and otherwise on the operators' listener: it has no login.
//
// Start reading at [Viewer.Handler]; screen.go turns a handset's page into what a browser shows.
//
//go:generate go tool qtc
package viewer

import (
	"crypto/rand"
	"encoding/base64"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/valyala/fasthttp"

	"musubi/carriers"
	"musubi/gateway/phone"
	"musubi/transcode/own"
)

// Path is where the gateway mounts the viewer.
const Path = own.Pages + "handsets"

// Bounds of what the viewer keeps in memory.
const (
	maxDesks  = 16
	maxPhones = 6
)

// first are the handsets on a new desk: one of each carrier's own way.
var first = []string{"P903i", "CA39", "910T", "N502i"}

// A Viewer keeps the desks. It is safe for concurrent use.
type Viewer struct {
	site  string // that the handsets use, and how they reach it; "" is the listener that the viewer itself stands on
	dial  func(string) (net.Conn, error)
	mu    sync.Mutex
	desks map[string]*desk
	order []string // oldest first
}

// A desk is one developer's handsets. Its lock is held while a handset is used.
type desk struct {
	mu     sync.Mutex
	phones []*standing
}

// A standing is a handset on a desk and what went wrong with it last.
type standing struct {
	*phone.Phone
	model string
	trip  string
}

// New makes a viewer without desks.
func New() *Viewer { return &Viewer{desks: map[string]*desk{}} }

// Of makes a viewer of a site, "http://sns.example", that stands on another listener.
func Of(site string, dial func(addr string) (net.Conn, error)) *Viewer {
	v := New()
	v.site, v.dial = site, dial
	return v
}

// Handler answers requests for Path.
func (v *Viewer) Handler(ctx *fasthttp.RequestCtx) {
	d := v.desk(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	args := ctx.QueryArgs()
	if models := args.PeekMulti("m"); len(models) > 0 || len(d.phones) == 0 {
		d.arrange(v.siteOf(ctx), models)
	}
	switch s := d.at(string(args.Peek("phone"))); {
	case ctx.IsPost():
		d.send(ctx)
	case s != nil && args.Has("pic"):
		s.picture(ctx, string(args.Peek("pic")))
		return
	case s != nil && args.Has("key"):
		s.note(s.Key(string(args.Peek("key"))))
	case s != nil && args.Has("go"):
		s.note(s.Get(string(args.Peek("go"))))
	case args.Has("all"):
		for _, s := range d.phones {
			s.note(s.Get(string(args.Peek("all"))))
		}
	default:
		d.write(ctx)
		return
	}
	ctx.Response.Header.Set("Location", Path+"#p"+string(args.Peek("phone")))
	ctx.SetStatusCode(fasthttp.StatusSeeOther)
}

// desk finds the developer's desk by the cookie, or sets up a new one in place of the oldest.
func (v *Viewer) desk(ctx *fasthttp.RequestCtx) *desk {
	v.mu.Lock()
	defer v.mu.Unlock()
	if d := v.desks[string(ctx.Request.Header.Cookie("desk"))]; d != nil {
		return d
	}
	var b [16]byte
	rand.Read(b[:])
	id := base64.RawURLEncoding.EncodeToString(b[:])
	if len(v.order) == maxDesks {
		delete(v.desks, v.order[0])
		v.order = v.order[1:]
	}
	d := &desk{}
	v.desks[id], v.order = d, append(v.order, id)
	var c fasthttp.Cookie
	c.SetKey("desk")
	c.SetValue(id)
	c.SetPath(Path)
	c.SetHTTPOnly(true)
	c.SetSameSite(fasthttp.CookieSameSiteStrictMode)
	ctx.Response.Header.SetCookie(&c)
	return d
}

// siteOf says where the handsets go and how.
func (v *Viewer) siteOf(ctx *fasthttp.RequestCtx) phone.Config {
	if v.site != "" {
		return phone.Config{URL: v.site, Dial: v.dial}
	}
	here := ctx.LocalAddr().String()
	return phone.Config{URL: "http://" + string(ctx.Host()), Dial: func(string) (net.Conn, error) { return fasthttp.Dial(here) }}
}

// arrange puts handsets on the desk; those that stay keep their page. An unknown model is left out.
func (d *desk) arrange(site phone.Config, models [][]byte) {
	var names []string
	for _, m := range models {
		names = append(names, strings.Fields(string(m))...)
	}
	if len(names) == 0 {
		names = first
	}
	var next []*standing
	for _, name := range names[:min(len(names), maxPhones)] {
		if s := d.take(name); s != nil {
			next = append(next, s)
			continue
		}
		h, agent, ok := carriers.ModelHandset(name)
		if !ok {
			continue
		}
		site.UserAgent, site.ID = agent, subscriber[h.Carrier]
		p, err := phone.New(site)
		if err != nil {
			continue
		}
		s := &standing{Phone: p, model: name}
		s.note(s.Get("/"))
		next = append(next, s)
	}
	d.phones = next
}

// subscriber are the made-up IDs that the carriers' gateways tell for the handsets of a desk.
var subscriber = map[carriers.Carrier]string{
	carriers.DoCoMo: "vIEWer1", carriers.Au: "05000000000001_vw.ezweb.ne.jp", carriers.SoftBank: "vIEWer0000000001",
}

// take lifts a handset of that model off the desk.
func (d *desk) take(model string) *standing {
	for i, s := range d.phones {
		if s.model == model {
			d.phones = append(d.phones[:i:i], d.phones[i+1:]...)
			return s
		}
	}
	return nil
}

// at gives the handset with that number, nil if there is none.
func (d *desk) at(number string) *standing {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(d.phones) {
		return nil
	}
	return d.phones[n]
}

// send submits a form of a handset with what was typed into its screen.
func (d *desk) send(ctx *fasthttp.RequestCtx) {
	s := d.at(string(ctx.PostArgs().Peek(phoneField)))
	form, err := strconv.Atoi(string(ctx.PostArgs().Peek(formField)))
	if s == nil || err != nil {
		return
	}
	var pairs []string
	for name, value := range ctx.PostArgs().All() {
		if n := string(name); n != phoneField && n != formField {
			pairs = append(pairs, n, strings.ReplaceAll(string(value), "\r\n", "\n"))
		}
	}
	s.note(s.Submit(form, pairs...))
}

// note keeps what went wrong, to be shown on the handset.
func (s *standing) note(_ *phone.Page, err error) {
	s.trip = ""
	if err != nil {
		s.trip = err.Error()
	}
}

// picture passes on a picture as the handset gets it.
func (s *standing) picture(ctx *fasthttp.RequestCtx, target string) {
	if u, err := url.Parse(target); err != nil || u.Host != "" {
		ctx.SetStatusCode(fasthttp.StatusBadRequest)
		return
	}
	p, err := s.Get(target)
	if err != nil || !strings.HasPrefix(p.ContentType, "image/") {
		ctx.SetStatusCode(fasthttp.StatusNotFound)
		return
	}
	ctx.SetContentType(p.ContentType)
	ctx.Response.Header.Set("Cache-Control", "private, max-age=60")
	ctx.Response.Header.Set("X-Content-Type-Options", "nosniff")
	ctx.SetBody(p.Body)
}
