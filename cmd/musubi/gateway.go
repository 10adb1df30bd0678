package main

import (
	"context"
	"fmt"
	stdio "io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"musubi/core"
	"musubi/core/files"
	"musubi/core/web"
	"musubi/gateway"
	"musubi/gateway/fetch"
	"musubi/gateway/session"
)

// gatewayCmd is the gateway alone, before any web application.
type gatewayCmd struct {
	serving
	handsets
	encryption
	following
	foreign
	world
}

// Run serves until it is interrupted.
func (c *gatewayCmd) Run(io *std) error {
	if c.world.any() {
		return c.runWorld(io)
	}
	if len(c.Upstream) == 0 {
		return badUsage("the gateway needs --upstream, the URL of the web application behind it, like http://127.0.0.1:8080; or --proxy, --portal or --archive")
	}
	pool, err := gateway.NewPool(c.Upstream, gateway.PoolConfig{Health: len(c.Upstream) > 1})
	if err != nil {
		return usageError{err}
	}
	defer pool.Close()
	log := c.logger(io.Err)
	o := gatewayOptions{serving: c.serving, handsets: c.handsets, encryption: c.encryption, following: c.following, rules: c.Rules, upstream: pool, upstreamTLS: pool.TLS(), foreign: true,
		log: log, access: c.access(io.Err)}
	for _, u := range c.Upstream {
		if parsed, err := url.Parse(u); err == nil {
			o.upstreamNames = append(o.upstreamNames, strings.ToLower(parsed.Host))
		}
	}
	if c.CoreSecret != "" {
		if err := c.beforeCore(&o); err != nil {
			return err
		}
	}
	return c.run(o, io, func(room *gatewayRoom) {
		fmt.Fprintf(io.Out, "gateway listens on %s%s, operators on %s\n", room.url(), room.tlsURLs(), room.adminURL())
	})
}

// run serves as a gateway; tell says where it listens.
func (c *gatewayCmd) run(o gatewayOptions, io *std, tell func(room *gatewayRoom)) error {
	prepare := func(ctx context.Context) error { return goesOn(rehearseGateway(ctx, o)) }
	if !exists(c.Data) {
		if err := rehearseGateway(context.Background(), o); err != nil {
			return err
		}
	}
	return seated(gatewaySeat, &c.serving, o.log, prepare, func(ctx context.Context, seat *seat) error {
		if o.web != nil {
			sites := session.OpenFile(filepath.Join(c.Data, "sites"), fetch.MaxSites, nil)
			defer sites.Close()
			o.web.Know(sites)
		}
		room, err := openGateway(o)
		if err != nil {
			return err
		}
		defer room.Close()
		seat.served()
		tell(room)
		tellUnit(ctx, func() error { return nil }, o.log)
		return room.serve(ctx, c.reloader(room, o.log).reload)
	})
}

// rehearseGateway opens a gateway with these settings elsewhere.
func rehearseGateway(ctx context.Context, o gatewayOptions) error {
	return rehearse(ctx, o.Data, func(data string) (stdio.Closer, error) {
		o.serving.at(data)
		o.encryption.at()
		o.log, o.access = slog.New(slog.DiscardHandler), nil
		return openGateway(o)
	})
}

// reloader is what SIGHUP does to a gateway alone.
func (c *gatewayCmd) reloader(room *gatewayRoom, log *slog.Logger) *reloader {
	return newReloader("gateway", log, reloadLog(func(c *commands) *logging { return &c.Gateway.logging }), room.reloading(func(c *commands) *handsets { return &c.Gateway.handsets }))
}

// beforeCore makes the gateway one of musubi's core in another process.
func (c *gatewayCmd) beforeCore(o *gatewayOptions) error {
	if _, err := os.Stat(c.CoreSecret); err != nil { // OpenSecret would make one, and no core knows it
		return badUsage("--core-secret: %v; the core makes it in its data directory when it first starts", err)
	}
	secret, err := files.OpenSecret(c.CoreSecret)
	if err != nil {
		return badUsage("--core-secret: %v", err)
	}
	o.secret, o.foreign, o.maxUpload, o.kind = core.DeriveKey(secret, gatewayKeyName), false, c.mostUpload(), doorKind
	o.route, o.whole, o.program = web.Pattern, web.IsWhole, web.ForProgram
	return nil
}
