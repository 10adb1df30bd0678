package viewer

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/carriers"
)

var (
	//go:embed viewer.html
	pageHTML string
	//go:embed viewer.js
	script string

	page   = template.Must(template.New("viewer").Parse(pageHTML))
	policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-" +
		func() string { h := sha256.Sum256([]byte(script)); return base64.StdEncoding.EncodeToString(h[:]) }() + "'"
)

// A face is one handset as the page shows it.
type face struct {
	Number                  int
	Model, Carrier, Title   string
	Dialect, Charset, Emoji string
	Width, Height           int
	Bytes, Budget, Percent  int
	Part, URL, Trip         string
	Lost, Status            int
	Screen                  template.HTML
	Keys                    []string
}

// write answers with the page.
func (d *desk) write(ctx *fasthttp.RequestCtx) {
	var faces []face
	var models []string
	for i, s := range d.phones {
		faces = append(faces, s.face(i))
		models = append(models, s.model)
	}
	data := struct {
		Faces  []face
		Models string
		All    []carriers.Model
		Script template.JS
	}{faces, strings.Join(models, " "), carriers.Models(), template.JS(script)}
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		ctx.Error(err.Error(), fasthttp.StatusInternalServerError)
		return
	}
	ctx.SetContentType("text/html; charset=utf-8")
	ctx.Response.Header.Set("Content-Security-Policy", policy)
	ctx.Response.Header.Set("Referrer-Policy", "no-referrer")
	ctx.Response.Header.Set("Cache-Control", "no-store")
	ctx.SetBody(b.Bytes())
}

// face describes handset i of the desk.
func (s *standing) face(i int) face {
	h := s.Handset()
	f := face{Number: i, Model: s.model, Carrier: string(h.Carrier), Dialect: h.Dialect.String(), Charset: h.Charset.String(), Emoji: h.Emoji.String(),
		Width: h.Display.WidthPx, Height: h.Display.HeightPx, Budget: h.PageBudget, Trip: s.trip,
		Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"}}
	if h.Name != "" {
		f.Model = h.Name
	}
	if f.Width == 0 || f.Height == 0 {
		f.Width, f.Height = 240, 320
	}
	p := s.Page()
	if p == nil {
		return f
	}
	decoded := decode(&h, p)
	f.Title, f.URL, f.Bytes, f.Part, f.Status = p.Title, p.URL, p.Bytes, p.Part, p.Status
	f.Lost = bytes.Count(decoded, []byte("〓"))
	if f.Budget > 0 {
		f.Percent = min(100, f.Bytes*100/f.Budget)
	}
	f.Screen = template.HTML(render(decoded, p.URL, strconv.Itoa(i))) // built by screen.go, element by element
	return f
}
