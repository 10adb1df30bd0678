package keep

import (
	"bytes"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/text"
)

// A Screen is how one handset shows text and gives it back. It is not safe for concurrent use.
type Screen struct {
	codec *text.Codec
	plain *text.Codec // the same emoji in Shift_JIS: what the handset surely has
	west  bool        // only what the codec says counts: no handset of Japan
	buf   [2][]byte
}

// Of returns the screen of a handset.
func Of(h *carriers.Handset) (s Screen) {
	s.Reset(h)
	return s
}

// Reset makes s the screen of a handset.
func (s *Screen) Reset(h *carriers.Handset) {
	s.codec, s.plain = text.ForHandset(h), text.For(h.Carrier, h.Emoji, carriers.ShiftJIS)
	if s.west = h.Charset == carriers.Latin1; s.west {
		s.plain = s.codec
	}
}

// Faithful says whether text comes back from the handset code point for code point. A handset with pages in UTF-8 is trusted
// with no more than the characters of code page 932 and its own emoji: what it does with others is not known, and some
// post "?". Tabs and spaces at the end of a line are not trusted to anybody.
func (s *Screen) Faithful(t []byte) bool {
	if !s.west && ordinary(t) {
		return true
	}
	if bytes.IndexByte(t, '\t') >= 0 || spaceAtLineEnd(t) {
		return false
	}
	return s.same(s.plain, t) && (s.codec == s.plain || s.same(s.codec, t))
}

// ordinary says whether t is of printable ASCII, line ends, none of them behind a space, kana and kanji of code page 932: most
// values are, and need not be tried out.
func ordinary(t []byte) bool {
	before := rune('\n')
	for i := 0; i < len(t); {
		r, size := rune(t[i]), 1
		switch {
		case r >= utf8.RuneSelf:
			if r, size = utf8.DecodeRune(t[i:]); !plainJapanese(r) {
				return false
			}
		case r < ' ' && r != '\n' || r > '~' || r == '\n' && before == ' ':
			return false
		}
		before = r
		i += size
	}
	return before != ' '
}

// plainJapanese says whether r is a kana, or a kanji with one code in code page 932.
func plainJapanese(r rune) bool {
	return r >= 'ぁ' && r <= 'ん' || r >= 'ァ' && r <= 'ヶ' || r == 'ー' || r >= 0x4E00 && r <= 0x9FFF && charset.Encode(r) != 0
}

func spaceAtLineEnd(t []byte) bool {
	return bytes.HasSuffix(t, []byte(" ")) || bytes.Contains(t, []byte(" \n"))
}

func (s *Screen) same(c *text.Codec, t []byte) bool {
	var lost int
	if s.buf[0], lost = c.Append(s.buf[0][:0], t, 0); lost > 0 {
		return false
	}
	s.buf[1] = c.AppendDecode(s.buf[1][:0], s.buf[0])
	return bytes.Equal(s.buf[1], t)
}

// FaithfulValue is Faithful for what nobody sees or edits: line ends are not trusted there either.
func (s *Screen) FaithfulValue(t []byte) bool { return bytes.IndexByte(t, '\n') < 0 && s.Faithful(t) }

// Show returns what the handset sends back of text that nobody touches.
func (s *Screen) Show(t string) string {
	s.buf[0], _ = s.codec.AppendString(s.buf[0][:0], t, 0)
	s.buf[1] = s.codec.AppendDecode(s.buf[1][:0], s.buf[0])
	return string(s.buf[1])
}
