package form

import (
	"strings"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/text"
)

// codecOf returns the codec that reads the given pieces of one form from h.
func codecOf(h *carriers.Handset, hint string, pieces [][]byte) *text.Codec {
	return text.For(h.Carrier, h.Emoji, charsetOf(h, hint, pieces))
}

// charsetOf decides the character set of a form by its bytes. Japanese text in Shift_JIS is practically never valid
// UTF-8: kana and most kanji begin with 81–9F, emoji with F3–FB, which cannot begin a UTF-8 character. The exception is
// half-width katakana (ﾃｽ is C3 BD, in UTF-8 ý), so two-byte characters alone do not make a form UTF-8 when the handset
// or the hint says otherwise and can read them. A browser of today always posts the page's UTF-8, whatever the bytes look like.
func charsetOf(h *carriers.Handset, hint string, pieces [][]byte) carriers.Charset {
	expected, told := h.FormIn, false
	if cs, ok := namedCharset(hint); ok {
		expected, told = cs, true
	}
	if h.Dialect.Family == carriers.HTML5 && !told {
		return carriers.UTF8
	}
	valid, japanese, ascii := utf8Evidence(pieces)
	switch {
	case ascii:
		return expected
	case valid && (japanese || expected == carriers.UTF8):
		return carriers.UTF8
	case valid && expected == carriers.ShiftJIS && !allValid(h, carriers.ShiftJIS, pieces): // the reading without errors wins
		return carriers.UTF8
	case expected == carriers.Latin1 && valid:
		return carriers.UTF8
	case expected == carriers.Latin1:
		return carriers.Latin1
	case expected == carriers.EUCJP && allValid(h, carriers.EUCJP, pieces):
		return carriers.EUCJP
	case expected == carriers.UTF8 && !allValid(h, carriers.ShiftJIS, pieces):
		return carriers.UTF8
	}
	return carriers.ShiftJIS
}

// namedCharset knows the names that charset parameters use.
func namedCharset(name string) (carriers.Charset, bool) {
	switch strings.ToLower(name) {
	case "utf-8", "utf8":
		return carriers.UTF8, true
	case "shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932":
		return carriers.ShiftJIS, true
	case "euc-jp", "x-euc-jp":
		return carriers.EUCJP, true
	case "iso-8859-1", "latin1", "windows-1252", "us-ascii":
		return carriers.Latin1, true
	}
	return 0, false
}

// utf8Evidence says whether the pieces are valid UTF-8, whether characters from U+2000 on are among them (Japanese text,
// emoji), and whether all is ASCII.
func utf8Evidence(pieces [][]byte) (valid, japanese, ascii bool) {
	const firstOf2000 = 0xE2 // first byte of U+2000
	ascii = true
	for _, p := range pieces {
		if !utf8.Valid(p) {
			return false, false, false
		}
		for _, b := range p {
			if b >= utf8.RuneSelf {
				ascii = false
				if b >= firstOf2000 {
					japanese = true
					break
				}
			}
		}
	}
	return true, japanese, ascii
}

// allValid says whether every piece reads without a replacement character.
func allValid(h *carriers.Handset, cs carriers.Charset, pieces [][]byte) bool {
	c := text.For(h.Carrier, h.Emoji, cs)
	var b []byte
	for _, p := range pieces {
		b = c.AppendDecode(b[:0], p)
		if strings.ContainsRune(string(b), utf8.RuneError) {
			return false
		}
	}
	return true
}
