package markup

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// AppendDecoded appends s with its character references decoded as the HTML standard says, forgiving semicolons that
// are missing. In an attribute, "&copy=1" stays as it is: old links were written so.
func AppendDecoded(dst, s []byte, attribute bool) []byte {
	for {
		i := bytes.IndexByte(s, '&')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		var n int
		dst, n = appendReference(dst, s[i:], attribute)
		s = s[i+n:]
	}
}

// appendReference decodes the reference at the start of s, which begins with '&', and says how many bytes it took.
func appendReference(dst, s []byte, attribute bool) ([]byte, int) {
	if len(s) > 1 && s[1] == '#' {
		if n := numericLen(s); n > 2 {
			return append(dst, html.UnescapeString(string(s[:n]))...), n
		}
		return append(dst, '&'), 1
	}
	n := 1
	for n < len(s) && n < 40 && isAlnum(s[n]) {
		n++
	}
	if n == 1 {
		return append(dst, '&'), 1
	}
	closed := n < len(s) && s[n] == ';'
	if closed {
		n++
	}
	switch string(s[:n]) {
	case "&amp;":
		return append(dst, '&'), n
	case "&lt;":
		return append(dst, '<'), n
	case "&gt;":
		return append(dst, '>'), n
	case "&quot;":
		return append(dst, '"'), n
	case "&nbsp;":
		return utf8.AppendRune(dst, 0xA0), n
	}
	text := html.UnescapeString(string(s[:n]))
	if attribute && closed && n > 2 && len(text) > 1 && text[len(text)-1] == ';' {
		return append(dst, s[:n]...), n // only the beginning of the name is a reference
	}
	if attribute && !closed {
		whole := html.UnescapeString(string(s[:n])+";") == text && text != string(s[:n])
		if !whole || n < len(s) && s[n] == '=' {
			return append(dst, s[:n]...), n
		}
	}
	return append(dst, text...), n
}

// numericLen measures "&#123;", "&#x1F;" and their forms without semicolon; at most 2 means there are no digits.
func numericLen(s []byte) int {
	n, hex := 2, false
	if n < len(s) && s[n]|0x20 == 'x' {
		n, hex = 3, true
	}
	first := n
	for n < len(s) && (isDigit(s[n]) || hex && isHex(s[n])) {
		n++
	}
	if n == first {
		return 2
	}
	if n < len(s) && s[n] == ';' {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isHex(c byte) bool   { c |= 0x20; return isDigit(c) || 'a' <= c && c <= 'f' }
func isAlpha(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }
func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }
