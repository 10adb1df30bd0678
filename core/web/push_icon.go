package web

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"sync"

	"github.com/srwiley/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/draw"

	"musubi/core"
)

// iconSizes are those that browsers want of an application, and what Apple's want for the home screen.
var iconSizes = [...]int{180, 192, 512}

// An icon is one of them: round where its edge may be cut off.
type icon struct {
	size  int
	round bool
}

// icons are those that were drawn, of one look of the site.
type icons struct {
	mu    sync.Mutex
	look  string
	drawn map[icon][]byte
}

// look is what icons are drawn of.
func (v appPages) look() (string, core.ID, string) {
	st := v.site.core.Policy.State(v.ctx)
	return version(st.Logo.String() + st.Accent), st.Logo, st.Accent
}

// iconAddress is where an icon of the site as it looks now is.
func iconAddress(v *visit, size int, round bool) string {
	look, _, _ := appPages{v}.look()
	name := strconv.Itoa(size)
	if round {
		name += "-round"
	}
	return iconPath + name + ".png?v=" + look
}

// icon sends one.
func (v appPages) icon() error {
	name, isPNG := strings.CutSuffix(strings.TrimPrefix(string(v.ctx.Path()), iconPath), ".png")
	name, round := strings.CutSuffix(name, "-round")
	for _, size := range iconSizes {
		if isPNG && name == strconv.Itoa(size) {
			b, err := v.drawnIcon(icon{size, round})
			if err != nil {
				return err
			}
			housePages(v).keepForLong()
			v.ctx.SetContentType("image/png")
			v.ctx.SetBody(b)
			return nil
		}
	}
	return core.ErrNotFound
}

// drawnIcon draws one at a time, each once.
func (v appPages) drawnIcon(i icon) ([]byte, error) {
	look, logo, accent := v.look()
	kept := &v.site.icons
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.look != look {
		kept.look, kept.drawn = look, map[icon][]byte{}
	}
	if b, there := kept.drawn[i]; there {
		return b, nil
	}
	canvas := image.NewRGBA(image.Rect(0, 0, i.size, i.size))
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(colourOf(appGround)), image.Point{}, draw.Src)
	inner := canvas.Bounds().Inset(i.size / 16)
	if i.round { // all that matters lies in a circle of four fifths
		inner = canvas.Bounds().Inset(i.size * 7 / 32)
	}
	err := v.drawLogo(canvas, inner, logo, accent)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, canvas); err != nil {
		return nil, err
	}
	kept.drawn[i] = b.Bytes()
	return b.Bytes(), nil
}

// drawLogo draws the operator's picture, or ours with the operator's colour in it.
func (v appPages) drawLogo(canvas *image.RGBA, inner image.Rectangle, logo core.ID, accent string) error {
	if logo != 0 {
		p, err := v.site.core.Policy.Picture(v.ctx, logo)
		if err != nil {
			return err
		}
		b, err := v.site.core.Blobs.Get(v.ctx, p.Hash)
		if err != nil {
			return err
		}
		if picture, _, err := image.Decode(bytes.NewReader(b)); err == nil {
			draw.CatmullRom.Scale(canvas, within(inner, picture.Bounds().Size()), picture, picture.Bounds(), draw.Over, nil)
			return nil
		}
	}
	text := mustRead("logo.svg")
	if accent != "" {
		text = strings.ReplaceAll(text, "#d9673a", accent)
	}
	drawing, err := oksvg.ReadIconStream(strings.NewReader(text))
	if err != nil {
		return err
	}
	drawing.SetTarget(float64(inner.Min.X), float64(inner.Min.Y), float64(inner.Dx()), float64(inner.Dy()))
	side := canvas.Bounds().Dx()
	drawing.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, canvas, canvas.Bounds())), 1)
	return nil
}

// within is the largest place of that shape in the middle of a square.
func within(square image.Rectangle, shape image.Point) image.Rectangle {
	side, most := square.Dx(), max(shape.X, shape.Y, 1)
	w, h := max(side*shape.X/most, 1), max(side*shape.Y/most, 1)
	at := square.Min.Add(image.Pt((side-w)/2, (side-h)/2))
	return image.Rectangle{at, at.Add(image.Pt(w, h))}
}

// colourOf reads "#rrggbb".
func colourOf(s string) color.RGBA {
	b, err := hex.DecodeString(strings.TrimPrefix(s, "#"))
	if err != nil || len(b) != 3 {
		return color.RGBA{255, 255, 255, 255}
	}
	return color.RGBA{b[0], b[1], b[2], 255}
}
