package scaledjpeg

// errBadCode is what a block answers that no table explains.
var errBadCode = corrupt("the picture data holds a code that its tables do not")

// sequentialScan decodes a scan of a baseline or extended file, whose blocks are whole: they become samples at once.
func (d *Decoder) sequentialScan() error {
	s := &d.scan
	d.tables.useStandard()
	for i := range s.nBlock {
		b := &s.blocks[i]
		if b.comp.done {
			return corrupt("component %d has two scans", b.comp.id)
		}
		if !b.dc.defined || !b.ac.defined {
			return corrupt("component %d has no Huffman tables", b.comp.id)
		}
		if err := d.setPlans(b.comp); err != nil {
			return err
		}
		b.dc.compileCoef(false)
		b.ac.compileCoef(true)
		if d.scale == 8 {
			b.ac.compileSkip()
		}
	}
	if d.scale == 8 {
		d.walk((*Decoder).meansRun)
	} else {
		d.walk((*Decoder).sequentialRun)
	}
	for i := range s.nBlock {
		s.blocks[i].comp.done = true
	}
	return nil
}

// setPlans prepares the ways from coefficients to samples with the quantisation table in force.
func (d *Decoder) setPlans(c *component) error {
	if !d.tables.known[c.quant] {
		return corrupt("component %d has no quantisation table", c.id)
	}
	quant := &d.tables.quant[c.quant]
	c.full.set(quant, 1)
	if d.scale == 2 || d.scale == 4 {
		c.scaled.set(quant, d.scale)
	}
	return nil
}

// sequentialRun decodes n MCUs of a row.
func (d *Decoder) sequentialRun(at, n int) error {
	s, r := &d.scan, &d.bits
	x, y := at%s.mcusX, at/s.mcusX
	for end := x + n; x < end; x++ {
		if !r.ready() {
			return d.endedEarly()
		}
		whole := x < s.wholeX && y < s.wholeY
		for i := range s.blocks[:s.nBlock] {
			b := &s.blocks[i]
			if !d.sequentialBlock(b, x*b.stepX+b.x, y*b.stepY+b.y, whole) {
				return errBadCode
			}
		}
	}
	return nil
}

// sequentialBlock decodes the block in column x and row y of its plane. whole says that all of it is inside the picture.
func (d *Decoder) sequentialBlock(b *mcuBlock, x, y int, whole bool) bool {
	c := b.comp
	if !d.readDC(b) {
		return false
	}
	edge := !whole && (8*x+8 > c.width || 8*y+8 > c.height)
	if d.scale == 8 && !edge {
		c.out[y*c.outStride+x] = mean(c.pred, c.full.weight[0])
		return d.skipAC(b.ac)
	}
	p := &c.scaled
	if edge || d.scale == 1 {
		p = &c.full
	}
	clear(d.block[:])
	d.block[0] = c.pred * p.weight[0]
	ok := d.readAC(b.ac, p)
	d.place(c, x, y, edge)
	return ok
}

// place transforms d.block and writes the samples of the block in column x and row y of its plane.
func (d *Decoder) place(c *component, x, y int, edge bool) {
	if edge {
		d.placeEdge(c, x, y)
		return
	}
	perBlock := 8 / d.scale
	out := c.out[perBlock*(y*c.outStride+x):]
	switch d.scale {
	case 4:
		inverse2(&d.block, out, c.outStride)
	case 2:
		inverse4(&d.block, out, c.outStride)
	default:
		inverse8(&d.block, out, c.outStride)
	}
}

// mean is the mean of a block's samples, from its DC coefficient and that one's quantisation step.
func mean(dc, step int32) uint8 { return clamp((dc*step + 128*8 + 4) >> 3) }

// readDC decodes the difference of a DC coefficient and adds it to the component's prediction.
func (d *Decoder) readDC(b *mcuBlock) bool {
	w := d.bits.peek()
	size, n := b.dc.symbol(w)
	if n == 0 || size > 15 {
		return false
	}
	b.comp.pred += extend(w<<n, int(size))
	d.bits.bit += n + int(size)
	return true
}

// readAC decodes the other coefficients of a block into d.block as the plan says.
func (d *Decoder) readAC(h *huffman, plan *plan) bool {
	r, block := &d.bits, &d.block
	w, have, p := r.load(r.bit)
	for k := uint(1); k < 64; k++ {
		w |= r.word(p) >> (have & 63)
		p += (63 - have) >> 3
		have |= 56
		e := h.coef[w>>(64-shortBits)]
		if e == 0 {
			if e = h.longCoef(w); e == 0 {
				return false
			}
		}
		if k += uint(e.run()); k >= 63 { // at its last coefficient a block ends without a code for it
			if e = h.longCoef(w); k > 63 {
				return false
			}
		}
		w <<= e & 31
		have -= uint(e & 31)
		v := e.value()
		if size := uint(e.size()); size > 0 {
			v = extend(w, int(size))
			w <<= size & 63
			have -= size
		}
		block[plan.target[k]&63] += v * plan.weight[k]
		if e&coefEnd != 0 {
			break
		}
	}
	r.bit = int(p<<3 - have)
	return true
}

// skipAC passes over the other coefficients of a block.
func (d *Decoder) skipAC(h *huffman) bool {
	for k := 1; k < 64; {
		if d.bits.bit, k = d.passSingly(h, d.bits.bit, k); k < 0 {
			return false
		}
	}
	return true
}

// placeEdge is place for a block that overhangs the picture, or is outside: transformed in full, it gives the means of
// the samples inside.
func (d *Decoder) placeEdge(c *component, x, y int) {
	width, height := min(8, c.width-8*x), min(8, c.height-8*y)
	if width <= 0 || height <= 0 {
		return
	}
	var samples [64]byte
	inverse8(&d.block, samples[:], 8)
	perBlock := 8 / d.scale
	for j := 0; j < height; j += d.scale {
		for i := 0; i < width; i += d.scale {
			sum, n := 0, 0
			for v := j; v < min(j+d.scale, height); v++ {
				for u := i; u < min(i+d.scale, width); u++ {
					sum += int(samples[8*v+u])
					n++
				}
			}
			c.out[(y*perBlock+j/d.scale)*c.outStride+x*perBlock+i/d.scale] = byte((sum + n/2) / n)
		}
	}
}
