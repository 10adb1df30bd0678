package gateway

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"musubi/carriers"
	"musubi/gateway/session"
	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
	"golang.org/x/net/html"
)

// BenchmarkPage is what one page costs a gateway between reading its request and writing its answer, for a PC, which gets
// the page as it is, and for four handsets, with a session as members have one: in a cookie of their own, or, where the
// handset keeps none, in the URL. The pages are those of a member of the demo (testdata/canonical), for handsets without what only a PC shows, as
// the core writes them; "whole" is the same page with it. There is no network and no client in it:
// the connection is a replay. cpu-ns/op is the processor time of the whole process, the collector's included.
func BenchmarkPage(b *testing.B) {
	for _, page := range []string{"home", "diary"} {
		for _, c := range []struct{ name, ua string }{
			{"PC", uaChrome}, {"P903i", uaP903i}, {"CA39", uaCA39}, {"910T", ua910T}, {"N501i", "DoCoMo/1.0/N501i/c5"},
		} {
			b.Run(page+"/"+c.name, func(b *testing.B) { benchmarkPage(b, page, c.ua, c.name == "PC") })
			if c.name == "P903i" {
				b.Run(page+"/"+c.name+"/whole", func(b *testing.B) { benchmarkPage(b, page, c.ua, true) })
			}
		}
	}
}

func benchmarkPage(b *testing.B, name, ua string, whole bool) {
	source, err := os.ReadFile("../testdata/canonical/" + name + ".html")
	if err != nil {
		b.Fatal(err)
	}
	if !whole {
		source = withoutPC(b, source)
	}
	registry, err := carriers.New(carriers.Config{ShippedRanges: true})
	if err != nil {
		b.Fatal(err)
	}
	g, err := New(Config{Hosts: []string{ourHost}, Carriers: registry, Secret: []byte("between gateway and core"), EasyLogin: true,
		Limits: Limits{ConnRequests: 1 << 30}, Access: io.Discard,
		Upstream: InProcess(func(ctx *fasthttp.RequestCtx) {
			for _, f := range [...]struct{ name, value string }{ // what the core says about its pages
				{"Cache-Control", "private, no-store"}, {"Pragma", "no-cache"}, {"Expires", "0"}, {"X-Robots-Tag", "noindex, nofollow, noarchive"},
				{"Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; script-src 'none'; style-src 'self' 'unsafe-inline'"},
				{"X-Frame-Options", "DENY"}, {"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "same-origin"}, {"Cross-Origin-Resource-Policy", "same-origin"},
			} {
				ctx.Response.Header.Set(f.name, f.value)
			}
			ctx.SetContentType("text/html; charset=UTF-8")
			ctx.SetBody(source)
		})})
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	r := &replay{left: 1}
	r.request, r.peer = requestOf(b, g, ua)
	s := g.Server()
	if err := s.ServeConn(&wire.Conn{Conn: r}); err != nil || !bytes.HasPrefix(r.first, []byte("HTTP/1.1 200 ")) || len(r.first) < 2000 {
		b.Fatalf("%v\n%s", err, r.first)
	}
	b.ReportAllocs()
	r.left, r.answered = b.N, 0
	before := processorTime()
	b.ResetTimer()
	if err := s.ServeConn(&wire.Conn{Conn: r}); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op")
	if r.answered < b.N {
		b.Fatalf("%d answers to %d requests", r.answered, b.N)
	}
}

// withoutPC takes the elements marked data-pc out of a page.
func withoutPC(b *testing.B, source []byte) []byte {
	doc, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		b.Fatal(err)
	}
	var cut func(n *html.Node)
	cut = func(n *html.Node) {
		for child := n.FirstChild; child != nil; {
			next := child.NextSibling
			if slices.ContainsFunc(child.Attr, func(a html.Attribute) bool { return a.Key == "data-pc" }) {
				n.RemoveChild(child)
			} else {
				cut(child)
			}
			child = next
		}
	}
	cut(doc)
	var out bytes.Buffer
	if err := html.Render(&out, doc); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// requestOf is a member's request, with the fields that such a client sends and a session, and where it comes from.
func requestOf(b *testing.B, g *Gateway, ua string) ([]byte, net.Addr) {
	hs := g.carriers.Load().Identify(carriers.Request{UserAgent: ua})
	from := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(cmp.Or(handsetAddr[hs.Carrier], "127.0.0.1")), 40000))
	if !bridged(&hs) {
		return []byte("GET /home HTTP/1.1\r\nHost: " + ourHost + "\r\nUser-Agent: " + ua + "\r\nAccept: text/html,*/*;q=0.8\r\nAccept-Language: ja,en;q=0.5\r\n" +
			"Accept-Encoding: gzip, deflate\r\nCookie: s=u3Hf0mGx4Vd2ZyKp9Qw7Rt\r\nConnection: keep-alive\r\n\r\n"), from
	}
	place := session.InURL
	if hs.Cookies {
		place = session.InCookie
	}
	jar := session.Jar{{Name: "s", Value: "u3Hf0mGx4Vd2ZyKp9Qw7Rt", Path: "/", Expires: time.Now().Add(14 * 24 * time.Hour)}}
	made, err := g.sessions.Create(context.Background(), place, ourHost, session.Binding{Carrier: string(hs.Carrier), Class: "handset", Model: hs.Model}, jar)
	if err != nil {
		b.Fatal(err)
	}
	head := "Host: " + ourHost + "\r\nUser-Agent: " + ua + "\r\nAccept: */*\r\n"
	if hs.Cookies {
		return []byte("GET /home HTTP/1.1\r\n" + head + "Cookie: _k=1; _s=" + made.ID + "\r\n\r\n"), from
	}
	return []byte("GET /home?_s=" + made.ID + " HTTP/1.1\r\n" + head + "\r\n"), from
}

func processorTime() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

// replay is a connection on which the same request arrives again as soon as it is answered, left times.
type replay struct {
	peer     net.Addr
	request  []byte
	at, left int
	answered int
	first    []byte // the first answer
}

func (r *replay) Read(p []byte) (int, error) {
	if r.at == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
	}
	n := copy(p, r.request[r.at:])
	r.at = (r.at + n) % len(r.request)
	return n, nil
}

func (r *replay) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte("HTTP/1.1 200 ")) {
		r.answered++
	}
	if r.answered <= 1 {
		r.first = append(r.first, p...)
	}
	return len(p), nil
}

func (*replay) Close() error                     { return nil }
func (r *replay) LocalAddr() net.Addr            { return r.peer }
func (r *replay) RemoteAddr() net.Addr           { return r.peer }
func (*replay) SetDeadline(time.Time) error      { return nil }
func (*replay) SetReadDeadline(time.Time) error  { return nil }
func (*replay) SetWriteDeadline(time.Time) error { return nil }
