package main

import (
	"cmp"
	"context"
	"fmt"
	stdio "io"
	"log/slog"
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
func (c *serveCmd) Run(io *std) error {
	if c.EasyLogin == "on" && c.Ranges == "" {
		return badUsage("--easy-login on needs --ranges FILE: the address ranges of the handset gateways you vouch for")
	}
	c.Secure = c.Secure || c.TLSListen != "" && c.Plain != "all"
	if err := cmp.Or(c.serving.check(), c.community.check(), c.checkMail(c.Hosts), c.handsets.check(), c.encryption.check(c.Hosts)); err != nil {
		if c.TakeOver {
			err = goesOn(err)
		}
		return err
	}
	log, base := c.logger(io.Err), context.Background()
	if c.isFirst(c.Data) {
		if err := c.rehearse(base); err != nil {
			return err
		}
	}
	prepare := func(ctx context.Context) error {
		return goesOn(cmp.Or(c.rehearse(ctx), c.foresee(ctx, c.Data, log)))
	}
	return seated(communitySeat, &c.serving, log, prepare, func(ctx context.Context, seat *seat) error {
		if err := ours.bind(log, c.addresses()); err != nil {
			return err
		}
		s, err := openSite(ctx, c, false, log, c.access(io.Err))
		if err != nil {
			return err
		}
		defer s.Close()
		first, err := s.core.offerFirst(ctx, s.gateway.ownPort(c.Secure))
		if err != nil {
			return err
		}
		seat.served()
		fmt.Fprintf(io.Out, "musubi serves %s%s, operators on %s\n%s", s.gateway.url(), s.gateway.tlsURLs(), s.gateway.adminURL(), first)
		tellUnit(ctx, s.core.operators().Ready, log)
		again := newReloader("serve", log, reloadLog(func(c *commands) *logging { return &c.Serve.logging }), s.core.reloading(func(c *commands) community { return c.Serve.community }),
			s.gateway.reloading(func(c *commands) *handsets { return &c.Serve.handsets }))
		return s.gateway.serve(ctx, again.reload)
	})
}

// addresses are those that serve listens on, by their flags.
func (c *serveCmd) addresses() [][2]string {
	return append(c.incoming.addresses(), [][2]string{{mainSocket, c.Listen}, {"tls-listen", c.TLSListen}, {"old-tls-listen", c.OldTLSListen}, {"admin-listen", c.AdminListen}}...)
}

// addresses are those at which mail comes in.
func (o *incoming) addresses() [][2]string {
	return [][2]string{{"smtp-listen", o.SMTPListen}, {"lmtp-listen", o.LMTPListen}}
}

// rehearse opens a site with these settings elsewhere.
func (c *serveCmd) rehearse(ctx context.Context) error {
	return rehearse(ctx, c.Data, func(data string) (stdio.Closer, error) {
		try := *c
		try.serving.at(data)
		try.community.at(data)
		try.encryption.at()
		return openSite(ctx, &try, false, slog.New(slog.DiscardHandler), stdio.Discard)
	})
}
