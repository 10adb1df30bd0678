package text

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// latin is the loop for ISO-8859-1: browsers of the West before Unicode. What is not in it is written as its likeness, else as
// a reference where one is asked for; whether the browser has a picture for that is its own affair.
func (e *encoder) latin(s []byte) {
	asIs := &plainASCII[e.o&EscapeHTML]
	for i := 0; i < len(s); {
		if asIs[s[i]] {
			e.dst = append(e.dst, s[i])
			i++
			continue
		}
		if r, size := utf8.DecodeRune(s[i:]); inLatin(r) {
			e.dst = append(e.dst, byte(r))
			i += size
			continue
		}
		i = e.stop(s, i)
	}
}

func inLatin(r rune) bool { return r >= 0xA0 && r <= 0xFF && r != 0xAD }

// latinLike are the signs of typesetting in ASCII, as typewriters have them.
var latinLike = map[rune]string{'‘': "'", '’': "'", '‚': ",", '“': `"`, '”': `"`, '„': `"`, '‹': "'", '›': "'", '‐': "-", '‑': "-", '–': "-", '—': "-",
	'―': "-", '…': "...", '•': "*", '€': "EUR", '™': "(TM)", '−': "-", '〜': "~", '～': "~", '\u3000': " ", '←': "<-", '→': "->",
	'♀': "(f)", '♂': "(m)"}

// latinRune writes a character that is not ISO-8859-1's.
func (e *encoder) latinRune(r rune) {
	switch like, ok := latinLike[r]; {
	case r < utf8.RuneSelf || inLatin(r):
		e.latinText(string(r))
	case ok:
		e.latinText(like)
	case e.o&(References|EscapeHTML) == References|EscapeHTML && r != utf8.RuneError && r != '〓':
		e.dst = append(strconv.AppendUint(append(e.dst, "&#"...), uint64(r), 10), ';')
	default:
		e.lost++
		e.dst = append(e.dst, '?')
	}
}

func (e *encoder) latinText(s string) {
	for _, r := range s {
		switch {
		case r >= utf8.RuneSelf, plainASCII[e.o&EscapeHTML][r]:
			e.dst = append(e.dst, byte(r))
		default:
			e.markup(byte(r))
		}
	}
}

// decodeLatin reads windows-1252, which is what browsers make of ISO-8859-1.
func (d *decoder) decodeLatin(dst, b []byte, eof bool) ([]byte, int) {
	dst = slices.Grow(dst, len(b))
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c >= 0x80:
			dst = utf8.AppendRune(dst, charmap.Windows1252.DecodeByte(c))
			i++
		case readable[c]:
			dst = append(dst, c)
			i++
		default:
			var n int
			if dst, n = d.control(dst, b[i:], eof); n == 0 {
				return dst, i
			}
			i += n
		}
	}
	return dst, len(b)
}
