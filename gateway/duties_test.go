package gateway

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"musubi/gateway/phone"

	"github.com/valyala/fasthttp"
)

// dutiful is an application that wants of its clients what only browsers do.
func dutiful(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("text/html; charset=utf-8")
	switch string(ctx.Path()) {
	case "/old":
		ctx.Response.Header.Set("Location", "http://127.0.0.1:9000/new?a=%C3%BC")
		ctx.SetStatusCode(308)
	case "/new":
		ctx.SetBodyString("<p>" + string(ctx.Method()) + " " + string(ctx.PostBody()) + "</p>")
	case "/form":
		ctx.SetBodyString(`<a href="http://127.0.0.1:9000/new?a=1">own</a><form method=post action=/new><input name=a value=1><input type=submit></form>`)
	case "/away":
		ctx.Response.Header.Set("Location", "http://127.0.0.1:9000/new#part")
		ctx.SetStatusCode(302)
	case "/refresh":
		ctx.Response.Header.Set("Refresh", "3; url=/next?a=1")
		ctx.SetBodyString("<p>wait</p>")
	case "/x-gzip":
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte("<p>zipped</p>"))
		w.Close()
		ctx.Response.Header.Set("Content-Encoding", "x-gzip")
		ctx.SetBody(b.Bytes())
	case "/deflate":
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 9)
		w.Write([]byte("<p>deflated</p>"))
		w.Close()
		ctx.Response.Header.Set("Content-Encoding", "deflate")
		ctx.SetBody(b.Bytes())
	default:
		ctx.Response.Header.Set("Set-Cookie", "sid=1")
		ctx.SetBodyString(`<a href="/">x</a>`)
	}
}

func dutifulWorld(t *testing.T) *world {
	return newWorld(t, dutiful, func(c *Config) { c.Foreign, c.UpstreamNames = true, []string{"127.0.0.1:9000"} })
}

func TestFormsArePostedAgainFor307And308(t *testing.T) {
	w := dutifulWorld(t)
	for ua, charset := range map[string]string{uaP903i: "", uaNetscape: "; charset=Shift_JIS"} {
		r := w.raw("210.153.84.1", "POST /old HTTP/1.0\r\nHost: "+ourHost+"\r\nUser-Agent: "+ua+"\r\nContent-Type: application/x-www-form-urlencoded"+charset+"\r\nContent-Length: 12\r\n\r\na=1&b=%82%A0")
		if body := string(r.Body()); r.StatusCode() != 200 || !strings.Contains(body, "POST a=1&amp;b=%E3%81%82") {
			t.Errorf("%s: %d %s", ua, r.StatusCode(), body)
		}
	}
}

const uaNetscape = "Mozilla/4.08 [ja] (Win98; I)"

// Browsers that came before 303, 307 and 308 are sent on by 302; those of today get what the application says.
func TestRedirectsOfOldBrowsers(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		to := func(ctx *fasthttp.RequestCtx) {
			ctx.Response.Header.Set("Location", "http://"+string(ctx.Host())+"/next")
			ctx.Response.Header.Set("Set-Cookie", "a=1")
			ctx.SetStatusCode(status)
		}
		for way, w := range map[string]*world{"one": newWorld(t, to, nil), "proxy": newWorld(t, to, func(c *Config) { c.World = &World{Proxy: true} })} {
			target, host := "/", ourHost
			if way == "proxy" {
				target, host = "http://shop.example/", "shop.example"
			}
			for ua, want := range map[string]int{uaNetscape: min(status, 302), uaChrome: status} {
				r := w.raw(anywhere, "GET "+target+" HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+ua+"\r\n\r\n")
				if r.StatusCode() != want || string(r.Header.Peek("Location")) != "http://"+host+"/next" || len(r.Header.PeekCookie("a")) == 0 {
					t.Errorf("%s, %s: %d became %s", way, ua, status, r.Header.String())
				}
			}
		}
	}
}

func TestRedirectsToTheUpstreamsOwnAddressComeHere(t *testing.T) {
	w := dutifulWorld(t)
	r := w.get("210.153.84.1", uaP903i, "/away")
	if got := string(r.Header.Peek("Location")); got != "http://"+ourHost+"/new#part" {
		t.Errorf("sent to %q", got)
	}
}

func TestRefreshFieldsBecomeLinks(t *testing.T) {
	w := dutifulWorld(t)
	if body := string(w.get("210.153.84.1", uaP903i, "/refresh").Body()); !strings.Contains(body, `href="/next?a=1"`) || !strings.Contains(body, "wait") {
		t.Error(body)
	}
}

func TestOldCodingsAreRead(t *testing.T) {
	w := dutifulWorld(t)
	for path, want := range map[string]string{"/x-gzip": "zipped", "/deflate": "deflated"} {
		if body := string(w.get("210.153.84.1", uaP903i, path).Body()); !strings.Contains(body, want) {
			t.Errorf("%s: %s", path, body)
		}
	}
}

// TestOnlyAFormOfOurOwnPageIsVouchedFor: Origin and Referer are said for a form that bears the session of its handset, and for
// nothing else.
func TestOnlyAFormOfOurOwnPageIsVouchedFor(t *testing.T) {
	w := dutifulWorld(t)
	p := w.phoneOf(uaP903i)
	page, err := p.Get("/")
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(page.Links[0].URL, "_s=")
	w.requests()
	for _, c := range []struct {
		target, line string
		want         string
	}{
		{"/new?_s=" + token, "X-A: b", "Origin: http://" + ourHost + "\r\n"},
		{"/new", "X-A: b", ""},
		{"/new?_s=AAAAAAAAAAAAAAAAAAAAAA", "X-A: b", ""},
		{"/new?_s=" + token, "Origin: http://evil.example", "Origin: http://evil.example\r\n"},
	} {
		w.post("210.153.84.1", uaP903i, c.target, "a=1", c.line)
		for _, seen := range w.requests() {
			if has := strings.Contains(seen, "Origin: "); has != (c.want != "") || !strings.Contains(seen, c.want) {
				t.Errorf("%s %s: the upstream saw\n%s", c.target, c.line, seen)
			}
		}
	}
}

// TestFormsOfASessionInACookieAreVouchedFor: they carry a mark that nobody but this session's pages knows; without it nothing
// is said.
func TestFormsOfASessionInACookieAreVouchedFor(t *testing.T) {
	w := dutifulWorld(t)
	p := w.phoneOf(uaCA39)
	open := func() *phone.Page {
		page, err := p.Get("/form")
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	for range 2 { // the session, then the cookie
		if _, err := p.Get("/"); err != nil {
			t.Fatal(err)
		}
	}
	if page := open(); strings.Contains(string(page.Body), "_s=") {
		t.Fatalf("the session is not in a cookie: %s", page.Body)
	}
	for _, forged := range []bool{false, true} {
		var pairs []string
		if open(); forged {
			pairs = []string{"_e", "UTF-8,,AAAAAAAAAAAAAAAA"}
		}
		w.requests()
		if _, err := p.Submit(0, pairs...); err != nil {
			t.Fatal(err)
		}
		seen := strings.Join(w.requests(), "")
		if strings.Contains(seen, "Origin: http://"+ourHost) == forged || strings.Contains(seen, "_e=") || !strings.Contains(seen, "a=1") {
			t.Errorf("forged %v: the upstream saw\n%s", forged, seen)
		}
	}
}

// TestLinksToTheUpstreamsOwnAddressComeHere: what an application calls itself behind the gateway is this site.
func TestLinksToTheUpstreamsOwnAddressComeHere(t *testing.T) {
	w := dutifulWorld(t)
	for _, ua := range kinds() {
		page, err := w.phoneOf(ua).Get("/form")
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Links) == 0 || page.Links[0].URL != "/new?a=1" {
			t.Errorf("%s: %v", ua, page.Links)
		}
	}
}

// TestFormsAreSentInTheirOwnType: a form or button that says multipart/form-data is sent so, with its files that handsets have
// not; one that says text/plain too, and all others as handsets send them.
func TestFormsAreSentInTheirOwnType(t *testing.T) {
	said := ""
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		if !ctx.IsPost() {
			ctx.SetBodyString(`<form method=post action=/s enctype=multipart/form-data><input type=hidden name=h value="✓ é">
				<input name=a value="行"><input type=file name=f><button name=b value=1>M</button>
				<button name=b value=2 formenctype=text/plain>T</button><button name=b value=3 formenctype="application/x-www-form-urlencoded">U</button></form>`)
			return
		}
		kind, params, _ := mime.ParseMediaType(string(ctx.Request.Header.ContentType()))
		body := bytes.Clone(ctx.PostBody())
		if said = kind + " " + string(body); kind == "multipart/form-data" {
			said = kind
			for r := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
				part, err := r.NextPart()
				if err != nil {
					said += fmt.Sprint(" ", err)
					break
				}
				value, _ := io.ReadAll(part)
				said += fmt.Sprintf(" %s=%q", part.Header.Get("Content-Disposition"), value)
			}
		}
		ctx.SetBodyString("<p>saved</p>")
	}, func(c *Config) { c.Foreign = true })
	for _, ua := range kinds() {
		for label, want := range map[string]string{
			"M": `multipart/form-data form-data; name="h"="✓ é" form-data; name="a"="行" form-data; name="f"; filename=""="" form-data; name="b"="1" EOF`,
			"T": "text/plain h=✓ é\r\na=行\r\nf=\r\nb=2\r\n",
			"U": "application/x-www-form-urlencoded h=%E2%9C%93+%C3%A9&a=%E8%A1%8C&f=&b=3",
		} {
			p := w.phoneOf(ua)
			if _, err := p.Get("/"); err != nil {
				t.Fatal(err)
			}
			if !pressed(p, label) || said != want {
				t.Errorf("%s, %s: the application got\n%q, want\n%q", ua, label, said, want)
			}
		}
	}
}
