package palette

import (
	"image"
	"image/color"
)

// A bin gathers the opaque pixels that share their upper 5 bits of red, green and blue.
type bin struct {
	n    int64
	sum  [3]int64 // of the pixels' 8-bit values
	mean [3]uint8 // sum / n
}

// settle computes the mean.
func (b *bin) settle() {
	for axis, sum := range b.sum {
		b.mean[axis] = uint8((sum + b.n/2) / b.n)
	}
}

// colour is the mean as a colour.
func (b *bin) colour() rgb { return rgb{int(b.mean[0]), int(b.mean[1]), int(b.mean[2])} }

// Best returns the n colours (1 … 256) that suit the picture best, fewer if it has fewer. step says which colours the
// display has: see Depth. All are opaque; a picture without opaque pixels gets black.
func Best(img *image.NRGBA, n int, depth Depth) color.Palette {
	bins := histogram(img)
	if len(bins) == 0 {
		return color.Palette{color.NRGBA{A: 255}}
	}
	boxes := []box{makeBox(bins)}
	for len(boxes) < n {
		widest := 0
		for i := range boxes {
			if boxes[i].gain > boxes[widest].gain {
				widest = i
			}
		}
		if boxes[widest].gain <= 0 {
			break
		}
		low, high := boxes[widest].split()
		boxes[widest] = makeBox(low)
		boxes = append(boxes, makeBox(high))
	}
	colours := make([]rgb, len(boxes))
	for i, b := range boxes {
		colours[i] = b.mean()
	}
	colours = refine(colours, bins)
	p := make(color.Palette, 0, len(colours))
	seen := make(map[rgb]bool, len(colours))
	for _, c := range colours {
		if c = depth.nearest(c); !seen[c] {
			seen[c] = true
			p = append(p, color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255})
		}
	}
	return p
}

// histogram returns the bins that have pixels.
func histogram(img *image.NRGBA) []bin {
	var all [1 << 15]bin
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for ; len(row) >= 4; row = row[4:] {
			r, g, b := row[0], row[1], row[2]
			if row[3] < 128 {
				continue
			}
			at := &all[uint(r>>3)<<10|uint(g>>3)<<5|uint(b>>3)]
			at.n++
			at.sum[0] += int64(r)
			at.sum[1] += int64(g)
			at.sum[2] += int64(b)
		}
	}
	var bins []bin
	for i := range all {
		if all[i].n > 0 {
			all[i].settle()
			bins = append(bins, all[i])
		}
	}
	return bins
}

// An rgb is a colour, or a difference of colours.
type rgb [3]int

// A box is a set of bins and the best cut through it.
type box struct {
	bins []bin
	gain float64 // by how much the cut lowers the weighted sum of squared differences; 0: cannot be cut
	axis int
	cut  int // bins whose mean on the axis is below go to the low half
}

// importance weighs the axes roughly as the eye does.
var importance = [3]float64{0.8, 1.2, 0.6}

func makeBox(bins []bin) box {
	b := box{bins: bins}
	if len(bins) < 2 {
		return b
	}
	for axis := range 3 {
		var n, sum [32]float64
		var allN, allSum float64
		for i := range bins {
			m := bins[i].mean[axis] >> 3
			n[m] += float64(bins[i].n)
			sum[m] += float64(bins[i].sum[axis])
			allN += float64(bins[i].n)
			allSum += float64(bins[i].sum[axis])
		}
		var lowN, lowSum float64
		for cut := 1; cut < 32; cut++ {
			lowN += n[cut-1]
			lowSum += sum[cut-1]
			highN := allN - lowN
			if lowN == 0 || highN == 0 {
				continue
			}
			d := lowSum/lowN - (allSum-lowSum)/highN
			if gain := importance[axis] * d * d * lowN * highN / allN; gain > b.gain {
				b.gain, b.axis, b.cut = gain, axis, cut<<3
			}
		}
	}
	return b
}

// split parts the bins in place at the cut.
func (b *box) split() (low, high []bin) {
	at := 0
	for i := range b.bins {
		if int(b.bins[i].mean[b.axis]) < b.cut {
			b.bins[at], b.bins[i] = b.bins[i], b.bins[at]
			at++
		}
	}
	return b.bins[:at], b.bins[at:]
}

func (b *box) mean() rgb {
	var all bin
	for i := range b.bins {
		all.n += b.bins[i].n
		for axis := range 3 {
			all.sum[axis] += b.bins[i].sum[axis]
		}
	}
	all.settle()
	return all.colour()
}

// refine moves each colour to the mean of the bins that are nearest to it (one round of k-means).
func refine(colours []rgb, bins []bin) []rgb {
	s := newSearch(colours)
	sums := make([]bin, len(colours))
	for i := range bins {
		b := &bins[i]
		to := &sums[s.nearest(b.colour())]
		to.n += b.n
		for axis := range 3 {
			to.sum[axis] += b.sum[axis]
		}
	}
	for i := range sums {
		if sums[i].n > 0 {
			sums[i].settle()
			colours[i] = sums[i].colour()
		}
	}
	return colours
}
