package text

import (
	"slices"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/charset"
)

// An encoder is one call of Append.
type encoder struct {
	c    *Codec
	o    Option
	dst  []byte
	lost int
	run  webcodeRun
	// double is set in ISO-2022-JP between ESC $ B and ESC ( B.
	double bool
}

// encode writes all of s. Text that is valid and plain stays in the loop of its charset; everything else goes through
// special, one user-perceived character at a time.
func (e *encoder) encode(s []byte) {
	e.dst = slices.Grow(e.dst, len(s))
	switch {
	case e.c.charset == carriers.ShiftJIS:
		e.shiftJIS(s)
	case e.c.charset == carriers.UTF8:
		e.utf8(s)
	default:
		e.jis(s)
	}
}

// shiftJIS is the loop for CP932: one table lookup per character.
func (e *encoder) shiftJIS(s []byte) {
	dst, codes := e.dst, e.c.codes
	asIs := &plainASCII[e.o&EscapeHTML]
	low, span := firstDouble, uint16(0xFA40-firstDouble) // double-byte codes that nothing else has to look at
	if e.o&HalfKana != 0 {
		low, span = 0x8397, 0xFA40-0x8397
	}
	raw := e.o&(Webcode|LocalSrc) == 0
	for i := 0; i < len(s); {
		b := s[i]
		if asIs[b] {
			j := i + 1
			for j < len(s) && asIs[s[j]] {
				j++
			}
			dst = append(dst, s[i:j]...)
			i = j
			continue
		}
		var r rune
		size := 3
		if b&0xF0 == 0xE0 && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80 {
			r = rune(b&0x0F)<<12 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F)
		}
		if r < 0x800 { // not three bytes, or overlong
			r, size = utf8.DecodeRune(s[i:])
		}
		v := classOf(r)
		if uint16(v-low) < span {
			dst = append(dst, byte(v>>8), byte(v))
			i += size
			continue
		}
		if concept, ok := v.emoji(); ok && raw && codes[concept] != 0 {
			dst = append(dst, byte(codes[concept]>>8), byte(codes[concept]))
			i += size
			continue
		}
		e.dst = dst
		i = e.special(s, i, r, size, v)
		dst = e.dst
	}
	e.dst = dst
}

// utf8 is the loop for UTF-8: text is copied in runs, emoji are replaced.
func (e *encoder) utf8(s []byte) {
	asIs := &plainASCII[e.o&EscapeHTML]
	browser := e.c.set == carriers.EmojiUnicode
	start := 0 // of the run not copied yet
	for i := 0; i < len(s); {
		if asIs[s[i]] {
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if v := classOf(r); s[i] >= utf8.RuneSelf && e.passes(r, size, v, browser) {
			i += size
			continue
		} else {
			e.dst = append(e.dst, s[start:i]...)
			i = e.special(s, i, r, size, v)
			start = i
		}
	}
	e.dst = append(e.dst, s[start:]...)
}

// passes says whether a character is copied to UTF-8 as it is.
func (e *encoder) passes(r rune, size int, v class, browser bool) bool {
	if r == utf8.RuneError && size == 1 {
		return false
	}
	if browser {
		return !(charset.Noncharacter(r) || r >= 0x80 && r < 0xA0)
	}
	if e.o&HalfKana != 0 && charset.Half(r) != 0 {
		return false
	}
	_, ok := v.code()
	return ok || v == unknown || v == mark
}

// jis is the loop for EUC-JP and ISO-2022-JP, which are rare.
func (e *encoder) jis(s []byte) {
	asIs := &plainASCII[e.o&EscapeHTML]
	for i := 0; i < len(s); {
		if asIs[s[i]] {
			e.ascii(s[i])
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		i = e.special(s, i, r, size, classOf(r))
	}
}

// plainASCII says which bytes are written as they are, without and with EscapeHTML.
var plainASCII = func() (t [2][256]bool) {
	for b := range 0x80 {
		t[0][b] = !charset.Invisible(rune(b))
		t[1][b] = t[0][b] && entity(byte(b)) == ""
	}
	return t
}()

// entity returns the reference for a byte that has a meaning in markup.
func entity(b byte) string {
	switch b {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&quot;"
	case '\'':
		return "&#39;" // &apos; is not HTML; a decimal reference below 128 is the same in every reading
	}
	return ""
}

// flush ends the text: ISO-2022-JP goes back to ASCII, a webcode stays closed.
func (e *encoder) flush() {
	e.toASCII()
	e.run = webcodeRun{}
}
