package text

import (
	"encoding/binary"
	"unicode/utf8"

	"musubi/transcode/charset"
	"musubi/transcode/emoji"
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
		n := twoByTwo(out, s, half)
		out, s = out[2*n:], s[3*n:]
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

// twoByTwo writes characters of three bytes in UTF-8 and two in Shift_JIS, two at a time, and returns how many. With
// half it stops at katakana.
func twoByTwo(out, s []byte, half bool) (n int) {
	var katakana uint16
	if half {
		katakana = 0x30FC + 1 - 0x30A1
	}
	for i, o := 0, 0; i+8 <= len(s) && o+4 <= len(out); i, o = i+6, o+4 {
		r1, r2, ok := twoRunes(binary.LittleEndian.Uint64(s[i : i+8]))
		v1, v2 := plane0[r1], plane0[r2]
		if !ok || v1-firstDouble >= plainSpan || v2-firstDouble >= plainSpan || r1-0x30A1 < katakana || r2-0x30A1 < katakana {
			break
		}
		binary.BigEndian.PutUint32(out[o:o+4], uint32(v1)<<16|uint32(v2))
		n += 2
	}
	return n
}

// twoRunes takes two characters of three bytes out of the low six bytes of w. They may be surrogates.
func twoRunes(w uint64) (r1, r2 uint16, ok bool) {
	const (
		mask  = 0xC0C0F0_C0C0F0 // the bits that say: a character of three bytes, twice
		shape = 0x8080E0_8080E0
	)
	r1 = uint16(w)<<12 | uint16(w>>8)&0x3F<<6 | uint16(w>>16)&0x3F
	r2 = uint16(w>>24)<<12 | uint16(w>>32)&0x3F<<6 | uint16(w>>40)&0x3F
	return r1, r2, w&mask == shape && min(r1, r2) >= 0x800
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
	if concept, ok := v.emoji(); ok && codes[concept] != 0 && !extends(s[size:]) {
		return codes[concept], size
	}
	return 0, 0
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
		for !half && i+8 <= len(s) {
			r1, r2, ok := twoRunes(binary.LittleEndian.Uint64(s[i : i+8]))
			if !ok || !plane0[r1].passes() || !plane0[r2].passes() {
				break
			}
			i += 6
		}
		r, size := utf8.DecodeRune(s[i:])
		if r < utf8.RuneSelf {
			continue
		}
		if r == utf8.RuneError && size == 1 || !classOf(r).passes() || half && charset.Half(r) != 0 {
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

// longest is the most bytes that one code becomes in canonical text: a flag.
const longest = 8

// readShiftJIS reads ASCII and pairs from b to out, until it comes to anything else or out is nearly full.
func readShiftJIS(out, b []byte, pairs *pairTable) (written, read int) {
	room, length := len(out), len(b)
	for len(b) >= 2 && len(out) >= longest {
		if b[0] < utf8.RuneSelf {
			n := asciiRun(out, b, &readable)
			if n == 0 {
				break
			}
			out, b = out[n:], b[n:]
			continue
		}
		for len(b) >= 4 && len(out) >= 8 {
			u1, u2 := pairs[place(b[0], b[1])], pairs[place(b[2], b[3])]
			if !threeBytes(u1) || !threeBytes(u2) {
				break
			}
			binary.LittleEndian.PutUint64(out, spell(u1)|spell(u2)<<24)
			out, b = out[6:], b[4:]
		}
		if len(b) < 2 || len(out) < longest || b[0] < utf8.RuneSelf {
			continue
		}
		u := pairs[place(b[0], b[1])]
		if u == 0 {
			break
		}
		out, b = out[putPair(out, u):], b[2:]
	}
	return room - len(out), length - len(b)
}

// putPair writes what a cell of a pair table means; out has room for the longest.
func putPair(out []byte, u uint16) int {
	if u-pairEmoji < emoji.Count {
		return copy(out, canonical[u-pairEmoji])
	}
	return utf8.EncodeRune(out, rune(u))
}

// threeBytes says whether a cell of a pair table is a character of three bytes in UTF-8, like nearly all.
func threeBytes(u uint16) bool { return u >= 0x800 && u-pairEmoji >= 0x800 }

// spell returns the UTF-8 of such a character, first byte lowest.
func spell(u uint16) uint64 {
	return 0x8080E0 | uint64(u>>12) | uint64(u>>6&0x3F)<<8 | uint64(u&0x3F)<<16
}

// readUTF8 returns the length of the beginning of b that is canonical text as it is: all but control characters, bad
// bytes, and private-use characters.
func readUTF8(b []byte) int {
	i := 0
	for i < len(b) {
		if b[i] < utf8.RuneSelf {
			if !readable[b[i]] {
				break
			}
			i++
			continue
		}
		for i+8 <= len(b) {
			r1, r2, ok := twoRunes(binary.LittleEndian.Uint64(b[i : i+8]))
			if !ok || r1 >= 0xD800 || r2 >= 0xD800 {
				break
			}
			i += 6
		}
		r, size := utf8.DecodeRune(b[i:])
		if r < utf8.RuneSelf {
			continue
		}
		if r < 0xA0 || r >= 0xD800 && r < 0xF900 || r == utf8.RuneError && size == 1 || charset.Noncharacter(r) {
			break
		}
		i += size
	}
	return i
}
