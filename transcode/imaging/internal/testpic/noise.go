package testpic

// An octave is value noise on a square lattice: random values at the corners of cells, smooth in between.
type octave struct {
	cell   int
	seed   uint64
	smooth []int // smoothstep at each offset within a cell, 0–256
	knots  []int // this row's values at the lattice columns
}

func newOctave(width, cell int, seed uint64) octave {
	o := octave{cell: cell, seed: seed, smooth: make([]int, cell), knots: make([]int, width/cell+2)}
	for i := range o.smooth {
		t := i * 256 / cell
		o.smooth[i] = t * t * (768 - 2*t) >> 16
	}
	return o
}

// addRow adds row y of the noise, values −128 … 127, to sum.
func (o *octave) addRow(sum []int, y int) {
	row, t := uint64(y/o.cell), o.smooth[y%o.cell]
	for i := range o.knots {
		above := int(hash(uint64(i), row, o.seed)&255) - 128
		below := int(hash(uint64(i), row+1, o.seed)&255) - 128
		o.knots[i] = above + (below-above)*t>>8
	}
	for x, i := 0, 0; x < len(sum); i++ {
		left, step := o.knots[i], o.knots[i+1]-o.knots[i]
		for j := 0; j < o.cell && x < len(sum); j++ {
			sum[x] += left + step*o.smooth[j]>>8
			x++
		}
	}
}

// hash mixes three numbers into 64 even bits (the finaliser of SplitMix64).
func hash(a, b, c uint64) uint64 {
	z := a*0x9E3779B97F4A7C15 ^ b*0xD1B54A32D192ED03 ^ c*0x8CB92BA72F3D8DD7
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
