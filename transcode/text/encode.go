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
	case e.c.charset == carriers.Latin1:
		e.latin(s)
	default:
		e.jis(s)
	}
}

// shiftJIS writes CP932: plain runs, and what is between them one character at a time.
func (e *encoder) shiftJIS(s []byte) {
	raw := e.c.codes
	if e.o&(Webcode|LocalSrc) != 0 {
		raw = &noCodes
	}
	for i := 0; i < len(s); {
		e.dst = slices.Grow(e.dst, len(s)-i)
		n := len(e.dst)
		written, read := shiftJISRun(e.dst[n:cap(e.dst)], s[i:], &plainASCII[e.o&EscapeHTML], raw, e.o&HalfKana != 0)
		e.dst = e.dst[:n+written]
		if i += read; i < len(s) {
			i = e.stop(s, i)
		}
	}
}

// utf8 writes UTF-8: text is copied in runs, emoji are replaced.
func (e *encoder) utf8(s []byte) {
	for i := 0; i < len(s); {
		n := 0
		if e.c.set == carriers.EmojiUnicode {
			n = browserRun(s[i:], &plainASCII[e.o&EscapeHTML])
		} else {
			n = utf8Run(s[i:], &plainASCII[e.o&EscapeHTML], e.o&HalfKana != 0)
		}
		e.dst = append(e.dst, s[i:i+n]...)
		if i += n; i < len(s) {
			i = e.stop(s, i)
		}
	}
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
		i = e.stop(s, i)
	}
}

// stop writes what begins at s[i], where a plain run stopped, and returns where to go on.
func (e *encoder) stop(s []byte, i int) int {
	if s[i] < utf8.RuneSelf {
		e.markup(s[i])
		return i + 1
	}
	r, size := utf8.DecodeRune(s[i:])
	return e.special(s, i, r, size, classOf(r))
}

// plainASCII says which bytes are written as they are, without and with EscapeHTML.
var plainASCII = func() (t [2][256]bool) {
	for b := range 0x80 {
		t[0][b] = !charset.Invisible(rune(b))
		t[1][b] = t[0][b] && entities[b] == ""
	}
	return t
}()

// entities has the reference of each byte with a meaning in markup. &apos; is not HTML, and a decimal reference below 128
// is the same in every reading.
var entities = [0x80]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&#39;"}

// flush ends the text: ISO-2022-JP goes back to ASCII, a webcode stays closed.
func (e *encoder) flush() {
	e.toASCII()
	e.run = webcodeRun{}
}
