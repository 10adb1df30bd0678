package main

import (
	"fmt"
)

// serveCmd runs gateway and core in one process for production.
type serveCmd struct {
	serving
	community
	handsets
	encryption
	following
}

// Run serves until Ctrl-C or SIGTERM.
func (c *serveCmd) Run(io *std) (err error) {
	if c.EasyLogin == "on" && c.Ranges == "" {
		return badUsage("--easy-login on needs --ranges FILE: the address ranges of the handset gateways you vouch for")
	}
	c.Secure = c.Secure || c.TLSListen != "" && c.Plain != "all"
	ctx, stop := untilSignal()
	defer stop()
	defer asAsked(ctx, &err)
	log := c.logger(io.Err)
	seat, err := sit(ctx, communitySeat, &c.serving, stop, log)
	if err != nil {
		return err
	}
	defer seat.leave()
	s, err := openSite(ctx, c, false, log, c.access(io.Err))
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(io.Out, "musubi serves %s%s, operators on %s\n", s.gateway.url(), s.gateway.tlsURLs(), s.gateway.adminURL())
	if err := s.core.offerFirst(ctx, io.Out); err != nil {
		return err
	}
	tellUnit(ctx, s.core.operators().Ready, log)
	return s.gateway.serve(ctx)
}
