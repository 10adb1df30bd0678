package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"musubi/gateway/door"

	"github.com/valyala/fasthttp"
)

// TestTheCoreAloneTurnsACrowdAway: with nobody leaving, pages and forms get a page that says what happened, and the style
// sheet comes all the same; when there is room again, pages come.
func TestTheCoreAloneTurnsACrowdAway(t *testing.T) {
	room, err := openCore(context.Background(), onData(t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	d := door.New(door.Limits{Inside: 1, Forms: 1, Labors: 1, Line: 1, Wait: time.Millisecond, LaborWait: time.Millisecond})
	handler := behind(d, room.site)
	ask := func(method, path string) (int, string, string) {
		var ctx fasthttp.RequestCtx
		ctx.Request.Header.SetMethod(method)
		ctx.Request.SetRequestURI(path)
		handler(&ctx)
		return ctx.Response.StatusCode(), string(ctx.Response.Header.Peek("Retry-After")), string(ctx.Response.Body())
	}
	for _, k := range door.Kinds {
		d.Enter(k)
	}
	for _, row := range []struct {
		method, path string
		status       int
		retry, has   string
	}{
		{"GET", "/", 503, "5", "アクセスが集中しています"}, {"GET", "/?lang=en", 503, "5", "Too many people are here at once"},
		{"POST", "/login", 503, "5", "まだ保存されていません"}, {"POST", "/diary/comment", 503, "5", "まだ保存されていません"}, {"GET", "/style.css", 200, "", "{"},
	} {
		status, retry, body := ask(row.method, row.path)
		if status != row.status || retry != row.retry || !strings.Contains(body, row.has) {
			t.Errorf("%s %s: %d, Retry-After %q, want %d, %q and %q in\n%s", row.method, row.path, status, retry, row.status, row.retry, row.has, body)
		}
	}
	for _, k := range door.Kinds {
		d.Leave(k)
	}
	if status, _, _ := ask("GET", "/"); status != 200 {
		t.Errorf("with room again: %d", status)
	}
	for _, k := range door.Kinds {
		if s := d.State(k); s.Inside != 0 {
			t.Errorf("at the end of the %ss: %+v", k, s)
		}
	}
}

// TestDoorSettings: nonsense is refused in a sentence.
func TestDoorSettings(t *testing.T) {
	for _, args := range [][]string{{"core", "--at-once=-1"}, {"serve", "--in-line=-3"}} {
		var errs strings.Builder
		status := run(append(args, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data", t.TempDir()), &std{strings.NewReader(""), io.Discard, &errs})
		if status != 2 || !strings.Contains(errs.String(), "expected numbers of requests") {
			t.Errorf("%v: status %d, %s", args, status, errs.String())
		}
	}
}
