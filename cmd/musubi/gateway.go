package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"musubi/core"
	"musubi/core/files"
	"musubi/core/web"
	"musubi/gateway"
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
func (c *gatewayCmd) Run(io *std) (err error) {
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
	ctx, stop := untilSignal()
	defer stop()
	defer asAsked(ctx, &err)
	log := c.logger(io.Err)
	seat, err := sit(ctx, gatewaySeat, &c.serving, stop, log)
	if err != nil {
		return err
	}
	defer seat.leave()
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
	room, err := openGateway(o)
	if err != nil {
		return err
	}
	defer room.Close()
	if err := seat.tell(); err != nil {
		log.Warn("musubi doctor will not know where this process listens", "error", err.Error())
	}
	fmt.Fprintf(io.Out, "gateway listens on %s%s, operators on %s\n", room.url(), room.tlsURLs(), room.adminURL())
	tellUnit(ctx, func() error { return nil }, log)
	return room.serve(ctx, c.reloader(room, log).reload)
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
