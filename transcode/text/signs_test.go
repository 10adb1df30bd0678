package text_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/text"
)

// blocks are those of which no character may be lost.
var blocks = []struct {
	name        string
	first, last rune
}{
	{"Latin-1, Latin Extended A and B, IPA, modifiers", 0x00A0, 0x02FF}, {"Greek", 0x0370, 0x03FF}, {"Cyrillic", 0x0400, 0x052F},
	{"Cyrillic Extended-C", 0x1C80, 0x1C8F}, {"Phonetic Extensions", 0x1D00, 0x1DBF}, {"Latin Extended Additional", 0x1E00, 0x1EFF},
	{"Greek Extended", 0x1F00, 0x1FFF}, {"General Punctuation", 0x2000, 0x206F}, {"Superscripts and Subscripts", 0x2070, 0x209F},
	{"Currency Symbols", 0x20A0, 0x20CF}, {"Letterlike Symbols, Number Forms", 0x2100, 0x218F}, {"Arrows", 0x2190, 0x21FF},
	{"Mathematical Operators", 0x2200, 0x22FF}, {"Miscellaneous Technical", 0x2300, 0x23FF}, {"Control Pictures, OCR", 0x2400, 0x245F},
	{"Enclosed Alphanumerics", 0x2460, 0x24FF}, {"Box Drawing, Block Elements", 0x2500, 0x259F}, {"Geometric Shapes", 0x25A0, 0x25FF},
	{"Miscellaneous Symbols", 0x2600, 0x26FF}, {"Dingbats", 0x2700, 0x27BF}, {"Mathematics and Arrows, A", 0x27C0, 0x27FF},
	{"Arrows B, Mathematics B, Operators, Symbols and Arrows", 0x2900, 0x2BFF}, {"Latin Extended-C", 0x2C60, 0x2C7F},
	{"Supplemental Punctuation", 0x2E00, 0x2E7F}, {"CJK Symbols and Punctuation", 0x3000, 0x303F}, {"Kana", 0x3040, 0x30FF},
	{"Katakana Phonetic Extensions", 0x31F0, 0x31FF}, {"Enclosed CJK, CJK Compatibility", 0x3200, 0x33FF},
	{"Cyrillic Extended-B", 0xA640, 0xA69F}, {"Latin Extended-D", 0xA700, 0xA7FF}, {"Latin Extended-E", 0xAB30, 0xAB6F},
	{"Latin ligatures", 0xFB00, 0xFB06}, {"CJK Compatibility Forms, Small Forms", 0xFE30, 0xFE6F}, {"Full-width Forms", 0xFF01, 0xFF9F},
	{"Full-width Signs", 0xFFE0, 0xFFEE}, {"Mathematical Alphanumerics", 0x1D400, 0x1D7FF}, {"Mahjong, Domino, Playing Cards", 0x1F000, 0x1F0FF},
	{"Enclosed Alphanumerics and Ideographs", 0x1F100, 0x1F2FF}, {"Miscellaneous Symbols and Pictographs to Transport", 0x1F300, 0x1F6FF},
	{"Geometric Shapes Extended, Arrows C", 0x1F780, 0x1F8FF}, {"Ideographic Description", 0x2FF0, 0x2FFF},
	{"Hentaigana, small kana", 0x1B000, 0x1B16F}, {"Miscellaneous Symbols Supplement", 0x1CEC0, 0x1CEFF},
	{"Supplemental Symbols and Pictographs", 0x1F900, 0x1F9FF}, {"Chess Symbols", 0x1FA00, 0x1FA6F},
}

// TestSigns: no character of these blocks is 〓 on any carrier, in pages or in mail, and what each becomes is in the
// conformance suite.
func TestSigns(t *testing.T) {
	var file bytes.Buffer
	file.WriteString("# What each character without a code becomes in Shift_JIS, as text; emoji are in emoji.tsv.\n" +
		"# README.md says how to run it. Written by: go test ./transcode/text -run TestSigns -update\ncode\tcharacter\ttext\n")
	docomo := text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS)
	n := 0
	for _, block := range blocks {
		for r := block.first; r <= block.last; r++ {
			if !unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
				continue
			}
			n++
			allCodecs(func(name string, c *text.Codec) {
				if out, lost := c.AppendString(nil, string(r), 0); lost != 0 && r != '〓' {
					t.Errorf("%s, %s: %U %c is lost as %q", block.name, name, r, r, out)
				}
			})
			out, _ := docomo.AppendString(nil, string(r), 0)
			if got := string(docomo.AppendDecode(nil, out)); got != string(r) && !emojiOnly(r) {
				fmt.Fprintf(&file, "%04X\t%c\t%s\n", r, r, got)
			}
		}
	}
	if n < 8600 {
		t.Errorf("%d characters, want more than 8600", n)
	}
	golden(t, "../../testdata/text/signs.tsv", file.Bytes())
}

// TestDecomposition: a word of kana in one character keeps its sound marks (㌀ is アパート, ㌷ no ヘソ), and a sign with a
// stroke through it never becomes the one without, which says the opposite (∉ is not ∈).
func TestDecomposition(t *testing.T) {
	docomo := text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS)
	shown := func(s string) string {
		out, _ := docomo.AppendString(nil, s, 0)
		return string(docomo.AppendDecode(nil, out))
	}
	kana, negated := 0, 0
	for r := rune(0xA0); r < 0x20000; r++ {
		if !unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
			continue
		}
		got := shown(string(r))
		if word := norm.NFKC.String(string(r)); word != string(r) && !emojiOnly(r) && charset.Encode(r) == 0 && unicode.Is(unicode.Katakana, []rune(word)[0]) {
			if kana++; got != word {
				t.Errorf("%U %c is %s, but what it is made of is %s", r, r, got, word)
			}
		}
		if base, ok := strings.CutSuffix(norm.NFD.String(string(r)), "\u0338"); ok {
			if negated++; got == shown(base) {
				t.Errorf("%U %c is %s, as is %s, which says the opposite", r, r, got, base)
			}
		}
	}
	if kana < 100 || negated < 40 {
		t.Errorf("%d characters of kana, %d with a stroke: too few", kana, negated)
	}
}

// emojiOnly says whether a character is one of testdata/text/emoji.tsv's business.
func emojiOnly(r rune) bool { return emojis[r] }

var emojis = func() map[rune]bool {
	m := map[rune]bool{}
	b, err := os.ReadFile("testdata/rgi.txt")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(b)) {
		m[[]rune(line)[0]] = line[0] != '#'
	}
	return m
}()

// TestKanji: simplified and old forms are the kanji of JIS; what has none is lost, and counted.
func TestKanji(t *testing.T) {
	c := text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS)
	for in, want := range map[string]string{
		"汉语简体国发书东车马门龙医药铁钱": "漢語簡体国発書東車馬門龍医薬鉄銭", "𠮷野家で𠮟る": "吉野家で叱る", "頰を塡めて吞む噓": "頬を填めて呑む嘘",
		"醬油と鷗": "醤油と鴎", "髙﨑": "髙﨑", "黃鷗": "黄鴎",
	} {
		out, lost := c.AppendString(nil, in, 0)
		if got := string(c.AppendDecode(nil, out)); got != want || lost != 0 {
			t.Errorf("%s is %s, lost %d, want %s", in, got, lost, want)
		}
	}
	softbank := text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8)
	if out, _ := softbank.AppendString(nil, "汉语と𠮷と髙とé✓", 0); string(out) != "漢語と吉と髙とéレ" {
		t.Errorf("SoftBank's UTF-8 has %s", out)
	}
	none := text.For(carriers.Emobile, carriers.EmojiNone, carriers.UTF8)
	if out, _ := none.AppendString(nil, "汉语と𠮷と髙とé✓", 0); string(out) != "汉语と𠮷と髙とé✓" {
		t.Errorf("a browser's UTF-8 has %s", out)
	}
	for _, in := range []string{"한국", "ไทย", "שלום", "العربية"} {
		out, lost := c.AppendString(nil, in, 0)
		if got := string(c.AppendDecode(nil, out)); lost == 0 || strings.Trim(got, "〓") != "" {
			t.Errorf("%s is %s, lost %d, want 〓 only", in, got, lost)
		}
	}
}

// TestReferences: a browser that is known to show references gets them for what has no likeness, in markup only.
func TestReferences(t *testing.T) {
	c := text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS)
	for _, tt := range []struct {
		o    text.Option
		want string
		lost int
	}{
		{text.References | text.EscapeHTML, "&#54620;&#3652; &amp;#1;e", 0},
		{text.References, "〓〓 &#1;e", 2},
		{text.EscapeHTML, "〓〓 &amp;#1;e", 2},
	} {
		out, lost := c.AppendString(nil, "한ไ &#1;é", tt.o)
		if got := string(c.AppendDecode(nil, out)); got != tt.want || lost != tt.lost {
			t.Errorf("options %b: %q, lost %d, want %q, lost %d", tt.o, got, lost, tt.want, tt.lost)
		}
	}
}
