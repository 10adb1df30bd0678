package text_test

import (
	"testing"

	"musubi/carriers"
	"musubi/transcode/text"
)

// codecFound keeps the compiler from leaving the call out.
var codecFound *text.Codec

// TestNoAllocations: with room in dst nothing is allocated, whatever the text.
func TestNoAllocations(t *testing.T) {
	page := []byte(diaryPage)
	for _, s := range sampleTexts {
		page = append(page, s.text...)
	}
	page = append(page, "🥰🧋👩🏽\u200d🚀❤\ufe0f\u200d🔥🇧🇷🇯✓›≤é한汉𠮷♔⛖🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F🏽"...)
	dst := make([]byte, 0, 8*len(page))
	allCodecs(func(name string, c *text.Codec) {
		for _, o := range []text.Option{0, text.EscapeHTML | text.Webcode, text.HalfKana | text.LocalSrc, text.English | text.Short | text.References | text.EscapeHTML} {
			if n := testing.AllocsPerRun(10, func() { dst, _ = c.Append(dst[:0], page, o) }); n != 0 {
				t.Errorf("%s, options %b: writing allocates %v times", name, o, n)
			}
		}
		posted, _ := c.Append(nil, page, 0)
		if n := testing.AllocsPerRun(10, func() { dst = c.AppendDecode(dst[:0], posted) }); n != 0 {
			t.Errorf("%s: reading allocates %v times", name, n)
		}
	})
	if n := testing.AllocsPerRun(10, func() { codecFound = text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS) }); n != 0 {
		t.Errorf("For allocates %v times", n)
	}
}
