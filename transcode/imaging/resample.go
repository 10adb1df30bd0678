package imaging

import (
	"math"
	"slices"
)

// A plane is one component's samples, rows stride bytes apart.
type plane struct {
	pix           []byte
	width, height int
	stride        int
}

// newPlane makes a plane, in the given memory if that is large enough.
func newPlane(pix []byte, width, height int) plane {
	n := width * height
	if cap(pix) < n {
		pix = make([]byte, n)
	}
	return plane{pix[:n], width, height, width}
}

// row returns the samples of one row.
func (p *plane) row(y int) []byte { return p.pix[y*p.stride : y*p.stride+p.width] }

// Weights are integers of weightBits fraction bits; between the two passes samples keep middleBits.
const (
	weightBits = 14
	middleBits = 5
)

// A filter says how each sample of a line is made of samples of the source line: taps weights that sum to
// 1<<weightBits, for the source samples from first on.
type filter struct {
	taps   int
	first  []int32
	weight []int32 // taps for each sample
}

// lanczos is the Lanczos kernel of three lobes.
func lanczos(x float64) float64 {
	x = math.Abs(x)
	if x < 1e-9 {
		return 1
	}
	if x >= 3 {
		return 0
	}
	x *= math.Pi
	return 3 * math.Sin(x) * math.Sin(x/3) / (x * x)
}

// set makes the filter that reduces (or enlarges) length samples from start on, of a source line of n samples, to
// out samples. Source samples beyond the line repeat its ends. droop is the share of the second difference that is
// taken off to make up for a source that was averaged over its pixels before (see boxDroop); 0 for none. mirrored makes
// the samples in reverse order.
func (f *filter) set(n int, start, length float64, out int, droop float64, mirrored bool) {
	if mirrored {
		start = float64(n) - start - length
	}
	ratio := length / float64(out)
	stretch := max(ratio, 1)
	reach := 3 * stretch
	if droop > 0 {
		reach++
	}
	f.taps = min(int(math.Ceil(2*reach))+1, n)
	f.first = resize(f.first, out)
	f.weight = resize(f.weight, out*f.taps)
	exact := make([]float64, f.taps)
	for i := range out {
		centre := start + (float64(i)+0.5)*ratio - 0.5
		from := int(math.Floor(centre-reach)) + 1
		first := min(max(from, 0), n-f.taps)
		clear(exact)
		sum := 0.0
		for k := from; float64(k) < centre+reach; k++ {
			d := float64(k) - centre
			w := lanczos(d / stretch)
			if droop > 0 {
				w += droop * (2*w - lanczos((d-1)/stretch) - lanczos((d+1)/stretch))
			}
			exact[min(max(k, 0), n-1)-first] += w
			sum += w
		}
		if mirrored {
			first = n - f.taps - first
			slices.Reverse(exact)
		}
		f.first[i] = int32(first)
		whole(f.weight[i*f.taps:(i+1)*f.taps], exact, sum)
	}
}

// whole rounds weights so that they sum to exactly 1<<weightBits: the error goes to the largest.
func whole(weight []int32, exact []float64, sum float64) {
	left, largest := int32(1<<weightBits), 0
	for k, w := range exact {
		weight[k] = int32(math.Round(w / sum * (1 << weightBits)))
		left -= weight[k]
		if weight[k] > weight[largest] {
			largest = k
		}
	}
	weight[largest] += left
}

// resize returns a slice of n elements, in the given memory if that is large enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// A resampler scales planes. The zero value is ready; its buffers are reused. Not for concurrent use.
type resampler struct {
	across, down filter
	middle       []int16 // rows of the source, already scaled across
	box          []byte
}

// scale makes of a window of src the plane dst, whose size is given, mirrored left to right and top to bottom if asked.
// droop: see filter.set.
func (r *resampler) scale(dst, src *plane, w window, droop float64, flipX, flipY bool) {
	if w == (window{0, 0, float64(dst.width), float64(dst.height)}) && !flipX && !flipY && droop == 0 {
		for y := range dst.height {
			copy(dst.row(y), src.row(y))
		}
		return
	}
	if k := int(min(w.w/float64(dst.width), w.h/float64(dst.height)) / 2.5); k >= 2 {
		boxed := r.shrink(src, k)
		f := float64(k)
		src, w, droop = &boxed, window{w.x / f, w.y / f, w.w / f, w.h / f}, boxDroop
	}
	r.across.set(src.width, w.x, w.w, dst.width, droop, flipX)
	r.down.set(src.height, w.y, w.h, dst.height, droop, flipY)
	top, last := int(r.down.first[0]), int(r.down.first[dst.height-1])
	if flipY {
		top, last = last, top
	}
	rows := last + r.down.taps - top
	r.middle = resize(r.middle, rows*dst.width)
	for y := range rows {
		acrossRow(r.middle[y*dst.width:(y+1)*dst.width], src.row(top+y), &r.across)
	}
	for y := range dst.height {
		from := (int(r.down.first[y]) - top) * dst.width
		downRow(dst.row(y), r.middle[from:from+r.down.taps*dst.width], r.down.weight[y*r.down.taps:(y+1)*r.down.taps])
	}
}

// acrossRow scales one row of samples to a row of middle values.
func acrossRow(dst []int16, src []byte, f *filter) {
	const shift = weightBits - middleBits
	taps, weights := f.taps, f.weight
	for x := range dst {
		at := int(f.first[x])
		s := src[at : at+taps]
		w := weights[x*taps:]
		w = w[:len(s)]
		sum := int32(1 << (shift - 1))
		for k, v := range s {
			sum += int32(v) * w[k]
		}
		dst[x] = int16(sum >> shift)
	}
}

// downRow adds up rows of middle values, one weight each, to one row of samples.
func downRow(dst []byte, rows []int16, weight []int32) {
	const shift = weightBits + middleBits
	n := len(dst)
	var sums [MaxResult]int32
	sum := sums[:n]
	for i := range sum {
		sum[i] = 1 << (shift - 1)
	}
	k := 0
	for ; k+4 <= len(weight); k += 4 {
		w0, w1, w2, w3 := weight[k], weight[k+1], weight[k+2], weight[k+3]
		r0, r1, r2, r3 := rows[k*n:][:n], rows[(k+1)*n:][:n], rows[(k+2)*n:][:n], rows[(k+3)*n:][:n]
		for i := range sum {
			sum[i] += w0*int32(r0[i]) + w1*int32(r1[i]) + w2*int32(r2[i]) + w3*int32(r3[i])
		}
	}
	for ; k < len(weight); k++ {
		w, r := weight[k], rows[k*n:][:n]
		for i := range sum {
			sum[i] += w * int32(r[i])
		}
	}
	for i, v := range sum {
		v >>= shift
		if uint32(v) > 255 {
			v = ^(v >> 31) & 255
		}
		dst[i] = byte(v)
	}
}

// boxDroop makes up for averaging over whole pixels: such an average passes a frequency f (per pixel) with a factor of
// about 1 - (πf)²/6, and taking off 1/24 of the second difference multiplies it by 1 + (πf)²/6.
const boxDroop = 1.0 / 24

// shrink averages k × k samples into one. Samples of the last row and column stand for those beyond the edge.
func (r *resampler) shrink(src *plane, k int) plane {
	dst := newPlane(r.box, (src.width+k-1)/k, (src.height+k-1)/k)
	r.box = dst.pix
	sums := make([]uint32, dst.width)
	recip := uint64(1<<32) / uint64(k*k)
	for y := range dst.height {
		clear(sums)
		for dy := range k {
			row := src.row(min(y*k+dy, src.height-1))
			for x := range src.width / k {
				sum := uint32(0)
				for _, v := range row[x*k : x*k+k] {
					sum += uint32(v)
				}
				sums[x] += sum
			}
			for x := src.width / k * k; x < dst.width*k; x++ {
				sums[dst.width-1] += uint32(row[min(x, src.width-1)])
			}
		}
		for x, out := range sums {
			dst.pix[y*dst.width+x] = byte((uint64(out)*recip + 1<<31) >> 32)
		}
	}
	return dst
}
