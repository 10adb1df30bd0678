package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/gateway/fetch"
	"musubi/gateway/session"
	"musubi/transcode/markup"
	"musubi/transcode/own"

	"github.com/valyala/fasthttp"
)

// notForwarded are the names, as carriers.FoldField has them, of fields that never go upstream as the client sent them: they belong to one
// connection (H-01), or the gateway says them itself, or only a carrier's gateway may say them.
var notForwarded = map[string]bool{
	"connection": true, "keep-alive": true, "proxy-connection": true, "te": true, "transfer-encoding": true,
	"upgrade": true, "trailer": true, "http2-settings": true, "expect": true, "proxy-authorization": true, "proxy": true,
	"host": true, "content-length": true, "content-type": true, "content-encoding": true, "cookie": true, "accept-encoding": true,
	"user-agent": true, "via": true, "forwarded": true, "x-real-ip": true, "max-forwards": true,
}

// usualNames are names as clients spell them, folded: they need no copy each time.
var usualNames = func() map[string]string {
	m := map[string]string{}
	for _, name := range [...]string{"Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "Cookie", "Connection", "Referer",
		"Cache-Control", "Pragma", "Content-Type", "Content-Length", "If-None-Match", "If-Modified-Since", "Via", "X-Forwarded-For", "X-Forwarded-Proto"} {
		m[name] = carriers.FoldField(name)
	}
	return m
}()

// conditional are the fields that speak of the upstream's own representation, which a handset has never seen.
var conditional = map[string]bool{
	"if-none-match": true, "if-modified-since": true, "if-match": true, "if-unmodified-since": true, "if-range": true, "range": true,
}

// ofRange are those of them that ask for a piece.
var ofRange = map[string]bool{"range": true, "if-range": true}

// buildRequest makes the upstream's request from nothing: nothing of the client's gets in that is not let in.
func (x *exchange) buildRequest() {
	req := x.req
	req.Header.SetMethod(x.upstreamMethod())
	uri := x.target.path
	if x.query != "" {
		uri += "?" + x.query
	}
	req.Header.SetHost(x.upstreamHost())
	req.SetRequestURI(uri)
	req.URI().DisablePathNormalizing = true // the upstream gets the path as it came
	named, known := strings.ToLower(x.head.joined("Connection")), x.g.carriers.Load()
	for i := range x.head.fields {
		f := &x.head.fields[i]
		name, usual := usualNames[f.name]
		if !usual {
			name = carriers.FoldField(f.name)
		}
		// A name with signs that some upstream folds is one thing here and another there: it never passes (SEC-09).
		if !strings.EqualFold(name, f.name) || notForwarded[name] || strings.HasPrefix(name, "x-ktai") || strings.HasPrefix(name, "x-forwarded") ||
			known.ReservesField(f.name) || named != "" && listHas(named, strings.ToLower(f.name)) || conditional[name] && x.transforms() && !(ofRange[name] && x.g.cfg.Whole(x.target.path)) || name == "authorization" && (x.elsewhere || x.bearsOurs()) || x.unranged && ofRange[name] {
			continue
		}
		value := f.value
		if name == "referer" || name == "origin" {
			if value = x.quoted(name, value); value == "" {
				continue
			}
		}
		req.Header.Add(f.name, value)
	}
	x.addOwnFields(req)
	x.vouch(&req.Header)
	if len(x.body) > 0 || x.method != "GET" && x.method != "HEAD" {
		req.SetBodyRaw(x.body)
		if x.ctype != "" {
			req.Header.SetContentType(x.ctype)
		} else {
			req.Header.SetNoDefaultContentType(true)
		}
	}
	x.g.signVerdict(x, req, x.g.cfg.Now())
}

// upstreamMethod is GET for a handset's HEAD: only the whole page tells the fields that a GET would give (H-08).
func (x *exchange) upstreamMethod() string {
	if x.method == "HEAD" && x.transforms() || x.piece {
		return "GET"
	}
	return x.method
}

func (x *exchange) upstreamHost() string {
	if x.g.cfg.UpstreamHost != "" {
		return x.g.cfg.UpstreamHost
	}
	return x.target.host
}

// quoted is a URL that the client quotes, as the upstream may learn it.
func (x *exchange) quoted(field, value string) string {
	if field == "referer" {
		value = own.Without(value)
	}
	if x.way == markup.WayOne {
		return x.inner(value)
	}
	value = x.unwrapped(value)
	if field == "origin" {
		value = strings.TrimSuffix(originOf(value), "/")
	}
	return value
}

// originOf is a URL's scheme and host.
func originOf(u string) string {
	scheme, rest, ok := strings.Cut(u, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// inner makes a URL of this site one as the upstream calls itself.
func (x *exchange) inner(u string) string {
	if rest, ok := strings.CutPrefix(u, x.origin()); ok && (rest == "" || rest[0] == '/' || rest[0] == '?') {
		return x.innerOrigin() + rest
	}
	return u
}

// innerOrigin is this site's origin as the upstream sees it.
func (x *exchange) innerOrigin() string {
	if x.way == markup.WayOne && (x.peer.tls || x.g.cfg.UpstreamTLS) {
		return "https://" + x.upstreamHost()
	}
	return "http://" + x.upstreamHost()
}

// vouch says where a form comes from, for a handset that does not: applications refuse forms without a Referer or Origin of
// their own. A session that travels in URLs and fields is known to nobody but our own pages for that handset, so the form that
// bears it is one of them. One in a cookie says nothing about the page: then its forms have a mark.
func (x *exchange) vouch(h *fasthttp.RequestHeader) {
	if !x.g.cfg.Foreign || x.method != "POST" || x.session == nil || !x.session.Superseded.IsZero() || x.across {
		return
	}
	if mark := x.formMark(); !x.bySession && (mark == "" || !hmac.Equal([]byte(x.marked), []byte(mark))) {
		return
	}
	if len(h.Peek("Origin")) == 0 && len(h.Peek("Referer")) == 0 {
		h.Set("Origin", x.innerOrigin())
		h.Set("Referer", x.innerOrigin()+x.target.path)
	}
}

// formMark is what every form carries that is posted with a session in a cookie, "" where there is none: nobody but this
// session's pages knows it.
func (x *exchange) formMark() string {
	if !x.g.cfg.Foreign || !x.bridged || x.session == nil || x.session.Place == session.InURL {
		return ""
	}
	h := hmac.New(sha256.New, x.g.formKey)
	h.Write([]byte("musubi form of session\x00" + x.target.host + "\x00" + x.session.ID))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}

// addOwnFields says what the gateway itself has to say: who asked, on which way, with which cookies.
func (x *exchange) addOwnFields(req *fasthttp.Request) {
	h := &req.Header
	ua, _ := x.head.Header("User-Agent")
	h.SetUserAgent(withoutSerials(ua))
	codings := "gzip"
	if !x.transforms() { // passed through as it is: the client's own wish counts
		wish := x.head.joined("Accept-Encoding")
		if x.way == markup.WayOne {
			codings = wish
		} else if !listHas(wish, codings) { // its pages are read here
			codings = ""
		}
	}
	if codings != "" {
		h.Set("Accept-Encoding", codings)
	}
	x.putCookies(h)
	if w := x.g.cfg.World; w != nil && w.Archive && !x.mayStay() {
		h.Set(fieldRewritten, "1")
	}
	if x.encrypted && (x.method == "POST" || x.query != "") {
		h.Set(fetch.OnlyTLS, "1")
	}
	via := x.scratch[:0]
	if earlier := x.head.joined("Via"); earlier != "" {
		via = append(append(via, earlier...), ", "...)
	}
	via = append(append(append(append(via, "1."...), x.minorVersion()...), ' '), x.g.cfg.Name...)
	via = append(via, ctComment(x.g.cfg.Foreign)...)
	h.SetBytesV("Via", via)
	proto, who := "http", "unknown"
	if x.peer.tls {
		proto = "https"
	}
	if x.peer.addr.IsValid() {
		who = x.peer.String()
	}
	x.scratch = via
	h.Set("X-Forwarded-For", who)
	h.Set("X-Forwarded-Proto", proto)
	h.Set("X-Forwarded-Host", x.target.host)
	if x.g.cfg.Foreign {
		node := who
		if x.peer.addr.Is6() {
			node = `"[` + who + `]"`
		}
		h.Set("Forwarded", "for="+node+";host=\""+x.target.host+"\";proto="+proto)
	}
}

// minorVersion is the minor version of the client's HTTP, for Via.
func (x *exchange) minorVersion() string {
	if x.ctx.Request.Header.IsHTTP11() {
		return "1"
	}
	return "0"
}

// putCookies sets the cookies of a request. Where one asks any site, whether it has TLS is found out on the way: those for the clear go along.
func (x *exchange) putCookies(h *fasthttp.RequestHeader) {
	cookies := x.cookieHeader()
	if cookies == "" {
		return
	}
	h.Set("Cookie", cookies)
	if x.bridged && x.way != markup.WayOne {
		if clear := x.jar().Header(x.target.host, x.target.path, false, x.g.cfg.Now()); clear != cookies {
			h.Set(fetch.CookieInClear, clear)
		}
	}
}

// jar is the session's cookies that may go along, wherever the screen comes from.
func (x *exchange) jar() session.Jar {
	if x.across {
		return x.session.Jar.Lax()
	}
	return x.session.Jar
}

// cookieHeader is the Cookie field for the upstream: the jar's for a handset, the browser's own otherwise, without ours.
func (x *exchange) cookieHeader() string {
	if x.bridged {
		if x.session == nil {
			return ""
		}
		if x.across && x.method == "POST" { // as browsers do with cookies that say nothing of it (SameSite=Lax)
			return ""
		}
		return x.jar().Header(x.target.host, x.target.path, x.peer.tls || x.g.cfg.UpstreamTLS || x.way != markup.WayOne || x.g.cfg.PlainHandsets, x.g.cfg.Now())
	}
	if x.elsewhere { // they are the first site's
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(x.head.joinedBy("Cookie", ";"), ";") {
		pair = strings.TrimSpace(pair)
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !own.Cookie(name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "; ")
}

// withoutSerials cuts the card's and the handset's serial out of a User-Agent before it goes on or is logged.
func withoutSerials(ua string) string {
	for _, mark := range [...]string{";ser", "/ser", ";icc", "/SN", "(ser", "(icc"} {
		for {
			i := strings.Index(ua, mark)
			if i < 0 {
				break
			}
			end := i + len(mark)
			for end < len(ua) && ua[end] != ';' && ua[end] != ')' && ua[end] != ' ' && ua[end] != '/' {
				end++
			}
			keep := ""
			if mark[0] == '(' {
				keep = "("
			}
			ua = ua[:i] + keep + ua[end:]
		}
	}
	return ua
}

// ask is the whole conversation with the upstream: after it there is one final answer. Where a picture may be shown whose
// bytes are not here any more, it is two questions.
func (x *exchange) ask() *refusal {
	if listNamesUs(x.head.joined("Via"), x.g.cfg.Name) {
		return refuse(errLoop, "our own name in Via")
	}
	x.buildRequest()
	x.addPictureCondition()
	if r := x.do(); r != nil || !x.permitted() {
		return r
	}
	return x.askForPicture()
}

func (x *exchange) do() *refusal {
	began := time.Now()
	if x.stats.asked.IsZero() {
		x.stats.asked = began
	}
	var err error
	if up, ok := x.g.cfg.Upstream.(Interruptible); ok {
		err = up.DoUntil(x.watch(), x.req, x.resp)
	} else {
		err = x.g.cfg.Upstream.Do(x.req, x.resp)
	}
	x.stats.upstreamTime += time.Since(began)
	if err != nil { // fasthttp leaves a status of 200 and half a body behind (SEC-62)
		return refuse(upstreamKind(err), "upstream: "+err.Error())
	}
	if s := x.resp.StatusCode(); s < 200 || s > 599 {
		return refuse(errBadUpstream, "upstream: no final status")
	}
	return nil
}

// upstreamKind maps an error of the upstream to the page that says so.
func upstreamKind(err error) *kind {
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.Is(err, fetch.ErrRefused):
		return errForbidden
	case errors.Is(err, fetch.ErrInClear):
		return errInClear
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return errDoubtful
	case errors.As(err, &dns):
		return errNoSite
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, fasthttp.ErrTimeout) || errors.As(err, &timeout) && timeout.Timeout() {
		return errUpstreamSlow
	}
	if errors.Is(err, errAllDown) || errors.Is(err, fasthttp.ErrNoFreeConns) {
		return errBusy
	}
	return errBadUpstream
}

// listNamesUs says whether a Via list has this gateway as a hop (H-02).
func listNamesUs(via, name string) bool {
	if via == "" {
		return false
	}
	for hop := range strings.SplitSeq(via, ",") {
		if words := strings.Fields(hop); len(words) >= 2 && words[1] == name {
			return true
		}
	}
	return false
}

// ctComment tells a foreign upstream that a transforming proxy asks (CT-11).
func ctComment(foreign bool) string {
	if foreign {
		return " (http://www.w3.org/ns/ct)"
	}
	return ""
}
