package gateway

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/carriers"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

// Handsets of the tests.
const (
	uaP903i  = "DoCoMo/2.0 P903i(c100;TB;W24H12)"
	uaN903i  = "DoCoMo/2.0 N903i(c100;TB;W24H12)"
	uaCA39   = "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"
	ua910T   = "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1"
	uaH11T   = "emobile/1.0.0 (H11T; like Gecko; Wireless) NetFront/3.4"
	uaChrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"

	ourHost = "sns.example"
)

// Addresses inside the shipped handset ranges.
var handsetAddr = map[carriers.Carrier]string{
	carriers.DoCoMo: "210.153.84.1", carriers.Au: "27.90.206.1", carriers.SoftBank: "123.108.237.113", carriers.Emobile: "117.55.1.225",
}

// A world is a gateway between a scripted upstream and raw connections from any address.
type world struct {
	t  *testing.T
	g  *Gateway
	s  *fasthttp.Server
	ln *fasthttputil.InmemoryListener

	mu   sync.Mutex
	seen []string // requests that reached the upstream, as text
}

// upstreamFunc answers at the upstream.
type upstreamFunc func(ctx *fasthttp.RequestCtx)

// newWorld starts a gateway whose Config edit may change before.
func newWorld(t *testing.T, up upstreamFunc, edit func(*Config)) *world {
	t.Helper()
	registry, err := carriers.New(carriers.Config{ShippedRanges: true})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, ln: fasthttputil.NewInmemoryListener()}
	cfg := Config{
		Hosts: []string{ourHost}, Carriers: registry, EasyLogin: true,
		Keys: &LoginKeys{current: []byte("0123456789abcdef0123456789abcdef")}, Secret: []byte("between gateway and core"),
		Upstream: InProcess(func(ctx *fasthttp.RequestCtx) {
			w.mu.Lock()
			w.seen = append(w.seen, ctx.Request.Header.String()+string(ctx.Request.Body()))
			w.mu.Unlock()
			up(ctx)
		}),
	}
	if edit != nil {
		edit(&cfg)
	}
	if w.g, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	w.s = w.g.Server()
	go w.g.Serve(w.s, addressed{w.ln})
	t.Cleanup(func() { w.ln.Close(); w.g.Close() })
	return w
}

// addressed gives each connection the remote address that its client announced in its first line.
type addressed struct{ *fasthttputil.InmemoryListener }

func (l addressed) Accept() (net.Conn, error) {
	c, err := l.InmemoryListener.Accept()
	if err != nil {
		return nil, err
	}
	var line []byte
	for one := make([]byte, 1); ; {
		if _, err := c.Read(one); err != nil {
			return nil, err
		}
		if one[0] == '\n' {
			return &fromAddr{c, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(string(line)))}, nil
		}
		line = append(line, one[0])
	}
}

type fromAddr struct {
	net.Conn
	remote net.Addr
}

func (c *fromAddr) RemoteAddr() net.Addr { return c.remote }

// dial opens a connection from an address.
func (w *world) dial(from string) net.Conn {
	w.t.Helper()
	c, err := w.ln.Dial()
	if err != nil {
		w.t.Fatal(err)
	}
	if strings.Contains(from, ":") {
		from = "[" + from + "]"
	}
	fmt.Fprintf(c, "%s:40000\n", from)
	return c
}

// raw sends bytes from an address and returns the first answer, nil if there was none.
func (w *world) raw(from, bytes string) *fasthttp.Response {
	w.t.Helper()
	c := w.dial(from)
	defer c.Close()
	go c.Write([]byte(bytes))
	return readAnswer(c)
}

func readAnswer(c net.Conn) *fasthttp.Response {
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	resp := &fasthttp.Response{}
	if err := resp.Read(bufio.NewReader(c)); err != nil {
		return nil
	}
	return resp
}

// get asks for a target with a User-Agent and further header lines.
func (w *world) get(from, ua, target string, lines ...string) *fasthttp.Response {
	w.t.Helper()
	lines = append([]string{"Host: " + ourHost, "User-Agent: " + ua}, lines...)
	r := w.raw(from, "GET "+target+" HTTP/1.1\r\n"+strings.Join(lines, "\r\n")+"\r\n\r\n")
	if r == nil {
		w.t.Fatalf("no answer to GET %s", target)
	}
	return r
}

// post sends a form.
func (w *world) post(from, ua, target, body string, lines ...string) *fasthttp.Response {
	w.t.Helper()
	lines = append([]string{"Host: " + ourHost, "User-Agent: " + ua, "Content-Type: application/x-www-form-urlencoded", fmt.Sprint("Content-Length: ", len(body))}, lines...)
	r := w.raw(from, "POST "+target+" HTTP/1.1\r\n"+strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
	if r == nil {
		w.t.Fatalf("no answer to POST %s", target)
	}
	return r
}

// requests returns what reached the upstream since the last call.
func (w *world) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.seen
	w.seen = nil
	return got
}

// hello is the plainest upstream.
func hello(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("text/html; charset=utf-8")
	ctx.SetBodyString(`<!DOCTYPE html><html><head><title>t</title></head><body><p>hello</p><p><a href="/next">next</a></p></body></html>`)
}
