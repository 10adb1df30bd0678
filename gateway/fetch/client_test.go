package fetch

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/gateway/session"
)

// site is a server with or without TLS, and a client that may reach it and believes it.
func site(t *testing.T, secure bool, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = nil
	cfg := Config{CacheBytes: 1 << 20}
	if secure {
		s.EnableHTTP2 = true
		s.StartTLS()
		cfg.CA = filepath.Join(t.TempDir(), "ca.pem")
		os.WriteFile(cfg.CA, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600)
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	host := s.Listener.Addr().String()
	cfg.Reach = []string{host}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	knows(t, c)
	return c, host
}

// knows has a client remember sites in memory.
func knows(t *testing.T, c *Client) {
	kept := session.OpenFile("", 0, nil)
	t.Cleanup(func() { kept.Close() })
	c.Know(kept)
}

func TestClientSpeaksWhatTheSiteSpeaks(t *testing.T) {
	for _, secure := range []bool{true, false} {
		c, host := site(t, secure, func(w http.ResponseWriter, r *http.Request) {
			version := uint16(0)
			if r.TLS != nil {
				version = r.TLS.Version
			}
			fmt.Fprintf(w, "%s %x %s %s|%s", r.Proto, version, r.RequestURI, r.Header.Get("X-Forwarded-For"), r.Header.Get("Referer")+r.UserAgent())
		})
		want := "HTTP/1.1 0 /a%2Fb?x=%FF&y |"
		if secure {
			want = fmt.Sprintf("HTTP/2.0 %x /a%%2Fb?x=%%FF&y |", tls.VersionTLS13)
		}
		for range 2 { // found out, then known
			resp, err := ask(c, "GET", host, "/a%2Fb?x=%FF&y")
			if err != nil || string(resp.Body()) != want {
				t.Errorf("TLS %t: %v, %q", secure, err, resp.Body())
			}
		}
	}
}

// A certificate that nobody vouches for is no way to the same port in the clear.
func TestClientRefusesWhatNobodyVouchesFor(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Error("asked") }))
	defer s.Close()
	host := s.Listener.Addr().String()
	c, err := New(Config{Reach: []string{host}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ask(c, "GET", host, "/"); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err)
	}
}

// On the usual ports a page of such a site is looked at in the clear, and nothing that was typed and no cookie goes there.
func TestClientTellsNothingWhereNobodyVouches(t *testing.T) {
	c, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	c.tls = roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, &tls.CertificateVerificationError{Err: errors.New("expired")}
	})
	c.plain = roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.Method)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("page")), Request: r}, nil
	})
	for _, q := range []struct {
		method, field string
		shown         bool
	}{{"GET", "", true}, {"GET", "?q=typed", false}, {"POST", "", false}, {"GET", "Cookie", false}, {"GET", "Authorization", false}, {"GET", "", true}} {
		var req fasthttp.Request
		var resp fasthttp.Response
		req.Header.SetMethod(q.method)
		req.Header.SetHost("shop.example")
		req.SetRequestURI("/")
		if strings.HasPrefix(q.field, "?") {
			req.SetRequestURI("/" + q.field)
		} else if q.field != "" {
			req.Header.Set(q.field, "secret")
		}
		if err := c.Do(&req, &resp); (err == nil) != q.shown {
			t.Errorf("%s with %q: %v", q.method, q.field, err)
		}
	}
	if len(asked) != 2 {
		t.Errorf("asked in the clear: %v", asked)
	}
}

// A site that turns out to have no TLS gets no cookie marked Secure, and what stands for them never leaves.
func TestSEC37_SecureCookiesStayOutOfTheClear(t *testing.T) {
	c, host := site(t, false, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%q %d", r.Header["Cookie"], len(r.Header.Values(CookieInClear)))
	})
	for clear, want := range map[string]string{"all=1": `["all=1"] 0`, "": `[] 0`} {
		var req fasthttp.Request
		var resp fasthttp.Response
		req.Header.SetHost(host)
		req.SetRequestURI("/")
		req.Header.Set("Cookie", "sid=secret; all=1")
		req.Header.Set(CookieInClear, clear)
		if err := c.Do(&req, &resp); err != nil || string(resp.Body()) != want {
			t.Errorf("%q: %v, %s", clear, err, resp.Body())
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestClientEndsInTime(t *testing.T) {
	c, host := site(t, false, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c.cfg.BodyTime = 50 * time.Millisecond
	if _, err := ask(c, "GET", host, "/"); err == nil {
		t.Error("an answer that never comes came")
	}
}

func TestCache(t *testing.T) {
	var asked, confirmed atomic.Int32
	c, host := site(t, false, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		h := w.Header()
		switch r.URL.Path {
		case "/fresh":
			h.Set("Cache-Control", "max-age=60")
		case "/tagged":
			h.Set("Cache-Control", "max-age=0")
			h.Set("ETag", `"v1"`)
			if r.Header.Get("If-None-Match") == `"v1"` {
				confirmed.Add(1)
				w.WriteHeader(http.StatusNotModified)
				return
			}
		case "/vary":
			h.Set("Cache-Control", "max-age=60")
			h.Set("Vary", "Accept-Language")
			fmt.Fprint(w, r.Header.Get("Accept-Language"))
		case "/mine":
			h.Set("Cache-Control", "private, max-age=60")
		case "/cookie":
			h.Set("Cache-Control", "max-age=60")
			h.Set("Set-Cookie", "a=b")
		case "/no-cache":
			h.Set("Cache-Control", "max-age=60, No-Cache")
			h.Set("ETag", `"n"`)
		case "/aged":
			h.Set("Cache-Control", "max-age=60")
			h.Set("Age", "61")
		case "/dated":
			h.Set("Cache-Control", "max-age=60")
			h.Set("Date", time.Now().Add(-2*time.Minute).UTC().Format(http.TimeFormat))
		case "/part":
			h.Set("Cache-Control", "max-age=60")
			h.Set("Content-Range", "bytes 0-3/9")
			w.WriteHeader(http.StatusPartialContent)
		case "/star":
			h.Set("Cache-Control", "max-age=60")
			h.Set("Vary", "Accept, *")
		case "/large":
			h.Set("Cache-Control", "max-age=60")
			w.Write(make([]byte, maxAnswer+10))
		}
		fmt.Fprint(w, "body")
	})
	for path, want := range map[string]int32{"/fresh": 1, "/tagged": 3, "/mine": 3, "/cookie": 3, "/silent": 3, "/large": 3, "/no-cache": 3, "/aged": 3, "/dated": 3, "/star": 3, "/part": 3} {
		asked.Store(0)
		for range 3 {
			resp, err := ask(c, "GET", host, path)
			if err != nil || !strings.HasSuffix(string(resp.Body()), "body") {
				t.Errorf("%s: %v %.20q", path, err, resp.Body())
			}
		}
		if asked.Load() != want {
			t.Errorf("%s: asked %d times, want %d", path, asked.Load(), want)
		}
	}
	if confirmed.Load() != 2 {
		t.Errorf("confirmed %d times, want 2", confirmed.Load())
	}
	for field, want := range map[[2]string]int32{{"Cache-Control", "max-age=0"}: 1, {"Cache-Control", "min-fresh=100"}: 1, {"Cache-Control", "max-age=50"}: 0, {"Pragma", "no-cache"}: 1, {"Accept-Encoding", "gzip"}: 1, {"X-Original-Url", "/admin"}: 1} {
		ask(c, "GET", host, "/fresh")
		asked.Store(0)
		var req fasthttp.Request
		var resp fasthttp.Response
		req.Header.SetHost(host)
		req.SetRequestURI("/fresh")
		req.Header.Set(field[0], field[1])
		if err := c.Do(&req, &resp); err != nil || asked.Load() != want {
			t.Errorf("%v: %v, asked %d times, want %d", field, err, asked.Load(), want)
		}
	}
	asked.Store(0)
	for path, want := range map[string]int{"/fresh": 200, "/never": 504} {
		var req fasthttp.Request
		var resp fasthttp.Response
		req.Header.SetHost(host)
		req.SetRequestURI(path)
		req.Header.Set("Cache-Control", "only-if-cached")
		if err := c.Do(&req, &resp); err != nil || resp.StatusCode() != want || asked.Load() != 0 {
			t.Errorf("%s only if cached: %v, %d, asked %d times", path, err, resp.StatusCode(), asked.Load())
		}
	}
	ask(c, "POST", host, "/fresh")
	asked.Store(0)
	if ask(c, "GET", host, "/fresh"); asked.Load() != 1 {
		t.Error("what was posted to is still taken from the cache")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A site that sends its visitors to TLS, or from it, is followed without the screen hearing of it; one that sends them in
// circles is answered with what it says.
func TestClientFollowsTheSite(t *testing.T) {
	for name, row := range map[string]struct {
		known string
		turns map[string]string // scheme → scheme that it sends to
		want  string
	}{
		"to TLS":     {schemePlain, map[string]string{"http": "https"}, "https 200"},
		"from TLS":   {"", map[string]string{"https": "http"}, "http 200"},
		"circles":    {"", map[string]string{"https": "http", "http": "https"}, "https 302"},
		"known safe": {schemeTLS, map[string]string{"https": "http"}, "https 302"},
	} {
		c, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		knows(t, c)
		last := ""
		answer := roundTrip(func(r *http.Request) (*http.Response, error) {
			last = r.URL.Scheme
			out := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}
			if to := row.turns[last]; to != "" {
				out.StatusCode = 302
				out.Header.Set("Location", to+"://site.example/a?b=c")
			}
			return out, nil
		})
		c.tls, c.plain = answer, answer
		if row.known != "" {
			c.sites.answered("site.example", row.known, false)
		}
		resp, err := ask(c, "GET", "site.example", "/a?b=c")
		if err != nil || fmt.Sprint(last, " ", resp.StatusCode()) != row.want {
			t.Errorf("%s: %v, %s %d, want %s", name, err, last, resp.StatusCode(), row.want)
		}
	}
}
