package page_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/japanese"

	"musubi/carriers"
	"musubi/transcode/markup"
	"musubi/transcode/page"
)

// throughPortal is a page as a browser gets it below a portal.
func throughPortal(t *testing.T, src, contentType string) (string, page.Info) {
	t.Helper()
	h := carriers.Identify(carriers.Request{UserAgent: "w3m/0.5.3+git20230121"})
	if h.Dialect.Family != carriers.HTML5 {
		t.Fatal("w3m reads another dialect now")
	}
	out, info, err := page.Render(nil, &h, []byte(src), page.Options{URL: "http://sns.example/d/p", Way: markup.WayPortal, ContentType: contentType})
	if err != nil {
		t.Fatal(err)
	}
	return string(out), info
}

// Pictures show where no script puts them in place, and every address leads here again.
func TestBrowsersLoadThroughThePortal(t *testing.T) {
	for src, want := range map[string]string{
		`<img srcset="a.png 1x, //cdn.example/b.png 2x">`:                                                                                                                     `<img srcset="/~/sns.example/d/a.png 1x, /~/cdn.example/b.png?_x=1 2x">`,
		`<img src="data:image/gif;base64,R0" data-src="https://cdn.example/c.png" alt=c>`:                                                                                     `<img src="/~/cdn.example/c.png?_x=1" data-src="/~/cdn.example/c.png?_x=1" alt="c">`,
		`<img data-srcset="a.png 480w,b.png 960w" alt="">`:                                                                                                                    `<img data-srcset="/~/sns.example/d/a.png 480w, /~/sns.example/d/b.png 960w" alt="" srcset="/~/sns.example/d/a.png 480w, /~/sns.example/d/b.png 960w">`,
		`<picture><source type="image/webp" srcset=https://cdn.example/x,1.webp></picture>`:                                                                                   `<picture><source type="image/webp" srcset="/~/cdn.example/x%2C1.webp?_x=1"></picture>`,
		`<body background="/b.gif" style="background:url(https://cdn.example/s.png?a=1&amp;b)">`:                                                                              `<body background="/~/sns.example/b.gif" style="background:url(&#34;/~/cdn.example/s.png?a=1&amp;b&amp;_x=1&amp;_y=1&#34;)">`,
		`<style>@import url(a.css);@import '/b.css';p{background:URL( "c.png" )}</style>`:                                                                                     `<style>@import url("/~/sns.example/d/a.css");@import "/~/sns.example/b.css";p{background:URL( "/~/sns.example/d/c.png" )}</style>`,
		`<iframe srcdoc="<a href='https://evil.example/'>x</a>"></iframe>`:                                                                                                    `<iframe srcdoc="&lt;a href=&#34;/~/evil.example/?_x=1&#34;&gt;x&lt;/a&gt;"></iframe>`,
		`<svg><image xlink:href="https://cdn.example/i.svg" /></svg>`:                                                                                                         `<svg><image xlink:href="/~/cdn.example/i.svg?_x=1" /></svg>`,
		`<a href="/x" ping="https://spy.example/">x</a>`:                                                                                                                      `<a href="/~/sns.example/x">x</a>`,
		`<link rel=stylesheet href=/a.css integrity=sha256-x crossorigin>`:                                                                                                    `<link rel="stylesheet" href="/~/sns.example/a.css">`,
		`<meta http-equiv=refresh content="5; URL='https://evil.example/'">`:                                                                                                  `<meta http-equiv="refresh" content="5;url=/~/evil.example/?_x=1">`,
		`<noscript><img src="/n.png"></noscript><script>"<a href='/s'>"</script><!-- <a href="/c"> -->`:                                                                       `<noscript><img src="/~/sns.example/n.png"></noscript><script>"<a href='/s'>"</script><!-- <a href="/c"> -->`,
		`<iframe><a href="/i">i</a></iframe><noframes><a href=/n>n</a></noframes>`:                                                                                            `<iframe><a href="/~/sns.example/i">i</a></iframe><noframes><a href="/~/sns.example/n">n</a></noframes>`,
		`<svg><title><a href="https://evil.example/">t</a></title><style><a href="/s"></style><![CDATA[<!--]]></svg><a href="/x">x</a><style><!-- </style><a href="/y">y</a>`: `<svg><title><a href="/~/evil.example/?_x=1">t</a></title><style><a href="/~/sns.example/s"></style><![CDATA[<!--]]></svg><a href="/~/sns.example/x">x</a><style><!-- </style><a href="/~/sns.example/y">y</a>`,
		`<p CLASS=x>文</P><a href="#f">f</a><a href="javascript:x()">j</a>`:                                                                                                    `<p CLASS=x>文</P><a href="#f">f</a><a href="javascript:x()">j</a>`,
		`<object data="m.mid"></object><video poster=p.jpg src=v.mp4>`:                                                                                                        `<object data="/~/sns.example/d/m.mid"></object><video poster="/~/sns.example/d/p.jpg" src="/~/sns.example/d/v.mp4">`,
		`<form action="https://bank.example/" method=post><button formaction="https://b.example/">x</button></form><form action="https://c.example/"></form>`:                 `<form action="/~/bank.example/?_x=1&amp;_y=1" method="post"><button formaction="/~/b.example/?_x=1&amp;_y=1">x</button></form><form action="/~/c.example/"><input type="hidden" name="_x" value="1" /><input type="hidden" name="_y" value="1" /></form>`,
		`<meta http-equiv=refresh content=" 9 , url = 'https://evil.example/a;b'">`:                                                                                           `<meta http-equiv="refresh" content="9;url=/~/evil.example/a;b?_x=1">`,
		`<div style='background:image-set("/a.png" 1x, url("/b,") type("image/png") 2x, "c.png" 3x)'>`:                                                                        `<div style="background:image-set(url(&#34;/~/sns.example/a.png&#34;) 1x, url(&#34;/~/sns.example/b,&#34;) type(&#34;image/png&#34;) 2x, url(&#34;/~/sns.example/d/c.png&#34;) 3x)">`,
		`<div data-bg="/a.png" data-background-image="url(/b.png)"></div><param name=movie value="/m.swf"><param name=n value="/m">`:                                          `<div data-bg="/~/sns.example/a.png" data-background-image="url(&#34;/~/sns.example/b.png&#34;)"></div><param name="movie" value="/~/sns.example/m.swf"><param name=n value="/m">`,

		`<base href="https://cdn.example/y/"><a href=z>z</a>`: `<base href="/~/sns.example/d/p"><a href="/~/cdn.example/y/z?_x=1">z</a>`,
	} {
		if got, _ := throughPortal(t, src, "text/html; charset=utf-8"); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", src, got, want)
		}
	}
	long := strings.Repeat("<b>b</b>", markup.MaxNodes+10) + `<a href="https://evil.example/">x</a>`
	if got, _ := throughPortal(t, long, ""); strings.Contains(got, "https:") {
		t.Error("a link behind very many elements leads out")
	}
}

// Pages in charsets whose bytes are no ASCII lead nowhere else, and their forms send what their sites read.
func TestCharsetsOfPagesForBrowsers(t *testing.T) {
	src := `<title>題 名</title><img alt="あ<い>" src="https://cdn.example/あ.png"><a href="https://other.example/">次</a><form action="/f" method="post"><input name="q"></form>`
	wide := func(bom string, big bool) string {
		var b strings.Builder
		b.WriteString(bom)
		for _, u := range utf16.Encode([]rune(src)) {
			if big {
				b.Write([]byte{byte(u >> 8), byte(u)})
			} else {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
		}
		return b.String()
	}
	jis, err := japanese.ISO2022JP.NewEncoder().String(src)
	if err != nil {
		t.Fatal(err)
	}
	out := regexp.MustCompile(`https?://`)
	for name, row := range map[string]struct{ src, kind, form string }{
		"UTF-16 with a mark":      {wide("\xFF\xFE", false), "text/html", `<form action="/~/sns.example/f" method="post">`},
		"UTF-16BE":                {wide("\xFE\xFF", true), "text/html", `<form action="/~/sns.example/f" method="post">`},
		"UTF-16 as the field has": {wide("", false), "text/html; charset=UTF-16LE", `<form action="/~/sns.example/f" method="post">`},
		"ISO-2022-JP":             {jis, "text/html; charset=ISO-2022-JP", `<form action="/~/sns.example/f" method="post" accept-charset="iso-2022-jp">`},
	} {
		got, info := throughPortal(t, row.src, row.kind)
		if out.MatchString(got) || !strings.Contains(got, `href="/~/other.example/?_x=1"`) || !strings.Contains(got, row.form) || info.ContentType != "text/html; charset=UTF-8" || info.Title != "題 名" {
			t.Errorf("%s: %q %q: %s", name, info.ContentType, info.Title, got)
		}
	}
}
