package web

import (
	"github.com/valyala/fasthttp"

	"musubi/core"
)

// outboxPath lists the letters of the service; on the admin listener / is the same.
const outboxPath = "/outbox"

// outboxRows is how many letters a page of the outbox shows.
const outboxRows = 20

// AdminHandler answers what an operator asks on the admin listener: the routes of access admin and
// console, and the style sheet. Everything else is 404. The first ask for no login: whoever reaches that listener is trusted to read
// the letters that wait. The console asks for name, password and code.
func (s *Site) AdminHandler(ctx *fasthttp.RequestCtx) {
	protect(ctx)
	v := &visit{site: s, ctx: ctx, words: english, behind: true}
	if err := s.serveOperator(v); err != nil {
		v.fail(err)
	}
}

func (s *Site) serveOperator(v *visit) error {
	path := string(v.ctx.Path())
	if path == "/" {
		path = outboxPath
	}
	r, known := routes.find(method(v.ctx), path)
	if !known || r.access != admin && r.access != console && !r.is(fixed) {
		return core.ErrNotFound
	}
	if err := s.mustBeFresh(v.ctx); err != nil && !r.is(fixed) {
		return err
	}
	v.ctx.SetUserValue(core.PeerKey{}, peerOf(v))
	if r.access == console {
		return s.serveConsole(v, r)
	}
	return s.handlers[r.endpoint()](v)
}

// outbox lists the letters, newest first.
func (v operatorPages) outbox() (err error) {
	p := &outboxPage{frame: frame(v), page: v.page(outboxRows)}
	if p.letters, p.more, err = v.site.core.Outbox.Letters(v.ctx, p.page); err != nil {
		return err
	}
	return v.show(p)
}
