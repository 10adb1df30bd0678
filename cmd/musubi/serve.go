package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
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
	if err := c.rehearse(ctx, log); err != nil {
		return err
	}
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

// rehearse opens a site with these settings, in a directory of its own and at other addresses, before the place of one that serves is
// taken: what is wrong with them is told while that one goes on. What only the real directory, its database and its addresses can tell is
// left out, and certificates by ACME.
func (c *serveCmd) rehearse(ctx context.Context, log *slog.Logger) error {
	if !c.TakeOver || ours.anyGiven() { // sockets that were given are for once
		return nil
	}
	dir, err := os.MkdirTemp("", "musubi-rehearsal-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	try := *c
	try.Data, try.DB = dir, ""
	for _, address := range []*string{&try.Listen, &try.AdminListen, &try.TLSListen, &try.OldTLSListen, &try.SMTPListen, &try.LMTPListen} {
		if *address != "" {
			*address = "127.0.0.1:0"
		}
	}
	if try.ACME {
		try.ACME, try.TLSListen, try.OldTLSListen = false, "", ""
	}
	defer ours.forget()
	s, err := openSite(ctx, &try, false, slog.New(slog.DiscardHandler), io.Discard)
	if err != nil {
		return fmt.Errorf("%w; who serves now goes on", err)
	}
	return errors.Join(s.Close(), ctx.Err())
}
