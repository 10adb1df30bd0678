package imaging

import (
	"image"
	"image/draw"

	"github.com/disintegration/imaging"
)

// openPixels opens a source that is no JPEG, and says whether it was found damaged.
func openPixels(src []byte, h header, l *Limits) (draw render, damaged bool, err error) {
	switch h.format {
	case PNG:
		return gatherPixels(h, l, !h.png.hasAlpha, h.png.rows)
	case GIF:
		return gatherPixels(h, l, h.gif.opaque, h.gif.rows)
	}
	img, err := h.decodeWhole(src)
	if err != nil {
		return nil, false, err
	}
	draw, _, err = gatherImage(img, h, l)
	return draw, false, err
}

// interestSide is how small a picture may be for finding its interesting part, in pixels.
const interestSide = 128

// maxGathered bounds the reduced picture, in pixels: results larger than a quarter of that lose a little sharpness.
const maxGathered = 8 << 20

// gatherPixels returns the render of a picture whose rows are read one at a time: they are reduced by a whole factor at
// once, and imaging's Lanczos filter finishes each size that is asked for.
func gatherPixels(h header, l *Limits, opaque bool, rows func(*gathering) error) (draw render, damaged bool, err error) {
	p := makePlan(h.width, h.height, h.orientation, l)
	at, k := h.reduction(&p, l)
	g := newGathering(at, k, h.inOrder, opaque)
	err = rows(g)
	if g.seen == 0 {
		return nil, false, err
	}
	reduced := g.finish()
	if l.Crop == CropInterest {
		reduced = seekPixels(&p, reduced, float64(g.k))
	}
	return func(share float64, _ int) *picture {
		q := p.shrink(share)
		return &picture{pixels: turnPixels(harden(imaging.Resize(reduced, q.width, q.height, imaging.Lanczos)), p.turn)}
	}, err != nil, nil
}

// reduction says which part of the stored picture is read, and by which factor it is reduced at once.
func (h *header) reduction(p *plan, l *Limits) (at image.Rectangle, k int) {
	at, k = p.whole(), p.factor()
	if l.Crop == CropInterest { // all of it, to look where the interest is
		at = image.Rect(0, 0, h.width, h.height)
	}
	for at.Dx()/k*(at.Dy()/k) > maxGathered {
		k++
	}
	return at, min(k, maxReduction)
}

// seekPixels moves the window of a plan to where the whole picture, reduced by k, has most edges, and returns that part.
func seekPixels(p *plan, whole *image.NRGBA, k float64) *image.NRGBA {
	small := imaging.Fit(whole, interestSide, interestSide, imaging.Box)
	p.seek(&separate(small, 1)[0], k*float64(whole.Rect.Dx())/float64(small.Rect.Dx()))
	w := window{p.window.x / k, p.window.y / k, p.window.w / k, p.window.h / k}
	return imaging.Crop(whole, (&plan{window: w}).whole())
}

// gatherImage is gatherPixels for a picture that a library has decoded.
func gatherImage(img image.Image, h header, l *Limits) (render, bool, error) {
	b := img.Bounds()
	h.inOrder = true
	return gatherPixels(h, l, false, func(g *gathering) error {
		row := image.NewNRGBA(image.Rect(0, 0, b.Dx(), 1))
		for y := range b.Dy() {
			draw.Draw(row, row.Rect, img, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
			g.add(y, 0, 1, row.Pix)
		}
		return nil
	})
}

// faint is the opacity below which a pixel is left out rather than laid on white.
const faint = 16

// harden makes each pixel opaque or wholly transparent, in place: half-transparent ones are laid on white, as pages mostly
// are, for no format but PNG knows better, and no handset.
func harden(img *image.NRGBA) *image.NRGBA {
	for p := img.Pix; len(p) >= 4; p = p[4:] {
		switch a := uint32(p[3]); {
		case a == 255:
		case a < faint:
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
