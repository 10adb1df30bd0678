package page

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"musubi/transcode/markup"
)

// Noted is a page with words of ours in front of its own, and its type. Its bytes stay as they are, but for charsets that are not ASCII's.
func Noted(src []byte, contentType, words string) ([]byte, string) {
	if utf8, name := markup.CanonicalOf(src, contentType); strings.HasPrefix(name, "utf-16") {
		src, contentType = utf8, "text/html; charset=UTF-8"
	}
	note := "<p>"
	for _, c := range words { // in any charset
		if c < 0x80 {
			note += html.EscapeString(string(c))
		} else {
			note += fmt.Sprintf("&#%d;", c)
		}
	}
	at := bodyAt(src)
	return bytes.Join([][]byte{src[:at], []byte(note + "</p>"), src[at:]}, nil), contentType
}

// bodyAt is where what a page shows begins: in its body, else behind the head.
func bodyAt(src []byte) (at int) {
	z, titled := html.NewTokenizer(bytes.NewReader(src)), false
	for read := 0; ; {
		kind := z.Next()
		read += len(z.Raw())
		name, _ := z.TagName()
		switch tag := string(name); {
		case kind == html.ErrorToken:
			return at
		case kind == html.StartTagToken && tag == "body":
			return read
		case kind == html.DoctypeToken, kind == html.StartTagToken && tag == "html", kind == html.EndTagToken && (tag == "head" || tag == "title" && !titled):
			at, titled = read, titled || tag == "title" // those of drawings come later
		}
	}
}
