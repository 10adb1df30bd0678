// Package ssim measures how alike two pictures look, for the tests of imaging: the structural similarity index of Wang,
// Bovik, Sheikh and Simoncelli (IEEE Trans. Image Processing 13:4, 2004), and the reference that thumbnails are measured
// against, a reduction in linear light that takes its time.
package ssim

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// The paper's parameters: an 11×11 Gaussian window of deviation 1.5, and two constants against division by nothing.
const (
	radius = 5
	sigma  = 1.5
	c1     = (.01 * 255) * (.01 * 255)
	c2     = (.03 * 255) * (.03 * 255)
)

var window = func() (w [2*radius + 1]float64) {
	sum := 0.
	for i := range w {
		w[i] = math.Exp(-float64((i-radius)*(i-radius)) / (2 * sigma * sigma))
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}()

// Index returns the mean structural similarity of the luma of two pictures of equal size: 1 for equal pictures, near 0
// for unrelated ones. Beyond the edges a picture repeats its last samples, so that small pictures can be compared too.
func Index(a, b image.Image) (float64, error) {
	if a.Bounds().Size() != b.Bounds().Size() || a.Bounds().Empty() {
		return 0, fmt.Errorf("ssim: sizes are %v and %v; want two equal ones", a.Bounds().Size(), b.Bounds().Size())
	}
	w, h := a.Bounds().Dx(), a.Bounds().Dy()
	x, y := luma(a), luma(b)
	meanX, meanY := blur(x, w, h), blur(y, w, h)
	squareX, squareY, product := blur(times(x, x), w, h), blur(times(y, y), w, h), blur(times(x, y), w, h)
	sum := 0.
	for i := range x {
		mx, my := meanX[i], meanY[i]
		varX, varY, cov := squareX[i]-mx*mx, squareY[i]-my*my, product[i]-mx*my
		sum += (2*mx*my + c1) * (2*cov + c2) / ((mx*mx + my*my + c1) * (varX + varY + c2))
	}
	return sum / float64(len(x)), nil
}

func luma(m image.Image) []float64 {
	r := m.Bounds()
	out := make([]float64, 0, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			out = append(out, .299*float64(c.R)+.587*float64(c.G)+.114*float64(c.B))
		}
	}
	return out
}

func times(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}

// blur is the weighted mean over the window around each sample.
func blur(in []float64, w, h int) []float64 {
	rows, out := make([]float64, len(in)), make([]float64, len(in))
	for y := range h {
		for x := range w {
			for i, k := range window {
				rows[y*w+x] += k * in[y*w+min(max(x+i-radius, 0), w-1)]
			}
		}
	}
	for y := range h {
		for x := range w {
			for i, k := range window {
				out[y*w+x] += k * rows[min(max(y+i-radius, 0), h-1)*w+x]
			}
		}
	}
	return out
}
