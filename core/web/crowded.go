package web

import "github.com/valyala/fasthttp"

// Cheap says of a path that its answer costs next to nothing: a server that bounds how much it does at once lets it in all
// the same, so that pages keep their style sheet.
func Cheap(path string) bool {
	_, ok := assets[path]
	return ok
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
	v.show(&errorPage{frame{v}, key})
}
