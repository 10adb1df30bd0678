package gateway

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// A maze is an application of pages that lead to each other in every way there is; it notes which were asked for.
type maze struct {
	pages int
	asked map[string]bool
	dead  []string
}

func (m *maze) serve(ctx *fasthttp.RequestCtx) {
	uri := string(ctx.RequestURI())
	ctx.SetContentType("text/html; charset=utf-8")
	var n int
	if _, err := fmt.Sscanf(string(ctx.Path()), "/頁/%d", &n); err != nil && string(ctx.Path()) != "/" || n < 0 || n >= m.pages {
		m.dead = append(m.dead, uri)
		ctx.SetStatusCode(404)
		return
	}
	if n%5 == 4 && ctx.QueryArgs().Has("moved") { // a page that has moved
		ctx.Response.Header.Set("Location", m.to(n)[:strings.IndexByte(m.to(n), '?')])
		ctx.SetStatusCode(303)
		return
	}
	m.asked[uri] = true
	ctx.Response.Header.Set("Set-Cookie", "sid=1; Path=/")
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><title>頁%d</title></head><body><nav><a href='#本'>本文へ</a> <a href='/'>初め</a></nav><main><h1 id='本'>頁%d</h1>", n, n)
	for k := 1; k <= 3; k++ {
		next := (3*n + k) % m.pages
		fmt.Fprintf(&b, "<p>%s</p>", strings.Repeat("結び目が続く。", 12*k))
		switch k {
		case 1:
			fmt.Fprintf(&b, `<a href="%s">次は%d</a>`, html.EscapeString(m.to(next)), next)
		case 2: // a picture with an address alone
			fmt.Fprintf(&b, `<a href="%s"><img src=/x.png alt=絵></a><a href="%s#本" title="題">`+"</a>", html.EscapeString(m.to(next)), html.EscapeString(m.to(next)))
		default:
			fmt.Fprintf(&b, `<map name=m><area href="%s" alt="地図%d"></map><details><summary>他</summary><a href="%s">他へ</a></details>`,
				html.EscapeString(m.to(next)), next, html.EscapeString(m.to((n+7)%m.pages)))
		}
	}
	fmt.Fprintf(&b, "<a href='#末'>末へ</a><p>%s<a name='末'></a>終わり</p></main></body></html>", strings.Repeat("長い文。", 150))
	ctx.SetBodyString(b.String())
}

// to is the address of page n, with everything that a query can have.
func (m *maze) to(n int) string {
	query := []string{"q=Zürich&&a=1", "moved", "x=%FF%00", "題=本;b=+", "moved&y=%2F"}[n%5]
	return "/" + url.PathEscape("頁") + "/" + fmt.Sprint(n) + "?" + query
}

// TestEveryLinkOfEveryPartIsAlive: a crawler on every kind of handset follows every link of every part of every page, and comes
// to every page there is and to no dead end.
func TestEveryLinkOfEveryPartIsAlive(t *testing.T) {
	m := &maze{pages: 15}
	w := newWorld(t, m.serve, func(c *Config) { c.Foreign = true })
	for _, ua := range kinds() {
		m.asked, m.dead = map[string]bool{}, nil
		p := w.phoneOf(ua)
		seen, waiting, parts := map[string]bool{}, []string{"/"}, 0
		visit := func(to string) {
			page, err := p.Get(to)
			if err != nil || page.Status != 200 {
				t.Fatalf("%s: %s: %v", ua, to, err)
			}
			parts++
			for _, l := range page.Links {
				u, err := url.Parse(l.URL)
				if err != nil || strings.TrimSpace(l.Text) == "" {
					t.Fatalf("%s: %s has a link %q with the words %q\n%s", ua, to, l.URL, l.Text, page.Body)
				}
				bare := withoutSession(u)
				if u.Path == "" || seen[bare] {
					continue
				}
				seen[bare] = true
				waiting = append(waiting, u.RequestURI())
			}
		}
		for len(waiting) > 0 && parts < 2000 {
			to := waiting[0]
			waiting = waiting[1:]
			visit(to)
		}
		for n := range m.pages {
			if n%5 != 1 && n%5 != 4 && !m.asked[asApplication(m.to(n))] {
				t.Errorf("%s never comes to %s of %v", ua, m.to(n), len(m.asked))
			}
		}
		if len(m.dead) > 0 || len(waiting) > 0 {
			t.Errorf("%s comes to %q; %d are left after %d", ua, m.dead, len(waiting), parts)
		}
	}
}

// withoutSession is an address as two pages of one session, or of two, have it.
func withoutSession(u *url.URL) string {
	var kept []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if !strings.HasPrefix(pair, "_s=") {
			kept = append(kept, pair)
		}
	}
	return u.EscapedPath() + "?" + strings.Join(kept, "&")
}

// asApplication is how a browser asks for an address that a page spells.
func asApplication(to string) string {
	var b strings.Builder
	for i := range len(to) {
		if to[i] >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", to[i])
		} else {
			b.WriteByte(to[i])
		}
	}
	return b.String()
}
