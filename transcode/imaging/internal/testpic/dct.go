package testpic

import "math"

// basis[u][x] is the 8-point DCT: C(u)/2 · cos((2x+1)uπ/16)  (T.81 A.3.3).
var basis = func() (b [8][8]float32) {
	for u := range 8 {
		for x := range 8 {
			c := .5
			if u == 0 {
				c = math.Sqrt(.125)
			}
			b[u][x] = float32(c * math.Cos(float64((2*x+1)*u)*math.Pi/16))
		}
	}
	return b
}()

// forward transforms a block of level-shifted samples and quantises it, into zigzag order. The steps are too.
func forward(samples *[64]float32, steps *[64]int) (out [64]int) {
	var rows, f [64]float32
	for y := range 8 {
		for u := range 8 {
			var sum float32
			for x := range 8 {
				sum += samples[8*y+x] * basis[u][x]
			}
			rows[8*y+u] = sum
		}
	}
	for v := range 8 {
		for u := range 8 {
			var sum float32
			for y := range 8 {
				sum += rows[8*y+u] * basis[v][y]
			}
			f[8*v+u] = sum
		}
	}
	for i := range out {
		out[i] = int(math.RoundToEven(float64(f[zigzag[i]]) / float64(steps[i])))
	}
	return out
}
