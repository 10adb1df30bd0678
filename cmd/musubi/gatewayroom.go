package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"

	"musubi/carriers"
	"musubi/core/disk"
	"musubi/gateway"
	"musubi/gateway/door"
	"musubi/gateway/fetch"
	"musubi/gateway/redis"
	"musubi/gateway/session"
	"musubi/gateway/viewer"
	"musubi/gateway/wire"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"
)

// gatewayRoom is a gateway with its listeners and stores: what demo, serve and gateway share.
type gatewayRoom struct {
	gateway      *gateway.Gateway
	sessions     session.Store
	shared       gateway.Shared // nil: this gateway has its own only
	cfg          *gatewayOptions
	demo         bool
	public, back *wire.Listener
	log          *slog.Logger
	tlsRoom
	traces *tracer // nil: nobody follows
}

// gatewayOptions is how a gatewayRoom is set up.
type gatewayOptions struct {
	serving
	handsets
	encryption
	following
	rules    string // see foreign.Rules
	upstream gateway.Upstream
	world    *gateway.World
	web      *fetch.Client // where pages come from, if it is the web
	foreign  bool          // the upstream is not musubi's core
	// upstreamTLS says that the way to the upstream is encrypted.
	upstreamTLS bool
	// upstreamNames are the upstream's own addresses.
	upstreamNames []string
	secret        []byte // shared with the core; nil for a foreign upstream
	demo          bool   // believe subscriber IDs from loopback
	pages         map[string]fasthttp.RequestHandler
	operators     gateway.Operators // what they see beside the gateway
	log           *slog.Logger
	access        io.Writer                                     // gets a line for each request; nil: nobody does
	kind          func(method, path string, body int) door.Kind // this, route, whole and program: see gateway.Config
	program       func(method, path, query string) bool
	route         func(method, path string) string
	whole         func(path string) bool

	maxUpload   int   // bytes of a form with files; 0: the gateway's default
	maxDownload int64 // of an answer that is passed through; 0: the same
}

// openGateway opens listeners, session store and keys, and makes the gateway. Close it after serve has returned.
func openGateway(o gatewayOptions) (*gatewayRoom, error) {
	if err := cmp.Or(o.serving.check(), o.handsets.check(), o.encryption.check(o.Hosts)); err != nil {
		return nil, err
	}
	if err := disk.MakeDir(o.Data); err != nil {
		return nil, badUsage("--data %s: %v", o.Data, err)
	}
	r := &gatewayRoom{cfg: &o, demo: o.demo, log: o.log}
	if err := r.open(o); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *gatewayRoom) open(o gatewayOptions) (err error) {
	if r.public, err = listen("listen", o.Listen, mostConnections, o.log); err != nil {
		return err
	}
	if r.public.Addr().Network() == "unix" && len(o.Hosts) == 0 {
		return badUsage("--listen %s: a socket has no name that members could type; name the site with --hosts", o.Listen)
	}
	if r.back, err = listen("admin-listen", o.AdminListen, mostOperators, o.log); err != nil {
		return err
	}
	if err := r.openTLS(&o); err != nil {
		return err
	}
	if err := r.openSessions(); err != nil {
		return err
	}
	registry, err := r.registry()
	var bad *carriers.RangesError
	if errors.As(err, &bad) { // the site runs, and nobody's ID is believed
		r.log.Error("no address range is believed", "error", err.Error())
	} else if err != nil {
		return badUsage("--carriers %s: %w", o.Carriers, err)
	}
	r.tellsHandsets.Store(registry)
	proxies, err := o.proxies()
	if err != nil {
		return err
	}
	keys, err := gateway.OpenLoginKeys(filepath.Join(o.Data, loginKeysFile))
	if err != nil {
		return err
	}
	rules, err := readRules(o.rules)
	if err != nil {
		return err
	}
	limits, err := doorLimits(o.AtOnce, o.InLine)
	if err != nil {
		return err
	}
	if r.traces, err = openTraces(&o.following, o.log); err != nil {
		return err
	}
	r.gateway, err = gateway.New(gateway.Config{
		Upstream: o.upstream, UpstreamTLS: o.upstreamTLS, PlainHandsets: o.TLSListen != "" && o.Plain != "nobody", UpstreamNames: o.upstreamNames, Foreign: o.foreign, World: o.world, Hosts: r.hosts(), TrustProxies: proxies, Carriers: registry,
		Sessions: r.sessions, EasyLogin: o.demo || o.EasyLogin == "on", Keys: keys, Secret: o.secret, Pages: o.pages, Rules: rules,
		CacheDir: filepath.Join(o.Data, "pictures"), Shared: r.shared, Log: o.log, Access: o.access, AccessText: o.LogFormat == "text",
		Limits: gateway.Limits{UploadBytes: o.maxUpload, StreamBytes: o.maxDownload, Door: limits}, Kind: o.kind, Route: o.route, Whole: o.whole, Program: o.program, Passed: r.traces.passed(),
	})
	if errors.Is(err, gateway.ErrHosts) {
		return badUsage("--hosts: %v", err)
	}
	return err
}

// openSessions opens the store of handsets' sessions, and what else gateways of one Redis share.
func (r *gatewayRoom) openSessions() error {
	if r.cfg.Redis != "" {
		db, err := redis.Open(r.cfg.Redis)
		if err != nil {
			return badUsage("--redis: %w", err)
		}
		r.sessions, r.shared = session.OpenShared(db), gateway.SharedIn(db)
		return nil
	}
	file := session.OpenFile(filepath.Join(r.cfg.Data, "sessions"), 0, nil)
	if to := file.Aside(); to != "" {
		r.log.Warn("the file of handsets' sessions was damaged and was put aside: their members log in again", "now", to)
	}
	if err := file.Ping(context.Background()); err != nil {
		r.log.Error("handsets' sessions are in memory only until the disk takes files again", "error", err.Error())
	}
	r.sessions = file
	return nil
}

// registry reads the operator's tables and ranges.
func (r *gatewayRoom) registry() (*carriers.Registry, error) {
	return carriers.New(carriers.Config{Dir: r.cfg.Carriers, Ranges: r.cfg.Ranges, Loopback: r.demo})
}

// hosts are the names the gateway answers to: those given, or its own address.
func (r *gatewayRoom) hosts() []string {
	if len(r.cfg.Hosts) > 0 {
		return r.cfg.Hosts
	}
	hosts := []string{strings.ToLower(r.public.Addr().String())}
	if a, ok := r.public.Addr().(*net.TCPAddr); ok && (a.IP.IsLoopback() || a.IP.IsUnspecified()) {
		hosts = append(hosts, fmt.Sprintf("localhost:%d", a.Port), fmt.Sprintf("127.0.0.1:%d", a.Port), fmt.Sprintf("[::1]:%d", a.Port))
	}
	return hosts
}

// siteName is the name that handsets of the viewer use: the first that is a name, or the address.
func (r *gatewayRoom) siteName() string {
	for _, h := range r.cfg.Hosts {
		if !strings.Contains(h, "*") {
			return h
		}
	}
	return strings.TrimPrefix(r.url(), "http://")
}

// dialPublic is the viewer's way to the gateway, whatever the name means to this machine.
func (r *gatewayRoom) dialPublic(string) (net.Conn, error) {
	a := r.public.Addr()
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.Dial("tcp", fmt.Sprintf("localhost:%d", tcp.Port))
	}
	return net.Dial(a.Network(), a.String())
}

// url is where browsers on this machine find the gateway.
func (r *gatewayRoom) url() string { return urlOf(r.public) }

// ownPort is the port where members come to the gateway itself; "": a proxy stands in front, as far as we were told. secure says
// that they come by https.
func (r *gatewayRoom) ownPort(secure bool) string {
	ln := r.public
	if secure {
		ln = r.tls
	}
	if ln == nil || len(r.cfg.TrustProxy) > 0 || ln.Addr().Network() == "unix" {
		return ""
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

// adminURL is where its operator does.
func (r *gatewayRoom) adminURL() string { return urlOf(r.back) }

// serve answers until ctx ends, then lets requests under way finish. reload is for SIGHUP; nil: nothing is read again.
func (r *gatewayRoom) serve(ctx context.Context, reload func() error) error {
	o := r.cfg.operators
	o.Hosts, o.Reload = r.cfg.AdminHosts, reload
	o.Metrics = append(o.Metrics, metrics.WriteProcessMetrics)
	o.Pages = map[string]fasthttp.RequestHandler{viewer.Path: viewer.Of("http://"+r.siteName(), r.dialPublic).Handler}
	return serve(ctx, post{r.gateway.AdminServer(o), r.back, nil}, reload, r.posts()...)
}

// Close releases everything that open opened.
func (r *gatewayRoom) Close() error {
	var errs []error
	if r.gateway != nil {
		errs = append(errs, r.gateway.Close())
	}
	errs = append(errs, r.traces.close())
	if r.sessions != nil {
		errs = append(errs, r.sessions.Close())
	}
	for _, ln := range []*wire.Listener{r.public, r.tls, r.oldTLS, r.back} {
		if ln != nil {
			ln.Close() // closed already if serve ran
		}
	}
	return errors.Join(errs...)
}
