package gateway

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"musubi/gateway/wire"
	"musubi/transcode/markup"
)

// A CONNECT leads past all that the gateway does, so none passes but where the operator's rule says (World.Connect, SEC-68): then bytes
// go both ways and nobody here reads them.

const (
	maxTunnels  = 256              // open at once
	tunnelDial  = 12 * time.Second // finding and connecting to the other end
	tunnelBytes = 1 << 30          // both ways together
)

// connects says whether the rule has a host and port.
func (w *World) connects(host, port string) bool {
	for _, to := range w.Connect {
		name, p, _ := net.SplitHostPort(to)
		if p == port && (name == host || name == "*" || strings.HasPrefix(name, "*.") && strings.HasSuffix(host, name[1:])) {
			return true
		}
	}
	return false
}

// findTunnel reads where a CONNECT is to lead.
func (x *exchange) findTunnel(raw string) *refusal {
	w := x.g.cfg.World
	x.front, x.way = x.ownName(), markup.WayProxy
	if !w.Proxy || len(w.Connect) == 0 {
		return hangUp(errMethod, "CONNECT")
	}
	raw = strings.ToLower(raw)
	host, port, err := net.SplitHostPort(raw)
	asked, n := x.head.Header("Host")
	if asked = strings.ToLower(asked); err != nil || port == "" || !validHost(raw) || n > 1 || n == 1 && asked != raw && asked != host {
		return hangUp(errMalformed, "CONNECT wants one HOST:PORT, and the Host field the same")
	}
	x.target = target{path: "/", host: raw}
	return nil
}

// tunnel connects the client with where it wants to go.
func (x *exchange) tunnel() *refusal {
	x.stats.route = "tunnel"
	w := x.g.cfg.World
	host, port, _ := net.SplitHostPort(x.target.host)
	near := wire.Of(x.ctx.Conn())
	switch {
	case !x.mayEnter() && w.Password == "":
		return hangUp(errStranger, "address not in the list")
	case !x.mayEnter():
		return hangUp(errPassword, "no password")
	case !w.connects(host, port):
		return hangUp(errForbidden, "the rule for CONNECT has no such host and port")
	case near == nil || x.ctx.IsTLS():
		return hangUp(errMethod, "CONNECT within TLS")
	case !x.g.tunnels.TryAcquire(1):
		return hangUp(errBusy, "too many tunnels")
	}
	ctx, cancel := context.WithTimeout(context.Background(), tunnelDial)
	defer cancel()
	far, err := w.Dial(ctx, x.target.host)
	if err != nil {
		x.g.tunnels.Release(1)
		return hangUp(upstreamKind(err), "CONNECT: "+err.Error())
	}
	limits, places := x.g.cfg.Limits, x.g.tunnels // the exchange is over by then
	x.ctx.HijackSetNoResponse(true)
	x.ctx.Hijack(func(net.Conn) {
		defer places.Release(1)
		t := tunnel{near: near, far: far, quiet: limits.IdleTime, end: time.Now().Add(streamTime)}
		t.left.Store(min(limits.StreamBytes, tunnelBytes))
		t.run()
	})
	return nil
}

// A tunnel is two connections whose bytes go to each other.
type tunnel struct {
	near  *wire.Conn
	far   net.Conn
	left  atomic.Int64 // bytes that may still pass, both ways
	quiet time.Duration
	end   time.Time
	heard atomic.Int64 // when something last passed, in Unix nanoseconds
}

// run lasts until both sides have ended, too much has passed, neither says anything for too long, or the time is over.
func (t *tunnel) run() {
	defer t.far.Close()
	defer t.near.Close()
	t.near.SetDeadline(time.Time{})
	t.heard.Store(time.Now().UnixNano())
	if _, err := io.WriteString(t.near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		var both sync.WaitGroup
		both.Go(func() { t.move(t.far, t.near.Unframed()) })
		both.Go(func() { t.move(t.near, t.far) })
		both.Wait()
	}()
	tick := time.NewTicker(min(time.Second, t.quiet/4+time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case now := <-tick.C:
			if now.After(t.end) || now.UnixNano()-t.heard.Load() > int64(t.quiet) || t.near.Draining() {
				return
			}
		}
	}
}

// move takes bytes one way. Its end is told to the other side, which may still have something to say; a failure is the end of both.
func (t *tunnel) move(to net.Conn, from io.Reader) {
	b := make([]byte, 16<<10)
	for {
		n, err := from.Read(b)
		if n > 0 && !t.passes(n) {
			break
		}
		if _, failed := to.Write(b[:n]); failed != nil {
			break
		}
		if err == io.EOF && endWriting(to) {
			return
		}
		if err != nil {
			break
		}
	}
	t.far.Close()
	t.near.Close()
}

// passes counts bytes, and says whether they may go on.
func (t *tunnel) passes(n int) bool {
	t.heard.Store(time.Now().UnixNano())
	return t.left.Add(-int64(n)) >= 0
}

// endWriting says that nothing more comes, where a connection can say so and stay open.
func endWriting(c net.Conn) bool {
	if w, ok := c.(*wire.Conn); ok {
		c = w.Conn
	}
	half, ok := c.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}
