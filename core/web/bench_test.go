package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/journal"
)

// busy is a member with thirty friends who all write, and an entry with forty comments: what a page costs in daily life.
func busy(b *testing.B) (*world, core.Member, journal.Diary) {
	w := newWorld(b)
	m := w.member("花子")
	var entry journal.Diary
	for i := range 30 {
		f := w.member(fmt.Sprint("友人", i))
		w.friends(m, f)
		for n := range 3 {
			entry = w.diary(f, fmt.Sprintf("今日のおやつ🍙 その%d", n), core.Friends)
		}
	}
	for i := range 40 {
		if _, err := w.core.Talk.WriteComment(b.Context(), core.Viewer{Member: m.ID}, journal.DiaryThread(entry.Owner, entry.ID), fmt.Sprintf("おいしそうですね☀ %d\nまた行きましょう", i), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
	return w, m, entry
}

func BenchmarkPages(b *testing.B) {
	w, m, entry := busy(b)
	token := w.as(m).cookies[sessionCookie]
	for name, path := range map[string]string{"home": "/home", "diary": diaryPath(entry.Owner, entry.ID), "friends": "/friends", "login": "/"} {
		b.Run(name, func(b *testing.B) {
			var req fasthttp.Request
			req.SetRequestURI(path)
			req.Header.SetHost("musubi.example")
			if name != "login" {
				req.Header.SetCookie(sessionCookie, token)
			}
			b.ReportAllocs()
			for b.Loop() {
				var ctx fasthttp.RequestCtx
				ctx.Init(&req, nil, nil)
				w.site.Handler(&ctx)
				if ctx.Response.StatusCode() != 200 {
					b.Fatal(ctx.Response.StatusCode())
				}
				b.SetBytes(int64(len(ctx.Response.Body())))
			}
		})
	}
}
