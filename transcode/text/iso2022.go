package text

import "musubi/transcode/charset"

// A shift is the set that ISO-2022-JP is in.
type shift uint8

const (
	ascii         shift = iota
	double              // JIS X 0208
	kana                // half-width katakana
	supplementary       // JIS X 0212
	userDefined         // the rows F0–F9 of Shift_JIS, of ISO-2022-JP-MS
)

// decodeISO2022 reads mail: ESC ( B and ESC ( J are ASCII, ESC $ @ and ESC $ B are JIS X 0208, ESC $ ( D is JIS X 0212
// (ISO-2022-JP-1), ESC $ ( ? what users define (ISO-2022-JP-MS), ESC ( I and SO … SI are half-width kana. A line end returns to ASCII whatever was forgotten. Eight-bit bytes are read as Shift_JIS, which is
// how DoCoMo's emoji travel between the escapes.
func (d *decoder) decodeISO2022(dst, b []byte, eof bool) ([]byte, int) {
	for i := 0; i < len(b); {
		b0 := b[i]
		if b0 == escape {
			if len(b)-i < 3 && !eof {
				return dst, i
			}
			if len(b)-i == 3 && !eof && string(b[i+1:]) == "$(" {
				return dst, i
			}
			if s, n := designation(b[i+1:]); n > 0 {
				d.shift = s
				i += 1 + n
				continue
			}
		}
		if b0 == '\n' || b0 == '\r' {
			d.shift = ascii
		}
		switch {
		case b0 == 0x0E:
			d.shift = kana
			i++
		case b0 == shiftIn:
			d.shift = ascii
			i++
		case charset.Lead(b0) && i+1 < len(b) && charset.Trail(b[i+1]):
			dst = appendPair(dst, d.pairs[place(b0, b[i+1])])
			i += 2
		case b0 >= 0xA1 && b0 <= 0xDF:
			dst = appendKana(dst, b0)
			i++
		case !eof && i+1 == len(b) && (charset.Lead(b0) || d.shift.pairs() && jisByte(b0)):
			return dst, i
		case b0 >= 0x80:
			dst = append(dst, replacement...)
			i++
		case d.shift.pairs() && jisByte(b0) && i+1 < len(b) && jisByte(b[i+1]):
			dst = d.appendShifted(dst, b0, b[i+1])
			i += 2
		case d.shift.pairs() && jisByte(b0):
			dst = append(dst, replacement...)
			i++
		case d.shift == kana && b0 >= 0x21 && b0 <= 0x5F:
			dst = appendKana(dst, b0|0x80)
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

// appendShifted reads a double-byte code in the set that the text is in.
func (d *decoder) appendShifted(dst []byte, b0, b1 byte) []byte {
	switch d.shift {
	case supplementary:
		return appendJIS0212(dst, []byte{0x8F, b0 | 0x80, b1 | 0x80})
	case userDefined:
		code := charset.FromJIS(uint16(b0)<<8 | uint16(b1))
		if code>>8 > 0x8A { // past row 20
			return append(dst, replacement...)
		}
		return appendPair(dst, d.pairs[place(byte(code>>8)-0x81+0xF0, byte(code))])
	}
	return d.appendJIS(dst, b0, b1)
}

// designation reads what follows an ESC, and returns its length: 0 when it changes nothing.
func designation(b []byte) (s shift, n int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch string(b[:2]) {
	case "(B", "(J":
		return ascii, 2
	case "$@", "$B":
		return double, 2
	case "(I":
		return kana, 2
	case "$(":
		return longDesignation(b)
	}
	return 0, 0
}

// longDesignation reads the escapes of four bytes.
func longDesignation(b []byte) (s shift, n int) {
	if len(b) < 3 {
		return 0, 0
	}
	switch b[2] {
	case '@', 'B':
		return double, 3
	case 'D':
		return supplementary, 3
	case '?':
		return userDefined, 3
	}
	return 0, 0
}

// pairs says whether codes of the set have two bytes.
func (s shift) pairs() bool { return s == double || s >= supplementary }

// jisByte says whether b is a byte of a seven-bit double-byte code.
func jisByte(b byte) bool { return b >= 0x21 && b <= 0x7E }
