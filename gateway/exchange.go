package gateway

import (
	"bufio"
	"bytes"
	"net"
	"strings"
	"sync"
	"time"

	"musubi/carriers"
	"musubi/gateway/door"
	"musubi/gateway/session"
	"musubi/gateway/wire"
	"musubi/transcode/form"
	"musubi/transcode/markup"

	"github.com/valyala/fasthttp"
)

// An exchange is one request and its answer on their way through the gateway. It lives as long as the handler; its
// strings are copies or share the one copy of the header section.
type exchange struct {
	g     *Gateway
	ctx   *fasthttp.RequestCtx
	start time.Time

	method  string
	head    head
	target  target
	peer    peer
	hs      carriers.Handset
	usual   *carriers.Handset // hs, while a form is read that was answered in another charset; else nil
	verdict verdict

	way     markup.Way // to the site that is asked, where the gateway leads to any (World)
	front   string     // the gateway's own name, as this client has it
	home    bool       // it is the gateway itself that is asked
	nowhere bool       // what is asked for cannot be a site's name
	across  bool       // by a link or form of another site

	elsewhere bool   // the form was sent on to another site than the first
	first     string // that site
	encrypted bool   // it must not go out in the clear

	site markup.Site // what the operator's rules say of this address

	program     bool             // asked for by a program with a protocol of its own: see Config.Program
	bridged     bool             // a handset whose cookies the gateway keeps
	cookies     bool             // it has shown that it keeps cookies itself
	session     *session.Session // nil: none
	cookieLines []string         // our own Set-Cookie values
	token       string           // session ID to put on links; "" none, or it travels in a cookie

	title     string          // of the page that was written
	part      int             // of the page, from 1
	held      string          // names the answer to a form of which a part is wanted
	turned    bool            // to a part of a page that the handset has seen another of
	query     string          // for the upstream: UTF-8, without our own parameters
	body      []byte          // for the upstream
	ctype     string          // of body
	unranged  bool            // a range of what is rewritten means nothing: the whole is asked for
	watched   *watch          // what ends it when the client is gone; nil: the upstream cannot be ended
	shed      int             // files of it that were let go
	form      form.Fields     // answers carried between the pieces of a form
	unread    func() *refusal // restores the form that came, when texts of its page can be asked for; nil: nothing waits
	bySession bool            // the URL or form itself bears the session
	marked    string          // of the form, which says whose page it is from
	piece     bool            // the request is such a piece, not yet the whole form

	req    *fasthttp.Request
	resp   *fasthttp.Response
	ahead  *bufio.Reader // of a streamed body whose beginning has been looked at
	asked  string        // entity tag that the gateway itself asked with, "" if none
	kept   *picture      // the answer to it: may be seen, and is here
	passed []string      // cookies that a first answer set for a browser
	stays  bool          // resp must outlive the handler: its body is being streamed

	plain *relayed // a body that is to go to a client of HTTP/1.0 without chunks

	scratch []byte // memory for what is put together and copied

	inside  door.Kind // whose place behind the door the exchange has
	done    bool      // answered already
	refused *refusal
	stats   stats
}

// stats is what the metrics and the access log say about an exchange.
type stats struct {
	route        string // page, image, stream, redirect, own, error
	lost         int
	bytes        int
	budget       int
	asked        time.Time // when the upstream first was
	upstreamTime time.Duration
	encodeTime   time.Duration
}

func newExchange(g *Gateway, ctx *fasthttp.RequestCtx) *exchange {
	x := exchanges.Get().(*exchange)
	*x = exchange{g: g, ctx: ctx, start: time.Now(), part: 1, head: head{x.head.fields[:0]}, scratch: x.scratch,
		req: fasthttp.AcquireRequest(), resp: fasthttp.AcquireResponse()}
	return x
}

// exchanges are those that are over. Nothing of them is used again but the memory.
var exchanges = sync.Pool{New: func() any { return &exchange{head: head{make([]field, 0, 24)}} }}

// readHead parses the header section and the request line, and finds out who is at the other end.
func (x *exchange) readHead() *refusal {
	h := &x.ctx.Request.Header
	x.method = string(h.Method())
	if err := wire.Of(x.ctx.Conn()).CheckHead(); err != nil {
		return hangUp(errMalformed, err.Error())
	}
	var r *refusal
	if r = x.head.parse(string(h.RawHeaders())); r != nil {
		r.close = true
		return r
	}
	x.peer = x.g.peerOf(x.ctx.RemoteAddr(), x.ctx.IsTLS(), &x.head)
	if p := string(h.Protocol()); p != "HTTP/1.1" && p != "HTTP/1.0" {
		return hangUp(errVersion, "protocol "+p)
	}
	if len(h.RawHeaders()) > x.g.cfg.Limits.HeaderBytes {
		return hangUp(errHeaderTooLarge, "header section longer than allowed")
	}
	if r = x.readTarget(string(h.RequestURI()), x.head.get("Host")); r != nil {
		r.close = true
		return r
	}
	x.site = x.g.cfg.Rules.For(hostname(x.target.host), x.target.path)
	return nil
}

// readTarget finds out what is asked for, and of whom.
func (x *exchange) readTarget(raw, host string) (r *refusal) {
	if x.method == "CONNECT" && x.g.cfg.World != nil {
		return x.findTunnel(raw)
	}
	if x.g.cfg.World != nil {
		if len(raw) > x.g.cfg.Limits.HeaderBytes {
			return refuse(errTargetTooLong, "request target longer than a header")
		}
		if site, r := x.findSite(raw, host); site || r != nil {
			return r
		}
		if rest, ok := cutScheme(raw); ok {
			_, raw = cutAuthority(rest)
			host = x.front
		}
	}
	x.target, r = parseTarget(raw, host, x.g.cfg.Foreign)
	return r
}

// hostname is a host without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// identifyHandset tells the handset, once. No later step reads a field to find out what it can do.
func (x *exchange) identifyHandset() {
	ua, _ := x.head.Header("User-Agent")
	x.hs = x.g.carriers.Load().Identify(carriers.Request{UserAgent: ua, Headers: &x.head, IP: x.peer.addr, TLS: x.peer.tls})
	x.program = x.g.cfg.Program(x.method, x.target.path, x.target.query)
	x.bridged = bridged(&x.hs) && !x.program || x.way == markup.WayPortal || x.way == markup.WayOwn
	x.verdict = x.g.judge(x)
}

// bridged says whether the gateway keeps this client's cookies: every handset's, also where the handset could keep its
// own, because carriers' servers lose them and au mixes two jars. Browsers and robots are left to themselves, but for those
// that came before cookies.
func bridged(h *carriers.Handset) bool {
	if h.Carrier == carriers.PC && !h.Cookies && h.Dialect.Family != carriers.HTML5 {
		return true
	}
	return h.Carrier != carriers.PC && h.Carrier != carriers.Smartphone && h.Carrier != carriers.Crawler && !h.Robot && !h.FullBrowser
}

// transforms says whether pages for this client are rewritten at all.
func (x *exchange) transforms() bool { return x.hs.Dialect.Family != carriers.HTML5 && !x.program }

// url returns the absolute URL of the page as its site knows it, without the gateway's own parameters.
func (x *exchange) url() string {
	u := x.siteOrigin() + x.target.path
	if x.query != "" {
		u += "?" + x.query
	}
	return u
}

// siteOrigin is the origin of the page. Where there are many sites, which of them know TLS is the upstream's affair.
func (x *exchange) siteOrigin() string {
	if x.way != markup.WayOne {
		return "http://" + x.target.host
	}
	return x.origin()
}

func (x *exchange) origin() string {
	if x.peer.tls {
		return "https://" + x.target.host
	}
	return "http://" + x.target.host
}

// failSafe answers after a panic: nothing that was prepared is trusted any more.
func (x *exchange) failSafe() {
	defer func() {
		if recover() != nil { // the page stage itself panics: plain ASCII then
			x.ctx.Response.Reset()
			x.ctx.SetStatusCode(errInternal.status)
			x.ctx.SetContentType("text/plain; charset=us-ascii")
			x.ctx.SetBodyString("Internal error\n")
		}
	}()
	x.writeRefusal(hangUp(errInternal, "panic"))
}

// finish counts and logs the exchange and gives its buffers back.
func (x *exchange) finish() {
	x.g.door.Leave(x.inside)
	x.g.metrics.count(x)
	x.log()
	x.tellFollower()
	fasthttp.ReleaseRequest(x.req)
	if !x.stays {
		x.watched.stop()
		fasthttp.ReleaseResponse(x.resp)
	}
	clear(x.head.fields)
	*x = exchange{head: head{x.head.fields[:0]}, scratch: x.scratch}
	exchanges.Put(x)
}

// mediaType returns the type of a Content-Type value in lower case, without parameters.
func mediaType(contentType []byte) string {
	t, _, _ := bytes.Cut(contentType, []byte(";"))
	if string(t) == "text/html" { // spares the usual ones a copy
		return "text/html"
	}
	return strings.ToLower(strings.TrimSpace(string(t)))
}
