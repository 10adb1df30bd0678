package gateway

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"
	"time"

	"musubi/gateway/fetch"
	"musubi/gateway/session"

	"github.com/valyala/fasthttp"
)

// twoSites are what a gateway to any site finds: a shop with a login, and an evil one that links and posts to it.
func twoSites(ctx *fasthttp.RequestCtx) {
	h := &ctx.Request.Header
	ctx.SetContentType("text/html; charset=utf-8")
	switch host, path := string(h.Host()), string(ctx.RequestURI()); {
	case host == "shop.example" && path == "/login":
		ctx.Response.Header.Set(fetch.OverTLS, "1")
		ctx.Response.Header.Add("Set-Cookie", "sid="+string(ctx.PostArgs().Peek("name"))+"; Secure; HttpOnly; Path=/")
		ctx.Response.Header.Add("Set-Cookie", "all=1; Domain=example; Path=/") // a public suffix: nobody's
		ctx.Redirect("https://shop.example/home#top", 302)
	case path == "/drawing.svg":
		ctx.SetContentType("image/svg+xml")
		ctx.SetBodyString(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`)
	case host == "shop.example" && path == "/away":
		ctx.Response.Header.Set("Location", "https://evil.example:443/x?y=%FF")
		ctx.SetStatusCode(302)
	default:
		ctx.SetBodyString(`<title>` + host + `</title><p>` + host + path + ` cookie=` + string(h.Peek("Cookie")) + ` origin=` + string(h.Peek("Origin")) + ` referer=` + string(h.Peek("Referer")) + `.</p>
<a href="../../../a/./b">up</a> <a href="https://shop.example/x?q=1#z">shop</a> <a href="//evil.example">evil</a> <a href="http://日本語.example/">idn</a> <a href="mailto:a@example.org">mail</a> <a href="javascript:x">no</a>
<form action="https://shop.example/login" method="post"><input name="name" value="한국어"><input type="submit" value="Go"></form><form action="/search"><input name="q"></form><img src="https://cdn.example/p.png" alt="p">`)
	}
}

func anySite(t *testing.T, edit func(*World)) *world {
	return newWorld(t, twoSites, func(c *Config) {
		c.World = &World{Proxy: true, Portal: true}
		if edit != nil {
			edit(c.World)
		}
	})
}

// The session of a screen goes along through a portal; each site sees its own cookies, and a form of another site comes without.
func TestPortalKeepsSitesApart(t *testing.T) {
	for _, ua := range []string{uaP903i, "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "UP.Browser/3.04-KCTA UP.Link/3.4.5.9", "Mozilla/4.08 [ja] (Win98; I)", "Nokia7110/1.0 (04.84)", "NCSA_Mosaic/2.0 (Windows x86)", uaChrome} {
		w := anySite(t, nil)
		p := w.phoneOf(ua)
		page, err := p.Get("/~/shop.example/d/")
		if err != nil || page.Status != 200 || !strings.Contains(page.Text, "shop.example/d/") {
			t.Fatalf("%s: %v %+v", ua, err, page)
		}
		for _, l := range page.Links {
			if !strings.Contains(l.URL, "/~/") && l.Text != "mail" && l.Text != "no" {
				t.Errorf("%s: the link %s leads out: %s", ua, l.Text, l.URL)
			}
		}
		if page, err = p.Submit(0, "name", "taro"); err != nil || !strings.Contains(page.Text, "cookie=sid=taro") || strings.Contains(page.Text, "all=1") {
			t.Fatalf("%s: %v %s", ua, err, page.Text)
		}
		if page, err = p.Follow("evil"); err != nil || !strings.Contains(page.Text, "evil.example/ cookie= ") {
			t.Fatalf("%s: %v %s", ua, err, page.Text)
		}
		if page, err = p.Follow("shop"); err != nil || !strings.Contains(page.Text, "shop.example/x?q=1 cookie=sid=taro") {
			t.Errorf("%s: the login is lost on the way back: %v %s", ua, err, page.Text)
		}
		if sent := w.requests(); !strings.Contains(sent[len(sent)-1], fetch.CookieInClear+": \r\n") {
			t.Errorf("%s: nothing says that the cookie is for TLS alone: %s", ua, sent[len(sent)-1])
		}
		if page, err = p.Get("/~/shop.example/away"); err != nil || !strings.Contains(page.Text, "evil.example/x?y=%FF cookie= ") {
			t.Errorf("%s: a redirect to another site: %v %s", ua, err, page.Text)
		}
		w.requests()
		if _, err = p.Submit(0, "name", "mallory"); err != nil {
			t.Fatal(err)
		}
		posted := w.requests()[0]
		if !strings.Contains(posted, fetch.OnlyTLS+": 1") {
			t.Errorf("%s: a form that is for https may go out in the clear: %s", ua, posted)
		}
		if strings.Contains(posted, "sid=taro") || strings.Contains(posted, "Origin: http://shop.example") || strings.Contains(posted, "Referer: http://shop.example") {
			t.Errorf("%s: a form of another site is vouched for: %s", ua, posted)
		}
		if page, err = p.Get("/"); err != nil || !strings.Contains(page.Text, "shop.example") {
			t.Errorf("%s: no history: %v %s", ua, err, page.Text)
		}
	}
}

// What an archive has for this handset comes through a proxy byte for byte; below a portal its links have to lead here again, as they do where
// a password was typed.
func TestArchivedPagesAsTheyWere(t *testing.T) {
	page := "<html><body>\xf8\x9f<a href=\"http://i.example/n\">n</a><a href=/m>m</a></body></html>"
	stored := func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html")
		if strings.Contains(string(ctx.UserAgent()), "P903i") && len(ctx.Request.Header.Peek("X-Ktai-Rewritten")) == 0 {
			ctx.Response.Header.Set("Cache-Control", "no-transform")
		}
		ctx.SetBodyString(page)
	}
	for _, archive := range []bool{true, false} {
		w := newWorld(t, stored, func(c *Config) { c.World = &World{Proxy: true, Portal: true, Archive: archive} })
		through := func(ua string) string {
			return string(w.raw(anywhere, "GET http://i.example/ HTTP/1.1\r\nHost: i.example\r\nUser-Agent: "+ua+"\r\n\r\n").Body())
		}
		if got := through(uaP903i); (got == page) != archive {
			t.Errorf("archive %t, to its own handset: %q", archive, got)
		}
		if got := through(uaCA39); got == page {
			t.Errorf("to another: %q", got)
		}
		w.requests()
		if got := string(w.get(anywhere, uaP903i, "/~/i.example/").Body()); strings.Contains(w.requests()[0], "X-Ktai-Rewritten: 1") != archive || !strings.Contains(got, `href="/~/i.example/n?`) {
			t.Errorf("below a portal: %q", got)
		}
	}
}

// A cookie for everybody below a public suffix, or for another site, is nobody's, also where a browser keeps its cookies itself: those of the
// day know no such thing.
func TestSEC34_CookiesForEverybodyStayOut(t *testing.T) {
	lines := map[string]bool{
		"a=1": true, "a=1; Domain=shop.co.jp": true, "a=1; domain=.WWW.shop.co.jp; Path=/": true, "a=1; Domain=": true,
		"a=1; Domain=co.jp": false, "a=1; Domain=.jp": false, "a=1; DOMAIN = .Co.Jp.; Path=/": false, `a=1;domain="co.jp"`: false, "a=1; Domain=evil.example": false,
		"__Host-a=1; Domain=shop.co.jp": false, "a=1; Domain=shop.co.jp; Domain=co.jp": false, "a=1; Domain=..co.jp": false,
	}
	line := ""
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) { ctx.Response.Header.Add("Set-Cookie", line); hello(ctx) }, func(c *Config) { c.World = &World{Proxy: true, Portal: true} })
	for l, kept := range lines {
		line = l
		for _, ua := range []string{uaNetscape, uaChrome} {
			r := w.raw(anywhere, "GET http://www.shop.co.jp/ HTTP/1.1\r\nHost: www.shop.co.jp\r\nUser-Agent: "+ua+"\r\n\r\n")
			if got := len(r.Header.PeekAll("Set-Cookie")) == 1; got != kept {
				t.Errorf("%.10s: %q: passed %t, want %t", ua, l, got, kept)
			}
		}
	}
}

// A browser below a portal is led nowhere by what an answer says beside its bytes, and reads no page whose type nobody told.
func TestSEC34_FieldsThatLeadOutOfAPortal(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		for _, name := range []string{"Refresh", "Link", "Clear-Site-Data", "Content-Security-Policy-Report-Only", "Report-To", "Content-Location"} {
			ctx.Response.Header.Set(name, "0; url=https://evil.example/")
		}
		ctx.Response.Header.SetNoDefaultContentType(true)
		if string(ctx.Path()) == "/text" {
			ctx.SetContentType("text/plain")
		}
		ctx.SetBodyString(`<!DOCTYPE html><p>x</p><a href="https://other.example/">x</a>`)
	}, func(c *Config) { c.World = &World{Portal: true} })
	r := w.get(anywhere, uaChrome, "/~/shop.example/text")
	if strings.Contains(r.Header.String(), "evil.example") {
		t.Errorf("%s", r.Header.String())
	}
	r = w.get(anywhere, uaChrome, "/~/shop.example/untyped")
	if got := string(r.Body()); strings.Contains(r.Header.String(), "evil.example") || !strings.Contains(got, `href="/~/other.example/`) || strings.Contains(got, "https://") {
		t.Errorf("%s%s", r.Header.String(), got)
	}
}

// Who logs out is out, also when a picture of another site has set its first cookie meanwhile.
func TestLogoutBesidePicturesOfOthers(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		set := func(line string) { ctx.Response.Header.Add("Set-Cookie", line) }
		switch string(ctx.Request.Header.Host()) + string(ctx.Path()) {
		case "shop.example/login":
			set("sid=taro; Path=/")
		case "shop.example/logout":
			set("sid=; Path=/; Max-Age=0")
		case "cdn.example/p.gif":
			set("seen=1; Path=/")
			ctx.SetContentType("image/gif")
			ctx.SetBodyString("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
			return
		}
		ctx.SetBodyString(`<p>cookie=` + string(ctx.Request.Header.Peek("Cookie")) + `.</p><a href="/logout">out</a> <a href="/home">home</a> <img src="http://cdn.example/p.gif" alt="p">`)
	}, func(c *Config) { c.World = &World{Portal: true} })
	p := w.phoneOf(uaP903i)
	p.Get("/~/shop.example/login")
	page, err := p.Get("/~/shop.example/home")
	if err != nil || !strings.Contains(page.Text, "cookie=sid=taro.") {
		t.Fatalf("%v %+v", err, page)
	}
	session := page.URL[strings.Index(page.URL, "_s="):]
	w.get(handsetAddr["docomo"], uaP903i, "/~/cdn.example/p.gif?"+session)
	for _, words := range []string{"out", "home"} {
		if page, err = p.Follow(words); err != nil || words == "home" && !strings.Contains(page.Text, "cookie=.") {
			t.Errorf("%s: %v %s", words, err, page.Text)
		}
	}
	w.requests()
	w.get(handsetAddr["docomo"], uaP903i, "/~/cdn.example/p.gif?"+session)
	if sent := w.requests()[0]; !strings.Contains(sent, "seen=1") {
		t.Errorf("the picture's own cookie is lost: %s", sent)
	}
}

// What a browser without scripts of ours is shown below a portal runs none of a site's either: it would read all sites.
func TestPortalConfinesBrowsers(t *testing.T) {
	w := anySite(t, nil)
	if r := w.get(anywhere, uaChrome, "/~/evil.example/drawing.svg"); !strings.HasPrefix(string(r.Header.Peek("Content-Security-Policy")), "sandbox ") {
		t.Errorf("a drawing with scripts: %s", r.Header.String())
	}
	r := w.get(anywhere, uaChrome, "/~/evil.example/")
	if csp := string(r.Header.Peek("Content-Security-Policy")); !strings.HasPrefix(csp, "sandbox ") || strings.Contains(csp, "allow-scripts") || strings.Contains(csp, "allow-same-origin") {
		t.Errorf("policy %q", csp)
	}
	if strings.Contains(r.Header.String(), "sid=") {
		t.Errorf("a site's cookie under the portal's name: %s", r.Header.String())
	}
}

func TestProxyLeadsToEverySite(t *testing.T) {
	w := anySite(t, nil)
	ask := func(method, target, host, ua, more string) *fasthttp.Response {
		return w.raw(anywhere, method+" "+target+" HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+ua+"\r\n"+more+"\r\n")
	}
	netscape := "Mozilla/4.08 [ja] (Win98; I)"
	r := ask("GET", "http://shop.example/a/b", "shop.example", netscape, "Referer: http://evil.example/secret?x\r\n")
	body := string(r.Body())
	for _, want := range []string{`href="/a/b"`, `href="/x?q=1&amp;_y=1#z"`, `href="http://evil.example/"`, `src="http://cdn.example/p.png"`, `action="/login?_y=1"`, "referer=http://evil.example/.", `href="http://xn--wgv71a119e.example/"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	form := "name=taro"
	r = ask("POST", "http://shop.example/login", "shop.example", netscape, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"+form)
	if c := string(r.Header.PeekCookie("sid")); !strings.Contains(c, "sid=taro") || strings.Contains(strings.ToLower(c), "secure") {
		t.Errorf("cookie %q: a browser that sees no TLS could not keep it", c)
	}
	if to := string(r.Header.Peek("Location")); to != "http://shop.example/home#top" {
		t.Errorf("sent on to %s", to)
	}
	for target, row := range map[string]struct {
		host   string
		status int
	}{
		"http://shop.example/":          {"evil.example", 400},
		"http://user@shop.example/":     {"user@shop.example", 403},
		"http://0x7f.1/":                {"0x7f.1", 403},
		"http://shop.example:99999/":    {"shop.example:99999", 403},
		"http://" + ourHost + "/":       {ourHost, 200},
		"/":                             {"shop.example", 421},
		"http://" + ourHost + "/_/open": {ourHost, 400},
	} {
		if r := ask("GET", target, row.host, netscape, ""); r == nil || r.StatusCode() != row.status {
			t.Errorf("%s (Host %s): %v, want %d", target, row.host, r, row.status)
		}
	}
	if r := ask("CONNECT", "shop.example:443", "shop.example:443", netscape, ""); r.StatusCode() != 405 {
		t.Errorf("CONNECT: %d", r.StatusCode())
	}
	if r := ask("GET", "http://"+ourHost+"/_/proxy.pac", ourHost, netscape, ""); !strings.Contains(string(r.Body()), "PROXY "+ourHost) {
		t.Errorf("PAC: %s", r.Body())
	}
}

// A proxy is for those on its list, or who know its password (SEC-68).
func TestSEC68_NoOpenProxy(t *testing.T) {
	w := anySite(t, func(w *World) {
		w.Allow, w.Password = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}, "himitsu"
	})
	if r := w.get("198.51.100.7", uaChrome, "/~/shop.example/"); r.StatusCode() != 200 {
		t.Errorf("on the list: %d", r.StatusCode())
	}
	for _, credentials := range []string{"", "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("x:wrong")) + "\r\n"} {
		r := w.raw("192.0.2.9", "GET http://shop.example/ HTTP/1.0\r\nUser-Agent: Mozilla/4.08 [ja] (Win98; I)\r\n"+credentials+"\r\n")
		if r.StatusCode() != 407 || len(r.Header.Peek("Proxy-Authenticate")) == 0 {
			t.Errorf("a stranger: %d", r.StatusCode())
		}
	}
	good := "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("x:himitsu")) + "\r\n"
	if r := w.raw("192.0.2.9", "GET http://shop.example/ HTTP/1.0\r\nUser-Agent: Mozilla/4.08 [ja] (Win98; I)\r\n"+good+"\r\n"); r.StatusCode() != 200 {
		t.Errorf("with the password: %d", r.StatusCode())
	}
	for _, req := range w.requests() {
		if strings.Contains(req, "Proxy-Authorization") {
			t.Error("the password went to the site")
		}
	}
	p := w.phoneOf("KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0")
	page, err := p.Get("/~/shop.example/x")
	if err != nil || page.Status != 403 || len(page.Forms) != 1 {
		t.Fatalf("%v %+v", err, page)
	}
	if page, _ = p.Submit(0, "w", "wrong"); page.Status != 403 {
		t.Errorf("a wrong password: %d", page.Status)
	}
	if page, err = p.Submit(0, "w", "himitsu"); err != nil || !strings.Contains(page.Text, "shop.example/x") {
		t.Errorf("the right one: %v %+v", err, page)
	}
	if page, err = p.Follow("up"); err != nil || page.Status != 200 {
		t.Errorf("typed once: %v %+v", err, page)
	}
}

// Whoever guesses the password is let in no more often than slowly; who knows it, with every request.
func TestSEC102_GuessingThePassword(t *testing.T) {
	w := anySite(t, func(w *World) { w.Password = "himitsu" })
	for i := range 30 {
		if r := w.raw("192.0.2.9", "GET http://shop.example/ HTTP/1.0\r\nUser-Agent: x\r\nProxy-Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("x:himitsu"))+"\r\n\r\n"); r.StatusCode() != 200 {
			t.Fatalf("the right password is refused the %dth time: %d", i+1, r.StatusCode())
		}
	}
	for range 30 {
		w.raw("192.0.2.9", "GET http://shop.example/ HTTP/1.0\r\nUser-Agent: x\r\nProxy-Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("x:guess"))+"\r\n\r\n")
	}
	r := w.raw("192.0.2.9", "GET http://shop.example/ HTTP/1.0\r\nUser-Agent: x\r\nProxy-Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("x:himitsu"))+"\r\n\r\n")
	if r.StatusCode() != 407 {
		t.Errorf("after 30 guesses the right one counts at once: %d", r.StatusCode())
	}
}

func TestStartPage(t *testing.T) {
	w := anySite(t, func(w *World) { w.Bookmarks = []session.Visit{{URL: "http://shop.example/", Title: "みせ"}} })
	p := w.phoneOf(uaP903i)
	page, err := p.Get("/")
	if err != nil || !strings.Contains(page.Text, "みせ") {
		t.Fatalf("%v %+v", err, page)
	}
	if page, err = p.Submit(0, "u", "evil.example/p?a=b"); err != nil || !strings.Contains(page.Text, "evil.example/p?a=b") {
		t.Fatalf("an address that was typed: %v %+v", err, page)
	}
	if page, err = p.Get("/"); err != nil || len(page.Forms) != 2 {
		t.Fatalf("%v %+v", err, page)
	}
	if page, err = p.Submit(1, "u", "http://evil.example/p?a=b"); err != nil || len(page.Forms) != 3 {
		t.Fatalf("kept: %v %+v", err, page)
	}
	if page, err = p.Submit(2); err != nil || len(page.Forms) != 2 {
		t.Errorf("taken off: %v %+v", err, page)
	}
	if page, err = p.Submit(0, "u", "not an address"); err != nil || page.Status != 400 {
		t.Errorf("%v %+v", err, page)
	}
}

// What must not be reached is said in the screen's own markup.
func TestSEC85_RefusedOnTheScreen(t *testing.T) {
	way, err := fetch.New(fetch.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, nil, func(c *Config) { c.World, c.Upstream = &World{Portal: true, Proxy: true}, way })
	for _, target := range []string{"127.0.0.1", "169.254.169.254", "[::1]", "10.0.0.1:8080", "0x7f.0.0.1", "localhost"} {
		r := w.get(anywhere, uaP903i, "/~/"+target+"/")
		if r.StatusCode() != 403 || !strings.Contains(string(r.Header.ContentType()), "Shift_JIS") {
			t.Errorf("%s: %d %s", target, r.StatusCode(), r.Header.ContentType())
		}
	}
}

// Sites that mean harm or are broken, through the portal: each is answered in time, in the screen's own markup, with nothing of theirs that
// was not one answer.
func TestSEC62_SitesThatLie(t *testing.T) {
	// net/http reads these as one answer, as browsers do; a connection leads to one site, which can only lie to its own readers.
	forgiven := map[string]bool{"HTTP/2": true, "bare LF": true, "bare LF in the middle": true, "folded line": true, "coding and length": true, "length and coding": true,
		"the same length twice": true, "space before colon": true}
	for _, lie := range lies {
		t.Run(lie.name, func(t *testing.T) {
			t.Parallel()
			host := startLiar(t, lie.raw, lie.closes).ln.Addr().String()
			way, err := fetch.New(fetch.Config{Reach: []string{host}, Timeout: 700 * time.Millisecond, BodyTime: 2 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, nil, func(c *Config) { c.World, c.Upstream = &World{Portal: true}, way })
			began := time.Now()
			r := w.get(anywhere, uaP903i, "/~/"+host+"/")
			if time.Since(began) > 5*time.Second {
				t.Errorf("answered after %v", time.Since(began))
			}
			if got := r.StatusCode(); got != lie.want && !forgiven[lie.name] {
				t.Errorf("status %d, want %d: %s", got, lie.want, r.Body())
			}
			if r.StatusCode() >= 400 && !strings.Contains(string(r.Header.ContentType()), "Shift_JIS") || len(r.Header.PeekCookie("q")) > 0 {
				t.Errorf("%s", r.Header.String())
			}
		})
	}
}

// What somebody types for one site is not sent to another below the portal: each asks under its own name, in which browsers keep it.
func TestSEC34_LoginsOfSitesBelowAPortal(t *testing.T) {
	ask := func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Add("WWW-Authenticate", `Negotiate`)
		ctx.Response.Header.Add("WWW-Authenticate", `Basic realm="the same, \"everywhere"`)
		ctx.SetStatusCode(401)
	}
	w := newWorld(t, ask, func(c *Config) { c.World = &World{Portal: true, Proxy: true} })
	for _, ua := range []string{uaP903i, uaChrome, uaNetscape} {
		for _, site := range []string{"shop.example", "evil.example"} {
			r := w.get(anywhere, ua, "/~/"+site+"/")
			if got := r.Header.PeekAll("Www-Authenticate"); len(got) != 1 || string(got[0]) != `Basic realm="`+site+`"` {
				t.Errorf("%.10s: %s asks with %q", ua, site, got)
			}
		}
	}
}
