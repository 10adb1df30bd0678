package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	httppprof "net/http/pprof"
	"net/netip"
	"runtime/debug"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"
)

// Operators sets up a server for operators, for a listener of its own that the Internet cannot reach (SEC-69). It answers to
// addresses, to localhost and to the names in Hosts, so that a page of some other site that gives its own name this address
// reads nothing (SEC-15):
//
//	GET  /healthz                        the process is alive
//	GET  /readyz                         it can serve (503 and the reason if not)
//	GET  /metrics                        Prometheus' text format
//	GET  /debug/pprof/                   what profiles there are; also cmdline, and symbol for programs that ask for names
//	GET  /debug/pprof/profile?seconds=10 where processor time goes, for go tool pprof
//	GET  /debug/pprof/trace?seconds=1    what runs when, for go tool trace
//	GET  /debug/pprof/heap               what memory is used for; also allocs, goroutine, threadcreate, block, mutex; ?debug=1 as text
//	POST /easy-login?on=1&carrier=au     the switch of easy login, for one carrier or for all
//	POST /reload                         reads again what may change while the process runs
type Operators struct {
	Hosts     []string
	Ready     func() error                            // why the process cannot serve; nil: it always can
	Metrics   []func(w io.Writer)                     // what /metrics has
	Reload    func() error                            // nil: there is nothing to reload
	EasyLogin func(carrier carriers.Carrier, on bool) // nil: there is no such switch
	Pages     map[string]fasthttp.RequestHandler      // by path: the handset viewer
	More      fasthttp.RequestHandler                 // answers what is not listed above; nil: nobody does
	Log       *slog.Logger                            // required
}

// Server is the server of an Operators.
func (o Operators) Server() *fasthttp.Server {
	l := Limits{}.withDefaults()
	return &fasthttp.Server{
		Handler:     wire.Guard(OperatorsOnly(o.Hosts, o.handler)),
		ReadTimeout: l.HeaderTime, WriteTimeout: l.WriteTime + maxProfile, IdleTimeout: l.IdleTime, Concurrency: 100, MaxRequestBodySize: l.UploadBytes,
		NoDefaultServerHeader: true, NoDefaultContentType: true, SecureErrorLogMessage: true, CloseOnShutdown: true, Logger: quiet{},
	}
}

// AdminServer is the operators' server of a gateway: o with what the gateway knows of itself.
func (g *Gateway) AdminServer(o Operators) *fasthttp.Server {
	o.Metrics = append([]func(io.Writer){g.WriteMetrics}, o.Metrics...)
	o.EasyLogin, o.Log = g.SetEasyLogin, g.cfg.Log
	more := o.Ready
	o.Ready = func() error {
		if err := g.ready(); err != nil || more == nil {
			return err
		}
		return more()
	}
	return o.Server()
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

// adminPages are the paths of an operators' server and the method of each.
var adminPages = map[string]string{
	"/healthz": "GET", "/readyz": "GET", "/metrics": "GET", "/debug/pprof/profile": "GET", "/debug/pprof/trace": "GET",
	"/debug/pprof": "GET", "/debug/pprof/": "GET", "/debug/pprof/cmdline": "GET", "/debug/pprof/symbol": "GET POST",
	"/easy-login": "POST", "/reload": "POST",
}

// profiles are those that are there at any time, below /debug/pprof/.
var profiles = []string{"heap", "allocs", "goroutine", "threadcreate", "block", "mutex"}

func init() {
	for _, name := range profiles {
		adminPages["/debug/pprof/"+name] = "GET"
	}
}

func (o *Operators) handler(ctx *fasthttp.RequestCtx) {
	defer func() {
		if p := recover(); p != nil {
			o.Log.Error("panic on an operators' page", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			ctx.Error("Internal error.\n", fasthttp.StatusInternalServerError)
		}
	}()
	path := string(ctx.Path())
	if page := o.Pages[path]; page != nil {
		page(ctx)
		return
	}
	method, own := adminPages[path]
	if !own && o.More != nil {
		o.More(ctx)
		return
	}
	ctx.SetContentType("text/plain; charset=utf-8")
	ctx.Response.Header.Set("Cache-Control", "no-store")
	if own && !slices.Contains(strings.Fields(method), string(ctx.Method())) {
		ctx.Error("This needs "+method+".\n", fasthttp.StatusMethodNotAllowed)
		return
	}
	switch name, profile := strings.CutPrefix(path, "/debug/pprof/"); {
	case path == "/healthz":
		ctx.SetBodyString("ok\n")
	case path == "/readyz":
		o.ready(ctx)
	case path == "/metrics":
		ctx.SetContentType("text/plain; version=0.0.4; charset=utf-8")
		var measured bytes.Buffer
		for _, write := range o.Metrics {
			write(&measured)
		}
		writeExposition(ctx, measured.Bytes())
	case path == "/easy-login":
		o.switchEasyLogin(ctx)
	case path == "/reload":
		adminReload(ctx, o.Reload)
	case profile && name == "profile":
		adminProfile(ctx, 10*time.Second, pprof.StartCPUProfile, pprof.StopCPUProfile)
	case profile && name == "trace":
		adminProfile(ctx, time.Second, trace.Start, trace.Stop)
	case path == "/debug/pprof":
		ctx.Redirect("/debug/pprof/", fasthttp.StatusMovedPermanently)
	case profile && (name == "" || name == "cmdline" || name == "symbol"):
		fasthttpadaptor.NewFastHTTPHandlerFunc(map[string]http.HandlerFunc{"": httppprof.Index, "cmdline": httppprof.Cmdline, "symbol": httppprof.Symbol}[name])(ctx)
	case own:
		verbose, _ := strconv.Atoi(string(ctx.QueryArgs().Peek("debug"))) // what is no number is the usual form
		if verbose <= 0 {
			ctx.SetContentType("application/octet-stream")
		}
		pprof.Lookup(name).WriteTo(ctx, verbose)
	default:
		ctx.Error("There is no such page.\n", fasthttp.StatusNotFound)
	}
}

func (o *Operators) ready(ctx *fasthttp.RequestCtx) {
	if o.Ready != nil {
		if err := o.Ready(); err != nil {
			ctx.Error(err.Error()+"\n", fasthttp.StatusServiceUnavailable)
			return
		}
	}
	ctx.SetBodyString("ready\n")
}

// ready says why a gateway cannot serve.
func (g *Gateway) ready() error {
	if err := g.cfg.Sessions.Ping(context.Background()); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	if p, ok := g.cfg.Upstream.(*Pool); ok && p.Up() == 0 {
		return errors.New("no upstream answers")
	}
	return nil
}

// maxProfile bounds one profile.
const maxProfile = time.Minute

// adminProfile measures for some seconds what the process does: one at a time, and not for a page of some other site.
func adminProfile(ctx *fasthttp.RequestCtx, length time.Duration, start func(io.Writer) error, stop func()) {
	if fromBrowser(ctx) {
		return
	}
	if s := string(ctx.QueryArgs().Peek("seconds")); s != "" {
		n, err := strconv.Atoi(s)
		if length = time.Duration(n) * time.Second; err != nil || n < 1 || length > maxProfile {
			ctx.Error("seconds must be 1 to 60\n", fasthttp.StatusBadRequest)
			return
		}
	}
	var measured bytes.Buffer
	if err := start(&measured); err != nil {
		ctx.Error("A profile is being made already.\n", fasthttp.StatusConflict)
		return
	}
	time.Sleep(length)
	stop()
	ctx.SetContentType("application/octet-stream")
	ctx.SetBody(measured.Bytes())
}

func (o *Operators) switchEasyLogin(ctx *fasthttp.RequestCtx) {
	if fromBrowser(ctx) {
		return
	}
	on, carrier := string(ctx.QueryArgs().Peek("on")), string(ctx.QueryArgs().Peek("carrier"))
	switch {
	case o.EasyLogin == nil:
		ctx.Error("There is no such page.\n", fasthttp.StatusNotFound)
		return
	case on != "0" && on != "1":
		ctx.Error("on must be 0 or 1\n", fasthttp.StatusBadRequest)
		return
	}
	o.EasyLogin(carriers.Carrier(strings.Clone(carrier)), on == "1")
	o.Log.Warn("easy login switched", "carrier", carrier, "on", on == "1")
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
