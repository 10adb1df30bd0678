package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
)

func TestSEC30_Token(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	seen := map[string]bool{}
	for range 20 {
		b := w.as(m)
		token := b.cookies["musubi"]
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw)*8 < 128 || seen[token] {
			t.Fatalf("token %q: %d bits, seen before: %v", token, len(raw)*8, seen[token])
		}
		seen[token] = true
	}
	w.store.Close() // flushes the log into the file
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(w.path), "*"))
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			continue // a directory
		}
		for token := range seen {
			if bytes.Contains(content, []byte(token)) {
				t.Fatalf("%s holds a session token", f)
			}
		}
	}
}

func TestSEC31_Fixation(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	b := w.browser()
	const attackers = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	b.cookies["musubi"] = attackers
	page := b.get("/?_s=" + attackers)
	if strings.Contains(page.body, attackers) || b.cookies["musubi"] != attackers {
		t.Fatal("an unknown token is shown back or set")
	}
	b.post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}})
	first := b.cookies["musubi"]
	if first == attackers {
		t.Fatal("the login kept the attacker's token")
	}
	b.post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}})
	if b.cookies["musubi"] == first {
		t.Fatal("a second login kept the token of the first")
	}
	old := w.browser()
	old.cookies["musubi"] = first
	if r := old.get("/home"); r.status != 302 {
		t.Fatalf("the replaced token still opens home: %d", r.status)
	}
}

func TestSEC33_Expiry(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	for range 5 { // used every ten days it lives, until it is sixty days old
		w.clock.advance(10 * 24 * time.Hour)
		if r := b.get("/home"); r.status != 200 {
			t.Fatalf("session in use: %d", r.status)
		}
	}
	w.clock.advance(11 * 24 * time.Hour)
	if r := b.get("/home"); r.status != 302 {
		t.Fatalf("session of 61 days: %d", r.status)
	}
	idle := w.as(w.member("太郎"))
	w.clock.advance(account.SessionIdle + time.Minute)
	if r := idle.get("/home"); r.status != 302 {
		t.Fatalf("idle session: %d", r.status)
	}
}

func TestSEC37_Cookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		w := newWorld(t)
		w.site.secure = secure
		r := w.browser().post("/login", url.Values{"mail": {mailOf(w.member("花子"))}, "password": {password}})
		cookie := strings.ToLower(string(r.header.PeekCookie(w.site.cookieName(sessionCookie))))
		for _, want := range []string{"httponly", "samesite=lax", "path=/"} {
			if !strings.Contains(cookie, want) {
				t.Errorf("secure %v: cookie %q lacks %s", secure, cookie, want)
			}
		}
		if strings.Contains(cookie, "domain") {
			t.Errorf("cookie %q names a domain", cookie)
		}
		if strings.Contains(cookie, "; secure") != secure || strings.HasPrefix(cookie, "__host-") != secure {
			t.Errorf("secure %v: cookie %q", secure, cookie)
		}
	}
}

// memberPosts lists the POST routes that need a login.
func memberPosts() (list []*route) {
	for _, r := range routes.all {
		if r.method == post && r.access != public && r.access != admin && r.access != console { // the console has its own: TestSEC105_ConsoleByRole
			list = append(list, r)
		}
	}
	return list
}

// For each POST route: no token, another session's, another route's, an expired one, one from another site.
func TestSEC38_CSRF(t *testing.T) {
	w := newWorld(t)
	me, other := w.as(w.member("花子")), w.as(w.member("太郎"))
	key := func(b *browser) string { return w.sessionKey(b) }
	for _, r := range memberPosts() {
		tokens := map[string]string{
			"none":           "",
			"garbage":        "AAAA",
			"of another":     w.site.newToken(key(other), r.path),
			"of other route": w.site.newToken(key(me), r.path+"x"),
		}
		expired := w.site.newToken(key(me), r.path)
		for name, k := range tokens {
			if got := me.post(r.path, url.Values{"k": {k}}); got.status != 403 {
				t.Errorf("%s with token %s: %d, want 403", r.path, name, got.status)
			}
		}
		good := w.site.newToken(key(me), r.path)
		for _, headers := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/form"}, {"Referer": "http://sns.example.evil.example/"}} {
			me.headers = headers
			if got := me.post(r.path, url.Values{"k": {good}}); got.status != 403 {
				t.Errorf("%s from %v: %d, want 403", r.path, headers, got.status)
			}
		}
		me.headers = map[string]string{}
		if got := me.do("POST", r.path, "text/plain", []byte("k="+good)); got.status != 403 {
			t.Errorf("%s as text/plain: %d, want 403", r.path, got.status)
		}
		// A GET of the path shows a form at most: a page of that address, the question before it deletes, or none because it says
		// about what.
		_, asks := routes.asks(get, r.path)
		if got := me.get(r.path + "?sure=1&k=" + good); got.status != 404 && !(got.status == 200 && (findable(get, r.path) || asks)) {
			t.Errorf("GET %s with the token: %d", r.path, got.status)
		}
		w.clock.advance(formAge + time.Second)
		if got := me.post(r.path, url.Values{"k": {expired}}); got.status != 403 {
			t.Errorf("%s with an expired token: %d, want 403", r.path, got.status)
		}
	}
	if n := w.deletions(); n > 0 {
		t.Errorf("links deleted %d things", n)
	}
	if r := me.get("/home"); r.status != 200 {
		t.Fatalf("some refused form ended the session: %d", r.status)
	}
}

// A form may come from a node whose clock is ahead, by clockSkew and no more: one made in a further future would be good for
// longer than formAge, and so for as long as whoever made it likes.
func TestSEC38_ClockSkewOfForms(t *testing.T) {
	w := newWorld(t)
	key := w.sessionKey(w.as(w.member("花子")))
	for ahead, want := range map[time.Duration]bool{
		-formAge: true, -formAge - time.Second: false, 0: true,
		clockSkew - time.Second: true, clockSkew: false, clockSkew + time.Second: false, formAge: false,
	} {
		w.clock.advance(ahead)
		token := w.site.newToken(key, "/logout")
		w.clock.advance(-ahead)
		if _, ok := w.site.checkToken(token, key, "/logout"); ok != want {
			t.Errorf("a form of a clock that is %v ahead: taken %v, want %v", ahead, ok, want)
		}
	}
}

func findable(method, path string) bool { _, ok := routes.find(method, path); return ok }

func TestSEC39_DoubleSubmit(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	d := w.diary(m, "題", core.Friends)
	b := w.as(m)
	page := b.get(diaryPath(d.Owner, d.ID))
	values := url.Values{"k": {tokenOn(t, page.body, "/diary/comment")}, "owner": {d.Owner.String()}, "id": {d.ID.String()}, "body": {"一度だけ"}, "send": {"送信"}}
	form := b.get("/diary/write")
	entry := url.Values{"k": {tokenOn(t, form.body, "/diary/write")}, "title": {"一度だけ"}, "body": {"本文"}, "visibility": {"0"}, "send": {"送信"}}
	var mu sync.Mutex
	places := map[string]int{}
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			same := &browser{w, map[string]string{"musubi": b.cookies["musubi"]}, nil}
			r, e := same.post("/diary/comment", values), same.post("/diary/write", entry)
			mu.Lock()
			places[r.location]++
			places[e.location]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(places) != 2 || places[diaryPath(d.Owner, d.ID)+"#comments"] != 100 {
		t.Fatalf("answers differ: %v", places)
	}
	if n := strings.Count(b.get(diaryPath(d.Owner, d.ID)).body, "一度だけ"); n != 2 { // the comment, and the entry in the list beside it
		t.Fatalf("the comment is there %d times", n-1)
	}
	if n := strings.Count(b.get("/diary/list").body, "一度だけ</a>"); n != 1 {
		t.Fatalf("the entry is there %d times", n)
	}
}

// Forms whose changes are no one transaction are stored once, too: what comes again under the token of the first, whatever it says,
// is answered as the first was.
func TestSEC39_SettingsAreStoredOnce(t *testing.T) {
	w := newWorld(t)
	m, other := w.member("花子"), w.member("太郎")
	b := w.as(m)
	rows := []struct {
		path          string
		first, second url.Values
		shown, stored string // where the first content stands afterwards
	}{
		{"/settings/profile", url.Values{"name": {"はじめの名"}}, url.Values{"name": {"あとの名"}}, "/member", "はじめの名"},
		{preferencesPath, url.Values{"language": {"ja"}, "visibility": {"2"}}, url.Values{"language": {"ja"}, "visibility": {"0"}}, preferencesPath, `value="2" selected`},
		{"/settings/mail", url.Values{"mail": {"one@example.jp"}, "password": {password}}, url.Values{"mail": {"two@example.jp"}, "password": {password}}, "/settings/mail", "one@example.jp"},
		{"/friend/request", url.Values{"id": {other.ID.String()}, "message": {"はじめの言葉"}}, url.Values{"id": {other.ID.String()}, "message": {"あとの言葉"}}, "/friend/requests", "太郎"},
	}
	for _, row := range rows {
		token := w.site.newToken(w.sessionKey(b), row.path)
		row.first.Set("k", token)
		row.second.Set("k", token)
		first := b.post(row.path, row.first)
		if first.status != 302 {
			t.Fatalf("%s: %d\n%s", row.path, first.status, first.body)
		}
		if again := b.post(row.path, row.second); again.status != 302 || again.location != first.location {
			t.Errorf("%s again: %d to %q, want %q", row.path, again.status, again.location, first.location)
		}
		w.contains(b.get(row.shown), row.stored)
	}
	// What was refused was not sent: the same page can be sent again, put right.
	token := w.site.newToken(w.sessionKey(b), "/settings/profile")
	if r := b.post("/settings/profile", url.Values{"k": {token}, "name": {""}}); r.status == 302 {
		t.Fatal("an empty name was taken")
	}
	b.post("/settings/profile", url.Values{"k": {token}, "name": {"直した名"}})
	w.contains(b.get("/member"), "直した名")
	// 20 at once, each with another name: one of them, and one answer.
	token = w.site.newToken(w.sessionKey(b), "/settings/profile")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			same := &browser{w, map[string]string{"musubi": b.cookies["musubi"]}, nil}
			same.post("/settings/profile", url.Values{"k": {token}, "name": {fmt.Sprintf("並%02d名", i)}})
		})
	}
	wg.Wait()
	name := regexp.MustCompile("並[0-9]{2}名")
	one := name.FindString(b.get("/member").body)
	if r := b.post("/settings/profile", url.Values{"k": {token}, "name": {"最後の名"}}); one == "" || r.status != 302 || name.FindString(b.get("/member").body) != one {
		t.Error("a form that came again after 20 others was stored")
	}
}

// hostile are texts that a member may write anywhere.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</textarea><script>alert(1)</script>`,
	`</title><script>alert(1)</script>`, `javascript:alert(1)`, `<!--`, `]]>`, `&lt;script&gt;`, `&#60;script&#62;`, `{% code %}{%= x %}`, "\x1b$Ej\x0f<b>",
	"＜script＞", "\u2028<svg/onload=alert(1)>", `<a href="java	script:alert(1)">x</a>`, `<style>*{display:none}</style>`, "%0d%0aSet-Cookie: a=b",
}

// Hostile text in every place a member writes to comes back as text: pages hold exactly the elements and attributes they
// hold for harmless text.
func TestSEC46_Escaping(t *testing.T) {
	shape := func(w *world, words string) (pages []string) {
		m := w.memberWith("花子", words)
		p, err := w.core.AddPhoto(context.Background(), m.ID, drawing(3), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.core.Journal.WriteDiary(context.Background(), m.ID, journal.NewDiary{Title: words, Body: words, Visibility: core.Everyone, Photos: []core.ID{p.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.core.Talk.WriteComment(context.Background(), core.Viewer{Member: m.ID}, journal.DiaryThread(d.Owner, d.ID), words, time.Time{}); err != nil {
			t.Fatal(err)
		}
		b := w.as(core.Member{Name: "花子"})
		for _, path := range []string{"/home", "/member", "/friends", "/diary/list", "/diary/newest", diaryPath(d.Owner, d.ID)} {
			pages = append(pages, b.get(path).body)
		}
		write := b.get("/diary/write").body
		for _, button := range []string{"confirm", "edit"} {
			pages = append(pages, b.post("/diary/write", url.Values{"k": {tokenOn(t, write, "/diary/write")}, "title": {words}, "body": {words}, "visibility": {words}, button: {words}}).body)
		}
		pages = append(pages,
			b.post("/diary/comment", url.Values{"k": {tokenOn(t, pages[5], "/diary/comment")}, "owner": {d.Owner.String()}, "id": {d.ID.String()}, "body": {words}, "confirm": {"1"}}).body,
			w.browser().post("/login", url.Values{"mail": {words}, "password": {words}, "next": {words}}).body,
			w.browser().get("/?next="+url.QueryEscape(words)).body,
			b.get("/"+url.PathEscape(words)).body)
		return pages
	}
	want := shape(newWorld(t), "harmless")
	for i, words := range hostile {
		for page, body := range shape(newWorld(t), words) {
			if got := skeleton(t, body); got != skeleton(t, want[page]) {
				t.Errorf("hostile text %d %q changed page %d:\n got %s\nwant %s", i, words, page, got, skeleton(t, want[page]))
			}
		}
	}
}

// ourMail is where members post by mail.
var ourMail = regexp.MustCompile(`^mailto:[a-z0-9-]+@post\.example$`)

// skeleton is a page's elements and attribute names, and the schemes of its addresses.
func skeleton(t *testing.T, body string) string {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.CommentNode {
			b.WriteString("<!>")
		}
		if n.Type == html.ElementNode {
			b.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
				if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !ourMail.MatchString(a.Val) {
					t.Errorf("address %q in %s", a.Val, n.Data)
				}
			}
			b.WriteString(">")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return b.String()
}

// Templates escape everything: unescaped output appears nowhere, and every attribute is quoted.
func TestSEC46_TemplatesEscape(t *testing.T) {
	files, err := filepath.Glob("*.qtpl")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	unescaped := regexp.MustCompile(`{%\s*(s=|z=|v=|j=|q=|u=|f=|d=)`)
	unquoted := regexp.MustCompile(`\s[a-z-]+={%`)
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []*regexp.Regexp{unescaped, unquoted} {
			if m := bad.Find(source); m != nil {
				t.Errorf("%s writes %q", f, m)
			}
		}
	}
}

func TestSEC50_OpenRedirect(t *testing.T) {
	rows := []string{
		"//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "https:evil.example", "https://evil.example", "/..//evil.example",
		"///evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example/home",
		"/home/../..//evil", "/home\r\nSet-Cookie: a=b", "/home%0d%0aSet-Cookie:a", "/home#x", "/home\x00", "evil.example", "./home", "/./home", "/home/", "/HOME", "/unknown",
		"/login", "/logout", "/robots.txt", "/style.css", "/", "", "?x", "#x", "/ホーム", "/home\u2028", "http:///evil", "/;//evil", "/home;x", "@evil.example", "/@evil.example",
		"/?next=//evil", strings.Repeat("/home", 300),
	}
	w := newWorld(t)
	m := w.member("花子")
	for _, next := range rows {
		if got := safeNext(next); got != homePath && next != "/home" {
			t.Errorf("safeNext(%q) = %q", next, got)
		}
	}
	for _, next := range []string{"/home", "/diary?owner=1&id=2", "/friends?id=3&page=2"} {
		if got := safeNext(next); got != next {
			t.Errorf("safeNext(%q) = %q", next, got)
		}
		if r := w.browser().post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}, "next": {next}}); r.location != next {
			t.Errorf("login with next %q leads to %q", next, r.location)
		}
	}
	if r := w.browser().get("/diary?owner=1&id=2"); r.location != "/?next=%2Fdiary%3Fowner%3D1%26id%3D2" {
		t.Errorf("deep link without login leads to %q", r.location)
	}
}

// A form has at most so many fields, a browser's too: the same as the decode stage takes from a handset. One more, and nothing
// of it is looked at.
func TestSEC64_FieldsOfAForm(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	login := "mail=" + url.QueryEscape(mailOf(m)) + "&password=" + url.QueryEscape(password)
	for fields, want := range map[int]int{maxFields: 302, maxFields + 1: 413, 80_000: 413} {
		body := login + strings.Repeat("&a=", fields-2)
		r := w.browser().do("POST", "/login", "application/x-www-form-urlencoded", []byte(body))
		if r.status != want || (len(r.header.PeekCookie("musubi")) > 0) != (want == 302) {
			t.Errorf("a form of %d fields: %d, want %d", fields, r.status, want)
		}
	}
}

// A picture is a member's too: no browser keeps it, neither its bytes nor the answer that they have not changed.
func TestSEC70_PicturesAreNotKept(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	d := w.diary(m, "題", core.Everyone, w.picture(m, 1))
	b := w.as(m)
	src := regexp.MustCompile(`<img src="(/photo/[^"]+)"`).FindStringSubmatch(b.get(diaryPath(d.Owner, d.ID)).body)
	if src == nil {
		t.Fatal("the entry shows no picture")
	}
	target := html.UnescapeString(src[1])
	first := b.get(target)
	b.headers = map[string]string{"If-None-Match": string(first.header.Peek("ETag"))}
	again := b.get(target)
	if first.status != 200 || again.status != 304 {
		t.Fatalf("the picture answers %d, and %d when it is known", first.status, again.status)
	}
	for name, want := range map[string]string{"Cache-Control": "private, no-store", "Pragma": "no-cache", "Expires": "0"} {
		if a, b := string(first.header.Peek(name)), string(again.header.Peek(name)); a != want || b != want {
			t.Errorf("%s of a picture is %q, and %q when it is known; want %q", name, a, b, want)
		}
	}
}

// Every answer forbids caches, robots, frames and scripts; pages load nothing from elsewhere (SEC-124).
func TestSEC70_SEC73_SEC74_Headers(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	for _, path := range []string{"/", "/home", "/diary/write", "/nothing", "/photo/1?x", "/member?id=5"} {
		for who, r := range map[string]reply{"member": b.get(path), "visitor": w.browser().get(path)} {
			for name, want := range map[string]string{
				"Cache-Control": "private, no-store", "Pragma": "no-cache", "Expires": "0", "X-Robots-Tag": "noindex, nofollow, noarchive",
				"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := string(r.header.Peek(name)); got != want {
					t.Errorf("%s of %s: %s is %q, want %q", path, who, name, got, want)
				}
			}
			csp, scripts := string(r.header.Peek("Content-Security-Policy")), "script-src 'none'"
			if path == "/diary/write" && who == "member" { // what is written is kept as it grows, by our own script
				scripts = "script-src 'self';"
			}
			for _, want := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", scripts} {
				if !strings.Contains(csp, want) {
					t.Errorf("%s of %s: policy %q lacks %s", path, who, csp, want)
				}
			}
			if strings.Contains(r.body, "://") {
				t.Errorf("%s of %s loads or links something elsewhere:\n%s", path, who, r.body)
			}
		}
	}
	if r := w.browser().get("/robots.txt"); r.body != "User-agent: *\nDisallow: /\n" {
		t.Errorf("robots.txt: %q", r.body)
	}
}

func TestSEC102_Throttle(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	attack := func(mail string) (evaluated int) {
		for range 1000 {
			if r := w.browser().post("/login", url.Values{"mail": {mail}, "password": {"wrong password"}}); r.status != 429 {
				evaluated++
			}
			w.clock.advance(3600 * time.Millisecond) // 1,000 tries in an hour
		}
		return evaluated
	}
	if known, unknown := attack(mailOf(m)), attack("nobody@example.jp"); known > 20 || known != unknown {
		t.Fatalf("%d tries of a member's address evaluated in an hour, %d of an unknown one; want at most 20, and alike", known, unknown)
	}
	if r := w.as(w.member("太郎")).get("/home"); r.status != 200 {
		t.Fatalf("another member: %d", r.status)
	}
	w.clock.advance(15 * time.Minute)
	if r := w.as(m).get("/home"); r.status != 200 {
		t.Fatalf("after 15 quiet minutes: %d", r.status)
	}
}

// Somebody who keeps trying locks the member out of strange browsers only: their own still get in, until the password
// changes.
func TestSEC102_KnownDevice(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	own := w.as(m)
	delete(own.cookies, sessionCookie)
	for range 30 {
		w.browser().post("/login", url.Values{"mail": {mailOf(m)}, "password": {"wrong password"}})
	}
	good := url.Values{"mail": {mailOf(m)}, "password": {password}}
	if r := w.browser().post("/login", good); r.status != 429 {
		t.Fatalf("a strange browser during the attack: %d", r.status)
	}
	others := w.as(w.member("太郎"))
	if r := others.post("/login", good); r.status != 429 {
		t.Fatalf("another member's device during the attack: %d", r.status)
	}
	if r := own.post("/login", good); r.location != "/home" {
		t.Fatalf("the member's own device during the attack: %d", r.status)
	}
	mark := own.cookies[deviceCookie]
	thief := w.browser()
	thief.cookies[sessionCookie] = mark
	if r := thief.get("/home"); r.status != 302 {
		t.Fatalf("the mark opens a session: %d", r.status)
	}
	for range 10 { // and is no free pass for guessing
		own.post("/login", url.Values{"mail": {mailOf(m)}, "password": {"wrong password"}})
	}
	if r := own.post("/login", good); r.status != 429 {
		t.Fatalf("after ten wrong passwords from the device: %d", r.status)
	}
}

// A hundred tries at once count like a hundred after one another.
func TestSEC102_ParallelTries(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	var mu sync.Mutex
	evaluated := 0
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			r := w.browser().post("/login", url.Values{"mail": {mailOf(m)}, "password": {"wrong password"}})
			if r.status != 429 {
				mu.Lock()
				evaluated++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if evaluated > 5 {
		t.Fatalf("%d of 100 parallel tries were evaluated, want at most 5", evaluated)
	}
}

// A member who logs in on many screens at once knows the password every time.
func TestSEC102_ParallelLoginsOfOneMember(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if r := w.browser().post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}}); r.location != "/home" {
				t.Errorf("one of 40 logins at once: %d", r.status)
			}
		})
	}
	wg.Wait()
}

// The answers to an unknown address, a wrong password, and a wrong one of a suspended member are one: text, status and time.
func TestSEC103_NoEnumeration(t *testing.T) {
	w := newWorld(t)
	m, held := w.member("花子"), w.member("次郎")
	if err := w.store.Desk.SetStatus(context.Background(), held.ID, core.Held); err != nil {
		t.Fatal(err)
	}
	cases := map[string]url.Values{
		"unknown":   {"mail": {"aaaa@example.jp"}, "password": {"wrong password"}},
		"wrong":     {"mail": {mailOf(m)}, "password": {"wrong password"}},
		"suspended": {"mail": {mailOf(held)}, "password": {"wrong password"}}, // the right one tells why: TestHeldMemberIsToldWhy
		"no mail":   {"mail": {"x"}, "password": {"wrong password"}},
		"empty":     {},
	}
	var want string
	times := map[string][]time.Duration{}
	for range 4 {
		for name, values := range cases {
			start := time.Now()
			r := w.browser().post("/login", values)
			times[name] = append(times[name], time.Since(start))
			body := strings.Replace(r.body, `value="`+values.Get("mail")+`"`, "", 1)
			body = strings.ReplaceAll(body, " autofocus", "")
			if want == "" {
				want = body
			}
			if r.status != 200 || body != want || len(r.header.PeekCookie("musubi")) > 0 {
				t.Fatalf("%s: status %d, another page:\n%s", name, r.status, r.body)
			}
		}
		w.clock.advance(time.Hour)
	}
	for name, list := range times {
		sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
		if list[len(list)/2] < 5*time.Millisecond {
			t.Errorf("%s answers in %v: no password was hashed", name, list)
		}
	}
}

// An absent thing and a forbidden one get the same page.
func TestSEC103_AbsentLooksForbidden(t *testing.T) {
	w := newWorld(t)
	m, stranger := w.member("花子"), w.member("太郎")
	d := w.diary(m, "ないしょ", core.Private)
	b := w.as(stranger)
	absent, forbidden := b.get("/diary?owner="+m.ID.String()+"&id=12345"), b.get(diaryPath(d.Owner, d.ID))
	token := regexp.MustCompile(`name="k" value="[^"]*"`)
	strip := func(r reply) string { return fmt.Sprint(r.status, token.ReplaceAllString(r.body, "")) }
	if strip(absent) != strip(forbidden) || forbidden.status != 404 {
		t.Fatalf("absent %d, forbidden %d:\n%s", absent.status, forbidden.status, forbidden.body)
	}
}

// Every route × method without a login: only the fixed list answers otherwise than by sending to the login form.
func TestSEC110_DenyByDefault(t *testing.T) {
	w := newWorld(t)
	w.member("花子")
	free := map[string]bool{"GET /": true, "POST /login": true, "POST " + codePath: true, "GET " + passkeyLoginPath: true, "POST " + passkeyLoginPath: true, "GET /passkey.js": true, "GET /robots.txt": true, "GET /style.css": true, "GET /album.js": true, "GET /viewer.js": true, "GET /write.js": true, "GET /keep.js": true, "GET /shrink.js": true, "GET /live.js": true, "GET /talk.js": true, "GET " + helpPath: true, "GET /logo.svg": true, "GET /icons.svg": true, "GET /person.svg": true, "GET /welcome.svg": true, "GET /favicon.ico": true,
		"GET /reset": true, "POST /reset": true, "GET " + termsPath: true, "GET " + coloursPath: true, "GET " + manifestPath: true, "GET " + workerPath: true, "GET " + offlinePath: true, "GET /push.js": true, "GET " + outsidePath: true, "POST " + outsidePath: true, "GET /easy": true}
	// Players are told in their own words that they have no key.
	keyless := map[string]int{"/audioscrobbler": 200, "/audioscrobbler/now": 200, "/audioscrobbler/submit": 200, "/2.0/": 200, "/1/validate-token": 400, "/1/submit-listens": 401,
		"/apis/listenbrainz/1/validate-token": 400, "/apis/listenbrainz/1/submit-listens": 401,
		atomPath: 401, openpnePath: 401, openpnePath + "/": 401, apiNoticesPath: 401, apiDiaryPath: 401, apiAlbumsPath: 401, apiPhotosPath: 401}
	for _, r := range routes.all {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
			target := r.path
			if strings.HasSuffix(target, "/") && target != "/" {
				target += "1"
			}
			got := w.browser().do(method, target, "application/x-www-form-urlencoded", []byte("a=b"))
			if free[method+" "+r.path] || method == "HEAD" && free["GET "+r.path] {
				if got.status != 200 {
					t.Errorf("%s %s: %d, want 200", method, target, got.status)
				}
				if strings.Contains(got.body, "花子") {
					t.Errorf("%s %s shows a member's name", method, target)
				}
				continue
			}
			if r.is(program) && (findable(method, r.path) || method == "HEAD" && findable(get, r.path)) {
				if got.status != keyless[r.path] || strings.Contains(got.body, "<html") || strings.Contains(got.body, "花子") {
					t.Errorf("%s %s without a key: %d %s", method, target, got.status, got.body)
				}
				continue
			}
			if form := routes.exact[endpoint{post, r.path}]; form != nil && form.is(raw) && form.access == public && method == "POST" {
				if got.status != 401 {
					t.Errorf("POST %s unsigned: %d, want 401", target, got.status)
				}
			} else if form != nil && form.is(kept) && method == "POST" { // the login form, which carries on what was typed
				if got.status != 200 || !strings.Contains(got.body, `type="password"`) || hidden(got.body, "kept") == "" {
					t.Errorf("POST %s without login: %d, want the login form", target, got.status)
				}
			} else if got.status != 404 && !(forScript(r.path) && got.status == 405) && !(r.path == setupPath && got.status == 410) && !(got.status == 302 && strings.HasPrefix(got.location, "/")) {
				t.Errorf("%s %s without login: %d %s", method, target, got.status, got.location)
			}
			if strings.Contains(got.body, "花子") || len(got.header.PeekCookie("musubi")) > 0 {
				t.Errorf("%s %s without login says too much:\n%s", method, target, got.body)
			}
		}
	}
}

// B replays A's requests with B's session: nothing of A's changes, nothing hidden shows.
func TestSEC114_IDOR(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("花子"), w.member("太郎")
	w.friends(a, w.member("次郎"))
	photo, err := w.core.AddPhoto(context.Background(), a.ID, drawing(9), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	d := w.diary(a, "友人だけの話", core.Friends)
	as := w.as(b)
	write := as.get("/diary/write").body
	values := url.Values{"k": {tokenOn(t, write, "/diary/write")}, "title": {"題"}, "body": {"本文"}, "visibility": {"0"}, "photo": {photo.ID.String()}, "owner": {a.ID.String()}, "member": {a.ID.String()}}
	for _, button := range []string{"confirm", "send", "edit"} {
		values[button] = []string{"1"}
		if r := as.post("/diary/write", values); r.status != 404 {
			t.Errorf("an entry with another member's photo (%s): %d", button, r.status)
		}
		values.Del(button)
	}
	comment := url.Values{"k": {w.site.newToken(w.sessionKey(as), "/diary/comment")}, "owner": {d.Owner.String()}, "id": {d.ID.String()}, "body": {"見えた"}}
	for _, button := range []string{"send", "confirm", "edit"} {
		comment[button] = []string{"1"}
		if r := as.post("/diary/comment", comment); r.status != 404 || strings.Contains(r.body, "友人だけの話") {
			t.Errorf("comment on a hidden entry (%s): %d", button, r.status)
		}
		comment.Del(button)
	}
	if strings.Contains(w.as(a).get(diaryPath(d.Owner, d.ID)).body, "見えた") {
		t.Error("the comment was stored")
	}
}

// Fields that no form has are ignored: nobody becomes author of another's entry, or writes in the past.
func TestSEC116_MassAssignment(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("花子"), w.member("太郎")
	as := w.as(b)
	r := as.post("/diary/write", url.Values{
		"k": {tokenOn(t, as.get("/diary/write").body, "/diary/write")}, "title": {"題"}, "body": {"本文"}, "visibility": {"0"}, "send": {"1"},
		"owner": {a.ID.String()}, "member": {a.ID.String()}, "Owner": {a.ID.String()}, "id": {"1"}, "created_at": {"0"}, "at": {"0"}, "comments": {"999"}, "status": {"0"}, "role": {"admin"},
	})
	if want := "/diary?owner=" + b.ID.String(); !strings.HasPrefix(r.location, want) || strings.HasSuffix(r.location, "id=1") {
		t.Fatalf("entry at %s, want one of %s", r.location, want)
	}
	w.contains(as.get(r.location), "2007年03月03日", "コメント (0)")
}

// A verdict counts only with the gateway's signature, for this very request, for five minutes.
func TestSEC67_Verdict(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	sign := func(change func(h map[string]string)) string {
		b := w.browser()
		b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Time": fmt.Sprint(w.clock.Now().Unix())}
		b.sign("POST", "/login")
		change(b.headers)
		b.post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}})
		s, _, err := w.core.Account.Session(context.Background(), b.cookies["musubi"])
		if err != nil {
			t.Fatal(err)
		}
		return s.Client
	}
	rows := []struct {
		name   string
		change func(h map[string]string)
		want   string
	}{
		{"signed", func(map[string]string) {}, "docomo P903i"},
		{"unsigned", func(h map[string]string) { delete(h, "X-Ktai-Sign") }, "PC"},
		{"changed model", func(h map[string]string) { h["X-Ktai-Model"] = "N902i" }, "PC"},
		{"added key", func(h map[string]string) { h["X-Ktai-Key"] = "abc" }, "PC"},
		{"other signature", func(h map[string]string) { h["X-Ktai-Sign"] = "AAAA" }, "PC"},
		{"other time", func(h map[string]string) { h["X-Ktai-Time"] = "1" }, "PC"},
	}
	for _, r := range rows {
		if got := sign(r.change); got != r.want {
			t.Errorf("%s: session of %q, want %q", r.name, got, r.want)
		}
	}
	late := func(h map[string]string) { w.clock.advance(6 * time.Minute) }
	if got := sign(late); got != "PC" {
		t.Errorf("six minutes old: session of %q, want PC", got)
	}
}
