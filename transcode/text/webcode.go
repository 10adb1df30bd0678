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
	end   int // length of dst just after its SI
	bank  byte
	codes int
}

// webcode writes the webcode of a private-use code point of SoftBank's.
func (e *encoder) webcode(pua uint16) {
	e.toASCII()
	bank, code := banks[pua>>8-0xE0], byte(pua)+0x20
	if e.run.end == len(e.dst) && e.run.bank == bank && e.run.codes < maxRun {
		e.dst[len(e.dst)-1] = code
		e.dst = append(e.dst, shiftIn)
		e.run.codes++
	} else {
		e.dst = append(e.dst, escape, '$', bank, code, shiftIn)
		e.run.bank, e.run.codes = bank, 1
	}
	e.run.end = len(e.dst)
}

// maxRun bounds the codes in one webcode, so that reading never has to wait for more than this many bytes.
const maxRun = 2000

// WebcodeLength returns the length of the webcode that s begins with, ESC and SI included, or 0 when s begins with
// none: a sequence without SI is not one, so that a stray ESC takes nothing with it.
func WebcodeLength(s []byte) int {
	n, _ := scanWebcode(s)
	return n
}

// scanWebcode is WebcodeLength, and says whether s ends before the webcode does.
func scanWebcode(s []byte) (n int, open bool) {
	const head = "\x1b$"
	for n = 0; n < len(s) && n < maxRun+4; n++ {
		switch b := s[n]; {
		case n < len(head) && b != head[n], n == len(head) && bankOf(b) == 0:
			return 0, false
		case n > len(head)+1 && b == shiftIn:
			return n + 1, false
		case n > len(head) && (b < 0x21 || b > 0x7A):
			return 0, false
		}
	}
	return 0, n == len(s)
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
