package markup

import (
	"unicode"
	"unicode/utf8"
)

// noteOpen notes the element whose start tag stands from at to the end of Body.
func (w *Writer) noteOpen(tag Tag, at int32) {
	outer := &w.Opens[w.in]
	n := int32(len(w.Body)) - at
	w.Opens = append(w.Opens, Open{Parent: w.in, Start: at, Len: n, Tag: tag, Form: outer.Form,
		OpenLen: outer.OpenLen + n, CloseLen: outer.CloseLen + int32(len(w.endName(tag))) + 3})
	w.in = int32(len(w.Opens) - 1)
}

// noteCut notes that the stream may be cut here. Content must follow. A link that has just begun goes on with its words: the part before
// would end with a link that nobody sees.
func (w *Writer) noteCut(q Quality) {
	at, in := int32(len(w.Body)), w.in
	if o := &w.Opens[in]; o.Tag == TagA && o.Start+o.Len == at {
		at, in = o.Start, o.Parent
	}
	if n := len(w.Cuts); n > 0 && w.Cuts[n-1].At >= at {
		return
	}
	if at > 0 && w.card.kind != cardChoice {
		w.Cuts = append(w.Cuts, Cut{At: at, Open: in, Control: int32(len(w.Controls)), Quality: q})
	}
}

// pieceLen is how many bytes of text are written between two cuts inside a sentence.
const pieceLen = 48

// emitPieces writes text with cuts behind sentences and, in long ones, between characters.
func (w *Writer) emitPieces(s []byte) {
	if n := len(w.Cuts); len(w.Body) > 2*pieceLen && (n == 0 || len(w.Body)-int(w.Cuts[n-1].At) > 2*pieceLen) && cuttable(nil, firstRune(s)) {
		w.noteCut(CutCharacter)
	}
	from, kind := 0, CutCharacter
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(s[i:])
		}
		if i-from >= pieceLen && cuttable(s[from:i], r) || i > from && kind == CutSentence && cuttable(s[from:i], r) || i-from >= 8*pieceLen {
			w.prose(s[from:i])
			w.noteCut(kind)
			from, kind = i, CutCharacter
		}
		switch r {
		case '。', '！', '？', '!', '?', '．':
			kind = CutSentence
		case '」', '）', '』':
		default:
			if r != ' ' {
				kind = CutCharacter
			}
		}
		i += size
	}
	w.prose(s[from:])
}

// cuttable says whether a cut may stand between the text before and the character r: not inside a grapheme cluster.
func cuttable(before []byte, r rune) bool {
	if r < 0x300 && r > ' ' {
		p, _ := utf8.DecodeLastRune(before)
		return p != 0x200D && !isASCIIWord(p, r)
	}
	switch {
	case r <= ' ', r == 0x200D, r == 0x20E3, 0xFE00 <= r && r <= 0xFE0F, 0x1F3FB <= r && r <= 0x1F3FF, 0xE0000 <= r && r <= 0xE0FFF,
		r == 'ﾞ', r == 'ﾟ', 0x1160 <= r && r <= 0x11FF:
		return false
	case r < 0x2E80 && unicode.Is(unicode.M, r), 0x3099 <= r && r <= 0x309A, 0xA800 <= r && r <= 0xABFF, r >= 0x10A00 && unicode.Is(unicode.M, r):
		return false
	}
	p, _ := utf8.DecodeLastRune(before)
	if p == 0x200D {
		return false
	}
	if isRegional(r) && isRegional(p) {
		n := 0
		for len(before) > 0 {
			p, size := utf8.DecodeLastRune(before)
			if !isRegional(p) {
				break
			}
			n, before = n+1, before[:len(before)-size]
		}
		return n%2 == 0
	}
	return true
}

func isRegional(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

// isASCIIWord says whether both are letters or digits of one word, which is better left whole.
func isASCIIWord(p, r rune) bool {
	return p < 0x80 && r < 0x80 && isAlnum(byte(p)) && isAlnum(byte(r))
}
