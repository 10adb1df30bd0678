package charset

import "unicode"

// Invisible says whether r is dropped on the way to a handset because it only steers modern renderers: joiners,
// variation selectors, marks of direction, the soft hyphen, tags and control characters other than TAB, LF and CR.
func Invisible(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r'
	case r >= 0x7F && r < 0xA0:
		return true
	}
	return unicode.Is(invisible, r)
}

var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00AD, Hi: 0x00AD, Stride: 1}, // soft hyphen
		{Lo: 0x061C, Hi: 0x061C, Stride: 1}, // Arabic letter mark
		{Lo: 0x180B, Hi: 0x180F, Stride: 1}, // Mongolian selectors
		{Lo: 0x200B, Hi: 0x200F, Stride: 1}, // zero width space, joiners, direction marks
		{Lo: 0x2028, Hi: 0x202E, Stride: 1}, // separators, direction embeddings
		{Lo: 0x2060, Hi: 0x206F, Stride: 1}, // word joiner, isolates
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1}, // variation selectors
		{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1}, // byte order mark
		{Lo: 0xFFF9, Hi: 0xFFFB, Stride: 1}, // interlinear annotation
	},
	R32: []unicode.Range32{{Lo: 0xE0000, Hi: 0xE0FFF, Stride: 1}}, // tags, variation selectors
}

// Space says whether r is a typed space that handsets know only as the ordinary one.
func Space(r rune) bool {
	return r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F
}

// Mark says whether r only modifies the character before it. Marks without a code of their own are dropped: the
// character stays.
func Mark(r rune) bool {
	return unicode.Is(unicode.M, r) ||
		r >= 0x1160 && r <= 0x11FF || // the vowels and finals of Korean syllables
		r >= 0x1AB0 && r <= 0x1AFF // marks of Latin, of which newer editions of Unicode have more
}

// Noncharacter says whether r is reserved for internal use and never text.
func Noncharacter(r rune) bool { return r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF }
