package gateway

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	"image/jpeg"
	_ "image/png"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"musubi/transcode/imaging"

	"github.com/valyala/fasthttp"
	"golang.org/x/image/bmp"
)

// album is an upstream with one photo, seen by whoever has the cookie or is not asked for it.
type album struct {
	photo  []byte
	bodies atomic.Int32 // how often the bytes were sent
	closed atomic.Bool  // nobody may see it any more
}

func newAlbum(t *testing.T) *album {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for y := range 600 {
		for x := range 800 {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y / 97), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return &album{photo: b.Bytes()}
}

func (a *album) handle(ctx *fasthttp.RequestCtx) {
	if a.closed.Load() {
		ctx.SetStatusCode(404)
		ctx.SetContentType("text/html")
		ctx.SetBodyString("<title>none</title>")
		return
	}
	h := &ctx.Response.Header
	h.Set("ETag", `"abc"`)
	h.Set("Cache-Control", "private, no-cache")
	if box := ctx.QueryArgs().Peek("box"); len(box) > 0 {
		h.SetBytesV("X-Ktai-Box", box)
	}
	if string(ctx.Request.Header.Peek("If-None-Match")) == `"abc"` {
		ctx.SetStatusCode(304)
		return
	}
	a.bodies.Add(1)
	ctx.SetContentType("image/jpeg")
	ctx.SetBody(a.photo)
}

func decodeSize(t *testing.T, r *fasthttp.Response) (w, h int, format string) {
	t.Helper()
	c, format, err := image.DecodeConfig(bytes.NewReader(r.Body()))
	if err != nil {
		t.Fatalf("%d %s: %v", r.StatusCode(), r.Header.ContentType(), err)
	}
	return c.Width, c.Height, format
}

func TestPicturesFitTheScreen(t *testing.T) {
	a := newAlbum(t)
	w := newWorld(t, a.handle, func(c *Config) { c.CacheDir = t.TempDir() })
	for _, row := range []struct {
		ua, box       string
		width, height int // at most
		format        string
	}{
		{uaP903i, "screen", 240, 320, "jpeg"},
		{uaP903i, "thumb", 76, 76, ""},
		{uaP903i, "", 240, 320, ""},
		{"DoCoMo/1.0/D501i", "screen", 96, 100, "gif"},
		{uaCA39, "120x120", 120, 120, ""},
		{ua910T, "180x180;fill", 180, 180, ""},
		{uaChrome, "medium", 320, 320, ""},
		{uaChrome, "large", 640, 640, ""},
	} {
		r := w.get(anywhere, row.ua, "/photo?box="+row.box)
		width, height, format := decodeSize(t, r)
		if width > row.width || height > row.height || width < row.width/3 || row.format != "" && format != row.format {
			t.Errorf("%.20s %s: %d×%d %s", row.ua, row.box, width, height, format)
		}
		if got := string(r.Header.ContentType()); got != "image/"+format {
			t.Errorf("%.20s %s: %s is called %s", row.ua, row.box, format, got)
		}
		if string(r.Header.Peek("X-Content-Type-Options")) != "nosniff" || len(r.Header.Peek("X-Ktai-Box")) > 0 {
			t.Errorf("fields: %s", r.Header.String())
		}
	}
	plain := w.get(anywhere, uaChrome, "/photo")
	if !bytes.Equal(plain.Body(), a.photo) {
		t.Error("a browser's picture without a box was changed")
	}
}

// The cache spares the bytes and never the question whether this viewer may see the picture.
func TestSEC83_EveryFetchAsksForPermission(t *testing.T) {
	a := newAlbum(t)
	dir := t.TempDir()
	w := newWorld(t, a.handle, func(c *Config) { c.CacheDir = dir })
	first := w.get(anywhere, uaP903i, "/photo?box=screen&sign=1")
	again := w.get(anywhere, uaP903i, "/photo?box=screen&sign=2")
	if !bytes.Equal(first.Body(), again.Body()) || again.StatusCode() != 200 {
		t.Errorf("the second fetch differs: %d", again.StatusCode())
	}
	if n := a.bodies.Load(); n != 1 {
		t.Errorf("the photo's bytes moved %d times", n)
	}
	w.get(anywhere, uaP903i, "/photo?box=thumb&sign=2") // another size needs the bytes once more
	if n := a.bodies.Load(); n != 2 {
		t.Errorf("for another size the bytes moved %d times", n)
	}
	if n := len(w.requests()); n < 3 {
		t.Errorf("only %d questions upstream", n)
	}
	a.closed.Store(true)
	if r := w.get(anywhere, uaP903i, "/photo?box=screen&sign=2"); r.StatusCode() != 404 {
		t.Errorf("after the photo was closed: %d", r.StatusCode())
	}
	a.closed.Store(false)
	restarted := newWorld(t, a.handle, func(c *Config) { c.CacheDir = dir })
	if r := restarted.get(anywhere, uaP903i, "/photo?box=screen"); !bytes.Equal(r.Body(), first.Body()) {
		t.Error("after a restart the picture differs")
	}
}

// A picture that the upstream lets nobody keep is kept by no handset; the gateway has it and asks each time.
func TestSEC70_MembersPicturesAreNotKept(t *testing.T) {
	a := newAlbum(t)
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		a.handle(ctx)
		ctx.Response.Header.Set("Cache-Control", "private, no-store")
	}, func(c *Config) { c.CacheDir = t.TempDir() })
	for _, ua := range []string{uaP903i, uaChrome} {
		for range 2 { // made, and from memory
			h := &w.get(anywhere, ua, "/photo?box=screen").Header
			if got := string(h.Peek("Cache-Control")) + "|" + string(h.Peek("Pragma")) + "|" + string(h.Peek("Expires")); got != "private, no-store|no-cache|0" {
				t.Errorf("%.20s gets a picture with %s", ua, got)
			}
		}
	}
	if n := a.bodies.Load(); n > 2 {
		t.Errorf("the bytes moved %d times", n)
	}
}

func TestPictureTags(t *testing.T) {
	a := newAlbum(t)
	w := newWorld(t, a.handle, func(c *Config) { c.CacheDir = t.TempDir() })
	for ua, want := range map[string]int{uaP903i: 304, uaCA39: 304, ua910T: 200, uaChrome: 304} {
		tag := string(w.get(anywhere, ua, "/photo?box=thumb").Header.Peek("ETag"))
		if !strings.HasPrefix(tag, ownTag) {
			t.Fatalf("tag %q", tag)
		}
		r := w.get(anywhere, ua, "/photo?box=thumb", "If-None-Match: "+tag)
		if r.StatusCode() != want || want == 304 && len(r.Body()) > 0 {
			t.Errorf("%.20s: %d, want %d", ua, r.StatusCode(), want)
		}
		if r := w.get(anywhere, ua, "/photo?box=thumb", `If-None-Match: "other"`); r.StatusCode() != 200 {
			t.Errorf("%.20s with another tag: %d", ua, r.StatusCode())
		}
	}
	for _, seen := range w.requests() {
		if strings.Contains(seen, "musubi-") && strings.Contains(seen, "If-None-Match: \"musubi-") {
			t.Errorf("our tag went upstream: %q", seen)
		}
	}
}

func TestPictureRangeAndHead(t *testing.T) {
	a := newAlbum(t)
	w := newWorld(t, a.handle, func(c *Config) { c.CacheDir = t.TempDir() })
	whole := w.get(anywhere, uaP903i, "/photo?box=thumb")
	if r := w.get(anywhere, uaP903i, "/photo?box=thumb", "Range: bytes=0-9"); r.StatusCode() != 200 || !bytes.Equal(r.Body(), whole.Body()) {
		t.Errorf("a range of a fitted picture: %d, %d bytes", r.StatusCode(), len(r.Body()))
	}
	c := w.dial(anywhere)
	defer c.Close()
	go fmt.Fprintf(c, "HEAD /photo?box=thumb HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n", ourHost, uaP903i)
	buf := make([]byte, 4096)
	n, _ := c.Read(buf)
	if !strings.Contains(string(buf[:n]), fmt.Sprintf("Content-Length: %d\r\n", len(whole.Body()))) || !strings.HasSuffix(string(buf[:n]), "\r\n\r\n") {
		t.Errorf("HEAD: %q", buf[:n])
	}
}

func TestManyAskForOnePictureAtOnce(t *testing.T) {
	a := newAlbum(t)
	w := newWorld(t, a.handle, func(c *Config) { c.CacheDir = t.TempDir(); c.Limits.Images = 1 })
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if r := w.get(anywhere, uaP903i, "/photo?box=medium"); r.StatusCode() != 200 {
				t.Errorf("status %d", r.StatusCode())
			}
		})
	}
	wg.Wait()
}

func TestSEC84_PictureCacheIsBounded(t *testing.T) {
	dir := t.TempDir()
	c := openPictures(dir, 10_000, nil, slog.New(slog.DiscardHandler))
	for i := range 100 {
		c.put(fmt.Sprint("k", i), picture{1, "", make([]byte, 994)})
	}
	size := int64(0)
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		info, _ := f.Info()
		size += info.Size()
	}
	if len(files) != 10 || size != 10_000 {
		t.Errorf("%d files of %d bytes", len(files), size)
	}
	if p, ok := c.get("k99"); !ok || len(p.body) != 994 {
		t.Error("the newest is gone")
	}
	if again := openPictures(dir, 3_000, nil, slog.New(slog.DiscardHandler)); again.used.Len() != 3 {
		t.Errorf("opened with a smaller bound: %d", again.used.Len())
	}
}

// A kept picture that is damaged in any byte, or cut anywhere, is not shown: it is made again (issue 27, number 12).
func TestDamagedPicturesAreMadeAgain(t *testing.T) {
	dir := t.TempDir()
	want := picture{imaging.JPEG, "no-store", []byte("the picture")}
	whole := want.pack()
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1
		for _, damaged := range [][]byte{flipped, whole[:i]} {
			c := openPictures(dir, 1<<20, nil, slog.New(slog.DiscardHandler))
			c.put("k", want)
			if err := os.WriteFile(filepath.Join(dir, "k"), damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if p, ok := c.get("k"); ok {
				t.Fatalf("damaged at %d: got %q", i, p.body)
			}
			if p, err := c.once("k", func() (picture, error) { return want, nil }); err != nil || string(p.body) != "the picture" {
				t.Fatal(err)
			}
		}
	}
}

// What stands in place of the directory is put aside, and where there can be none pictures are made each time.
func TestPicturesWithoutADirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pictures")
	if err := os.WriteFile(dir, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c := openPictures(dir, 1<<20, nil, slog.New(slog.NewTextHandler(&log, nil)))
	c.put("k", picture{imaging.JPEG, "", []byte("p")})
	if _, ok := c.get("k"); !ok || !strings.Contains(log.String(), "pictures.damaged") {
		t.Errorf("kept %v; the log says %q", ok, log.String())
	}
	log.Reset()
	none := openPictures("/proc/nowhere", 1<<20, nil, slog.New(slog.NewTextHandler(&log, nil)))
	none.put("k", picture{imaging.JPEG, "", []byte("p")})
	if _, ok := none.get("k"); ok || !strings.Contains(log.String(), "/proc/nowhere") {
		t.Errorf("kept %v; the log says %q", ok, log.String())
	}
}

func TestPicturesThatAreNone(t *testing.T) {
	for name, body := range map[string]string{"text": "not a picture", "empty": "", "script": "<script>alert(1)</script>", "cut": "\xff\xd8\xff\xe0\x00\x10JFIF"} {
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType("image/jpeg")
			ctx.SetBodyString(body)
		}, nil)
		if r := w.get(anywhere, uaP903i, "/x.jpg"); r.StatusCode() != 502 || strings.Contains(string(r.Body()), "alert") {
			t.Errorf("%s: %d %s", name, r.StatusCode(), r.Body())
		}
	}
}

// Pictures of today's web: what can be read is fitted, and what cannot never reaches a handset as it is (SEC-81).
func TestSEC81_LaterFormatsNeverGoOutRaw(t *testing.T) {
	var bitmap bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	if err := bmp.Encode(&bitmap, m); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind, body string
		status     int
	}{
		{"image/bmp", bitmap.String(), 200},
		{"image/webp", "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00", 200},
		{"image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`, 502},
		{"image/avif", "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", 502},
		{"image/x-unknown", "anything", 502},
	} {
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType(c.kind)
			ctx.SetBodyString(c.body)
		}, nil)
		r := w.get(anywhere, uaP903i, "/picture")
		if r.StatusCode() != c.status || bytes.Contains(r.Body(), []byte(c.body)) {
			t.Errorf("%s: %d, %q", c.kind, r.StatusCode(), r.Body())
		}
		if c.status == 200 {
			decodeSize(t, r)
		}
		if plain := w.get(anywhere, uaChrome, "/picture"); string(plain.Body()) != c.body {
			t.Errorf("%s: a browser's picture was changed", c.kind)
		}
	}
}
