package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"musubi/core"
	"musubi/core/web"
	"musubi/gateway"
	"musubi/gateway/viewer"

	"github.com/valyala/fasthttp"
)

// site is core and gateway in one process: what demo and serve share.
type site struct {
	core    *coreRoom
	gateway *gatewayRoom
	mail    *mailRoom // nil: nothing is posted by mail
}

// maxUpload is the largest form with pictures that the core takes: three of core.MaxUpload and some text.
const maxUpload = 3*core.MaxUpload + 1<<20

// openSite opens the data directory and the listeners. In a demo handsets are believed on loopback. Close it after serve
// has returned. access gets a line for each request; nil: nobody does.
func openSite(ctx context.Context, c *serveCmd, demo bool, log *slog.Logger, access io.Writer) (*site, error) {
	room, err := openCore(ctx, coreOptions{serving: c.serving, community: c.community, redis: c.Redis, serves: true, demo: demo, log: log})
	if err != nil {
		return nil, err
	}
	g, err := openGateway(gatewayOptions{
		serving: c.serving, handsets: c.handsets, encryption: c.encryption, following: c.following, upstream: gateway.InProcess(room.site.Handler), secret: room.gatewayKey, maxUpload: c.mostUpload(), demo: demo, kind: doorKind, whole: web.IsWhole, program: web.ForProgram, route: web.Pattern,
		operators: room.operators(), pages: ownPages(demo), log: log, access: access,
	})
	if err != nil {
		return nil, errors.Join(err, room.Close())
	}
	if len(c.Hosts) == 0 {
		room.site.SetBaseURL(g.url())
	}
	mails, err := openMail(&c.incoming, c.mailDomain(c.Hosts), room.services, log)
	if err != nil {
		return nil, errors.Join(err, g.Close(), room.Close())
	}
	s := &site{room, g, mails}
	room.site.SetTables(s.consoleTables())
	return s, nil
}

// ownPages are the pages that only the demo has: the handset viewer asks for no login.
func ownPages(demo bool) map[string]fasthttp.RequestHandler {
	if !demo {
		return nil
	}
	return map[string]fasthttp.RequestHandler{viewer.Path: viewer.New().Handler}
}

// Close waits for the writes under way.
func (s *site) Close() error { return errors.Join(s.gateway.Close(), s.mail.Close(), s.core.Close()) }

// untilSignal is a context that ends on Ctrl-C or SIGTERM.
func untilSignal() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// asAsked forgets an error that says no more than that ctx, of untilSignal, has ended: a service that is stopped while it
// starts does what it was asked, and its unit must not be told that it failed.
func asAsked(ctx context.Context, err *error) {
	if ctx.Err() != nil && errors.Is(*err, context.Canceled) {
		*err = nil
	}
}
