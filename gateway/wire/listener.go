// Package wire is what lies between a listener and the HTTP server behind it: connections that know where each request
// begins and ends, and a listener that stays when the machine runs short and goes without cutting anybody off.
//
// The parser behind it forgives what must not be forgiven (bare line feeds, SEC-11) and takes the end of a connection for
// the end of a chunked request, so that half a diary would be stored (SEC-60). A [Conn] reads along; who answers asks it
// ([Conn.Check], or [Guard] for a whole handler). A [Listener] waits out what passes, as a shortage of descriptors does
// (SEC-64), keeps the number of connections below it, closes idle ones first, and drains.
//
// Gateway and core take it alike. Start reading at [Listener.Accept] and [Conn.Read].
package wire

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// A Listener accepts connections as long as it is not closed. Safe for concurrent use.
type Listener struct {
	net.Listener
	most int
	log  *slog.Logger

	mu     sync.Mutex
	open   map[*Conn]struct{}
	freed  chan struct{} // gets a token when a connection has gone
	closed chan struct{}
	once   sync.Once

	draining  atomic.Bool // every answer is its connection's last
	closing   atomic.Bool // only those are still accepted that have connected already
	complains atomic.Int64
}

// New makes a listener with at most so many connections, and fewer where the process may not open so many files. log, which
// may be nil, is told when the machine runs short.
func New(ln net.Listener, most int, log *slog.Logger) *Listener {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Listener{Listener: ln, most: Bound(most, descriptors()), log: log,
		open: map[*Conn]struct{}{}, freed: make(chan struct{}, 1), closed: make(chan struct{})}
}

// Bound is how many connections a process may have that may open so many files: of them 256, or half if there are few, are
// left to the database and to pictures, and a quarter of the rest to connections of its own.
func Bound(most, files int) int {
	return max(1, min(most, (files-min(256, files/2))*3/4))
}

// descriptors is how many files this process may have open.
func descriptors() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 1024
	}
	return int(min(limit.Cur, 1<<30))
}

// Accept returns the next connection. It fails only when the listener is closed or drained.
func (l *Listener) Accept() (net.Conn, error) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		if !l.makeRoom() {
			return nil, io.EOF
		}
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			return l.add(c), nil
		case l.closing.Load() && errors.Is(err, os.ErrDeadlineExceeded): // all who had connected are in
			l.Close()
			return nil, io.EOF
		case !passes(err):
			return nil, err
		}
		l.complain(err)
		l.evict()
		if !l.wait(pause) {
			return nil, io.EOF
		}
	}
}

// Patient is ln for a server of another protocol than HTTP, which counts its connections itself: Accept waits out what passes.
func Patient(ln net.Listener) net.Listener { return patient{ln} }

type patient struct{ net.Listener }

func (p patient) Accept() (net.Conn, error) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		c, err := p.Listener.Accept()
		if err == nil || !passes(err) {
			return c, err
		}
		time.Sleep(pause)
	}
}

// How long is waited when the machine has run short.
const (
	firstPause   = 5 * time.Millisecond
	longestPause = 500 * time.Millisecond
)

// passes says whether an error of accept is one of the moment: of this machine, or of a client that has gone already.
func passes(err error) bool {
	for _, e := range [...]error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.EINTR,
		syscall.EAGAIN, syscall.EPROTO, syscall.ENETDOWN, syscall.EHOSTUNREACH, syscall.ENETUNREACH} {
		if errors.Is(err, e) {
			return true
		}
	}
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// complain writes a line at most every ten seconds.
func (l *Listener) complain(err error) {
	now, last := time.Now().Unix(), l.complains.Load()
	if now-last >= 10 && l.complains.CompareAndSwap(last, now) {
		l.log.Error("connections wait: idle ones are closed until the machine has room again", "address", l.Addr().String(), "error", err.Error())
	}
}

// makeRoom waits until another connection may come. It is false when the listener is closed.
func (l *Listener) makeRoom() bool {
	for l.Open() >= l.most {
		if l.evict() {
			continue
		}
		if !l.wait(longestPause) {
			return false
		}
	}
	return true
}

// wait waits for a connection to go, at most so long. It is false when the listener is closed.
func (l *Listener) wait(most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-l.closed:
		return false
	case <-l.freed:
	case <-timer.C:
	}
	return true
}

// evict closes the connection that has waited for its next request for longest.
func (l *Listener) evict() bool {
	var oldest *Conn
	var since int64
	l.mu.Lock()
	for c := range l.open {
		if s := c.waiting.Load(); s > 0 && (oldest == nil || s < since) {
			oldest, since = c, s
		}
	}
	l.mu.Unlock()
	return oldest != nil && oldest.evict(since)
}

func (l *Listener) add(raw net.Conn) net.Conn {
	c := &Conn{Conn: raw, ln: l, opened: time.Now()}
	c.waiting.Store(c.opened.UnixNano())
	l.mu.Lock()
	l.open[c] = struct{}{}
	l.mu.Unlock()
	if t, ok := raw.(encrypted); ok {
		return &tlsConn{c, t}
	}
	return c
}

// encrypted is what a server asks of a connection with TLS.
type encrypted interface {
	Handshake() error
	ConnectionState() (state tlsState)
}

func (l *Listener) forget(c *Conn) {
	l.mu.Lock()
	delete(l.open, c)
	l.mu.Unlock()
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// Open is how many connections there are.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// Close closes the listener; its connections stay.
func (l *Listener) Close() (err error) {
	l.once.Do(func() {
		close(l.closed)
		err = l.Listener.Close()
	})
	return err
}

// quiet is how long a connection without a request stays while the listener drains, in beats: a machine that has too much to do, whose
// clients are late too, takes longer over them than the second that they are. It is then bounded by mostQuiet.
const (
	beat      = 5 * time.Millisecond
	quiet     = 200 // beats
	mostQuiet = 4 * time.Second
)

// Drain ends the listener without cutting anybody off. From now on every answer says that it is its connection's last; kept
// connections have a second to ask for it, or as long as a busy machine takes for one. Then nobody new is let in, those who had connected are answered, and Drain
// returns when the last connection is gone or ctx ends.
func (l *Listener) Drain(ctx context.Context) {
	begun := time.Now()
	l.draining.Store(true)
	for n := 0; n < quiet && time.Since(begun) < mostQuiet && l.older(begun) && pause(ctx); n++ {
	}
	l.closing.Store(true)
	if t, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		t.SetDeadline(time.Now().Add(lastCall))
	} else {
		l.Close()
	}
	for n, last := 0, time.Now(); l.Open() > 0 && pause(ctx); n++ {
		if n >= quiet || time.Since(last) > mostQuiet { // those who came last had their time too
			begun = time.Now()
		}
		l.closeSilent(begun)
	}
	l.Close()
}

// lastCall is how long those are let in who have connected already.
const lastCall = 50 * time.Millisecond

// pause waits a moment; it is false when ctx has ended.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(beat):
		return true
	}
}

// older says whether there are connections from before a moment.
func (l *Listener) older(moment time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		if c.opened.Before(moment) {
			return true
		}
	}
	return false
}

// closeSilent closes connections that have waited for a request since before a moment.
func (l *Listener) closeSilent(before time.Time) {
	for _, c := range l.all() {
		if since := c.waiting.Load(); since > 0 && since < before.UnixNano() {
			c.evict(since)
		}
	}
}

// all are the connections of this moment.
func (l *Listener) all() []*Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.open))
}

// Guard puts a server's handler behind the checks: a request that is not framed as it must be, or has not arrived whole, is
// refused, and answers while the listener drains are the last of their connection.
func Guard(h fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		c := Of(ctx.Conn())
		if err := c.Check(); err != nil {
			ctx.Error("The request is malformed or not whole.\n", fasthttp.StatusBadRequest)
			ctx.SetConnectionClose()
			return
		}
		h(ctx)
		if c.Draining() {
			ctx.SetConnectionClose()
		}
	}
}
