package gateway

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
)

// AdminServer returns a server for operators, for a listener of its own that the Internet cannot reach (SEC-69). It answers
// to addresses, to localhost and to the names in hosts, so that a page of some other site that gives its own name this
// address reads nothing (SEC-15). reload may be nil; more, if not nil, answers what is not listed here:
//
//	GET  /healthz                        the process is alive
//	GET  /readyz                         the session store can be used (503 and the reason if not)
//	GET  /metrics                        Prometheus' text format
//	GET  /debug/pprof/profile?seconds=10 where processor time goes, for go tool pprof
//	GET  /debug/pprof/heap               what memory is used for
//	POST /easy-login?on=1&carrier=au     the switch of easy login, for one carrier or for all
//	POST /reload                         reads ranges and tables again
func (g *Gateway) AdminServer(hosts []string, reload func() error, more fasthttp.RequestHandler) *fasthttp.Server {
	l := g.cfg.Limits
	return &fasthttp.Server{
		Handler:     wire.Guard(OperatorsOnly(hosts, g.adminHandler(reload, more))),
		ReadTimeout: l.HeaderTime, WriteTimeout: l.WriteTime, IdleTimeout: l.IdleTime, Concurrency: 100, MaxRequestBodySize: 64 << 10,
		NoDefaultServerHeader: true, NoDefaultContentType: true, SecureErrorLogMessage: true, CloseOnShutdown: true, Logger: quiet{},
	}
}

// OperatorsOnly answers a request only if its Host is an address, localhost or one of the names: a browser that was led here
// by some other site's name says that name. A name without a port stands for itself with any.
func OperatorsOnly(names []string, h fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if !operatorsHost(string(ctx.Request.Header.Host()), names) {
			ctx.Error("This listener answers to addresses, to localhost and to the names of --admin-hosts only.\n", fasthttp.StatusMisdirectedRequest)
			ctx.SetConnectionClose()
			return
		}
		h(ctx)
	}
}

func operatorsHost(host string, names []string) bool {
	host = strings.ToLower(host)
	name, _, ok := splitPort(host)
	if !ok || !validHost(host) {
		return false
	}
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil || name == "localhost" || slices.Contains(names, name) || slices.Contains(names, host)
}

// adminPages are the paths of the gateway's own and the method of each.
var adminPages = map[string]string{
	"/healthz": "GET", "/readyz": "GET", "/metrics": "GET", "/debug/pprof/profile": "GET", "/debug/pprof/heap": "GET",
	"/easy-login": "POST", "/reload": "POST",
}

func (g *Gateway) adminHandler(reload func() error, more fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		defer func() {
			if p := recover(); p != nil {
				g.cfg.Log.Error("panic on an operators' page", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				ctx.Error("Internal error.\n", fasthttp.StatusInternalServerError)
			}
		}()
		path := string(ctx.Path())
		method, own := adminPages[path]
		if !own && more != nil {
			more(ctx)
			return
		}
		ctx.SetContentType("text/plain; charset=utf-8")
		ctx.Response.Header.Set("Cache-Control", "no-store")
		if own && string(ctx.Method()) != method {
			ctx.Error("This needs "+method+".\n", fasthttp.StatusMethodNotAllowed)
			return
		}
		switch path {
		case "/healthz":
			ctx.SetBodyString("ok\n")
		case "/readyz":
			g.ready(ctx)
		case "/metrics":
			g.WriteMetrics(ctx)
		case "/debug/pprof/profile":
			adminProfile(ctx)
		case "/debug/pprof/heap":
			ctx.SetContentType("application/octet-stream")
			pprof.Lookup("heap").WriteTo(ctx, 0)
		case "/easy-login":
			g.adminEasyLogin(ctx)
		case "/reload":
			adminReload(ctx, reload)
		default:
			ctx.Error("There is no such page.\n", fasthttp.StatusNotFound)
		}
	}
}

func (g *Gateway) ready(ctx *fasthttp.RequestCtx) {
	if err := g.cfg.Sessions.Ping(context.Background()); err != nil {
		ctx.Error("sessions: "+err.Error()+"\n", fasthttp.StatusServiceUnavailable)
		return
	}
	if p, ok := g.cfg.Upstream.(*Pool); ok && p.Up() == 0 {
		ctx.Error("no upstream answers\n", fasthttp.StatusServiceUnavailable)
		return
	}
	ctx.SetBodyString("ready\n")
}

// maxProfile bounds one profile.
const maxProfile = time.Minute

// adminProfile measures for some seconds where processor time goes: one at a time, and not for a page of some other site.
func adminProfile(ctx *fasthttp.RequestCtx) {
	if fromBrowser(ctx) {
		return
	}
	length := 10 * time.Second
	if s := string(ctx.QueryArgs().Peek("seconds")); s != "" {
		n, err := strconv.Atoi(s)
		if length = time.Duration(n) * time.Second; err != nil || n < 1 || length > maxProfile {
			ctx.Error("seconds must be 1 to 60\n", fasthttp.StatusBadRequest)
			return
		}
	}
	var measured bytes.Buffer
	if err := pprof.StartCPUProfile(&measured); err != nil {
		ctx.Error("A profile is being made already.\n", fasthttp.StatusConflict)
		return
	}
	time.Sleep(length)
	pprof.StopCPUProfile()
	ctx.SetContentType("application/octet-stream")
	ctx.SetBody(measured.Bytes())
}

func (g *Gateway) adminEasyLogin(ctx *fasthttp.RequestCtx) {
	if fromBrowser(ctx) {
		return
	}
	on, carrier := string(ctx.QueryArgs().Peek("on")), string(ctx.QueryArgs().Peek("carrier"))
	if on != "0" && on != "1" {
		ctx.Error("on must be 0 or 1\n", fasthttp.StatusBadRequest)
		return
	}
	g.SetEasyLogin(carriers.Carrier(strings.Clone(carrier)), on == "1")
	g.cfg.Log.Warn("easy login switched", "carrier", carrier, "on", on == "1")
	ctx.SetBodyString("done\n")
}

func adminReload(ctx *fasthttp.RequestCtx, reload func() error) {
	if fromBrowser(ctx) {
		return
	}
	if reload == nil {
		ctx.Error("nothing to reload\n", fasthttp.StatusNotFound)
		return
	}
	if err := reload(); err != nil {
		ctx.Error("not reloaded, the old settings stay: "+err.Error()+"\n", fasthttp.StatusUnprocessableEntity)
		return
	}
	ctx.SetBodyString("reloaded\n")
}

// fromBrowser refuses requests that a page of some other site made an operator's browser send.
func fromBrowser(ctx *fasthttp.RequestCtx) bool {
	if len(ctx.Request.Header.Peek("Origin")) == 0 && len(ctx.Request.Header.Peek("Sec-Fetch-Site")) == 0 {
		return false
	}
	ctx.Error("Not from a browser.\n", fasthttp.StatusForbidden)
	return true
}
