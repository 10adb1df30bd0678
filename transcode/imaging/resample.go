package imaging

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

// middleBits is how many fraction bits samples keep between the two passes.
const middleBits = 5

// A resampler scales planes. The zero value is ready; its buffers are reused, and so are its filters while the sizes
// stay the same. Not for concurrent use.
//
// Two samples travel in one int64, the first in the low half: a product with a weight and a sum of products are those
// of both, as long as neither half overflows, and part takes them apart again. That halves the multiplications.
type resampler struct {
	across, down [2]filter // of luma, of chroma
	packed       []int64   // source rows, two neighbours in each element: a ring of as many rows as down has taps
	held         []int     // which source row a place of the ring holds; -1: none
	sums         []int64   // a row of the result of the first pass
	pair         []int64   // two such rows, a column of both in each element
	box          []byte
}

// part takes the two numbers apart that an int64 carries.
func part(v int64) (low, high int32) {
	low = int32(v)
	return low, int32((v - int64(low)) >> 32)
}

// A task says which part of a plane to scale, and how.
type task struct {
	window       window
	droop        float64 // see line
	flipX, flipY bool
	chroma       bool // its filters are kept apart from luma's
}

// scale makes of src the plane dst, whose size is given: first down the columns, then across the rows.
func (r *resampler) scale(dst, src *plane, t task) {
	w := t.window
	if w == (window{0, 0, float64(dst.width), float64(dst.height)}) && !t.flipX && !t.flipY && t.droop == 0 {
		for y := range dst.height {
			copy(dst.row(y), src.row(y))
		}
		return
	}
	if k := int(min(w.w/float64(dst.width), w.h/float64(dst.height)) / 2.5); k >= 2 {
		boxed := r.shrink(src, k)
		f := float64(k)
		src, w, t.droop = &boxed, window{w.x / f, w.y / f, w.w / f, w.h / f}, boxDroop
	}
	kind := 0
	if t.chroma {
		kind = 1
	}
	across, down := &r.across[kind], &r.down[kind]
	across.set(line{src.width, w.x, w.w, dst.width, t.droop, t.flipX})
	down.set(line{src.height, w.y, w.h, dst.height, t.droop, t.flipY})
	lanes := (src.width + 1) / 2
	r.packed, r.held = resize(r.packed, lanes*down.taps), resize(r.held, down.taps)
	r.sums, r.pair = resize(r.sums, lanes), resize(r.pair, 2*lanes)
	for i := range r.held {
		r.held[i] = -1
	}
	for y := 0; y < dst.height; y += 2 {
		r.column(src, down, y)
		for i, v := range r.sums {
			a, b := part(v)
			r.pair[2*i], r.pair[2*i+1] = int64(a>>middleShift), int64(b>>middleShift)
		}
		if y+1 == dst.height {
			row := dst.row(y)
			acrossRows(row, row, r.pair, across)
			break
		}
		r.column(src, down, y+1)
		for i, v := range r.sums {
			a, b := part(v)
			r.pair[2*i] += int64(a>>middleShift) << 32
			r.pair[2*i+1] += int64(b>>middleShift) << 32
		}
		acrossRows(dst.row(y), dst.row(y+1), r.pair, across)
	}
}

const middleShift = weightBits - middleBits

// column adds up the source rows that make row y of the result, into sums.
func (r *resampler) column(src *plane, down *filter, y int) {
	const half = 1 << (middleShift - 1)
	first, weight, n := int(down.first[y]), down.weight[y*down.taps:(y+1)*down.taps], len(r.sums)
	sums := r.sums
	for i := range sums {
		sums[i] = half<<32 + half
	}
	k := 0
	for ; k+4 <= len(weight); k += 4 {
		w0, w1, w2, w3 := int64(weight[k]), int64(weight[k+1]), int64(weight[k+2]), int64(weight[k+3])
		r0, r1, r2, r3 := r.row(src, first+k)[:n], r.row(src, first+k+1)[:n], r.row(src, first+k+2)[:n], r.row(src, first+k+3)[:n]
		for i := range sums {
			sums[i] += w0*r0[i] + w1*r1[i] + w2*r2[i] + w3*r3[i]
		}
	}
	for ; k < len(weight); k++ {
		w, row := int64(weight[k]), r.row(src, first+k)[:n]
		for i := range sums {
			sums[i] += w * row[i]
		}
	}
}

// row returns a source row, two neighbours in each element.
func (r *resampler) row(src *plane, y int) []int64 {
	at := y % len(r.held)
	row := r.packed[at*len(r.sums) : (at+1)*len(r.sums)]
	if r.held[at] != y {
		r.held[at] = y
		from := src.row(y)
		for i := range row[:len(from)/2] {
			row[i] = int64(from[2*i]) | int64(from[2*i+1])<<32
		}
		if len(from)&1 == 1 {
			row[len(row)-1] = int64(from[len(from)-1])
		}
	}
	return row
}

// acrossRows scales two rows at once: the low and the high halves of src.
func acrossRows(low, high []byte, src []int64, f *filter) {
	const shift = weightBits + middleBits
	const half = 1 << (shift - 1)
	taps, weights := f.taps, f.weight
	high = high[:len(low)]
	for x, at := range f.first[:len(low)] {
		s := src[at : int(at)+taps]
		w := weights[x*taps : (x+1)*taps]
		sum := int64(half<<32 + half)
		for ; len(s) >= 4 && len(w) >= 4; s, w = s[4:], w[4:] {
			sum += s[0]*int64(w[0]) + s[1]*int64(w[1]) + s[2]*int64(w[2]) + s[3]*int64(w[3])
		}
		for k := range min(len(s), len(w)) {
			sum += s[k] * int64(w[k])
		}
		a, b := part(sum)
		high[x] = clamp8(b >> shift)
		low[x] = clamp8(a >> shift)
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
