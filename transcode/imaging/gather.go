package imaging

import "image"

// A gathering is a small picture in the making. A decoder hands over the rows of the large one as it reads them, and no
// more of it is ever held: what a picture of 40 MP takes is what its result takes (SEC-80).
type gathering struct {
	at   image.Rectangle // the part that is wanted, in pixels of the source
	k    int             // k × k pixels are averaged to one, by their alpha
	full uint32          // weight of an opaque pixel: 1 where the source has no alpha, else 255
	dst  *image.NRGBA
	seen int // pixels that came

	// Where rows come in order one row of sums is enough; else there is one for each row of dst.
	ordered bool
	current int // the row of dst that the one row of sums is for
	sums    [][4]uint32
}

// maxReduction keeps the sums of a cell within 32 bits: 256² pixels of 255 · 255.
const maxReduction = 256

// newGathering makes room. Rows and columns that do not fill a whole k at the far edges are left out.
func newGathering(at image.Rectangle, k int, ordered, opaque bool) *gathering {
	k = min(k, maxReduction)
	g := &gathering{at: at, k: k, full: 255, ordered: ordered, dst: image.NewNRGBA(image.Rect(0, 0, at.Dx()/k, at.Dy()/k))}
	if opaque {
		g.full = 1
	}
	if k > 1 {
		n := g.dst.Rect.Dx()
		if !ordered {
			n *= g.dst.Rect.Dy()
		}
		g.sums = make([][4]uint32, n)
	}
	return g
}

// add takes the pixels of row y from column x on, step columns from one to the next: red, green, blue and alpha each.
func (g *gathering) add(y, x, step int, pix []byte) {
	g.seen += len(pix) / 4
	row, ok := g.open(y)
	if !ok {
		return
	}
	if skip := (g.at.Min.X - x + step - 1) / step; skip > 0 {
		pix, x = pix[min(4*skip, len(pix)):], x+skip*step
	}
	x -= g.at.Min.X
	end := g.dst.Rect.Dx() * g.k
	if g.k == 1 {
		out := g.dst.Pix[row*g.dst.Stride:]
		for ; len(pix) >= 4 && x < end; x, pix = x+step, pix[4:] {
			copy(out[4*x:4*x+4], pix)
		}
		return
	}
	sums := g.rowSums(row)
	for left := g.k - x%g.k; len(pix) >= 4 && x < end; left = g.k - x%g.k {
		s := &sums[x/g.k]
		for ; left > 0 && len(pix) >= 4; left, x, pix = left-step, x+step, pix[4:] {
			a := uint32(pix[3])
			if g.full == 1 {
				a = 1
			}
			s[0] += uint32(pix[0]) * a
			s[1] += uint32(pix[1]) * a
			s[2] += uint32(pix[2]) * a
			s[3] += a
		}
	}
}

// addOpaque is add for a whole row of red, green and blue, from the left edge.
func (g *gathering) addOpaque(y int, pix []byte) {
	g.seen += len(pix) / 3
	row, ok := g.open(y)
	if !ok {
		return
	}
	n := g.dst.Rect.Dx()
	pix = pix[3*g.at.Min.X:][:3*n*g.k]
	if g.k == 1 {
		out := g.dst.Pix[row*g.dst.Stride:][:4*n]
		for ; len(pix) >= 3 && len(out) >= 4; pix, out = pix[3:], out[4:] {
			out[0], out[1], out[2], out[3] = pix[0], pix[1], pix[2], 255
		}
		return
	}
	sums := g.rowSums(row)
	for i := range sums {
		var r, gr, b uint32
		cell := pix[3*g.k*i:][:3*g.k]
		for ; len(cell) >= 3; cell = cell[3:] {
			r += uint32(cell[0])
			gr += uint32(cell[1])
			b += uint32(cell[2])
		}
		s := &sums[i]
		s[0], s[1], s[2], s[3] = s[0]+r, s[1]+gr, s[2]+b, s[3]+uint32(g.k)
	}
}

// open says which row of dst a row belongs to, if to any.
func (g *gathering) open(y int) (row int, ok bool) {
	y -= g.at.Min.Y
	if y < 0 || y/g.k >= g.dst.Rect.Dy() {
		return 0, false
	}
	row = y / g.k
	if g.ordered && g.k > 1 && row != g.current {
		g.flush(g.current, g.sums)
		clear(g.sums)
		g.current = row
	}
	return row, true
}

// rowSums returns the sums of a row that is open.
func (g *gathering) rowSums(row int) [][4]uint32 {
	if g.ordered {
		return g.sums
	}
	n := g.dst.Rect.Dx()
	return g.sums[row*n:][:n]
}

// flush writes the means of a row.
func (g *gathering) flush(row int, sums [][4]uint32) {
	out, area := g.dst.Pix[row*g.dst.Stride:], g.full*uint32(g.k*g.k)
	for x := range sums {
		if s := &sums[x]; s[3] > 0 {
			half := s[3] / 2
			out[4*x], out[4*x+1], out[4*x+2] = byte((s[0]+half)/s[3]), byte((s[1]+half)/s[3]), byte((s[2]+half)/s[3])
			out[4*x+3] = byte(uint64(s[3]) * 255 / uint64(area))
		}
	}
}

// finish returns the picture. What no row came for is transparent, as browsers leave it.
func (g *gathering) finish() *image.NRGBA {
	switch {
	case g.k == 1:
	case g.ordered:
		g.flush(g.current, g.sums)
	default:
		n := g.dst.Rect.Dx()
		for row := range g.dst.Rect.Dy() {
			g.flush(row, g.sums[row*n:][:n])
		}
	}
	return g.dst
}

// reduceImage is the gathering of a part of a picture that is there already.
func reduceImage(img *image.NRGBA, at image.Rectangle, k int) *image.NRGBA {
	g := newGathering(at, k, true, false)
	for y := at.Min.Y; y < at.Max.Y; y++ {
		g.add(y, img.Rect.Min.X, 1, img.Pix[(y-img.Rect.Min.Y)*img.Stride:][:4*img.Rect.Dx()])
	}
	return g.finish()
}
