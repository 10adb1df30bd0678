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
		for _, s := range []string{"\x81", "\x81\"x", "\xf9", "\x1b$Gj", "\x1b$Gji\x0f\x1b$B$\"\x1b(B", "\r\n\r", "\xe3\x81", "\x8f\xb0"} {
			decode = append(decode, codectest.Pair{Name: fmt.Sprintf("%q", s), In: s, Out: string(c.AppendDecode(nil, []byte(s)))})
		}
		t.Run("decode "+name, func(t *testing.T) {
			codectest.Run(t, c.NewDecoder, decode)
		})
	})
}
