package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// pieces is a connection that gives its bytes in pieces of a size, and then ends.
type pieces struct {
	net.Conn
	left []byte
	size int
}

func (c *pieces) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.size)], c.left)
	c.left = c.left[n:]
	return n, nil
}

const (
	get     = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	post    = "POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH:  5 \r\n\r\nab\ncd"
	chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nab\ncd\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
)

// However the bytes come, each request is read alone and known to be whole at its last byte and not before.
func TestSEC60_RequestsAreReadOneByOne(t *testing.T) {
	requests := []string{get, post, chunked, "\r\n" + get, post, get}
	stream := ""
	for _, r := range requests {
		stream += r
	}
	for _, size := range []int{1, 2, 3, 7, 50, 4096} {
		c := &Conn{Conn: &pieces{left: []byte(stream), size: size}}
		for i, want := range requests {
			got, p := "", make([]byte, 64)
			for len(got) < len(want) {
				n, err := c.Read(p)
				if err != nil {
					t.Fatalf("pieces of %d, request %d: %v", size, i, err)
				}
				got += string(p[:n])
				if whole := c.Check() == nil; whole != (got == want) && got != "\r\n" {
					t.Fatalf("pieces of %d, request %d: whole is %v after %q", size, i, whole, got)
				}
			}
			if got != want {
				t.Fatalf("pieces of %d, request %d: %q", size, i, got)
			}
		}
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("pieces of %d: after the last request %v", size, err)
		}
	}
}

func TestSEC60_CutRequestsAreNoEnd(t *testing.T) {
	for _, r := range []string{get, post, chunked} {
		for end := 1; end < len(r); end++ {
			c := &Conn{Conn: &pieces{left: []byte(r[:end]), size: 4096}}
			if _, err := io.ReadAll(c); !errors.Is(err, io.ErrUnexpectedEOF) || c.Check() == nil {
				t.Fatalf("cut after %q: %v, %v", r[:end], err, c.Check())
			}
		}
	}
}

// What frames a request twice, or not at all, is malformed.
func TestSEC60_Malformed(t *testing.T) {
	const post = "POST / HTTP/1.1\r\n"
	for _, r := range []string{
		"GET / HTTP/1.1\nHost: a\r\n\r\n", "\n" + get, "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
		post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
		post + "Content-Length: +1\r\n\r\na", post + "Content-Length: 1, 1\r\n\r\na", post + "Content-Length: 99999999999999999999\r\n\r\n", post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\n\r\n1\nab\r\n", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", post + "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n", post + "Transfer-Encoding: chunked\r\n\r\n\r\n", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n", post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\n",
	} {
		for _, size := range []int{1, 4096} {
			c := &Conn{Conn: &pieces{left: []byte(r), size: size}}
			io.ReadAll(c)
			if err := c.Check(); !errors.Is(err, ErrMalformed) {
				t.Errorf("%q in pieces of %d: %v", r, size, err)
			}
		}
	}
}

func FuzzFramer(f *testing.F) {
	for _, r := range []string{get, post, chunked, get + post + chunked} {
		f.Add([]byte(r), 3)
	}
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		read := func(size int) (string, error) {
			c := &Conn{Conn: &pieces{left: b, size: size}}
			got, _ := io.ReadAll(c)
			return string(got), c.Check()
		}
		whole, err := read(1 << 20)
		if pieces, again := read(max(1, size%100)); (err == nil) != (again == nil) || err == nil && (pieces != whole || whole != string(b)) {
			t.Fatalf("read at once: %q, %v; in pieces: %q, %v", whole, err, pieces, again)
		}
	})
}

// scripted is a listener whose Accept fails as told before it accepts.
type scripted struct {
	net.Listener
	mu   sync.Mutex
	errs []error
}

func (l *scripted) Accept() (net.Conn, error) {
	l.mu.Lock()
	if len(l.errs) > 0 {
		err := l.errs[0]
		l.errs = l.errs[1:]
		l.mu.Unlock()
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: err}
	}
	l.mu.Unlock()
	return l.Listener.Accept()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// What passes is waited out: the server stays.
func TestSEC64_ShortagesAreWaitedOut(t *testing.T) {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		ln := New(&scripted{Listener: listen(t), errs: []error{e, e, e}}, 10, nil)
		go net.Dial("tcp", ln.Addr().String())
		c, err := ln.Accept()
		if err != nil {
			t.Fatalf("%v ended the listener: %v", e, err)
		}
		c.Close()
		ln.Close()
	}
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		inner := listen(t)
		ln := Patient(&scripted{Listener: inner, errs: []error{e, e, e}})
		go net.Dial("tcp", inner.Addr().String())
		c, err := ln.Accept()
		if err != nil {
			t.Fatalf("%v ended the listener of another protocol: %v", e, err)
		}
		c.Close()
		ln.Close()
		if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	}
	broken := errors.New("broken for good")
	ln := New(&scripted{Listener: listen(t), errs: []error{broken}}, 10, nil)
	if _, err := ln.Accept(); !errors.Is(err, broken) {
		t.Errorf("an error that stays: %v", err)
	}
	ln.Close()
	if _, err := ln.Accept(); err == nil {
		t.Error("a closed listener accepts")
	}
}

// serve starts a server that answers "ok" behind Guard.
func serve(t *testing.T, ln *Listener) *fasthttp.Server {
	s := &fasthttp.Server{Handler: Guard(func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("ok") }), NoDefaultDate: true}
	go s.Serve(ln)
	t.Cleanup(func() { ln.Close() })
	return s
}

// ask sends a request on a connection and says whether the answer came and whether it is the last.
func ask(c net.Conn, r *bufio.Reader) (ok, last bool) {
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, get); err != nil {
		return false, false
	}
	var resp fasthttp.Response
	if err := resp.Read(r); err != nil || string(resp.Body()) != "ok" {
		return false, false
	}
	return true, resp.ConnectionClose()
}

// Ten times as many connections as there may be: the silent ones make room, and whoever asks is answered.
func TestSEC64_IdleConnectionsGoFirst(t *testing.T) {
	ln := New(listen(t), 20, nil)
	serve(t, ln)
	for range 200 {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	for range 30 {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if ok, _ := ask(c, bufio.NewReader(c)); !ok {
			t.Fatal("no answer beside silent connections")
		}
	}
	if n := ln.Open(); n > 20 {
		t.Errorf("%d connections, 20 may be", n)
	}
}

func TestSEC64_Bound(t *testing.T) {
	for _, c := range []struct{ most, files, want int }{{20000, 64, 24}, {20000, 1024, 576}, {20000, 1 << 20, 20000}, {100, 1024, 100}, {5, 2, 1}} {
		if got := Bound(c.most, c.files); got != c.want {
			t.Errorf("Bound(%d, %d) = %d, want %d", c.most, c.files, got, c.want)
		}
	}
}

// Clients that ask without a pause on kept connections while the listener drains: each request is answered, and the last
// answer of each connection says so.
func TestDrainCutsNobodyOff(t *testing.T) {
	ln := New(listen(t), 1000, nil)
	s := serve(t, ln)
	var asked, cut, closed atomic.Int64
	var clients sync.WaitGroup
	for range 40 {
		clients.Go(func() {
			c, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			for {
				ok, last := ask(c, r)
				asked.Add(1)
				switch {
				case !ok:
					cut.Add(1)
					return
				case last:
					closed.Add(1)
					return
				}
			}
		})
	}
	for asked.Load() < 20_000 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ln.Drain(ctx)
	clients.Wait()
	if err := s.ShutdownWithContext(ctx); err != nil {
		t.Error(err)
	}
	if cut.Load() > 0 || closed.Load() != 40 || ln.Open() > 0 {
		t.Errorf("of %d requests %d were cut; %d of 40 connections were told; %d are open", asked.Load(), cut.Load(), closed.Load(), ln.Open())
	}
	if c, err := net.Dial("tcp", ln.Addr().String()); err == nil {
		c.Close()
		t.Error("somebody new was let in")
	}
}

// A request that is on its way when the drain begins is waited for; who only holds a connection is not.
func TestDrainWaitsForWhoHasBegun(t *testing.T) {
	ln := New(listen(t), 1000, nil)
	serve(t, ln)
	silent, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	slow, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprint(slow, get[:20])
	for ln.Open() < 2 {
		time.Sleep(time.Millisecond)
	}
	drained := make(chan struct{})
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	go func() { defer close(drained); ln.Drain(ctx) }()
	for ln.Open() > 1 { // the silent one goes
		time.Sleep(time.Millisecond)
	}
	fmt.Fprint(slow, get[20:])
	var resp fasthttp.Response
	if err := resp.Read(bufio.NewReader(slow)); err != nil || string(resp.Body()) != "ok" {
		t.Errorf("a request under way: %v", err)
	}
	<-drained
	if ctx.Err() != nil {
		t.Error("the drain had to be ended")
	}
}

func BenchmarkRead(b *testing.B) {
	page := []byte("GET /diary/show?id=1234567 HTTP/1.1\r\nHost: sns.example\r\nUser-Agent: DoCoMo/2.0 P903i(c100;TB;W24H12)\r\nAccept: */*\r\nCookie: _s=0123456789abcdef\r\nReferer: http://sns.example/\r\nConnection: keep-alive\r\n\r\n")
	src := &pieces{size: 1 << 20}
	c, p := &Conn{Conn: src}, make([]byte, 10<<10)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		src.left = page
		if n, err := c.Read(p); n != len(page) || err != nil {
			b.Fatal(n, err)
		}
	}
}
