package gateway

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"musubi/gateway/fetch"
)

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// oneSite is a portal and a proxy to a site of net/http on loopback, and that site's host.
func oneSite(t *testing.T, site http.HandlerFunc, edit func(*Config)) (*world, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: site}
	go s.Serve(ln)
	t.Cleanup(func() { s.Close() })
	host := ln.Addr().String()
	way, err := fetch.New(fetch.Config{Reach: []string{host}})
	if err != nil {
		t.Fatal(err)
	}
	return newWorld(t, nil, func(c *Config) {
		c.World, c.Upstream = &World{Portal: true, Proxy: true}, way
		if edit != nil {
			edit(c)
		}
	}), host
}

// Of a page that is larger than can be read its beginning is shown, and it says that there is more.
func TestLargePagesAreCut(t *testing.T) {
	page := []byte(`<!DOCTYPE html><html><head><title>t</title><script>"<body>"</script></head><body class="b"><h1>始まり</h1>`)
	for i := range 60_000 {
		page = fmt.Appendf(page, "<p>%d: 文が%x続く。</p>\n", i, i*7919)
	}
	page = append(page, "<p>終わり</p></body></html>"...)
	text := bytes.Repeat([]byte("行が続く。\n"), 300_000)
	w, host := oneSite(t, func(rw http.ResponseWriter, r *http.Request) {
		switch body := page; r.URL.Path {
		case "/text":
			rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
			rw.Write(text)
		case "/chunked":
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.(http.Flusher).Flush()
			rw.Write(body)
		case "/packed":
			body = gzipped(body)
			rw.Header().Set("Content-Encoding", "gzip")
			fallthrough
		default:
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.Header().Set("Content-Length", fmt.Sprint(len(body)))
			rw.Write(body)
		}
	}, nil)
	for _, path := range []string{"/", "/chunked", "/packed", "/text"} {
		for _, ua := range []string{uaP903i, uaNetscape, "w3m/0.5.3"} {
			if path == "/text" && ua == "w3m/0.5.3" {
				continue // it goes on as it comes
			}
			p := w.phoneOf(ua)
			first, err := p.Get("/~/" + host + path)
			if err != nil || first.Status != 200 || !strings.Contains(first.Text, "このページは大きいため、はじめの2MBだけです。") ||
				path != "/text" && !strings.Contains(first.Text, "始まり") || strings.Contains(first.Text, "終わり") {
				t.Errorf("%.10s %s: %v %d %.200s", ua, path, err, first.Status, first.Text)
			}
		}
	}
}

// A file goes through up to a limit, compressed on the way or not; of a larger one the screen is told, in its own markup.
func TestDownloadsUpToALimit(t *testing.T) {
	file := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // a megabyte
	w, host := oneSite(t, func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Type", "application/zip")
		switch r.URL.Path {
		case "/large":
			h.Set("Content-Length", fmt.Sprint(3<<20))
			rw.Write(make([]byte, 3<<20))
		case "/endless":
			for range 40 {
				rw.Write(file[:100<<10])
				rw.(http.Flusher).Flush()
			}
		case "/packed":
			h.Set("Content-Encoding", "gzip")
			rw.(http.Flusher).Flush()
			z := gzip.NewWriter(rw)
			for i := range 1 << 17 { // 1.5 MB that do not compress well
				fmt.Fprintf(z, "%x", i*7919%1000003*31)
			}
			z.Close()
		case "/bomb":
			h.Set("Content-Encoding", "gzip")
			rw.Write(gzipped(make([]byte, 8<<20)))
		default:
			rw.Write(file)
		}
	}, func(c *Config) { c.Limits.StreamBytes, c.Limits.ImageBytes = 2<<20, 100<<10 })
	for _, ua := range []string{uaP903i, uaNetscape, uaChrome} {
		if r := w.get(anywhere, ua, "/~/"+host+"/file"); r.StatusCode() != 200 || !bytes.Equal(r.Body(), file) {
			t.Errorf("%.10s: %d, %d bytes", ua, r.StatusCode(), len(r.Body()))
		}
		r := w.get(anywhere, ua, "/~/"+host+"/large")
		page, _ := w.phoneOf(ua).Get("/~/" + host + "/large")
		if r.StatusCode() != 403 || !strings.HasPrefix(string(r.Header.ContentType()), "text/html") && !strings.Contains(string(r.Header.ContentType()), "xhtml") ||
			!strings.Contains(page.Text, "2MBまで") || !strings.Contains(page.Text, "--proxy-download-mb") {
			t.Errorf("%.10s: %s %s", ua, r.Header.String(), page.Text)
		}
		if r := w.raw(anywhere, "GET /~/"+host+"/endless HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+ua+"\r\n\r\n"); r != nil {
			t.Errorf("%.10s: a file that says nothing of its size passes whole: %d bytes", ua, len(r.Body()))
		}
	}
	if r := w.get(anywhere, uaP903i, "/~/"+host+"/packed"); r.StatusCode() != 200 || len(r.Header.ContentEncoding()) > 0 || len(r.Body()) < 1<<19 {
		t.Errorf("unpacked on the way: %d bytes, %s", len(r.Body()), r.Header.String())
	}
	if r := w.raw(anywhere, "GET /~/"+host+"/bomb HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+uaP903i+"\r\n\r\n"); r != nil && r.StatusCode() == 200 {
		t.Errorf("a bomb went off: %d bytes", len(r.Body()))
	}
}

// A visitor who asks too often is told to wait, also on this machine; another is not, nor one machine of a private network for the next.
func TestSEC64_RateOfVisitors(t *testing.T) {
	w := anySite(t, func(w *World) { w.Rate = 60 })
	count := func(from string) (ok int) {
		for range 30 {
			if r := w.get(from, uaP903i, "/~/shop.example/"); r.StatusCode() == 200 {
				ok++
			} else if r.StatusCode() != 429 || len(r.Header.Peek("Retry-After")) == 0 || !strings.Contains(string(r.Header.ContentType()), "Shift_JIS") {
				t.Errorf("%d %s", r.StatusCode(), r.Header.String())
			}
		}
		return ok
	}
	for _, from := range []string{"127.0.0.1", "192.168.1.2", "192.168.1.3", "203.0.113.9"} {
		if n := count(from); n < 12 || n > 15 {
			t.Errorf("%s: %d of 30 answered", from, n)
		}
	}
	if n := count("203.0.113.10"); n > 3 {
		t.Errorf("a neighbour in the network of one client: %d of 30 answered", n)
	}
}

// What a site sends drop by drop ends when the screen is gone, or the time is over.
func TestSEC64_DripsEndWithTheClient(t *testing.T) {
	ended := make(chan string, 10)
	drip := func(rw http.ResponseWriter, r *http.Request) {
		kind := "text/html"
		if r.URL.Path == "/file" {
			kind = "application/zip"
		}
		rw.Header().Set("Content-Type", kind)
		for {
			select {
			case <-r.Context().Done():
				ended <- r.URL.Path
				return
			case <-time.After(20 * time.Millisecond):
				rw.Write([]byte("x"))
				rw.(http.Flusher).Flush()
			}
		}
	}
	w, host := oneSite(t, drip, func(c *Config) { c.Limits.AnswerTime = 700 * time.Millisecond })
	began := time.Now()
	if r := w.get(anywhere, uaP903i, "/~/"+host+"/page"); r.StatusCode() != 504 || time.Since(began) > 5*time.Second {
		t.Errorf("%d after %v", r.StatusCode(), time.Since(began))
	}
	if path := <-ended; path != "/page" {
		t.Errorf("%s ended", path)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w, host = oneSite(t, drip, func(c *Config) { c.Hosts = []string{ln.Addr().String()} })
	go w.g.Serve(w.g.Server(), ln)
	defer ln.Close()
	for _, path := range []string{"/page", "/file"} {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET /~/%s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n", host, path, ln.Addr(), uaP903i)
		time.Sleep(300 * time.Millisecond)
		c.Close()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			t.Errorf("%s goes on after its client is gone", path)
		}
	}
}

// A range of a page would be one of other bytes than a browser has: it gets the page. Of a file it gets the range (H-07).
func TestH07_RangesOfPagesAndFiles(t *testing.T) {
	w, host := oneSite(t, func(rw http.ResponseWriter, r *http.Request) {
		kind, body := "application/zip", strings.Repeat("0123456789", 10)
		if r.URL.Path == "/page" {
			kind, body = "text/html", `<p>page</p><a href="https://other.example/">x</a>`
		}
		rw.Header().Set("Content-Type", kind)
		http.ServeContent(rw, r, "", time.Time{}, strings.NewReader(body))
	}, nil)
	if r := w.get(anywhere, uaChrome, "/~/"+host+"/page", "Range: bytes=3-6"); r.StatusCode() != 200 || !strings.Contains(string(r.Body()), `<p>page</p><a href="/~/other.example/`) {
		t.Errorf("a page: %d %s", r.StatusCode(), r.Body())
	}
	if r := w.get(anywhere, uaChrome, "/~/"+host+"/file", "Range: bytes=3-6"); r.StatusCode() != 206 || string(r.Body()) != "3456" {
		t.Errorf("a file: %d %s", r.StatusCode(), r.Body())
	}
}

// Thousands of fields of a site do not reach an old screen.
func TestSEC64_FieldsOfSitesAreBounded(t *testing.T) {
	w, host := oneSite(t, func(rw http.ResponseWriter, r *http.Request) {
		for i := range 3000 {
			rw.Header().Set(fmt.Sprint("X-", i), "v")
		}
		rw.Header().Set("Content-Type", "text/html")
		rw.Write([]byte("<p>page</p>"))
	}, nil)
	r := w.get(anywhere, uaP903i, "/~/"+host+"/")
	if n := len(r.Header.String()); r.StatusCode() != 200 || n > 4000 || len(r.Header.Peek("Via")) == 0 {
		t.Errorf("%d with %d bytes of fields", r.StatusCode(), n)
	}
}
