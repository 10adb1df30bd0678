package markup

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// IsXHTML says whether a page is sent as XML, where any element may close itself.
func IsXHTML(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "application/xhtml+xml" || kind == "application/vnd.wap.xhtml+xml"
}

var selfClosed = regexp.MustCompile(`<([A-Za-z][A-Za-z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)/>`)

// verbatim finds CDATA, which is text in XML and a comment in HTML, beside what it means nothing in.
var verbatim = regexp.MustCompile(`(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>|<!--.*?-->|<!\[CDATA\[(.*?)\]\]>`)

// Closed is XHTML as HTML has it: <title/> and <script/> are whole elements in XML, and in HTML begin one that takes the rest of the page.
func Closed(src []byte) []byte {
	if bytes.Contains(src, []byte("<![CDATA[")) {
		src = verbatim.ReplaceAllFunc(src, func(found []byte) []byte {
			text, ok := bytes.CutPrefix(found, []byte("<![CDATA["))
			if !ok {
				return found
			}
			return []byte(html.EscapeString(string(bytes.TrimSuffix(text, []byte("]]>")))))
		})
	}
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
