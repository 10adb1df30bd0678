package web

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// carriersOwn begins every sign of canonical text that only a carrier has (U+FE000–FEFFF): no font of a PC has them.
var carriersOwn = []byte("\xf3\xbe")

// spell has the text of a page name such signs ("[iモード]"), as a browser without the carrier's font shows them. What stands in fields and
// attributes is theirs to send back, and stays.
func (s *Site) spell(page []byte) []byte {
	if s.sign == nil || !bytes.Contains(page, carriersOwn) {
		return page
	}
	out := make([]byte, 0, len(page)+64)
	for len(page) > 0 {
		i := bytes.IndexByte(page, '<')
		if i < 0 {
			i = len(page)
		}
		out, page = s.spellText(out, page[:i]), page[i:]
		end := []byte(">")
		if bytes.HasPrefix(page, []byte("<textarea")) {
			end = []byte("</textarea>")
		}
		if i = bytes.Index(page, end); i < 0 {
			return append(out, page...)
		}
		i += len(end)
		out, page = append(out, page[:i]...), page[i:]
	}
	return out
}

func (s *Site) spellText(out, text []byte) []byte {
	for {
		i := bytes.Index(text, carriersOwn)
		if i < 0 {
			return append(out, text...)
		}
		r, n := utf8.DecodeRune(text[i:])
		word := s.sign(r)
		if out = append(out, text[:i]...); word == "" {
			out = append(out, text[i:i+n]...)
		} else {
			out = append(out, html.EscapeString(word)...)
		}
		text = text[i+n:]
	}
}
