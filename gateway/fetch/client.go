package fetch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/net/http/httpguts"

	"musubi/gateway/session"
)

// Config sets up a Client. Zero fields mean the default named beside them.
type Config struct {
	Reach      []string      // HOST:PORT that may be reached although they are private or have another port. Default: none
	Ports      []string      // that may be reached beside 80 and 443. Default: none
	CA         string        // file of certificates (PEM) that are believed beside the system's. Default: none
	Timeout    time.Duration // from the request to the end of the answer's fields. 25 s
	BodyTime   time.Duration // for the whole answer. 1 hour
	CacheBytes int           // of the cache, in memory. 32 MiB; less than 0: none is kept
	Conns      int           // open at once to one host. 8
}

// A Client asks whatever site the request's Host names. It implements gateway.Upstream, and is safe for concurrent use.
//
// A site is asked over TLS first. One that has none is asked in the clear, and remembered; one that sends its visitors to
// TLS, by a redirect or by Strict-Transport-Security, is asked there from then on without the screen hearing of it.
type Client struct {
	cfg   Config
	guard guard
	tls   http.RoundTripper
	plain http.RoundTripper
	sites *sites
}

// New makes a client.
func New(cfg Config) (*Client, error) {
	cfg.Timeout, cfg.BodyTime = cmp.Or(cfg.Timeout, 25*time.Second), cmp.Or(cfg.BodyTime, time.Hour)
	cfg.Conns, cfg.CacheBytes = cmp.Or(cfg.Conns, 8), cmp.Or(cfg.CacheBytes, 32<<20)
	for i, r := range cfg.Reach {
		host, port, err := net.SplitHostPort(r)
		n, bad := strconv.ParseUint(port, 10, 16)
		if err != nil || host == "" || bad != nil || n == 0 {
			return nil, fmt.Errorf("fetch: %q must be HOST:PORT, like 192.168.1.2:8080", r)
		}
		cfg.Reach[i] = net.JoinHostPort(strings.ToLower(host), port)
	}
	roots, err := roots(cfg.CA)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, guard: guard{reach: cfg.Reach, ports: cfg.Ports, own: ownAddresses()}, sites: &sites{now: time.Now}}
	t := &http.Transport{
		DialContext: c.guard.dial, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: cfg.Timeout, MaxConnsPerHost: cfg.Conns, MaxIdleConns: 64,
		IdleConnTimeout: 30 * time.Second, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10,
	}
	c.tls, c.plain = t, t
	if cfg.CacheBytes > 0 {
		kept, err := newCache(t, cfg.CacheBytes)
		if err != nil {
			return nil, err
		}
		c.tls, c.plain = kept, kept
	}
	return c, nil
}

// Know has the client keep what it knows of sites in a store that outlives it, before its first request; it does not close the store. Without,
// nothing is known.
func (c *Client) Know(kept session.Store) { c.sites.kept = kept }

// roots are the certificates that are believed: the system's, and those of a file.
func roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("fetch: %s holds no certificate in PEM", file)
	}
	return pool, nil
}

// Dial connects to HOST:PORT for a tunnel. Whoever asks has looked whether the operator wants it; private addresses are refused here.
func (c *Client) Dial(ctx context.Context, address string) (net.Conn, error) {
	return c.guard.tunnel(ctx, address)
}

// Schemes of a site.
const (
	schemeTLS   = "https"
	schemePlain = "http"
)

// Do implements gateway.Upstream. The body of the answer is a stream.
func (c *Client) Do(req *fasthttp.Request, resp *fasthttp.Response) error {
	return c.DoUntil(context.Background(), req, resp)
}

// DoUntil implements gateway.Interruptible: the body ends with the context, too.
func (c *Client) DoUntil(ctx context.Context, req *fasthttp.Request, resp *fasthttp.Response) error {
	host := string(req.Header.Host())
	if err := c.mayAsk(host); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.BodyTime)
	answer, err := c.ask(ctx, host, req)
	if err != nil {
		cancel()
		return err
	}
	take(resp, answer, cancel)
	return nil
}

// mayAsk refuses by port before a name is looked up.
func (c *Client) mayAsk(host string) error {
	name, port := splitHost(host)
	if port == "" {
		port = "80"
	}
	return c.guard.admits(name, port)
}

func splitHost(host string) (name, port string) {
	if n, p, err := net.SplitHostPort(host); err == nil {
		return strings.ToLower(n), p
	}
	return strings.ToLower(strings.Trim(host, "[]")), ""
}

// ask puts the question over TLS or in the clear, and follows the site silently from one to the other.
func (c *Client) ask(ctx context.Context, host string, req *fasthttp.Request) (*http.Response, error) {
	now := c.sites.now()
	is := c.sites.of(host)
	scheme, certain := schemeTLS, is.certain(now)
	if certain {
		scheme = is.Scheme
	}
	if len(req.Header.Peek(OnlyTLS)) > 0 {
		is.Scheme, scheme, certain = schemeTLS, schemeTLS, true
	}
	if _, port := splitHost(host); port == "443" { // nobody speaks in the clear there, and it is no way to port 80
		is.Scheme, scheme, certain = schemeTLS, schemeTLS, true
	}
	if (req.Header.IsGet() || req.Header.IsHead()) && hasMember([]string{string(req.Header.Peek("Cache-Control"))}, "only-if-cached") {
		return c.send(ctx, scheme, host, req) // which asks nobody, and teaches nothing
	}
	doubtful, led := false, false // TLS is there, and nobody vouches for it; the site sent us here
	for turned := 0; ; turned++ {
		if scheme == schemePlain && is.encrypts && !led && tells(req) {
			return nil, ErrInClear
		}
		answer, err := c.send(ctx, scheme, host, req)
		switch {
		case err != nil && !certain && scheme == schemeTLS && noTLS(err, host):
			if doubtful = errors.As(err, new(*tls.CertificateVerificationError)); doubtful && tells(req) {
				return nil, err
			}
			if is.encrypts && tells(req) {
				return nil, fmt.Errorf("%w: %w", ErrInClear, err)
			}
			scheme, certain = schemePlain, true
			continue
		case err != nil && scheme == schemeTLS && is.Scheme == schemeTLS && noTLS(err, host) && !errors.Is(err, ErrRefused):
			return nil, fmt.Errorf("%w: %w", ErrInClear, err)
		case err != nil:
			return nil, err
		}
		if doubtful {
			return answer, nil
		}
		if scheme == schemeTLS {
			c.sites.wants(host, answer.Header.Get("Strict-Transport-Security"))
		}
		other := turnsTo(answer)
		if other == "" || turned == maxTurns || answer.Request.Method == http.MethodPost || certain && is.Scheme == schemeTLS && other == schemePlain {
			c.learn(host, scheme, answer, led)
			return answer, nil
		}
		answer.Body.Close()
		scheme, certain, led = other, true, true
		is.Scheme = other
	}
}

// ErrInClear is what a request gives that would have to go out in the clear to a site that is known to have TLS. Nothing of it was sent.
var ErrInClear = errors.New("fetch: the site had TLS before, and does not answer there now")

// tells says whether a request has something in it that is nobody else's business: what was typed, or who asks. Where nobody vouches for
// a site's certificate it does not go out in the clear instead: who stands between would read it.
func tells(req *fasthttp.Request) bool {
	return !req.Header.IsGet() && !req.Header.IsHead() || bytes.IndexByte(req.RequestURI(), '?') >= 0 || len(req.Header.Peek("Cookie")) > 0 || len(req.Header.Peek("Authorization")) > 0
}

// maxTurns is how often one request goes over between TLS and plain.
const maxTurns = 2

// learn remembers how a site answers; led says that it has sent us there.
func (c *Client) learn(host, scheme string, answer *http.Response, led bool) {
	if scheme == schemeTLS || answer.StatusCode < 500 {
		c.sites.answered(host, scheme, led)
	}
}

// turnsTo is the scheme to which an answer sends the same address, "" if it does not.
func turnsTo(answer *http.Response) string {
	if answer.StatusCode < 300 || answer.StatusCode > 399 {
		return ""
	}
	to, err := answer.Location()
	asked := answer.Request.URL
	if err != nil || to.Scheme == asked.Scheme || bareHost(to) != bareHost(asked) || to.RequestURI() != asked.RequestURI() {
		return ""
	}
	return to.Scheme
}

func bareHost(u *url.URL) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(u.Host, ":80"), ":443"))
}

// noTLS says whether an error means that a site does not speak TLS, or not so that anybody else would believe it, and may be asked
// in the clear. Nothing of the request has left.
func noTLS(err error, host string) bool {
	var record tls.RecordHeaderError
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	var alert tls.AlertError
	_, port := splitHost(host)
	switch {
	case errors.Is(err, ErrRefused):
		return port == "" // the other port may be allowed
	case errors.As(err, &cert):
		return port == "" // the same port in the clear is no way around
	case errors.As(err, &record), errors.As(err, &alert):
		return true
	case errors.As(err, &op):
		var dns *net.DNSError
		return op.Op == "dial" && !errors.As(err, &dns)
	}
	return errors.Is(err, io.EOF) || strings.Contains(err.Error(), "TLS handshake timeout")
}

// CookieInClear is a field of a request whose Cookie is for TLS: what goes out instead where the site has none, without those marked Secure
// (RFC 6265 §5.4). It never leaves.
const CookieInClear = "X-Ktai-Cookie-In-Clear"

// OnlyTLS is a field of a request that must not go out in the clear, and OverTLS one of an answer that came encrypted. Neither leaves.
const (
	OnlyTLS = "X-Ktai-Only-Tls"
	OverTLS = "X-Ktai-Over-Tls"
)

// notSent are fields that say who asks, or that net/http writes itself: a site of the web learns neither address nor handset.
var notSent = []string{"Host", "Connection", "Content-Length", "Transfer-Encoding", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"}

func (c *Client) send(ctx context.Context, scheme, host string, req *fasthttp.Request) (*http.Response, error) {
	u, err := url.Parse(scheme + "://" + host)
	if err != nil {
		return nil, err
	}
	u.Host = bareHost(u)
	path, query, _ := strings.Cut(string(req.Header.RequestURI()), "?")
	u.Path, u.RawQuery = path, query
	if !strings.HasPrefix(path, "//") {
		u.Opaque = path // it goes out as it came
	}
	out := &http.Request{Method: string(req.Header.Method()), URL: u, Host: u.Host, Header: http.Header{}}
	if body := req.Body(); len(body) > 0 {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	for k, v := range req.Header.All() {
		name := string(k)
		if !slices.Contains(notSent, name) && !strings.HasPrefix(name, "X-Ktai-") {
			out.Header.Add(name, string(v))
		}
	}
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", "") // net/http would say its own name
	}
	for _, name := range [...]string{"Referer", "Origin"} { // as the site calls itself
		if rest, ok := strings.CutPrefix(out.Header.Get(name), "http://"+host); ok && (rest == "" || rest[0] == '/') {
			out.Header.Set(name, u.Scheme+"://"+u.Host+rest)
		}
	}
	rt := c.tls
	if scheme == schemePlain {
		rt = c.plain
		if clear := req.Header.PeekAll(CookieInClear); len(clear) > 0 {
			out.Header.Set("Cookie", string(clear[0]))
		}
		if out.Header.Get("Cookie") == "" {
			out.Header.Del("Cookie")
		}
	}
	answer, err := rt.RoundTrip(out.WithContext(ctx))
	if err == nil {
		if err = sound(answer); err != nil {
			answer.Body.Close()
			return nil, err
		}
	}
	return answer, err
}

// sound refuses the head of an answer that may be read in two ways, or cannot go on to a screen (SEC-62): net/http takes any name for a
// field's, any number for a status, and several addresses to go to.
func sound(answer *http.Response) error {
	if answer.StatusCode < 200 || answer.StatusCode > 599 {
		return fmt.Errorf("fetch: status %d", answer.StatusCode)
	}
	for name, values := range answer.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			return errors.New("fetch: a field without a name")
		}
		if len(values) > 1 && slices.Contains(once, name) {
			return fmt.Errorf("fetch: two fields %s", name)
		}
	}
	return nil
}

// once are fields of which an answer has one at most.
var once = []string{"Content-Type", "Content-Encoding", "Content-Length", "Location"}

// take makes an answer one of fasthttp's. done is called when its body has been read or closed.
func take(resp *fasthttp.Response, answer *http.Response, done func()) {
	resp.Reset()
	resp.SetStatusCode(answer.StatusCode)
	resp.Header.SetNoDefaultContentType(true)
	for name, values := range answer.Header {
		if strings.HasPrefix(name, "X-Ktai-") {
			continue
		}
		for _, v := range values {
			resp.Header.Add(name, v)
		}
	}
	if answer.Request.URL.Scheme == schemeTLS {
		resp.Header.Set(OverTLS, "1")
	}
	size := int(answer.ContentLength)
	if answer.Request.Method == http.MethodHead || size == 0 {
		answer.Body.Close()
		done()
		resp.SkipBody = true
		resp.Header.SetContentLength(max(size, 0))
		return
	}
	resp.SetBodyStream(&body{answer.Body, done}, max(size, -1))
}

// A body ends the time of its request when it is closed.
type body struct {
	io.ReadCloser
	done func()
}

func (b *body) Close() error {
	defer b.done()
	return b.ReadCloser.Close()
}
