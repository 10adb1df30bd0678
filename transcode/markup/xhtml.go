package markup

import (
	"bytes"
	"regexp"
	"strings"
)

// IsXHTML says whether a page is sent as XML, where any element may close itself.
func IsXHTML(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/xhtml+xml")
}

var selfClosed = regexp.MustCompile(`<([A-Za-z][A-Za-z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)/>`)

// Closed is XHTML as HTML has it: <title/> and <script/> are whole elements in XML, and in HTML begin one that takes the rest of the page.
func Closed(src []byte) []byte {
	if !bytes.Contains(src, []byte("/>")) {
		return src
	}
	return selfClosed.ReplaceAllFunc(src, func(tag []byte) []byte {
		m := selfClosed.FindSubmatch(tag)
		if t := Tag(tagTable.named(strings.ToLower(string(m[1])))); t != 0 && traits[t]&void != 0 {
			return tag
		}
		return []byte("<" + string(m[1]) + string(m[2]) + "></" + string(m[1]) + ">")
	})
}
