package page_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
)

func handset(name string) carriers.Handset {
	for _, n := range pagetest.Handsets {
		if n.Name == name {
			return n.Handset()
		}
	}
	panic("no handset " + name)
}

func canonical(tb testing.TB, name string) []byte {
	src, err := os.ReadFile("../../testdata/canonical/" + name + ".html")
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

// BenchmarkRender is the full path of a 6 KB diary page: parse, dialect, charset, emoji, links and session.
func BenchmarkRender(b *testing.B) {
	src := canonical(b, "diary")
	for _, name := range []string{"docomo-SH505i", "docomo-P901i", "au-CA39", "softbank-910T", "au-TST4"} {
		b.Run(name, func(b *testing.B) {
			h := handset(name)
			o := goldenOptions("diary")
			var dst []byte
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				dst, _, _ = page.Render(dst[:0], &h, src, o)
			}
		})
	}
}

// BenchmarkParts is a page that has to be cut: 30 KB on a handset of 5 KB.
func BenchmarkParts(b *testing.B) {
	src := canonical(b, "long-diary")
	h := handset("docomo-D501i")
	o := goldenOptions("long-diary")
	o.Part = 2
	var dst []byte
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		dst, _, _ = page.Render(dst[:0], &h, src, o)
	}
}

// BenchmarkGarbage is 60 KB of nested garbage.
func BenchmarkGarbage(b *testing.B) {
	kinds := map[string]string{
		"div": "<div>", "mixed": "<div><b><ul><li><blockquote><i>x", "tables": "<table><tr><td>x", "ends": "<b><p></b></div></p></td>",
		"forms": "<form><select><option>x<input name=a>", "quotes": `<a href="`, "entities": "&amp&lt;&notit;&#", "styles": `<p style="color:red;">x<span style="color:#123">`,
	}
	for name, piece := range kinds {
		b.Run(name, func(b *testing.B) {
			src := []byte(strings.Repeat(piece, 60000/len(piece)))
			h := handset("docomo-D501i")
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				page.Render(nil, &h, src, all)
			}
		})
	}
}

// BenchmarkGoquery is the same diary page by the usual means: goquery for links and session, its renderer, x/text.
func BenchmarkGoquery(b *testing.B) {
	src := canonical(b, "diary")
	emoji := strings.NewReplacer("☀", "(晴)", "☎", "(電話)", "♨", "(温泉)")
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(src))
		if err != nil {
			b.Fatal(err)
		}
		doc.Find("script, style, [data-pc]").Remove()
		doc.Find("a").Each(func(_ int, s *goquery.Selection) {
			href := s.AttrOr("href", "")
			s.SetAttr("href", href+"?_s=S3ss10n")
		})
		html, err := doc.Html()
		if err != nil {
			b.Fatal(err)
		}
		enc := transform.Chain(japanese.ShiftJIS.NewEncoder())
		if _, _, err := transform.String(enc, strings.ToValidUTF8(emoji.Replace(onlyShiftJIS(html)), "")); err != nil {
			b.Fatal(err)
		}
	}
}

// onlyShiftJIS leaves out what x/text's encoder refuses.
func onlyShiftJIS(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF || r >= 0x2600 && r < 0x2800 || r == 0xFE0F || r == 0x20E3 || r == 0x2014 {
			return -1
		}
		return r
	}, s)
}
