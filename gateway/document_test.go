package gateway

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// TestDocumentsBecomePages: text, tables and feeds reach a handset as pages in its character set and within its budget; what is
// to be saved, what must not be changed, and what a browser asked for stays as it is.
func TestDocumentsBecomePages(t *testing.T) {
	files := map[string]struct{ kind, extra, body string }{
		"/a.txt":    {"text/plain; charset=UTF-8", "", strings.Repeat("日本語の文。\n\n", 3000)},
		"/a.csv":    {"text/csv", "", "名,値\n雨,1\n"},
		"/a.md":     {"text/markdown", "", "# 題\n[先](/b)\n"},
		"/a.json":   {"application/json", "", `{"a":"日本"}`},
		"/a.rss":    {"application/rss+xml", "", `<rss><channel><title>便り</title><item><title>一</title><link>/1</link></item></channel></rss>`},
		"/save.csv": {"text/csv", `attachment; filename="a.csv"`, "名,値\n"},
		"/a.css":    {"text/css", "", "body{}"},
	}
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		f := files[string(ctx.Path())]
		ctx.SetContentType(f.kind)
		if f.extra != "" {
			ctx.Response.Header.Set("Content-Disposition", f.extra)
		}
		ctx.SetBodyString(f.body)
	}, func(c *Config) { c.Foreign = true })
	for path, want := range map[string]string{"/a.txt": "<p>\x93\xfa\x96\x7b\x8c\xea", "/a.csv": "\x96\xbc", "/a.md": "\x91\xe8", "/a.json": "&quot;", "/a.rss": `href="/1`} {
		resp := w.get("192.0.2.1", uaP903i, path)
		body := resp.Body()
		if kind := string(resp.Header.ContentType()); !strings.Contains(kind, "html") || !strings.Contains(kind, "Shift_JIS") || !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s: %s without %q:\n%.300q", path, kind, want, body)
		}
		if len(body) > 30_000 {
			t.Errorf("%s has %d bytes", path, len(body))
		}
		if got := w.get("192.0.2.1", uaChrome, path); string(got.Body()) != files[path].body {
			t.Errorf("%s is changed for a browser", path)
		}
		if got := w.get("192.0.2.1", uaP903i, path, "Cache-Control: no-transform"); string(got.Body()) != files[path].body {
			t.Errorf("%s is changed although it must not be", path)
		}
	}
	for _, path := range []string{"/save.csv", "/a.css"} {
		if got := w.get("192.0.2.1", uaP903i, path); string(got.Body()) != files[path].body {
			t.Errorf("%s is changed: %q", path, got.Body())
		}
	}
	if got := w.get("192.0.2.1", strings.Replace(uaP903i, "TB", "TJ", 1), "/a.json"); string(got.Body()) != files["/a.json"].body {
		t.Errorf("an i-appli got %q", got.Body())
	}
}

// TestCodingsOfTheUpstream: a handset that did not ask for gzip gets none, whatever the type and also with no-transform; a browser
// that did gets it as it came.
func TestCodingsOfTheUpstream(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte("body { color: red }"))
	z.Close()
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/css")
		ctx.Response.Header.Set("ETag", `"a"`)
		if bytes.Contains(ctx.Path(), []byte("fixed")) {
			ctx.Response.Header.Set("Cache-Control", "no-transform")
		}
		ctx.Response.Header.SetContentEncoding("gzip")
		ctx.SetBody(packed.Bytes())
	}, func(c *Config) { c.Foreign = true })
	for _, path := range []string{"/a.css", "/fixed.css"} {
		resp := w.get("192.0.2.1", uaP903i, path)
		if len(resp.Header.ContentEncoding()) > 0 || string(resp.Body()) != "body { color: red }" || len(resp.Header.Peek("ETag")) > 0 {
			t.Errorf("%s: coding %q, tag %q, body %q", path, resp.Header.ContentEncoding(), resp.Header.Peek("ETag"), resp.Body())
		}
		resp = w.get("192.0.2.1", uaChrome, path, "Accept-Encoding: gzip")
		if string(resp.Header.ContentEncoding()) != "gzip" || !bytes.Equal(resp.Body(), packed.Bytes()) {
			t.Errorf("%s: a browser got %q, %q", path, resp.Header.ContentEncoding(), resp.Body())
		}
		resp = w.get("192.0.2.1", uaP903i, path, "Accept-Encoding: gzip")
		if string(resp.Header.ContentEncoding()) != "gzip" {
			t.Errorf("%s: a handset that asks for gzip got %q", path, resp.Header.ContentEncoding())
		}
	}
}

// TestUntypedAnswers: a page without a type is a page, and no type is made up, least of all for 304.
func TestUntypedAnswers(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.SetNoDefaultContentType(true)
		switch string(ctx.Path()) {
		case "/page":
			ctx.SetBodyString("<!DOCTYPE html><title>題</title><p>日本語")
		case "/streamed":
			ctx.SetBodyStreamWriter(func(w *bufio.Writer) {
				w.WriteString("<!DOCTYPE html><title>題</title><p>" + strings.Repeat("日本語", 500))
			})
		case "/streamed-bytes":
			ctx.SetBodyStreamWriter(func(w *bufio.Writer) { w.WriteString(strings.Repeat("\x00\x01\x02", 5000)) })
		case "/same":
			ctx.SetStatusCode(fasthttp.StatusNotModified)
		default:
			ctx.SetBodyString("\x00\x01\x02")
		}
	}, func(c *Config) { c.Foreign = true })
	if resp := w.get("192.0.2.1", uaP903i, "/page"); !bytes.Contains(resp.Header.ContentType(), []byte("html")) || !bytes.Contains(resp.Body(), []byte("\x93\xfa\x96\x7b\x8c\xea")) {
		t.Errorf("a page without a type: %q, %q", resp.Header.ContentType(), resp.Body())
	}
	if resp := w.get("192.0.2.1", uaP903i, "/streamed"); !bytes.Contains(resp.Header.ContentType(), []byte("html")) || bytes.Count(resp.Body(), []byte("\x93\xfa\x96\x7b\x8c\xea")) != 500 {
		t.Errorf("a stream of a page without a type: %q, %q", resp.Header.ContentType(), resp.Body())
	}
	for _, ua := range []string{uaP903i, uaChrome} {
		streamed := w.get("192.0.2.1", ua, "/streamed-bytes")
		streamed.Header.SetNoDefaultContentType(true)
		if string(streamed.Body()) != strings.Repeat("\x00\x01\x02", 5000) || len(streamed.Header.ContentType()) > 0 {
			t.Errorf("a stream of bytes without a type: %q, %d bytes", streamed.Header.ContentType(), len(streamed.Body()))
		}
		resp := w.get("192.0.2.1", ua, "/same")
		resp.Header.SetNoDefaultContentType(true)
		if resp.StatusCode() != 304 || len(resp.Header.ContentType()) > 0 {
			t.Errorf("304 has the type %q", resp.Header.ContentType())
		}
		resp = w.get("192.0.2.1", ua, "/bytes")
		resp.Header.SetNoDefaultContentType(true)
		if string(resp.Body()) != "\x00\x01\x02" || len(resp.Header.ContentType()) > 0 {
			t.Errorf("bytes without a type: %q, %q", resp.Header.ContentType(), resp.Body())
		}
	}
}
