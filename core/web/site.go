package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/outbox"
)

// Config of the pages. Zero values mean the documented default.
type Config struct {
	Secret []byte   // required: at least 32 bytes, the same as network.Config.Secret
	Name   string   // of the service, on every page; default "musubi"
	Hosts  []string // host names the service answers to, for checking where a form came from; default: the request's Host
	// BaseURL is what links in mails begin with, "https://musubi.example"; default: made of the first of Hosts. Never the
	// request's Host, which is anybody's to write.
	BaseURL string
	Secure  bool // the service is reached by https: cookies get Secure and the __Host- prefix
	// PlainPlayers takes what music players send by plain http although the service is reached by https: those of 2005 know
	// nothing else, and their keys open no page.
	PlainPlayers bool
	// GatewayKey verifies the gateway's X-Ktai-* fields (SEC-67); empty: they are ignored.
	GatewayKey []byte
	Setup      Setup       // what the page of the first member settles; nil: their account only
	ReadOnly   func() bool // nothing can be stored just now, which every page says; nil: never
	// Fresh is asked before a request reads: what is kept in memory must know what other processes have written. nil: there are none.
	Fresh func(ctx context.Context) error
	Zone  *time.Location // of the times on pages; default Japan
	Log   *slog.Logger   // default slog.Default()

	// Sign names a rune that only a carrier has, for browsers; "": it is none. nil: such signs stay as they are. What it gives is text.
	Sign func(r rune) string

	more []area // that are no part of this house
}

// Bounds of one request.
const (
	maxForm   = 256 << 10                // bytes of an ordinary form
	maxUpload = 3*core.MaxUpload + 1<<20 // bytes of a form with pictures, three of core.MaxUpload and some text
	formAge   = 12 * time.Hour           // a form can be sent for so long
	photoAge  = 6 * time.Hour            // an address of a picture works for at least so long
	clockSkew = 2 * time.Minute          // a form may come from a node whose clock is ahead by so much
	writeTime = 30 * time.Second         // to send an answer, or a piece of a file
	ktaiAge   = 5 * time.Minute          // a gateway's verdict is believed for so long
)

// Site answers requests. Safe for concurrent use.
type Site struct {
	core         *network.Services
	called       atomic.Value // string: the name of the service
	base         atomic.Value // string: what links in mails begin with
	hosts        []string
	secure       bool
	plainPlayers bool
	zone         *time.Location
	log          *slog.Logger
	setup        Setup
	full         func() bool
	sign         func(r rune) string
	fresh        func(ctx context.Context) error
	tables       []ConsoleTable

	area      // what all areas bind
	sending   sending
	icons     icons
	listening listening

	formKey, photoKey, gatewayKey []byte
}

// New checks the configuration and returns the site.
func New(services *network.Services, c Config) (*Site, error) {
	if services == nil || len(c.Secret) < 32 {
		return nil, errors.New("web: New needs the services and a secret of at least 32 bytes")
	}
	s := &Site{
		core: services, hosts: c.Hosts, secure: c.Secure, plainPlayers: c.PlainPlayers, zone: c.Zone, log: c.Log, setup: c.Setup, full: c.ReadOnly, sign: c.Sign, fresh: c.Fresh,
		formKey:    core.DeriveKey(c.Secret, "form"),
		photoKey:   core.DeriveKey(c.Secret, "photo"),
		gatewayKey: c.GatewayKey,
	}
	var err error
	if s.area, err = joinAreas(routes, append(areas(), c.more...)); err != nil {
		return nil, err
	}
	if c.BaseURL == "" {
		c.BaseURL = defaultBase(c)
	}
	s.SetBaseURL(c.BaseURL)
	s.SetName(c.Name)
	if s.zone == nil {
		s.zone = time.FixedZone("JST", 9*60*60)
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	services.UseLetters(letterWriter{s})
	return s, nil
}

// SetBaseURL changes Config.BaseURL: for a service whose address is known only when it listens.
func (s *Site) SetBaseURL(url string) {
	url = strings.TrimSuffix(url, "/")
	s.base.Store(url)
	s.core.Outbox.UseHere(url)
}

// Link is the whole address of one of our pages.
func (s *Site) Link(path string) string { return s.link(path) }

func (s *Site) link(path string) string { return s.base.Load().(string) + path }

// mailLink is the address of one of our pages in a mail: where the service is, is written when the mail is sent.
func (s *Site) mailLink(path string) string { return outbox.Here + path }

// SetTables says what the console shows of the program around. Call it before the site is served.
func (s *Site) SetTables(t []ConsoleTable) { s.tables = t }

// SetName changes Config.Name.
func (s *Site) SetName(name string) { s.called.Store(cmp.Or(name, "musubi")) }

// name is what the service is called: as the operator has chosen on the console, or as the program was started.
func (s *Site) name() string {
	return cmp.Or(s.core.Policy.State(context.Background()).Name, s.called.Load().(string))
}

func defaultBase(c Config) string {
	host := "localhost"
	if len(c.Hosts) > 0 {
		host = c.Hosts[0]
	}
	if c.Secure {
		return "https://" + host
	}
	return "http://" + host
}

// Server is a fasthttp server for the handler when the core stands alone (musubi core), with every limit set.
func (s *Site) Server() *fasthttp.Server {
	return &fasthttp.Server{
		Handler: s.Handler, Name: s.name(), NoDefaultServerHeader: true, NoDefaultContentType: true, NoDefaultDate: false,
		ReadTimeout: 30 * time.Second, WriteTimeout: writeTime, IdleTimeout: 60 * time.Second,
		Concurrency: 10000, MaxRequestsPerConn: 10000, ReadBufferSize: 16 << 10, MaxRequestBodySize: max(maxUpload, s.mostBytes(&route{traits: films})),
		DisablePreParseMultipartForm: true, SecureErrorLogMessage: true, CloseOnShutdown: true,
	}
}

// Handler answers one request. It never panics.
func (s *Site) Handler(ctx *fasthttp.RequestCtx) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("panic", "path", string(ctx.Path()), "value", fmt.Sprint(r), "stack", string(debug.Stack()))
			ctx.Response.Reset()
			protect(ctx)
			ctx.SetStatusCode(fasthttp.StatusInternalServerError)
			ctx.SetContentType("text/plain; charset=utf-8")
			ctx.SetBodyString(japanese.t("error.internal") + "\n")
		}
	}()
	protect(ctx)
	if s.secure {
		ctx.Response.Header.Set("Strict-Transport-Security", "max-age=31536000")
	}
	v := &visit{site: s, ctx: ctx, words: japanese}
	if err := s.serve(v); err != nil {
		advertPages{v}.takeBack()
		v.fail(err)
	}
}

// mustBeFresh refuses to show what may be old: a block made on another node counts from the first request after its answer.
func (s *Site) mustBeFresh(ctx context.Context) error {
	if s.fresh == nil {
		return nil
	}
	if err := s.fresh(ctx); err != nil {
		return fmt.Errorf("%w: %w", core.ErrNotStored, err)
	}
	return nil
}

// serve finds the route, lets in who may come in, and runs it.
func (s *Site) serve(v *visit) error {
	r, known := routes.find(method(v.ctx), pathOf(v.ctx))
	v.ktai = s.verdict(v.ctx)
	v.ktai.device = deviceOf(string(v.ctx.UserAgent()))
	if !known || !r.is(fixed) {
		if err := s.mustBeFresh(v.ctx); err != nil {
			return err
		}
	}
	if err := v.openSession(); err != nil {
		return err
	}
	asks := false
	if !known {
		if forScript(pathOf(v.ctx)) {
			return apiPages{v}.nowhere()
		}
		if r, asks = routes.asks(method(v.ctx), pathOf(v.ctx)); !asks {
			return core.ErrNotFound
		}
	}
	if done, err := (housePages{v}).gate(r); err != nil || done {
		return err
	}
	switch r.access {
	case public:
	case member, owner: // whose a thing is, and who may see it, is core's to say
		if v.member.ID == 0 {
			return keptForm{v}.askLogin(r)
		}
	case console: // of members with a role; for everybody else the same as what is not there
		return s.serveMemberConsole(v, r)
	default: // admin: on the admin listener only, and here the same as what is not there, whoever asks (SEC-110)
		return core.ErrNotFound
	}
	if r.is(onPC) && !v.forPC() {
		return v.show(&errorPage{frame{v}, onPCKey, v.t("error.onpchow")})
	}
	if asks {
		return keptForm{v}.askFirst(r, v.linked())
	}
	if r.method == post || r.is(writes) || r.is(program) {
		v.ctx.SetUserValue(core.PeerKey{}, peerOf(v))
	}
	if r.is(program) {
		return s.handlers[r.endpoint()](v)
	}
	if r.method == post && !r.is(raw) {
		if err := v.openForm(r); err == errStale && r.is(kept) {
			return keptForm{v}.showStale(r)
		} else if err != nil {
			return err
		}
		if err := (housePages{v}).mayWrite(r); err != nil {
			return err
		}
		if r.is(deletes) || r.is(mayDelete) && v.form.pressed("delete") || v.form.ends(r) {
			if !v.form.pressed(sureField) {
				return keptForm{v}.askFirst(r, v.form.values)
			}
		}
	}
	err := answerOnce(v, s.handlers[r.endpoint()])
	if err == nil {
		noteDone(v, r)
		v.counts(r)
	}
	return err
}

// method treats HEAD as GET; fasthttp leaves the body out.
func method(ctx *fasthttp.RequestCtx) string {
	if ctx.IsHead() {
		return fasthttp.MethodGet
	}
	return string(ctx.Method())
}

// protect sets the fields that every response carries: nothing is cached, indexed, framed or sniffed, and no script or
// foreign picture runs (SEC-70, 73, 74).
func protect(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.Set("Cache-Control", "private, no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Expires", "0")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; script-src 'none'; style-src 'self' 'unsafe-inline'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// ownHost says whether a host, as Origin names it, is ours: the one that was asked for, port and all (the gateway has
// checked that), or one that is configured.
func (s *Site) ownHost(ctx *fasthttp.RequestCtx, host string) bool {
	if strings.EqualFold(host, string(ctx.Host())) {
		return true
	}
	for _, h := range s.hosts {
		if strings.EqualFold(h, host) {
			return true
		}
	}
	return false
}
