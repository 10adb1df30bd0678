package main

import (
	"fmt"
	"log/slog"
)

// serveCmd runs gateway and core in one process for production.
type serveCmd struct {
	config
}

// Run serves until Ctrl-C or SIGTERM.
func (c *serveCmd) Run(io *std) error {
	if err := c.notYet(); err != nil {
		return err
	}
	if len(c.Upstream) > 0 {
		return badUsage("musubi serve has its own core; for another web application run musubi gateway --upstream %s", c.Upstream[0])
	}
	if c.EasyLogin == "on" && c.Ranges == "" {
		return badUsage("--easy-login on needs --ranges FILE: the address ranges of the handset gateways you vouch for")
	}
	ctx, stop := untilSignal()
	defer stop()
	s, err := openSite(ctx, &c.config, false, logger(io.Err, slog.LevelInfo), io.Err)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(io.Out, "musubi serves %s, operators on %s\n", s.gateway.url(), s.gateway.adminURL())
	return s.gateway.serve(ctx)
}
