package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// TestStages: time belongs to the innermost stage, whoever called it, and what no stage claims to the runtime.
func TestStages(t *testing.T) {
	p := &profile.Profile{}
	sample := func(ns int64, stack ...string) { // innermost first
		s := &profile.Sample{Value: []int64{1, ns}}
		for _, name := range stack {
			s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: &profile.Function{Name: name}}}})
		}
		p.Sample = append(p.Sample, s)
	}
	sample(5, "runtime.mallocgc", "modernc.org/sqlite/lib.X", "musubi/core/store.(*Store).Diary", "musubi/core.(*Services).Diary", "musubi/core/web.(*visit).diary", "musubi/gateway.(*Gateway).serve", "github.com/valyala/fasthttp.(*Server).serveConn")
	sample(3, "musubi/transcode/page.Render", "musubi/gateway.(*exchange).renderPage", "github.com/valyala/fasthttp.(*Server).serveConn")
	sample(1, "log/slog.(*Logger).Info", "musubi/gateway.(*exchange).log", "musubi/gateway.(*exchange).finish", "musubi/gateway.(*Gateway).Handler")
	sample(1, "internal/poll.(*FD).Write", "github.com/valyala/fasthttp.(*Server).serveConn")
	sample(2, "runtime.findRunnable", "runtime.schedule")
	sample(4, "runtime.scanobject", "runtime.gcBgMarkWorker")
	sample(6, "internal/poll.(*FD).Read", "musubi/gateway/wire.(*Conn).Read", "github.com/valyala/fasthttp.(*Server).serveConn")
	want := "[{read and write of the sockets 7} {core/store 5} {garbage collector 4} {transcode 3} {scheduler and the rest of the runtime 2} {count and log 1}]"
	if got := fmt.Sprint(split(p)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestMix: the shares are kept, each post is sent once, and what a member cannot ask for becomes home.
func TestMix(t *testing.T) {
	m := &member{}
	for k := range m.requests {
		m.requests[k] = [][]byte{fmt.Append(nil, k)}
	}
	m.requests[search] = nil
	c := &crowd{all: []*member{m}}
	const n = 20_000
	posts := make([][]byte, n/10)
	for i := range posts {
		posts[i] = fmt.Appendf(nil, "post %d", i)
	}
	count := map[string]int{}
	for _, r := range c.mix(n, posts) {
		if bytes.HasPrefix(r, []byte("post")) {
			if count[string(r)]++; count[string(r)] > 1 {
				t.Errorf("%s is sent twice", r)
			}
			r = []byte("post")
		}
		count[string(r)]++
	}
	for k, percent := range map[string]int{fmt.Sprint(int(home)): share[home] + share[search], fmt.Sprint(int(diary)): share[diary], fmt.Sprint(int(list)): share[list], "post": share[post]} {
		if got, want := count[k], n*percent/100; got < want*9/10 || got > want*11/10 {
			t.Errorf("%d of kind %s, want about %d", got, k, want)
		}
	}
	sum := 0
	for _, n := range share {
		sum += n
	}
	if sum != 100 {
		t.Errorf("the shares are %d of a hundred", sum)
	}
}

func TestCounters(t *testing.T) {
	count := func(text string) counts { return countsOf([]byte(text)) }
	before := count(`musubi_requests_total{carrier="au",dialect="xhtml",route="page",status="2xx"} 7
`)
	after := count(`musubi_requests_total{carrier="au",dialect="xhtml",route="page",status="2xx"} 10
musubi_requests_total{carrier="",dialect="",route="redirect",status="3xx"} 2
musubi_request_seconds_count{route="page"} 12
musubi_requests_total{carrier="pc",dialect="html5",route="page",status="2xx"} 1
`)
	if d := after.since(before); d.String() != "2 × 3xx, 4 × 2xx" || d.all() != 6 {
		t.Errorf("%s, in all %d", d, d.all())
	}
}

// TestNormalAfter: what was turned away, failed or slow counts, and when the last of it ended.
func TestNormalAfter(t *testing.T) {
	const ms = time.Millisecond
	usual := answers{{200, 10 * ms, 20 * ms, false}, {302, 5000 * ms, 500 * ms, true}}
	if got := usual.normalAfter(); !strings.HasPrefix(got, "at once;") {
		t.Error(got)
	}
	for want, a := range map[string]answer{
		"1.1 s after the rush; 2 requests of 4 were turned away, failed or took more than 500ms, the last a form with status 503 in 100 ms": {503, 1000 * ms, 100 * ms, true},
		"0.9 s after the rush; 2 requests of 4 were turned away, failed or took more than 500ms, the last a page with status 200 in 501 ms": {200, 399 * ms, 501 * ms, false},
		"0.5 s after the rush; 2 requests of 4 were turned away, failed or took more than 500ms, the last a page with status 0 in 0 ms":     {0, 500 * ms, 0, false},
	} {
		if got := append(usual, answer{503, 0, ms, false}, a).normalAfter(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// TestTimes: pages and forms, answered and turned away, are told apart, and percentiles are of what is asked for.
func TestTimes(t *testing.T) {
	var all answers
	for i := range 100 {
		all = append(all, answer{200, 0, time.Duration(100-i) * time.Millisecond, false}, answer{503, 0, time.Second, false}, answer{302, 0, 2 * time.Second, true}, answer{0, 0, 3 * time.Second, true})
	}
	if s := all.times(page, answered); len(s) != 100 || s.at(50) != 51 || s.at(99) != 100 {
		t.Errorf("%d, %v, %v", len(s), s.at(50), s.at(99))
	}
	if s := all.times(form, stored302); len(s) != 100 || s.at(50) != 2000 {
		t.Errorf("forms: %v", s)
	}
	if s := all.times(form, turnedAway); len(s) != 0 || s.at(50) != 0 {
		t.Errorf("nobody's: %v", s)
	}
}

// TestConnection reads answers to the end, whatever the fields are called, and notices a connection that is closed.
func TestConnection(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				b := make([]byte, 100)
				for _, say := range []string{"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + strings.Repeat("x", 5000), "HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length:0\r\n\r\n", "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"} {
					if _, err := conn.Read(b); err != nil {
						return
					}
					io.WriteString(conn, say)
				}
			}()
		}
	}()
	c := &connection{host: ln.Addr().String()}
	defer c.close()
	for _, want := range []int{200, 302, 503, 200, 302} {
		if got := c.ask([]byte("GET / HTTP/1.1\r\n\r\n")); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
		if closed := c.conn == nil; closed != (want == 503) {
			t.Errorf("after %d: closed %v", want, closed)
		}
	}
}
