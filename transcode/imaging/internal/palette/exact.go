package palette

import (
	"image"
	"image/color"
	"slices"
)

// Exact returns the picture in its own colours if they are at most n (1 … 256), a transparent one counted; nil if they
// are more. The palette is in order of brightness, not in the source's: what somebody wrote into a palette as text
// does not come out as text (SEC-81).
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
	return byBrightness(dst)
}

// byBrightness puts a palette in order, dark colours first and the transparent one last.
func byBrightness(img *image.Paletted) *image.Paletted {
	order := make([]int, len(img.Palette))
	for i := range order {
		order[i] = i
	}
	key := func(i int) int {
		c := img.Palette[i].(color.NRGBA)
		return (255-int(c.A))<<34 | (2*int(c.R)+5*int(c.G)+int(c.B))<<24 | int(c.R)<<16 | int(c.G)<<8 | int(c.B)
	}
	slices.SortFunc(order, func(a, b int) int { return key(a) - key(b) })
	sorted := make(color.Palette, len(order))
	var to [256]uint8
	for i, from := range order {
		sorted[i], to[from] = img.Palette[from], uint8(i)
	}
	for i, v := range img.Pix {
		img.Pix[i] = to[v]
	}
	img.Palette = sorted
	return img
}
