package wire

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A Conn hands its reader one request after the other: no Read goes beyond the end of the request under way, so what is
// known of the framing is known of that request and of no other. Reads belong to one goroutine.
type Conn struct {
	net.Conn
	ln     *Listener
	opened time.Time
	framer framer
	bad    error  // what is wrong with the request under way
	broken bool   // in its body: nothing more is read
	rest   []byte // bytes of the next request that came along
	buffer []byte // memory for them

	// waiting is since when the reader waits for the first byte of a request, in Unix nanoseconds; underWay while a
	// request is read or answered, and gone once the listener has closed the connection to make room.
	waiting atomic.Int64
	once    sync.Once
}

const (
	underWay = 0
	gone     = -1
)

// Read reads bytes of one request. A connection that ends within a request is cut off, and never the end of the request.
func (c *Conn) Read(p []byte) (int, error) {
	if c.broken {
		return 0, c.bad
	}
	fresh := !c.framer.begun && c.framer.at == atStart
	if fresh && len(c.rest) == 0 && c.waiting.Load() == underWay {
		c.waiting.Store(time.Now().UnixNano())
	}
	early := len(c.rest) > 0
	n, err := c.take(p)
	if since := c.waiting.Load(); since != underWay && n > 0 && !c.waiting.CompareAndSwap(since, underWay) || since == gone {
		return 0, net.ErrClosed
	}
	if err == io.EOF && c.framer.begun {
		err = io.ErrUnexpectedEOF
	}
	at := c.framer.at
	used, bad := c.framer.feed(p[:n])
	if bad != nil {
		c.bad = bad
		if at > inFields { // its reader is told at once
			c.broken = true
			return 0, bad
		}
		return n, err // the header section goes on to the parser, and whoever answers asks Check
	}
	if used < n {
		c.keep(p[used:n], early)
		err = nil
	}
	return used, err
}

// take reads what came along before, or else from the connection.
func (c *Conn) take(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// keep puts bytes back that belong to the next request. early says that they were taken from rest.
func (c *Conn) keep(b []byte, early bool) {
	if early { // they still lie before it
		c.rest = c.buffer[len(c.buffer)-len(c.rest)-len(b):]
		return
	}
	c.buffer = append(c.buffer[:0], b...)
	c.rest = c.buffer
}

// Unframed reads the connection's bytes as they come, first those that came along with the request: from here on they are no HTTP.
func (c *Conn) Unframed() io.Reader { return unframed{c} }

type unframed struct{ c *Conn }

func (u unframed) Read(p []byte) (int, error) { return u.c.take(p) }

// Check says what is wrong with the request that was just read: its framing, or that it has not arrived whole.
func (c *Conn) Check() error {
	switch {
	case c == nil:
		return nil
	case c.bad != nil:
		return c.bad
	case c.framer.begun:
		return io.ErrUnexpectedEOF
	}
	return nil
}

// CheckHead is Check while the body is still to come.
func (c *Conn) CheckHead() error {
	if c == nil {
		return nil
	}
	return c.bad
}

// Draining says whether the server is about to stop, so that the answer under way is the connection's last.
func (c *Conn) Draining() bool { return c != nil && c.ln != nil && c.ln.draining.Load() }

// Close closes the connection and makes room for another.
func (c *Conn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		err = c.Conn.Close()
		if c.ln != nil {
			c.ln.forget(c)
		}
	})
	return err
}

// Abort closes the connection so that the other side learns that what it has is not the whole.
func (c *Conn) Abort() error {
	if t, ok := c.Conn.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	return c.Close()
}

// evict closes the connection if it still waits for a request since then.
func (c *Conn) evict(since int64) bool {
	if !c.waiting.CompareAndSwap(since, gone) {
		return false
	}
	c.Close()
	return true
}

// Of finds the Conn in what a server's handler gets, nil if there is none: a test's, or a handler that is called in process.
func Of(c net.Conn) *Conn {
	switch w := c.(type) {
	case *Conn:
		return w
	case *tlsConn:
		return w.Conn
	}
	return nil
}
