package page_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestSEC34_NothingLeadsToAnotherHost looks for any URL in any attribute that leaves the host past the cushion.
func TestSEC34_NothingLeadsToAnotherHost(t *testing.T) {
	src := `<base target=x><meta http-equiv=refresh content="0;url=http://evil.example/r"><a href=http://evil.example/a>a</a><img src=//evil.example/i alt=i>
		<form action=http://evil.example/f><input name=q><input type=submit></form><iframe src=http://evil.example/if></iframe><area href=http://evil.example/ar alt=ar>
		<section data-fold=http://evil.example/fold><h2>f</h2></section><input type=image src=http://evil.example/im><body background=http://evil.example/bg>
		<blockquote cite=http://evil.example/c>c</blockquote><object data=http://evil.example/o>o</object><a href="/ok" ping="http://evil.example/p">ok</a>
		<p style="background:url(http://evil.example/s);color:red">s</p>`
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		parts, wrong := pagetest.Page(&h, []byte(src), all)
		if wrong != "" {
			t.Errorf("%s: %s", n.Name, wrong)
		}
		for _, part := range parts {
			rest := regexp.MustCompile(`/_/go\?u=[^"]*`).ReplaceAll(text.ForHandset(&h).AppendDecode(nil, part), nil)
			if bytes.Contains(rest, []byte("evil")) {
				t.Errorf("%s: %s", n.Name, rest)
			}
			if bytes.Contains(rest, []byte("refresh")) {
				t.Errorf("%s: a refresh: %s", n.Name, rest)
			}
		}
	}
}

// TestSEC46_NoSchemeRunsCode tries ways to write a URL that runs code.
func TestSEC46_NoSchemeRunsCode(t *testing.T) {
	urls := []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "java&#10;script:alert(1)", "java&Tab;script&colon;alert(1)",
		"&#106;avascript:alert(1)", "&#x6A;avascript&#58;alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)", "vbscript:x", "data:text/html;base64,PHNjcmlwdD4=",
		"livescript:x", "mocha:x", "feed:javascript:x", "view-source:javascript:x", "jar:javascript:x", "wtai://wp/mc;x", "device:home", "about:blank", "file:///etc/passwd",
		"javascript&#0;:x", "ja\x00vascript:x", "\u2028javascript:x", "//javascript:x", "http:javascript:alert(1)"}
	tags := []string{`<a href="%s">x</a>`, `<img src="%s" alt=x>`, `<form action="%s"><input type=submit></form>`, `<iframe src="%s"></iframe>`, `<area href="%s" alt=x>`,
		`<meta http-equiv=refresh content="0;url=%s">`, `<base href="%s"><a href=x>x</a>`, `<div data-fold="%s">x</div>`}
	scheme := regexp.MustCompile(`(?i)^[\x00- ]*([a-z][a-z0-9+.\-]*):`)
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		if h.Dialect.Family == carriers.HDML {
			continue // its links are checked by pagetest
		}
		for _, u := range urls {
			for _, tag := range tags {
				src := fmt.Sprintf(tag, u)
				out, _, err := page.Render(nil, &h, []byte(src), all)
				if err != nil {
					t.Fatal(err)
				}
				z := html.NewTokenizer(bytes.NewReader(text.ForHandset(&h).AppendDecode(nil, out)))
				for z.Next() != html.ErrorToken {
					for _, a := range z.Token().Attr {
						if a.Key != "href" && a.Key != "src" && a.Key != "action" {
							continue
						}
						if m := scheme.FindStringSubmatch(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(a.Val)); m != nil {
							t.Errorf("%s: %q gives %s=%q", n.Name, src, a.Key, a.Val)
						}
					}
				}
			}
		}
	}
}

// TestSEC47_OutputComesFromATree feeds sizes that must not grow: depth, attributes, nodes.
func TestSEC47_OutputComesFromATree(t *testing.T) {
	big := map[string]string{
		"200,000 nested divs":    strings.Repeat("<div>", 200000) + "底",
		"an attribute of 1 MB":   `<a href="/x" title="` + strings.Repeat("t", 1<<20) + `">文</a>`,
		"100,000 attributes":     "<p " + strings.Repeat("a=1 ", 100000) + ">文",
		"100,000 elements":       strings.Repeat("<b>x</b>", 100000),
		"unknown elements":       "<blah onclick=x><x:y>文</x:y></blah><marquee onstart=alert(1)>流</marquee>",
		"events and styles":      `<p onclick="x()" style="behavior:url(x);width:expression(alert(1));-moz-binding:url(y)">文</p>`,
		"a tag split by a quote": `<p title="</p><script>alert(1)</script>">文<p title='"><script>alert(2)</script>'>二`,
	}
	for name, src := range big {
		for _, n := range []string{"docomo-D501i", "docomo-P901i", "softbank-910T", "au-TST4"} {
			h := handset(n)
			out, _, err := page.Render(nil, &h, []byte(src), all)
			if err != nil {
				t.Fatal(err)
			}
			if _, wrong := pagetest.Part(&h, out, all); wrong != "" {
				t.Errorf("%s on %s: %s", name, n, wrong)
			}
			for _, bad := range []string{"<script", "onclick", "onstart", "expression", "behavior", "blah"} {
				if bytes.Contains(out, []byte(bad)) {
					t.Errorf("%s on %s lets %s through: %.300s", name, n, bad, out)
				}
			}
		}
	}
	h := handset("docomo-P901i")
	if _, _, err := page.Render(nil, &h, make([]byte, page.MaxSource+1), all); err == nil {
		t.Error("a page larger than MaxSource is rendered")
	}
}

// TestSEC48_EveryCutIsClean cuts one page at every budget from 1 KB to 20 KB: no cut is inside a tag, an entity, a double
// byte or an emoji, and no part is open to what a member wrote.
func TestSEC48_EveryCutIsClean(t *testing.T) {
	src := []byte(`<h1>題"'&lt;</h1>` + strings.Repeat(`<p>表ソ能&amp;"引用'☀👨‍👩‍👧🇯🇵か゛&lt;b&gt;☎️<a href="/x?a='&amp;b=%22">リンク</a><b>太<i>斜</i></b>`, 120))
	for _, name := range []string{"docomo-N502i", "docomo-P901i", "au-CA39", "softbank-J-SH07", "softbank-910T", "au-TST4"} {
		h := handset(name)
		for budget := 1000; budget <= 20000; budget += 331 {
			h.PageBudget = budget
			if _, wrong := pagetest.Page(&h, src, all); wrong != "" {
				t.Errorf("%s with %d bytes: %s", name, budget, wrong)
			}
		}
		h.PageBudget = 5000
		for _, n := range []int{-5, 0, 1 << 30} { // part numbers are bounded
			o := all
			o.Part = n
			if _, info, err := page.Render(nil, &h, src, o); err != nil || info.Part < 1 || info.Part > info.Parts {
				t.Errorf("%s: part %d gives part %d of %d, %v", name, n, info.Part, info.Parts, err)
			}
		}
	}
}

// TestSEC46_AFormWithoutActionStays: its fields go to the page they were typed on, whatever host <base href> names.
func TestSEC46_AFormWithoutActionStays(t *testing.T) {
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		for _, action := range []string{"", ` action=""`, ` action=" "`} {
			out, _, err := page.Render(nil, &h, []byte(`<base href="http://cdn.example/zz/"><form method="post"`+action+`><input name="password"><input type="submit"></form>`), all)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(out, []byte("cdn.example")) {
				t.Errorf("%s: %q gives %s", n.Name, action, out)
			}
		}
	}
}
