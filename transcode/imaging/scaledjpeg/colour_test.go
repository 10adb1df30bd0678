package scaledjpeg

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// TestDecode_colours compares RGB and ink pictures with the standard decoder's RGB, in luma and chroma: at 1/1 sample by
// sample, at 1/8 by the mean of the box, where the product of means is an approximation.
func TestDecode_colours(t *testing.T) {
	for _, kind := range []testpic.Kind{testpic.RGB, testpic.CMYK, testpic.YCCK, testpic.YCCK420} {
		for _, progressive := range []bool{false, true} {
			t.Run(testpic.Kinds[kind], func(t *testing.T) {
				src := testpic.Draw(120, 88, 4).JPEG(testpic.Options{Kind: kind, Quality: 90, Progressive: progressive})
				img, err := jpeg.Decode(bytes.NewReader(src))
				if err != nil {
					t.Fatal(err)
				}
				want := rgbPlanes(img)
				var d Decoder
				for scale, limit := range map[int]float64{1: 1, 2: 1.5, 4: 1.5, 8: 1.5} {
					got, err := d.Decode(src, scale)
					if err != nil {
						t.Fatal(err)
					}
					for i, p := range planesOf(got) {
						w, box := want[i], scale
						if i > 0 {
							box *= got.SubsampleX
						}
						if diff := meanDifference(p, w, box); diff > limit {
							t.Errorf("1/%d plane %d: %.2f levels off on average", scale, i, diff)
						}
					}
				}
			})
		}
	}
}

// rgbPlanes turns any picture to Y, Cb, Cr by way of RGB.
func rgbPlanes(img image.Image) (planes [3]plane) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	for i := range planes {
		planes[i] = plane{make([]byte, w*h), w, h, w}
	}
	for y := range h {
		for x := range w {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			a, b, e := color.RGBToYCbCr(c.R, c.G, c.B)
			planes[0].samples[y*w+x], planes[1].samples[y*w+x], planes[2].samples[y*w+x] = a, b, e
		}
	}
	return planes
}

func meanDifference(p, want plane, box int) float64 {
	sum := 0.
	for y := range p.height {
		for x := range p.width {
			mean, _ := want.mean(x, y, box)
			sum += max(mean-float64(p.samples[y*p.stride+x]), float64(p.samples[y*p.stride+x])-mean)
		}
	}
	return sum / float64(p.width*p.height)
}
