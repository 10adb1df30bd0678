package text_test

import (
	"fmt"
	"testing"

	"golang.org/x/text/transform"

	"musubi/carriers"
	"musubi/transcode/internal/codectest"
	"musubi/transcode/text"
)

// sampleTexts are canonical texts with everything that a codec may stumble over.
var sampleTexts = []struct{ name, text string }{
	{"ASCII", "Hello, <b>&\"'\\~"},
	{"Japanese", "今日は晴れ。表示ソ連十予ー①㈱髙﨑"},
	{"half-width kana", "ﾊﾝｶｸｶﾅﾊﾟﾋﾞｰ"},
	{"combining marks", "か\u3099ハ\u309Ae\u0301"},
	{"emoji", "晴☀☀️☁🍺👍🏿👩🏽‍💻1️⃣1⃣#1 👪"},
	{"flags", "🇯🇵🇺🇸🇺🇯🇵🇽🇯"},
	{"private", "\U000FEE10\U000FEB4C\U000FE82D"},
	{"without code", "🥹🦊한글𠮷\ue63e"},
	{"spaces", "a\u00a0b\u2003c\u200bd\ufeff"},
	{"lines", "a\nb\tc\n"},
	{"one bank", "☀☁☔⛄⚡"},
}

// allCodecs calls f for every codec there is.
func allCodecs(f func(name string, c *text.Codec)) {
	for set := carriers.EmojiUnicode; set <= carriers.EmojiSoftBank; set++ {
		carrier := carriers.PC
		if set == carriers.EmojiSoftBank {
			carrier = carriers.SoftBank
		}
		for cs := carriers.UTF8; cs <= carriers.ISO2022JP; cs++ {
			f(fmt.Sprintf("%v %v", set, cs), text.For(carrier, set, cs))
			if set == carriers.EmojiAu && cs == carriers.ShiftJIS {
				f("au Shift_JIS mail", text.ForMail(carriers.Au, set, cs))
			}
		}
	}
}

func TestExam(t *testing.T) {
	allCodecs(func(name string, c *text.Codec) {
		var decode []codectest.Pair
		for _, o := range []text.Option{0, text.EscapeHTML | text.Webcode, text.HalfKana | text.LocalSrc} {
			var encode []codectest.Pair
			for _, s := range sampleTexts {
				out, _ := c.AppendString(nil, s.text, o)
				encode = append(encode, codectest.Pair{Name: s.name, In: s.text, Out: string(out)})
				back := c.AppendDecode(nil, out)
				decode = append(decode, codectest.Pair{Name: s.name, In: string(out), Out: string(back)})
			}
			t.Run(fmt.Sprintf("encode %s %b", name, o), func(t *testing.T) {
				codectest.Run(t, func() transform.Transformer { return c.NewEncoder(o) }, encode)
			})
		}
		for _, s := range []string{"\x81", "\x81\"x", "\xf9", "\x1b$Gj", "\x1b$Gji\x0f\x1b$B$\"\x1b(B", "\r\n\r", "\xe3\x81", "\x8f\xb0", "\x1b$(D0\"\x1b$(B$\"\x1b(B", "\x1b$(?!!\x1b$("} {
			decode = append(decode, codectest.Pair{Name: fmt.Sprintf("%q", s), In: s, Out: string(c.AppendDecode(nil, []byte(s)))})
		}
		t.Run("decode "+name, func(t *testing.T) {
			codectest.Run(t, c.NewDecoder, decode)
		})
	})
}

// TestGolden has bytes that no other test computes: the forms of one character where carriers and charsets differ.
func TestGolden(t *testing.T) {
	codec := func(carrier carriers.Carrier, set carriers.EmojiSet, cs carriers.Charset) *text.Codec {
		return text.For(carrier, set, cs)
	}
	docomo := codec(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS)
	sb := codec(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS)
	pcMail := text.ForMail(carriers.PC, carriers.EmojiNone, carriers.ISO2022JP)
	auMail := text.ForMail(carriers.Au, carriers.EmojiAu, carriers.ISO2022JP)
	docomoMail := text.ForMail(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ISO2022JP)
	euc := codec(carriers.PC, carriers.EmojiNone, carriers.EUCJP)
	for _, tt := range []struct {
		name string
		c    *text.Codec
		o    text.Option
		in   string
		want string
		lost int
	}{
		{"IBM extension", docomo, 0, "髙﨑ⅰ￤", "\xFB\xFC\xFA\xB1\xFA\x40\xFA\x55", 0},
		{"IBM extension beside SoftBank's emoji", sb, 0, "髙涬", "\xFB\xFC\xED\xE2", 0},
		{"row 13 to a phone", docomoMail, 0, "①", "\x1b$B-!\x1b(B", 0},
		{"row 13 to a PC", pcMail, 0, "①㈱Ⅲ", "1(\x1b$B3t\x1b(B)III", 0},
		{"extension kanji in au mail", auMail, 0, "﨑", "\x1b$B:j\x1b(B", 0},
		{"half-width kana in mail", pcMail, 0, "ｶﾞｱﾟ｡", "\x1b$B%,%\"!,!#\x1b(B", 0},
		{"half-width kana in mail, whatever is asked for", pcMail, text.HalfKana, "ガｶﾞ", "\x1b$B%,%,\x1b(B", 0},
		{"ASCII before each line end", pcMail, 0, "日\n本", "\x1b$BF|\x1b(B\n\x1b$BK\\\x1b(B", 0},
		{"EUC-JP", euc, 0, "日ｶ髙", "\xC6\xFC\x8E\xB6\xFC\xE2", 0},
		{"HalfKana", docomo, text.HalfKana, "ガイドヴァー・日本ひらがな。", "\xB6\xDE\xB2\xC4\xDE\xB3\xDE\xA7\xB0\xA5\x93\xFA\x96\x7B\x82\xD0\x82\xE7\x82\xAA\x82\xC8\x81\x42", 0},
		{"HalfKana with combining mark", docomo, text.HalfKana, "カ\u3099", "\xB6\xDE", 0},
		{"NBSP and typed blanks", docomo, 0, "\u00a0\u2002\u2003\u2005", "    ", 0},
		{"au's blanks on another carrier", docomo, 0, "a\U000FEB4C\U000FEB4D\U000FEB4Eb", "a\x81\x40b", 0},
		{"two emoji for one", docomo, 0, "⛅", "\xF8\x9F\xF8\xA0", 0},
		{"text with markup in it", docomo, text.EscapeHTML, "⏩", "[&gt;&gt;]", 0},
		{"webcodes of two banks", sb, text.Webcode, "☀☁📫한", "\x1b$Gji\x0f\x1b$E!\x0f\x81\xAC", 1},
		{"accents", docomo, 0, "café naïve ½ ﬁ", "cafe naive 1\x81\x5E2 fi", 0},
		{"best fit that would be markup", docomo, 0, "\u227a\ufe64", "\x81\x83\x81\x83", 0},
		{"invalid bytes", docomo, 0, "a\xffb", "a\x81\xACb", 1},
		{"escapes", docomo, text.EscapeHTML, "<&>\"'", "&lt;&amp;&gt;&quot;&#39;", 0},
	} {
		out, lost := tt.c.AppendString(nil, tt.in, tt.o)
		if string(out) != tt.want || lost != tt.lost {
			t.Errorf("%s: %q is written %q, lost %d, want %q, lost %d", tt.name, tt.in, out, lost, tt.want, tt.lost)
		}
	}
}
