package markup_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"musubi/transcode/markup"
)

// TestCanonicalFindsTheCharset follows the HTML standard's order: byte order mark, header, meta, the bytes.
func TestCanonicalFindsTheCharset(t *testing.T) {
	const text = "日本語の文章です。ソ能表"
	sjis, _ := japanese.ShiftJIS.NewEncoder().String(text)
	euc, _ := japanese.EUCJP.NewEncoder().String(text)
	jis, _ := japanese.ISO2022JP.NewEncoder().String(text)
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	latin, _ := charmap.Windows1252.NewEncoder().String("café")
	for _, row := range []struct{ name, src, contentType, want string }{
		{"UTF-8 by header", text, "text/html; charset=UTF-8", text},
		{"UTF-8 by byte order mark against the header", "\xEF\xBB\xBF" + text, "text/html; charset=Shift_JIS", text},
		{"UTF-8 by its bytes", text, "", text},
		{"UTF-8 with one bad byte", text + "\xE3" + text, "", text + "\xE3" + text},
		{"UTF-16 by byte order mark", utf16, "", text},
		{"Shift_JIS by header", sjis, "text/html; charset=Shift_JIS", text},
		{"Shift_JIS by meta", `<meta charset="shift_jis">` + sjis, "text/html", `<meta charset="shift_jis">` + text},
		{"Shift_JIS by http-equiv", `<META http-equiv=Content-Type content="text/html; charset=x-sjis">` + sjis, "", `<META http-equiv=Content-Type content="text/html; charset=x-sjis">` + text},
		{"Shift_JIS by its bytes", sjis, "text/html", text},
		{"EUC-JP by header", euc, "text/html; charset=euc-jp", text},
		{"EUC-JP by its bytes", euc, "", text},
		{"ISO-2022-JP by header", jis, "text/html; charset=iso-2022-jp", text},
		{"ISO-2022-JP by meta", `<meta charset="iso-2022-jp">` + jis, "", `<meta charset="iso-2022-jp">` + text},
		{"windows-1252 by header", latin, "text/html; charset=iso-8859-1", "café"},
	} {
		if got := string(markup.Canonical([]byte(row.src), row.contentType)); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

func TestRules(t *testing.T) {
	const file = `
# what the front page looks like on a handset
/news  remove  .advert, #side
/news  unwrap  div.layout
/news  title   h1
/top   keep    #main, .also`
	rules, err := markup.ParseRules(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	const src = `<title>旧</title><div class=layout><h1>見出し</h1><p class=advert>広告<b>太</b></p></div><div id=main>本文<p class=also>中</p></div><div id=side>横</div><p class=also>下`
	for _, row := range []struct{ url, want, not string }{
		{"http://x.example/news/1", "<title>見出し</title>", "広告"},
		{"http://x.example/news/1", "<h1>見出し</h1>", "layout"},
		{"http://x.example/top", `<body><div id="main">本文<p class="also">中</p></div><p class="also">下</p></body>`, "広告"},
		{"http://x.example/else", src, "</body>"},
	} {
		got := string(rules.Apply([]byte(src), row.url))
		if !strings.Contains(got, row.want) || strings.Contains(got, row.not) {
			t.Errorf("%s gives %s", row.url, got)
		}
	}
	deep := `<p class=advert>広告</p>` + strings.Repeat("<div>", 3000) + `底`
	if got := string(rules.Apply([]byte(deep), "http://x.example/news")); !strings.Contains(got, "底") || strings.Contains(got, "広告") {
		t.Error("a page nested too deep for the standard's parser keeps its adverts or loses its text")
	}
	for _, bad := range []string{"/x burn p", "x remove p", "/x remove p[", "/x remove"} {
		if _, err := markup.ParseRules(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("rule %q is accepted, or the error names no line: %v", bad, err)
		}
	}
}
