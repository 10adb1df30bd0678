package carriers

import "musubi/carriers/internal/rows"

// wordIndex finds the words of data/words.tsv in one walk over a text: by first letter, behind a filter of the first two.
var wordIndex = func() (index struct {
	byLetter [256][]*rows.Word
	pairs    [1024]bool
}) {
	for i := range wordRows {
		w := &wordRows[i]
		index.byLetter[w.Word[0]] = append(index.byLetter[w.Word[0]], w)
		index.pairs[pairOf(w.Word[0], w.Word[1])] = true
	}
	return index
}()

// pairOf folds two bytes into ten bits; letters of either case fold alike.
func pairOf(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// words returns the first word that gives a robot, a gateway or an emulator away, and the first of a smartphone's system;
// nil where there is none. The time is linear in the text.
func words(ua string) (robot, smartphone *rows.Word) {
	for i := 0; i+1 < len(ua); i++ {
		switch w := wordAt(ua, i); {
		case w == nil:
		case w.Kind == "innocent":
			i += len(w.Word) - 1
		case w.Kind != "smartphone":
			return w, smartphone
		case smartphone == nil:
			smartphone = w
		}
	}
	return nil, smartphone
}

// wordAt returns the first word of the table that stands at i, or nil.
func wordAt(ua string, i int) *rows.Word {
	if !wordIndex.pairs[pairOf(ua[i], ua[i+1])] {
		return nil
	}
	for _, w := range wordIndex.byLetter[lower(ua[i])] {
		if standsAt(w, ua, i) {
			return w
		}
	}
	return nil
}

// standsAt says whether the word, whose first letter fits, stands at i.
func standsAt(w *rows.Word, ua string, i int) bool {
	word, rest := w.Word, ua[i:]
	if len(rest) < len(word) {
		return false
	}
	for j := 1; j < len(word); j++ {
		if lower(rest[j]) != word[j] {
			return false
		}
	}
	return !w.Edge || len(rest) == len(word) || !letterOrDigit(rest[len(word)])
}
