package text

import "musubi/transcode/charset"

// decodeISO2022 reads mail: ESC ( B and ESC ( J are ASCII, ESC $ @ and ESC $ B are JIS X 0208, ESC ( I and SO … SI are
// half-width kana. A line end returns to ASCII whatever was forgotten. Eight-bit bytes are read as Shift_JIS, which is
// how DoCoMo's emoji travel between the escapes.
func (c *Codec) decodeISO2022(dst, b []byte) []byte {
	const (
		ascii = iota
		double
		kana
	)
	state := ascii
	for i := 0; i < len(b); {
		b0 := b[i]
		if b0 == escape && i+2 < len(b) {
			known := true
			switch string(b[i+1 : i+3]) {
			case "(B", "(J":
				state = ascii
			case "$@", "$B":
				state = double
			case "(I":
				state = kana
			default:
				known = false
			}
			if known {
				i += 3
				continue
			}
		}
		if b0 == '\n' || b0 == '\r' {
			state = ascii
		}
		switch {
		case b0 == 0x0E:
			state = kana
			i++
		case b0 == shiftIn:
			state = ascii
			i++
		case charset.Lead(b0) && i+1 < len(b) && charset.Trail(b[i+1]):
			dst = appendPair(dst, c.pairs[charset.Pair(b0, b[i+1])])
			i += 2
		case b0 >= 0xA1 && b0 <= 0xDF:
			dst = appendKana(dst, b0)
			i++
		case b0 >= 0x80:
			dst = append(dst, replacement...)
			i++
		case state == double && jisByte(b0) && i+1 < len(b) && jisByte(b[i+1]):
			dst = c.appendJIS(dst, b0, b[i+1])
			i += 2
		case state == double && jisByte(b0):
			dst = append(dst, replacement...)
			i++
		case state == kana && b0 >= 0x21 && b0 <= 0x5F:
			dst = appendKana(dst, b0|0x80)
			i++
		case readable[b0]:
			dst = append(dst, b0)
			i++
		default:
			var n int
			dst, n = c.control(dst, b[i:])
			i += n
		}
	}
	return dst
}

// jisByte says whether b is a byte of a seven-bit double-byte code.
func jisByte(b byte) bool { return b >= 0x21 && b <= 0x7E }
