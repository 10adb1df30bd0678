package text

import (
	"encoding/binary"
	"unicode/utf8"

	"musubi/transcode/charset"
)

// The functions in this file go over the plain part of a text, which is nearly all of it, with one table lookup for each
// character, and stop where something has to be thought about. They return how much they have written and read. They
// advance by reslicing, because the compiler then proves their indexes.

// noCodes is a carrier without emoji codes.
var noCodes ownCodes

// shiftJISRun writes s to out, which must have room for len(s) bytes, until it comes to a character that is neither ASCII
// as it is, nor a code that all carriers write alike, nor an emoji with a code. With half, katakana become half-width.
func shiftJISRun(out, s []byte, asIs *[256]bool, codes *ownCodes, half bool) (written, read int) {
	const span = 0xFA40 - firstDouble // above are the IBM extensions, of which SoftBank writes some in another form
	room, length := len(out), len(s)
	for len(s) > 0 {
		if s[0] < utf8.RuneSelf {
			n := asciiRun(out, s, asIs)
			if n == 0 {
				break
			}
			out, s = out[n:], s[n:]
			continue
		}
		var v class
		size := 3
		if r, ok := threeBytes(s); ok {
			v = plane0[r]
			if half && r-0x30A1 <= 0x30FC-0x30A1 && charset.Half(rune(r)) != 0 {
				out = out[putHalf(out, charset.Half(rune(r))):]
				s = s[3:]
				continue
			}
		} else {
			var r rune
			r, size = utf8.DecodeRune(s)
			v = classOf(r)
		}
		if v-firstDouble >= span {
			concept, ok := v.emoji()
			if !ok || codes[concept] == 0 {
				break
			}
			v = class(codes[concept])
		}
		if len(out) < 2 {
			break
		}
		out[0], out[1] = byte(v>>8), byte(v)
		out, s = out[2:], s[size:]
	}
	return room - len(out), length - len(s)
}

// asciiRun copies the ASCII at the beginning of s that is written as it is, eight bytes at once where it can.
func asciiRun(out, s []byte, asIs *[256]bool) (n int) {
	for len(s)-n >= 8 && len(out)-n >= 8 {
		word := s[n : n+8 : n+8]
		if !(asIs[word[0]] && asIs[word[1]] && asIs[word[2]] && asIs[word[3]] && asIs[word[4]] && asIs[word[5]] && asIs[word[6]] && asIs[word[7]]) {
			break
		}
		binary.LittleEndian.PutUint64(out[n:], binary.LittleEndian.Uint64(word))
		n += 8
	}
	for n < len(s) && n < len(out) && asIs[s[n]] {
		out[n] = s[n]
		n++
	}
	return n
}

// putHalf writes one or two half-width kana, see charset.Half.
func putHalf(out []byte, h uint16) int {
	if h < 0x100 {
		out[0] = byte(h)
		return 1
	}
	out[0], out[1] = byte(h>>8), byte(h)
	return 2
}

// threeBytes reads a UTF-8 character of three bytes, which is what Japanese is made of. It may be a surrogate.
func threeBytes(s []byte) (r uint16, ok bool) {
	if len(s) < 3 || s[0]&0xF0 != 0xE0 {
		return 0, false
	}
	b1, b2 := s[1]^0x80, s[2]^0x80
	r = uint16(s[0])<<12 | uint16(b1)<<6 | uint16(b2)
	return r, b1|b2 < 0x40 && r >= 0x800
}

// utf8Run returns the length of the beginning of s that a handset's UTF-8 has as it is, katakana aside if half is set.
func utf8Run(s []byte, asIs *[256]bool, half bool) int {
	i := 0
	for i < len(s) {
		if s[i] < utf8.RuneSelf {
			if !asIs[s[i]] {
				break
			}
			i++
			continue
		}
		if r, ok := threeBytes(s[i:]); ok {
			if !plane0[r].passes() || half && charset.Half(rune(r)) != 0 {
				break
			}
			i += 3
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && size == 1 || !classOf(r).passes() {
			break
		}
		i += size
	}
	return i
}

// passes says whether a handset's UTF-8 has the character as it is: text of any script, with marks.
func (c class) passes() bool { return c-mark-1 >= firstDouble-mark-1 }

// browserRun returns the length of the beginning of s that a browser gets as it is: all but what is not text.
func browserRun(s []byte, asIs *[256]bool) int {
	i := 0
	for i < len(s) {
		if s[i] < utf8.RuneSelf {
			if !asIs[s[i]] {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && size == 1 || r < 0xA0 || charset.Noncharacter(r) {
			break
		}
		i += size
	}
	return i
}
