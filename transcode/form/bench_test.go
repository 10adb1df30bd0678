package form_test

import (
	"net/url"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/text"
)

// diary is a diary entry of 6 KB with 30 emoji, as a member writes it.
var diary = strings.Repeat("今日は友だちと江ノ島へ行ってきました。とてもいい天気で、海がきらきらしていて気持ちよかった☀", 45)

func BenchmarkParse(b *testing.B) {
	for _, h := range []*carriers.Handset{foma, ezweb, threeGC} {
		raw, _ := text.For(h.Carrier, h.Emoji, h.FormIn).AppendString(nil, diary, 0)
		body := []byte("subject=x&body=" + url.QueryEscape(string(raw)))
		b.Run(string(h.Carrier), func(b *testing.B) {
			b.SetBytes(int64(len(diary)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := form.Parse(h, "", body, form.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
