package text

import (
	"strconv"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/emoji"
)

// special writes the character r of class v at s[i:i+size], and whatever follows that belongs to it, and returns where
// to go on.
func (e *encoder) special(s []byte, i int, r rune, size int, v class) int {
	next := i + size
	concept, known := v.emoji()
	switch {
	case known && !extends(s[next:]):
		e.emoji(concept)
		return next
	case known || v == pictograph:
		return e.pictograph(s, i)
	}
	switch v {
	case mark, invisible, joiner:
	case space:
		e.ascii(' ')
	case flag:
		return e.flag(s, next, r)
	case keycap:
		e.keycap(s[:i])
	case modifier:
		if before, n := utf8.DecodeLastRune(s[:i]); n == 0 || stands(before) {
			e.name(emoji.Find(s[i:next]))
		}
	case voicing:
		e.voice(s[:i], r)
	case foreign:
		e.geta()
	case sign:
		e.sign(r)
	case unknown:
		e.substitute(r)
	default:
		return e.character(s, next, r, uint16(v))
	}
	return next
}

// stands says whether a skin tone after r stands alone, as a coloured field: after ordinary text it does. Everything
// else it modifies, or is lost with.
func stands(r rune) bool {
	v := classOf(r)
	_, ok := v.code()
	return ok && !isPictograph(r) || v == space || r < ' '
}

// markup writes an ASCII byte that is not plain: a control character, dropped, or one with a meaning in markup.
func (e *encoder) markup(b byte) {
	if e.o&EscapeHTML != 0 {
		e.toASCII()
		e.dst = append(e.dst, entities[b]...)
	}
}

// flag writes the flag of two regional indicators. Pairs count from the start of a run, so JP inside UJPX is not Japan.
// What is no flag is its letters.
func (e *encoder) flag(s []byte, next int, first rune) int {
	start := next - utf8.RuneLen(first)
	second, size := utf8.DecodeRune(s[next:])
	if classOf(second) != flag {
		e.letters(first)
		return next
	}
	next += size
	if concept, ok := sequences[[2]rune{first, second}]; ok {
		e.emoji(concept)
	} else if row := emoji.Find(s[start:next]); row != "" {
		e.row(row)
	} else {
		e.letters(first, second)
	}
	return next
}

// letters writes regional indicators that are no flag.
func (e *encoder) letters(indicators ...rune) {
	e.ascii('[')
	for _, r := range indicators {
		e.ascii(byte('A' + r - 0x1F1E6))
	}
	e.ascii(']')
}

// keycap replaces the digit just written by its keycap emoji. Without one the digit stays.
func (e *encoder) keycap(before []byte) {
	digit, n := previous(before)
	concept, ok := sequences[[2]rune{digit, 0x20E3}]
	if last := len(e.dst) - 1; !ok || n == 0 || last < 0 || e.double || e.dst[last] != byte(digit) {
		return
	}
	e.dst = e.dst[:len(e.dst)-1]
	e.emoji(concept)
}

// previous returns the character that ends s, not counting what modifies it, and its size. It looks back a few characters
// at most, so that a text of nothing but marks takes no time to speak of.
func previous(s []byte) (r rune, size int) {
	for range 30 {
		r, size = utf8.DecodeLastRune(s)
		switch classOf(r) {
		case mark, voicing, keycap, modifier:
		default:
			if r < 0xFE00 || r > 0xFE0F {
				return r, size
			}
		}
		s = s[:len(s)-size]
	}
	return utf8.RuneError, 0
}

// voice joins a combining sound mark to the kana just written.
func (e *encoder) voice(before []byte, sound rune) {
	kana, _ := utf8.DecodeLastRune(before)
	joined := charset.Voiced(kana, sound)
	if joined == 0 {
		return
	}
	n := e.width(kana)
	if len(e.dst) < n {
		return
	}
	e.dst = e.dst[:len(e.dst)-n]
	e.rune(joined)
}

// width returns the number of bytes that rune has just written for a kana.
func (e *encoder) width(kana rune) int {
	mark := len(e.dst)
	e.rune(kana)
	n := len(e.dst) - mark
	e.dst = e.dst[:mark]
	return n
}

// character writes a character that has a CP932 code, but not one that the fast loops may write.
func (e *encoder) character(s []byte, next int, r rune, code uint16) int {
	if code < 0x100 && e.c.charset == carriers.ISO2022JP { // which has no half-width kana
		mark, size := utf8.DecodeRune(s[next:])
		if w, n := charset.Wide(r, mark); n > 0 {
			e.rune(w)
			return next + size*(n-1)
		}
	}
	e.rune(r)
	return next
}

// substitute writes what stands for a character without a code, or 〓 when part of that has none either.
func (e *encoder) substitute(r rune) {
	if e.c.charset == carriers.Latin1 && latinLike[r] != "" {
		e.latinRune(r)
		return
	}
	text := charset.Substitute(r)
	if text == "" || !e.c.writable(text) {
		e.unwritable(r)
		return
	}
	for _, r := range text {
		if e.c.charset == carriers.Latin1 {
			e.rune(r)
		} else if _, ok := classOf(r).code(); ok {
			e.rune(fullWidth(r))
		}
	}
}

// unwritable writes a character that has neither code nor likeness.
func (e *encoder) unwritable(r rune) {
	if e.o&(References|EscapeHTML) != References|EscapeHTML || r == utf8.RuneError {
		e.geta()
		return
	}
	if e.c.charset == carriers.Latin1 {
		e.latinRune(r)
		return
	}
	e.toASCII()
	e.dst = append(e.dst, "&#"...)
	e.dst = strconv.AppendUint(e.dst, uint64(r), 10)
	e.dst = append(e.dst, ';')
}

// writable says whether each character of text has a code, or is a mark that may go. What the charset cannot have although
// it has a code must have a substitute.
func (c *Codec) writable(text string) bool {
	for _, r := range text {
		v := classOf(r)
		code, ok := v.code()
		if c.charset == carriers.Latin1 {
			if r >= utf8.RuneSelf && !inLatin(r) {
				return false
			}
			continue
		}
		if !ok && v != mark && v != voicing {
			return false
		}
		if ok && c.charset == carriers.ISO2022JP && code >= 0x100 && !c.mailable(code) {
			if instead := charset.Substitute(r); instead == "" || !c.writable(instead) {
				return false
			}
		}
	}
	return true
}

// sign writes a sign or a kanji that has a likeness. A phone whose pages are UTF-8 gets the likeness too: its fonts have the
// characters of code page 932.
func (e *encoder) sign(r rune) {
	if e.c.charset == carriers.UTF8 && !e.c.phone {
		e.dst = utf8.AppendRune(e.dst, r)
		return
	}
	e.substitute(r)
}

// fullWidth turns a character with a meaning in markup or in quoting into a full-width one that every charset has, so
// that no best fit makes markup (SEC-45).
func fullWidth(r rune) rune {
	switch r {
	case '<', '>', '&', '\\':
		return r + 0xFEE0
	case '"':
		return '”'
	case '\'':
		return '’'
	}
	return r
}
