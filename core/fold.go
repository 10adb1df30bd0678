package core

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form under which texts find each other in a search: width (ｶﾞ and ガ, Ａ and A), case, the kind of kana
// (ガ and が), the kind of space and the variation selectors of emoji make no difference.
func Fold(s string) string {
	return strings.Map(foldRune, strings.ToLower(norm.NFKC.String(s)))
}

func foldRune(r rune) rune {
	const kana = 'ァ' - 'ぁ'
	switch {
	case r >= 'ァ' && r <= 'ヶ', r == 'ヽ', r == 'ヾ':
		return r - kana
	case unicode.Is(unicode.Variation_Selector, r):
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// Bounds of what somebody looks for.
const (
	maxSearchWords = 5
	maxSearchRunes = 100
)

// searchWords takes apart what somebody looks for: folded words, all of which a text must have. What is beyond the bounds
// is left out.
func searchWords(query string) []string {
	r := []rune(Fold(Clean(query, OneLine)))
	words := strings.Fields(string(r[:min(len(r), maxSearchRunes)]))
	return words[:min(len(words), maxSearchWords)]
}
