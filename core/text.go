package core

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Lines says whether a text may have more than one line.
type Lines bool

// The two shapes of text.
const (
	OneLine   Lines = false
	ManyLines Lines = true
)

// Clean makes text fit to be stored (SEC-42): valid UTF-8 with U+FFFD for what was not; no control characters but the
// line feed; no noncharacters; marks composed with their letters; no space around it. In one-line text (names,
// titles) line ends become spaces and bidirectional overrides go, because they would turn the page around them.
// Emoji, private-use codes, joiners and variation selectors stay exactly as they are.
func Clean(s string, lines Lines) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune { return cleanRune(r, lines) }, s)
	return strings.Trim(compose(s), " \n\u3000")
}

func cleanRune(r rune, lines Lines) rune {
	switch {
	case r == '\n' || r == '\r':
		if lines == ManyLines {
			return '\n'
		}
		return ' '
	case r == '\t':
		return ' '
	case r < 0x20, r >= 0x7F && r < 0xA0, r == 0x2028, r == 0x2029:
		return -1
	case r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return '\uFFFD'
	case lines == OneLine && (r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069):
		return -1
	}
	return r
}

// compose joins letters with the marks that follow them (か + ゛ → が), as NFC does, but leaves single characters alone:
// NFC proper would turn 神 (U+FA19) or Å (U+212B), which handsets have in their character set, into ones they have not,
// and the text would come back different from what was written.
func compose(s string) string {
	if norm.NFC.IsNormalString(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		n := norm.NFC.NextBoundaryInString(s, true)
		if n <= 0 {
			n = len(s)
		}
		segment := s[:n]
		if _, size := utf8.DecodeRuneInString(segment); size < n {
			segment = norm.NFC.String(segment)
		}
		b.WriteString(segment)
		s = s[n:]
	}
	return b.String()
}

// Blank says whether nothing of a text is seen: it has spaces, joiners, marks of direction, selectors and fillers at most. A title of these
// would be a link that nobody can press.
func Blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.White_Space, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) && r != '\u2800'
	}) < 0
}

// Length counts characters as a member counts them closely enough for a limit: code points.
func Length(s string) int { return utf8.RuneCountInString(s) }
