package fetch

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/gateway/session"
)

// A twoFaced is a site with TLS, which can be away, and an entrance in the clear.
type twoFaced struct {
	away   bool
	strict string
	clear  []string // what was asked there
}

func (s *twoFaced) visited(t *testing.T, file string, now func() time.Time) (c *Client, close func()) {
	t.Helper()
	kept := session.OpenFile(file, MaxSites, now)
	c, err := New(Config{CacheBytes: -1})
	if err != nil {
		t.Fatal(err)
	}
	c.Know(kept)
	c.sites.now = now
	both := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Scheme == schemeTLS && s.away {
			return nil, tls.AlertError(40)
		}
		if r.URL.Scheme == schemePlain {
			s.clear = append(s.clear, r.Method+" "+r.URL.Host+r.URL.RequestURI())
		}
		h := http.Header{}
		if s.strict != "" {
			h.Set("Strict-Transport-Security", s.strict)
		}
		return &http.Response{StatusCode: 200, Header: h, Body: io.NopCloser(strings.NewReader("page")), Request: r}, nil
	})
	c.tls, c.plain = both, both
	return c, func() { kept.Close() }
}

func send(c *Client, method, host, uri, cookie string) error {
	var req fasthttp.Request
	var resp fasthttp.Response
	req.Header.SetMethod(method)
	req.Header.SetHost(host)
	req.SetRequestURI(uri)
	if cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	return c.Do(&req, &resp)
}

// What is known of a site's TLS outlives a restart: what was typed does not go out in the clear when its TLS is away on another day.
func TestSEC37_SitesAreKnownAfterARestart(t *testing.T) {
	day := time.Now()
	now := func() time.Time { return day }
	file := filepath.Join(t.TempDir(), "sites")
	s := &twoFaced{}
	c, closed := s.visited(t, file, now)
	if err := send(c, "GET", "shop.example", "/", ""); err != nil {
		t.Fatal(err)
	}
	closed()
	s.away, day = true, day.Add(48*time.Hour)
	c, closed = s.visited(t, file, now)
	defer closed()
	for _, q := range [][3]string{{"POST", "/login", ""}, {"GET", "/", "sid=1"}, {"GET", "/?word=secret", ""}} {
		if err := send(c, q[0], "shop.example", q[1], q[2]); !errors.Is(err, ErrInClear) {
			t.Errorf("%v: %v", q, err)
		}
	}
	if len(s.clear) > 0 {
		t.Errorf("in the clear: %v", s.clear)
	}
	if err := send(c, "GET", "shop.example", "/", ""); err != nil { // a page is looked at
		t.Error(err)
	}
	if err := send(c, "POST", "shop.example", "/login", ""); !errors.Is(err, ErrInClear) {
		t.Errorf("after a page in the clear: %v", err)
	}
	if err := send(c, "POST", "other.example", "/login", ""); err != nil {
		t.Errorf("a site that never had TLS: %v", err)
	}
}

// A site that wants TLS alone gets nothing in the clear for as long as it says, nor do those below it that it speaks for.
func TestSEC37_StrictTransportSecurity(t *testing.T) {
	for field, row := range map[string]struct {
		site, below error // after a day of 100
		later       error // and after 200 days
	}{
		"max-age=15552000": {ErrInClear, nil, nil},
		`Max-Age="15552000" ; includeSubDomains; preload`: {ErrInClear, ErrInClear, nil},
		"max-age=99999999999999999999; includesubdomains": {ErrInClear, ErrInClear, ErrInClear},
		"max-age=0; includeSubDomains":                    {nil, nil, nil},
		"includeSubDomains":                               {nil, nil, nil},
		"max-age=x":                                       {nil, nil, nil},
	} {
		day := time.Now()
		now := func() time.Time { return day }
		file := filepath.Join(t.TempDir(), "sites")
		s := &twoFaced{strict: field}
		c, closed := s.visited(t, file, now)
		if err := send(c, "GET", "shop.example", "/", ""); err != nil {
			t.Fatal(err)
		}
		closed()
		s.away, day = true, day.Add(100*24*time.Hour)
		c, closed = s.visited(t, file, now)
		for host, want := range map[string]error{"shop.example": row.site, "a.b.shop.example": row.below, "notshop.example": nil} {
			if err := send(c, "GET", host, "/", ""); !errors.Is(err, want) {
				t.Errorf("%s: %s: %v, want %v", field, host, err, want)
			}
		}
		day = day.Add(100 * 24 * time.Hour)
		if err := send(c, "GET", "shop.example", "/", ""); !errors.Is(err, row.later) {
			t.Errorf("%s: after 200 days: %v, want %v", field, err, row.later)
		}
		closed()
	}
}

// What must not go out in the clear does not, however little is known of the site.
func TestSEC37_OnlyTLS(t *testing.T) {
	s := &twoFaced{away: true}
	c, closed := s.visited(t, "", time.Now)
	defer closed()
	for range 2 {
		var req fasthttp.Request
		var resp fasthttp.Response
		req.Header.SetMethod("POST")
		req.Header.SetHost("shop.example")
		req.SetRequestURI("/")
		req.Header.Set(OnlyTLS, "1")
		if err := c.Do(&req, &resp); !errors.Is(err, ErrInClear) || len(s.clear) > 0 {
			t.Errorf("%v, in the clear: %v", err, s.clear)
		}
		if err := send(c, "GET", "shop.example", "/", ""); err != nil { // now it is known to have none
			t.Error(err)
		}
		s.clear = nil
	}
}

// What is known of TLS is of the host, whatever port is written: nothing typed goes there in the clear, and 443 is nobody's way to 80.
func TestSEC37_AnyPortOfAKnownHost(t *testing.T) {
	for _, known := range []string{"shop.example", "shop.example:443", "shop.example:8443"} {
		s := &twoFaced{}
		c, done := s.visited(t, "", time.Now)
		c.guard.ports = []string{"8080", "8443"}
		if err := send(c, "GET", known, "/", ""); err != nil {
			t.Fatal(err)
		}
		s.away = true
		for _, host := range []string{"shop.example", "shop.example:443", "SHOP.example:80", "shop.example:8080"} {
			for _, q := range [][3]string{{"POST", "/"}, {"GET", "/?q=typed"}, {"GET", "/", "sid=1"}} {
				if err := send(c, q[0], host, q[1], q[2]); err == nil {
					t.Errorf("known by %s: %v went to %s", known, q, host)
				}
			}
		}
		if len(s.clear) > 0 {
			t.Errorf("known by %s, in the clear: %v", known, s.clear)
		}
		done()
	}
	s := &twoFaced{away: true}
	c, done := s.visited(t, "", time.Now)
	defer done()
	if err := send(c, "GET", "new.example:443", "/", ""); err == nil || len(s.clear) > 0 {
		t.Errorf("port 443 was asked in the clear: %v %v", err, s.clear)
	}
}
