package gateway

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// A PoolConfig sets up a Pool. Zero fields mean the default named beside them.
type PoolConfig struct {
	HealthPath  string        // asked by GET to see whether a server is well; any answer below 500 counts. "/"
	HealthEvery time.Duration // how often. 5 s
	Timeout     time.Duration // for one whole answer, its body included. 30 s
	DialTimeout time.Duration // 3 s
	Conns       int           // to one server. 256
	Health      bool          // ask at all. Default: a server is down only for a moment after it refused a connection
}

// A Pool is one or several web servers with the same application, as an Upstream. Each request goes to the server with
// the fewest under way; one that does not answer its health question, or refuses connections, gets none. Which server is
// asked depends on nothing in the request (SEC-68).
type Pool struct {
	servers []*server
	tls     bool // all of them
	cfg     PoolConfig
	next    atomic.Uint32
	credit  atomic.Int64 // for retries, in tenths: each request earns one, each retry costs ten (SEC-63)
	stop    chan struct{}
	done    sync.WaitGroup
}

// A server is one upstream server.
type server struct {
	client  *fasthttp.HostClient
	down    atomic.Bool  // says the health question
	downTil atomic.Int64 // Unix milliseconds; after a refused connection
}

// maxCredit is ten retries that a pool may save up.
const maxCredit = 100

var errAllDown = errors.New("gateway: no upstream server is well")

// NewPool makes a pool of servers given as http:// or https:// URLs with a host and nothing behind it.
func NewPool(urls []string, cfg PoolConfig) (*Pool, error) {
	def(&cfg.HealthPath, "/")
	def(&cfg.HealthEvery, 5*time.Second)
	def(&cfg.Timeout, 30*time.Second)
	def(&cfg.DialTimeout, 3*time.Second)
	def(&cfg.Conns, 256)
	p := &Pool{cfg: cfg, tls: true, stop: make(chan struct{})}
	p.credit.Store(maxCredit)
	for _, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
			return nil, fmt.Errorf("gateway: upstream %q must be like http://127.0.0.1:8080, without a path", raw)
		}
		p.servers = append(p.servers, &server{client: cfg.client(u)})
		p.tls = p.tls && u.Scheme == "https"
	}
	if len(p.servers) == 0 {
		return nil, errors.New("gateway: a pool needs at least one upstream URL")
	}
	if cfg.Health {
		p.done.Add(1)
		go p.watch()
	}
	return p, nil
}

// client makes the HTTP client of one server: strict about answers, no retries of its own, every time bounded.
func (cfg PoolConfig) client(u *url.URL) *fasthttp.HostClient {
	secure := u.Scheme == "https"
	addr := u.Host
	if u.Port() == "" {
		addr = net.JoinHostPort(u.Hostname(), map[bool]string{false: "80", true: "443"}[secure])
	}
	dialer := net.Dialer{Timeout: cfg.DialTimeout}
	trust := &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	return &fasthttp.HostClient{
		Addr: addr,
		Dial: func(addr string) (net.Conn, error) {
			dial := dialer.Dial
			if secure { // here, and not in the client, so that the strict reader sees what is inside
				dial = (&tls.Dialer{NetDialer: &dialer, Config: trust}).Dial
			}
			c, err := dial("tcp", addr)
			if err != nil {
				return nil, &dialError{err}
			}
			return &strictConn{Conn: c}, nil
		},
		MaxConns: cfg.Conns, MaxConnWaitTimeout: time.Second, MaxIdleConnDuration: 3 * time.Second,
		ReadTimeout: cfg.Timeout, WriteTimeout: cfg.Timeout, ReadBufferSize: 16 << 10,
		MaxIdemponentCallAttempts: 1, StreamResponseBody: true,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true, SecureErrorLogMessage: true,
	}
}

// A dialError is a connection that never came to be: the request has not left, so another server may have it.
type dialError struct{ err error }

func (e *dialError) Error() string { return "connect: " + e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// Do implements Upstream. A request that never left goes to another server; a GET or HEAD that met a closed
// connection, and not one byte of an answer, is sent once more while the budget lasts; nothing else is ever sent twice.
func (p *Pool) Do(req *fasthttp.Request, resp *fasthttp.Response) error {
	p.credit.Store(min(p.credit.Load()+1, maxCredit))
	retried := false
	err := error(errAllDown)
	for range p.servers {
		s := p.pick()
		if s == nil {
			return err
		}
		err = s.client.Do(req, resp)
		if !retried && p.mayRepeat(req, err) {
			retried = true
			resp.Reset()
			err = s.client.Do(req, resp)
		}
		var dial *dialError
		if !errors.As(err, &dial) {
			return err
		}
		s.downTil.Store(time.Now().Add(time.Second).UnixMilli())
		resp.Reset()
	}
	return err
}

// mayRepeat says whether a failed request may be sent once more.
func (p *Pool) mayRepeat(req *fasthttp.Request, err error) bool {
	safe := req.Header.IsGet() || req.Header.IsHead()
	if !safe || !errors.Is(err, fasthttp.ErrConnectionClosed) || p.credit.Load() < 10 {
		return false
	}
	p.credit.Add(-10)
	return true
}

// pick returns the server with the fewest requests under way, taking turns among equals; nil if all are down.
func (p *Pool) pick() *server {
	now := time.Now().UnixMilli()
	start := int(p.next.Add(1))
	var best *server
	for i := range p.servers {
		s := p.servers[(start+i)%len(p.servers)]
		if !s.well(now) {
			continue
		}
		if best == nil || s.client.PendingRequests() < best.client.PendingRequests() {
			best = s
		}
	}
	return best
}

func (s *server) well(now int64) bool { return !s.down.Load() && s.downTil.Load() <= now }

// Up returns how many servers are well.
func (p *Pool) Up() int {
	n, now := 0, time.Now().UnixMilli()
	for _, s := range p.servers {
		if s.well(now) {
			n++
		}
	}
	return n
}

// watch asks every server how it is.
func (p *Pool) watch() {
	defer p.done.Done()
	tick := time.NewTicker(p.cfg.HealthEvery)
	defer tick.Stop()
	for {
		for _, s := range p.servers {
			s.down.Store(!p.healthy(s))
		}
		select {
		case <-p.stop:
			return
		case <-tick.C:
		}
	}
}

func (p *Pool) healthy(s *server) bool {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(p.cfg.HealthPath)
	host, _, _ := strings.Cut(s.client.Addr, ",")
	req.Header.SetHost(host)
	err := s.client.DoTimeout(req, resp, p.cfg.DialTimeout)
	resp.CloseBodyStream()
	return err == nil && resp.StatusCode() < 500
}

// TLS says whether the way to every server is encrypted.
func (p *Pool) TLS() bool { return p.tls }

// Close ends the health questions and closes idle connections.
func (p *Pool) Close() error {
	close(p.stop)
	p.done.Wait()
	for _, s := range p.servers {
		s.client.CloseIdleConnections()
	}
	return nil
}
