package palette

import (
	"image"
	"image/color"
)

// A Mode says how Map spreads what a palette lacks.
type Mode uint8

// Modes.
const (
	Diffused Mode = iota // Floyd–Steinberg, to and fro: truest
	Ordered              // a fixed pattern: still from frame to frame
	Plain                // none: smallest
)

// strength is the share of the error that Diffused passes on, in 1/16 of Floyd–Steinberg's own 16/16. A little less
// than all keeps noise out of smooth areas.
const strength = 14

// Map draws the picture in the colours of the palette, which are opaque and at most 256. If the picture has
// transparent pixels, a transparent colour is appended to the palette of the result (so the palette given must then
// have 255 colours at most).
func Map(img *image.NRGBA, p color.Palette, mode Mode) *image.Paletted {
	m := newMapper(p)
	dst := image.NewPaletted(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()), p)
	clear := false
	switch mode {
	case Diffused:
		clear = m.diffuse(dst, img)
	default:
		clear = m.pattern(dst, img, mode == Ordered)
	}
	if clear {
		dst.Palette = append(p[:len(p):len(p)], color.NRGBA{})
	}
	return dst
}

// A mapper finds palette entries through a map by 5-6-5 bits that fills as it is asked.
type mapper struct {
	search  *search
	colours []rgb
	inverse [1 << 16]uint16 // 1 + index; 0: not yet known
}

func newMapper(p color.Palette) *mapper {
	m := &mapper{colours: make([]rgb, len(p))}
	for i, c := range p {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		m.colours[i] = rgb{int(n.R), int(n.G), int(n.B)}
	}
	m.search = newSearch(m.colours)
	return m
}

// at returns the index of about the nearest colour to r, g, b in 0 … 255.
func (m *mapper) at(r, g, b int) int {
	cell := &m.inverse[r>>3<<11|g>>2<<5|b>>3]
	if *cell == 0 {
		*cell = uint16(1 + m.search.nearest(rgb{r&^7 | 4, g&^3 | 2, b&^7 | 4}))
	}
	return int(*cell) - 1
}

// clamp keeps v within 0 … 255.
func clamp(v int) int {
	if uint(v) > 255 {
		v = ^(v >> 63) & 255
	}
	return v
}

// diffuse draws with Floyd–Steinberg dithering and says whether a pixel was transparent. Errors are kept in 1/16.
func (m *mapper) diffuse(dst *image.Paletted, img *image.NRGBA) (transparent bool) {
	w := img.Rect.Dx()
	here, below := make([]rgb, w+2), make([]rgb, w+2) // errors, one column of margin at both ends
	for y := range img.Rect.Dy() {
		row, out := img.Pix[y*img.Stride:], dst.Pix[y*dst.Stride:]
		x, step := 0, 1
		if y&1 == 1 {
			x, step = w-1, -1
		}
		for range w {
			p := row[4*x : 4*x+4 : 4*x+4]
			e := &here[x+1]
			if p[3] < 128 {
				out[x] = uint8(len(m.colours))
				transparent = true
			} else {
				r := clamp(int(p[0]) + (e[0]+8)>>4)
				g := clamp(int(p[1]) + (e[1]+8)>>4)
				b := clamp(int(p[2]) + (e[2]+8)>>4)
				k := m.at(r, g, b)
				out[x] = uint8(k)
				c := &m.colours[k]
				spread(rgb{(r - c[0]) * strength / 16, (g - c[1]) * strength / 16, (b - c[2]) * strength / 16},
					&here[x+1+step], &below[x+1-step], &below[x+1], &below[x+1+step])
			}
			x += step
		}
		here, below = below, here
		clear(below)
	}
	return transparent
}

// spread passes an error on: 7/16 ahead, 3/16, 5/16 and 1/16 below.
func spread(e rgb, ahead, behind, under, before *rgb) {
	for i, v := range e {
		ahead[i] += 7 * v
		behind[i] += 3 * v
		under[i] += 5 * v
		before[i] += v
	}
}

// pattern draws with an ordered pattern, or plainly, and says whether a pixel was transparent.
func (m *mapper) pattern(dst *image.Paletted, img *image.NRGBA, ordered bool) (transparent bool) {
	swing := m.swing()
	for y := range img.Rect.Dy() {
		row, out := img.Pix[y*img.Stride:], dst.Pix[y*dst.Stride:]
		for x := range img.Rect.Dx() {
			p := row[4*x : 4*x+4 : 4*x+4]
			if p[3] < 128 {
				out[x] = uint8(len(m.colours))
				transparent = true
				continue
			}
			d := 0
			if ordered {
				d = (2*bayer[y&7][x&7] - 63) * swing / 128
			}
			out[x] = uint8(m.at(clamp(int(p[0])+d), clamp(int(p[1])+d), clamp(int(p[2])+d)))
		}
	}
	return transparent
}

// swing is the height of the ordered pattern: about the distance between neighbours in a palette of this size.
func (m *mapper) swing() int {
	side := 2
	for side*side*side < len(m.colours) {
		side++
	}
	return 192 / side
}
