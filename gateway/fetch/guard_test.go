package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/net/dns/dnsmessage"
)

// ask asks a client for a page, as the gateway does.
func ask(c *Client, method, host, uri string) (*fasthttp.Response, error) {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	req.Header.SetMethod(method)
	req.SetRequestURI(uri)
	req.URI().DisablePathNormalizing = true
	req.Header.SetHost(host)
	err := c.Do(req, resp)
	if err == nil {
		resp.Body() // reads the stream
	}
	return resp, err
}

// trap is a server on this machine that nobody must reach; it counts who did.
func trap(t *testing.T) (port string, reached *atomic.Int32) {
	t.Helper()
	reached = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached.Add(1) }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			reached.Add(1)
		}
	}
	t.Cleanup(s.Close)
	_, port, _ = net.SplitHostPort(s.Listener.Addr().String())
	return port, reached
}

// names answers every question for a name with the addresses that are next in line.
func names(t *testing.T, answers func(n int) []string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for n := 0; ; n++ {
			size, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:size]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.RecursionAvailable = true, true
			for _, s := range answers(n) {
				a := netip.MustParseAddr(s)
				h := dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET, TTL: 0}
				switch q := m.Questions[0].Type; {
				case a.Is4() && q == dnsmessage.TypeA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
				case a.Is6() && q == dnsmessage.TypeAAAA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
				}
			}
			m.Additionals = nil
			if out, err := m.Pack(); err == nil {
				conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// client is one to which the trap's port is as good as 80, so that only the address decides.
func client(t *testing.T, port string, edit func(*Config)) *Client {
	t.Helper()
	cfg := Config{Ports: []string{port}, Timeout: 3 * time.Second, CacheBytes: -1}
	if edit != nil {
		edit(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// spellings are places of this machine and of private networks, as some library reads each.
var spellings = []string{
	"127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.000.000.001",
	"127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "127.255.255.254", "①②⑦.⓪.⓪.①", "127。0。0。1",
	"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0000::1]", "[::ffff:0:127.0.0.1]",
	"[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]",
	"[fd00::1]", "[fec0::1]", "[ff02::1]", "[100::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]",
	"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "169.254.0.1", "100.64.0.1",
	"100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
	"255.255.255.255", "0xa9fea9fe", "2852039166", "0xA9.0xFE.0xA9.0xFE", "user@127.0.0.1", "127.0.0.1#@example.org", "127.0.0.1%00.example.org",
}

// The same places by every spelling that some library reads, asked for or tunnelled to (SEC-85).
func TestSEC85_PrivateAddressesAreNotReached(t *testing.T) {
	port, reached := trap(t)
	c := client(t, port, nil)
	for _, host := range spellings {
		c.cfg.Timeout = time.Second
		if _, err := ask(c, "GET", host+":"+port, "/"); err == nil {
			t.Errorf("%s was answered", host)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		if conn, err := c.Dial(ctx, host+":"+port); err == nil {
			t.Errorf("%s was connected to: %s", host, conn.RemoteAddr())
		}
		cancel()
	}
	if len(spellings) < 60 {
		t.Errorf("%d spellings", len(spellings))
	}
	for _, a := range ownAddresses()() {
		if _, err := ask(c, "GET", net.JoinHostPort(a.String(), port), "/"); err == nil {
			t.Errorf("%s, an address of this machine, was answered", a)
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d connections reached this machine", n)
	}
}

// A name that means a public address when it is asked first and a private one when it is dialled, or both at once.
func TestSEC85_NamesThatChange(t *testing.T) {
	port, reached := trap(t)
	for name, answers := range map[string]func(int) []string{
		"private":  func(int) []string { return []string{"127.0.0.1"} },
		"mapped":   func(int) []string { return []string{"::ffff:127.0.0.1"} },
		"both":     func(int) []string { return []string{"192.0.2.7", "127.0.0.1", "::1"} },
		"metadata": func(int) []string { return []string{"169.254.169.254"} },
		"changing": func(n int) []string {
			if n < 2 {
				return []string{"192.0.2.7"}
			}
			return []string{"127.0.0.1"}
		},
	} {
		c := client(t, port, nil)
		c.guard.resolver = names(t, answers)
		for range 3 {
			if _, err := ask(c, "GET", "rebind.example:"+port, "/"); !errors.Is(err, ErrRefused) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d connections reached this machine", n)
	}
}

// What the operator names is reached, under that name and port alone.
func TestReachIsByName(t *testing.T) {
	port, _ := trap(t)
	c := client(t, port, func(cfg *Config) { cfg.Reach = []string{"127.0.0.1:" + port} })
	if resp, err := ask(c, "GET", "127.0.0.1:"+port, "/"); err != nil || resp.StatusCode() != 200 {
		t.Errorf("what is named is not reached: %v", err)
	}
	if _, err := ask(c, "GET", "localhost:"+port, "/"); !errors.Is(err, ErrRefused) {
		t.Errorf("another name of it: %v", err)
	}
	if _, err := ask(c, "GET", "127.0.0.1:22", "/"); !errors.Is(err, ErrRefused) {
		t.Errorf("another port: %v", err)
	}
}

func TestSEC85_PublicAddresses(t *testing.T) {
	for s, want := range map[string]bool{"93.184.216.34": true, "8.8.8.8": true, "172.32.0.1": true, "100.128.0.1": true, "2606:4700::1111": true,
		"2001:4860:4860::8888": true, "::ffff:8.8.8.8": true, "223.255.255.255": true, "2001:db8::1": false, "fe80::1%eth0": false} {
		if got := public(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: public is %t", s, got)
		}
	}
}
