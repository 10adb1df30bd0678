package core

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How much of a text an excerpt shows, in characters: the long one, and the short one in the middle of it.
const (
	excerptLength = 90
	excerptBefore = 20 // of them before the word
	shortLength   = 36
	shortBefore   = 6
)

// A Part says which of the two excerpts a piece belongs to.
type Part uint8

// Parts.
const (
	InBoth Part = iota
	InLong
	InShort
)

// A Piece of an excerpt is text that is one of the words looked for, or between them.
type Piece struct {
	Text string
	Hit  bool
	Part Part
}

// An Excerpt is a piece of a text around what was looked for, on one line. It is two in one: a short one, and a long one
// that has more before and after.
type Excerpt []Piece

// ExcerptOf cuts a piece out of a text around the first of the folded words that the text has, and marks all of them; hit is
// false when it has none: then it is the beginning of the text.
func ExcerptOf(text string, words []string) (e Excerpt, hit bool) {
	at, end, hit := firstHit(text, words)
	long := window{from: back(text, at, excerptBefore)}
	long.to = max(end, forth(text, long.from, excerptLength))
	short := window{from: back(text, at, shortBefore)}
	short.to = min(long.to, forth(text, short.from, shortLength))
	if forth(text, 0, shortLength) == len(text) {
		short = window{0, len(text)}
	}
	return cutOut(text, words, long, short), hit
}

// Marked is a whole line of text with the words marked.
func Marked(text string, words []string) Excerpt {
	all := window{0, len(text)}
	return cutOut(text, words, all, all)
}

// cutOut makes the pieces of an excerpt; short lies inside long.
func cutOut(text string, words []string, long, short window) (e Excerpt) {
	e.dots(long.from > 0, short.from > 0)
	hits := marks(text[long.from:long.to], words)
	for i := long.from; i < long.to; {
		j, marked := long.to, false
		for _, h := range hits {
			from, to := h.from+long.from, h.to+long.from
			switch {
			case i >= from && i < to:
				j, marked = min(j, to), true
			case i < from:
				j = min(j, from)
			}
		}
		part := InLong
		switch {
		case i < short.from:
			j = min(j, short.from)
		case i < short.to:
			j, part = min(j, short.to), InBoth
		}
		e = append(e, Piece{strings.ReplaceAll(text[i:j], "\n", " "), marked, part})
		i = j
	}
	e.dots(long.to < len(text), short.to < len(text))
	return e
}

// dots stand for what is left out.
func (e *Excerpt) dots(long, short bool) {
	switch {
	case long && short:
		*e = append(*e, Piece{Text: "…"})
	case short:
		*e = append(*e, Piece{Text: "…", Part: InShort})
	}
}

// A window is a range of bytes of a text.
type window struct{ from, to int }

// firstHit finds the first of the words in the text.
func firstHit(text string, words []string) (from, to int, ok bool) {
	for start := 0; start < len(text); {
		line := text[start:]
		if n := strings.IndexByte(line, '\n'); n >= 0 {
			line = line[:n+1]
		}
		best := window{-1, 0}
		for _, w := range marks(line, words) {
			if best.from < 0 || w.from < best.from {
				best = w
			}
		}
		if best.from >= 0 {
			return start + best.from, start + best.to, true
		}
		start += len(line)
	}
	return 0, 0, false
}

// marks finds the words in a text.
func marks(text string, words []string) (list []window) {
	folded, origin := foldTraced(text)
	for _, w := range words {
		for i := 0; ; {
			n := strings.Index(folded[i:], w)
			if n < 0 {
				break
			}
			i += n
			from := int(origin[i])
			i += len(w)
			end := i
			for end < len(folded) && origin[end] == origin[i-1] { // the rest of a character that folds into several (㍿)
				end++
			}
			list = append(list, window{from, int(origin[end])})
		}
	}
	return list
}

// foldTraced is Fold that also tells, for each byte of its result and for its end, where in the text it came from.
func foldTraced(text string) (folded string, origin []int32) {
	b := make([]byte, 0, len(text))
	origin = make([]int32, 0, len(text)+1)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		to, plain := foldPlain(r)
		if plain && i+size < len(text) {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			_, plain = foldPlain(next)
		}
		if plain {
			b = utf8.AppendRune(b, to)
		} else {
			if size = norm.NFKC.NextBoundaryInString(text[i:], true); size <= 0 {
				size = len(text) - i
			}
			b = append(b, Fold(text[i:i+size])...)
		}
		for len(origin) < len(b) {
			origin = append(origin, int32(i))
		}
		i += size
	}
	return string(b), append(origin, int32(len(text)))
}

// back goes up to n characters back from a place in the text, forth so many on. Neither stops inside what a reader sees as one.
func back(text string, at, n int) int {
	for ; at > 0 && (n > 0 || joined(text, at)); n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

func forth(text string, at, n int) int {
	for ; at < len(text) && (n > 0 || joined(text, at)); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// joined says whether the characters before and after a place in the text belong together: a letter and its marks, half-width
// kana and its sound mark, an emoji with its joiners, skin tones and tags, the two letters of a flag.
func joined(text string, at int) bool {
	const joiner = '\u200D'
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	switch {
	case before == joiner, after == joiner, after >= 0x1F3FB && after <= 0x1F3FF, after >= 0xE0020 && after <= 0xE007F, after == 'ﾞ', after == 'ﾟ':
		return true
	case indicator(before) && indicator(after):
		return indicators(text[:at])%2 == 1
	}
	return unicode.In(after, unicode.M, unicode.Variation_Selector)
}

func indicator(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// indicators counts the regional indicators at the end of a text: they make flags two by two from the first.
func indicators(text string) (n int) {
	for {
		r, size := utf8.DecodeLastRuneInString(text)
		if !indicator(r) {
			return n
		}
		text = text[:len(text)-size]
		n++
	}
}
