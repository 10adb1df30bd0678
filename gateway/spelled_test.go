package gateway

import (
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"musubi/gateway/fetch"

	"github.com/valyala/fasthttp"
)

// A site's name may be typed, linked and pasted in its own script, with full-width letters and dots; it is asked for as the DNS has it.
func TestNamesInTheirOwnScript(t *testing.T) {
	w := anySite(t, nil)
	for _, target := range []string{"/~/例え.jp/a", "/~/%E4%BE%8B%E3%81%88.jp/a", "/~/例え。ｊｐ/a", "/~/http://例え.jp/a"} {
		w.requests()
		r := w.raw(anywhere, "GET "+target+" HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+uaP903i+"\r\n\r\n")
		if sent := strings.Join(w.requests(), ""); r.StatusCode() != 200 || !strings.Contains(sent, "Host: xn--r8jz45g.jp\r\n") {
			t.Errorf("%s: %d %s", target, r.StatusCode(), sent)
		}
	}
	for typed, want := range map[string]string{"例え.jp/": "xn--r8jz45g.jp/", "http://例え。jp:8080/x": "xn--r8jz45g.jp:8080/x", "ＳＨＯＰ．example": "shop.example/"} {
		r := w.raw(anywhere, "GET /_/open?u="+url.QueryEscape(typed)+" HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+uaChrome+"\r\n\r\n")
		if got := string(r.Header.Peek("Location")); r.StatusCode() != 302 || !strings.Contains(got+"?", "/~/"+want+"?") {
			t.Errorf("%s: %d %q, want %s", typed, r.StatusCode(), got, want)
		}
	}
}

// Where a site sends a screen is written as the screen can ask for it.
func TestRedirectsToNamesInTheirOwnScript(t *testing.T) {
	for location, want := range map[string]string{"https://例え.jp/b": "xn--r8jz45g.jp/b", "http://例え.jp:8080/b": "xn--r8jz45g.jp:8080/b", "//Ｓhop.example/b": "shop.example/b"} {
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			ctx.Response.Header.Set("Location", location)
			ctx.SetStatusCode(302)
		}, func(c *Config) { c.World = &World{Proxy: true, Portal: true} })
		for _, ua := range []string{uaP903i, uaNetscape} {
			for _, asked := range []string{"http://plain.example/", "/~/plain.example/"} {
				host := ourHost
				if asked[0] == 'h' {
					host = "plain.example"
				}
				r := w.raw(anywhere, "GET "+asked+" HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+ua+"\r\n\r\n")
				if got := string(r.Header.Peek("Location")); r.StatusCode() != 302 || !strings.Contains(got, "/"+want) {
					t.Errorf("%s from %s: %d %q", location, asked, r.StatusCode(), got)
				}
			}
		}
	}
}

// Numbers in hexadecimal and signs that only look like a name's are no site, and are refused on the screen, whoever resolves them.
func TestSEC85_SpelledAddressesAreNoNames(t *testing.T) {
	w := anySite(t, nil)
	for _, host := range []string{"0x7f000001", "0x0", "0x", "0xa9fea9fe", "0X7F.1", "127.0x1", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1%2f", "127.0.0.1%00.example", "a%40shop.example", "%"} {
		w.requests()
		r := w.raw(anywhere, "GET /~/"+host+"/ HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+uaP903i+"\r\n\r\n")
		if sent := w.requests(); r.StatusCode() != 403 || len(sent) > 0 || !strings.Contains(string(r.Header.ContentType()), "xhtml") {
			t.Errorf("%s: %d %s %v", host, r.StatusCode(), r.Header.ContentType(), sent)
		}
	}
	for _, host := range []string{"0x7f.example", "0xyz", "shop.0xyz"} {
		if !validHost(host) {
			t.Errorf("%s is a name", host)
		}
	}
}

// The scheme of an address is the same however it is spelled (RFC 3986 §3.1).
func TestSchemesInCapitals(t *testing.T) {
	w := anySite(t, nil)
	r := w.raw(anywhere, "GET HTTP://shop.example/a HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: "+uaP903i+"\r\n\r\n")
	if sent := strings.Join(w.requests(), ""); r.StatusCode() != 200 || !strings.Contains(sent, "Host: shop.example\r\n") {
		t.Errorf("%d %s", r.StatusCode(), sent)
	}
}

// Who asks a site whose certificate nobody vouches for, with something typed, is told that it is this.
func TestCertificatesNobodyVouchesForAreNamed(t *testing.T) {
	doubt := fmt.Errorf("dial: %w", &tls.CertificateVerificationError{Err: errors.New("self-signed")})
	if got := upstreamKind(doubt); got != errDoubtful {
		t.Errorf("%+v", got)
	}
	if got := upstreamKind(fmt.Errorf("%w: %w", fetch.ErrInClear, doubt)); got != errInClear { // it was another before
		t.Errorf("%+v", got)
	}
}

// A button that sends its form of GET elsewhere has a query that browsers drop: what it is to bear stands beside it, and counts for that
// site alone, since the form's other button sends it too.
func TestSEC37_ButtonsForTLSStayOutOfTheClear(t *testing.T) {
	hidden := regexp.MustCompile(`<input type="hidden" name="(_[xy])" value="([^"]*)" />`)
	for _, ua := range []string{"w3m/0.5.3", uaChrome} {
		for _, portal := range []bool{false, true} {
			w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
				ctx.SetContentType("text/html; charset=utf-8")
				ctx.SetBodyString(`<title>t</title><form action="/find"><input name="q"><button>plain</button><button formaction="https://shop.example:8443/find" name="b" value="1">safe</button></form>` +
					`<form method="post"><button formaction="https://posted.example/">safe</button></form>`)
			}, func(c *Config) { c.World = &World{Proxy: true, Portal: true} })
			ask := func(host, path string) *fasthttp.Response {
				if portal {
					return w.raw(anywhere, "GET /~/"+host+path+" HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+ua+"\r\n\r\n")
				}
				return w.raw(anywhere, "GET http://"+host+path+" HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+ua+"\r\n\r\n")
			}
			page := string(ask("plain.example", "/").Body())
			if strings.Contains(page, "value=\"posted.example\"") {
				t.Errorf("%s: a form by post bears it in its address: %s", ua, page)
			}
			fields := url.Values{"q": {"typed"}}
			for _, m := range hidden.FindAllStringSubmatch(page, -1) {
				fields.Add(m[1], html.UnescapeString(m[2]))
			}
			for host, want := range map[string]bool{"shop.example:8443": true, "plain.example": false} {
				w.requests()
				ask(host, "/find?"+fields.Encode())
				sent := strings.Join(w.requests(), "")
				if !strings.HasPrefix(sent, "GET /find?q=typed HTTP") || strings.Contains(sent, fetch.OnlyTLS+": 1") != want {
					t.Errorf("%s, portal %t, to %s, encrypted %t wanted: %s\n%s", ua, portal, host, want, sent, page)
				}
			}
		}
	}
}

// On a screen that knows no such button, the gateway goes where it says, and as it says.
func TestSEC37_ButtonsOfHandsetsStayOutOfTheClear(t *testing.T) {
	for _, ua := range []string{uaP903i, uaCA39, ua910T, "DoCoMo/1.0/D501i", uaNetscape} {
		for _, method := range []string{"get", "post"} {
			w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
				ctx.SetContentType("text/html; charset=utf-8")
				ctx.SetBodyString(`<title>t</title><form action="/find" method="` + method + `"><input name="q"><button>plain</button><button formaction="https://shop.example/find">safe</button></form>`)
			}, func(c *Config) { c.World = &World{Proxy: true, Portal: true} })
			p := w.phoneOf(ua)
			for button, want := range map[string]bool{"plain": false, "safe": true} {
				page, err := p.Get("/~/plain.example/")
				if err != nil {
					t.Fatal(err)
				}
				pairs := []string{"q", "typed"}
				for _, b := range page.Forms[0].Buttons {
					if b.Says(button) && b.Name != "" {
						pairs = append(pairs, b.Name, b.Value)
					}
				}
				w.requests()
				if _, err := p.Submit(0, pairs...); err != nil {
					t.Fatalf("%s: %v", ua, err)
				}
				if sent := w.requests()[0]; strings.Contains(sent, fetch.OnlyTLS+": 1") != want || strings.Contains(sent, "_y=") {
					t.Errorf("%s %s, encrypted %t wanted: %s", ua, method, want, sent)
				}
			}
		}
	}
}
