package text

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"musubi/carriers"
	"musubi/transcode/charset"
)

// replacement is U+FFFD, what a reader sees of bad bytes.
const replacement = string(utf8.RuneError)

// AppendDecode reads the handset's bytes b as canonical text into dst. It never fails: bytes that mean nothing become
// U+FFFD and leave the next character alone, control characters other than TAB and LF are removed, and line ends become
// LF. It does not keep b. dst and b must not overlap.
func (c *Codec) AppendDecode(dst, b []byte) []byte {
	d := decoder{Codec: c}
	dst = slices.Grow(dst, len(b)+len(b)/2)
	dst, _ = d.decode(dst, b, true)
	return dst
}

// A decoder is one text being read.
type decoder struct {
	*Codec
	shift shift
}

// decode reads b and returns how much of it was read: all of it, or, when more may follow (!eof), all but the
// beginning of something.
func (d *decoder) decode(dst, b []byte, eof bool) ([]byte, int) {
	switch d.charset {
	case carriers.ShiftJIS:
		return d.decodeShiftJIS(dst, b, eof)
	case carriers.EUCJP:
		return d.decodeEUC(dst, b, eof)
	case carriers.Latin1:
		return d.decodeLatin(dst, b, eof)
	case carriers.ISO2022JP:
		return d.decodeISO2022(dst, b, eof)
	}
	return d.decodeUTF8(dst, b, eof)
}

// readable says which bytes below 0x80 are text.
var readable = func() (t [256]bool) {
	for b := range 0x80 {
		t[b] = b >= 0x20 && b != 0x7F || b == '\t' || b == '\n'
	}
	return t
}()

// control reads what a control character at b[0] begins, and returns its length: a SoftBank webcode, a line end, or one
// byte to remove (SEC-42, SEC-44). 0: more of b is needed.
func (c *Codec) control(dst, b []byte, eof bool) ([]byte, int) {
	switch {
	case b[0] == '\r':
		if len(b) < 2 && !eof {
			return dst, 0
		}
		if len(b) < 2 || b[1] != '\n' {
			dst = append(dst, '\n')
		}
	case b[0] == escape && c.set == carriers.EmojiSoftBank:
		n, open := scanWebcode(b)
		if n > 0 {
			return c.decodeWebcode(dst, b[:n]), n
		}
		if open && !eof {
			return dst, 0
		}
	}
	return dst, 1
}

func (c *Codec) decodeWebcode(dst, code []byte) []byte {
	bank := bankOf(code[2])
	for _, b := range code[3 : len(code)-1] {
		dst = c.appendPrivate(dst, rune(bank)+rune(b))
	}
	return dst
}

// appendPrivate appends the emoji that the set has at a private-use code point, or U+FFFD.
func (c *Codec) appendPrivate(dst []byte, r rune) []byte {
	if i := c.private[r-0xE000]; i != 0 {
		return append(dst, canonical[i-1]...)
	}
	return append(dst, replacement...)
}

// appendPair appends what a cell of the pair table means.
func appendPair(dst []byte, u uint16) []byte {
	if u == 0 {
		return append(dst, replacement...)
	}
	var b [longest]byte
	return append(dst, b[:putPair(b[:], u)]...)
}

// appendKana appends the half-width kana of a byte A1–DF.
func appendKana(dst []byte, b byte) []byte {
	return utf8.AppendRune(dst, 0xFF61+rune(b)-0xA1)
}

func (d *decoder) decodeShiftJIS(dst, b []byte, eof bool) ([]byte, int) {
	for i := 0; i < len(b); {
		n := len(dst)
		written, read := readShiftJIS(dst[n:cap(dst)], b[i:], d.pairs)
		dst = dst[:n+written]
		if i += read; i == len(b) {
			break
		}
		switch b0 := b[i]; {
		case !eof && charset.Lead(b0) && i+1 == len(b):
			return dst, i
		case charset.Lead(b0) && i+1 < len(b) && charset.Trail(b[i+1]):
			dst = appendPair(dst, d.pairs[place(b0, b[i+1])])
			i += 2
		case b0 >= 0xA1 && b0 <= 0xDF:
			dst = appendKana(dst, b0)
			i++
		case b0 >= 0x80:
			dst = append(dst, replacement...)
			i++
		case readable[b0]:
			dst = append(dst, b0)
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

func (d *decoder) decodeUTF8(dst, b []byte, eof bool) ([]byte, int) {
	for i := 0; i < len(b); {
		n := readUTF8(b[i:])
		dst = append(dst, b[i:i+n]...)
		if i += n; i == len(b) {
			break
		}
		if b[i] < utf8.RuneSelf {
			if dst, n = d.control(dst, b[i:], eof); n == 0 {
				return dst, i
			}
			i += n
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r >= 0xE000 && r <= 0xF8FF && d.private != nil:
			dst = d.appendPrivate(dst, r)
		case r == utf8.RuneError && size == 1 && !eof && !utf8.FullRune(b[i:]):
			return dst, i
		case r == utf8.RuneError || charset.Noncharacter(r):
			dst = append(dst, replacement...)
		case r >= 0xA0:
			dst = append(dst, b[i:i+size]...)
		}
		i += size
	}
	return dst, len(b)
}

func (d *decoder) decodeEUC(dst, b []byte, eof bool) ([]byte, int) {
	for i := 0; i < len(b); {
		switch b0 := b[i]; {
		case readable[b0]:
			dst = append(dst, b0)
			i++
		case b0 == 0x8E && i+1 < len(b) && b[i+1] >= 0xA1 && b[i+1] <= 0xDF:
			dst = appendKana(dst, b[i+1])
			i += 2
		case b0 == 0x8F && i+2 < len(b) && euc(b[i+1]) && euc(b[i+2]):
			dst = appendJIS0212(dst, b[i:i+3])
			i += 3
		case euc(b0) && i+1 < len(b) && euc(b[i+1]):
			dst = d.appendJIS(dst, b0&0x7F, b[i+1]&0x7F)
			i += 2
		case !eof && b0 >= 0x8E && len(b)-i < eucLength(b0):
			return dst, i
		case b0 >= 0x80:
			dst = append(dst, replacement...)
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

// eucLength returns the length of the code that b0 begins.
func eucLength(b0 byte) int {
	if b0 == 0x8F {
		return 3
	}
	return 2
}

// euc says whether b is a byte of a double-byte code.
func euc(b byte) bool { return b >= 0xA1 && b <= 0xFE }

// appendJIS0212 reads one three-byte code of the supplementary set, which no handset has but browsers post.
func appendJIS0212(dst, code []byte) []byte {
	s, err := japanese.EUCJP.NewDecoder().Bytes(code)
	if err != nil {
		return append(dst, replacement...)
	}
	return append(dst, s...)
}

// appendJIS reads a seven-bit JIS code.
func (c *Codec) appendJIS(dst []byte, b0, b1 byte) []byte {
	code := charset.FromJIS(uint16(b0)<<8 | uint16(b1))
	lead := byte(code >> 8)
	if !charset.Lead(lead) || lead >= 0xF0 {
		return append(dst, replacement...)
	}
	return appendPair(dst, c.pairs[place(lead, byte(code))])
}
