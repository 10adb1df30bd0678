package scaledjpeg

// The hot loop of thumbnails: baseline at 1/8, where a block is its DC coefficient, and the others are only in the way.

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
	for m := range n {
		if !r.ready() {
			return d.endedEarly()
		}
		bit := r.bit
		for i := range blocks {
			b := &blocks[i]
			w := r.at(bit)
			e := b.dc.coef[w>>(64-shortBits)]
			bits, diff := e.bits(), e.value()
			if e.size() > 0 || e == 0 {
				size, length := b.dc.symbol(w)
				if length == 0 || size > 15 {
					return errBadCode
				}
				bits, diff = length+int(size), extend(w<<length, int(size))
			}
			bit += bits
			b.comp.pred += diff
			b.out[m*b.stepX] = mean(b.comp.pred, b.comp.full.weight[0])

			// A load holds 57 bits: enough for two look-ups, each of which takes up to 28 and looks at 13.
			skip := &b.ac.skip
			var f skipEntry
			for k := 1; ; {
				w = r.at(bit)
				f = skip[w>>(64-skipBits)]
				w <<= f & 63
				bit += int(f & 63)
				if k += int(f >> 6); k > 63 {
					if k-129 < 63 && k > 128 {
						break
					}
					bit, k = d.passSingly(b.ac, bit-int(f&63), k-int(f>>6))
					if k < 0 {
						return errBadCode
					}
					if k > 63 {
						break
					}
					continue
				}
				f = skip[w>>(64-skipBits)]
				bit += int(f & 63)
				if k += int(f >> 6); k > 63 {
					if k-129 < 63 && k > 128 {
						break
					}
					bit, k = d.passSingly(b.ac, bit-int(f&63), k-int(f>>6))
					if k < 0 {
						return errBadCode
					}
					if k > 63 {
						break
					}
				}
			}
		}
		r.bit = bit
	}
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
