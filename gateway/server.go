package gateway

import (
	"bytes"
	"errors"
	"net"
	"time"

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

// Serve answers connections of the listener until it is closed. The port of the listener is taken as one the gateway
// answers to.
func (g *Gateway) Serve(s *fasthttp.Server, ln net.Listener) error {
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		g.port.Store(int32(a.Port))
	}
	s.ConnState = func(c net.Conn, state fasthttp.ConnState) {
		if w, ok := c.(*watchedConn); ok && state == fasthttp.StateIdle {
			w.line = w.line[:0]
			w.atLine = true
		}
	}
	return s.Serve(watchedListener{ln})
}

// headerReceived gives a request with a body the time to send it: more for a declared upload. A header section must
// arrive within the server's shorter ReadTimeout.
func (g *Gateway) headerReceived(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	n := h.ContentLength()
	if n == 0 || n < -1 || n > g.bodyLimit(mediaType(h.ContentType())) {
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
	if ctx.Request.Header.ContentLength() > g.cfg.Limits.UploadBytes {
		return errTooLarge.status
	}
	if !g.hostList().allows(string(ctx.Request.Header.Host()), ctx.IsTLS()) {
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

// A watchedListener hands out connections that look at the end of each request line: the parser takes a bare LF there
// and keeps no trace of it (SEC-11).
type watchedListener struct{ net.Listener }

func (l watchedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &watchedConn{Conn: c, atLine: true}, nil
}

// A watchedConn collects the bytes of a request line until its end. It is used by one goroutine, the connection's.
type watchedConn struct {
	net.Conn
	line   []byte
	atLine bool // the next bytes begin a request
	bare   bool // a request line ended in a bare LF
}

func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for b := p[:n]; c.atLine && len(b) > 0; {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			if len(c.line) < 2*maxTarget {
				c.line = append(c.line, b...)
			}
			break
		}
		c.line = append(c.line, b[:i]...)
		b = b[i+1:]
		if len(bytes.TrimSuffix(c.line, []byte("\r"))) == 0 { // empty lines before a request are forgiven
			c.line = c.line[:0]
			continue
		}
		c.atLine = false
		// After pipelined requests the bytes may begin inside one; only what looks like a request line counts.
		c.bare = c.bare || !bytes.HasSuffix(c.line, []byte("\r")) && bytes.Contains(c.line, []byte(" HTTP/"))
	}
	return n, err
}

// bareLine says whether the connection had a request line with a bare LF.
func bareLine(c net.Conn) bool {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	w, ok := c.(*watchedConn)
	return ok && w.bare
}
