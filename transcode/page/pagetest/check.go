// Package pagetest checks what transcode/page renders: one set of properties that hold for any page on any handset.
// Golden cases, fuzzing and end-to-end tests use the same function, [Page].
package pagetest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/markup"
	"musubi/transcode/own"
	"musubi/transcode/page"
	"musubi/transcode/text"
)

// Page renders all parts of src and returns what is wrong with them, "" if nothing is: every part within the budget,
// valid in its charset, made of the dialect's elements and attributes only, well-formed where the dialect is XML, without
// codes of another carrier; local links and forms with the session, none to another host; and all text a reader could see
// of src there, in order, over the parts.
func Page(h *carriers.Handset, src []byte, o page.Options) (parts [][]byte, wrong string) {
	var infos []page.Info
	for n := 1; ; n++ {
		o.Part = n
		out, info, err := page.Render(nil, h, src, o)
		if err != nil {
			return parts, fmt.Sprintf("part %d: %v", n, err)
		}
		parts, infos = append(parts, out), append(infos, info)
		if n >= info.Parts {
			break
		}
	}
	var texts strings.Builder
	for i, part := range parts {
		where := fmt.Sprintf("part %d of %d: ", i+1, len(parts))
		if infos[i].Parts != len(parts) || infos[i].Part != i+1 {
			return parts, where + fmt.Sprintf("says it is %d of %d", infos[i].Part, infos[i].Parts)
		}
		seen, wrong := Part(h, part, o)
		if wrong != "" {
			return parts, where + wrong
		}
		texts.WriteString(seen)
	}
	return parts, inOrder(h, markup.Canonical(src, o.ContentType), texts.String())
}

// Part checks one part and returns the text a member can see in it.
func Part(h *carriers.Handset, part []byte, o page.Options) (seen, wrong string) {
	if h.PageBudget > 0 && len(part) > h.PageBudget {
		return "", fmt.Sprintf("%d bytes, the budget is %d", len(part), h.PageBudget)
	}
	if wrong := validBytes(h, part); wrong != "" {
		return "", wrong
	}
	decoded := text.ForHandset(h).AppendDecode(nil, part)
	if h.Dialect.Family == carriers.HDML {
		return hdml(decoded, o)
	}
	if h.Dialect.Family == carriers.WML {
		return wml(h, decoded, o)
	}
	if h.Dialect.XML() {
		if wrong := wellFormed(h, decoded); wrong != "" {
			return "", wrong
		}
	}
	return elements(h, decoded, o)
}

// validBytes checks the charset and the emoji codes byte by byte.
func validBytes(h *carriers.Handset, b []byte) string {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == 0x1B && h.Webcode:
			n := webcode(b[i:])
			if n == 0 {
				return fmt.Sprintf("byte %d: an escape that is no emoji", i)
			}
			i += n
		case c < 0x20 && c != '\n' && c != '\t' && c != '\r', c == 0x7F:
			return fmt.Sprintf("byte %d: control %02X", i, c)
		case c < 0x80:
			i++
		case h.Charset == carriers.UTF8:
			r, size := utf8.DecodeRune(b[i:])
			if wrong := validRune(h, r, size); wrong != "" {
				return fmt.Sprintf("byte %d: %s", i, wrong)
			}
			i += size
		case c >= 0xA1 && c <= 0xDF:
			i++
		default:
			if i+1 >= len(b) || !validPair(h, c, b[i+1]) {
				return fmt.Sprintf("byte %d: %X is no character of this handset", i, b[i:min(i+2, len(b))])
			}
			i += 2
		}
	}
	return ""
}

func validRune(h *carriers.Handset, r rune, size int) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return "not UTF-8"
	case r < 0xA0, r >= 0xF0000, r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return fmt.Sprintf("control or private %U", r)
	case r >= 0xE000 && r <= 0xF8FF && (h.Emoji != carriers.EmojiSoftBank || r > 0xE5FF || r&0xFF == 0 || r&0xFF > 0x5E):
		return fmt.Sprintf("%U is no emoji of this carrier", r)
	}
	return ""
}

// validPair checks a double byte: JIS rows, IBM extensions, or an emoji of the carrier.
func validPair(h *carriers.Handset, lead, trail byte) bool {
	if trail < 0x40 || trail == 0x7F || trail > 0xFC {
		return false
	}
	code := uint16(lead)<<8 | uint16(trail)
	switch {
	case lead >= 0x81 && lead <= 0x9F, lead >= 0xE0 && lead <= 0xEA:
		return true
	case lead == 0xED || lead == 0xEE:
		return true
	case lead >= 0xFA && lead <= 0xFC:
		emoji := lead == 0xFB && (trail >= 0x41 && trail <= 0x8D || trail >= 0xA1 && trail <= 0xDE)
		return h.Emoji != carriers.EmojiSoftBank || !emoji
	}
	switch h.Emoji {
	case carriers.EmojiDoCoMo:
		return code >= 0xF89F && code <= 0xF8FC || code >= 0xF940 && code <= 0xF9FC
	case carriers.EmojiAu:
		return lead == 0xF3 || lead == 0xF4 || lead == 0xF6 || lead == 0xF7
	}
	return false
}

// webcode measures ESC $ bank codes SI.
func webcode(b []byte) int {
	if len(b) < 5 || b[1] != '$' || !strings.ContainsRune("GEFOPQ", rune(b[2])) {
		return 0
	}
	for i := 3; i < len(b); i++ {
		if b[i] == 0x0F {
			return i + 1
		}
		if b[i] < 0x21 || b[i] > 0x7A {
			break
		}
	}
	return 0
}

// wellFormed parses strictly as XML.
func wellFormed(h *carriers.Handset, decoded []byte) string {
	body := bytes.Replace(decoded, []byte(`encoding="`+h.Charset.String()+`"`), []byte(`encoding="UTF-8"`), 1)
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		if _, err := d.Token(); err == io.EOF {
			return ""
		} else if err != nil {
			return "not well-formed: " + err.Error()
		}
	}
}

// elements checks tags, attributes and links, and gathers the visible text.
func elements(h *carriers.Handset, decoded []byte, o page.Options) (seen, wrong string) {
	p := markup.For(h.Dialect)
	var text strings.Builder
	z := html.NewTokenizer(bytes.NewReader(decoded))
	var form *formCheck
	for {
		switch tt := z.Next(); tt {
		case html.ErrorToken:
			return text.String(), ""
		case html.TextToken:
			text.WriteString(string(z.Text()))
		case html.CommentToken:
			if c := string(z.Raw()); !strings.HasPrefix(c, "<?xml ") {
				return "", "a comment: " + c
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == "form" && form != nil {
				if wrong := form.done(o); wrong != "" {
					return "", wrong
				}
				form = nil
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if !p.Allows(tok.Data, "") {
				return "", "element " + tok.Data + " is not in " + p.Name
			}
			for _, a := range tok.Attr {
				if !p.Allows(tok.Data, a.Key) {
					return "", fmt.Sprintf("attribute %s of %s is not in %s", a.Key, tok.Data, p.Name)
				}
				if wrong := link(a.Key, a.Val, tok.Data, o); wrong != "" {
					return "", wrong
				}
				switch {
				case a.Key == "alt", a.Key == "label", a.Key == "value" && typeOf(tok) != "hidden":
					text.WriteString(a.Val)
				}
			}
			switch tok.Data {
			case "form":
				if form != nil {
					return "", "a form in a form"
				}
				form = &formCheck{tok: tok}
			case "input":
				if form != nil {
					form.input(tok)
				}
			}
		}
	}
}

func typeOf(tok html.Token) string { return attr(tok, "type") }

func attr(tok html.Token, name string) string {
	for _, a := range tok.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// A formCheck follows a form to see that it carries the session.
type formCheck struct {
	tok     html.Token
	session bool
	value   string
}

func (f *formCheck) input(tok html.Token) {
	if attr(tok, "name") == own.Session {
		f.session, f.value = true, attr(tok, "value")
	}
}

func (f *formCheck) done(o page.Options) string {
	if o.Session == "" {
		return ""
	}
	inAction := strings.Contains(attr(f.tok, "action"), own.Session+"=")
	if !f.session && !(inAction && attr(f.tok, "method") == "post") {
		return "a form without the session: " + f.tok.String()
	}
	return ""
}

// link checks a URL attribute: own host with the session, or the cushion without.
func link(key, value, element string, o page.Options) string {
	if key != "href" && key != "src" && key != "action" {
		return ""
	}
	switch {
	case strings.HasPrefix(value, own.Cushion+"?u="):
		if o.Session != "" && strings.Contains(value, own.Session+"="+o.Session) {
			return "the cushion's URL carries the session: " + value
		}
		return ""
	case strings.HasPrefix(value, "#"), strings.HasPrefix(value, "mailto:"), strings.HasPrefix(value, "tel:"):
		return ""
	case strings.HasPrefix(value, "//"), strings.HasPrefix(value, `/\`):
		return "a link to another host: " + value
	}
	if i := strings.IndexAny(value, ":/?#"); i >= 0 && value[i] == ':' {
		own := o.URL[:len("http://")+strings.IndexByte(o.URL[len("http://"):]+"/", '/')]
		if !strings.HasPrefix(value, own) && !strings.HasPrefix(value, strings.Replace(own, "http:", "https:", 1)) {
			return "a link to another host or scheme: " + value
		}
	}
	film := strings.HasPrefix(value, "/film/") // what plays it sends no cookie and another name
	if o.Session != "" && element != "form" && !film && !strings.Contains(value, own.Session+"="+o.Session) {
		return "a local link without the session: " + element + " " + value
	}
	return ""
}
