package text_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/text/transform"

	"musubi/carriers"
	"musubi/transcode/text"
)

// One text, as each carrier's page has it.
func ExampleCodec_Append() {
	page := []byte("晴れ☀ & 🍺")
	for _, c := range []struct {
		name  string
		codec *text.Codec
		o     text.Option
	}{
		{"docomo  ", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), 0},
		{"au      ", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), 0},
		{"3GC     ", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8), 0},
		{"J-PHONE ", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS), text.Webcode},
		{"retro PC", text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS), 0},
	} {
		out, lost := c.codec.Append(nil, page, c.o|text.EscapeHTML)
		fmt.Printf("%s %q lost %d\n", c.name, out, lost)
	}
	// Output:
	// docomo   "\x90\xb0\x82\xea\xf8\x9f &amp; \xf8\xd3" lost 0
	// au       "\x90\xb0\x82\xea\xf6` &amp; \xf6\x9c" lost 0
	// 3GC      "晴れ\ue04a &amp; \ue047" lost 0
	// J-PHONE  "\x90\xb0\x82\xea\x1b$Gj\x0f &amp; \x1b$Gg\x0f" lost 0
	// retro PC "\x90\xb0\x82\xea[\x90\xb0\x82\xea] &amp; [\x83r\x81[\x83\x8b]" lost 0
}

// What was typed on one carrier, shown on another: a code, the nearest emoji, a word.
func ExampleCodec_AppendDecode() {
	au := text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS)
	docomo := text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS)
	plain := text.For(carriers.PC, carriers.EmojiNone, carriers.UTF8)
	for _, posted := range []string{"\xF6\x60", "\xF6\xD4", "\xF7\x98"} { // sun, smile, hourglass
		canonical := au.AppendDecode(nil, []byte(posted))
		out, _ := docomo.Append(nil, canonical, 0)
		words, _ := plain.Append(nil, canonical, 0)
		fmt.Printf("%s docomo %q, in words %s\n", canonical, out, words)
	}
	// Output:
	// ☀ docomo "\xf8\x9f", in words [晴れ]
	// ☺ docomo "\xf9\x95", in words [スマイルフェイス]
	// ⌛ docomo "\xf9\xc1", in words [砂時計]
}

// Emoji of today lose their selectors and skin tones; what the carrier has no picture for is named.
func ExampleCodec_AppendString() {
	c := text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8)
	for _, s := range []string{"☀\ufe0f", "👍🏿", "👩🏽‍💻", "1\ufe0f\u20e3", "🇯🇵", "🦊"} {
		out, lost := c.AppendString(nil, s, 0)
		fmt.Printf("%+q lost %d\n", string(out), lost)
	}
	out, _ := c.AppendString(nil, "🦊🇧🇷", text.English|text.Short)
	fmt.Println(string(out))
	// Output:
	// "\ue04a" lost 0
	// "\ue00e" lost 0
	// "[\u5973\u6027\u6280\u8853\u8005]" lost 0
	// "\ue21c" lost 0
	// "\ue50b" lost 0
	// "[\u30ad\u30c4\u30cd]" lost 0
	// [fox][BR]
}

// Any Go program can read a carrier's mail or log through a Transformer.
func ExampleCodec_NewDecoder() {
	mail := strings.NewReader("\x1b$BuA@2$l\x1b(B\r\n")
	au := text.ForMail(carriers.Au, carriers.EmojiAu, carriers.ISO2022JP)
	io.Copy(os.Stdout, transform.NewReader(mail, au.NewDecoder()))
	// Output: ☀晴れ
}
