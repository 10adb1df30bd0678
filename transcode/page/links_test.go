package page_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestLinksOfEveryKind: a page with links of every kind, as pages of today have them: each leads where it says, has words, and no
// picture is another's.
func TestLinksOfEveryKind(t *testing.T) {
	src := []byte(`<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><title>f</title><meta http-equiv=refresh content="3;url=/dir/"></head><body>
<img src=/i?base.png usemap=#m><map name=m><area href=/a1 alt=東 shape=rect coords=0,0,1,1><area href=/a2 shape=rect coords=0,0,1,1></map>
<a href="javascript:go()">JS</a> <a href="?x=1">q</a> <a href="//other.example/p">pr</a> <a href="http://x.example/up">内</a> <a href=" /sp ">sp</a>
<a href="/a b?c=d e&amp;f=%26">sp2</a> <a href="tel:03-1234-5678">tel</a> <a href="#x">frag</a> <a href="/p#x">pf</a> <a>noref</a>
<a href="/e?title=Z%C3%BCrich&amp;a=1">Z</a> <a href="/e?x=%FF%00">bin</a> <a href=/n aria-label=名></a>
<picture><source srcset=/big.webp type=image/webp><img src=/i?base.gif alt=絵></picture> <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt=dot> <img data-src=/lazy.jpg src="" alt=遅延> <img srcset="/s.jpg 2x" alt=集>
<picture><source srcset=/only.png><img alt=唯></picture><noscript><img src=/j.jpg alt=ns><a href=/ns>NS</a></noscript>
<object data=/o.png type=image/png>物</object><embed src=/e.jpg><object data=/x.swf type=application/x-shockwave-flash>代わりの字</object>
<details><summary>詳細</summary><p>中</p></details><dialog open><p>窓</p></dialog><dialog><p>閉窓</p></dialog><template><p>型</p></template>
<p hidden>隠</p><p style="display:none">無</p><p style="visibility:hidden">不可視</p><p aria-hidden=true>飾</p><p id=x>的</p></body></html>`)
	for _, ua := range []string{"DoCoMo/1.0/N501i", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "UP.Browser/3.04-TST4 UP.Link/3.4.4"} {
		h := carriers.Identify(carriers.Request{UserAgent: ua})
		out, _, err := page.Render(nil, &h, src, page.Options{URL: "http://x.example/w", Foreign: true})
		if err != nil {
			t.Fatal(err)
		}
		got := string(text.ForHandset(&h).AppendDecode(nil, out))
		for _, want := range []string{`"/dir/"`, `"/a1"`, `>東</`, `"/a2"`, `>/a2</`, `JS`, `"/w?x=1"`, `"/_/go?u=http%3A%2F%2Fother.example%2Fp"`, `"/up"`, `"/sp"`, `"/a%20b?c=d%20e&amp;f=%26"`,
			`"/p#x"`, `noref`, `/e?title=Z%C3%BCrich&amp;a=1`, `/e?x=%FF%00`, `"/n"`, `名`, `"/i?base.gif"`, `dot`, `"/lazy.jpg"`, `"/s.jpg"`, `"/only.png"`, `"/o.png"`, `物`, `"/e.jpg"`, `代わりの字`, `"/ns"`, `詳細`, `中`, `窓`, `03-1234-5678`, `的`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in\n%s", ua, want, got)
			}
		}
		for _, not := range []string{"javascript", "/big.webp", "閉窓", "型", "隠", "無", "不可視", "data:"} {
			if strings.Contains(got, not) {
				t.Errorf("%s: %s in\n%s", ua, not, got)
			}
		}
		if h.Dialect.Family != carriers.HDML && !strings.Contains(got, `href="#x"`) {
			t.Errorf("%s: no way to the place on the page", ua)
		}
	}
}

// TestNoEmptyLinkBeforeACut: a part does not end with a link whose picture begins the next one.
func TestNoEmptyLinkBeforeACut(t *testing.T) {
	var src strings.Builder
	for i := range 60 {
		fmt.Fprintf(&src, `<a href="/photo/%d?%s"><img src="/i/%d?%[2]s" alt="写真%[1]d" width=76 height=57></a> `, i, strings.Repeat("x", i), i)
	}
	empty := regexp.MustCompile(`(?i)<a [^>]*></a>`)
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		parts := 1
		for part := 1; part <= parts; part++ {
			out, info, err := page.Render(nil, &h, []byte(src.String()), page.Options{URL: "http://sns.example/", Part: part})
			if err != nil {
				t.Fatal(err)
			}
			if parts = info.Parts; empty.Match(out) {
				t.Errorf("%s: part %d of %d has the link %s", n.Name, part, parts, empty.Find(out))
			}
		}
	}
}

// TestPlacesOnThePageByItsAddress: a link that names a place on its own page by the page's address leads there, in whatever part it is.
func TestPlacesOnThePageByItsAddress(t *testing.T) {
	for href, mine := range map[string]bool{"#c2": true, "/th?a=1#c2": true, "th?a=1#c2": true, "./th?a=1#c2": true, "?a=1#c2": true, "http://X.example:80/th?a=1#c2": true, "//x.example/th?a=1#c2": true,
		"/th#c2": false, "/other?a=1#c2": false, "http://y.example/th?a=1#c2": false, "https://y.example/#c2": false} {
		src := `<p><a href="` + strings.ReplaceAll(href, "&", "&amp;") + `">飛ぶ</a>` + strings.Repeat("<p>長い長い長い長い長い文章です。", 400) + `<p id=c2>ここ`
		for _, n := range []string{"docomo-N502i", "softbank-J-SH07", "au-KCT1"} {
			h := handset(n)
			out, info, err := page.Render(nil, &h, []byte(src), page.Options{URL: "http://x.example/th?a=1", Foreign: true})
			if err != nil || info.Parts < 2 {
				t.Fatal(info.Parts, err)
			}
			link := regexp.MustCompile(`="([^"]*)"[^>]*>[^<]*飛ぶ`).FindStringSubmatch(string(text.ForHandset(&h).AppendDecode(nil, out)))
			if want := fmt.Sprintf("_p=%d", info.Parts); link == nil || strings.Contains(link[1], want) != mine {
				t.Errorf("%s: %s became %q", n, href, link)
			}
		}
	}
}
