package web

import "github.com/valyala/fasthttp"

// A Need is what answering a request waits for. A server that bounds how much it does at once bounds each for itself, so
// that those who wait for one thing do not keep those out who wait for another.
type Need uint8

// Needs of requests.
const (
	NeedsNothing Need = iota // a style sheet, a small picture: it is let in always
	NeedsReading
	NeedsWriting // the store has one writer
	NeedsLabor   // a processor for long, and room for what is worked on: a password to hash, pictures to fit
)

// manyBytes is how long a form is that must have pictures in it.
const manyBytes = 64 << 10

// NeedOf says what a request with a body of so many bytes needs.
func NeedOf(method, path string, body int) Need {
	if method == fasthttp.MethodHead {
		method = get
	}
	r, known := routes.find(method, path)
	switch {
	case known && r.is(fixed):
		return NeedsNothing
	case method == get && !(known && r.is(writes)):
		return NeedsReading
	case known && r.is(hashes) || body > manyBytes:
		return NeedsLabor
	}
	return NeedsWriting
}

// Pattern is how the route of a request is called, "/photo/" for every photo: for meters, which must not have a name for each
// address that somebody makes up.
func Pattern(method, path string) string {
	if method == fasthttp.MethodHead {
		method = get
	}
	if r, known := routes.find(method, path); known {
		return r.path
	}
	return "none"
}

// Crowded answers a request that there is no room for. Nothing has been looked at or stored, and the page says so to
// whoever sent a form.
func (s *Site) Crowded(ctx *fasthttp.RequestCtx) {
	protect(ctx)
	v := &visit{site: s, ctx: ctx, words: japanese}
	ctx.SetStatusCode(fasthttp.StatusServiceUnavailable)
	ctx.Response.Header.Set("Retry-After", "5")
	key := "error.crowded"
	if method(ctx) != fasthttp.MethodGet {
		key = "error.crowdedform"
	}
	v.chooseLanguage()
	v.show(&errorPage{frame{v}, key, v.t(key)})
}
