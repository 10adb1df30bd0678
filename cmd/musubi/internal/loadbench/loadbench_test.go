package main

import (
	"bytes"
	"fmt"
	"testing"

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
	sample(6, "internal/poll.(*FD).Read", "musubi/gateway.(*watchedConn).Read", "github.com/valyala/fasthttp.(*Server).serveConn")
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
