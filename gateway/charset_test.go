package gateway

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// TestFormsAreSentInTheApplicationsCharset: what is typed on any handset reaches an application in its own charset, as a
// browser sends it: what the charset lacks as a reference, line ends as CR LF.
func TestFormsAreSentInTheApplicationsCharset(t *testing.T) {
	for charset, want := range map[string]string{
		"EUC-JP":     "a=%C6%FC%CB%DC%0D%0A&ok=1",
		"Shift_JIS":  "a=%93%FA%96%7B%0D%0A&ok=1",
		"KOI8-R":     "a=%26%2326085%3B%26%2326412%3B%0D%0A&ok=1",
		"ISO-8859-1": "a=%26%2326085%3B%26%2326412%3B%0D%0A&ok=1",
		"GB18030":    "a=%C8%D5%B1%BE%0D%0A&ok=1",
		"UTF-8":      "a=%E6%97%A5%E6%9C%AC%0D%0A&ok=1",
	} {
		body := ""
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			if string(ctx.Path()) == "/save" {
				body = string(ctx.PostBody())
			}
			ctx.SetContentType("text/html; charset=" + charset)
			ctx.SetBodyString(`<title>t</title><form method=post action=/save><textarea name=a></textarea><button name=ok value=1>OK</button></form>`)
		}, func(c *Config) { c.Foreign = true })
		for _, ua := range []string{uaP903i, uaCA39, ua910T, "DoCoMo/1.0/N501i", "UP.Browser/3.04-TST4 UP.Link/3.4.4"} {
			p := w.phoneOf(ua)
			page, err := p.Get("/edit")
			if err != nil || len(page.Forms) != 1 {
				t.Fatal(err, page)
			}
			b := page.Forms[0].Buttons[0]
			pairs := []string{"a", "日本\n"}
			if b.Name != "" {
				pairs = append(pairs, b.Name, b.Value)
			}
			if _, err := p.Submit(0, pairs...); err != nil {
				t.Fatal(err)
			}
			if body != want {
				t.Errorf("%s in %s posts %s, want %s", ua, charset, body, want)
			}
		}
	}
}

// TestWesternPagesForWesternBrowsers: a browser that says nothing of charsets gets a page that needs no other in ISO-8859-1, and what is typed there
// arrives; a page in Japanese or Russian it gets as before.
func TestWesternPagesForWesternBrowsers(t *testing.T) {
	const ie3 = "Mozilla/2.0 (compatible; MSIE 3.02; Windows 95)"
	source, body := "", ""
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if string(ctx.Path()) == "/save" {
			body = string(ctx.PostBody())
		}
		ctx.SetContentType("text/html; charset=utf-8")
		ctx.SetBodyString(source)
	}, func(c *Config) { c.Foreign = true })
	const form = `<form method=post action=/save><input name=a value="naïve 한"><input type=submit></form>`
	for _, row := range []struct{ page, ask, charset, seen string }{
		{"<p>café – “x” 🦊", "en", "iso-8859-1", "caf\xe9"},
		{"<p>café", "", "iso-8859-1", "caf\xe9"},
		{"<p>café 日本", "en", "Shift_JIS", "\x93\xfa\x96\x7b"},
		{"<p>&#26085;&#x672C;", "en", "Shift_JIS", "\x93\xfa\x96\x7b"},
		{"<p>Привет", "en", "Shift_JIS", "\x84"},
		{"<p>café", "ja", "Shift_JIS", "caf"},
	} {
		source = row.page
		r := w.get(anywhere, ie3, "/", "Accept-Language: "+row.ask)
		if kind := string(r.Header.ContentType()); !strings.Contains(strings.ToLower(kind), "charset="+strings.ToLower(row.charset)) || !strings.Contains(string(r.Body()), row.seen) {
			t.Errorf("%s for %q: %s\n%q", row.page, row.ask, kind, r.Body())
		}
	}
	source = strings.Replace(form, " 한", "", 1)
	page := string(w.get(anywhere, ie3, "/", "Accept-Language: en").Body())
	mark := regexp.MustCompile(`name="_e" value="([^"]*)"`).FindStringSubmatch(page)
	if mark == nil {
		t.Fatalf("no mark in %s", page)
	}
	w.post(anywhere, ie3, "/save", "_e="+url.QueryEscape(mark[1])+"&a=na%EFve+%E9%E8", "Accept-Language: en")
	if want := "a=na%C3%AFve+%C3%A9%C3%A8"; body != want {
		t.Errorf("posts %q, want %q", body, want)
	}
}
