package web

import (
	"github.com/valyala/fasthttp"

	"musubi/core"
)

// outboxRows is how many letters a page of the outbox shows.
const outboxRows = 20

// AdminHandler answers what an operator asks on the admin listener: / and /outbox list the letters of the service, newest
// first, and the style sheet is there too. Everything else is 404. It asks for no login: whoever reaches that listener is trusted.
func (s *Site) AdminHandler(ctx *fasthttp.RequestCtx) {
	protect(ctx)
	v := &visit{site: s, ctx: ctx, words: english}
	path := string(ctx.Path())
	if _, ok := assets[path]; ok && method(ctx) == get {
		openPages{v}.asset()
		return
	}
	if method(ctx) != get || path != "/" && path != "/outbox" {
		v.fail(core.ErrNotFound)
		return
	}
	p := &outboxPage{frame: frame{v}, page: v.page(outboxRows)}
	var err error
	if p.letters, p.more, err = s.core.Letters(ctx, p.page); err != nil {
		v.fail(err)
		return
	}
	v.show(p)
}
