package scaledjpeg

import "bytes"

// huffman is a table as DHT defines it (T.81 annex C) with the look-up tables made from it on first use.
// A table with the same bytes as the one before it in its slot is not compiled again.
type huffman struct {
	defined  bool
	spec     [16 + 256]byte // counts of the code lengths, symbols in code order
	specSize int
	compiled bool
	limit    [18]uint32 // limit[n]: the first 16-bit pattern above all codes of up to n bits
	offset   [17]int32  // from a code of n bits to its symbol's place
	short    [1 << shortBits]uint16
	coef     [1 << shortBits]coefEntry
	hasCoef  bool
	skip     [1 << skipBits]skipEntry
	hasSkip  bool
}

// shortBits is the longest code that short and coef resolve in one look-up.
const shortBits = 10

// define takes one table out of a DHT body and returns the rest.
func (h *huffman) define(body []byte) ([]byte, error) {
	total, free := 0, 1
	for _, count := range body[:16] {
		free = free<<1 - int(count)
		total += int(count)
		if free < 0 {
			return nil, corrupt("Huffman table has more codes than bits allow")
		}
	}
	if total == 0 || total > 256 || len(body) < 16+total {
		return nil, corrupt("Huffman table has %d codes in %d bytes", total, len(body)-16)
	}
	spec := body[:16+total]
	if !bytes.Equal(spec, h.spec[:h.specSize]) {
		h.specSize = copy(h.spec[:], spec)
		h.compiled, h.hasCoef, h.hasSkip = false, false, false
	}
	h.defined = true
	return body[16+total:], nil
}

// compile makes limit, offset and short.
func (h *huffman) compile() {
	if h.compiled {
		return
	}
	h.compiled = true
	clear(h.short[:])
	code, place := 0, 0
	for i, count := range h.spec[:16] {
		n := i + 1
		h.offset[n] = int32(place - code)
		for range count {
			if n <= shortBits {
				entry := uint16(n)<<8 | uint16(h.spec[16+place])
				first := code << (shortBits - n)
				for j := range 1 << (shortBits - n) {
					h.short[first+j] = entry
				}
			}
			code++
			place++
		}
		h.limit[n] = uint32(code << (16 - n))
		code <<= 1
	}
}

// symbol decodes the code at the top of w and returns its length; 0 if no code begins so.
func (h *huffman) symbol(w uint64) (symbol byte, n int) {
	if e := h.short[w>>(64-shortBits)]; e != 0 {
		return byte(e), int(e >> 8)
	}
	pattern := uint32(w >> 48)
	for n = shortBits + 1; n <= 16; n++ {
		if pattern < h.limit[n] {
			return h.spec[16+int(int32(pattern>>(16-n))+h.offset[n])], n
		}
	}
	return 0, 0
}

// extend returns the signed value of the n bits at the top of w (T.81 F.2.2.1), n ≤ 16.
func extend(w uint64, n int) int32 {
	v := int32(w >> 1 >> (63 - n))
	negative := ^int32(int64(w) >> 63) // all ones if the top bit is 0
	return v + negative&(-1<<n+1)
}

// A coefEntry answers shortBits bits of AC data: 16 bits of value, a flag for end of block after it, 5 bits of zeros before
// it, 5 bits for how long the value still to be read is (0: it is included), 5 bits for the length of what was read.
// End of block alone has the value 0. An entry of 0 means that the code is longer than shortBits, or none.
type coefEntry uint32

const coefEnd coefEntry = 1 << 15

func (e coefEntry) size() int    { return int(e >> 5 & 31) }
func (e coefEntry) run() int     { return int(e >> 10 & 31) }
func (e coefEntry) value() int32 { return int32(e) >> 16 }

// compileCoef makes coef; ac says that symbol 0 ends a block.
func (h *huffman) compileCoef(ac bool) {
	h.compile()
	if h.hasCoef {
		return
	}
	h.hasCoef = true
	for i := range h.coef {
		h.coef[i] = 0
		s := h.short[i]
		if s == 0 {
			continue
		}
		n, run, size := int(s>>8), int(s>>4&15), int(s&15)
		if h.coef[i] = coefOf(byte(s), n); size > 0 && n+size <= shortBits {
			v := extend(uint64(i)<<(64-shortBits+n), size)
			h.coef[i] = coefEntry(uint32(v)<<16) | coefEntry(run<<10|n+size)
			next, m := h.symbol(uint64(i) << (64 - shortBits + n + size))
			if ac && next == 0 && m > 0 && n+size+m <= shortBits {
				h.coef[i] += coefEnd | coefEntry(m) // the code for end of block is there too
			}
		}
	}
}

// coefOf is the entry of a symbol with a code of n bits whose value is still to be read; 0 for symbols that mean nothing
// in a sequential file.
func coefOf(symbol byte, n int) coefEntry {
	run, size := int(symbol>>4), int(symbol&15)
	switch {
	case symbol == 0:
		return coefEnd | coefEntry(n)
	case size == 0 && run != 15: // end-of-band runs belong to progressive files
		return 0
	}
	return coefEntry(run<<10 | size<<5 | n)
}

// longCoef resolves what coef cannot: codes of more than shortBits, and symbols without what follows. 0 if there is none.
func (h *huffman) longCoef(w uint64) coefEntry {
	symbol, n := h.symbol(w)
	if n == 0 {
		return 0
	}
	return coefOf(symbol, n)
}

// A skipEntry answers skipBits bits of AC data that nobody wants the values of: as many symbols as have their code within
// these bits. The low 6 bits are the length of all that in bits (the values of the last may lie beyond), the rest how many
// coefficients were passed, 0–63, with skipEnd if the last symbol ends the block.
//
// Added to the number of the coefficient before, the upper part says how things stand without another test: below 64 the
// block goes on; from 128 on with bit 6 clear it has ended; with bit 6 set these symbols would lead beyond the block, or
// there was none (skipNone), and [Decoder.passSingly] has to look at them one by one.
type skipEntry uint16

const (
	skipBits           = 12
	skipEnd  skipEntry = 128 << 6
	skipNone skipEntry = 64 << 6
)

// compileSkip makes skip.
func (h *huffman) compileSkip() {
	h.compile()
	if h.hasSkip {
		return
	}
	h.hasSkip = true
	for i := range h.skip {
		h.skip[i] = h.skipEntry(uint64(i) << (64 - skipBits))
	}
}

func (h *huffman) skipEntry(w uint64) skipEntry {
	bits, passed := 0, 0
	for bits < skipBits {
		symbol, n := h.symbol(w << bits)
		if n == 0 || bits+n > skipBits {
			break
		}
		run, size := int(symbol>>4), int(symbol&15)
		if size == 0 && run == 0 {
			return skipEnd | skipEntry(passed<<6|bits+n)
		}
		if size == 0 && run != 15 || passed+run+1 > 63 {
			break
		}
		bits += n + size
		passed += run + 1
	}
	if passed == 0 {
		return skipNone
	}
	return skipEntry(passed<<6 | bits)
}

// tables are the tables that segments define, kept from picture to picture so that equal ones are not compiled again.
type tables struct {
	dc, ac [4]huffman
	quant  [4][64]uint16 // in zigzag order
	known  [4]bool       // which quant this file has defined
}

// reset forgets the definitions, not the compiled tables.
func (t *tables) reset() {
	for i := range 4 {
		t.dc[i].defined, t.ac[i].defined, t.known[i] = false, false, false
	}
}

// defineHuffman takes a DHT body (T.81 B.2.4.2).
func (t *tables) defineHuffman(body []byte) (err error) {
	for len(body) > 0 {
		class, slot := body[0]>>4, body[0]&15
		if class > 1 || slot > 3 || len(body) < 17 {
			return corrupt("Huffman table %02X in %d bytes", body[0], len(body))
		}
		h := &t.dc[slot]
		if class == 1 {
			h = &t.ac[slot]
		}
		if body, err = h.define(body[1:]); err != nil {
			return err
		}
	}
	return nil
}

// defineQuant takes a DQT body (T.81 B.2.4.1).
func (t *tables) defineQuant(body []byte) error {
	for len(body) > 0 {
		precision, slot := int(body[0]>>4), body[0]&15
		n := 64 * (precision + 1)
		if precision > 1 || slot > 3 || len(body) < 1+n {
			return corrupt("quantisation table %02X in %d bytes", body[0], len(body))
		}
		for i := range 64 {
			if precision == 0 {
				t.quant[slot][i] = uint16(body[1+i])
			} else {
				t.quant[slot][i] = uint16(body[1+2*i])<<8 | uint16(body[2+2*i])
			}
		}
		t.known[slot] = true
		body = body[1+n:]
	}
	return nil
}
