package testpic

import "math/bits"

// A token is a piece of entropy-coded data before Huffman tables are chosen: a symbol and the bits after it.
type token struct {
	kind   tokenKind
	table  byte // 0, 1 DC; 2, 3 AC
	symbol byte
	n      byte // bits that follow, 0–16
	bits   uint16
}

type tokenKind byte

const (
	symbolToken  tokenKind = iota // a Huffman code, then n bits
	rawToken                      // n bits only
	restartToken                  // RSTm
)

// A scan is one SOS with its data.
type scan struct {
	comps            []int // indices
	from, to         int   // spectral selection
	high, low        int   // successive approximation
	tokens           []token
	pred             [4]int
	eobRun           int
	corrections      []byte // refinement bits that belong to the pending end-of-band run
	pic              *picture
	untilRST, rstNum int
}

func (pic *picture) baselineScans() {
	all := make([]int, len(pic.comps))
	for i := range all {
		all[i] = i
	}
	groups := [][]int{all}
	if pic.Separate {
		groups = nil
		for i := range all {
			groups = append(groups, all[i:i+1])
		}
	}
	for _, g := range groups {
		s := &scan{pic: pic, comps: g, to: 63}
		s.each(s.sequentialBlock)
		s.write(pic.Optimize)
	}
}

// each calls f for the blocks of the scan in order, with restarts between.
func (s *scan) each(f func(c int, block *[64]int)) {
	s.untilRST = s.pic.Restart
	if len(s.comps) == 1 {
		c := &s.pic.comps[s.comps[0]]
		for y := range c.rows {
			for x := range c.cols {
				s.restart()
				f(s.comps[0], &c.blocks[y*c.stride+x])
			}
		}
	} else {
		for my := range s.pic.mcusY {
			for mx := range s.pic.mcusX {
				s.restart()
				s.mcu(mx, my, f)
			}
		}
	}
	s.flushRun()
}

func (s *scan) mcu(mx, my int, f func(c int, block *[64]int)) {
	for _, i := range s.comps {
		c := &s.pic.comps[i]
		for v := range c.v {
			for h := range c.h {
				f(i, &c.blocks[(my*c.v+v)*c.stride+mx*c.h+h])
			}
		}
	}
}

// restart ends an interval before the MCU that follows it.
func (s *scan) restart() {
	if s.pic.Restart == 0 {
		return
	}
	if s.untilRST == 0 {
		s.flushRun()
		s.tokens = append(s.tokens, token{kind: restartToken, symbol: byte(0xD0 + s.rstNum&7)})
		s.rstNum++
		s.pred = [4]int{}
		s.untilRST = s.pic.Restart
	}
	s.untilRST--
}

func (s *scan) sequentialBlock(c int, b *[64]int) {
	s.dc(c, b[0])
	run := 0
	for k := 1; k < 64; k++ {
		if b[k] == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			s.ac(c, 0xF0, 0, 0)
		}
		n, extra := magnitude(b[k])
		s.ac(c, run<<4|n, n, extra)
		run = 0
	}
	if run > 0 {
		s.ac(c, 0, 0, 0)
	}
}

func (s *scan) dc(c, value int) {
	n, extra := magnitude(value - s.pred[c])
	s.pred[c] = value
	s.tokens = append(s.tokens, token{symbolToken, byte(s.pic.comps[c].quant), byte(n), byte(n), extra})
}

func (s *scan) ac(c, symbol, n int, extra uint16) {
	s.tokens = append(s.tokens, token{symbolToken, byte(2 + s.pic.comps[c].quant), byte(symbol), byte(n), extra})
}

// magnitude returns the category of v and its extra bits (T.81 F.1.2.1).
func magnitude(v int) (n int, extra uint16) {
	if v < 0 {
		n = bits.Len(uint(-v))
		return n, uint16(v-1) & (1<<n - 1)
	}
	return bits.Len(uint(v)), uint16(v)
}

// write chooses the tables, then writes DHT, SOS and the data.
func (s *scan) write(optimize bool) {
	specs := standardTables
	var used [4]bool
	var freq [4][256]int
	for _, t := range s.tokens {
		if t.kind == symbolToken {
			used[t.table] = true
			freq[t.table][t.symbol]++
		}
	}
	var codes [4][256]code
	for i := range specs {
		if !used[i] {
			continue
		}
		if optimize {
			specs[i] = optimal(freq[i])
		}
		codes[i] = specs[i].codes()
		s.pic.marker(0xC4, append(append([]byte{byte(i>>1<<4 | i&1)}, specs[i].counts[:]...), specs[i].symbols...))
	}
	s.header()
	s.data(&codes)
}

func (s *scan) header() {
	body := []byte{byte(len(s.comps))}
	for _, i := range s.comps {
		c := s.pic.comps[i]
		body = append(body, byte(c.id), byte(c.quant<<4|c.quant))
	}
	s.pic.marker(0xDA, append(body, byte(s.from), byte(s.to), byte(s.high<<4|s.low)))
}

// data packs the tokens, stuffing a zero after each FF and filling the last byte of an interval with ones.
func (s *scan) data(codes *[4][256]code) {
	var acc, n uint32
	put := func(v, length uint32) {
		for acc, n = acc<<length|v, n+length; n >= 8; n -= 8 {
			b := byte(acc >> (n - 8))
			if s.pic.out = append(s.pic.out, b); b == 0xFF {
				s.pic.out = append(s.pic.out, 0)
			}
		}
	}
	align := func() {
		if n > 0 {
			put(1<<(8-n)-1, 8-n)
		}
	}
	for _, t := range s.tokens {
		switch t.kind {
		case restartToken:
			align()
			s.pic.out = append(s.pic.out, 0xFF, t.symbol)
			continue
		case symbolToken:
			c := codes[t.table][t.symbol]
			put(c.bits, c.length)
		}
		put(uint32(t.bits), uint32(t.n))
	}
	align()
}
