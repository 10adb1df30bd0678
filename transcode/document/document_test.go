package document_test

import (
	"html"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"musubi/transcode/document"
)

func body(t *testing.T, src, kind, contentType string) (title, body string) {
	t.Helper()
	got := string(document.Page([]byte(src), kind, contentType, "名前"))
	_, rest, ok1 := strings.Cut(got, "<title>")
	title, rest, ok2 := strings.Cut(rest, "</title></head><body>")
	body, ok3 := strings.CutSuffix(rest, "</body></html>")
	if !ok1 || !ok2 || !ok3 {
		t.Fatalf("%s: no page: %s", kind, got)
	}
	return title, body
}

func TestPage(t *testing.T) {
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("名,値\n雨,ｱﾒ\n")
	koi8, _ := charmap.KOI8R.NewEncoder().String("Привет")
	const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>便り &amp; 話</title><link>http://x.example/</link><item><title>一</title><link>http://x.example/1?a=1&amp;b=2</link><pubDate>Mon, 01 Jan 2007</pubDate><description>&lt;p&gt;本文&lt;/p&gt;の&amp;lt;はじめ</description></item><item><link>/2</link></item></channel></rss>`
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>記録</title><entry><title type="html">二</title><link rel="self" href="/s"/><link href="/2"/><updated>2007-01-01</updated><summary>要約</summary></entry></feed>`
	for _, tt := range []struct{ name, src, kind, contentType, title, body string }{
		{"text", "一行<b>\n二行\n\n\n次の段\r\n三", "text/plain", "", "名前", "<p>一行&lt;b&gt;<br>二行</p><p>次の段<br>三</p>"},
		{"text laid out with spaces", "a  b\n c  d", "text/plain", "", "名前", "<pre>a  b\n c  d</pre>"},
		{"text in KOI8", koi8, "text/plain", "text/plain; charset=koi8-r", "名前", "<p>Привет</p>"},
		{"empty", "", "text/plain", "", "名前", ""},
		{"CSV in Shift_JIS", sjis, "text/csv", "text/csv; charset=Shift_JIS", "名前", "<table><tr><th>名</th><th>値</th></tr><tr><td>雨</td><td>ｱﾒ</td></tr></table>"},
		{"TSV", "a\t<b>\n", "text/tab-separated-values", "", "名前", "<table><tr><th>a</th><th>&lt;b&gt;</th></tr></table>"},
		{"Markdown", "# 題\n\n[先](http://x.example/) <script>x</script>\n", "text/markdown", "", "名前", "<h1>題</h1>\n<p><a href=\"http://x.example/\">先</a> <!-- raw HTML omitted -->x<!-- raw HTML omitted --></p>\n"},
		{"JSON", `{"a":[1,"<b>"]}`, "application/json", "", "名前", "<pre>{\n &#34;a&#34;: [\n  1,\n  &#34;&lt;b&gt;&#34;\n ]\n}</pre>"},
		{"JSON that is none", `{"a":`, "application/json", "", "名前", "<p>{&#34;a&#34;:</p>"},
		{"RSS", rss, "application/rss+xml", "", "便り &amp; 話", `<h2><a href="http://x.example/1?a=1&amp;b=2">一</a></h2><p><small>Mon, 01 Jan 2007</small></p><p>本文</p><p>の&lt;はじめ</p><h2><a href="/2">/2</a></h2>`},
		{"Atom", atom, "text/xml", "", "記録", `<h2><a href="/2">二</a></h2><p><small>2007-01-01</small></p><p>要約</p>`},
		{"Atom with XHTML", `<feed xmlns="http://www.w3.org/2005/Atom"><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">記<b>録</b></div></title><subtitle>副題</subtitle>` +
			`<entry><title type="html">二&lt;i&gt;番&lt;/i&gt;</title><link href="/2"/><link rel="enclosure" href="/s/a.mp3"/><summary>要約</summary><content type="xhtml"><div><p>本<b>文</b>一</p><p>二 &amp;</p></div></content></entry></feed>`,
			"application/atom+xml", "", "記録", `<p>副題</p><h2><a href="/2">二番</a></h2><p>要約</p><p>本文一</p><p>二 &amp;</p><p><a href="/s/a.mp3">a.mp3</a></p>`},
		{"RSS with contents", `<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>便り</title><description>の説明</description>` +
			`<item><title>一</title><guid>http://x.example/g</guid><media:content url="/m"/><description>はじめ…</description><content:encoded><![CDATA[<p>はじめから</p><script>x<p></script>おわりまで]]></content:encoded><enclosure url="http://x.example/s.mp3" type="audio/mpeg"/></item>` +
			`<item><title>二</title><guid isPermaLink="false">http://no</guid></item></channel></rss>`, "application/rss+xml", "", "便り",
			`<p>の説明</p><h2><a href="http://x.example/g">一</a></h2><p>はじめから</p><p>おわりまで</p><p><a href="http://x.example/s.mp3">s.mp3</a></p><h2>二</h2>`},
		{"JSON of a kind", `[1]`, "application/problem+json", "", "名前", "<p>[<br> 1<br>]</p>"},
		{"XML that is no feed", `<a>b</a>`, "application/xml", "", "名前", "<p>&lt;a&gt;b&lt;/a&gt;</p>"},
		{"RSS that breaks off", rss[:200], "application/rss+xml", "", "名前", "<p>"},
	} {
		title, got := body(t, tt.src, tt.kind, tt.contentType)
		if title != tt.title || got != tt.body && !(strings.HasSuffix(tt.name, "breaks off") && strings.HasPrefix(got, tt.body)) {
			t.Errorf("%s: title %q, body %q\nwant title %q, body %q", tt.name, title, got, tt.title, tt.body)
		}
		if !document.Readable(tt.kind) {
			t.Errorf("%s is not readable", tt.kind)
		}
	}
	for _, kind := range []string{"text/html", "text/css", "image/png", "application/octet-stream", ""} {
		if document.Readable(kind) {
			t.Errorf("%q is readable", kind)
		}
	}
}

// FuzzPage: whatever the bytes, the page is a page, and nothing of the source is markup of its own.
func FuzzPage(f *testing.F) {
	for _, s := range []string{"a,b", "<rss><item><title>x</title></item></rss>", `{"a":1}`, "\xff<script>", "# a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, kind := range []string{"text/plain", "text/csv", "text/markdown", "application/json", "text/xml"} {
			got := string(document.Page(src, kind, "", "x"))
			if !strings.HasPrefix(got, "<!DOCTYPE html>") || !strings.HasSuffix(got, "</body></html>") || strings.Contains(strings.ToLower(got), "<script") {
				t.Errorf("%s: %q", kind, got)
			}
		}
	})
}

// Letters that JSON spells as numbers are read as letters; what would end a string, or is no letter, stays as it is.
func TestJSONIsReadable(t *testing.T) {
	for src, want := range map[string]string{
		`{"\u984c":"\ud83d\ude80\u00e9"}`: `"題": "🚀é"`, `["\\u984c"]`: `\u984c`, `["\u0022\u005c\u0000\ud83d\n"]`: `\u0022\u005c\u0000\ud83d\n`,
	} {
		got := html.UnescapeString(string(document.Page([]byte(src), "application/json", "application/json", "j")))
		if !strings.Contains(got, want) {
			t.Errorf("%s became %s", src, got)
		}
	}
}
