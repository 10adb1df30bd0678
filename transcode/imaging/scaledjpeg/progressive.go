package scaledjpeg

import (
	"fmt"
	"math/bits"
)

// coefficients collects what the scans of a progressive file say, per component: blocks of 64 in zigzag order, or at 1/8
// the DC coefficients alone.
type coefficients struct {
	memory   [4][]int16
	nonzero  [4][]uint64 // per block, a bit for each AC coefficient that is not zero; not at 1/8
	perBlock int
	visits   int // blocks that scans have gone through
}

// maxVisits is how often, on average, a block may be gone through. Ten scans visit each five times or so; thousands of
// tiny scans are an attack. A block without AC coefficients costs nothing to refine, and the others cost the file a bit
// each, so that the worst file of 5 MB takes about two seconds.
const maxVisits = 32

// progressiveScan decodes one scan of a progressive file into the coefficients (T.81 annex G). At 1/8 scans without DC
// coefficients are passed over.
func (d *Decoder) progressiveScan() error {
	s := &d.scan
	switch {
	case s.from == 0 && s.to != 0 || s.from > s.to || s.to > 63:
		return corrupt("scan of coefficients %d to %d", s.from, s.to)
	case s.from > 0 && s.n > 1:
		return corrupt("scan interleaves AC coefficients")
	case s.low > 13 || s.high != 0 && s.high != s.low+1:
		return corrupt("scan refines bit %d to bit %d", s.high, s.low)
	case s.from > 0 && d.scale == 8:
		return nil
	}
	run, err := d.prepareProgressive()
	if err != nil {
		return err
	}
	d.walk(run)
	for i := range s.nBlock {
		c := s.blocks[i].comp
		for k := s.from; k <= s.to; k++ {
			c.precise[k] = s.low == 0
		}
		c.done = c.precise == allPrecise || d.scale == 8 && c.precise[0]
	}
	return nil
}

var allPrecise = func() (p [64]bool) {
	for i := range p {
		p[i] = true
	}
	return p
}()

// prepareProgressive checks and compiles the tables the scan needs and picks its way of decoding.
func (d *Decoder) prepareProgressive() (run func(d *Decoder, at, n int) error, err error) {
	s, total := &d.scan, 0
	for i := range d.file.components {
		total += d.file.comps[i].stride * d.file.mcusY * d.file.comps[i].v
	}
	if d.coefs.visits += s.mcusX * s.mcusY * s.nBlock; d.coefs.visits > maxVisits*total {
		return nil, fmt.Errorf("%w: its scans go through it more than %d times", ErrTooLarge, maxVisits)
	}
	switch {
	case s.from == 0 && s.high == 0:
		run = (*Decoder).firstDC
	case s.from == 0:
		run = (*Decoder).refineDC
	case s.high == 0:
		run = (*Decoder).firstAC
	default:
		run = (*Decoder).refineAC
	}
	for i := range s.nBlock {
		b := &s.blocks[i]
		if !b.comp.planned {
			if err := d.setPlans(b.comp); err != nil {
				return nil, err
			}
			b.comp.planned = true
		}
		h := b.dc
		if s.from > 0 {
			h = b.ac
		} else if s.high > 0 {
			continue // a refinement of DC has no codes
		}
		if !h.defined {
			return nil, corrupt("component %d has no Huffman table", b.comp.id)
		}
		h.compile()
	}
	return run, nil
}

// allocateCoefficients makes room for the coefficients, all zero.
func (d *Decoder) allocateCoefficients() {
	q := &d.coefs
	q.visits, q.perBlock = 0, 64
	if d.scale == 8 {
		q.perBlock = 1
	}
	for i := range d.file.components {
		c := &d.file.comps[i]
		n := c.stride * d.file.mcusY * c.v * q.perBlock
		if cap(q.memory[i]) < n {
			q.memory[i] = make([]int16, n)
		}
		c.coefs = q.memory[i][:n]
		clear(c.coefs)
		if d.scale == 8 {
			continue
		}
		blocks := n / 64
		if cap(q.nonzero[i]) < blocks {
			q.nonzero[i] = make([]uint64, blocks)
		}
		c.nonzero = q.nonzero[i][:blocks]
		clear(c.nonzero)
	}
}

// firstDC decodes DC coefficients down to bit low.
func (d *Decoder) firstDC(at, n int) error {
	s := &d.scan
	x, y := at%s.mcusX, at/s.mcusX
	for end := x + n; x < end; x++ {
		if !d.bits.ready() {
			return d.endedEarly()
		}
		for i := range s.blocks[:s.nBlock] {
			b := &s.blocks[i]
			if !d.readDC(b) {
				return errBadCode
			}
			b.comp.coefs[b.index(x, y)*d.coefs.perBlock] = int16(b.comp.pred << s.low)
		}
	}
	return nil
}

// index is the number of the block in its plane, for the MCU in column x and row y.
func (b *mcuBlock) index(x, y int) int {
	return (y*b.stepY+b.y)*b.comp.stride + x*b.stepX + b.x
}

// refineDC adds bit low to DC coefficients.
func (d *Decoder) refineDC(at, n int) error {
	s, r := &d.scan, &d.bits
	x, y := at%s.mcusX, at/s.mcusX
	for end := x + n; x < end; x++ {
		if !r.ready() {
			return d.endedEarly()
		}
		for i := range s.blocks[:s.nBlock] {
			b := &s.blocks[i]
			b.comp.coefs[b.index(x, y)*d.coefs.perBlock] |= int16(r.take(1) << s.low)
		}
	}
	return nil
}

// firstAC decodes a band of AC coefficients down to bit low (T.81 G.1.2.2).
func (d *Decoder) firstAC(at, n int) error {
	s, r := &d.scan, &d.bits
	c, h := s.blocks[0].comp, s.blocks[0].ac
	x, y := at%s.mcusX, at/s.mcusX
	for end := x + n; x < end; x++ {
		if s.eobRun > 0 {
			pass := min(s.eobRun, end-x)
			s.eobRun -= pass
			x += pass - 1
			continue
		}
		if !r.ready() {
			return d.endedEarly()
		}
		i := y*c.stride + x
		block := (*[64]int16)(c.coefs[64*i:])
		for k := s.from; k <= s.to; k++ {
			w := r.peek()
			symbol, length := h.symbol(w)
			if length == 0 {
				return errBadCode
			}
			run, size := int(symbol>>4), int(symbol&15)
			r.bit += length
			if size == 0 && run < 15 {
				s.eobRun = d.readRun(run) - 1
				break
			}
			k += run
			if size == 0 {
				continue
			}
			if k > s.to {
				return errBadCode
			}
			r.bit += size
			block[k] = int16(extend(w<<length, size) << s.low)
			c.nonzero[i] |= 1 << k
		}
	}
	return nil
}

// readRun reads the length of an end-of-band run of category n, which is 2ⁿ plus the value of n bits.
func (d *Decoder) readRun(n int) int { return 1<<n | int(d.bits.take(n)) }

// refineAC adds bit low to a band of AC coefficients (T.81 G.1.2.3).
func (d *Decoder) refineAC(at, n int) error {
	s, r := &d.scan, &d.bits
	c := s.blocks[0].comp
	x, y := at%s.mcusX, at/s.mcusX
	for end := x + n; x < end; x++ {
		i := y*c.stride + x
		if s.eobRun > 0 && c.nonzero[i] == 0 {
			s.eobRun--
			continue
		}
		if !r.ready() && (s.eobRun == 0 || r.overrun()) {
			return d.endedEarly()
		}
		if !d.refineBlock(c, i) {
			return errBadCode
		}
	}
	return nil
}

// refineBlock adds bit low to a band of the i-th block of c.
func (d *Decoder) refineBlock(c *component, i int) bool {
	s, r := &d.scan, &d.bits
	block := (*[64]int16)(c.coefs[64*i:])
	h := s.blocks[0].ac
	k := s.from
	for ; k <= s.to && s.eobRun == 0; k++ {
		symbol, length := h.symbol(r.peek())
		run, size := int(symbol>>4), int(symbol&15)
		if length == 0 || size > 1 {
			return false
		}
		r.bit += length
		if size == 0 && run < 15 {
			s.eobRun = d.readRun(run)
			break
		}
		fresh := int16(0)
		if size == 1 {
			fresh = int16(-1 << s.low)
			if r.take(1) == 1 {
				fresh = int16(1 << s.low)
			}
		}
		k = d.refineBand(block, c.nonzero[i], k, run)
		if fresh != 0 {
			if k > s.to {
				return false
			}
			block[k] = fresh
			c.nonzero[i] |= 1 << k
		}
	}
	if s.eobRun > 0 {
		d.refineBand(block, c.nonzero[i], k, 64)
		s.eobRun--
	}
	return true
}

// refineBand reads a correction bit for each coefficient from k on that is not zero, until it has passed run zeros and
// stands at another, or is behind the band. It returns where.
func (d *Decoder) refineBand(block *[64]int16, nonzero uint64, k, run int) int {
	s, r := &d.scan, &d.bits
	for {
		zeros := bits.TrailingZeros64(nonzero >> k)
		if zeros > run {
			return k + run
		}
		run -= zeros
		if k += zeros; k > s.to {
			return k
		}
		if r.take(1) == 1 {
			bit := int16(1) << s.low
			if block[k] < 0 {
				bit = -bit
			}
			block[k] += bit
		}
		k++
	}
}

// transformCoefficients turns the coefficients of a progressive file into samples.
func (d *Decoder) transformCoefficients() {
	for i := range d.file.components {
		c := &d.file.comps[i]
		if !c.planned {
			continue // no scan has said anything of it
		}
		for y := range c.rows {
			for x := range c.cols {
				d.placeCoefficients(c, x, y)
			}
		}
	}
}

func (d *Decoder) placeCoefficients(c *component, x, y int) {
	at := (y*c.stride + x) * d.coefs.perBlock
	if d.scale == 8 {
		c.out[y*c.outStride+x] = mean(int32(c.coefs[at]), c.full.weight[0])
		return
	}
	block := (*[64]int16)(c.coefs[at:])
	edge := 8*x+8 > c.width || 8*y+8 > c.height
	p := &c.scaled
	if edge || d.scale == 1 {
		p = &c.full
	}
	clear(d.block[:])
	d.block[0] = int32(block[0]) * p.weight[0]
	for nonzero := c.nonzero[y*c.stride+x]; nonzero != 0; nonzero &= nonzero - 1 {
		k := bits.TrailingZeros64(nonzero) & 63
		d.block[p.target[k]&63] += int32(block[k]) * p.weight[k]
	}
	d.place(c, x, y, edge)
}
