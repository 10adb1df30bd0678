package core

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form under which texts find each other in a search: width (ｶﾞ and ガ, Ａ and A), case, the kind of kana
// (ガ and が), the kind of space and the variation selectors of emoji make no difference.
func Fold(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		to, ok := foldPlain(r)
		if !ok {
			return strings.Map(foldRune, strings.ToLower(norm.NFKC.String(s)))
		}
		b = utf8.AppendRune(b, to)
		i += size
	}
	return string(b)
}

// foldPlain folds the characters that most texts are made of, which no other character changes; ok is false for the rest.
// A search folds every text it looks at, and this is ten times as fast as the general way.
func foldPlain(r rune) (to rune, ok bool) {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		} else if r <= ' ' {
			return ' ', r == ' ' || r == '\n'
		}
		return r, true
	case r >= 'ぁ' && r <= 'ゖ', r >= 0x4E00 && r <= 0x9FA5, r >= '、' && r <= '】', r == 'ー', r >= 0x1F300 && r <= 0x1F6FF:
		return r, true
	case r >= 'ァ' && r <= 'ヶ':
		return r - kana, true
	}
	return r, false
}

// kana is how far a katakana is from its hiragana.
const kana = 'ァ' - 'ぁ'

func foldRune(r rune) rune {
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

// SearchWords takes apart what somebody looks for: folded words, all of which a text must have. What is beyond the bounds
// is left out.
func SearchWords(query string) []string {
	r := []rune(Fold(Clean(query, OneLine)))
	words := strings.Fields(string(r[:min(len(r), maxSearchRunes)]))
	return words[:min(len(words), maxSearchWords)]
}

// HasWords says whether a folded text has all the words.
func HasWords(folded string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(folded, w) {
			return false
		}
	}
	return true
}

// Starts are where a search may begin in a name: each word, and each character of scripts that part no words. A part is long
// enough to tell most names apart.
func Starts(name string) (parts []string) {
	const long, most = 16, 60
	r := []rune(Fold(name))
	for i := range r {
		if len(parts) == most {
			break
		}
		if r[i] == ' ' || i > 0 && r[i-1] != ' ' && r[i] < 0x2E80 && r[i-1] < 0x2E80 {
			continue
		}
		parts = append(parts, string(r[i:min(i+long, len(r))]))
	}
	return parts
}
