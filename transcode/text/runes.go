package text

import (
	"unicode"

	"musubi/transcode/charset"
	"musubi/transcode/emoji"
)

// A class is what the encoder knows about a rune after one lookup. 0 is a character without any code; values below
// 0x100 and from 0x8140 are CP932 codes; those between are the kinds below and firstEmoji + emoji.Index.
type class uint16

const (
	unknown     class = 0
	firstEmoji  class = 0x1000
	firstDouble class = 0x8140
)

const (
	mark       class = 0x100 + iota // modifies the character before it
	voicing                         // U+3099 and U+309A
	keycap                          // U+20E3
	modifier                        // skin tones
	joiner                          // U+200D
	flag                            // regional indicators
	space                           // typed spaces of other widths
	invisible                       // dropped
	pictograph                      // an emoji that no carrier has
	sign                            // a sign or a kanji, no letter, that charset.Likeness knows
	foreign                         // private use, noncharacters: 〓
)

// emoji returns the concept of a class, if it is one.
func (c class) emoji() (emoji.Index, bool) {
	i := c - firstEmoji
	return emoji.Index(i), i < emoji.Count
}

// code returns the CP932 code of a class, if it is one.
func (c class) code() (uint16, bool) {
	return uint16(c), c >= firstDouble || c != unknown && c < mark
}

var (
	plane0  = buildPlane0()
	plane1F = buildPlane1F() // U+1F000–1FFFF
	planeFE = buildPlaneFE() // U+FE000–FEFFF
)

// classOf looks a rune up.
func classOf(r rune) class {
	switch {
	case r <= 0xFFFF:
		return plane0[r]
	case r>>12 == 0x1F:
		return plane1F[r&0xFFF]
	case r>>12 == 0xFE:
		return planeFE[r&0xFFF]
	case charset.Invisible(r):
		return invisible
	case r >= 0xF0000 || charset.Noncharacter(r):
		return foreign
	case charset.Mark(r):
		return mark
	case r>>16 == 2 && charset.Likeness(r): // a kanji
		return sign
	}
	return unknown
}

func buildPlane0() *[0x10000]class {
	t := new([0x10000]class)
	for i := range t {
		r := rune(i)
		switch code := charset.Encode(r); {
		case code != 0 && (r >= 0x80 || !charset.Invisible(r)):
			t[r] = class(code)
		case r >= 0x3400 && r <= 0x9FFF, r >= 0xAC00 && r <= 0xD7A3:
			// Ideographs and Korean syllables without a code: unknown, which saves two thirds of the look-ups below.
		case r == 0x3099 || r == 0x309A:
			t[r] = voicing
		case r == 0x20E3:
			t[r] = keycap
		case r == 0x200D:
			t[r] = joiner
		case charset.Invisible(r):
			t[r] = invisible
		case charset.Space(r):
			t[r] = space
		case r >= 0xD800 && r < 0xF900 || charset.Noncharacter(r):
			t[r] = foreign
		case charset.Mark(r):
			t[r] = mark
		case isPictograph(r):
			t[r] = pictograph
		}
	}
	for r := range charset.Likenesses {
		if r <= 0xFFFF && t[r] == unknown && (!unicode.IsLetter(r) || unicode.Is(unicode.Han, r)) {
			t[r] = sign
		}
	}
	for i := range emoji.Index(emoji.Count) {
		if s := []rune(emoji.At(i).Standard()); len(s) == 1 && s[0] <= 0xFFFF {
			t[s[0]] = firstEmoji + class(i)
		}
	}
	return t
}

func buildPlane1F() *[0x1000]class {
	t := new([0x1000]class)
	for i := range t {
		switch r := 0x1F000 + rune(i); {
		case r >= 0x1F1E6 && r <= 0x1F1FF:
			t[i] = flag
		case r >= 0x1F3FB && r <= 0x1F3FF:
			t[i] = modifier
		case isPictograph(r):
			t[i] = pictograph
		}
	}
	for i := range emoji.Index(emoji.Count) {
		if s := []rune(emoji.At(i).Standard()); len(s) == 1 && s[0]>>12 == 0x1F {
			t[s[0]&0xFFF] = firstEmoji + class(i)
		}
	}
	return t
}

func buildPlaneFE() *[0x1000]class {
	t := new([0x1000]class)
	for i := range t {
		t[i] = foreign
	}
	for i := range emoji.Index(emoji.Count) {
		t[emoji.At(i).Private&0xFFF] = firstEmoji + class(i)
	}
	return t
}

// sequences has the concepts of two code points: keycaps (digit and U+20E3) and flags.
var sequences = func() map[[2]rune]emoji.Index {
	m := make(map[[2]rune]emoji.Index)
	for i := range emoji.Index(emoji.Count) {
		if s := []rune(emoji.At(i).Standard()); len(s) == 2 {
			m[[2]rune(s)] = i
		}
	}
	return m
}()
