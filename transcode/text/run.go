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

// plainSpan is the number of double-byte codes below the IBM extensions, of which SoftBank writes some in another form.
const plainSpan = 0xFA40 - firstDouble

// shiftJISRun writes s to out, which must have room for len(s) bytes, until it comes to a character that is neither ASCII
// as it is, nor a code that all carriers write alike, nor an emoji with a code. With half, katakana become half-width.
func shiftJISRun(out, s []byte, asIs *[256]bool, codes *ownCodes, half bool) (written, read int) {
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
		if !half {
			n := twoByTwo(out, s)
			out, s = out[2*n:], s[3*n:]
		}
		if len(s) == 0 || s[0] < utf8.RuneSelf {
			continue
		}
		code, size := oneCode(s, codes, half)
		if size == 0 || len(out) < 2 {
			break
		}
		if code < 0x100 {
			out[0] = byte(code)
			out, s = out[1:], s[size:]
			continue
		}
		out[0], out[1] = byte(code>>8), byte(code)
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

// twoByTwo writes characters of three bytes in UTF-8 and two in Shift_JIS, two at a time, and returns how many.
func twoByTwo(out, s []byte) (n int) {
	const (
		mask  = 0xC0C0F0_C0C0F0 // the bits that say: a character of three bytes, twice
		shape = 0x8080E0_8080E0
	)
	for i, o := 0, 0; i+8 <= len(s) && o+4 <= len(out); i, o = i+6, o+4 {
		w := binary.LittleEndian.Uint64(s[i : i+8])
		if w&mask != shape {
			break
		}
		r1 := uint16(w)<<12 | uint16(w>>8)&0x3F<<6 | uint16(w>>16)&0x3F
		r2 := uint16(w>>24)<<12 | uint16(w>>32)&0x3F<<6 | uint16(w>>40)&0x3F
		v1, v2 := plane0[r1], plane0[r2]
		if v1-firstDouble >= plainSpan || v2-firstDouble >= plainSpan || min(r1, r2) < 0x800 {
			break
		}
		binary.BigEndian.PutUint32(out[o:o+4], uint32(v1)<<16|uint32(v2))
		n += 2
	}
	return n
}

// oneCode returns the one or two bytes that the character at s[0] is written as, and its size; 0 when it is not plain.
func oneCode(s []byte, codes *ownCodes, half bool) (code uint16, size int) {
	r, size := utf8.DecodeRune(s)
	if half {
		if h := charset.Half(r); h != 0 {
			return h, size
		}
	}
	v := classOf(r)
	if v-firstDouble < plainSpan || v >= 0xA1 && v <= 0xDF {
		return uint16(v), size
	}
	if concept, ok := v.emoji(); ok && codes[concept] != 0 {
		return codes[concept], size
	}
	return 0, 0
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
