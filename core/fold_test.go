package core

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Each row's texts find each other; the rows do not.
func TestFold(t *testing.T) {
	rows := [][]string{
		{"がっこう", "ガッコウ", "ｶﾞｯｺｳ", "か\u3099っこう"},
		{"ＭｉＸｉ", "mixi", "MIXI"},
		{"１２３", "123", "１2３"},
		{"☀", "☀\uFE0F"},
		{"あ い", "あ　い", "ア\u00A0イ"},
		{"ヴ", "ｳﾞ", "ゔ"},
		{"ー"}, {"🍙"}, {"漢字"}, {""},
	}
	seen := map[string]int{}
	for i, row := range rows {
		for _, s := range row {
			got := Fold(s)
			if got != Fold(row[0]) || Fold(got) != got {
				t.Errorf("Fold(%q) = %q, of %q it is %q, again %q", s, got, row[0], Fold(row[0]), Fold(got))
			}
			if at, ok := seen[got]; ok && at != i {
				t.Errorf("%q of row %d and row %d are the same", s, i, at)
			}
			seen[got] = i
		}
	}
}

// Every character is folded alike by the quick and the general way, alone and beside one that joins it.
func TestFoldPlain(t *testing.T) {
	for r := rune(1); r < 0x20000; r++ { // all that the quick way knows
		for _, s := range []string{string(r), "か" + string(r), string(r) + "\u3099", string(r) + "\uFE0F"} {
			if slow := strings.Map(foldRune, strings.ToLower(norm.NFKC.String(s))); Fold(s) != slow {
				t.Fatalf("Fold(%q) = %q, the general way gives %q", s, Fold(s), slow)
			}
		}
	}
}

func BenchmarkFold(b *testing.B) {
	text := strings.Repeat("今日はトモダチと一緒にカレーを食べました。🍛 Tシャツ", 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Fold(text)
	}
}

func TestSearchWords(t *testing.T) {
	for query, want := range map[string][]string{
		"": nil, " 　\n": nil, "ｶﾞｯｺｳ　祭り": {"がっこう", "祭り"}, "a b c d e f": {"a", "b", "c", "d", "e"},
		strings.Repeat("長", 300): {strings.Repeat("長", maxSearchRunes)},
	} {
		if got := SearchWords(query); !slices.Equal(got, want) {
			t.Errorf("searchWords(%q) = %q, want %q", query, got, want)
		}
	}
}

// FuzzFold: no text breaks it or grows without bound.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"ガ", "ｶﾞ", "☀\uFE0F", "か\u3099", "ﾞ", "\xff", "İ", "ǅ", "ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if slow := strings.Map(foldRune, strings.ToLower(norm.NFKC.String(s))); Fold(s) != slow {
			t.Errorf("Fold(%q) = %q, the general way gives %q", s, Fold(s), slow)
		}
		if once := Fold(Clean(s, OneLine)); len(once) > 64*len(s)+64 {
			t.Errorf("%q grows to %d bytes", s, len(once))
		}
	})
}

func TestStarts(t *testing.T) {
	if got := strings.Join(Starts("Bump of 天体観測"), "|"); got != "bump of 天体観測|of 天体観測|天体観測|体観測|観測|測" {
		t.Errorf("a search begins at %s", got)
	}
}
