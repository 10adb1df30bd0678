package markup_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
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

// TestCanonicalOfTheWorld: pages of other languages, declared in the field, in the page or nowhere; wrong declarations.
func TestCanonicalOfTheWorld(t *testing.T) {
	pages := []struct {
		charset string
		enc     encoding.Encoding
		text    string
	}{
		{"windows-1250", charmap.Windows1250, "Příliš žluťoučký kůň úpěl ďábelské ódy."},
		{"windows-1251", charmap.Windows1251, "Привет, это страница о старых телефонах и компьютерах."},
		{"windows-1252", charmap.Windows1252, "Le café est fermé jusqu’à demain – à bientôt."},
		{"iso-8859-1", charmap.Windows1252, "Größe, Übergröße, naïve Façade"},
		{"windows-1253", charmap.Windows1253, "Καλώς ήρθατε στη σελίδα για παλιά τηλέφωνα."},
		{"windows-1254", charmap.Windows1254, "Eski telefonlar ve bilgisayarlar hakkında bir sayfa, hoş geldiniz."},
		{"windows-1255", charmap.Windows1255, "שלום עולם"},
		{"windows-1256", charmap.Windows1256, "مرحبا بالعالم"},
		{"windows-1257", charmap.Windows1257, "Ąžuolų šaknys gilios"},
		{"koi8-r", charmap.KOI8R, "Привет, это страница о старых телефонах и компьютерах."},
		{"koi8-u", charmap.KOI8U, "Привіт, це сторінка про старі телефони"},
		{"gb2312", simplifiedchinese.GBK, "这是一个关于旧手机和计算机的网页。欢迎光临"},
		{"gb18030", simplifiedchinese.GB18030, "这是一个关于旧手机和计算机的网页。欢迎光临"},
		{"big5", traditionalchinese.Big5, "這是一個關於舊手機和電腦的網頁。歡迎光臨"},
		{"euc-kr", korean.EUCKR, "이것은 오래된 휴대 전화와 컴퓨터에 관한 페이지입니다."},
		{"shift_jis", japanese.ShiftJIS, "ﾎｰﾑﾍﾟｰｼﾞﾍﾖｳｺｿ ｶﾀｶﾅﾀﾞｹﾉﾍﾟｰｼﾞﾃﾞｽ"},
		{"Windows-31J", japanese.ShiftJIS, "ﾍﾟｰｼﾞ"},
		{"x-euc-jp", japanese.EUCJP, "亜細亜大陸東西南北"},
	}
	undeclared := []string{"windows-1251", "windows-1253", "windows-1254", "iso-8859-1", "koi8-r", "gb2312", "gb18030", "big5", "euc-kr", "shift_jis"}
	for _, p := range pages {
		body, err := p.enc.NewEncoder().String(p.text)
		if err != nil {
			t.Fatal(err)
		}
		forms := map[string][2]string{
			"field":      {"%s", "text/html; charset=" + p.charset},
			"meta":       {`<html><head><title>a</title><meta charset="` + p.charset + `"></head>%s`, "text/html"},
			"http-equiv": {`<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=` + p.charset + `">%s`, ""},
			"xml":        {`<?xml version="1.0" encoding="` + p.charset + `"?><html>%s`, "application/xhtml+xml"},
			"far meta":   {strings.Repeat(" ", 900) + `<meta charset=` + p.charset + `>` + "%s", ""},
		}
		if slices.Contains(undeclared, p.charset) {
			forms["bytes"] = [2]string{"<html><title>a</title><body><p>%s", ""}
			if p.charset != "iso-8859-1" && !strings.HasPrefix(p.charset, "windows") && p.charset != "koi8-r" {
				forms["wrong field"] = [2]string{"<p>%s", "text/html; charset=utf-8"}
				forms["wrong meta"] = [2]string{`<meta charset="utf-8"><p>%s`, ""}
			}
		}
		for name, form := range forms {
			got := string(markup.Canonical([]byte(fmt.Sprintf(form[0], body)), form[1]))
			if want := fmt.Sprintf(form[0], p.text); got != want {
				t.Errorf("%s by %s: %.200q, want %.200q", p.charset, name, strings.TrimSpace(got), strings.TrimSpace(want))
			}
		}
	}
	const text = "日本語の文章です。ソ能表"
	sjis, _ := japanese.ShiftJIS.NewEncoder().String(text)
	for _, row := range []struct{ name, src, contentType, want string }{
		{"the field before the page", `<meta charset="utf-8">` + sjis, "text/html; charset=Shift_JIS", `<meta charset="utf-8">` + text},
		{"a field that cannot be, then the page", `<meta charset="shift_jis">` + sjis, "text/html; charset=UTF-8", `<meta charset="shift_jis">` + text},
		{"UTF-8 called Shift_JIS", `<meta charset="shift_jis">` + text, "", `<meta charset="shift_jis">` + text},
		{"UTF-8 called EUC-JP in the field", text, "text/html; charset=euc-jp", text},
		{"a label that nobody knows", text, "text/html; charset=x-acme", text},
		{"UTF-16 by a declaration that can be read", `<?xml version="1.0" encoding="UTF-16"?>` + text, "", `<?xml version="1.0" encoding="UTF-16"?>` + text},
		{"a declaration in a comment", `<!-- <meta charset="koi8-r"> -->` + sjis, "", `<!-- <meta charset="koi8-r"> -->` + text},
		{"a declaration too far", strings.Repeat(" ", 1100) + `<meta charset="koi8-r">` + sjis, "", strings.Repeat(" ", 1100) + `<meta charset="koi8-r">` + text},
	} {
		if got := string(markup.Canonical([]byte(row.src), row.contentType)); got != row.want {
			t.Errorf("%s: %.100q, want %.100q", row.name, strings.TrimSpace(got), strings.TrimSpace(row.want))
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

func TestRulesOfWholeAnswers(t *testing.T) {
	rules, err := markup.ParseRules(strings.NewReader("\ufeff" + `
/                    no-transform overrule
wiki.example/        quality 55
wiki.example/raw/    pass-through
*.old.example/forum  never-cut
/                    in-order
/search              in-order off
/search              no-transform obey`))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		host, path string
		want       markup.Site
	}{
		{"x.example", "/", markup.Site{Overrule: true, InOrder: true}},
		{"Wiki.Example", "/raw/1", markup.Site{Overrule: true, InOrder: true, Quality: 55, PassThrough: true}},
		{"a.old.example", "/forum/1", markup.Site{Overrule: true, InOrder: true, NeverCut: true}},
		{"old.example", "/forum/1", markup.Site{Overrule: true, InOrder: true}},
		{"x.example", "/search/1", markup.Site{}},
	} {
		if got := rules.For(row.host, row.path); got != row.want {
			t.Errorf("%s%s: %+v, want %+v", row.host, row.path, got, row.want)
		}
	}
	if (*markup.Rules)(nil).For("x.example", "/") != (markup.Site{}) {
		t.Error("no rules say something")
	}
}

func TestRulesGiveWordsAndTheMainContent(t *testing.T) {
	rules, err := markup.ParseRules(strings.NewReader("/ words a.edit[title = x] = 編集\n/ main .text\n/ drop .advert"))
	if err != nil {
		t.Fatal(err)
	}
	got := string(rules.Apply([]byte(`<body><a class=edit title=x href=/e><i></i></a><div role=main>列</div><p class=text>文</p><p class=advert>広告</p>`), "http://x.example/"))
	for _, want := range []string{`title="x">編集<i>`, `<div>列`, `<p class="text" role="main">文`} {
		if !strings.Contains(got, want) || strings.Contains(got, "広告") {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
}

// TestBadRulesAreRefused: with the number of the line and what would be right; a file without end is not read to its end.
func TestBadRulesAreRefused(t *testing.T) {
	for bad, cure := range map[string]string{
		"/x burn p": "pass-through", "x drop p": "begins with /", "/x drop p[": "CSS selector", "/x drop": "CSS selector",
		"/ no-transform maybe": "obey or overrule", "/ quality 0": "1 to 100", "/ quality best": "1 to 100", "/ never-cut p": "off",
		"http://x/ drop p": "without scheme", "/ words a.edit": " = ", "/ words a = " + strings.Repeat("字", 99): "200 bytes",
		"/ drop ." + strings.Repeat("x", 3000): "divide it",
	} {
		if _, err := markup.ParseRules(strings.NewReader("# one\n\n" + bad)); err == nil || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), cure) {
			t.Errorf("rule %.60q: %v; the line and %q are expected", bad, err, cure)
		}
	}
	if _, err := markup.ParseRules(strings.NewReader(strings.Repeat("/ drop p\n", 1001))); err == nil || !strings.Contains(err.Error(), "line 1001") {
		t.Errorf("too many rules: %v", err)
	}
	if r, err := markup.ParseRules(strings.NewReader("/ main #text # what the page is about\n/ quality 40 # small\n")); err != nil || r.For("x", "/").Quality != 40 {
		t.Errorf("a comment behind a rule: %v", err)
	}
	if _, err := markup.ParseRules(strings.NewReader(strings.Repeat("# comment\n", 1<<20))); err == nil || !strings.Contains(err.Error(), "KB") {
		t.Errorf("a file without end: %v", err)
	}
}

// TestRulesInTheDocumentation: every example can be read.
func TestRulesInTheDocumentation(t *testing.T) {
	doc, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(doc), "```rules\n")[1:]
	for _, e := range examples {
		e, _, _ = strings.Cut(e, "```")
		if _, err := markup.ParseRules(strings.NewReader(e)); err != nil {
			t.Errorf("%v\n%s", err, e)
		}
	}
	if len(examples) < 5 {
		t.Errorf("%d examples", len(examples))
	}
}
