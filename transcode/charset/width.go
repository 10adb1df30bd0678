package charset

import "unicode/utf8"

// halves are the half-width kana U+FF61–FF9F in order, as full-width characters.
const halves = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"

// The two sound marks of half-width text.
const (
	halfVoiced     = '\uFF9E'
	halfSemiVoiced = '\uFF9F'
)

// wide has the full-width character of U+FF61 + i.
var wide = [63]rune([]rune(halves))

// half has the half-width spelling of a full-width katakana, U+30A1 + i, as one or two Shift_JIS bytes (the second in
// the low half), 0 where there is none.
var half = func() (t [0x30FD - 0x30A1]uint16) {
	for i, r := range wide {
		if r < 0x30A1 || r > 0x30FC {
			continue
		}
		t[r-0x30A1] = uint16(0xA1 + i)
		if v := Voiced(r, halfVoiced); v != 0 && v <= 0x30FC {
			t[v-0x30A1] = uint16(0xA1+i)<<8 | 0xDE
		}
		if v := Voiced(r, halfSemiVoiced); v != 0 {
			t[v-0x30A1] = uint16(0xA1+i)<<8 | 0xDF
		}
	}
	return t
}()

// Half returns the half-width spelling of a full-width katakana (ァ–ヴ, ・ and ー): one byte code, or base and sound mark
// in the high and low byte. 0: r has none and stays as it is. Hiragana and punctuation are left alone, because
// half-width marks between full-width letters are harder to read than they are short.
func Half(r rune) uint16 {
	if r < 0x30A1 || r > 0x30FC {
		return 0
	}
	return half[r-0x30A1]
}

// Wide returns the full-width character of a half-width kana U+FF61–FF9F, joined with mark when that is the sound mark
// that follows it and the two make one character; n is how many of the two were used. Other runes give 0, 0.
func Wide(r, mark rune) (w rune, n int) {
	if r < 0xFF61 || r > 0xFF9F {
		return 0, 0
	}
	w = wide[r-0xFF61]
	if v := Voiced(w, mark); v != 0 {
		return v, 2
	}
	return w, 1
}

// Voiced joins a full-width kana and a sound mark, half-width or combining (U+3099, U+309A), into one character, or
// returns 0 when there is none such.
func Voiced(kana, mark rune) rune {
	k := kana // as hiragana
	if kana >= 0x30A1 && kana <= 0x30F6 {
		k -= 0x60
	}
	ha := k >= 'は' && k <= 'ほ' && (k-'は')%3 == 0
	switch mark {
	case halfVoiced, 0x3099:
		switch {
		case ha, k >= 'か' && k <= 'ち' && k%2 == 'か'%2, k == 'つ', k == 'て', k == 'と', kana == 'ゝ', kana == 'ヽ':
			return kana + 1
		case kana == 'う':
			return 'ゔ'
		case kana == 'ウ':
			return 'ヴ'
		}
	case halfSemiVoiced, 0x309A:
		if ha {
			return kana + 2
		}
	}
	return 0
}

// AppendWide appends s with its half-width kana made full-width, sound marks joined: for mail, where half-width kana
// are not allowed, and for search. s may be any UTF-8 text; other bytes are copied.
func AppendWide(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		mark, markSize := utf8.DecodeRuneInString(s[i+size:])
		switch w, n := Wide(r, mark); n {
		case 0:
			dst = append(dst, s[i:i+size]...)
		case 1:
			dst = utf8.AppendRune(dst, w)
		case 2:
			dst = utf8.AppendRune(dst, w)
			size += markSize
		}
		i += size
	}
	return dst
}
