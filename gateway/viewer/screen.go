package viewer

import (
	"bytes"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/gateway/phone"
	"musubi/transcode/text"
)

// Fields that the viewer adds to the forms on a screen.
const (
	phoneField = "~phone"
	formField  = "~form"
)

// decode turns the handset's bytes back into UTF-8. Carrier symbols without a standard emoji become their text.
func decode(h *carriers.Handset, p *phone.Page) []byte {
	_, params, _ := mime.ParseMediaType(p.ContentType)
	cs := carriers.UTF8
	if strings.EqualFold(params["charset"], "Shift_JIS") {
		cs = carriers.ShiftJIS
	}
	if h.Dialect.Family == carriers.HTML5 {
		return p.Body
	}
	decoded := text.For(h.Carrier, h.Emoji, cs).AppendDecode(nil, p.Body)
	plain := text.For(carriers.PC, carriers.EmojiNone, carriers.UTF8)
	return replaceSymbols(decoded, plain)
}

// replaceSymbols writes plane-15 codes, which no browser draws, as the text that stands for them.
func replaceSymbols(s []byte, plain *text.Codec) []byte {
	var out []byte
	for _, r := range string(s) {
		if r >= 0xF0000 {
			out, _ = plain.AppendString(out, string(r), text.EscapeHTML)
		} else {
			out = append(out, string(r)...)
		}
	}
	return out
}

// A screen writes a handset's page as HTML of today: the elements a handset knows, links and forms leading through the
// viewer, nothing that could run or load by itself.
type screen struct {
	out   strings.Builder
	base  *url.URL
	phone string
	forms int
	skip  bool // in head
}

// shown are the elements that go to the screen as they are.
var shown = map[string]bool{"p": true, "div": true, "span": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true,
	"ol": true, "li": true, "dl": true, "dt": true, "dd": true, "table": true, "tr": true, "td": true, "th": true, "blockquote": true, "pre": true,
	"br": true, "hr": true, "b": true, "i": true, "u": true, "strong": true, "em": true, "small": true, "big": true, "sub": true, "sup": true, "tt": true,
	"code": true, "kbd": true, "samp": true, "var": true, "cite": true, "dfn": true, "strike": true, "center": true, "font": true, "marquee": true,
	"input": true, "textarea": true, "select": true, "option": true, "optgroup": true}

// kept are the attributes that go to the screen as they are.
var kept = map[string]bool{"align": true, "color": true, "size": true, "width": true, "height": true, "alt": true, "name": true, "value": true, "type": true,
	"checked": true, "selected": true, "multiple": true, "rows": true, "cols": true, "maxlength": true, "colspan": true, "rowspan": true, "start": true,
	"label": true, "style": true, "behavior": true, "direction": true, "loop": true}

// render returns the screen's HTML for a page.
func render(decoded []byte, pageURL, number string) string {
	base, err := url.Parse(pageURL)
	if err != nil {
		base = &url.URL{}
	}
	s := screen{base: base, phone: number}
	z := html.NewTokenizer(bytes.NewReader(decoded))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return s.out.String()
		case html.TextToken:
			if !s.skip {
				s.out.WriteString(html.EscapeString(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(z.Token())
		case html.EndTagToken:
			s.end(z.Token().Data)
		}
	}
}

func (s *screen) start(t html.Token) {
	switch t.Data {
	case "head":
		s.skip = true
	case "body":
		s.skip = false
		s.out.WriteString(`<div class="body" style="`)
		if c := attr(t, "bgcolor"); c != "" {
			s.out.WriteString("background-color:" + html.EscapeString(c) + ";")
		}
		if c := attr(t, "text"); c != "" {
			s.out.WriteString("color:" + html.EscapeString(c) + ";")
		}
		s.out.WriteString(html.EscapeString(attr(t, "style")) + `">`)
	case "a":
		s.link(attr(t, "href", "dest"))
	case "img":
		s.out.WriteString(`<img src="` + s.through("pic", attr(t, "src")) + `"`)
		s.attrs(t)
		s.out.WriteString(`>`)
	case "form":
		s.out.WriteString(`<form method="post" action="` + Path + `"><input type="hidden" name="` + phoneField + `" value="` + s.phone +
			`"><input type="hidden" name="` + formField + `" value="` + strconv.Itoa(s.forms) + `">`)
		s.forms++
	case "display", "entry", "choice": // cards of HDML
		s.out.WriteString(`<div class="card">`)
	case "ce":
		s.out.WriteString(`<br>○ `)
	default:
		if shown[t.Data] && !s.skip {
			s.out.WriteString("<" + t.Data)
			s.attrs(t)
			s.out.WriteString(">")
		}
	}
}

func (s *screen) end(name string) {
	switch name {
	case "head":
		s.skip = false
	case "body", "display", "entry", "choice":
		s.out.WriteString("</div>")
	case "a", "form":
		s.out.WriteString("</" + name + ">")
	default:
		if shown[name] && !s.skip && name != "br" && name != "hr" && name != "input" {
			s.out.WriteString("</" + name + ">")
		}
	}
}

func (s *screen) attrs(t html.Token) {
	for _, a := range t.Attr {
		if kept[a.Key] {
			s.out.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
		}
	}
}

// link writes the start of a link that leads through the viewer. Telephone and mail links do nothing here.
func (s *screen) link(href string) {
	u, err := url.Parse(href)
	switch {
	case err != nil || href == "" || u.Scheme == "tel" || u.Scheme == "mailto":
		s.out.WriteString(`<a class="dead" title="` + html.EscapeString(href) + `">`)
	case href[0] == '#':
		s.out.WriteString(`<a href="#p` + s.phone + `">`)
	default:
		s.out.WriteString(`<a href="` + s.through("go", href) + `">`)
	}
}

func (s *screen) through(verb, target string) string {
	u, err := s.base.Parse(target)
	if err != nil {
		return ""
	}
	return html.EscapeString(Path + "?phone=" + s.phone + "&" + verb + "=" + url.QueryEscape(u.RequestURI()))
}

// attr gives the first of the named attributes that is there.
func attr(t html.Token, names ...string) string {
	for _, a := range t.Attr {
		for _, n := range names {
			if a.Key == n {
				return a.Val
			}
		}
	}
	return ""
}
