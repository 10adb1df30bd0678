package palette

import (
	"image"
	"image/color"
)

// A Depth says how many bits of red, green and blue a display shows. The zero value is 8 of each.
type Depth struct{ R, G, B uint8 }

// Depths of the displays of the time, by their number of colours.
var (
	Depth4096  = Depth{4, 4, 4}
	Depth65536 = Depth{5, 6, 5}
)

// full reports whether the depth is that of a picture in memory.
func (d Depth) full() bool { return d == Depth{} || d == Depth{8, 8, 8} }

// nearest returns the colour of the display nearest to c.
func (d Depth) nearest(c rgb) rgb {
	if d.full() {
		return c
	}
	return rgb{level(c[0], d.R), level(c[1], d.G), level(c[2], d.B)}
}

// level returns the 8-bit value nearest to v of those that bits bits can say, black and white among them.
func level(v int, bits uint8) int {
	most := 1<<bits - 1
	return ((v*most+127)/255*255 + most/2) / most
}

// Cube332 is the fixed palette of i-mode displays with 256 colours: 8 reds × 8 greens × 4 blues.
func Cube332() color.Palette {
	p := make(color.Palette, 256)
	for i := range p {
		p[i] = color.NRGBA{uint8(i >> 5 * 255 / 7), uint8(i >> 2 & 7 * 255 / 7), uint8(i & 3 * 255 / 3), 255}
	}
	return p
}

// Greys are n greys from black to white, n at least 2.
func Greys(n int) color.Palette {
	p := make(color.Palette, n)
	for i := range p {
		v := uint8(i * 255 / (n - 1))
		p[i] = color.NRGBA{v, v, v, 255}
	}
	return p
}

// bayer is the threshold matrix of ordered dithering, 0 … 63.
var bayer = [8][8]int{
	{0, 32, 8, 40, 2, 34, 10, 42}, {48, 16, 56, 24, 50, 18, 58, 26}, {12, 44, 4, 36, 14, 46, 6, 38}, {60, 28, 52, 20, 62, 30, 54, 22},
	{3, 35, 11, 43, 1, 33, 9, 41}, {51, 19, 59, 27, 49, 17, 57, 25}, {15, 47, 7, 39, 13, 45, 5, 37}, {63, 31, 55, 23, 61, 29, 53, 21},
}

// Dither brings a picture in place to the colours of a display, ordered, so that smooth shades do not turn to bands.
// The opaque parts only; alpha stays.
func Dither(img *image.NRGBA, d Depth) {
	if d.full() {
		return
	}
	var table [3][64][256]uint8 // by threshold and value
	for axis, bits := range [3]uint8{d.R, d.G, d.B} {
		most := 1<<bits - 1
		for t := range 64 {
			for v := range 256 {
				// v*most/255 lies between two levels; the threshold says from where on it is the upper one.
				table[axis][t][v] = uint8(level(min((v*most*128+(2*t+1)*255)/(255*128), most)*255/most, bits))
			}
		}
	}
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		thresholds := &bayer[y&7]
		for x := 0; x+4 <= len(row); x += 4 {
			t := thresholds[x>>2&7]
			row[x] = table[0][t][row[x]]
			row[x+1] = table[1][t][row[x+1]]
			row[x+2] = table[2][t][row[x+2]]
		}
	}
}
