package palette

import (
	"image"
	"image/color"
)

// Exact returns the picture in its own colours if they are at most n (1 … 256), a transparent one counted; nil if they
// are more.
func Exact(img *image.NRGBA, n int) *image.Paletted {
	dst := image.NewPaletted(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()), nil)
	index := make(map[[4]uint8]uint8, n)
	last, at := [4]uint8{1: 1}, uint8(0) // a colour no pixel has, once alpha is all or nothing
	for y := range img.Rect.Dy() {
		row, out := img.Pix[y*img.Stride:], dst.Pix[y*dst.Stride:]
		for x := range img.Rect.Dx() {
			c := [4]uint8{row[4*x], row[4*x+1], row[4*x+2], 255}
			if row[4*x+3] < 128 {
				c = [4]uint8{}
			}
			if c != last {
				known := false
				if at, known = index[c]; !known {
					if len(index) == n {
						return nil
					}
					at = uint8(len(index))
					index[c] = at
					dst.Palette = append(dst.Palette, color.NRGBA{c[0], c[1], c[2], c[3]})
				}
				last = c
			}
			out[x] = at
		}
	}
	return dst
}
