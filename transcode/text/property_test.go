package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/emoji"
	"musubi/transcode/text"
)

// A unit is a piece of canonical text and what it is after a way out and back: fold.
type unit struct{ text, folded string }

// foldable draws pieces of text that the set can carry: characters of CP932, its own emoji, and everything that folds.
func foldable(set carriers.EmojiSet) *rapid.Generator[unit] {
	var own []unit
	for i := range emoji.Index(emoji.Count) {
		if c := emoji.At(i); c.Code(set).SJIS != 0 {
			s := c.Canonical()
			own = append(own, unit{s, s}, unit{string(c.Private), s}, unit{s + "\ufe0f", s})
			if c.Standard() != "" {
				own = append(own, unit{c.Qualified, s})
			}
		}
	}
	var characters []unit
	for r := rune(0x20); r <= 0xFFFF; r++ {
		if code := charset.Encode(r); code != 0 && r != 0x7F {
			characters = append(characters, unit{string(r), string(charset.Decode(code))})
		}
	}
	folds := []unit{
		{"\u200b", ""}, {"\ufe0f", ""}, {"\u202e", ""}, {"\x1b", ""}, {"\x00", ""}, {"\u00ad", ""}, {"\u0085", ""}, {"\U000E0100", ""},
		{"\u00a0", " "}, {"\u2003", " "}, {"\n", "\n"}, {"\t", "\t"},
		{"か\u3099", "が"}, {"ハ\u309A", "パ"}, {"\U00020BB7", "吉"}, {"›✓≤€", "〉レ≦EUR"}, {"汉", "漢"}, {"ท", "〓"}, {"🦊", "[キツネ]"}, {"👩\u200d🚀", "[女性宇宙飛行士]"}, {"🇧🇷", "[ブラジル]"}, {"\ue63e", "〓"}, {"한", "〓"},
	}
	return rapid.OneOf(rapid.SampledFrom(characters), rapid.SampledFrom(own), rapid.SampledFrom(folds))
}

// TestFold: decode(encode(x)) = fold(x), and what has been folded is stable.
func TestFold(t *testing.T) {
	for _, side := range sides {
		t.Run(side.name, func(t *testing.T) {
			c := text.For(side.carrier, side.set, carriers.ShiftJIS)
			units := rapid.SliceOfN(foldable(side.set), 0, 40)
			rapid.Check(t, func(t *rapid.T) {
				var in, want strings.Builder
				for _, u := range units.Draw(t, "text") {
					in.WriteString(u.text)
					want.WriteString(u.folded)
				}
				out, _ := c.AppendString(nil, in.String(), 0)
				if got := string(c.AppendDecode(nil, out)); got != want.String() {
					t.Fatalf("%q went out as %X and came back as %q, want %q", in.String(), out, got, want.String())
				}
				again, lost := c.AppendString(nil, want.String(), 0)
				if string(again) != string(out) || lost != 0 {
					t.Fatalf("folded text went out as %X, lost %d, want %X", again, lost, out)
				}
			})
		})
	}
}

// anyText draws text of every kind, modern emoji sequences and invalid bytes among it.
var anyText = rapid.Map(rapid.SliceOfN(rapid.OneOf(
	rapid.StringOf(rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.S, unicode.P, unicode.M, unicode.Co)),
	rapid.SampledFrom([]string{"👍", "🏽", "\u200d", "💻", "\ufe0f", "1", "\u20e3", "🇯", "🇵", "🇺", "か", "\u3099", "ｶ", "ﾞ", "☀", "🦊", "\xff", "\xe3\x81", "\x1b$Gj\x0f", "\ue001", "é", "e\u0301", "<", "&", "\U000FE000", "①", "\r"}),
), 0, 12), func(s []string) string { return strings.Join(s, "") })

// TestAnyText: for every codec and any input, reading back gives clean text, a second way out and back changes nothing
// more, at most one 〓 stands for a user-perceived character, and escaped text has no markup.
func TestAnyText(t *testing.T) {
	allCodecs(func(name string, c *text.Codec) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := anyText.Draw(t, "text")
				out, lost := c.AppendString(nil, s, text.EscapeHTML)
				if strings.ContainsAny(strings.ReplaceAll(string(c.AppendDecode(nil, out)), "&#39;", ""), "<>\"'") {
					t.Fatalf("%q written %q has markup", s, out)
				}
				if n := characters(s); lost > n {
					t.Fatalf("%q has %d characters, %d lost", s, n, lost)
				}
				out, _ = c.AppendString(nil, s, 0)
				once := string(c.AppendDecode(nil, out))
				if !clean(once) {
					t.Fatalf("%q came back as %q", s, once)
				}
				out, _ = c.AppendString(nil, once, 0)
				if twice := string(c.AppendDecode(nil, out)); twice != once && !strings.Contains(once, "\ufffd") {
					t.Fatalf("%q came back as %q, the second time as %q", s, once, twice)
				}
			})
		})
	})
}

// characters counts the user-perceived characters of s as an independent implementation sees them. Half-width sound
// marks count for themselves: handsets draw them so.
func characters(s string) int {
	return uniseg.GraphemeClusterCount(strings.NewReplacer("ﾞ", "x", "ﾟ", "x").Replace(s))
}

// clean says whether text is what AppendDecode promises.
func clean(s string) bool {
	for _, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' || r >= 0x7F && r < 0xA0 || charset.Noncharacter(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}
