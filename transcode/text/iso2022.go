package text

import "musubi/transcode/charset"

// A shift is the set that ISO-2022-JP is in.
type shift uint8

const (
	ascii  shift = iota
	double       // JIS X 0208
	kana         // half-width katakana
)

// decodeISO2022 reads mail: ESC ( B and ESC ( J are ASCII, ESC $ @ and ESC $ B are JIS X 0208, ESC ( I and SO … SI are
// half-width kana. A line end returns to ASCII whatever was forgotten. Eight-bit bytes are read as Shift_JIS, which is
// how DoCoMo's emoji travel between the escapes.
func (d *decoder) decodeISO2022(dst, b []byte, eof bool) ([]byte, int) {
	for i := 0; i < len(b); {
		b0 := b[i]
		if b0 == escape {
			if len(b)-i < 3 && !eof {
				return dst, i
			}
			if s, ok := designation(b[i+1:]); ok {
				d.shift = s
				i += 3
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
		case !eof && i+1 == len(b) && (charset.Lead(b0) || d.shift == double && jisByte(b0)):
			return dst, i
		case b0 >= 0x80:
			dst = append(dst, replacement...)
			i++
		case d.shift == double && jisByte(b0) && i+1 < len(b) && jisByte(b[i+1]):
			dst = d.appendJIS(dst, b0, b[i+1])
			i += 2
		case d.shift == double && jisByte(b0):
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

// designation reads what follows an ESC.
func designation(b []byte) (s shift, ok bool) {
	if len(b) < 2 {
		return 0, false
	}
	switch string(b[:2]) {
	case "(B", "(J":
		return ascii, true
	case "$@", "$B":
		return double, true
	case "(I":
		return kana, true
	}
	return 0, false
}

// jisByte says whether b is a byte of a seven-bit double-byte code.
func jisByte(b byte) bool { return b >= 0x21 && b <= 0x7E }
