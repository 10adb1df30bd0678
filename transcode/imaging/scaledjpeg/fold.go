package scaledjpeg

import "math"

// A plan says what each coefficient of a block, in zigzag order, adds to which number of a smaller block. At 1/1 that is
// dequantisation and the way out of zigzag order. At 1/4 and 1/2 it folds the 8×8 frequencies into the 2×2 or 4×4 whose
// inverse transform is the mean over 4×4 or 2×2 samples, exactly.
//
// In one dimension the mean of samples 2m and 2m+1 of cos((2x+1)uπ/16) is cos((2m+1)uπ/8)·cos(uπ/16), which for u > 4 is
// −cos((2m+1)(8−u)π/8)·cos(uπ/16): frequency u lands on 8−u. Frequency 4 vanishes. Once more, and only the mean and the
// odd frequencies are left, all of the latter on 1.
type plan struct {
	weight [64]int32
	target [64]uint8
}

// foldBits are the bits after the binary point of the weights at 1/4 and 1/2.
const foldBits = 12

// zigzag maps coding order to the place in the block, row by row (T.81 figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// axis is where a frequency goes in one dimension and how much of it.
type axis struct {
	target uint8
	gain   float64
}

var (
	axis2 = foldAxis(2)
	axis4 = foldAxis(4)
)

// foldAxis returns the fold onto 2 or 4 samples. The transforms that follow are those of idct.go.
func foldAxis(samples int) (a [8]axis) {
	a[0] = axis{0, math.Sqrt(.125)}
	for u := 1; u < 8; u++ {
		gain := .5 * math.Cos(float64(u)*math.Pi/16)
		switch {
		case samples == 2 && u%2 == 1:
			// The mean of the four cosines, for the left half of the block.
			sum := 0.
			for x := range 4 {
				sum += math.Cos(float64((2*x+1)*u) * math.Pi / 16)
			}
			a[u] = axis{1, .5 * sum / 4}
		case samples == 4 && u < 4:
			a[u] = axis{uint8(u), gain}
		case samples == 4 && u > 4:
			a[u] = axis{uint8(8 - u), -gain}
		}
	}
	if samples == 4 { // the transform adds and subtracts number 2 without a factor
		a[2].gain *= math.Sqrt(.5)
		a[6].gain *= math.Sqrt(.5)
	}
	return a
}

// set makes the plan for a quantisation table at a scale of 1, 2 or 4.
func (p *plan) set(quant *[64]uint16, scale int) {
	for i, at := range zigzag {
		p.target[i], p.weight[i] = at, int32(quant[i])
		if scale == 1 {
			continue
		}
		axes, width := &axis4, uint8(4)
		if scale == 4 {
			axes, width = &axis2, 2
		}
		v, u := axes[at/8], axes[at%8]
		p.target[i] = v.target*width + u.target
		p.weight[i] = int32(math.Round(float64(quant[i]) * v.gain * u.gain * (1 << foldBits)))
	}
}
