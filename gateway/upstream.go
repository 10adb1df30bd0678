package gateway

import (
	"sync"

	"github.com/valyala/fasthttp"
)

// An Upstream answers requests in canonical markup or any other HTML: the core, or some other web application. After an
// error resp is not looked at. Implementations are safe for concurrent use.
type Upstream interface {
	Do(req *fasthttp.Request, resp *fasthttp.Response) error
}

// InProcess makes an Upstream of a handler in the same process: no socket, no second parse.
func InProcess(h fasthttp.RequestHandler) Upstream {
	return &inProcess{handler: h}
}

type inProcess struct {
	handler  fasthttp.RequestHandler
	contexts sync.Pool
}

// Do implements Upstream. A panic of the handler goes on to the caller.
func (u *inProcess) Do(req *fasthttp.Request, resp *fasthttp.Response) error {
	ctx, ok := u.contexts.Get().(*fasthttp.RequestCtx)
	if !ok {
		ctx = new(fasthttp.RequestCtx)
	}
	ctx.Init(req, nil, quiet{})
	u.handler(ctx)
	if ctx.Response.IsBodyStream() {
		// The body goes on as it comes. Its context is not used again: to empty it would close the stream.
		ctx.Response.Header.CopyTo(&resp.Header)
		resp.SetBodyStream(ctx.Response.BodyStream(), ctx.Response.Header.ContentLength())
		return nil
	}
	resp.Reset()
	ctx.Response.Header.CopyTo(&resp.Header)
	resp.SkipBody = ctx.Response.SkipBody
	moveBody(resp, &ctx.Response)
	ctx.Request.Reset()
	ctx.Response.Reset()
	ctx.ResetUserValues()
	u.contexts.Put(ctx)
	return nil
}

// moveBody gives dst the body of src, which is no stream, and src the memory that dst had: nothing is copied unless the body
// belongs to somebody else (SetBodyRaw).
func moveBody(dst, src *fasthttp.Response) {
	body := src.Body()
	if len(body) == 0 {
		return
	}
	own := src.SwapBody(dst.SwapBody(nil)[:0])
	if len(own) != len(body) || &own[0] != &body[0] {
		dst.SetBody(body)
		return
	}
	dst.SwapBody(own)
}
