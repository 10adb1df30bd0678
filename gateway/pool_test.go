package gateway

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// A liar is an upstream that answers every request with the same bytes, and counts requests.
type liar struct {
	ln   net.Listener
	hits atomic.Int32
}

// startLiar answers with raw; then it closes the connection or keeps it.
func startLiar(t *testing.T, raw string, closes bool) *liar {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{ln: ln}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				br := bufio.NewReader(c)
				for {
					var r fasthttp.Request
					if r.Read(br) != nil {
						return
					}
					l.hits.Add(1)
					if _, err := c.Write([]byte(raw)); err != nil || closes {
						return
					}
				}
			}()
		}
	}()
	return l
}

// behind makes a world whose upstream is a pool of these servers.
func behind(t *testing.T, edit func(*Config), servers ...*liar) *world {
	t.Helper()
	var urls []string
	for _, s := range servers {
		urls = append(urls, "http://"+s.ln.Addr().String())
	}
	pool, err := NewPool(urls, PoolConfig{Timeout: 700 * time.Millisecond, DialTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return newWorld(t, nil, func(c *Config) {
		c.Upstream, c.Foreign = pool, true
		if edit != nil {
			edit(c)
		}
	})
}

const okPage = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 39\r\n\r\n<title>ok</title><p>whole-page-body</p>"

// lies are answers of upstreams that mean harm or are broken, and what becomes of them.
var lies = []struct {
	name, raw string
	closes    bool
	want      int
}{
	{"honest", okPage, false, 200},
	{"honest, chunked", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false, 200},
	{"honest, ended by close", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhello", true, 200},
	{"100 before", "HTTP/1.1 100 Continue\r\n\r\n" + okPage, false, 200},
	{"103 before", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + okPage, false, 200},
	{"length and coding", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false, 502},
	{"coding and length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false, 502},
	{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello", false, 502},
	{"the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", false, 502},
	{"list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", false, 502},
	{"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", false, 502},
	{"signed length", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", false, 502},
	{"hexadecimal length", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello", false, 502},
	{"huge length", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999999999999\r\n\r\nhello", true, 502},
	{"body shorter than said", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\nhello", true, 502},
	{"chunk cut off", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", true, 502},
	{"no last chunk", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true, 502},
	{"bad chunk size", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", false, 502},
	{"unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", true, 502},
	{"codings in a list", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", false, 502},
	{"two codings", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false, 502},
	{"folded line", "HTTP/1.1 200 OK\r\nX-A: b\r\n Set-Cookie: q=1\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", true, 502},
	{"bare LF in the middle", "HTTP/1.1 200 OK\r\nX-A: b\nX-B: c\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"space in name", "HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"space before colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nhi", false, 502},
	{"no colon", "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"empty name", "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"NUL in value", "HTTP/1.1 200 OK\r\nX-A: b\x00c\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"bare CR in value", "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: q=1\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"two types", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: image/png\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"two locations", "HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n", false, 502},
	{"no HTTP", "SSH-2.0-x\r\n\r\n", true, 502},
	{"HTTP/0.9", "<html>hello</html>", true, 502},
	{"HTTP/2", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"status of letters", "HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"status 000", "HTTP/1.1 000 OK\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"status 999", "HTTP/1.1 999 OK\r\nContent-Length: 2\r\n\r\nhi", false, 502},
	{"switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", false, 502},
	{"huge head", "HTTP/1.1 200 OK\r\nX-A: " + strings.Repeat("a", 100<<10) + "\r\n\r\n", false, 502},
	{"nothing", "", true, 502},
	{"half a head", "HTTP/1.1 200 OK\r\nContent-", true, 502},
	{"silence", "", false, 504},
	{"half a head and silence", "HTTP/1.1 200 OK\r\nContent-", false, 504},
	{"half a body and silence", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhello", false, 504},
	{"redirect to a script", "HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n", false, 502},
}

func TestSEC62_UpstreamsThatLie(t *testing.T) {
	for _, lie := range lies {
		t.Run(lie.name, func(t *testing.T) {
			t.Parallel()
			up := startLiar(t, lie.raw, lie.closes)
			w := behind(t, nil, up)
			r := w.get(anywhere, uaP903i, "/")
			if r.StatusCode() != lie.want {
				t.Errorf("status %d, want %d", r.StatusCode(), lie.want)
			}
			if lie.want >= 500 {
				if strings.Contains(string(r.Body()), "hello") || len(r.Body()) > 2048 || len(r.Header.Peek("Set-Cookie")) > 0 {
					t.Errorf("the error page has %d bytes: %s %s", len(r.Body()), r.Header.String(), r.Body())
				}
				if got := string(r.Header.ContentType()); got != "application/xhtml+xml; charset=Shift_JIS" {
					t.Errorf("the error page is %s", got)
				}
			}
			w.post(anywhere, uaP903i, "/", "a=b")
		})
	}
}

func TestSEC63_NothingUnsafeIsSentTwice(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		for _, lie := range []string{"", "HTTP/1.1 200 OK\r\nContent-", "SSH-2.0-x\r\n\r\n"} {
			up := startLiar(t, lie, true)
			w := behind(t, func(c *Config) { c.Methods = []string{"GET", "POST", "PUT", "DELETE"} }, up)
			body := ""
			if method != "GET" {
				body = "Content-Length: 0\r\n"
			}
			w.raw(anywhere, method+" / HTTP/1.1\r\nHost: "+ourHost+"\r\n"+body+"\r\n")
			most := int32(1)
			if method == "GET" && lie == "" { // not one byte of an answer came
				most = 2
			}
			if n := up.hits.Load(); n < 1 || n > most {
				t.Errorf("%s to an upstream that answers %q: sent %d times", method, lie, n)
			}
		}
	}
}

// A kept connection that the upstream has closed meanwhile costs a GET one more try and nothing else.
func TestSEC63_StaleConnectionsAreTriedOnceMore(t *testing.T) {
	up := startLiar(t, okPage, true) // closes after each answer without saying so
	w := behind(t, nil, up)
	for i := range 10 {
		if r := w.get(anywhere, uaChrome, "/"); r.StatusCode() != 200 {
			t.Fatalf("request %d: %d", i, r.StatusCode())
		}
	}
	if n := up.hits.Load(); n != 10 {
		t.Errorf("10 requests were sent %d times", n)
	}
}

func TestPoolGoesRoundServersThatAreDown(t *testing.T) {
	a, b := startLiar(t, okPage, false), startLiar(t, okPage, false)
	w := behind(t, nil, a, b)
	for range 20 {
		w.get(anywhere, uaChrome, "/")
	}
	if a.hits.Load() < 5 || b.hits.Load() < 5 {
		t.Errorf("shares: %d and %d of 20", a.hits.Load(), b.hits.Load())
	}
	a.ln.Close()
	for i := range 20 {
		if r := w.post(anywhere, uaChrome, "/", "a=b"); r.StatusCode() != 200 && i > 2 {
			t.Errorf("with one server left: %d", r.StatusCode())
		}
	}
}

func TestPoolAsksAboutHealth(t *testing.T) {
	sick, well := startLiar(t, "HTTP/1.1 503 Sick\r\nContent-Length: 0\r\n\r\n", false), startLiar(t, okPage, false)
	pool, err := NewPool([]string{"http://" + sick.ln.Addr().String(), "http://" + well.ln.Addr().String()}, PoolConfig{Health: true, HealthEvery: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for deadline := time.Now().Add(5 * time.Second); pool.Up() != 1; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the sick server is still asked")
		}
	}
	for range 10 {
		var req fasthttp.Request
		var resp fasthttp.Response
		req.SetRequestURI("http://x/")
		if err := pool.Do(&req, &resp); err != nil || resp.StatusCode() != 200 {
			t.Errorf("%v %d", err, resp.StatusCode())
		}
		resp.CloseBodyStream()
	}
}

func TestPoolURLs(t *testing.T) {
	for _, bad := range [][]string{nil, {""}, {"127.0.0.1:80"}, {"ftp://a"}, {"http://"}, {"http://a/path"}, {"http://u@a"}, {"http://a?x"}} {
		if _, err := NewPool(bad, PoolConfig{}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSEC65_DecompressionIsBounded(t *testing.T) {
	bomb := func(n int) string {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, 9)
		z.Write(bytes.Repeat([]byte(" "), n))
		z.Close()
		return b.String()
	}
	for name, row := range map[string]struct {
		size int
		want int
	}{"page": {30_000, 200}, "bomb": {40 << 20, 502}} {
		t.Run(name, func(t *testing.T) {
			body := bomb(row.size)
			raw := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			w := behind(t, nil, startLiar(t, raw, false))
			began := time.Now()
			if r := w.get(anywhere, uaP903i, "/"); r.StatusCode() != row.want {
				t.Errorf("status %d, want %d", r.StatusCode(), row.want)
			}
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestSEC68_TheRequestNeverChoosesTheUpstream(t *testing.T) {
	up := startLiar(t, okPage, false)
	other := startLiar(t, okPage, false)
	w := behind(t, nil, up)
	addr := other.ln.Addr().String()
	for _, raw := range []string{
		"GET http://" + addr + "/ HTTP/1.1\r\nHost: " + addr + "\r\n\r\n", "GET http://" + addr + "/ HTTP/1.1\r\nHost: " + ourHost + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + addr + "\r\n\r\n", "CONNECT " + addr + " HTTP/1.1\r\nHost: " + addr + "\r\n\r\n",
		"GET /?u=http://" + addr + "/ HTTP/1.1\r\nHost: " + ourHost + "\r\nX-Forwarded-Host: " + addr + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
	} {
		w.raw(anywhere, raw)
	}
	if n := other.hits.Load(); n != 0 {
		t.Errorf("%d requests went where the client wanted", n)
	}
}
