package gateway

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// cutOff sends bytes, ends the sending side and returns the status that came back, 0 if none did.
func (w *world) cutOff(raw string) int {
	w.t.Helper()
	c := w.dial(anywhere)
	defer c.Close()
	if _, err := c.Write([]byte(raw)); err != nil {
		w.t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, func() { c.Close() })
	if r := readAnswer(c); r != nil {
		return r.StatusCode()
	}
	return 0
}

const chunkedHead = "POST /diary/new HTTP/1.1\r\nHost: " + ourHost + "\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"

// A chunked request that ends anywhere before its last byte reaches nobody: half a diary is never stored.
func TestSEC60_EndOfConnectionIsNoEndOfRequest(t *testing.T) {
	w := newWorld(t, hello, nil)
	for _, ua := range []string{uaChrome, uaP903i} {
		whole := strings.Replace(chunkedHead, "\r\n", "\r\nUser-Agent: "+ua+"\r\n", 1) + "6\r\nbody=a\r\n3\r\nbcd\r\n0\r\nX-T: v\r\n\r\n"
		first := strings.Index(whole, "\r\n\r\n") + 4
		for end := first; end < len(whole); end++ {
			w.cutOff(whole[:end])
			if got := w.requests(); len(got) > 0 {
				t.Fatalf("cut after %q: the upstream saw %q", whole[first:end], got)
			}
		}
		if r := w.raw(anywhere, whole); r == nil || r.StatusCode() != 200 || len(w.requests()) != 1 {
			t.Errorf("the whole of it was refused: %v", r)
		}
	}
}

// One rule for line ends: in the first request and in every later one, before it, in its fields, in chunks and trailers.
func TestSEC11_BareLineFeedsAnywhere(t *testing.T) {
	w := newWorld(t, hello, nil)
	good := "GET /good HTTP/1.1\r\nHost: " + ourHost + "\r\n\r\n"
	whole := chunkedHead + "4;x=y\r\na=bc\r\n0\r\nX-T: v\r\nX-U: w\r\n\r\n"
	for _, before := range []string{"", good, good + good, "\r\n"} {
		for _, request := range []string{"\r\n" + good, whole} {
			for i := range len(request) {
				if request[i] != '\r' {
					continue
				}
				c := w.dial(anywhere)
				go c.Write([]byte(before + request[:i] + request[i+1:] + strings.Replace(good, "good", "behind", 1)))
				c.SetReadDeadline(time.Now().Add(10 * time.Second))
				b, _ := io.ReadAll(c)
				c.Close()
				seen := strings.Join(w.requests(), "")
				if got, want := strings.Count(string(b), "HTTP/1.1 200"), strings.Count(before, "GET"); got != want || !strings.Contains(string(b), "HTTP/1.1 400") {
					t.Fatalf("%q without the CR at %d: %d answers of 200, want %d, and 400\n%s", before+request, i, got, want, b)
				}
				if strings.Contains(seen, "behind") || strings.Count(seen, "/") == 0 && before == good {
					t.Fatalf("%q without the CR at %d: the upstream saw %q", request, i, seen)
				}
			}
		}
	}
}

// brokenStream fails after some bytes.
type brokenStream struct{ left int }

func (s *brokenStream) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(p), s.left)
	for i := range n {
		p[i] = 'x'
	}
	s.left -= n
	return n, nil
}

// An upstream that breaks off before its first byte is a bad gateway; later the client learns that what it has is not all.
func TestSEC62_StreamsThatBreakOff(t *testing.T) {
	for _, size := range []int{-1, 9000} {
		for _, sent := range []int{0, 5000} {
			w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
				ctx.SetContentType("application/octet-stream")
				ctx.SetBodyStream(&brokenStream{sent}, size)
			}, nil)
			for _, version := range []string{"1.0", "1.1"} {
				c := w.dial(anywhere)
				fmt.Fprintf(c, "GET / HTTP/%s\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n", version, ourHost, uaChrome)
				c.SetReadDeadline(time.Now().Add(10 * time.Second))
				r := &fasthttp.Response{}
				err := r.Read(bufio.NewReader(c))
				c.Close()
				if sent == 0 && (err != nil || r.StatusCode() != 502) {
					t.Errorf("HTTP/%s, size %d, nothing sent: %d, %v; want 502", version, size, r.StatusCode(), err)
				}
				if sent > 0 && err == nil && r.StatusCode() == 200 && len(r.Body()) == size {
					t.Errorf("HTTP/%s, size %d: half a file passed for the whole", version, size)
				}
			}
		}
	}
}

// A page or a picture that ends before its stated length is no answer, also where the upstream ends it politely.
func TestSEC62_BodiesThatEndEarly(t *testing.T) {
	photo := newAlbum(t).photo
	for kind, body := range map[string]string{"text/html; charset=utf-8": "<!DOCTYPE html><title>t</title><p>half a page", "image/jpeg": string(photo)} {
		for _, more := range []int{0, 1, 5000} {
			w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
				ctx.SetContentType(kind)
				ctx.SetBodyStream(strings.NewReader(body), len(body)+more)
			}, nil)
			want := 502
			if more == 0 {
				want = 200
			}
			if r := w.get(anywhere, uaP903i, "/"); r.StatusCode() != want {
				t.Errorf("%s, %d bytes missing: %d, want %d", kind, more, r.StatusCode(), want)
			}
		}
	}
}

// A client of HTTP/1.0 knows no chunks: what has no stated length ends with the connection.
func TestSEC62_NoChunksForHTTP10(t *testing.T) {
	const size = 100_000
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("application/octet-stream")
		ctx.SetBodyStream(io.LimitReader(&brokenStream{1 << 30}, size), -1)
		ctx.Response.Header.SetContentLength(-1)
	}, nil)
	for _, ua := range []string{uaChrome, uaP903i} {
		c := w.dial(anywhere)
		fmt.Fprintf(c, "GET / HTTP/1.0\r\nHost: %s\r\nConnection: keep-alive\r\nUser-Agent: %s\r\n\r\n", ourHost, ua)
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		b, err := io.ReadAll(c)
		c.Close()
		head, body, _ := strings.Cut(string(b), "\r\n\r\n")
		if err != nil || strings.Contains(strings.ToLower(head), "chunked") || body != strings.Repeat("x", size) || !strings.Contains(head, "Connection: close") {
			t.Errorf("%s: %v, %d bytes of body after\n%s", ua, err, len(body), head)
		}
	}
}
