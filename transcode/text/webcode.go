package text

// SoftBank's webcode writes an emoji as ESC $ bank code SI. The bank letter names the high byte of the private-use code
// point, the code is its low byte + 0x20, and codes of one bank may follow one another before SI. Codes 21–7A include
// " & ' < > and \, so that a webcode is written after escaping and cut out before any parsing.
const (
	escape  = 0x1B
	shiftIn = 0x0F
	banks   = "GEFOPQ" // U+E0xx … U+E5xx
)

// A webcodeRun remembers the webcode written last, to merge the next one into it.
type webcodeRun struct {
	end  int // length of dst just after its SI
	bank byte
}

// webcode writes the webcode of a private-use code point of SoftBank's.
func (e *encoder) webcode(pua uint16) {
	e.toASCII()
	bank, code := banks[pua>>8-0xE0], byte(pua)+0x20
	if e.run.end == len(e.dst) && e.run.bank == bank {
		e.dst[len(e.dst)-1] = code
		e.dst = append(e.dst, shiftIn)
	} else {
		e.dst = append(e.dst, escape, '$', bank, code, shiftIn)
	}
	e.run = webcodeRun{len(e.dst), bank}
}

// WebcodeLength returns the length of the webcode that s begins with, SI included, or 0 when s begins with none: a
// sequence without SI is not one, so that a stray ESC takes nothing with it.
func WebcodeLength(s []byte) int {
	if len(s) < 5 || s[0] != escape || s[1] != '$' || bankOf(s[2]) == 0 {
		return 0
	}
	for n := 3; n < len(s); n++ {
		if s[n] == shiftIn && n > 3 {
			return n + 1
		}
		if s[n] < 0x21 || s[n] > 0x7A {
			return 0
		}
	}
	return 0
}

// bankOf returns the private-use code point that a code byte is added to, or 0 for a letter that is no bank.
func bankOf(letter byte) uint16 {
	for i := range len(banks) {
		if banks[i] == letter {
			return 0xE000 + uint16(i)<<8 - 0x20
		}
	}
	return 0
}
