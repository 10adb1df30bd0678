package ssim

import (
	"image"
	"image/color"
	"math"
)

// Reduce returns m at width×height, made as well as we know how: Lanczos-3 in linear light, in float64. It may turn
// the aspect; it does not crop. Slow: about a second for 5 MP.
func Reduce(m image.Image, width, height int) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	columns, rows := weights(w, width), weights(h, height)
	narrow := make([][3]float64, width*h)
	line := make([][3]float64, w)
	for y := range h {
		linear(m, y, line)
		for x, tap := range columns {
			for i, k := range tap.k {
				for c := range 3 {
					narrow[y*width+x][c] += k * line[tap.first+i][c]
				}
			}
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y, tap := range rows {
		for x := range width {
			var p [3]float64
			for i, k := range tap.k {
				for c := range 3 {
					p[c] += k * narrow[(tap.first+i)*width+x][c]
				}
			}
			out.SetRGBA(x, y, color.RGBA{gamma(p[0]), gamma(p[1]), gamma(p[2]), 255})
		}
	}
	return out
}

// taps are the source samples that make one result sample.
type taps struct {
	first int
	k     []float64
}

func weights(from, to int) []taps {
	all := make([]taps, to)
	ratio := float64(from) / float64(to)
	stretch := math.Max(ratio, 1)
	for i := range all {
		center := (float64(i)+.5)*ratio - .5
		first := max(0, int(math.Ceil(center-3*stretch)))
		last := min(from-1, int(math.Floor(center+3*stretch)))
		k, sum := make([]float64, last-first+1), 0.
		for j := range k {
			k[j] = lanczos3((float64(first+j) - center) / stretch)
			sum += k[j]
		}
		for j := range k {
			k[j] /= sum
		}
		all[i] = taps{first, k}
	}
	return all
}

func lanczos3(x float64) float64 {
	switch {
	case x == 0:
		return 1
	case x <= -3 || x >= 3:
		return 0
	}
	x *= math.Pi
	return 3 * math.Sin(x) * math.Sin(x/3) / (x * x)
}

// toLinear undoes the sRGB curve (IEC 61966-2-1).
var toLinear = func() (t [256]float64) {
	for i := range t {
		v := float64(i) / 255
		if t[i] = v / 12.92; v > .04045 {
			t[i] = math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return t
}()

func linear(m image.Image, y int, out [][3]float64) {
	r := m.Bounds()
	for x := range out {
		c := color.NRGBAModel.Convert(m.At(r.Min.X+x, r.Min.Y+y)).(color.NRGBA)
		out[x] = [3]float64{toLinear[c.R], toLinear[c.G], toLinear[c.B]}
	}
}

func gamma(v float64) uint8 {
	v = math.Min(math.Max(v, 0), 1)
	if v <= .0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - .055
	}
	return uint8(math.Round(v * 255))
}
