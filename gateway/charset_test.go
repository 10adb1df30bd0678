package gateway

import (
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
