package scaledjpeg

import "image/color"

// Colour models other than YCbCr are brought to it after scaling, on a hundredth of the samples. For inks this takes the
// product of means where the mean of products would be right; in photographs the difference is below a level.

// colourModel is how the components are to be understood.
type colourModel uint8

const (
	modelYCbCr colourModel = iota // grey too
	modelRGB
	modelCMYK // stored inverted, as Adobe's programs do
	modelYCCK // the inks as RGB, turned to YCbCr; K stored inverted
)

// model decides by the rules that libjpeg and browsers share: four components without Adobe's marker are inks, stored inverted as
// Adobe's are.
func (f *file) model() (m colourModel) {
	first, second := f.comps[0], f.comps[1]
	even := first.h == second.h && first.v == second.v
	switch {
	case f.components == 4 && f.adobe > 0:
		return modelYCCK
	case f.components == 4:
		m = modelCMYK
	case f.components == 3 && !f.jfif && (f.adobe == 0 || first.id == 'R' && second.id == 'G' && f.comps[2].id == 'B'):
		m = modelRGB
	}
	f.uneven = f.uneven || m != modelYCbCr && !even
	return m
}

// toYCbCr converts the planes in place.
func (d *Decoder) toYCbCr() {
	p, black := &d.planes, &d.file.comps[3]
	switch d.file.colours {
	case modelRGB:
		for i := range p.Y {
			p.Y[i], p.Cb[i], p.Cr[i] = color.RGBToYCbCr(p.Y[i], p.Cb[i], p.Cr[i])
		}
	case modelCMYK:
		for i, k := range black.out {
			p.Y[i], p.Cb[i], p.Cr[i] = color.RGBToYCbCr(darken(p.Y[i], k), darken(p.Cb[i], k), darken(p.Cr[i], k))
		}
	case modelYCCK:
		// Paper is white less ink, and light is what black lets through: both are linear, so chroma may stay subsampled.
		for y := range p.CHeight {
			for x := range p.CWidth {
				k := blackUnder(p, black.out, x, y)
				i := y*p.CStride + x
				p.Cb[i], p.Cr[i] = fade(p.Cb[i], k), fade(p.Cr[i], k)
			}
		}
		for i, k := range black.out {
			p.Y[i] = darken(255-p.Y[i], k)
		}
	}
}

// blackUnder is the black of the middle of a chroma sample.
func blackUnder(p *Planes, black []byte, x, y int) byte {
	x = min(x*p.SubsampleX+p.SubsampleX/2, p.Width-1)
	y = min(y*p.SubsampleY+p.SubsampleY/2, p.Height-1)
	return black[y*p.YStride+x]
}

func darken(v, k byte) byte { return byte((int(v)*int(k) + 127) / 255) }

// fade takes the complement of a chroma value and moves it towards grey as black covers it.
func fade(v, k byte) byte { return clamp(128 - int32(int(v)-128)*int32(k)/255) }
