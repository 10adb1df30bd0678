package gateway

import (
	"html"
	"strconv"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/markup"
	"musubi/transcode/own"
	"musubi/transcode/page"

	"github.com/valyala/fasthttp"
)

// answerPage turns the upstream's page into this handset's.
func (x *exchange) answerPage() *refusal {
	x.stats.route = "page"
	src, cut, r := x.readBeginning()
	if r != nil {
		return r
	}
	contentType := string(x.resp.Header.ContentType())
	if cut {
		src, contentType = x.saysCut(src, contentType)
	}
	if x.mobileAlready(src, contentType) {
		x.ctx.Response.Header.SetContentType(contentType)
		x.ctx.Response.SetBody(src)
		return nil
	}
	if to := x.resp.Header.Peek("Refresh"); len(to) > 0 && len(to) < maxTarget {
		src = append(refreshMeta(to), src...)
	}
	if err := x.renderPage(src, contentType, x.source(), x.holdKey()); err != nil {
		return refuse(errBadUpstream, "page: "+err.Error())
	}
	if x.way != markup.WayOne {
		x.remember(x.title)
	}
	if x.transforms() && !x.bridged { // no shared cache may keep it for others (H-09); handsets' pages none keeps at all
		x.ctx.Response.Header.Add("Vary", "User-Agent, Accept-Charset")
	}
	if x.g.cfg.Foreign {
		x.ctx.Response.Header.Set("Warning", `214 `+x.g.cfg.Name+` "Transformation Applied"`) // CT-19
	}
	return nil
}

// isStyle says whether the answer is a style sheet whose addresses have to lead here again.
func (x *exchange) isStyle(kind string) bool {
	return x.way != markup.WayOne && kind == "text/css" && !x.transforms() && !x.program && (x.resp.StatusCode() == fasthttp.StatusOK || x.resp.StatusCode() == fasthttp.StatusPartialContent)
}

// answerStyle writes one for a browser.
func (x *exchange) answerStyle() *refusal {
	src, r := x.readAnswer(x.g.cfg.Limits.PageBytes)
	if r != nil {
		return r
	}
	out := &x.ctx.Response
	out.Header.SetContentTypeBytes(x.resp.Header.ContentType())
	out.SetBody(page.Style(nil, &x.hs, src, page.Options{URL: x.url(), Session: x.token, Way: x.way}))
	x.stats.bytes = len(out.Body())
	return nil
}

// confine keeps the scripts of a site below a portal's path from reading what is another's, whatever kind of answer they stand in: a
// browser takes all of them for one site. Forms and links work without scripts. Nothing is loaded but through us.
func (x *exchange) confine() {
	if x.way == markup.WayPortal && !x.transforms() {
		x.ctx.Response.Header.Set("Content-Security-Policy", "sandbox allow-forms allow-top-navigation-by-user-activation allow-top-navigation; "+
			"default-src 'self' data: 'unsafe-inline'; form-action 'self'; base-uri 'self'")
		for _, name := range leadingOut {
			x.ctx.Response.Header.Del(name)
		}
	}
}

// leadingOut are fields that lead a browser elsewhere, tell others of it, or clear what is every site's.
var leadingOut = [...]string{"Refresh", "Link", "Content-Location", "Clear-Site-Data", "Content-Security-Policy-Report-Only", "Report-To", "Reporting-Endpoints", "Nel", "SourceMap", "X-SourceMap", "Service-Worker-Allowed"}

// refreshMeta is a Refresh field as the element that says the same, which the page stage makes a link of. One in front of a
// byte order mark would hide it.
func refreshMeta(to []byte) []byte {
	for _, c := range to {
		if c >= 0x80 {
			return nil
		}
	}
	return []byte(`<meta http-equiv="refresh" content="` + html.EscapeString(string(to)) + `">`)
}

// Of the gateway's own pages, as canonical markup and for browsers.
const (
	canonicalType = "text/html; charset=utf-8"
	ownPagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)

// render writes a page of the gateway's own, which carries no session.
func (x *exchange) render(canonical []byte) {
	x.token, x.part, x.form = "", 1, nil
	out := &x.ctx.Response
	if err := x.renderPage(canonical, canonicalType, "", ""); err != nil {
		out.Header.SetContentType(canonicalType)
		out.SetBody(canonical)
	}
	setPrivate(&out.Header)
	if !x.transforms() {
		out.Header.Set("Content-Security-Policy", ownPagePolicy)
	}
}

// renderPage runs the page stage and writes its result. Every page tells its charset, in the field and in itself. source is where
// it can be asked for again; where that is nowhere, it is held under a key if it has parts.
func (x *exchange) renderPage(src []byte, contentType, source, key string) error {
	if key != "" {
		source = x.target.path + "?" + own.Held + "=" + key
	}
	if x.usual != nil {
		x.hs, x.usual = *x.usual, nil
	}
	began := time.Now()
	out := &x.ctx.Response
	out.ResetBody()
	room := out.SwapBody(nil)[:0] // the server's own memory, used page after page
	body, info, err := page.Render(room, &x.hs, src, page.Options{
		URL: x.url(), ContentType: contentType, Session: x.token, Way: x.way, Part: x.part, Turned: x.turned, Answers: x.form, Rules: x.g.cfg.Rules,
		EasyLogin: x.g.easyLogin(x.hs.Carrier) && !x.peer.tls, Key: x.g.formKey, Foreign: x.g.cfg.Foreign,
		Source: source, Held: key, Mark: x.formMark(), Hold: x.holdForm(), Aliases: x.g.cfg.UpstreamNames, English: x.english(), Western: x.western(),
	})
	x.stats.encodeTime += time.Since(began)
	if err != nil {
		return err
	}
	if key != "" && (info.Parts > 1 || info.Again) {
		x.hold(key, src, contentType)
	}
	x.title = info.Title
	x.stats.lost, x.stats.bytes, x.stats.budget = info.Lost, len(body), info.Budget
	out.SwapBody(body)
	out.Header.SetContentType(info.ContentType)
	if info.Parts > 1 {
		out.Header.Set("Page-Part", strconv.Itoa(info.Part)+"/"+strconv.Itoa(info.Parts))
	}
	return nil
}

// western says whether a browser that said nothing of charsets, and does not ask for Japanese, may as well read ISO-8859-1.
func (x *exchange) western() bool {
	return x.g.cfg.Foreign && x.hs.Carrier == carriers.PC && x.hs.Dialect.Family == carriers.HTML32 && x.hs.Charset == carriers.ShiftJIS && x.head.joined("Accept-Charset") == "" &&
		!strings.Contains(strings.ToLower(x.head.joined("Accept-Language")), "ja") && !strings.Contains(x.head.get("User-Agent"), "[ja")
}

// inLatin takes a form that such a browser answered in ISO-8859-1 for what it is.
func (x *exchange) inLatin(pairs string) {
	for pair := range strings.SplitSeq(pairs, "&") {
		if value, ok := strings.CutPrefix(pair, own.Charset+"="); ok && x.western() && strings.HasSuffix(value, "%2C"+markup.InLatin) {
			usual := x.hs
			x.usual = &usual
			x.hs.Charset, x.hs.FormIn, x.hs.References = carriers.Latin1, carriers.Latin1, true
			return
		}
	}
}

// nextPiece answers a piece of a form that was cut over several pages: the same page again, at its next part, with the
// answers so far. Nothing is kept between the pieces but what the handset has no room for; the last one posts to the form's own action like any other.
func (x *exchange) nextPiece() *refusal {
	x.body, x.ctype = nil, ""
	return x.relay()
}

// pieceOf finds out whether fields are a piece of a form that goes on, and then takes the answers so far.
func (x *exchange) pieceOf(fields form.Fields) *refusal {
	var err error
	if x.form, x.piece, err = page.SplitAnswers(&x.hs, x.g.formKey, fields); err != nil {
		return refuse(errKept, err.Error())
	}
	return nil
}
