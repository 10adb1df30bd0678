package imaging

import (
	"bytes"
	"fmt"
	"image/jpeg"

	"musubi/transcode/imaging/scaledjpeg"
)

// openPlanes decodes a JPEG source to planes, at the smallest scale that still has a sample for each pixel of the
// result, and says whether the source was found damaged. Kinds of JPEG that the scaled decoder leaves to others go to
// the standard library, and on as pixels.
func (c *converter) openPlanes(src []byte, h header, l *Limits) (render, bool, error) {
	p := makePlan(h.width, h.height, h.orientation, l)
	if h.odd {
		draw, err := openOddJPEG(src, h, l)
		return draw, false, err
	}
	if h.arithmetic {
		var err error
		if src, err = scaledjpeg.Huffman(src); err != nil {
			return nil, false, err
		}
	}
	decoded, err := c.decoder.Decode(src, h.decodeScale(&p))
	if decoded == nil {
		return nil, false, err
	}
	planes := []plane{{decoded.Y, decoded.Width, decoded.Height, decoded.YStride}}
	if decoded.CWidth > 0 {
		planes = append(planes,
			plane{decoded.Cb, decoded.CWidth, decoded.CHeight, decoded.CStride},
			plane{decoded.Cr, decoded.CWidth, decoded.CHeight, decoded.CStride})
	}
	if l.Crop == CropInterest {
		p.seek(&planes[0], float64(decoded.Scale))
	}
	return c.scalePlanes(planes, decoded, p), err != nil, nil
}

// openOddJPEG decodes with the standard library, which knows a few unusual samplings.
func openOddJPEG(src []byte, h header, l *Limits) (render, error) {
	if n := bytes.Count(src, []byte{0xff, 0xda}); n > maxScans {
		return nil, fmt.Errorf("%d scans, at most %d are accepted", n, maxScans)
	}
	img, err := jpeg.Decode(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	draw, _, err := gatherImage(img, h, l)
	return draw, err
}

// scalePlanes returns the render of decoded planes. Mirroring is done on the way by the filters, turning at the end.
func (c *converter) scalePlanes(planes []plane, decoded *scaledjpeg.Planes, full plan) render {
	droop := 0.0
	if decoded.Scale > 1 {
		droop = boxDroop // the decoder averages
	}
	return func(share float64, sampling int) *picture {
		p := full.shrink(share)
		out := make([]plane, len(planes))
		for i := range planes {
			width, height, w := p.width, p.height, p.window
			fx, fy := float64(decoded.Scale), float64(decoded.Scale)
			if i > 0 {
				width, height = (width+sampling-1)/sampling, (height+sampling-1)/sampling
				w.w *= float64(width*sampling) / float64(p.width) // the last sample may stand for a pixel beyond the edge
				w.h *= float64(height*sampling) / float64(p.height)
				fx *= float64(decoded.SubsampleX)
				fy *= float64(decoded.SubsampleY)
			}
			flipX, flipY := mirrors(p.turn)
			if flipX {
				w.x = p.window.x + p.window.w - w.w
			}
			if flipY {
				w.y = p.window.y + p.window.h - w.h
			}
			out[i] = newPlane(c.memory[i], width, height)
			c.memory[i] = out[i].pix
			c.resampler.scale(&out[i], &planes[i], task{window{w.x / fx, w.y / fy, w.w / fx, w.h / fy}, droop, flipX, flipY, i > 0})
			if turned(p.turn) {
				out[i] = transpose(&out[i])
			}
		}
		return &picture{planes: out}
	}
}

// mirrors says which mirror images of a stored picture, taken before exchanging rows and columns if turned says so,
// make an EXIF orientation upright [exif §4.6.4].
func mirrors(orientation int) (x, y bool) {
	switch orientation {
	case 2, 8:
		return true, false
	case 3, 7:
		return true, true
	case 4, 6:
		return false, true
	}
	return false, false
}

// transpose exchanges rows and columns.
func transpose(src *plane) plane {
	dst := newPlane(nil, src.height, src.width)
	for y := range src.height {
		for x, v := range src.row(y) {
			dst.pix[x*dst.stride+y] = v
		}
	}
	return dst
}
