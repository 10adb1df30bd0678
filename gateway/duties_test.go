package gateway

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"strings"
	"testing"

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
	r := w.post("210.153.84.1", uaP903i, "/old", "a=1&b=%82%A0")
	if body := string(r.Body()); r.StatusCode() != 200 || !strings.Contains(body, "POST a=1&amp;b=%E3%81%82") {
		t.Errorf("%d %s", r.StatusCode(), body)
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
