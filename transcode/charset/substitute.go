package charset

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Substitute returns text that stands for a character without a CP932 code: its Unicode decomposition, or a spelling in
// Latin letters. nil: there is none. Characters of the answer may themselves lack a code. A caller must not modify the
// answer, and writes its markup characters (`<` of `≮`) in full width, so that no best fit makes markup (SEC-45).
func Substitute(r rune) []byte {
	if s, ok := letters[r]; ok {
		return []byte(s)
	}
	if r > utf8.MaxRune {
		return nil
	}
	var b [utf8.UTFMax]byte
	return norm.NFKD.Properties(b[:utf8.EncodeRune(b[:], r)]).Decomposition()
}

// letters are Latin letters that Unicode does not decompose.
var letters = map[rune]string{
	'Æ': "AE", 'æ': "ae", 'Œ': "OE", 'œ': "oe", 'ß': "ss", 'Þ': "Th", 'þ': "th",
	'Ø': "O", 'ø': "o", 'Ð': "D", 'ð': "d", 'Đ': "D", 'đ': "d", 'Ł': "L", 'ł': "l", 'ı': "i", 'Ħ': "H", 'ħ': "h",
}
