package charset

import (
	"slices"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/unicode/norm"
)

// Substitute returns characters that stand for one without a code: those of data/signs.tsv, which have a code each, or
// its Unicode decomposition, in which marks may be left out (é gives e and an accent, ½ gives 1, a slash and 2). It
// returns "" where there is no likeness. It does not allocate.
func Substitute(r rune) string {
	if s := likeness(r); s != "" || r > utf8.MaxRune {
		return s
	}
	var b [utf8.UTFMax]byte
	d := norm.NFKD.Properties(b[:utf8.EncodeRune(b[:], r)]).Decomposition()
	return unsafe.String(unsafe.SliceData(d), len(d)) // part of norm's tables, which nobody changes
}

// Likeness says whether data/signs.tsv has a row for the character.
func Likeness(r rune) bool { return likeness(r) != "" }

// Likenesses calls yield for each character that data/signs.tsv has a row for, in order, until it returns false.
func Likenesses(yield func(rune) bool) {
	for _, key := range signKeys {
		if !yield(rune(key)) {
			return
		}
	}
}

func likeness(r rune) string {
	i, ok := slices.BinarySearch(signKeys[:], uint32(r))
	if !ok {
		return ""
	}
	from := uint16(0)
	if i > 0 {
		from = signEnds[i-1]
	}
	return signText[from:signEnds[i]]
}
