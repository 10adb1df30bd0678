package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
)

//go:embed style.css logo.svg person.svg
var assetFiles embed.FS

type assetFile struct{ kind, body string }

// assets are the public files: nothing in them depends on who asks.
var assets = map[string]assetFile{
	"/style.css":   {"text/css; charset=UTF-8", mustRead("style.css")},
	"/logo.svg":    {"image/svg+xml", mustRead("logo.svg")},
	"/person.svg":  {"image/svg+xml", mustRead("person.svg")},
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
var styleVersion = func() string {
	sum := sha256.Sum256([]byte(assets["/style.css"].body))
	return hex.EncodeToString(sum[:4])
}()

func (v *visit) asset() error {
	a := assets[string(v.ctx.Path())]
	h := &v.ctx.Response.Header
	h.Set("Cache-Control", "public, max-age=86400")
	h.Del("Pragma")
	h.Del("Expires")
	v.ctx.SetContentType(a.kind)
	v.ctx.SetBodyString(a.body)
	return nil
}

func (v *visit) robots() error {
	v.ctx.SetContentType("text/plain; charset=UTF-8")
	v.ctx.SetBodyString("User-agent: *\nDisallow: /\n")
	return nil
}
