package gateway

import (
	"bufio"
	"bytes"
	"compress/flate"
	"io"
	"net"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/gateway/session"
	"musubi/gateway/wire"
	"musubi/transcode/markup"

	"github.com/valyala/fasthttp"
)

// answer writes the upstream's answer in the form that this client can read.
func (x *exchange) answer() *refusal {
	out := &x.ctx.Response
	status := x.resp.StatusCode()
	out.SetStatusCode(status)
	x.settleType()
	x.copyFields()
	if at := x.resp.Header.Peek("Location"); x.program && status == fasthttp.StatusCreated && len(at) > 0 {
		out.Header.SetBytesV("Location", at) // no redirect: where what the program sent is now
	}
	x.probe()
	x.confine()
	kind := x.kind()
	switch {
	case x.redirects() && x.way != markup.WayOne:
		return x.answerOut(string(x.resp.Header.Peek("Location")))
	case x.redirects():
		return x.answerRedirect(string(x.resp.Header.Peek("Location")))
	case x.isPicture(kind):
		return x.answerPicture()
	case status == fasthttp.StatusNoContent || status == fasthttp.StatusNotModified:
		x.stats.route = "empty"
		return nil
	case x.isPage(kind):
		return x.answerPage()
	case x.isStyle(kind):
		return x.answerStyle()
	case x.isDocument(kind):
		return x.answerDocument(kind)
	}
	if r := x.unpack(); r != nil {
		return r
	}
	return x.passThrough()
}

// notReturned are fields of the upstream that belong to its connection (H-01), or that we say ourselves.
var notReturned = map[string]bool{
	"connection": true, "keep-alive": true, "proxy-connection": true, "te": true, "transfer-encoding": true, "upgrade": true,
	"trailer": true, "content-length": true, "set-cookie": true, "location": true, "via": true, "proxy-authenticate": true,
	"x-ktai-box": true, "x-ktai-over-tls": true, "alt-svc": true,
}

// returned are fields that go on, as they are spelled: of them nothing has to be found out.
var returned = map[string]bool{
	"Cache-Control": true, "Pragma": true, "Expires": true, "X-Robots-Tag": true, "X-Frame-Options": true, "X-Content-Type-Options": true,
	"Referrer-Policy": true, "Cross-Origin-Resource-Policy": true,
}

// ofRepresentation are fields that are true of the upstream's bytes only (H-05).
var ofRepresentation = map[string]bool{
	"etag": true, "last-modified": true, "content-md5": true, "digest": true, "content-digest": true, "repr-digest": true,
	"content-range": true, "accept-ranges": true, "content-encoding": true, "content-location": true, "content-type": true,
	"content-security-policy": true, "strict-transport-security": true, "link": true, "refresh": true,
}

// oldFields is how many bytes of a site's fields an old screen gets.
const oldFields = 2048

// copyFields takes over what the upstream says about its answer. Handsets get what is still true after transcoding;
// browsers get everything, their cookies included.
func (x *exchange) copyFields() {
	out := &x.ctx.Response.Header
	named := strings.ToLower(string(x.resp.Header.Peek("Connection")))
	changes, room := x.changes(), int(^uint(0)>>1)
	if x.transforms() { // an old screen has little for fields, and knows few
		room = oldFields
	}
	for k, v := range x.resp.Header.All() {
		if named != "" || !returned[string(k)] { // as the core spells nearly all of its fields
			name := strings.ToLower(string(k))
			if notReturned[name] || listHas(named, name) || ofRepresentation[name] && changes {
				continue
			}
		}
		if x.way == markup.WayPortal && strings.EqualFold(string(k), "WWW-Authenticate") {
			continue
		}
		if room -= len(k) + len(v) + 4; room < 0 {
			continue
		}
		out.AddBytesKV(k, v)
	}
	x.askForLogin()
	if !x.bridged {
		for _, v := range append(x.passed, setCookies(x.resp)...) {
			x.passCookie(v, x.target.host)
		}
	}
	via := x.g.via
	if earlier := x.resp.Header.Peek("Via"); len(earlier) > 0 {
		via = string(earlier) + ", " + via
	}
	out.Set("Via", via)
	if x.bridged {
		setPrivate(out)
	}
}

// passCookie passes a cookie of a host on to a browser that keeps its own.
func (x *exchange) passCookie(line, host string) {
	if x.way != markup.WayOne {
		if !session.MayKeep(host, line) {
			return
		}
		line = inTheClear(line)
	}
	x.ctx.Response.Header.Add("Set-Cookie", line)
}

// askForLogin has a site below the portal ask for a name and password under its own name: what is typed for one realm browsers send to every
// page of the portal that asks for the same, whosever it is.
func (x *exchange) askForLogin() {
	if x.way != markup.WayPortal || x.resp.StatusCode() != fasthttp.StatusUnauthorized {
		return
	}
	for _, line := range x.resp.Header.PeekAll("Www-Authenticate") {
		if scheme, _, _ := strings.Cut(string(line), " "); strings.EqualFold(scheme, "Basic") {
			x.ctx.Response.Header.Set("WWW-Authenticate", `Basic realm="`+x.target.host+`"`)
		}
	}
}

// inTheClear is a site's cookie without what binds it to TLS, of which the screen sees nothing.
func inTheClear(cookie string) string {
	kept := ""
	for part := range strings.SplitSeq(cookie, ";") {
		name, _, _ := strings.Cut(strings.TrimSpace(part), "=")
		if !strings.EqualFold(name, "secure") && !strings.EqualFold(name, "samesite") && !strings.EqualFold(name, "partitioned") {
			kept += ";" + part
		}
	}
	return kept[1:]
}

// changes says whether the body of this answer will be changed, so that fields about its bytes are no longer true.
func (x *exchange) changes() bool {
	kind := x.kind()
	return x.isPage(kind) || x.isPicture(kind) || x.isDocument(kind) || x.isStyle(kind)
}

// wantsWhole says that a browser asked for a range of what has to be rewritten, and makes the next question one for all of it (H-07).
func (x *exchange) wantsWhole() bool {
	if x.unranged || x.resp.StatusCode() != fasthttp.StatusPartialContent || x.transforms() || x.method != "GET" || !x.isPage(x.kind()) && !x.isStyle(x.kind()) {
		return false
	}
	if x.resp.IsBodyStream() {
		x.resp.CloseBodyStream()
	}
	x.unranged = true
	x.req.Reset()
	x.resp.Reset()
	return true
}

// kind is the type of what the upstream answered with.
func (x *exchange) kind() string { return mediaType(x.resp.Header.ContentType()) }

// setPrivate keeps an answer out of every cache, also those of HTTP/1.0 gateways (SEC-70), and its type as stated.
func setPrivate(h *fasthttp.ResponseHeader) {
	for i := range private {
		h.SetCanonical(private[i].name, private[i].value)
	}
}

var private = [...]struct{ name, value []byte }{
	{[]byte("Cache-Control"), []byte("private, no-store")}, {[]byte("Pragma"), []byte("no-cache")}, {[]byte("Expires"), []byte("0")},
	{[]byte("X-Content-Type-Options"), []byte("nosniff")}, {[]byte("X-Robots-Tag"), []byte("noindex, nofollow, noarchive")},
}

// untouched says whether somebody asked that this answer be left as it is (CT-02, CT-13). Of what the application asks, the
// operator, who knows it, has the last word.
func (x *exchange) untouched() bool {
	return x.site.PassThrough || x.head.has("Cache-Control", "no-transform") ||
		listHas(string(x.resp.Header.Peek("Cache-Control")), "no-transform") && !x.site.Overrule
}

// readAnswer returns the upstream's body, decompressed, if it has at most limit bytes.
func (x *exchange) readAnswer(limit int) ([]byte, *refusal) {
	body := x.resp.Body
	if x.resp.IsBodyStream() {
		whole, err := readUpTo(x.stream(), limit, max(x.resp.Header.ContentLength(), 0))
		x.resp.CloseBodyStream()
		if err != nil {
			return nil, refuse(bodyKind(err), "upstream body: "+err.Error())
		}
		if n := x.resp.Header.ContentLength(); n >= 0 && n != len(whole) {
			return nil, refuse(errBadUpstream, "upstream body ended early")
		}
		x.resp.SetBodyRaw(whole)
	}
	if len(body()) > limit {
		return nil, refuse(errBadUpstream, "upstream body too large")
	}
	if len(x.resp.Header.ContentEncoding()) == 0 {
		return body(), nil
	}
	// A bomb is cut off at a hundred times its size or at the limit, whichever comes first (SEC-65).
	most := min(limit, 64<<10+100*len(body()))
	coding := strings.ToLower(string(x.resp.Header.ContentEncoding()))
	if coding == "x-gzip" { // the same by its old name (RFC 9110 §8.4.1.3)
		x.resp.Header.SetContentEncoding("gzip")
	}
	plain, err := x.resp.BodyUncompressedWithLimit(most)
	if err != nil && coding == "deflate" { // some servers send it without the zlib wrapping
		plain, err = readUpTo(flate.NewReader(bytes.NewReader(body())), most, 0)
	}
	if err != nil {
		return nil, refuse(errBadUpstream, "upstream body: "+err.Error())
	}
	return plain, nil
}

func bodyKind(err error) *kind {
	if k := upstreamKind(err); k != errBusy {
		return k
	}
	return errBadUpstream
}

// passThrough hands the body on as it comes, without holding it.
func (x *exchange) passThrough() *refusal {
	x.stats.route = "stream"
	out := &x.ctx.Response
	if !x.resp.IsBodyStream() {
		x.stats.bytes = len(x.resp.Body())
		moveBody(out, x.resp) // for HEAD the server sends its length only
		if x.method == "HEAD" && x.stats.bytes == 0 {
			x.keepLength(out)
		}
		return nil
	}
	if x.method == "HEAD" {
		x.resp.CloseBodyStream()
		x.keepLength(out)
		return nil
	}
	size := x.resp.Header.ContentLength()
	if int64(size) > x.g.cfg.Limits.StreamBytes {
		x.resp.CloseBodyStream()
		return refuse(x.g.tooLarge, "upstream body too large")
	}
	// An upstream that breaks off before its first byte is one that did not answer.
	body := bufio.NewReaderSize(&bounded{x.stream(), x.g.cfg.Limits.StreamBytes}, streamPiece)
	if _, err := body.Peek(1); err != nil && (err != io.EOF || size > 0) {
		x.resp.CloseBodyStream()
		return refuse(bodyKind(err), "upstream body: "+err.Error())
	}
	x.stays = true
	r := &relayed{resp: x.resp, Reader: body, watched: x.watched, patience: x.g.cfg.Limits.WriteTime}
	if c := wire.Of(x.ctx.Conn()); c != nil {
		r.conn, r.end = c, time.Now().Add(streamTime)
	}
	if size < 0 && !x.ctx.Request.Header.IsHTTP11() {
		x.plain = r
		return nil
	}
	out.SetBodyStream(r, max(size, -1))
	return nil
}

// streamPiece is how much of a body that goes on as it comes is held, bytes.
const streamPiece = 4 << 10

// A bounded reader fails, and does not end, after so many bytes: half a file is not taken for a whole one.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errStop
	}
	return n, err
}

// sendPlain sends a body of unknown length to a client of HTTP/1.0, which knows no chunks: the end of the connection is the
// end of the body, and a connection that is reset is a body that is not whole.
func (x *exchange) sendPlain(r *relayed) {
	h := &x.ctx.Response.Header
	h.SetContentLength(-2) // none is stated
	h.SetConnectionClose()
	head := bytes.Clone(h.Header())
	x.ctx.HijackSetNoResponse(true)
	x.ctx.Hijack(func(c net.Conn) {
		defer r.Close()
		_, err := c.Write(head)
		if err == nil {
			_, err = io.Copy(onlyWriter{c}, r)
		}
		if w, ok := r.conn.(*wire.Conn); ok && err != nil {
			w.Abort()
		}
	})
}

// onlyWriter keeps io.Copy from going past the reader that gives the client its time.
type onlyWriter struct{ io.Writer }

// keepLength states for HEAD the length that the upstream stated.
func (x *exchange) keepLength(out *fasthttp.Response) {
	out.SkipBody = true
	if n := x.resp.Header.ContentLength(); n >= 0 {
		out.Header.SetContentLength(n)
	}
}

// relayed is an upstream's body on its way to the client. Closing it gives the upstream's answer back.
type relayed struct {
	resp *fasthttp.Response
	io.Reader
	watched  *watch   // nil: nothing ends it
	conn     net.Conn // to the client; nil: not known
	patience time.Duration
	end      time.Time
}

// Read gives the client its time for each piece anew: a large file is on its way for longer than an answer may be.
func (r *relayed) Read(b []byte) (int, error) {
	r.watched.passing()
	n, err := r.Reader.Read(b)
	if r.conn != nil {
		if until := time.Now().Add(r.patience); until.Before(r.end) {
			r.conn.SetWriteDeadline(until)
		}
	}
	return n, err
}

func (r *relayed) Close() error {
	err := r.resp.CloseBodyStream()
	r.watched.stop()
	fasthttp.ReleaseResponse(r.resp)
	return err
}

// isPage says whether the answer is markup that this client cannot read as it is.
func (x *exchange) isPage(kind string) bool {
	if x.way != markup.WayOne && !x.asItWas() { // its links have to lead here again
		return (x.transforms() || !x.program) && isMarkup(kind)
	}
	return x.transforms() && isMarkup(kind) && !x.untouched()
}

// asItWas says whether an archive has this page as it was for this handset, and all links of it come through the proxy by themselves. Only
// who had to type a password needs them written.
func (x *exchange) asItWas() bool { return x.mayStay() && x.untouched() }

// mayStay says whether pages of an archive may go out so.
func (x *exchange) mayStay() bool {
	return x.way == markup.WayProxy && !x.home && x.g.cfg.World.Archive && (x.session == nil || !x.session.Entered)
}

// fieldRewritten tells an archive that a page is rewritten also for the handset that it was made for (archive.Rewritten).
const fieldRewritten = "X-Ktai-Rewritten"

// isMarkup says whether a type is that of a page.
func isMarkup(kind string) bool {
	return kind == "text/html" || kind == "application/xhtml+xml" || kind == "application/vnd.wap.xhtml+xml"
}

// dialectMarks are what the DOCTYPEs of pages for handsets say, in lower case, and who reads such a page.
var dialectMarks = [...]struct {
	mark    string
	family  carriers.Family
	carrier carriers.Carrier // "": any
}{
	{"//dtd xhtml mobile", carriers.XHTMLMP, ""}, {"//dtd compact html", carriers.CHTML, ""}, {"i-xhtml", carriers.IXHTML, carriers.DoCoMo},
	{"//openwave//dtd", carriers.XHTMLMP, carriers.Au}, {"//j-phone//dtd", carriers.XHTMLMP, carriers.SoftBank},
}

// mobileAlready says whether a page of a foreign upstream already speaks to this handset, in its dialect and charset and within its budget,
// and then is left alone (CT-18), unless the session must travel in its links.
func (x *exchange) mobileAlready(page []byte, contentType string) bool {
	if !x.g.cfg.Foreign || x.session != nil || x.way != markup.WayOne || x.hs.PageBudget > 0 && len(page) > x.hs.PageBudget {
		return false
	}
	start := bytes.ToLower(page[:min(len(page), 512)])
	for _, m := range dialectMarks {
		if bytes.Contains(start, []byte(m.mark)) && m.family == x.hs.Dialect.Family && (m.carrier == "" || m.carrier == x.hs.Carrier) {
			_, charset := markup.CanonicalOf(page, contentType)
			return strings.EqualFold(charset, x.hs.Charset.String()) || isASCII(page)
		}
	}
	return false
}

func isASCII(page []byte) bool {
	for _, c := range page {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
