package gateway

import (
	"errors"
	"net"
	"time"

	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
)

// Server returns a fasthttp server for this gateway with every limit set that the library leaves open (SEC-64). Serve
// connections with Gateway.Serve, which also looks at the request line's own line end.
func (g *Gateway) Server() *fasthttp.Server {
	l := g.cfg.Limits
	return &fasthttp.Server{
		Handler:        g.Handler,
		ErrorHandler:   onParseError,
		HeaderReceived: g.headerReceived,
		ExpectHandler:  g.expect,

		ReadTimeout:        l.HeaderTime,
		WriteTimeout:       l.WriteTime,
		IdleTimeout:        l.IdleTime,
		ReadBufferSize:     l.HeaderBytes + maxTarget,
		WriteBufferSize:    8 << 10,
		MaxRequestBodySize: l.UploadBytes,
		MaxRequestsPerConn: l.ConnRequests,
		Concurrency:        l.Connections,
		MaxConnsPerIP:      0, // a carrier's gateway is few addresses with thousands of handsets behind

		// Bodies are read by the handler, after host, size and method have passed, within its own limits.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		NoDefaultServerHeader:        true,
		NoDefaultContentType:         true,
		SecureErrorLogMessage:        true,
		CloseOnShutdown:              true,
		Logger:                       quiet{},
	}
}

// quiet drops the server's own log lines: they quote what clients sent.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// Serve answers connections of the listener until it is closed; there may be several. The port of each is taken as one the gateway
// answers to. A listener that is to be drained is one of package wire; any other is made one.
func (g *Gateway) Serve(s *fasthttp.Server, ln net.Listener) error {
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		g.listensOn(a.Port)
	}
	if _, ok := ln.(*wire.Listener); !ok {
		ln = g.Listen(ln)
	}
	return s.Serve(ln)
}

// Listen makes a listener for Serve, with no more connections than Limits says and the machine has room for.
func (g *Gateway) Listen(ln net.Listener) *wire.Listener {
	return wire.New(ln, g.cfg.Limits.Connections, g.cfg.Log)
}

// headerReceived gives a request with a body the time to send it: more for a declared upload. A header section must
// arrive within the server's shorter ReadTimeout.
func (g *Gateway) headerReceived(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	n := h.ContentLength()
	if n == 0 || n < -1 || n > max(g.bodyLimit(h), g.mostBytes()) {
		return fasthttp.RequestConfig{}
	}
	t := g.cfg.Limits.BodyTime
	if n > 0 {
		t += time.Duration(n/(16<<10)) * time.Second
	}
	return fasthttp.RequestConfig{ReadTimeout: t}
}

// expect decides about Expect: 100-continue before the client sends its body.
func (g *Gateway) expect(ctx *fasthttp.RequestCtx) int {
	if ctx.Request.Header.ContentLength() > g.mostBytes() {
		return errTooLarge.status
	}
	if w := g.cfg.World; w != nil && w.Proxy {
		if _, absolute := cutScheme(string(ctx.Request.Header.RequestURI())); absolute {
			return fasthttp.StatusContinue // a site's form: the handler says whether this client may send it
		}
	}
	if !g.answersTo(string(ctx.Request.Header.Host()), ctx.IsTLS()) {
		return errWrongHost.status
	}
	return fasthttp.StatusContinue
}

// parseErrorKind maps what fasthttp could not read to the page that says so.
func parseErrorKind(err error) *kind {
	var small *fasthttp.ErrSmallBuffer
	var timeout net.Error
	switch {
	case errors.As(err, &small):
		return errHeaderTooLarge
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return errTooLarge
	case errors.As(err, &timeout) && timeout.Timeout():
		return errTimeout
	}
	return errMalformed
}
