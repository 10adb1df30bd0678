package markup

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestNameAt: eight bytes at once or one by one, a name ends at the same place and has the same key.
func TestNameAt(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	alphabet := []byte("abzAZ@[`{09-:_/<=>? \n\t\r\f\x00\x0b\x7f\x80\xc3\xe3\xff\"'")
	for range 200_000 {
		s := make([]byte, 1+d.IntN(14))
		for i := range s {
			s[i] = alphabet[d.IntN(len(alphabet))]
		}
		for _, ends := range []uint8{endsTagName, endsAttrName} {
			end := 1
			for end < len(s) && meanings[s[end]]&ends == 0 {
				end++
			}
			want := packName(string(lowerASCII(s[:end])))
			for _, tail := range []string{"", "zzzzzzzz"} { // at the very end of a page, and not
				if tail != "" && end == len(s) {
					tail = ">" + tail
				}
				if key, got := nameAt(append(bytes.Clone(s), tail...), 0, ends); key != want || got != end {
					t.Fatalf("%q%s: name of %d bytes with key %x, want %d and %x", s, tail, got, key, end, want)
				}
			}
		}
	}
}

func lowerASCII(s []byte) []byte {
	s = bytes.Clone(s)
	for i, c := range s {
		if 'A' <= c && c <= 'Z' {
			s[i] += 'a' - 'A'
		}
	}
	return s
}
