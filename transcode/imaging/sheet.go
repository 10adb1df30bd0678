package imaging

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path"
	"strings"

	"github.com/disintegration/imaging"
	"golang.org/x/image/bmp"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// A Cell of a contact sheet shows one picture as one handset gets it.
type Cell struct {
	Src    []byte
	Limits Limits
	Label  string // ASCII
}

// Measures of a contact sheet, in pixels.
const (
	sheetGap   = 8
	sheetLine  = 13 // of text
	sheetLines = 3  // under each picture
	maxCells   = 400
)

// Sheet draws the cells in rows of columns, each with its label and what Convert made of it, and appends the sheet to
// dst as a PNG or JPEG file, as the extension of name says. A cell that cannot be converted shows the error.
func Sheet(dst []byte, cells []Cell, columns int, name string) ([]byte, error) {
	if len(cells) == 0 || len(cells) > maxCells || columns < 1 {
		return dst, fmt.Errorf("a contact sheet of %d pictures: want 1 to %d", len(cells), maxCells)
	}
	columns = min(columns, len(cells))
	pictures, notes := make([]image.Image, len(cells)), make([]string, len(cells))
	width, heights := 140, make([]int, (len(cells)+columns-1)/columns)
	total := sheetGap
	for i := range cells {
		pictures[i], notes[i] = cells[i].draw()
		size := pictures[i].Bounds().Size()
		width, heights[i/columns] = max(width, size.X), max(heights[i/columns], size.Y)
	}
	for _, h := range heights {
		total += h + sheetGap + sheetLines*sheetLine
	}
	across := columns*(width+sheetGap) + sheetGap
	if across*total > maxPixels {
		return dst, fmt.Errorf("a contact sheet of %d×%d pixels: want %d million at most; show fewer pictures or a smaller box", across, total, int(maxPixels/1e6))
	}
	sheet := imaging.New(across, total, color.White)
	at := image.Pt(sheetGap, sheetGap)
	for i, p := range pictures {
		size, height := p.Bounds().Size(), heights[i/columns]
		corner := at.Add(image.Pt((width-size.X)/2, height-size.Y))
		draw.Draw(sheet, image.Rectangle{corner, corner.Add(size)}, p, p.Bounds().Min, draw.Over)
		text(sheet, at.Add(image.Pt(0, height)), width, cells[i].Label, notes[i])
		if at.X += width + sheetGap; (i+1)%columns == 0 {
			at = image.Pt(sheetGap, at.Y+height+sheetGap+sheetLines*sheetLine)
		}
	}
	var out bytes.Buffer
	var err error
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".png":
		err = png.Encode(&out, sheet)
	case ".jpg", ".jpeg":
		err = jpeg.Encode(&out, sheet, &jpeg.Options{Quality: 85})
	default:
		return dst, fmt.Errorf("contact sheet %q: want a name that ends in .png or .jpg", name)
	}
	return append(dst, out.Bytes()...), err
}

// draw converts the cell's picture and reads the result back, as a handset would.
func (c *Cell) draw() (image.Image, string) {
	out, info, err := Convert(nil, c.Src, c.Limits)
	if err != nil {
		return image.NewNRGBA(image.Rect(0, 0, 1, 1)), err.Error()
	}
	decode := map[Formats]func(*bytes.Reader) (image.Image, error){
		JPEG: func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		PNG:  func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		GIF:  func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) },
		BMP:  func(r *bytes.Reader) (image.Image, error) { return bmp.Decode(r) },
	}[info.Format]
	img, err := decode(bytes.NewReader(out))
	if err != nil {
		return image.NewNRGBA(image.Rect(0, 0, 1, 1)), err.Error()
	}
	note := fmt.Sprintf("%s %dx%d\n%d bytes", info.Format, info.Width, info.Height, len(out))
	switch {
	case info.Quality > 0:
		note += fmt.Sprintf(", q%d", info.Quality)
	case info.Colors > 0:
		note += fmt.Sprintf(", %d col.", info.Colors)
	}
	return img, note
}

// text writes lines below a point, each cut to a width.
func text(img *image.NRGBA, at image.Point, width int, lines ...string) {
	face := basicfont.Face7x13
	d := font.Drawer{Dst: img, Src: image.Black, Face: face}
	for _, line := range strings.Split(strings.Join(lines, "\n"), "\n") {
		at.Y += sheetLine
		d.Dot = fixed.P(at.X, at.Y)
		d.DrawString(line[:min(len(line), width/face.Advance)])
	}
}
