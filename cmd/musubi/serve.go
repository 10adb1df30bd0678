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
	if err := seat.tell(); err != nil {
		log.Warn("musubi doctor will not know where this process listens", "error", err.Error())
	}
	fmt.Fprintf(io.Out, "musubi serves %s%s, operators on %s\n", s.gateway.url(), s.gateway.tlsURLs(), s.gateway.adminURL())
	if err := s.core.offerFirst(ctx, s.gateway.ownPort(c.Secure), io.Out); err != nil {
		return err
	}
	tellUnit(ctx, s.core.operators().Ready, log)
	again := newReloader("serve", log, reloadLog(func(c *commands) *logging { return &c.Serve.logging }), s.core.reloading(func(c *commands) community { return c.Serve.community }),
		s.gateway.reloading(func(c *commands) *handsets { return &c.Serve.handsets }))
	return s.gateway.serve(ctx, again.reload)
}
