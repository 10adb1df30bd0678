package testpic

// progressiveScans writes the ten scans of libjpeg's default script for colour, its six for grey; four-component
// pictures are treated as colour with the black like the luma.
func (pic *picture) progressiveScans() {
	var all []int
	for i := range pic.comps {
		all = append(all, i)
	}
	pic.pass(all, 0, 0, 0, 1)
	for i, c := range pic.comps {
		if c.quant == 1 {
			pic.pass(all[i:i+1], 1, 63, 0, 1)
		} else {
			pic.pass(all[i:i+1], 1, 5, 0, 2)
		}
	}
	for i, c := range pic.comps {
		if c.quant == 0 {
			pic.pass(all[i:i+1], 6, 63, 0, 2)
			pic.pass(all[i:i+1], 1, 63, 2, 1)
		}
	}
	pic.pass(all, 0, 0, 1, 0)
	for i := range pic.comps {
		pic.pass(all[i:i+1], 1, 63, 1, 0)
	}
}

// pass writes one scan of the band from–to, bringing its precision from bit high (0 = first) to bit low.
func (pic *picture) pass(comps []int, from, to, high, low int) {
	s := &scan{pic: pic, comps: comps, from: from, to: to, high: high, low: low}
	switch {
	case from == 0 && high == 0:
		s.each(func(c int, b *[64]int) { s.dc(c, b[0]>>low) })
	case from == 0:
		s.each(func(_ int, b *[64]int) {
			s.tokens = append(s.tokens, token{kind: rawToken, n: 1, bits: uint16(b[0]>>low) & 1})
		})
	case high == 0:
		s.each(s.firstAC)
	default:
		s.each(s.refineAC)
	}
	s.write(true)
}

// firstAC codes a band for the first time (T.81 G.1.2.2).
func (s *scan) firstAC(c int, b *[64]int) {
	run := 0
	for k := s.from; k <= s.to; k++ {
		v := shrink(b[k], s.low)
		if v == 0 {
			run++
			continue
		}
		s.flushRun()
		for ; run > 15; run -= 16 {
			s.ac(c, 0xF0, 0, 0)
		}
		n, extra := magnitude(v)
		s.ac(c, run<<4|n, n, extra)
		run = 0
	}
	if run > 0 {
		s.endBand()
	}
}

// refineAC adds one bit of precision to a band (T.81 G.1.2.3): each coefficient that was already there sends a correction
// bit, which travels behind the next symbol.
func (s *scan) refineAC(c int, b *[64]int) {
	last := 0 // the last coefficient that becomes non-zero in this pass
	for k := s.from; k <= s.to; k++ {
		if v := shrink(b[k], s.low); v == 1 || v == -1 {
			last = k
		}
	}
	run := 0
	var pending []byte
	for k := s.from; k <= s.to; k++ {
		v := shrink(b[k], s.low)
		if v == 0 {
			run++
			continue
		}
		for run > 15 && k <= last {
			s.flushRun()
			s.ac(c, 0xF0, 0, 0)
			s.raw(pending)
			pending, run = nil, run-16
		}
		if v > 1 || v < -1 {
			pending = append(pending, byte(abs(v)&1))
			continue
		}
		s.flushRun()
		sign := uint16(0)
		if v > 0 {
			sign = 1
		}
		s.ac(c, run<<4|1, 1, sign)
		s.raw(pending)
		pending, run = nil, 0
	}
	if run > 0 || len(pending) > 0 {
		s.corrections = append(s.corrections, pending...)
		s.endBand()
	}
}

// endBand counts a block that has nothing more in this band.
func (s *scan) endBand() {
	s.eobRun++
	if s.eobRun == 0x7FFF || len(s.corrections) > 900 {
		s.flushRun()
	}
}

// flushRun writes the pending end-of-band run and the correction bits that wait behind it.
func (s *scan) flushRun() {
	if s.eobRun == 0 {
		return
	}
	n, _ := magnitude(s.eobRun)
	s.ac(s.comps[0], (n-1)<<4, n-1, uint16(s.eobRun)&(1<<(n-1)-1))
	s.raw(s.corrections)
	s.eobRun, s.corrections = 0, nil
}

func (s *scan) raw(correction []byte) {
	for _, bit := range correction {
		s.tokens = append(s.tokens, token{kind: rawToken, n: 1, bits: uint16(bit)})
	}
}

// shrink divides by a power of two towards zero (the point transform of AC coefficients).
func shrink(v, low int) int {
	if v < 0 {
		return -(-v >> low)
	}
	return v >> low
}

func abs(v int) int { return max(v, -v) }
