package gateway

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"musubi/carriers"
	"musubi/gateway/door"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

// loopback gives in-memory connections an address.
type loopback struct{ *fasthttputil.InmemoryListener }

func (l loopback) Accept() (net.Conn, error) {
	c, err := l.InmemoryListener.Accept()
	if err != nil {
		return nil, err
	}
	return &fromAddr{c, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}}, nil
}

// BenchmarkServe is the whole way of one request through server and gateway, over an in-memory connection: what is left
// of it for a browser, whose page is not changed, is the cost of everything but the page stage.
func BenchmarkServe(b *testing.B) { benchmarkServe(b, door.Limits{}, 200) }

// BenchmarkTurnedAway is what it costs, all in all, to tell somebody to come back.
func BenchmarkTurnedAway(b *testing.B) {
	benchmarkServe(b, door.Limits{Inside: 1, Line: 1, Wait: time.Hour}, 503)
}

// benchmarkServe sends requests and wants answers of a status; with 503, somebody is inside all the time.
func benchmarkServe(b *testing.B, limits door.Limits, status int) {
	canonical, err := os.ReadFile("../testdata/canonical/diary.html")
	if err != nil {
		canonical = []byte(`<!DOCTYPE html><html lang="ja"><head><title>日記</title></head><body><p>きょうは☀晴れ</p></body></html>`)
	}
	registry, err := carriers.New(carriers.Config{Loopback: true})
	if err != nil {
		b.Fatal(err)
	}
	g, err := New(Config{Hosts: []string{ourHost}, Carriers: registry, Secret: []byte("s"), Limits: Limits{Door: limits}, Access: io.Discard, Upstream: InProcess(func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		ctx.SetBody(canonical)
	})})
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	if status == 503 {
		g.door.Enter(door.Page)
		go g.door.Enter(door.Page)
		for g.door.State(door.Page).Waiting == 0 {
			time.Sleep(time.Millisecond) // the other is on their way to the line
		}
	}
	ln := fasthttputil.NewInmemoryListener()
	s := g.Server()
	go g.Serve(s, loopback{ln})
	defer ln.Close()
	for name, ua := range map[string]string{"docomo": uaP903i, "au": uaCA39, "softbank": ua910T, "browser": uaChrome} {
		b.Run(name, func(b *testing.B) {
			c, err := ln.Dial()
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			request := fmt.Appendf(nil, "GET /diary?id=1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nAccept: */*\r\n\r\n", ourHost, ua)
			br := bufio.NewReader(c)
			var resp fasthttp.Response
			b.SetBytes(int64(len(canonical)))
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if n%9000 == 8999 { // the server closes a connection after 10,000 requests
					b.StopTimer()
					c.Close()
					if c, err = ln.Dial(); err != nil {
						b.Fatal(err)
					}
					br.Reset(c)
					b.StartTimer()
				}
				if _, err := c.Write(request); err != nil {
					b.Fatal(err)
				}
				if err := resp.Read(br); err != nil || resp.StatusCode() != status {
					b.Fatal(err, resp.StatusCode())
				}
			}
		})
	}
}
