package core

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// TestExcerptCutsNoCharacter: wherever an excerpt begins or ends, it is between what a reader sees as characters, so that a
// handset, which may show a word in brackets for one of them, never has half of it.
func TestExcerptCutsNoCharacter(t *testing.T) {
	clusters := []string{"あ", "👩🏽\u200d🚀", "🇧🇷", "🇯🇵", "1\ufe0f\u20e3", "❤\ufe0f\u200d🔥", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "é", "e\u0301", "ｶﾞ", "か\u3099", "x"}
	text := strings.Repeat(strings.Join(clusters, ""), 20)
	var ends []int
	for rest, state := text, -1; rest != ""; {
		_, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		ends = append(ends, len(text)-len(rest))
	}
	for at := range ends {
		for n := range 12 {
			if to := forth(text, ends[at], n); to < len(text) && !slices.Contains(ends, to) {
				t.Fatalf("%d on from %d is inside a character: %+q", n, ends[at], text[:to][max(0, to-20):])
			}
			if from := back(text, ends[at], n); from > 0 && !slices.Contains(ends, from) {
				t.Fatalf("%d back from %d is inside a character: %+q", n, ends[at], text[from:][:20])
			}
		}
	}
}
