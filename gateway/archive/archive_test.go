package archive

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

const (
	p903i  = "DoCoMo/2.0 P903i(c100;TB;W24H12)"
	ca39   = "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"
	chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
)

func ask(t *testing.T, a *Archive, ua, host, uri string) *fasthttp.Response {
	t.Helper()
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	req.SetRequestURI(uri)
	req.Header.SetHost(host)
	req.Header.SetUserAgent(ua)
	if err := a.Do(req, resp); err != nil {
		t.Fatal(err)
	}
	return resp
}

// A page of i-mode as it was: 晴れ F89F in Shift_JIS, an emoji as a reference, a call.
var imodePage = []byte("<html><head><title>\x93V\x8bC</title></head><body>\xf8\x9f&#63648;&#xE63E; <a href=\"tel:0312345678\">\x93d\x98b</a></body></html>")

const auPage = `<html><body><a href="http://i.example/n">n</a><img localsrc="44">A<IMG SRC="x.gif"><img icon="1"></body></html>`

// write writes records as a crawler does, one gzip member each when packed.
func write(t *testing.T, packed bool, records ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.warc")
	var b bytes.Buffer
	for _, r := range records {
		head, block, _ := strings.Cut(r, "\n\n")
		record := "WARC/1.0\r\n" + strings.ReplaceAll(head, "\n", "\r\n") + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(block), block)
		if packed {
			z := gzip.NewWriter(&b)
			z.Write([]byte(record))
			z.Close()
		} else {
			b.WriteString(record)
		}
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func records() []string {
	answer := func(kind string, body []byte) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	}
	return []string{
		"WARC-Type: warcinfo\nWARC-Record-ID: <urn:0>\nContent-Type: application/warc-fields\n\nsoftware: a crawler\r\n",
		"WARC-Type: response\nWARC-Record-ID: <urn:1>\nWARC-Target-URI: http://i.example/\nContent-Type: application/http; msgtype=response\n\n" + answer("text/html", imodePage),
		"WARC-Type: request\nWARC-Record-ID: <urn:2>\nWARC-Concurrent-To: <urn:1>\nWARC-Target-URI: http://i.example/\nContent-Type: application/http; msgtype=request\n\nGET / HTTP/1.1\r\nHost: i.example\r\nUser-Agent: " + p903i + "\r\n\r\n",
		"WARC-Type: response\nWARC-Target-URI: http://i.example/p?id=1\nContent-Type: application/http; msgtype=response\n\n" + answer("text/html", []byte(auPage)),
		"WARC-Type: response\nWARC-Target-URI: <http://other.example/x.gif>\nContent-Type: application/http; msgtype=response\n\n" + answer("image/gif", []byte("GIF89a")),
		"WARC-Type: response\nWARC-Target-URI: http://i.example/gone\nContent-Type: application/http; msgtype=response\n\nHTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
	}
}

func TestWARC(t *testing.T) {
	for _, packed := range []bool{true, false} {
		a, err := Open(write(t, packed, records()...), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range []string{"i.example", "gateway:8080"} {
			r := ask(t, a, p903i, host, "/")
			if !bytes.Equal(r.Body(), imodePage) || string(r.Header.Peek("Cache-Control")) != "no-transform" {
				t.Errorf("to the handset it was made for: %q", r.Body())
			}
		}
		var req fasthttp.Request
		var resp fasthttp.Response
		req.SetRequestURI("/")
		req.Header.SetHost("i.example")
		req.Header.SetUserAgent(p903i)
		req.Header.Set(Rewritten, "1")
		if err := a.Do(&req, &resp); err != nil || !strings.Contains(string(resp.Body()), "<body>☀☁☀ ") || len(resp.Header.Peek("Cache-Control")) > 0 {
			t.Errorf("where it is rewritten: %v %s", err, resp.String())
		}
		r := ask(t, a, ca39, "i.example", "/")
		if got := string(r.Body()); !strings.Contains(got, "<body>☀☁☀ <a href=\"tel:0312345678\">電話</a>") || !strings.Contains(got, "<title>天気</title>") {
			t.Errorf("to another: %s", got)
		}
		if got := string(ask(t, a, p903i, "i.example", "/p?id=1").Body()); !strings.HasPrefix(got, "<html><body><a href=\"http://i.example/n\">n</a>☀A<IMG SRC=\"x.gif\">") || strings.Contains(got, "icon") {
			t.Errorf("au's pictures: %s", got)
		}
		if got := string(ask(t, a, p903i, "gateway:8080", "/p?id=1").Body()); !strings.Contains(got, `<a href="/n">`) {
			t.Errorf("by another name: %s", got)
		}
		if r := ask(t, a, ca39, "other.example", "/x.gif"); string(r.Body()) != "GIF89a" || string(r.Header.ContentType()) != "image/gif" {
			t.Errorf("a picture: %s", r.String())
		}
		if r := ask(t, a, ca39, "i.example", "/gone"); r.StatusCode() != 302 || string(r.Header.Peek("Location")) != "/" {
			t.Errorf("a redirect: %s", r.Header.String())
		}
		if r := ask(t, a, chrome, "i.example", "/p?id=2"); r.StatusCode() != 404 {
			t.Errorf("what was not kept: %d", r.StatusCode())
		}
	}
}

// What is no archive says so.
func TestWARC_damaged(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "text": "hello", "cut": "WARC/1.0\r\nContent-Length: 100\r\n\r\nshort"} {
		file := filepath.Join(t.TempDir(), name)
		os.WriteFile(file, []byte(content), 0o600)
		if _, err := Open(file, ""); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(dir, "..", "secret.html")
	os.WriteFile(outside, []byte("secret"), 0o600)
	defer os.Remove(outside)
	for name, body := range map[string]string{"index.html": "<html>top", "sub/page.cgi@id=1": "<html>one", "h.example/a.html": "<html>of h", "b.html": "<html>b"} {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700)
		os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600)
	}
	os.Symlink(outside, filepath.Join(dir, "link.html"))
	a, err := Open(dir, "docomo")
	if err != nil {
		t.Fatal(err)
	}
	for uri, want := range map[string]string{"/": "<html>top", "/sub/page.cgi?id=1": "<html>one", "/b": "<html>b", "/a.html": "<html>of h", "/../secret.html": "", "/%2e%2e/secret.html": "", "/link.html": ""} {
		r := ask(t, a, p903i, "h.example", uri)
		if got := string(r.Body()); want != "" && got != want || want == "" && (r.StatusCode() != 404 || strings.Contains(got, "secret")) {
			t.Errorf("%s: %d %s", uri, r.StatusCode(), got)
		}
	}
}

// A site that a program mirrored into a folder of its name is there under the gateway's name, too; a folder that is no host's is a path.
func TestDirectoryOfOneHost(t *testing.T) {
	for folder, want := range map[string]string{"www.keitai.example": "<html>i", "pages": ""} {
		dir := t.TempDir()
		os.MkdirAll(filepath.Join(dir, folder, "i"), 0o700)
		os.WriteFile(filepath.Join(dir, folder, "i", "index.html"), []byte("<html>i"), 0o600)
		a, err := Open(dir, "docomo")
		if err != nil {
			t.Fatal(err)
		}
		for uri, want := range map[string]string{"/i/": want, "/" + folder + "/i/": "<html>i", "/j/": ""} {
			r := ask(t, a, p903i, "127.0.0.1", uri)
			if got := string(r.Body()); want != "" && got != want || want == "" && r.StatusCode() != 404 {
				t.Errorf("%s%s: %d %s", folder, uri, r.StatusCode(), got)
			}
		}
	}
}

// Any bytes are an archive or none.
func FuzzWARC(f *testing.F) {
	f.Add([]byte(strings.Join(records(), "\n")))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "a.warc")
		os.WriteFile(name, b, 0o600)
		if a, err := Open(name, ""); err == nil {
			ask(t, a, p903i, "i.example", "/")
		}
	})
}
