package gateway

import (
	"bytes"
	"strings"
	"testing"

	"musubi/transcode/markup"

	"github.com/valyala/fasthttp"
)

// TestRulesOfAnOperator: what the rules say of an address holds there and nowhere else.
func TestRulesOfAnOperator(t *testing.T) {
	rules, err := markup.ParseRules(strings.NewReader(`
/over  no-transform overrule
/raw   pass-through
/long  never-cut
/menu  in-order
/pic   quality 10
/drop  drop nav`))
	if err != nil {
		t.Fatal(err)
	}
	page := `<meta charset=utf-8><nav>` + strings.Repeat(`<a href=/n>航路</a> `, 9) + `</nav><main><h1>題</h1>` + strings.Repeat("<p>長い文章。</p>", 9000) + `</main>`
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if strings.Contains(string(ctx.Path()), "pic") {
			ctx.SetContentType("image/jpeg")
			ctx.SetBody(newAlbum(t).photo)
			return
		}
		if strings.HasSuffix(string(ctx.Path()), "nt") {
			ctx.Response.Header.Set("Cache-Control", "no-transform")
		}
		ctx.SetContentType("text/html; charset=utf-8")
		ctx.SetBodyString(page)
	}, func(c *Config) { c.Foreign, c.Rules = true, rules })
	get := func(path string) *fasthttp.Response { return w.get("192.0.2.1", uaP903i, path) }
	for path, converted := range map[string]bool{"/a": true, "/a/nt": false, "/over/nt": true, "/raw": false} {
		if got := get(path).Body(); bytes.Contains(got, []byte("Shift_JIS")) != converted || !converted && string(got) != page {
			t.Errorf("%s: converted is not %v:\n%.200q", path, converted, got)
		}
	}
	if n := len(get("/long").Body()); n < 150_000 {
		t.Errorf("a page that is never cut has %d bytes", n)
	}
	if parts := string(get("/a").Header.Peek("Page-Part")); !strings.HasPrefix(parts, "1/") {
		t.Errorf("any other page is part %q", parts)
	}
	menu, title := []byte("/n"), []byte("<h1>")
	for path, first := range map[string]bool{"/a": false, "/menu": true} {
		body := get(path).Body()
		if i, k := bytes.Index(body, menu), bytes.Index(body, title); (i >= 0 && i < k) != first {
			t.Errorf("%s: navigation first is not %v:\n%.300q", path, first, body)
		}
	}
	if bytes.Contains(get("/drop").Body(), menu) {
		t.Error("what is dropped is shown")
	}
	if usual, poor := len(get("/a/pic").Body()), len(get("/pic").Body()); poor*2 > usual {
		t.Errorf("a picture of quality 10 has %d bytes, otherwise %d", poor, usual)
	}
}
