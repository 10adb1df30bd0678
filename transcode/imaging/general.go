package imaging

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
	"image/png"

	"github.com/disintegration/imaging"
)

// openPixels decodes a PNG or GIF source with the standard library.
func openPixels(src []byte, h header, l *Limits) (render, error) {
	decode := png.Decode
	if h.format == GIF {
		decode = gif.Decode // the first frame
	}
	img, err := decode(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	if screen := image.Rect(0, 0, h.width, h.height); img.Bounds() != screen { // a frame that is a part of the picture
		canvas := image.NewNRGBA(screen)
		draw.Draw(canvas, img.Bounds(), img, img.Bounds().Min, draw.Src)
		img = canvas
	}
	return pixelsOf(img, 1, l), nil
}

// interestSide is how small a picture may be for finding its interesting part, in pixels.
const interestSide = 128

// pixelsOf returns the render of a decoded picture: reduced by a whole factor at once, and finished by imaging's
// Lanczos filter for each size that is asked for.
func pixelsOf(img image.Image, orientation int, l *Limits) render {
	b := img.Bounds()
	p := makePlan(b.Dx(), b.Dy(), orientation, l)
	if l.Crop == CropInterest {
		small := imaging.Fit(img, interestSide, interestSide, imaging.Box)
		p.seek(&separate(small, 1)[0], float64(b.Dx())/float64(small.Rect.Dx()))
	}
	reduced := reduce(img, p.whole().Add(b.Min), p.factor())
	return func(share float64, _ int) *picture {
		q := p.shrink(share)
		return &picture{pixels: turnPixels(harden(imaging.Resize(reduced, q.width, q.height, imaging.Lanczos)), p.turn)}
	}
}

// reduce copies a part of a picture, k × k pixels averaged to one by their alpha. Rows and columns that do not fill a
// whole k at the far edges are left out.
func reduce(img image.Image, at image.Rectangle, k int) *image.NRGBA {
	if k == 1 {
		return imaging.Crop(img, at)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, at.Dx()/k, at.Dy()/k))
	sums := make([][4]uint32, dst.Rect.Dx())
	for y := range dst.Rect.Dy() {
		top := at.Min.Y + y*k
		strip := imaging.Crop(img, image.Rect(at.Min.X, top, at.Min.X+len(sums)*k, top+k))
		clear(sums)
		for dy := range k {
			row := strip.Pix[dy*strip.Stride:][:4*k*len(sums)]
			for x := range sums {
				s := &sums[x]
				for p := row[4*k*x : 4*k*(x+1)]; len(p) >= 4; p = p[4:] {
					a := uint32(p[3])
					s[0] += uint32(p[0]) * a
					s[1] += uint32(p[1]) * a
					s[2] += uint32(p[2]) * a
					s[3] += a
				}
			}
		}
		out := dst.Pix[y*dst.Stride:]
		for x := range sums {
			if s := &sums[x]; s[3] > 0 {
				half := s[3] / 2
				out[4*x], out[4*x+1], out[4*x+2] = byte((s[0]+half)/s[3]), byte((s[1]+half)/s[3]), byte((s[2]+half)/s[3])
				out[4*x+3] = byte(s[3] / uint32(k*k))
			}
		}
	}
	return dst
}

// harden makes each pixel opaque or wholly transparent, in place: half-transparent ones are laid on white, for no
// format but PNG knows better, and no handset.
func harden(img *image.NRGBA) *image.NRGBA {
	for p := img.Pix; len(p) >= 4; p = p[4:] {
		switch a := uint32(p[3]); {
		case a == 255:
		case a < 128:
			p[0], p[1], p[2], p[3] = 255, 255, 255, 0
		default:
			for i, v := range p[:3] {
				p[i] = byte((uint32(v)*a + 255*(255-a) + 127) / 255)
			}
			p[3] = 255
		}
	}
	return img
}

// turnPixels applies an EXIF orientation.
func turnPixels(img *image.NRGBA, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}
