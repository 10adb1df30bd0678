package page_test

import (
	"strings"
	"testing"

	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestWhatOnlyTodaysBrowsersDrawIsReadable: what a browser shows of pages within pages, slots, formulas and CDATA, and nothing that it does not.
func TestWhatOnlyTodaysBrowsersDrawIsReadable(t *testing.T) {
	for _, row := range []struct{ name, kind, src, want, gone string }{
		{"srcdoc", "text/html", `<p>前</p><iframe srcdoc="<h1>中の題</h1><p>A &amp;amp; B<script>x()</script><style>p{}</style></div>"></iframe><p>後`, "前 中の題 A & B 後", "x() p{}"},
		{"srcdoc in srcdoc", "text/html", `<iframe srcdoc="<p>外</p><iframe srcdoc='&lt;p&gt;内'></iframe>"></iframe>`, "外 内", ""},
		{"a frame of nothing", "text/html", `<p>前</p><iframe src="about:blank" title="枠"></iframe><IFRAME SRC="javascript:false"></IFRAME><p>後`, "前 後", "枠 フレーム about"},
		{"a frame that a script loads", "text/html", `<iframe src="about:blank" data-src="/w" title="枠"></iframe>`, "枠", ""},
		{"formulas", "text/html", `<p>x <MATH><semantics><mrow><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>+</mo><msup><mi>y</mi><mn>2</mn></msup><mo>+</mo><msqrt><mi>a</mi><mo>+</mo><mn>1</mn></msqrt>` +
			`<mo>+</mo><msub><mi>b</mi><mi>n</mi></msub></mrow><annotation encoding="application/x-tex">\frac12</annotation></semantics></math> z`, "x 1/2+y^2+√(a+1)+b_n z", "frac"},
		{"what a drawing is", "text/html", `<p>前<svg><desc>説明</desc><text>図の字</text></svg>後`, "前図の字後", "説明"},
		{"slots", "text/html", `<div><template shadowrootmode="open"><b><slot name="t">代わり</slot></b> <slot name="u">既定</slot></template><span slot="t">題</span></div>`, "題 既定", "代わり"},
		{"CDATA in XHTML", "application/xhtml+xml", `<html><body><p>前<![CDATA[1 < 2 & <b>]]>後</p><script><![CDATA[x()]]></script></body></html>`, "前1 < 2 & <b>後", "x()"},
		{"CDATA in HTML", "text/html", `<p>前<![CDATA[中]]>後`, "前後", "中"},
	} {
		for _, n := range pagetest.Handsets {
			h := n.Handset()
			out, _, err := page.Render(nil, &h, []byte(row.src), page.Options{URL: "http://x.example/", ContentType: row.kind, Foreign: true})
			if err != nil {
				t.Fatal(err)
			}
			seen, wrong := pagetest.Part(&h, out, page.Options{URL: "http://x.example/"})
			if wrong != "" {
				t.Fatalf("%s: %s: %s", n.Name, row.name, wrong)
			}
			squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
			want, _ := text.ForHandset(&h).AppendString(nil, row.want, 0)
			if shown := string(text.ForHandset(&h).AppendDecode(nil, want)); !strings.Contains(squeeze(seen), squeeze(shown)) {
				t.Errorf("%s: %s: %q is not in %q", n.Name, row.name, shown, seen)
			}
			for _, gone := range strings.Fields(row.gone) {
				if strings.Contains(seen, gone) {
					t.Errorf("%s: %s: %q is in %q", n.Name, row.name, gone, seen)
				}
			}
		}
	}
}
