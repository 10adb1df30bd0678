package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
	"golang.org/x/text/encoding/japanese"
)

const sjisPage = `<!DOCTYPE html><html><head><title>題</title></head><body><p>表示 ☀</p><a href="/next?q=%E8%A1%A8">次</a></body></html>`

// foreign is a world before some other application, which answers as up says.
func foreign(t *testing.T, up upstreamFunc) *world {
	t.Helper()
	return newWorld(t, up, func(c *Config) { c.Foreign = true })
}

func sunnyPage(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("text/html; charset=utf-8")
	ctx.SetBodyString(sjisPage)
}

func TestCT01_OtherMethodsPassUntouched(t *testing.T) {
	w := newWorld(t, sunnyPage, func(c *Config) { c.Foreign, c.Methods = true, []string{"GET", "PUT"} })
	r := w.raw(anywhere, "PUT /x HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+uaChrome+"\r\nContent-Type: text/x\r\nContent-Length: 3\r\n\r\nabc")
	if r == nil || string(r.Body()) != sjisPage || !strings.HasSuffix(w.requests()[0], "\r\n\r\nabc") {
		t.Errorf("PUT: %v", r)
	}
}

func TestCT02_NoTransformOfTheRequest(t *testing.T) {
	w := foreign(t, sunnyPage)
	if r := w.get(anywhere, uaP903i, "/", "Cache-Control: no-transform"); string(r.Body()) != sjisPage || len(r.Header.Peek("Warning")) > 0 {
		t.Errorf("changed all the same: %s %s", r.Header.String(), r.Body())
	}
	if r := w.get(anywhere, uaP903i, "/"); string(r.Body()) == sjisPage {
		t.Error("an i-mode handset got the page as it was")
	}
}

func TestCT13_NoTransformOfTheAnswer(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		sunnyPage(ctx)
		ctx.Response.Header.Set("Cache-Control", "max-age=9, No-Transform")
	})
	if r := w.get(anywhere, uaP903i, "/"); string(r.Body()) != sjisPage {
		t.Errorf("changed: %s", r.Body())
	}
}

func TestCT03_BrowsersGetThePageAsItIs(t *testing.T) {
	w := foreign(t, sunnyPage)
	for _, ua := range []string{uaChrome, "curl/8.0", "", "Googlebot/2.1 (+http://www.google.com/bot.html)"} {
		if r := w.get(anywhere, ua, "/"); string(r.Body()) != sjisPage {
			t.Errorf("%q: %s", ua, r.Body())
		}
	}
}

func TestCT04_NoFieldIsLost(t *testing.T) {
	w := foreign(t, sunnyPage)
	w.get(anywhere, uaChrome, "/", "Accept: text/x", "Accept-Language: fr", "X-Unknown: 1", "X-Unknown: 2", "Authorization: Basic eA==")
	seen := w.requests()[0]
	for _, line := range []string{"Accept: text/x", "Accept-Language: fr", "X-Unknown: 1", "X-Unknown: 2", "Authorization: Basic eA==", "User-Agent: " + uaChrome} {
		if !strings.Contains(seen, line+"\r\n") {
			t.Errorf("%s is missing in %q", line, seen)
		}
	}
}

func TestCT07_OnePOSTOnly(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(406) })
	w.post(anywhere, uaP903i, "/", "a=b")
	if n := len(w.requests()); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestCT11_Via(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		sunnyPage(ctx)
		ctx.Response.Header.Set("Via", "1.1 inner")
	})
	r := w.get(anywhere, uaP903i, "/", "Via: 1.0 carrier (x)")
	if seen := w.requests()[0]; !strings.Contains(seen, "Via: 1.0 carrier (x), 1.1 musubi (http://www.w3.org/ns/ct)\r\n") {
		t.Errorf("upstream saw %q", seen)
	}
	if got := string(r.Header.Peek("Via")); got != "1.1 inner, 1.1 musubi" {
		t.Errorf("the client saw %q", got)
	}
}

func TestCT12_Forwarded(t *testing.T) {
	w := newWorld(t, sunnyPage, func(c *Config) { c.Foreign = true; c.TrustProxies = proxies("192.0.2.0/24") })
	for _, row := range []struct{ from, lines, want string }{
		{"198.51.100.7", "", "X-Forwarded-For: 198.51.100.7\r\n"},
		{"198.51.100.7", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 198.51.100.7\r\n"},
		{anywhere, "X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 1.2.3.4\r\n"},
		{anywhere, "X-Forwarded-For: 6.6.6.6, 1.2.3.4", "X-Forwarded-For: 1.2.3.4\r\n"},
		{"2001:db8::1", "Forwarded: for=1.2.3.4", `Forwarded: for="[2001:db8::1]";host="sns.example";proto=http` + "\r\n"},
	} {
		lines := []string{}
		if row.lines != "" {
			lines = append(lines, row.lines)
		}
		w.get(row.from, uaChrome, "/", lines...)
		seen := w.requests()[0]
		if !strings.Contains(seen, row.want) || strings.Count(seen, "X-Forwarded-For:") != 1 || strings.Contains(seen, "6.6.6.6") {
			t.Errorf("from %s with %q: %q", row.from, row.lines, seen)
		}
	}
}

func TestCT17_WMLPasses(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/vnd.wap.wml")
		ctx.SetBodyString("<wml/>")
	})
	if r := w.get(anywhere, uaCA39, "/"); string(r.Body()) != "<wml/>" {
		t.Errorf("%s", r.Body())
	}
}

func TestCT18_PagesForHandsetsAreLeftAlone(t *testing.T) {
	const (
		mobile  = `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//WAPFORUM//DTD XHTML Mobile 1.0//EN" "x"><html><body>m</body></html>`
		compact = `<!DOCTYPE html PUBLIC "-//W3C//DTD Compact HTML 1.0 Draft//EN"><html><body>m</body></html>`
		iXHTML  = `<!DOCTYPE html PUBLIC "-//i-mode group (ja)//DTD XHTML i-XHTML(Locale/Ver.=ja/1.0) 1.0//EN" "x"><html><body>m</body></html>`
	)
	large, foreign := strings.Replace(compact, "m<", strings.Repeat("m", 200000)+"<", 1), strings.Replace(compact, "m<", "日本語<", 1)
	for _, row := range []struct {
		name, page, kind, ua string
		alone                bool
	}{
		{"XHTML Mobile for au", mobile, "application/xhtml+xml", uaCA39, true},
		{"XHTML Mobile by WAP's type for au", mobile, "application/vnd.wap.xhtml+xml", uaCA39, true},
		{"XHTML Mobile for i-mode", mobile, "application/xhtml+xml", uaP903i, false},
		{"XHTML Mobile by WAP's type for HDML", mobile, "application/vnd.wap.xhtml+xml", "UP.Browser/3.04-SN13 UP.Link/3.3.0.5", false},
		{"Compact HTML for mova", compact, "text/html", "DoCoMo/1.0/N502i/c08", true},
		{"Compact HTML for WAP", compact, "text/html", "Nokia7110/1.0 (04.84)", false},
		{"Compact HTML over the budget", large, "text/html; charset=Shift_JIS", "DoCoMo/1.0/N502i/c08", false},
		{"Compact HTML in another charset", foreign, "text/html; charset=UTF-8", "DoCoMo/1.0/N502i/c08", false},
		{"i-XHTML for FOMA", iXHTML, "application/xhtml+xml", uaP903i, true},
		{"i-XHTML for mova", iXHTML, "application/xhtml+xml", "DoCoMo/1.0/N502i/c08", false},
	} {
		raw := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", row.kind, len(row.page), row.page)
		r := behind(t, nil, startLiar(t, raw, false)).get(anywhere, row.ua, "/")
		if alone := string(r.Body()) == row.page && string(r.Header.ContentType()) == row.kind && len(r.Header.Peek("Warning")) == 0; alone != row.alone {
			t.Errorf("%s: %s %.300s", row.name, r.Header.String(), r.Body())
		}
	}
}

func TestCT19_Warning214(t *testing.T) {
	w := foreign(t, sunnyPage)
	if got := string(w.get(anywhere, uaP903i, "/").Header.Peek("Warning")); got != `214 musubi "Transformation Applied"` {
		t.Errorf("Warning %q", got)
	}
}

func TestRedirectsOfHandsets(t *testing.T) {
	to := ""
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Add("Set-Cookie", "a=1; Path=/")
		ctx.Response.Header.Set("Location", to)
		ctx.SetStatusCode(307)
	}, func(c *Config) { c.Hosts = []string{ourHost, "www.sns.example"}; c.UpstreamHost = "inner.example" })
	for location, want := range map[string]string{
		"/a?b=1#c": "http://sns.example/a?b=1&_s=", "b": "http://sns.example/x/b?_s=", "?q": "http://sns.example/x/y?q&_s=", "http://sns.example:80/": "http://sns.example:80/?_s=",
		"http://inner.example/z": "http://sns.example/z?_s=", "http://www.sns.example/": "http://www.sns.example/", "//evil.example/": "http://sns.example/_/go?u=",
		"/\\evil.example/": "http://sns.example/_/go?u=", "https://evil.example/": "http://sns.example/_/go?u=", "": "", "mailto:a@b": "", "http://": "",
	} {
		to = location
		r := w.get(docomo, uaP903i, "/x/y")
		got := string(r.Header.Peek("Location"))
		if want == "" {
			if got != "" {
				t.Errorf("%q became %q", location, got)
			}
			continue
		}
		if r.StatusCode() != 302 || !strings.HasPrefix(got, want) || strings.HasSuffix(want, "/") && got != want {
			t.Errorf("%q became %d %q, want %s", location, r.StatusCode(), got, want)
		}
	}
}

func TestCT20_HTTPSStaysHTTPS(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) { ctx.Redirect("/next", 302) }, func(c *Config) {
		c.Foreign = true
		c.TrustProxies = proxies("192.0.2.0/24")
	})
	r := w.get(anywhere, uaP903i, "/", "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https")
	if got := string(r.Header.Peek("Location")); got != "https://sns.example/next" {
		t.Errorf("Location %q", got)
	}
}

func TestH01_HopByHopFieldsStay(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		sunnyPage(ctx)
		for _, l := range [][2]string{{"Connection", "X-Private"}, {"X-Private", "canary"}, {"Keep-Alive", "canary"}, {"Proxy-Authenticate", "canary"}, {"Upgrade", "canary"}, {"Trailer", "canary"}} {
			ctx.Response.Header.Set(l[0], l[1])
		}
	})
	r := w.get(anywhere, uaChrome, "/", "Connection: X-Mine, X-Ktai-Carrier, close", "X-Mine: canary", "Keep-Alive: canary", "Proxy-Connection: canary", "TE: canary", "Upgrade: canary", "Proxy-Authorization: canary")
	if seen := w.requests()[0]; strings.Contains(seen, "canary") || !strings.Contains(seen, fieldCarrier+": pc") {
		t.Errorf("upstream saw %q", seen)
	}
	if strings.Contains(r.Header.String(), "canary") {
		t.Errorf("the client saw %s", r.Header.String())
	}
}

func TestH02_LoopsEnd(t *testing.T) {
	w := foreign(t, sunnyPage)
	if r := w.get(anywhere, uaP903i, "/", "Via: 1.1 other, 1.1 musubi (x)"); r.StatusCode() != 508 || len(w.requests()) != 0 {
		t.Errorf("status %d", r.StatusCode())
	}
	if r := w.get(anywhere, uaP903i, "/", "Via: 1.1 musubi2"); r.StatusCode() != 200 {
		t.Errorf("another's name: %d", r.StatusCode())
	}
}

func TestH04_PathAndQueryStayAsTheyCame(t *testing.T) {
	w := foreign(t, sunnyPage)
	for _, target := range []string{"/a//b/", "/%E8%A1%A8?x=%2F..%2f&&y", "/a;b=c?q=a+b%20c", "/~x/!$&'()*+,;=:@", "/?a=1&a=2&=3&b", "/x?"} {
		w.get(anywhere, uaChrome, target)
		want := strings.TrimSuffix(target, "?")
		if seen := w.requests()[0]; !strings.HasPrefix(seen, "GET "+want+" HTTP/1.1\r\n") {
			t.Errorf("%s became %.60q", target, seen)
		}
	}
}

func TestH05_FieldsOfTheOldBytesAreDropped(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		sunnyPage(ctx)
		for _, name := range []string{"ETag", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Content-Location", "Accept-Ranges", "Last-Modified", "Content-Range"} {
			ctx.Response.Header.Set(name, `"canary"`)
		}
	})
	if r := w.get(anywhere, uaP903i, "/"); strings.Contains(r.Header.String(), "canary") || r.Header.ContentLength() != len(r.Body()) {
		t.Errorf("%s", r.Header.String())
	}
	if r := w.get(anywhere, uaChrome, "/"); strings.Count(r.Header.String(), "canary") != 9 {
		t.Errorf("a browser lost fields: %s", r.Header.String())
	}
}

func TestH07_ConditionsOfHandsetsStayHere(t *testing.T) {
	w := foreign(t, sunnyPage)
	lines := []string{"Range: bytes=0-3", `If-None-Match: "x"`, "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT", `If-Match: "x"`, `If-Range: "x"`}
	w.get(anywhere, uaP903i, "/", lines...)
	if seen := w.requests()[0]; strings.Contains(seen, "Range") || strings.Contains(seen, "\r\nIf-") {
		t.Errorf("upstream saw %q", seen)
	}
	w.get(anywhere, uaChrome, "/", lines...)
	if seen := w.requests()[0]; strings.Count(seen, "\r\nIf-") != 4 || !strings.Contains(seen, "Range: bytes=0-3") {
		t.Errorf("a browser's conditions: %q", seen)
	}
}

func TestH08_HEADTellsWhatGETWould(t *testing.T) {
	w := foreign(t, sunnyPage)
	whole := w.get(anywhere, uaP903i, "/")
	c := w.dial(anywhere)
	defer c.Close()
	go fmt.Fprintf(c, "HEAD / HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n", ourHost, uaP903i)
	buf := make([]byte, 8192)
	n, _ := c.Read(buf)
	if head := string(buf[:n]); !strings.HasSuffix(head, "\r\n\r\n") || !strings.Contains(head, fmt.Sprintf("Content-Length: %d\r\n", len(whole.Body()))) ||
		!strings.Contains(head, "charset=Shift_JIS") {
		t.Errorf("HEAD: %q", head)
	}
}

func TestH08_HEADOfBrowsers(t *testing.T) {
	ask := func(w *world) string {
		c := w.dial(anywhere)
		defer c.Close()
		go fmt.Fprintf(c, "HEAD / HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n", ourHost, uaChrome)
		buf := make([]byte, 8192)
		n, _ := c.Read(buf)
		return string(buf[:n])
	}
	inProcess := ask(newWorld(t, sunnyPage, nil))
	overTCP := ask(behind(t, nil, startLiar(t, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1234\r\n\r\n", false)))
	for head, want := range map[string]string{inProcess: fmt.Sprintf("Content-Length: %d\r\n", len(sjisPage)), overTCP: "Content-Length: 1234\r\n"} {
		if !strings.HasPrefix(head, "HTTP/1.1 200") || !strings.Contains(head, want) || !strings.HasSuffix(head, "\r\n\r\n") {
			t.Errorf("HEAD: %q, want %q", head, want)
		}
	}
}

// What is not transcoded streams through, whole and without being held.
func TestLargeFilesStreamThrough(t *testing.T) {
	body := strings.Repeat("0123456789abcdef", 1<<20) // 16 MB, more than a page or picture may have
	for name, framing := range map[string]string{"length": fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body), "chunked": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)} {
		w := behind(t, nil, startLiar(t, "HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"+framing, false))
		for _, ua := range []string{uaChrome, uaP903i} {
			if r := w.get(anywhere, ua, "/file"); r.StatusCode() != 200 || string(r.Body()) != body {
				t.Errorf("%s: %d, %d bytes", name, r.StatusCode(), len(r.Body()))
			}
		}
	}
	cut := startLiar(t, "HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: 99999\r\n\r\nshort", true)
	if r := behind(t, nil, cut).raw(anywhere, "GET / HTTP/1.1\r\nHost: "+ourHost+"\r\n\r\n"); r != nil && len(r.Body()) == 99999 {
		t.Error("a file that was cut off looks whole")
	}
}

func TestH12_ContinueOnlyAfterTheLimits(t *testing.T) {
	w := foreign(t, sunnyPage)
	for name, row := range map[string]struct {
		host   string
		length int
		want   string
	}{"fine": {ourHost, 3, "HTTP/1.1 100"}, "too large": {ourHost, 99_000_000, "HTTP/1.1 413"}, "wrong host": {"evil.example", 3, "HTTP/1.1 421"}} {
		c := w.dial(anywhere)
		go fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", row.host, row.length)
		buf := make([]byte, 4096)
		n, _ := c.Read(buf)
		if !strings.HasPrefix(string(buf[:n]), row.want) {
			t.Errorf("%s: %.40q", name, buf[:n])
		}
		c.Close()
	}
}

func TestH14_CookiesAreNeverJoined(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		sunnyPage(ctx)
		ctx.Response.Header.Add("Set-Cookie", "a=1; Path=/")
		ctx.Response.Header.Add("Set-Cookie", "a=2; Path=/x; HttpOnly")
	})
	if got := setCookies(w.get(anywhere, uaChrome, "/")); len(got) != 2 || got[0] != "a=1; Path=/" || got[1] != "a=2; Path=/x; HttpOnly" {
		t.Errorf("%q", got)
	}
}

func TestH19_ErrorPagesAreInTheHandsetsOwnCharset(t *testing.T) {
	w := newWorld(t, func(*fasthttp.RequestCtx) { panic("upstream") }, nil)
	for ua, charset := range map[string]string{uaP903i: "Shift_JIS", uaCA39: "Shift_JIS", ua910T: "UTF-8", uaChrome: "utf-8"} {
		r := w.get(anywhere, ua, "/")
		body := r.Body()
		if charset == "Shift_JIS" {
			body, _ = japanese.ShiftJIS.NewDecoder().Bytes(body)
		}
		if r.StatusCode() != 500 || !strings.Contains(string(body), "申し訳ありません") || len(r.Body()) > 2048 || !strings.Contains(string(r.Header.ContentType()), charset) {
			t.Errorf("%.20s: %d %s %s", ua, r.StatusCode(), r.Header.ContentType(), body)
		}
		if strings.Contains(string(body), "goroutine") || strings.Contains(string(body), "upstream") {
			t.Errorf("%.20s: the page tells too much: %s", ua, body)
		}
	}
	if r := w.get(anywhere, uaChrome, "/", "Accept-Language: en-GB,ja;q=0.5"); !strings.Contains(string(r.Body()), "Something went wrong") {
		t.Errorf("in English: %s", r.Body())
	}
}

func TestSEC69_APanicEndsOneRequestOnly(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if string(ctx.Path()) == "/panic" {
			panic("canary")
		}
		sunnyPage(ctx)
	}, func(c *Config) { c.Log = log.logger() })
	if r := w.get(anywhere, uaP903i, "/panic"); r.StatusCode() != 500 || strings.Contains(string(r.Body()), "canary") {
		t.Errorf("%d %s", r.StatusCode(), r.Body())
	}
	if strings.Count(log.String(), "panic while answering") != 1 {
		t.Errorf("log: %s", log.String())
	}
	if r := w.get(anywhere, uaP903i, "/"); r.StatusCode() != 200 {
		t.Errorf("afterwards: %d", r.StatusCode())
	}
}

func TestSEC70_PagesOfHandsetsAreNeverCached(t *testing.T) {
	w := foreign(t, func(ctx *fasthttp.RequestCtx) {
		sunnyPage(ctx)
		ctx.Response.Header.Set("Cache-Control", "public, max-age=999")
		ctx.Response.Header.Set("Expires", "Thu, 01 Jan 2099 00:00:00 GMT")
	})
	h := &w.get(anywhere, uaP903i, "/?_s=x").Header
	if got := string(h.Peek("Cache-Control")) + "|" + string(h.Peek("Pragma")) + "|" + string(h.Peek("Expires")); got != "private, no-store|no-cache|0" {
		t.Errorf("%s", got)
	}
}

func TestSEC67_TheVerdictIsSignedAndOurs(t *testing.T) {
	w := newWorld(t, sunnyPage, nil)
	w.get(anywhere, uaP903i, "/x?a=1", fieldCarrier+": au", fieldKey+": stolen", fieldSign+": x", fieldTime+": 1")
	var seen fasthttp.Request
	raw := w.requests()[0]
	for line := range strings.SplitSeq(raw, "\r\n") {
		if name, v, ok := strings.Cut(line, ": "); ok {
			seen.Header.Add(name, v)
		}
	}
	if strings.Contains(raw, "stolen") || strings.Count(raw, fieldSign) != 1 {
		t.Fatalf("upstream saw %q", raw)
	}
	if got := string(seen.Header.Peek(fieldCarrier)) + string(seen.Header.Peek(fieldModel)) + string(seen.Header.Peek(fieldClass)); got != "docomoP903iother" {
		t.Errorf("verdict %q", got)
	}
}

func TestH22_FormsAndQueriesBecomeUTF8(t *testing.T) {
	w := newWorld(t, sunnyPage, nil)
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("表ソ")
	sun := "\xf8\x9f" // docomo's sun
	w.post(docomo, uaP903i, "/", "t="+pct(sjis+sun)+"&t=2&_s=x")
	if seen := w.requests()[0]; !strings.HasSuffix(seen, "\r\n\r\nt="+pct("表ソ☀")+"&t=2") {
		t.Errorf("form: %q", seen)
	}
	w.get(docomo, uaP903i, "/search?q="+pct(sjis)+"&_p=3")
	if seen := w.requests()[0]; !strings.HasPrefix(seen, "GET /search?q="+pct("表ソ")+" ") {
		t.Errorf("query: %q", seen)
	}
	w.get(docomo, uaP903i, "/search?q="+pct("表ソ")) // a link of ours, in UTF-8 already
	if seen := w.requests()[0]; !strings.HasPrefix(seen, "GET /search?q="+pct("表ソ")+" ") {
		t.Errorf("link: %q", seen)
	}
	w.get(anywhere, uaChrome, "/search?q="+pct(sjis))
	if seen := w.requests()[0]; !strings.HasPrefix(seen, "GET /search?q="+pct(sjis)+" ") {
		t.Errorf("a browser's query was touched: %q", seen)
	}
}

func pct(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
