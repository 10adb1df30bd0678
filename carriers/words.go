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
		if !wordIndex.pairs[pairOf(ua[i], ua[i+1])] {
			continue
		}
		for _, w := range wordIndex.byLetter[lower(ua[i])] {
			if !standsAt(w, ua, i) {
				continue
			}
			if w.Kind != "smartphone" {
				return w, smartphone
			}
			if smartphone == nil {
				smartphone = w
			}
		}
	}
	return nil, smartphone
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
