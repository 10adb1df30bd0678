package viewer

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

var (
	//go:embed viewer.js
	script string

	policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-" +
		func() string { h := sha256.Sum256([]byte(script)); return base64.StdEncoding.EncodeToString(h[:]) }() + "'"
)

// A face is one handset as the page shows it.
type face struct {
	number                  int
	model, carrier, title   string
	dialect, charset, emoji string
	width, height           int
	bytes, budget, percent  int
	part, url, trip         string
	lost, status            int
	screen                  string // HTML built by screen.go, element by element
}

// write answers with the page.
func (d *desk) write(ctx *fasthttp.RequestCtx) {
	var faces []face
	var models []string
	for i, s := range d.phones {
		faces = append(faces, s.face(i))
		models = append(models, s.model)
	}
	ctx.SetContentType("text/html; charset=utf-8")
	ctx.Response.Header.Set("Content-Security-Policy", policy)
	ctx.Response.Header.Set("Referrer-Policy", "no-referrer")
	ctx.Response.Header.Set("Cache-Control", "no-store")
	writepage(ctx, faces, strings.Join(models, " "))
}

// face describes handset i of the desk.
func (s *standing) face(i int) face {
	h := s.Handset()
	f := face{number: i, model: s.model, carrier: string(h.Carrier), dialect: h.Dialect.String(), charset: h.Charset.String(), emoji: h.Emoji.String(),
		width: h.Display.WidthPx, height: h.Display.HeightPx, budget: h.PageBudget, trip: s.trip}
	if h.Name != "" {
		f.model = h.Name
	}
	if f.width == 0 || f.height == 0 {
		f.width, f.height = 240, 320
	}
	p := s.Page()
	if p == nil {
		return f
	}
	decoded := decode(&h, p)
	f.title, f.url, f.bytes, f.part, f.status = p.Title, p.URL, p.Bytes, p.Part, p.Status
	f.lost = bytes.Count(decoded, []byte("〓"))
	if f.budget > 0 {
		f.percent = min(100, f.bytes*100/f.budget)
	}
	f.screen = render(decoded, p.URL, strconv.Itoa(i))
	return f
}
