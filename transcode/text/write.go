package text

import (
	"strconv"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/emoji"
)

// ascii writes one ASCII byte.
func (e *encoder) ascii(b byte) {
	e.toASCII()
	e.dst = append(e.dst, b)
}

// geta writes 〓 and counts it.
func (e *encoder) geta() {
	if e.c.charset == carriers.Latin1 {
		e.latinRune(utf8.RuneError)
		return
	}
	e.lost++
	e.rune('〓')
}

// rune writes a character that has a CP932 code.
func (e *encoder) rune(r rune) {
	if e.c.charset == carriers.Latin1 {
		e.latinRune(r)
		return
	}
	if e.o&HalfKana != 0 && e.c.charset != carriers.ISO2022JP {
		if h := charset.Half(r); h != 0 {
			e.halfKana(h)
			return
		}
	}
	if e.c.charset == carriers.UTF8 {
		e.dst = utf8.AppendRune(e.dst, r)
		return
	}
	code := charset.Encode(r)
	switch {
	case code < 0x80:
		e.ascii(byte(code))
	case e.c.charset == carriers.ISO2022JP && !e.c.mailable(code):
		e.substitute(r)
	default:
		e.code(code)
	}
}

// mailable says whether a code may stand in ISO-2022-JP: only phones know NEC row 13 and the IBM extensions (rows
// 89–92), and au has emoji in rows 89–91.
func (c *Codec) mailable(code uint16) bool {
	switch row := charset.JIS(charset.NECSelected(code))>>8 - 0x20; {
	case row == 13:
		return c.phone
	case row >= 89:
		return c.phone && !(c.set == carriers.EmojiAu && row <= 91)
	}
	return true
}

// halfKana writes one or two half-width kana, see charset.Half.
func (e *encoder) halfKana(h uint16) {
	if base := h >> 8; base != 0 {
		e.halfKana(base)
	}
	if e.c.charset == carriers.UTF8 {
		e.dst = utf8.AppendRune(e.dst, charset.Decode(h&0xFF))
		return
	}
	e.code(h & 0xFF)
}

// code writes a CP932 code of the upper half in the charset's own form.
func (e *encoder) code(code uint16) {
	switch e.c.charset {
	case carriers.ShiftJIS:
		if code >= 0xFB41 && code <= 0xFBDE && e.c.avoidFB {
			code = charset.NECSelected(code)
		}
		if code < 0x100 {
			e.dst = append(e.dst, byte(code))
			return
		}
		e.dst = append(e.dst, byte(code>>8), byte(code))
	case carriers.EUCJP:
		if code < 0x100 {
			e.dst = append(e.dst, 0x8E, byte(code))
			return
		}
		jis := charset.JIS(charset.NECSelected(code)) | 0x8080
		e.dst = append(e.dst, byte(jis>>8), byte(jis))
	case carriers.ISO2022JP:
		e.toJIS()
		jis := charset.JIS(charset.NECSelected(code))
		e.dst = append(e.dst, byte(jis>>8), byte(jis))
	}
}

// toJIS and toASCII switch ISO-2022-JP; elsewhere they do nothing.
func (e *encoder) toJIS() {
	if !e.double {
		e.double = true
		e.dst = append(e.dst, "\x1b$B"...)
	}
}

func (e *encoder) toASCII() {
	if e.double {
		e.double = false
		e.dst = append(e.dst, "\x1b(B"...)
	}
}

// emoji writes a concept: the carrier's own code, else its fallback, which is canonical text of the carrier's own emoji
// and ordinary characters.
func (e *encoder) emoji(i emoji.Index) {
	c := emoji.At(i)
	switch own := e.c.codes[i]; {
	case e.c.set == carriers.EmojiUnicode && e.c.charset == carriers.UTF8:
		e.dst = append(e.dst, canonical[i]...)
	case e.o&Webcode != 0 && e.c.set == carriers.EmojiSoftBank && c.SoftBank.PUA != 0:
		e.webcode(c.SoftBank.PUA)
	case own == 0:
		e.fallback(c)
	case e.o&LocalSrc != 0 && e.c.set == carriers.EmojiAu && c.AuNumber != 0:
		e.localSrc(c.AuNumber)
	case e.c.charset == carriers.UTF8:
		e.dst = utf8.AppendRune(e.dst, rune(own))
	case e.c.charset == carriers.ISO2022JP && e.c.set == carriers.EmojiAu:
		e.code(own)
	case e.c.charset == carriers.ISO2022JP:
		e.toJIS() // DoCoMo's Shift_JIS bytes between the escapes, as its mail gateway takes them
		fallthrough
	default:
		e.dst = append(e.dst, byte(own>>8), byte(own))
	}
}

// fallback writes what stands for a concept that the carrier has no code for.
func (e *encoder) fallback(c *emoji.Concept) {
	if e.c.charset == carriers.UTF8 && emoji.Typed(c.Unicode) {
		e.dst = append(e.dst, c.Unicode...)
	} else if s := c.Fallback(e.shows()); e.legible(s) {
		e.text(s)
	} else if row := emoji.Find(c.Unicode); row != "" {
		e.name(row)
	} else {
		e.bracketed(c.NameEN)
	}
}

// legible says whether the reader can read a fallback: not Japanese in English, nor what ISO-8859-1 has not.
func (e *encoder) legible(s string) bool {
	if e.c.charset == carriers.Latin1 {
		return e.c.writable(s)
	}
	return e.o&English == 0 || !inJapanese(s)
}

// shows returns the set whose codes may be written: none where the charset has no codes.
func (e *encoder) shows() carriers.EmojiSet {
	if e.c.noCodes && e.o&Webcode == 0 {
		return carriers.EmojiNone
	}
	return e.c.set
}

// inJapanese says whether a text can only be read by who reads Japanese.
func inJapanese(s string) bool {
	for _, r := range s {
		if r >= 0x3041 && r <= 0x30FF || r >= 0x4E00 && r <= 0x9FFF {
			return true
		}
	}
	return false
}

// text writes canonical text in which each character is an emoji of the set or has a code.
func (e *encoder) text(s string) {
	for _, r := range s {
		if e.o&English != 0 {
			r = halfWidth(r)
		}
		switch concept, ok := classOf(r).emoji(); {
		case ok:
			e.emoji(concept)
		case r == '〓':
			e.geta()
		case r >= utf8.RuneSelf:
			e.rune(r)
		case plainASCII[e.o&EscapeHTML][r]:
			e.ascii(byte(r))
		default:
			e.markup(byte(r))
		}
	}
}

// halfWidth turns full-width letters, digits and marks into those of English.
func halfWidth(r rune) rune {
	if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' || r == '！' || r == '？' || r == '＋' {
		return r - 0xFEE0
	}
	return r
}

// localSrc writes au's image form of an emoji.
func (e *encoder) localSrc(n uint16) {
	e.toASCII()
	e.dst = append(e.dst, `<img localsrc="`...)
	e.dst = strconv.AppendUint(e.dst, uint64(n), 10)
	e.dst = append(e.dst, `">`...)
}
