package gateway

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/carriers"
	"musubi/gateway/redis"
	"musubi/gateway/session"

	"github.com/valyala/fasthttp"
)

// app is a small web application with a login by cookie, as any framework does it.
type app struct {
	mu    sync.Mutex
	n     int
	users map[string]string // sid → name
}

func (a *app) handle(ctx *fasthttp.RequestCtx) {
	a.mu.Lock()
	defer a.mu.Unlock()
	sid := string(ctx.Request.Header.Cookie("sid"))
	ctx.SetContentType("text/html; charset=utf-8")
	switch string(ctx.Path()) {
	case "/":
		if len(ctx.Request.Header.Cookie("pre")) == 0 {
			a.n++
			ctx.Response.Header.Add("Set-Cookie", fmt.Sprintf("pre=%d; Path=/; HttpOnly", a.n))
		}
		ctx.SetBodyString(`<!DOCTYPE html><title>login</title><form method="post" action="/login"><input name="name"></form>`)
	case "/login":
		if !ctx.IsPost() {
			ctx.SetStatusCode(405)
			return
		}
		a.n++
		sid = fmt.Sprintf("secret%d", a.n)
		a.users[sid] = string(ctx.PostArgs().Peek("name"))
		ctx.Response.Header.Add("Set-Cookie", "sid="+sid+"; Path=/; HttpOnly")
		ctx.Response.Header.Set("Location", "/home")
		ctx.SetStatusCode(303)
	case "/home":
		ctx.SetBodyString(`<!DOCTYPE html><title>home</title><p>you are ` + a.users[sid] + `.</p><a href="/home">again</a>`)
	case "/logout":
		delete(a.users, sid)
		ctx.Response.Header.Add("Set-Cookie", "sid=; Path=/; Max-Age=0")
		ctx.Response.Header.Add("Set-Cookie", "pre=; Path=/; Max-Age=0")
		ctx.Response.Header.Set("Location", "/")
		ctx.SetStatusCode(302)
	case "/roll":
		a.n++
		ctx.Response.Header.Add("Set-Cookie", fmt.Sprintf("pre=%d; Path=/", a.n))
		ctx.SetBodyString("<!DOCTYPE html><title>roll</title>")
	case "/away":
		ctx.Response.Header.Set("Location", "http://evil.example/x?y=1")
		ctx.SetStatusCode(302)
	}
}

func newApp() *app { return &app{users: map[string]string{}} }

// tokenOf returns the session ID in an answer's Location or page, "" if none.
func tokenOf(r *fasthttp.Response) string {
	text := string(r.Header.Peek("Location")) + "\n" + string(r.Body())
	_, rest, ok := strings.Cut(text, "_s=")
	if !ok {
		return ""
	}
	return rest[:strings.IndexFunc(rest+"\n", func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_')
	})]
}

var docomo = handsetAddr[carriers.DoCoMo]

// login logs a P903i in and returns its session ID.
func (w *world) login(t *testing.T, name, target string) string {
	t.Helper()
	r := w.post(docomo, uaP903i, target, "name="+name)
	if r.StatusCode() != 302 || !strings.HasPrefix(string(r.Header.Peek("Location")), "http://"+ourHost+"/home?_s=") {
		t.Fatalf("login: %d %s", r.StatusCode(), r.Header.String())
	}
	if len(r.Header.Peek("Set-Cookie")) > 0 {
		t.Fatal("a handset without cookies was sent one")
	}
	return tokenOf(r)
}

func (w *world) who(t *testing.T, from, ua, token string) string {
	t.Helper()
	r := w.get(from, ua, "/home?_s="+token)
	_, rest, _ := strings.Cut(string(r.Body()), "you are ")
	name, _, _ := strings.Cut(rest, ".")
	return name
}

func TestSEC30_SessionInTheURL(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	token := w.login(t, "taro", "/login")
	if !session.ValidID(token) {
		t.Errorf("ID %q", token)
	}
	if got := w.who(t, docomo, uaP903i, token); got != "taro" {
		t.Errorf("home of %q", got)
	}
	for _, r := range w.requests() {
		if strings.Contains(r, token) || strings.Contains(r, "_s=") {
			t.Errorf("the session ID went upstream: %q", r)
		}
	}
}

func TestSEC31_PlantedIDs(t *testing.T) {
	for name, plant := range map[string]func(w *world) string{
		"made up":           func(*world) string { return strings.Repeat("A", session.IDLen) },
		"attacker's own":    func(w *world) string { return tokenOf(w.get(docomo, uaP903i, "/")) },
		"attacker's login":  func(w *world) string { return w.login(t, "attacker", "/login") },
		"not even an ID":    func(*world) string { return "%22%3E%3Cscript%3E" },
		"somebody's cookie": func(*world) string { return "x;sid=secret1" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, newApp().handle, nil)
			planted := plant(w)
			if planted != "" && strings.Contains(string(w.get(docomo, uaP903i, "/home?_s="+planted).Body()), planted) && name != "attacker's login" && name != "attacker's own" {
				t.Error("an ID that we did not issue was written into a link")
			}
			victim := w.login(t, "victim", "/login?_s="+planted)
			if victim == planted {
				t.Fatal("the login kept the planted ID")
			}
			if got := w.who(t, docomo, uaP903i, planted); got == "victim" {
				t.Error("the planted ID opens the victim's session")
			}
			if got := w.who(t, docomo, uaP903i, victim); got != "victim" {
				t.Errorf("the victim's own ID opens %q", got)
			}
		})
	}
}

func TestSEC32_ReplayedURLs(t *testing.T) {
	for _, row := range []struct{ name, from, ua string }{
		{"PC", anywhere, uaChrome},
		{"PC as this handset", anywhere, uaP903i},
		{"PC in the carrier's range", docomo, uaChrome},
		{"other model", docomo, uaN903i},
		{"other carrier", handsetAddr[carriers.Au], uaCA39},
		{"smartphone", anywhere, "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, newApp().handle, nil)
			token := w.login(t, "taro", "/login")
			w.requests()
			r := w.post(row.from, row.ua, "/logout?_s="+token, "x=1")
			if n := len(w.requests()); n != 0 {
				t.Errorf("the offending request did something: %d requests upstream", n)
			}
			if r.StatusCode() != 302 || tokenOf(r) != "" || string(r.Header.Peek("Location")) != "http://"+ourHost+"/" {
				t.Errorf("answer %d %s", r.StatusCode(), r.Header.String())
			}
			if got := w.who(t, docomo, uaP903i, token); got == "taro" {
				t.Error("the session lives on")
			}
		})
	}
}

func TestSEC32_OtherSubscriberOfTheSameModel(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	g := genuines[1]
	au := handsetAddr[carriers.Au]
	id := g.field + ": "
	r := w.post(au, g.ua, "/login", "name=hanako", id+g.id)
	token := tokenOf(r)
	home := w.get(au, g.ua, "/home?_s="+token, id+g.id)
	if !strings.Contains(string(home.Body()), "hanako") {
		t.Fatalf("home: %s", home.Body())
	}
	stolen := w.get(au, g.ua, "/home?_s="+token, id+g.other)
	if strings.Contains(string(stolen.Body()), "hanako") || stolen.StatusCode() != 302 {
		t.Errorf("another subscriber got %d %s", stolen.StatusCode(), stolen.Body())
	}
}

func TestSEC35_ASharedURLComesBackWithoutTheToken(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	token := w.login(t, "taro", "/login")
	r := w.get(anywhere, uaChrome, "/home?id=5&_s="+token+"&b=%E3%81%82")
	if got := string(r.Header.Peek("Location")); r.StatusCode() != 302 || got != "http://"+ourHost+"/home?id=5&b=%E3%81%82" {
		t.Errorf("sent to %d %q", r.StatusCode(), got)
	}
}

func TestSEC33_ExpiredSessionIsNone(t *testing.T) {
	now := time.Date(2007, 3, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t, newApp().handle, func(c *Config) { c.Now = func() time.Time { return now } })
	token := w.login(t, "taro", "/login")
	now = now.Add(31 * time.Minute)
	if got := w.who(t, docomo, uaP903i, token); got != "" {
		t.Errorf("after half an hour: %q", got)
	}
}

// A handset that keeps cookies: the first answers carry the ID in the URL and a probe; once the probe is back, the ID is in
// a cookie only, and the one that was in URLs is worth nothing.
func TestSEC30_CookieHandsetsAreProbedOnce(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	au := handsetAddr[carriers.Au]
	first := w.post(au, uaCA39, "/login", "name=hanako")
	inURL := tokenOf(first)
	if !strings.Contains(cookieLines(first), "_k=1") || inURL == "" {
		t.Fatalf("no probe, or no ID in the URL: %s", first.Header.String())
	}
	second := w.get(au, uaCA39, "/home?_s="+inURL, "Cookie: _k=1")
	id := cookieValue(second, "_s")
	if !strings.Contains(string(second.Body()), "hanako") || !session.ValidID(id) || id == inURL {
		t.Fatalf("with the probe: %s %s", second.Header.String(), second.Body())
	}
	third := w.get(au, uaCA39, "/home", "Cookie: _k=1; _s="+id)
	if !strings.Contains(string(third.Body()), "hanako") || tokenOf(third) != "" || cookieLines(third) != "" {
		t.Errorf("with the cookie: %s %s", third.Header.String(), third.Body())
	}
	if got := w.who(t, au, uaCA39, id); got != "" {
		t.Error("an ID issued for cookies works in a URL")
	}
	never := w.post(au, uaCA39, "/login", "name=jiro")
	url := tokenOf(never)
	if got := w.get(au, uaCA39, "/home?_s="+url); !strings.Contains(string(got.Body()), "jiro") || tokenOf(got) != url && strings.Contains(string(got.Body()), "_s=") {
		t.Errorf("a handset that keeps no cookies after all: %s", got.Body())
	}
}

func TestAuTwoJars(t *testing.T) {
	w := newWorld(t, newApp().handle, func(c *Config) { c.TrustProxies = proxies("192.0.2.0/24") })
	over := func(proto string) []string {
		return []string{"X-Forwarded-For: " + handsetAddr[carriers.Au], "X-Forwarded-Proto: " + proto}
	}
	plain := w.post(anywhere, uaCA39, "/login", "name=plain", append(over("http"), "Cookie: _k=1")...)
	secure := w.post(anywhere, uaCA39, "/login", "name=secure", append(over("https"), "Cookie: _k=1")...)
	p, s := cookieValue(plain, "_s"), cookieValue(secure, "_ss")
	if p == "" || s == "" || cookieValue(secure, "_s") != "" || !strings.Contains(cookieLines(secure), "secure") {
		t.Fatalf("cookies:\n%s\n%s", cookieLines(plain), cookieLines(secure))
	}
	both := "Cookie: _k=1; _ss=" + s + "; _s=" + p
	if r := w.get(anywhere, uaCA39, "/home", append(over("http"), both)...); !strings.Contains(string(r.Body()), "plain") {
		t.Errorf("http with both jars: %s", r.Body())
	}
	if r := w.get(anywhere, uaCA39, "/home", append(over("https"), both)...); !strings.Contains(string(r.Body()), "secure") {
		t.Errorf("https with both jars: %s", r.Body())
	}
}

func cookieLines(r *fasthttp.Response) string { return strings.Join(setCookies(r), "\n") }

func cookieValue(r *fasthttp.Response, name string) string {
	for _, line := range setCookies(r) {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			v, _, _ = strings.Cut(v, ";")
			return v
		}
	}
	return ""
}

func TestSEC37_BrowsersKeepTheUpstreamsOwnCookies(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	r := w.post(anywhere, uaChrome, "/login", "name=taro", "Cookie: pre=9; _s=x; _k=1; b=2")
	if got := cookieLines(r); !strings.HasPrefix(got, "sid=secret1; ") || strings.Contains(got, "_s=") || strings.Contains(got, "_k=") {
		t.Errorf("Set-Cookie %q", got)
	}
	if got := string(r.Header.Peek("Location")); r.StatusCode() != 303 || got != "/home" {
		t.Errorf("redirect %d %q", r.StatusCode(), got)
	}
	if seen := w.requests()[0]; !strings.Contains(seen, "Cookie: pre=9; b=2\r\n") {
		t.Errorf("upstream saw %q", seen)
	}
}

func TestRollingCookiesKeepTheID(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	token := tokenOf(w.get(docomo, uaP903i, "/away?_s="+tokenOf(w.post(docomo, uaP903i, "/login", "name=taro"))))
	if token != "" {
		t.Fatal("a redirect to another site carries the ID")
	}
	token = w.login(t, "taro", "/login")
	w.get(docomo, uaP903i, "/roll?_s="+token) // a cookie that was not there: a new ID
	for range 3 {
		w.get(docomo, uaP903i, "/roll?_s="+token) // within the grace the old one still answers
	}
	if got := w.who(t, docomo, uaP903i, token); got != "taro" {
		t.Errorf("after renewed cookies: %q", got)
	}
}

func TestSEC34_RedirectsToOtherSitesPassTheCushion(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	token := w.login(t, "taro", "/login")
	r := w.get(docomo, uaP903i, "/away?_s="+token)
	location := string(r.Header.Peek("Location"))
	if want := "http://" + ourHost + "/_/go?u=" + url.QueryEscape("http://evil.example/x?y=1"); location != want {
		t.Fatalf("sent to %q, want %q", location, want)
	}
	cushion := w.get(docomo, uaP903i, strings.TrimPrefix(location, "http://"+ourHost))
	body := string(cushion.Body())
	if cushion.StatusCode() != 200 || !strings.Contains(body, "http://evil.example/x?y=1") || strings.Contains(body, token) || strings.Contains(body, "_s=") {
		t.Errorf("cushion: %d %s", cushion.StatusCode(), body)
	}
	if got := string(cushion.Header.Peek("Referrer-Policy")); got != "no-referrer" {
		t.Errorf("Referrer-Policy %q", got)
	}
	if strings.Contains(strings.ToLower(body), "http-equiv") && strings.Contains(strings.ToLower(body), "refresh") {
		t.Error("the cushion refreshes by itself")
	}
}

func TestSEC34_CushionRefusesWhatIsNoWebAddress(t *testing.T) {
	w := newWorld(t, hello, nil)
	for _, u := range []string{"", "javascript:alert(1)", "data:text/html,x", "//evil.example/", "/home", "ftp://a.example/", "http://", "http://user@evil.example/", "http://a.example/%0d%0aX: y", "mailto:a@b"} {
		if r := w.get(docomo, uaP903i, "/_/go?u="+url.QueryEscape(u)); r.StatusCode() != 400 && u != "http://a.example/%0d%0aX: y" {
			t.Errorf("%q: status %d", u, r.StatusCode())
		}
	}
	r := w.get(anywhere, uaChrome, "/_/go?u="+url.QueryEscape(`http://a.example/"><script>alert(1)</script>`))
	if strings.Contains(string(r.Body()), "<script") {
		t.Errorf("cushion lets markup through: %s", r.Body())
	}
}

func TestSEC36_NoTokenGoesUpstream(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	token := w.login(t, "taro", "/login")
	w.requests()
	w.get(docomo, uaP903i, "/home?a=1&_s="+token, "Referer: http://"+ourHost+"/home?b=2&_s="+token+"&guid=ON", "Cookie: _s="+token)
	w.post(docomo, uaP903i, "/home", "c=3&_s="+token+"&_p=2")
	body := "--x\r\nContent-Disposition: form-data; name=\"_s\"\r\n\r\n" + token + "\r\n--x\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n4\r\n--x--\r\n"
	w.raw(docomo, fmt.Sprintf("POST /home HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n%s", ourHost, uaP903i, len(body), body))
	seen := w.requests()
	if len(seen) != 3 || !strings.Contains(seen[0], "Referer: http://"+ourHost+"/home?b=2\r\n") || !strings.HasSuffix(seen[1], "c=3") || !strings.Contains(seen[2], "\r\n\r\n4\r\n") {
		t.Errorf("upstream saw %q", seen)
	}
	for _, r := range seen {
		if strings.Contains(r, token) || strings.Contains(r, "_s=") || !strings.Contains(r, "sid=secret1") {
			t.Errorf("upstream saw %q", r)
		}
	}
}

// brokenStore is a session store that cannot be reached.
type brokenStore struct{ session.Store }

func (brokenStore) Load(context.Context, session.Key) ([]byte, error) { return nil, redis.ErrDown }
func (brokenStore) Save(context.Context, session.Key, []byte, time.Duration) error {
	return redis.ErrDown
}

func TestALostStoreIsAPageThatSaysSo(t *testing.T) {
	a := newApp()
	w := newWorld(t, a.handle, func(c *Config) { c.Sessions = brokenStore{} })
	for name, r := range map[string]*fasthttp.Response{
		"with a session": w.get(docomo, uaP903i, "/home?_s="+strings.Repeat("A", session.IDLen)), "at the login": w.post(docomo, uaP903i, "/login", "name=taro"),
	} {
		if r.StatusCode() != 503 || len(r.Header.Peek("Retry-After")) == 0 || len(r.Body()) > 2048 {
			t.Errorf("%s: %d %s", name, r.StatusCode(), r.Header.String())
		}
	}
	if r := w.get(docomo, uaP903i, "/home"); r.StatusCode() != 200 {
		t.Errorf("without a session: %d", r.StatusCode())
	}
	if r := w.post(anywhere, uaChrome, "/login", "name=taro"); r.StatusCode() != 303 {
		t.Errorf("a browser: %d", r.StatusCode())
	}
}

// Sessions survive a restart of the gateway, each with its own member.
func TestARestartMixesNobodyUp(t *testing.T) {
	name, a := t.TempDir()+"/sessions", newApp()
	tokens := map[string]string{}
	for round := range 3 {
		store := session.OpenFile(name, 0, nil)
		w := newWorld(t, a.handle, func(c *Config) { c.Sessions = store })
		for who, token := range tokens {
			if got := w.who(t, docomo, uaP903i, token); got != who {
				t.Errorf("round %d: %s sees the home of %q", round, who, got)
			}
		}
		for i := range 50 {
			who := fmt.Sprintf("member%d-%d", round, i)
			tokens[who] = w.login(t, who, "/login")
		}
		w.ln.Close()
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A page larger than the handset's budget comes in parts, each with the session on its links.
func TestPartsOfAPage(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Add("Set-Cookie", "sid=1; Path=/")
		ctx.SetContentType("text/html; charset=utf-8")
		ctx.SetBodyString("<!DOCTYPE html><html><head><title>t</title></head><body>" + strings.Repeat(`<p data-cut>`+strings.Repeat("あ", 300)+`<a href="/next">n</a></p>`, 60) + "<p>the end</p></body></html>")
	}, nil)
	const ua = "DoCoMo/1.0/P503i/c10"
	target, seen := "/long?id=1", 0
	for {
		r := w.get(docomo, ua, target)
		seen++
		part := string(r.Header.Peek("Page-Part"))
		if len(r.Body()) > 10_000 || !strings.HasPrefix(part, fmt.Sprint(seen, "/")) || tokenOf(r) == "" {
			t.Fatalf("part %d: %q, %d bytes", seen, part, len(r.Body()))
		}
		if strings.Contains(string(r.Body()), "the end") {
			if part != fmt.Sprintf("%d/%d", seen, seen) {
				t.Errorf("the last part is called %s", part)
			}
			break
		}
		if seen > 20 {
			t.Fatal("no end")
		}
		target = fmt.Sprintf("/long?id=1&_p=%d&_s=%s", seen+1, tokenOf(r))
	}
	if seen < 3 {
		t.Errorf("only %d parts", seen)
	}
	for _, r := range w.requests() {
		if !strings.HasPrefix(r, "GET /long?id=1 ") {
			t.Errorf("upstream saw %.40q", r)
		}
	}
}

func TestSEC36_NoTokenInAnyLog(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, newApp().handle, func(c *Config) { c.Log, c.Access = log.logger(), &log })
	token := w.login(t, "taro", "/login?password=hunter2")
	w.get(docomo, uaP903i, "/home?_s="+token+"&guid=ON", "X-DCMGUID: AbCdEf1")
	w.get(docomo, uaN903i, "/home?_s="+token)
	w.get(anywhere, uaP903i, "/home?guid=ON", "X-DCMGUID: AbCdEf1")
	w.get(docomo, "DoCoMo/2.0 P903i(c100;TB;W24H12;ser123456789012345;icc89811000000000000000)", "/home")
	w.g.access.flush()
	text := log.String()
	for _, canary := range []string{token, "guid", "hunter2", "AbCdEf1", "secret1", "123456789012345", "8981100"} {
		if strings.Contains(text, canary) {
			t.Errorf("the log holds %q:\n%s", canary, text)
		}
	}
	if !strings.Contains(text, `"model":"P903i"`) {
		t.Errorf("the log does not name the model:\n%s", text)
	}
}
