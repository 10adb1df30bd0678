package imaging

import (
	"image"

	"musubi/transcode/imaging/internal/jpegenc"
)

// A picture is a result before it is encoded: planes (Y alone, or Y, Cb, Cr) or pixels, whichever its way through the
// room gave. Each can be had as the other.
type picture struct {
	planes []plane
	pixels *image.NRGBA // opaque or wholly transparent pixels
}

func (p *picture) size() (w, h int) {
	if p.pixels != nil {
		return p.pixels.Rect.Dx(), p.pixels.Rect.Dy()
	}
	return p.planes[0].width, p.planes[0].height
}

// components returns what the JPEG encoder wants. sampling is 1 or 2: the size of chroma samples. Pixels that are
// transparent become white.
func (p *picture) components(grey bool, sampling int) []jpegenc.Plane {
	planes := p.planes
	if planes == nil {
		planes = separate(p.pixels, sampling)
	}
	if grey {
		planes = planes[:1]
	}
	out := make([]jpegenc.Plane, len(planes))
	for i, q := range planes {
		out[i] = jpegenc.Plane{Pix: q.pix, Width: q.width, Height: q.height, Stride: q.stride}
	}
	return out
}

// Factors of full-range BT.601 (JFIF), 16 fraction bits.
const (
	yR, yG, yB = 19595, 38470, 7471
	cbR, cbG   = 11059, 21709
	crG, crB   = 27439, 5329
	rCr        = 91881
	gCb, gCr   = 22554, 46802
	bCb        = 116130
	half16     = 1 << 15
)

// separate makes Y, Cb, Cr of pixels; a chroma sample is the mean of sampling × sampling pixels.
func separate(img *image.NRGBA, sampling int) []plane {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	y := newPlane(nil, w, h)
	cw, ch := (w+sampling-1)/sampling, (h+sampling-1)/sampling
	cb, cr := newPlane(nil, cw, ch), newPlane(nil, cw, ch)
	sums := make([][3]int32, cw) // Cb and Cr without their offset, and how many pixels
	for py := range h {
		row := img.Pix[py*img.Stride:][:4*w]
		for px := range w {
			r, g, b := int32(row[4*px]), int32(row[4*px+1]), int32(row[4*px+2])
			if row[4*px+3] < 128 {
				r, g, b = 255, 255, 255
			}
			y.pix[py*w+px] = byte((yR*r + yG*g + yB*b + half16) >> 16)
			s := &sums[px/sampling]
			s[0] += (half16*b - cbR*r - cbG*g) >> 8
			s[1] += (half16*r - crG*g - crB*b) >> 8
			s[2]++
		}
		if py%sampling == sampling-1 || py == h-1 {
			at := py / sampling * cw
			for i, s := range sums {
				cb.pix[at+i] = byte(min(max(128+(s[0]/s[2]+128)>>8, 0), 255))
				cr.pix[at+i] = byte(min(max(128+(s[1]/s[2]+128)>>8, 0), 255))
			}
			clear(sums)
		}
	}
	return []plane{y, cb, cr}
}

// rgba returns the picture as pixels. Planes must be of one size.
func (p *picture) rgba() *image.NRGBA {
	if p.pixels != nil {
		return p.pixels
	}
	y := &p.planes[0]
	img := image.NewNRGBA(image.Rect(0, 0, y.width, y.height))
	if len(p.planes) == 1 {
		for i := range y.height {
			out := img.Pix[i*img.Stride:]
			for x, v := range y.row(i) {
				out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = v, v, v, 255
			}
		}
		return img
	}
	for i := range y.height {
		out := img.Pix[i*img.Stride:]
		cb, cr := p.planes[1].row(i), p.planes[2].row(i)
		for x, v := range y.row(i) {
			l, b, r := int32(v)<<16+half16, int32(cb[x])-128, int32(cr[x])-128
			out[4*x] = clamp8((l + rCr*r) >> 16)
			out[4*x+1] = clamp8((l - gCb*b - gCr*r) >> 16)
			out[4*x+2] = clamp8((l + bCb*b) >> 16)
			out[4*x+3] = 255
		}
	}
	return img
}

// clamp8 keeps v within 0 … 255.
func clamp8(v int32) byte {
	if uint32(v) > 255 {
		v = ^(v >> 31)
	}
	return byte(v)
}
