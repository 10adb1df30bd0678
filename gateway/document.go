package gateway

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/transcode/document"
	"musubi/transcode/markup"
)

// settleType finds out what an answer without a type is, as browsers do: its bytes say it. Nothing is invented where there
// are none to look at (304), or too many.
func (x *exchange) settleType() {
	x.resp.Header.SetNoDefaultContentType(true)
	x.ctx.Response.Header.SetNoDefaultContentType(true)
	length := x.resp.Header.ContentLength()
	if x.resp.IsBodyStream() && length < 0 && len(x.resp.Header.ContentType()) == 0 && x.rewrites() && x.resp.StatusCode() == fasthttp.StatusOK {
		x.ahead = bufio.NewReaderSize(x.resp.BodyStream(), 512) // of a stream only its beginning is looked at
		first, _ := x.ahead.Peek(512)
		x.typeOf(first)
		return
	}
	if len(x.resp.Header.ContentType()) > 0 || !x.rewrites() || x.resp.StatusCode() != fasthttp.StatusOK ||
		x.resp.IsBodyStream() && (length < 0 || length > x.g.cfg.Limits.PageBytes) {
		return
	}
	body, r := x.readAnswer(x.g.cfg.Limits.PageBytes)
	if r != nil {
		return
	}
	x.typeOf(body[:min(len(body), 512)])
}

// rewrites says whether pages are not what they were for this client: a browser's have their addresses changed where there are many sites.
func (x *exchange) rewrites() bool { return x.transforms() || x.way != markup.WayOne && !x.program }

// typeOf gives the answer the type that its first bytes say, if it is one that a handset needs transformed: text of a foreign site, too.
func (x *exchange) typeOf(first []byte) {
	kind, _, _ := strings.Cut(http.DetectContentType(first), ";") // its charset is a guess
	if kind == "text/html" || strings.HasPrefix(kind, "image/") || x.transforms() && x.g.cfg.Foreign && len(first) > 0 && (kind == "text/plain" || kind == "text/xml") {
		x.resp.Header.SetContentType(kind)
	}
}

// stream is the body of the upstream's answer where it comes as a stream.
func (x *exchange) stream() io.Reader {
	if x.ahead != nil {
		return x.ahead
	}
	return x.resp.BodyStream()
}

// isDocument says whether the answer is text, a table or a feed, which a handset would show in the wrong character set or
// over its budget: it becomes a page. What is to be saved, and what an i-appli asks for, is left alone.
func (x *exchange) isDocument(kind string) bool {
	return x.transforms() && x.g.cfg.Foreign && document.Readable(kind) && x.resp.StatusCode() == fasthttp.StatusOK && !x.untouched() &&
		!bytes.HasPrefix(bytes.ToLower(x.resp.Header.Peek("Content-Disposition")), []byte("attachment")) &&
		!strings.HasSuffix(x.hs.Status, "J") && !strings.HasSuffix(x.hs.Status, "D")
}

// answerDocument writes a document as a page.
func (x *exchange) answerDocument(kind string) *refusal {
	x.stats.route = "document"
	src, cut, r := x.readBeginning()
	if r != nil {
		return r
	}
	name := path.Base(x.target.path)
	if name == "/" || name == "." {
		name = x.upstreamHost()
	}
	src = document.Page(src, kind, string(x.resp.Header.ContentType()), name)
	if cut {
		src, _ = x.saysCut(src, canonicalType)
	}
	if err := x.renderPage(src, canonicalType, "", ""); err != nil {
		return refuse(errBadUpstream, "document: "+err.Error())
	}
	x.ctx.Response.Header.Set("Warning", `214 `+x.g.cfg.Name+` "Transformation Applied"`) // CT-19
	return nil
}

// unpack takes a content coding away that the gateway asked for and the client did not: handsets cannot read it.
func (x *exchange) unpack() *refusal {
	coding := string(x.resp.Header.ContentEncoding())
	if coding == "" || !x.transforms() || listHas(x.head.joined("Accept-Encoding"), coding) {
		return nil
	}
	if !x.inflate(coding) {
		body, r := x.readAnswer(x.g.cfg.Limits.ImageBytes)
		if r != nil {
			return r
		}
		x.resp.SetBodyRaw(body)
	}
	x.resp.Header.SetContentEncoding("")
	x.resp.Header.Del("Content-Encoding")
	for _, name := range [...]string{"Content-Encoding", "ETag", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Accept-Ranges"} { // H-05
		x.ctx.Response.Header.Del(name)
	}
	return nil
}
