package gateway

import (
	"fmt"
	"strings"
	"testing"

	"musubi/gateway/fetch"

	"github.com/valyala/fasthttp"
)

// A form that a site sends on to another by 307 or 308 is posted there, as browsers do, in no other way than encrypted if it was to be; the
// screen gets the answer at that site's address, with that site's cookies, and nothing of the first goes along.
func TestSEC34_FormsThatAreSentOnToAnotherSite(t *testing.T) {
	to, inClear := "", false
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		h := &ctx.Request.Header
		ctx.SetContentType("text/html; charset=utf-8")
		if !inClear {
			ctx.Response.Header.Set(fetch.OverTLS, "1")
		}
		switch string(h.Host()) + string(ctx.Path()) {
		case "first.example/login":
			ctx.Response.Header.Set("Location", to)
			ctx.Response.Header.Add("Set-Cookie", "one=1; Path=/")
			ctx.SetStatusCode(307)
		case "second.example/page", "second.example/leads":
			ctx.Response.Header.Add("Set-Cookie", "two=2; Path=/")
			if string(ctx.Path()) == "/leads" {
				ctx.Redirect("/next", 303)
				return
			}
			fmt.Fprintf(ctx, `<title>second</title><p>%s %s %s</p><a href="next">next</a>`, h.Method(), ctx.RequestURI(), ctx.PostBody())
		default:
			fmt.Fprintf(ctx, `<title>at</title><p>at %s%s cookie=%s.</p><form action="/login" method="post"><input name="word" value="v"><input type="submit"></form>`, h.Host(), ctx.RequestURI(), h.Peek("Cookie"))
		}
	}, func(c *Config) { c.World = &World{Proxy: true, Portal: true} })
	for location, encrypted := range map[string]bool{"https://second.example/page?x=1": true, "http://second.example/page?x=1": false, "https://second.example/leads": true} {
		to, inClear = location, !encrypted
		for _, ua := range []string{uaP903i, uaCA39, uaChrome} {
			p := w.phoneOf(ua)
			if _, err := p.Get("/~/first.example/"); err != nil {
				t.Fatal(err)
			}
			w.requests()
			page, err := p.Submit(0, "word", "表")
			sent := w.requests()
			if err != nil || len(sent) < 2 {
				t.Fatalf("%.10s %s: %v, %d requests", ua, location, err, len(sent))
			}
			again := sent[1]
			if !strings.HasPrefix(again, "POST /") || !strings.HasSuffix(again, "word=%E8%A1%A8") || strings.Contains(again, "one=1") || strings.Contains(again, fetch.OnlyTLS+": 1") != encrypted {
				t.Errorf("%.10s %s: sent on as %s", ua, location, again)
			}
			if strings.Contains(location, "page") {
				if !strings.Contains(page.Text, "POST /page?x=1 word=%E8%A1%A8") || !strings.Contains(page.URL, "/~/second.example/page?") {
					t.Errorf("%.10s: %s shows %s", ua, page.URL, page.Text)
				}
				page, err = p.Follow("next")
			}
			if err != nil || !strings.Contains(page.Text, "at second.example/next cookie=two=2.") {
				t.Errorf("%.10s %s: %v %s", ua, location, err, page.Text)
			}
		}
		w.requests()
		r := w.raw(anywhere, "POST http://first.example/login HTTP/1.0\r\nUser-Agent: "+uaNetscape+"\r\nCookie: one=0\r\nAuthorization: Basic eA==\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nword=v")
		sent := w.requests()
		if r.StatusCode() != 302 || len(sent) != 2 || strings.Contains(sent[1], "one=") || strings.Contains(sent[1], "Authorization") || !strings.HasSuffix(sent[1], "word=v") {
			t.Fatalf("Netscape: %s %v", r.Header.String(), sent)
		}
		if got := r.Header.PeekAll("Set-Cookie"); len(got) != 1 || !strings.HasPrefix(string(got[0]), "one=1") {
			t.Errorf("cookies under the first site's name: %q", got)
		}
		target := string(r.Header.Peek("Location"))
		if !strings.HasPrefix(target, "http://second.example/") {
			t.Fatalf("sent to %s", target)
		}
		r = w.raw(anywhere, "GET "+target+" HTTP/1.0\r\nUser-Agent: "+uaNetscape+"\r\nCookie: mine=3\r\n\r\n")
		if got := r.Header.PeekAll("Set-Cookie"); len(got) != 1 || !strings.HasPrefix(string(got[0]), "two=2") || len(w.requests()) != 0 {
			t.Errorf("cookies under the second site's name: %q", got)
		}
		if leads := string(r.Header.Peek("Location")); strings.Contains(location, "leads") && leads != "http://second.example/next" || !strings.Contains(location, "leads") && !strings.Contains(string(r.Body()), "POST /page?x=1") {
			t.Errorf("%s: %s %s", target, leads, r.Body())
		}
	}
}
