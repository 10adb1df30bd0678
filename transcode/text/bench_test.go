package text_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"

	"musubi/carriers"
	"musubi/transcode/text"
)

// diaryPage is a page of 6 KB as a diary has it: Japanese with markup between, and 30 emoji.
var diaryPage = func() string {
	lines := []string{
		"<p>今日は友だちと江ノ島へ行ってきました。とてもいい天気で、海がきらきらしていて最高！",
		"</p>\n<p>お昼は「しらす丼」を食べて、<b>デザート</b>にソフトクリーム。カメラを忘れたので、",
		"ケータイで撮った写真をのせます。<a href=\"/diary/123/photo?id=1\">写真を見る</a><br>つぎは鎌倉の大仏に行きたいなあ",
	}
	emoji := []string{"☀", "🍦", "😃", "❤", "🎵", "⛵", "🍺", "📷", "✨", "🏠"}
	var b strings.Builder
	for n := range 30 {
		b.WriteString(lines[n%len(lines)])
		b.WriteString(strings.Repeat("とても楽しい一日でした。", 2))
		b.WriteString(emoji[n%len(emoji)])
	}
	return b.String()
}()

var benchCodecs = []struct {
	name string
	c    *text.Codec
	o    text.Option
}{
	{"docomo", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), 0},
	{"au", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), 0},
	{"softbank-utf8", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8), 0},
	{"softbank-webcode", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS), text.Webcode},
	{"docomo-escaped", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), text.EscapeHTML},
	{"docomo-halfkana", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), text.HalfKana},
}

func BenchmarkEncode(b *testing.B) {
	for _, bc := range benchCodecs {
		b.Run(bc.name, func(b *testing.B) {
			page := []byte(diaryPage)
			dst := make([]byte, 0, 4*len(page))
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = bc.c.Append(dst[:0], page, bc.o)
			}
		})
	}
}

// BenchmarkEncodeToday writes the same page with emoji that no carrier drew and signs without a code.
func BenchmarkEncodeToday(b *testing.B) {
	page := []byte(strings.NewReplacer("☀", "🥰", "🍦", "🧋", "😃", "👩🏽\u200d🚀", "❤", "❤\ufe0f\u200d🔥", "🎵", "🇧🇷", "⛵", "✓", "🍺", "🦊", "📷", "›", "✨", "≤", "🏠", "é").Replace(diaryPage))
	c := text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS)
	dst := make([]byte, 0, 4*len(page))
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		dst, _ = c.Append(dst[:0], page, 0)
	}
}

// BenchmarkDecode reports bytes of the UTF-8 that comes out, so that numbers compare with BenchmarkEncode.
func BenchmarkDecode(b *testing.B) {
	for _, bc := range benchCodecs[:4] {
		b.Run(bc.name, func(b *testing.B) {
			posted, _ := bc.c.AppendString(nil, diaryPage, bc.o)
			dst := make([]byte, 0, 4*len(diaryPage))
			b.SetBytes(int64(len(diaryPage)))
			b.ReportAllocs()
			for b.Loop() {
				dst = bc.c.AppendDecode(dst[:0], posted)
			}
		})
	}
}

// BenchmarkPeers is x/text over the same page without its emoji, which it cannot write, for docs/benchmarks.md.
func BenchmarkPeers(b *testing.B) {
	page := []byte(strings.NewReplacer("☀", "", "🍦", "", "😃", "", "❤", "", "🎵", "", "⛵", "", "🍺", "", "📷", "", "✨", "", "🏠", "").Replace(diaryPage))
	sjis, err := japanese.ShiftJIS.NewEncoder().Bytes(page)
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]byte, 4*len(page))
	for _, bc := range []struct {
		name string
		t    transform.Transformer
		in   []byte
	}{
		{"x-text-encode", japanese.ShiftJIS.NewEncoder(), page},
		{"x-text-decode", japanese.ShiftJIS.NewDecoder(), sjis},
	} {
		b.Run(bc.name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				bc.t.Reset()
				if _, _, err := bc.t.Transform(dst, bc.in, true); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
