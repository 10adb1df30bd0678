package scaledjpeg

// The hot loop of thumbnails: a sequential file at 1/8, where a block is its DC coefficient and the others are only in
// the way.

// meansRun decodes n MCUs of a row of a sequential scan at 1/8.
func (d *Decoder) meansRun(at, n int) error {
	s := &d.scan
	x, y := at%s.mcusX, at/s.mcusX
	if y < s.wholeY && x < s.wholeX {
		whole := min(n, s.wholeX-x)
		if err := d.wholeMeans(x, y, whole); err != nil {
			return err
		}
		at, n = at+whole, n-whole
	}
	return d.sequentialRun(at, n)
}

// wholeMeans decodes n MCUs that are inside the picture, from column x of row y on.
func (d *Decoder) wholeMeans(x, y, n int) error {
	s, r := &d.scan, &d.bits
	blocks := s.blocks[:s.nBlock]
	for i := range blocks {
		b := &blocks[i]
		b.out = b.comp.out[(y*b.stepY+b.y)*b.comp.outStride+x*b.stepX+b.x:]
	}
	// The next bits are at the top of w, at least have of them; more come from byte p of the window. After a refill there are
	// 56: enough for a DC code and a look-up, or for two look-ups, which take up to 28 each and look at 13.
	w, have, p := r.load(r.bit)
	for m := range n {
		if r.bit = int(p<<3 - have); r.bit > r.limit {
			if !r.ready() {
				return d.endedEarly()
			}
			w, have, p = r.load(r.bit)
		}
		for i := range blocks {
			b := &blocks[i]
			w |= r.word(p) >> (have & 63)
			p += (63 - have) >> 3
			have |= 56
			e := b.dc.coef[w>>(64-shortBits)]
			diff := e.value()
			if e.size() == 0 && e != 0 {
				w <<= e & 31
				have -= uint(e & 31)
			} else {
				size, length := b.dc.symbol(w)
				if length == 0 || size > 15 {
					return errBadCode
				}
				diff = extend(w<<length, int(size))
				w, have, p = r.load(int(p<<3-have) + length + int(size))
			}
			b.comp.pred += diff
			b.out[m*b.stepX] = mean(b.comp.pred, b.comp.full.weight[0])

			skip := &b.ac.skip
			for k := uint(1); ; {
				f := uint(skip[w>>(64-skipBits)])
				w <<= f & 63
				have -= f & 63
				if k += f >> 6; k < 64 {
					w |= r.word(p) >> (have & 63)
					p += (63 - have) >> 3
					have |= 56
					f = uint(skip[w>>(64-skipBits)])
					w <<= f & 63
					have -= f & 63
					k += f >> 6
				}
				if k < 64 {
					continue
				}
				if k&64 == 0 {
					break
				}
				bit, reached := d.passSingly(b.ac, int(p<<3-have-f&63), int(k-f>>6))
				if reached < 0 {
					return errBadCode
				}
				w, have, p = r.load(bit)
				if k = uint(reached); k == 64 {
					break
				}
			}
		}
	}
	r.bit = int(p<<3 - have)
	return nil
}

// passSingly passes one symbol, where a look-up cannot: its code is long, or the block ends at its last coefficient amid
// the symbols looked up. It returns the bit and the coefficient reached; 64 if the block is over, −1 if no code fits.
func (d *Decoder) passSingly(h *huffman, bit, k int) (int, int) {
	symbol, n := h.symbol(d.bits.at(bit))
	run, size := int(symbol>>4), int(symbol&15)
	k += run + 1
	switch {
	case symbol == 0 && n > 0:
		return bit + n, 64
	case n == 0 || size == 0 && symbol != 0xF0 || k > 64:
		return bit, -1
	}
	return bit + n + size, k
}
