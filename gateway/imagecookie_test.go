package gateway

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// rolling is an application with a login and a photo that renews a cookie with each answer and takes only the newest, as
// frameworks with rotating session IDs do.
type rolling struct {
	*app
	photo *album
	n     int
}

func (a *rolling) handle(ctx *fasthttp.RequestCtx) {
	if string(ctx.Path()) != "/photo" {
		a.app.handle(ctx)
		if string(ctx.Path()) == "/login" {
			a.n = 1
			ctx.Response.Header.Add("Set-Cookie", "turn=1; Path=/")
		}
		return
	}
	if string(ctx.Request.Header.Cookie("turn")) != fmt.Sprint(a.n) {
		ctx.SetStatusCode(403)
		return
	}
	a.photo.handle(ctx)
	a.n++
	ctx.Response.Header.Add("Set-Cookie", fmt.Sprintf("turn=%d; Path=/", a.n))
}

// A picture is no login: a handset that looks at one keeps the session that its pages show, and what the upstream set in
// either of its answers counts for the next request (issue 15, fault 1).
func TestSEC31_PicturesLogNobodyOut(t *testing.T) {
	now := time.Date(2007, 3, 1, 0, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	a := &rolling{app: newApp(), photo: newAlbum(t)}
	w := newWorld(t, a.handle, func(c *Config) { c.CacheDir = dir; c.Now = func() time.Time { return now } })
	token := w.login(t, "taro", "/login")
	for i := range 6 {
		if i == 3 { // the bytes are gone, so that the permission is followed by a second question
			forgetPictures(t, w.g, dir)
		}
		r := w.get(docomo, uaP903i, "/photo?_s="+token)
		if r.StatusCode() != 200 || len(r.Body()) == 0 {
			t.Fatalf("picture %d: %d; the cookie of an earlier answer was lost", i, r.StatusCode())
		}
		now = now.Add(2 * time.Minute) // longer than an ID lives that a login replaced
	}
	if got := a.photo.bodies.Load(); got != 2 {
		t.Errorf("the bytes were asked for %d times, want 2: at first and when they were gone", got)
	}
	if got := w.who(t, docomo, uaP903i, token); got != "taro" {
		t.Errorf("after looking at pictures: %q is logged in", got)
	}
}

// A browser gets the cookies of both answers.
func TestBrowsersGetTheCookiesOfBothAnswers(t *testing.T) {
	dir := t.TempDir()
	photo, n := newAlbum(t), 0
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		photo.handle(ctx)
		n++
		ctx.Response.Header.Add("Set-Cookie", fmt.Sprintf("answer%d=x; Path=/", n))
	}, func(c *Config) { c.CacheDir = dir })
	w.get(anywhere, uaChrome, "/photo?box=thumb")
	forgetPictures(t, w.g, dir)
	r := w.get(anywhere, uaChrome, "/photo?box=thumb")
	if got := cookieLines(r); r.StatusCode() != 200 || !strings.Contains(got, "answer2=") || !strings.Contains(got, "answer3=") {
		t.Errorf("%d with cookies %q, want those of answers 2 and 3", r.StatusCode(), got)
	}
}

// forgetPictures deletes the fitted pictures; the gateway still knows their tags.
func forgetPictures(t *testing.T, g *Gateway, dir string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no picture is kept: %v", err)
	}
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
