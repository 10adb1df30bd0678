package gateway

import (
	"bytes"
	"html"
	"net/url"
	"strings"

	"musubi/transcode/markup"

	"golang.org/x/net/idna"

	"musubi/transcode/own"
)

// cushionMark stands for the destination while the page is rendered: the page stage would send a link to another host
// here again.
const cushionMark = own.Pages + "destination"

// ownPage answers what lies under /_/ and says whether it did.
func (x *exchange) ownPage() bool {
	if !strings.HasPrefix(x.target.path, own.Pages) || x.way != markup.WayOne && !x.home {
		return false
	}
	if x.home {
		switch x.target.path {
		case openPath, markPath, enterPath: // they need the session
			return false
		case pacPath:
			x.sendPAC()
			return true
		}
	}
	x.stats.route = "own"
	if h, ok := x.g.cfg.Pages[x.target.path]; ok {
		h(x.ctx)
		return true
	}
	if x.target.path != own.Cushion || x.method == "POST" {
		x.writeRefusal(refuse(errNoPage, "own path"))
		return true
	}
	to, ok := destination(x.target.query)
	if !ok {
		x.writeRefusal(refuse(errMalformed, "cushion without a web address"))
		return true
	}
	x.query = x.target.query
	accept, _ := x.head.Header("Accept-Language")
	x.render(cushionPage(to, wantsEnglish(accept)))
	out := &x.ctx.Response
	out.Header.Set("Referrer-Policy", "no-referrer")
	out.SetBody(bytes.ReplaceAll(out.Body(), []byte(cushionMark), attribute(to)))
	return true
}

// destination reads the address a cushion page is for: http or https, a host without user name, its name in ASCII.
func destination(query string) (string, bool) {
	raw := ""
	for pair := range strings.SplitSeq(query, "&") {
		if v, ok := strings.CutPrefix(pair, "u="); ok {
			raw = v
		}
	}
	text, err := url.QueryUnescape(raw)
	if err != nil || hasControl(text) {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", false
	}
	name, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil && !strings.Contains(u.Host, ":") {
		return "", false
	}
	if err == nil && name != u.Hostname() {
		u.Host = strings.Replace(u.Host, u.Hostname(), name, 1)
	}
	return u.String(), true // in ASCII: url.URL escapes the rest
}

// cushionPage is the canonical page before another site.
func cushionPage(to string, english bool) []byte {
	title, text, lang := "外部サイトへ", "ここから先は別のサイトです。", "ja"
	if english {
		title, text, lang = "Leaving this site", "This link leads to another site.", "en"
	}
	return []byte(`<!DOCTYPE html><html lang="` + lang + `"><head><meta charset="UTF-8"><title>` + title + `</title><meta name="referrer" content="no-referrer"></head><body><h1>` +
		title + `</h1><p>` + text + `</p><p><a href="` + cushionMark + `" rel="noreferrer noopener">` + html.EscapeString(to) + `</a></p></body></html>` + "\n")
}

// attribute writes an ASCII URL for a quoted attribute of any dialect.
func attribute(u string) []byte {
	return []byte(strings.NewReplacer("&", "&amp;", `"`, "%22", "'", "%27", "<", "%3C", ">", "%3E", "$", "%24").Replace(u))
}
