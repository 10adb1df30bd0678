package imaging

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"math/bits"
	"sync"

	"musubi/transcode/imaging/internal/palette"
)

// fullColours is the number of display colours from which on nothing is gained by reducing them.
const fullColours = 1 << 18

// leastColours is how few colours a byte limit may leave a picture of full colour before it is made smaller.
const leastColours = 32

// A look is one way to draw a picture for a display.
type look struct {
	colours int           // of a palette; 0: full colour
	fixed   color.Palette // the display's own palette, or nil
	grey    bool
	depth   palette.Depth
}

// looks lists the ways to draw for the display, best and largest first.
func looks(l *Limits, f Formats) []look {
	switch n := l.Colors; {
	case f == WBMP:
		return []look{{colours: 2, fixed: palette.Greys(2), grey: true}}
	case n > 0 && n <= 16:
		n = max(n, 2)
		return []look{{colours: n, fixed: palette.Greys(n), grey: true}}
	case n > 0 && n <= 256 && l.Cube332:
		return []look{{colours: 256, fixed: palette.Cube332()}}
	}
	depth := palette.Depth{}
	switch {
	case l.Colors > 256 && l.Colors <= 4096:
		depth = palette.Depth4096
	case l.Colors > 4096 && l.Colors < fullColours:
		depth = palette.Depth65536
	}
	var all []look
	if f == PNG && (l.Colors == 0 || l.Colors > 256) {
		all = append(all, look{depth: depth})
	}
	most := 256
	if l.Colors > 0 {
		most = min(most, l.Colors)
	}
	for n := most; n >= min(leastColours, most); n /= 2 {
		all = append(all, look{colours: n, depth: depth})
	}
	return all
}

// fitPalette writes a GIF, PNG or BMP within the limit: first by fewer colours, then (if shrink) by a smaller picture.
func fitPalette(dst []byte, draw render, info *Info, l *Limits, comment string, shrink bool) ([]byte, error) {
	all, start := looks(l, info.Format), len(dst)
	for share := 1.0; share > leastShare; {
		p := draw(share, 1)
		info.Width, info.Height = p.size()
		least := math.MaxInt
		for i := 0; i < len(all); {
			out := p.drawAs(dst, all[i], info, comment)
			size := len(out) - start
			if l.MaxBytes == 0 || size <= l.MaxBytes {
				return out, nil
			}
			least = min(least, size)
			i += ahead(all[i:], info.Colors, float64(size)/float64(l.MaxBytes))
		}
		if !shrink {
			break
		}
		all = all[len(all)-1:]
		share *= min(math.Sqrt(float64(l.MaxBytes)/float64(least)), 0.94)
	}
	return dst, ErrNoFit
}

// ahead says how many looks to go on after the first of all came out over times too large with a number of colours:
// past those that need nearly as many bits a pixel.
func ahead(all []look, colours int, over float64) int {
	have := 16.0
	if colours > 0 {
		have = math.Log2(float64(colours))
	}
	i := 1
	for i < len(all)-1 && math.Log2(float64(all[i].colours)) > 1.15*have/over {
		i++
	}
	return i
}

// drawAs writes a picture in one look.
func (p *picture) drawAs(dst []byte, k look, info *Info, comment string) []byte {
	img := p.rgba()
	info.Colors = k.colours
	if k.colours == 0 {
		if k.depth != (palette.Depth{}) {
			return appendPNG(dst, dithered(img, k.depth), comment)
		}
		if exact := palette.Exact(img, 256); exact != nil {
			info.Colors = len(exact.Palette)
			return appendPNG(dst, exact, comment)
		}
		return appendPNG(dst, img, comment)
	}
	if info.Format == BMP || info.Format == WBMP {
		img = onWhite(img)
	}
	m := paint(img, k, palette.Diffused)
	info.Colors = len(m.Palette)
	switch info.Format {
	case GIF:
		return appendGIF(dst, []frame{{img: m}}, comment)
	case PNG:
		return appendPNG(dst, m, comment)
	}
	if info.Format == WBMP {
		return appendWBMP(dst, m)
	}
	return appendBMP(dst, m)
}

// paint reduces the colours of a picture to a look's.
func paint(img *image.NRGBA, k look, mode palette.Mode) *image.Paletted {
	if k.grey {
		img = greyscale(img)
	}
	if k.fixed != nil { // there is no place for a transparent colour
		img = onWhite(img)
		return palette.Map(img, k.fixed, mode)
	}
	if k.depth == (palette.Depth{}) {
		if m := palette.Exact(img, k.colours); m != nil {
			return m
		}
	}
	n := k.colours
	if !img.Opaque() {
		n--
	}
	return palette.Map(img, palette.Best(img, n, k.depth), mode)
}

// onWhite returns the picture without transparent pixels.
func onWhite(img *image.NRGBA) *image.NRGBA {
	if img.Opaque() {
		return img
	}
	out := *img
	out.Pix = append([]byte(nil), img.Pix...)
	for p := out.Pix; len(p) >= 4; p = p[4:] {
		if p[3] < 128 {
			p[0], p[1], p[2] = 255, 255, 255
		}
		p[3] = 255
	}
	return &out
}

// dithered returns a copy for a display of the depth.
func dithered(img *image.NRGBA, d palette.Depth) *image.NRGBA {
	out := *img
	out.Pix = append([]byte(nil), img.Pix...)
	palette.Dither(&out, d)
	return &out
}

// greyscale returns a copy without colour.
func greyscale(img *image.NRGBA) *image.NRGBA {
	out := *img
	out.Pix = append([]byte(nil), img.Pix...)
	for p := out.Pix; len(p) >= 4; p = p[4:] {
		y := byte((yR*int32(p[0]) + yG*int32(p[1]) + yB*int32(p[2]) + half16) >> 16)
		p[0], p[1], p[2] = y, y, y
	}
	return &out
}

// paletteBits says how many bits an index needs, 1 … 8.
func paletteBits(img *image.Paletted) int { return max(1, bits.Len(uint(len(img.Palette)-1))) }

// pngBuffers lends the standard encoder its buffers.
var pngBuffers = &pngPool{}

type pngPool struct{ pool sync.Pool }

func (p *pngPool) Get() *png.EncoderBuffer {
	b, _ := p.pool.Get().(*png.EncoderBuffer)
	return b
}

func (p *pngPool) Put(b *png.EncoderBuffer) { p.pool.Put(b) }
