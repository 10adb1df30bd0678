package fetch

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// A Poster reaches machines that strangers name, by https alone: under the same guard as a [Client], without redirects and without a
// cache. Its Client is safe for concurrent use.
type Poster struct {
	Client *http.Client
	guard  guard
}

// NewPoster makes one. Of the Config it obeys Reach, Ports, CA, Timeout (5 s) and Conns.
func NewPoster(cfg Config) (*Poster, error) {
	cfg.Timeout = cmp.Or(cfg.Timeout, 5*time.Second)
	c, err := New(Config{Reach: cfg.Reach, Ports: cfg.Ports, CA: cfg.CA, Timeout: cfg.Timeout, Conns: cfg.Conns, CacheBytes: -1})
	if err != nil {
		return nil, err
	}
	return &Poster{guard: c.guard, Client: &http.Client{Transport: secured{c.tls}, Timeout: cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Admits says whether an address may be sent to, as far as it says so itself. What its name resolves to is looked at when it is
// connected to (SEC-85).
func (p *Poster) Admits(u *url.URL) error {
	if u.Scheme != schemeTLS {
		return fmt.Errorf("%w: %q (https is)", ErrRefused, u.Scheme)
	}
	host, port := strings.ToLower(u.Hostname()), cmp.Or(u.Port(), "443")
	for _, r := range p.guard.reach {
		if r == net.JoinHostPort(host, port) {
			return nil
		}
	}
	if port == "80" {
		return fmt.Errorf("%w: port 80 (443 is)", ErrRefused)
	}
	if err := p.guard.admits(host, port); err != nil {
		return err
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return p.guard.check("tcp", netip.AddrPortFrom(a, 443).String(), nil)
	}
	if !strings.Contains(strings.TrimSuffix(host, "."), ".") {
		return fmt.Errorf("%w: %s is a name of this network", ErrRefused, host)
	}
	return nil
}

// secured sends nothing in the clear.
type secured struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (s secured) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != schemeTLS {
		return nil, errors.Join(ErrRefused, errors.New("fetch: not https"))
	}
	return s.next.RoundTrip(req)
}
