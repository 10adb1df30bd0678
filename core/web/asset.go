package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strings"
	"sync"

	"github.com/valyala/fasthttp"
)

//go:embed style.css album.js viewer.js write.js talk.js live.js keep.js shrink.js passkey.js push.js worker.js logo.svg icons.svg person.svg welcome.svg
var assetFiles embed.FS

type assetFile struct{ kind, body string }

// assets are the public files: nothing in them depends on who asks.
var assets = map[string]assetFile{
	"/style.css":   {"text/css; charset=UTF-8", strings.ReplaceAll(mustRead("style.css"), "/icons.svg", "/icons.svg?v="+version(mustRead("icons.svg")))},
	"/album.js":    {"text/javascript; charset=UTF-8", mustRead("album.js")},
	"/viewer.js":   {"text/javascript; charset=UTF-8", mustRead("viewer.js")},
	"/write.js":    {"text/javascript; charset=UTF-8", mustRead("write.js")},
	"/talk.js":     {"text/javascript; charset=UTF-8", mustRead("talk.js")},
	"/live.js":     {"text/javascript; charset=UTF-8", mustRead("live.js")},
	"/keep.js":     {"text/javascript; charset=UTF-8", mustRead("keep.js")},
	"/shrink.js":   {"text/javascript; charset=UTF-8", mustRead("shrink.js")},
	"/passkey.js":  {"text/javascript; charset=UTF-8", mustRead("passkey.js")},
	"/push.js":     {"text/javascript; charset=UTF-8", mustRead("push.js")},
	"/logo.svg":    {"image/svg+xml", mustRead("logo.svg")},
	"/icons.svg":   {"image/svg+xml", mustRead("icons.svg")},
	"/person.svg":  {"image/svg+xml", mustRead("person.svg")},
	"/welcome.svg": {"image/svg+xml", mustRead("welcome.svg")},
	"/favicon.ico": {"image/svg+xml", mustRead("logo.svg")},
}

func mustRead(name string) string {
	b, err := assetFiles.ReadFile(name)
	if err != nil {
		panic(err) // the file is embedded: this cannot happen in a binary that was built
	}
	return string(b)
}

// styleVersion names the style sheet's content, so that it can be cached for long and still change.
var styleVersion = version(assets["/style.css"].body)

// What names the content of the viewer of photos, and of what helps to write and to send.
var (
	viewerScript = version(assets["/viewer.js"].body)
	writeScript  = version(assets["/write.js"].body)
	talkScript   = version(assets["/talk.js"].body)
	liveScript   = version(assets["/live.js"].body)
	keepScript   = version(assets["/keep.js"].body)
	shrinkScript = version(assets["/shrink.js"].body)
)

// version is short and another one for another content.
func version(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:4])
}

// coded are the assets as they go out to browsers that read a coding: made once, the best first. Pages are sent as they are: theirs are
// tokens beside what somebody else typed, whose lengths nobody shall compare (BREACH).
var coded = sync.OnceValue(func() map[string]map[string][]byte {
	made := map[string]map[string][]byte{"br": {}, "gzip": {}}
	for path, a := range assets {
		made["br"][path] = fasthttp.AppendBrotliBytesLevel(nil, []byte(a.body), fasthttp.CompressBrotliBestCompression)
		made["gzip"][path] = fasthttp.AppendGzipBytesLevel(nil, []byte(a.body), fasthttp.CompressBestCompression)
	}
	return made
})

// codings are the codings of assets, the smaller first.
var codings = [...]string{"br", "gzip"}

func (v openPages) asset() error {
	a := assets[string(v.ctx.Path())]
	h := &v.ctx.Response.Header
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age=86400")
	h.Del("Pragma")
	h.Del("Expires")
	v.ctx.SetContentType(a.kind)
	v.ctx.SetBodyString(a.body)
	if !v.forPC() {
		return nil
	}
	for _, coding := range codings {
		if body := coded()[coding][string(v.ctx.Path())]; len(body) > 0 && len(body) < len(a.body) && v.ctx.Request.Header.HasAcceptEncoding(coding) {
			h.SetContentEncoding(coding)
			v.ctx.SetBody(body)
			break
		}
	}
	return nil
}

func (v openPages) robots() error {
	v.ctx.SetContentType("text/plain; charset=UTF-8")
	v.ctx.SetBodyString("User-agent: *\nDisallow: /\n")
	return nil
}
