package gateway

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"musubi/gateway/fetch"

	"github.com/valyala/fasthttp"
)

// What is filled into a form of GET whose page said https goes there encrypted or not at all, and no site sees how that is known.
func TestSEC37_QueriesForTLSStayOutOfTheClear(t *testing.T) {
	form := func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		ctx.SetBodyString(`<title>t</title><form action="https://shop.example/find?old=1"><input name="q"><input type="submit" value="Go"></form><p><a href="https://shop.example/find?q=link">link</a></p>`)
	}
	for _, ua := range []string{uaP903i, uaCA39, ua910T, "UP.Browser/3.04-KCTA UP.Link/3.4.5.9", uaNetscape, "Nokia7110/1.0 (04.84)", uaChrome} {
		w := newWorld(t, form, func(c *Config) { c.World = &World{Proxy: true, Portal: true} })
		p := w.phoneOf(ua)
		for name, press := range map[string]func() error{
			"form": func() error { _, err := p.Submit(0, "q", "typed"); return err },
			"link": func() error { _, err := p.Follow("link"); return err },
		} {
			if _, err := p.Get("/~/evil.example/"); err != nil {
				t.Fatal(err)
			}
			w.requests()
			if err := press(); err != nil {
				t.Fatalf("%s %s: %v", ua, name, err)
			}
			asked := w.requests()[0]
			line, _, _ := strings.Cut(asked, "\r\n")
			if !strings.HasPrefix(line, "GET /find?q=") || strings.ContainsAny(line, "_&") || !strings.Contains(asked, fetch.OnlyTLS+": 1") {
				t.Errorf("%s %s: %s", ua, name, asked)
			}
		}
	}
}

// A browser that posts a form again where a site sends it (307, 308) is told so that the form stays encrypted.
func TestSEC37_FormsSentOnByBrowsersStayOutOfTheClear(t *testing.T) {
	for _, row := range []struct{ location, posted, tls, want string }{
		{"http://plain.example/show", "/form", "1", "http://plain.example/show?_y=1"},
		{"https://other.example/show?a=b", "/form", "", "http://other.example/show?a=b&_y=1"},
		{"/again", "/form?_y=1", "", "http://shop.example/again?_y=1"},
		{"http://plain.example/show", "/form", "", "http://plain.example/show"},
	} {
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			if row.tls != "" {
				ctx.Response.Header.Set(fetch.OverTLS, row.tls)
			}
			ctx.Response.Header.Set("Location", row.location)
			ctx.SetStatusCode(307)
		}, func(c *Config) { c.World = &World{Proxy: true} })
		r := w.raw(anywhere, "POST http://shop.example"+row.posted+" HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: "+uaChrome+"\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\na=b")
		if got := string(r.Header.Peek("Location")); r.StatusCode() != 307 || got != row.want {
			t.Errorf("%s: %d %s, want %s", row.location, r.StatusCode(), got, row.want)
		}
	}
}

// A gateway without a name answers to whatever address it is asked by, and to nobody's name; what it tells a browser of itself is that.
func TestSEC15_AddressesOfAGatewayWithoutAName(t *testing.T) {
	w := anySite(t, func(c *World) { c.Addresses = true })
	for host, want := range map[string]int{"192.168.1.2:8080": 200, "[2001:db8::1]:8080": 200, "evil.example": 421, "evil.example:8080": 421, "192.168.1.2.evil.example": 421} {
		r := w.raw(anywhere, "GET / HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+uaChrome+"\r\n\r\n")
		if r.StatusCode() != want {
			t.Errorf("%s: %d, want %d", host, r.StatusCode(), want)
		}
		if want == 200 {
			r = w.raw(anywhere, "GET /_/proxy.pac HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
			if !strings.Contains(string(r.Body()), "PROXY "+host+"\"") {
				t.Errorf("%s: %s", host, r.Body())
			}
		}
	}
	if r := w.raw(anywhere, "GET http://192.0.2.9/ HTTP/1.1\r\nHost: 192.0.2.9\r\nUser-Agent: "+uaChrome+"\r\n\r\n"); !strings.Contains(string(r.Body()), "192.0.2.9/ cookie=") {
		t.Errorf("a site that is an address: %s", r.Body())
	}
}

func TestH12_ContinueThroughTheProxy(t *testing.T) {
	w := anySite(t, nil)
	for target, want := range map[string]string{"http://shop.example/": "HTTP/1.1 100", "/": "HTTP/1.1 421"} {
		c := w.dial(anywhere)
		go fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: shop.example\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", target)
		buf := make([]byte, 4096)
		if n, _ := c.Read(buf); !strings.HasPrefix(string(buf[:n]), want) {
			t.Errorf("%s: %.40q", target, buf[:n])
		}
		c.Close()
	}
}

// A name that ends with a dot is the name.
func TestTrailingDotIsTheSite(t *testing.T) {
	w := anySite(t, nil)
	for target, host := range map[string]string{"http://shop.example./a": "shop.example.", "http://shop.example.:80/a": "shop.example.:80", "/~/shop.example./a": ourHost} {
		r := w.raw(anywhere, "GET "+target+" HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+uaNetscape+"\r\n\r\n")
		if sent := w.requests(); r.StatusCode() != 200 || len(sent) != 1 || !strings.Contains(sent[0], "Host: shop.example\r\n") {
			t.Errorf("%s: %d %v", target, r.StatusCode(), sent)
		}
	}
}

// A program that sends the portal's password by itself is let in, and no site reads it.
func TestSEC68_PortalTakesThePasswordOfPrograms(t *testing.T) {
	w := anySite(t, func(c *World) { c.Password = "himitsu" })
	for password, want := range map[string]int{"himitsu": 200, "wrong": 403, "": 403} {
		r := w.get(anywhere, "curl/8.0", "/~/shop.example/", "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("me:"+password)))
		if sent := strings.Join(w.requests(), ""); r.StatusCode() != want || strings.Contains(sent, "Authorization") {
			t.Errorf("%q: %d, want %d: %s", password, r.StatusCode(), want, sent)
		}
	}
}

// A cookie for its own site's pages alone (SameSite=Strict) stays behind where another site's link or redirect leads to it.
func TestSEC37_StrictCookiesComeFromTheirOwnSite(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		if string(ctx.Host()) == "shop.example" && string(ctx.Path()) == "/" {
			ctx.Response.Header.Set(fetch.OverTLS, "1")
			ctx.Response.Header.Add("Set-Cookie", "strict=1; SameSite=Strict")
			ctx.Response.Header.Add("Set-Cookie", "lax=1")
		}
		if string(ctx.Path()) == "/away" {
			ctx.Redirect("http://shop.example/seen", 302)
			return
		}
		ctx.SetBodyString(`<title>t</title><p>` + string(ctx.Request.Header.Peek("Cookie")) + `.</p><a href="http://shop.example/seen">shop</a> <a href="http://evil.example/">evil</a> <a href="http://evil.example/away">away</a>`)
	}, func(c *Config) { c.World = &World{Portal: true} })
	p := w.phoneOf(uaP903i)
	if _, err := p.Get("/~/shop.example/"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ follow, want string }{{"shop", "strict=1; lax=1."}, {"evil", ""}, {"away", "lax=1."}, {"shop", "strict=1; lax=1."}, {"evil", ""}, {"shop", "lax=1."}} {
		page, err := p.Follow(step.follow)
		if err != nil || step.want != "" && (!strings.Contains(page.Text, step.want) || strings.Contains(page.Text, "strict") != strings.Contains(step.want, "strict")) {
			t.Errorf("%v: %v %s", step, err, page.Text)
		}
	}
}

// What asks about cookies stands behind what the page is about, however it is named.
func TestCookieBannersStandBehindTheText(t *testing.T) {
	for _, tag := range []string{`div id="cookie-banner"`, `div class="x gdpr-box"`, `section class="ConsentBar"`, `div role="dialog" aria-label="c"`} {
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType("text/html; charset=utf-8")
			name, _, _ := strings.Cut(tag, " ")
			ctx.SetBodyString(`<title>t</title><body><` + tag + `><p>BISCUITS are used here. <a href="/policy">policy</a></p><button>OK</button></` + name + `><main><h1>NEWS</h1><p>` + strings.Repeat("text ", 80) + `</p></main>`)
		}, func(c *Config) { c.World = &World{Portal: true} })
		page, err := w.phoneOf(uaP903i).Get("/~/news.example/")
		if at := strings.Index(page.Text, "BISCUITS"); err != nil || at < 0 || at < strings.Index(page.Text, "NEWS") {
			t.Errorf("%s: %v %s", tag, err, page.Text)
		}
	}
}
