package main

import (
	"fmt"
	"log/slog"

	"musubi/gateway"
)

// gatewayCmd is the gateway alone, before any web application.
type gatewayCmd struct {
	config
}

// Run serves until it is interrupted.
func (c *gatewayCmd) Run(io *std) error {
	if len(c.Upstream) == 0 {
		return badUsage("the gateway needs --upstream, the URL of the web application behind it, like http://127.0.0.1:8080")
	}
	pool, err := gateway.NewPool(c.Upstream, gateway.PoolConfig{Health: len(c.Upstream) > 1})
	if err != nil {
		return usageError{err}
	}
	defer pool.Close()
	ctx, stop := untilSignal()
	defer stop()
	room, err := openGateway(gatewayOptions{cfg: &c.config, upstream: pool, upstreamTLS: pool.TLS(), foreign: true, log: logger(io.Err, slog.LevelInfo), access: io.Err})
	if err != nil {
		return err
	}
	defer room.Close()
	fmt.Fprintf(io.Out, "gateway listens on %s, operators on %s\n", room.url(), room.adminURL())
	return room.serve(ctx)
}
