package text

import (
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/emoji"
)

// A cluster is one emoji as it was typed: pictographs joined by U+200D, each with what only changes its look.
type cluster struct {
	key [40]byte // without variation selectors and skin tones; the longest of Unicode 17 has 28 bytes
	// ends has, for each pictograph, where it ends in key and in the text.
	ends [8]struct{ key, text int }
	n    int
}

// pictograph writes the emoji that begins at s[i] and returns where to go on. The longest beginning that Unicode knows is
// one emoji; what is joined to it without making one follows as an emoji of its own, as browsers show it.
func (e *encoder) pictograph(s []byte, i int) int {
	r, size := utf8.DecodeRune(s[i:])
	if !extends(s[i+size:]) {
		e.single(s[i:i+size], r)
		return i + size
	}
	var c cluster
	c.read(s[i:])
	for n := c.n - 1; n >= 0; n-- {
		end := c.ends[n]
		if end.key == size {
			break
		}
		if row := emoji.Find(c.key[:end.key]); row != "" {
			e.row(row)
			return i + end.text
		}
	}
	if e.single(s[i:i+size], r) {
		return i + c.ends[0].text
	}
	return i + c.ends[c.n-1].text
}

// single writes one pictograph alone and says whether it is known.
func (e *encoder) single(key []byte, r rune) bool {
	if concept, ok := classOf(r).emoji(); ok {
		e.emoji(concept)
		return true
	}
	row := emoji.Find(key)
	if row == "" {
		e.sign(r)
		return charset.Likeness(r)
	}
	e.row(row)
	return true
}

// extends says whether s may begin with something that belongs to the pictograph before: U+200D, a variation selector, a
// skin tone or a tag. It looks at the first bytes only.
func extends(s []byte) bool {
	if len(s) < 3 {
		return false
	}
	switch s[0] {
	case 0xE2:
		return s[1] == 0x80 && s[2] == 0x8D
	case 0xEF:
		return s[1] == 0xB8
	case 0xF0:
		return s[1] == 0x9F && s[2] == 0x8F
	case 0xF3:
		return s[1] == 0xA0
	}
	return false
}

// read takes the cluster at the beginning of s apart, as far as it has room.
func (c *cluster) read(s []byte) {
	key, at := 0, 0
	for {
		_, size := utf8.DecodeRune(s[at:])
		if key+size > len(c.key) {
			return
		}
		key += copy(c.key[key:], s[at:at+size])
		key, at = c.look(s, key, at+size)
		c.ends[c.n] = struct{ key, text int }{key, at}
		c.n++
		joint, size := utf8.DecodeRune(s[at:])
		after, _ := utf8.DecodeRune(s[at+size:])
		if joint != 0x200D || !isPictograph(after) || c.n == len(c.ends) || key+size > len(c.key) {
			return
		}
		key += copy(c.key[key:], s[at:at+size])
		at += size
	}
}

// look passes over what changes the look of a pictograph. Only tags are part of the key: they make it another flag.
func (c *cluster) look(s []byte, key, at int) (int, int) {
	for {
		r, size := utf8.DecodeRune(s[at:])
		switch {
		case r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF:
		case r >= 0xE0020 && r <= 0xE007F:
			if key+size <= len(c.key) {
				key += copy(c.key[key:], s[at:at+size])
			}
		default:
			return key, at
		}
		at += size
	}
}

// row writes an emoji of today: the nearest picture of the set, else its name. No row is 〓.
func (e *encoder) row(r emoji.Row) {
	if near := r.Near(e.shows()); near != "" {
		e.text(near)
		return
	}
	e.name(r)
}

// name writes the name of an emoji in brackets. No row is 〓.
func (e *encoder) name(r emoji.Row) {
	switch english := e.o&English != 0 || e.c.charset == carriers.Latin1; {
	case r == "":
		e.geta()
	case e.o&Short != 0:
		e.bracketed(r.Short(english))
	default:
		e.bracketed(r.Name(english))
	}
}

func (e *encoder) bracketed(name string) {
	e.ascii('[')
	e.text(name)
	e.ascii(']')
}
