package main

import (
	"fmt"
)

// serveCmd runs gateway and core in one process for production.
type serveCmd struct {
	serving
	community
	handsets
}

// Run serves until Ctrl-C or SIGTERM.
func (c *serveCmd) Run(io *std) error {
	if c.EasyLogin == "on" && c.Ranges == "" {
		return badUsage("--easy-login on needs --ranges FILE: the address ranges of the handset gateways you vouch for")
	}
	ctx, stop := untilSignal()
	defer stop()
	s, err := openSite(ctx, c, false, c.logger(io.Err), c.access(io.Err))
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(io.Out, "musubi serves %s, operators on %s\n", s.gateway.url(), s.gateway.adminURL())
	if err := s.core.offerFirst(ctx, io.Out); err != nil {
		return err
	}
	return s.gateway.serve(ctx)
}
