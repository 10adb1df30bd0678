package scaledjpeg

import (
	"encoding/binary"
	"fmt"
)

// Arithmetic coding (T.81 annexes D and F.2.4, G.2) was patented and is rare, but browsers show it. A file of it is not decoded here: its coefficients
// are written anew in Huffman codes, and the file that results goes the way of all others.

// Huffman returns a baseline file with the coefficients of an arithmetic-coded one, sequential or progressive. What is missing of
// the picture data is left zero, which is mid-grey. It holds two bytes for each sample at full size.
func Huffman(src []byte) ([]byte, error) {
	t := &transcoder{file: newFile(src), reader: arithReader{src: src}}
	for i := range t.upper {
		t.upper[i], t.order[i] = 1, 5
	}
	err := t.read()
	if t.scans == 0 {
		if err == nil {
			err = corrupt("no picture data")
		}
		return nil, err
	}
	return t.write(), nil
}

// A transcoder holds one file's coefficients and the state of its coder.
type transcoder struct {
	file   file
	tables [][]byte // DQT and application segments, as they come
	coefs  [4][]int16
	scans  int
	visits int

	scan    scan
	choice  [4]arithChoice // by component
	reader  arithReader
	dc      [16][64]uint8
	ac      [16][256]uint8
	fixed   uint8
	pred    [4]int32
	context [4]int
	lower   [16]uint8 // conditioning of DC: bounds of small and of large differences
	upper   [16]uint8
	order   [16]uint8 // of AC: up to here low frequencies
	bad     bool      // a code that cannot be: the rest of the interval is left
}

// arithChoice is which statistics a component uses.
type arithChoice struct{ dc, ac int }

// isArithmetic: sequential or progressive, not lossless or hierarchical.
func isArithmetic(marker byte) bool { return marker == markerSOF9 || marker == markerSOF10 }

func (t *transcoder) read() error {
	f := &t.file
	for {
		marker, body, err := f.segment()
		if err != nil {
			return err
		}
		switch {
		case marker == markerEOI:
			return nil
		case marker == markerDAC:
			t.condition(body)
		case marker == markerDQT, marker >= markerAPP0 && marker <= 0xEF:
			t.tables = append(t.tables, f.src[f.pos-len(body)-4:f.pos])
		case marker == markerSOS:
			if err := t.readScan(body); err != nil {
				return err
			}
			t.scans++
		}
		if err := f.headerSegment(marker, body); err != nil {
			return err
		}
		if isFrame(marker) {
			if err := t.allocate(); err != nil {
				return err
			}
		}
	}
}

// condition takes in a DAC segment.
func (t *transcoder) condition(body []byte) {
	for ; len(body) >= 2; body = body[2:] {
		if i, v := body[0]&15, body[1]; body[0]>>4 == 1 {
			t.order[i] = v
		} else {
			t.lower[i], t.upper[i] = v&15, v>>4
		}
	}
}

func (t *transcoder) allocate() error {
	f := &t.file
	if !f.arithmetic || f.width*f.height > (Limits{}).pixels() {
		return unsupported("another kind of file")
	}
	for i := range f.components {
		c := &f.comps[i]
		t.coefs[i] = make([]int16, 64*c.stride*f.mcusY*c.v)
	}
	return nil
}

// readScan reads one scan, by restart intervals.
func (t *transcoder) readScan(body []byte) error {
	f, s := &t.file, &t.scan
	if f.components == 0 || len(body) < 6 || body[0] < 1 || int(body[0]) > f.components || len(body) != 4+2*int(body[0]) {
		return corrupt("scan header has %d bytes", len(body))
	}
	last := body[len(body)-3:]
	*s = scan{n: int(body[0]), from: int(last[0]), to: int(last[1]), high: int(last[2] >> 4), low: int(last[2] & 15)}
	for i := range s.n {
		if err := t.addComponent(body[1+2*i], body[2+2*i]); err != nil {
			return err
		}
	}
	s.geometry(f)
	switch {
	case !f.progressive:
		s.from, s.to, s.high, s.low = 0, 63, 0, 0
	case s.from == 0 && s.to != 0 || s.from > s.to || s.to > 63 || s.from > 0 && s.n > 1 || s.low > 13:
		return corrupt("scan of coefficients %d to %d", s.from, s.to)
	}
	total := 0
	for _, c := range t.coefs {
		total += len(c) / 64
	}
	if t.visits += s.mcusX * s.mcusY * s.nBlock; t.visits > maxVisits*total {
		return fmt.Errorf("%w: its scans go through it more than %d times", ErrTooLarge, maxVisits)
	}
	t.walk()
	return nil
}

// addComponent is Decoder.addComponent without tables.
func (t *transcoder) addComponent(id, selectors byte) error {
	f, s := &t.file, &t.scan
	for i := range f.components {
		c := &f.comps[i]
		if c.id != id {
			continue
		}
		t.choice[i] = arithChoice{int(selectors >> 4), int(selectors & 15)}
		b := mcuBlock{comp: c, stepX: c.h, stepY: c.v}
		if s.n == 1 {
			b.stepX, b.stepY = 1, 1
		}
		if s.nBlock+b.stepX*b.stepY > len(s.blocks) {
			return corrupt("an MCU has more than 10 blocks")
		}
		for b.y = 0; b.y < b.stepY; b.y++ {
			for b.x = 0; b.x < b.stepX; b.x++ {
				s.blocks[s.nBlock] = b
				s.nBlock++
			}
		}
		return nil
	}
	return corrupt("scan names component %d, which the frame does not", id)
}

// walk runs through the MCUs of the scan. Lost restart intervals are resynchronised as in [Decoder.walk].
func (t *transcoder) walk() {
	f, s := &t.file, &t.scan
	total := s.mcusX * s.mcusY
	length := f.restart
	if length == 0 {
		length = total
	}
	t.reader.start(f.pos)
	for i, lost := 0, 0; i*length < total; i++ {
		if lost == 0 {
			t.restart()
			for at := i * length; at < min((i+1)*length, total) && !t.bad; at++ {
				t.mcu(at%s.mcusX, at/s.mcusX)
			}
		}
		if (i+1)*length >= total {
			break
		}
		if lost > 0 {
			lost--
			continue
		}
		if lost = resync(f.src, &t.reader.pos, i); lost < 0 {
			break
		}
		t.reader.start(t.reader.pos)
	}
	f.pos = t.reader.pos
}

// restart forgets all statistics.
func (t *transcoder) restart() {
	clear(t.dc[:])
	clear(t.ac[:])
	t.pred, t.context, t.fixed, t.bad = [4]int32{}, [4]int{}, 113, false
}

func (t *transcoder) mcu(x, y int) {
	s := &t.scan
	for i := range s.blocks[:s.nBlock] {
		b := &s.blocks[i]
		n := 0
		for &t.file.comps[n] != b.comp {
			n++
		}
		block := (*[64]int16)(t.coefs[n][64*b.index(x, y):])
		switch {
		case s.from == 0 && s.high > 0:
			if t.reader.bit(&t.fixed) {
				block[0] |= 1 << s.low
			}
			continue
		case s.from == 0:
			t.readDC(n)
			block[0] = int16(t.pred[n] << s.low)
		case s.high > 0:
			t.refineAC(block, n)
			continue
		}
		if s.to > 0 && !t.bad {
			t.readAC(block, n)
		}
		if t.bad {
			return
		}
	}
}

// readDC adds a difference to the prediction of a component (T.81 figure F.19 and following).
func (t *transcoder) readDC(n int) {
	r, table := &t.reader, t.choice[n].dc
	stats := &t.dc[table]
	at := t.context[n]
	if !r.bit(&stats[at]) {
		t.context[n] = 0
		return
	}
	sign := 0
	if r.bit(&stats[at+1]) {
		sign = 1
	}
	at += 2 + sign
	m := 0
	if r.bit(&stats[at]) {
		m, at = 1, 20
		for r.bit(&stats[at]) {
			if m <<= 1; m == 0x8000 {
				t.bad = true
				return
			}
			at++
		}
	}
	switch {
	case m < 1<<t.lower[table]>>1:
		t.context[n] = 0
	case m > 1<<t.upper[table]>>1:
		t.context[n] = 12 + 4*sign
	default:
		t.context[n] = 4 + 4*sign
	}
	t.pred[n] = int32(int16(t.pred[n] + int32(t.magnitude(stats[:], at+14, m, sign == 1))))
}

// magnitude reads the bits below the highest and gives the value its sign.
func (t *transcoder) magnitude(stats []uint8, at, m int, negative bool) int {
	v := m
	for m >>= 1; m > 0; m >>= 1 {
		if t.reader.bit(&stats[at]) {
			v |= m
		}
	}
	if v++; negative {
		return -v
	}
	return v
}

// readAC reads a band of coefficients down to bit low.
func (t *transcoder) readAC(block *[64]int16, n int) {
	r, s, table := &t.reader, &t.scan, t.choice[n].ac
	stats := &t.ac[table]
	for k := max(s.from, 1); k <= s.to; k++ {
		at := 3 * (k - 1)
		if r.bit(&stats[at]) {
			return
		}
		for !r.bit(&stats[at+1]) {
			at += 3
			if k++; k > s.to {
				t.bad = true
				return
			}
		}
		negative := r.bit(&t.fixed)
		at += 2
		m := 0
		if r.bit(&stats[at]) {
			if m = 1; r.bit(&stats[at]) {
				m, at = 2, 217
				if k <= int(t.order[table]) {
					at = 189
				}
				for r.bit(&stats[at]) {
					if m <<= 1; m == 0x8000 {
						t.bad = true
						return
					}
					at++
				}
			}
		}
		block[k] = int16(t.magnitude(stats[:], at+14, m, negative) << s.low)
	}
}

// refineAC adds bit low to a band.
func (t *transcoder) refineAC(block *[64]int16, n int) {
	r, s := &t.reader, &t.scan
	stats := &t.ac[t.choice[n].ac]
	end := s.to
	for end > 0 && block[end] == 0 {
		end--
	}
	for k := s.from; k <= s.to; k++ {
		at := 3 * (k - 1)
		if k > end && r.bit(&stats[at]) {
			return
		}
		for {
			if v := block[k]; v != 0 {
				if r.bit(&stats[at+2]) {
					if v < 0 {
						block[k] -= 1 << s.low
					} else {
						block[k] += 1 << s.low
					}
				}
				break
			}
			if r.bit(&stats[at+1]) {
				if block[k] = 1 << s.low; r.bit(&t.fixed) {
					block[k] = -1 << s.low
				}
				break
			}
			at += 3
			if k++; k > s.to {
				t.bad = true
				return
			}
		}
	}
}

// arithReader is the arithmetic decoder of T.81 annex D, as libjpeg has it: bytes are taken in when they are needed, and after a
// marker zeros follow.
type arithReader struct {
	src   []byte
	pos   int
	ended bool
	c     uint64
	a     uint64
	count int
}

func (r *arithReader) start(pos int) { *r = arithReader{src: r.src, pos: pos, count: -16} }

func (r *arithReader) next() uint64 {
	if r.ended || r.pos >= len(r.src) {
		r.ended = true
		return 0
	}
	v := r.src[r.pos]
	if v != 0xFF {
		r.pos++
		return uint64(v)
	}
	at := r.pos + 1
	for at < len(r.src) && r.src[at] == 0xFF {
		at++
	}
	if at >= len(r.src) || r.src[at] != 0 {
		r.ended = true // pos stays at the marker
		return 0
	}
	r.pos = at + 1
	return 0xFF
}

// bit decodes one decision with the statistics of a place: the state's number, and above it the more probable value.
func (r *arithReader) bit(stat *uint8) bool {
	for r.a < 0x8000 {
		if r.count--; r.count < 0 {
			r.c = r.c<<8 | r.next()
			if r.count += 8; r.count < 0 {
				if r.count++; r.count == 0 {
					r.a = 0x8000 // two bytes are there: begin
				}
			}
		}
		r.a <<= 1
	}
	v := *stat
	e := arithStates[v&0x7F]
	qe, likely, less := uint64(e.qe), v&0x80|e.likely, v&0x80^(e.turn<<7)|e.less
	r.a -= qe
	edge := r.a << r.count
	switch {
	case r.c >= edge:
		r.c -= edge
		if r.a < qe {
			*stat = likely
		} else {
			*stat, v = less, v^0x80
		}
		r.a = qe
	case r.a < 0x8000:
		if r.a < qe {
			*stat, v = less, v^0x80
		} else {
			*stat = likely
		}
	}
	return v>>7 == 1
}

// arithStates is T.81 table D.3: the size of the less probable part, the states that follow it and the more probable, and whether
// the two change places. The last never moves: a half.
var arithStates = [128]struct {
	qe                 uint16
	less, likely, turn uint8
}{
	{0x5A1D, 1, 1, 1}, {0x2586, 14, 2, 0}, {0x1114, 16, 3, 0}, {0x080B, 18, 4, 0}, {0x03D8, 20, 5, 0}, {0x01DA, 23, 6, 0}, {0x00E5, 25, 7, 0}, {0x006F, 28, 8, 0},
	{0x0036, 30, 9, 0}, {0x001A, 33, 10, 0}, {0x000D, 35, 11, 0}, {0x0006, 9, 12, 0}, {0x0003, 10, 13, 0}, {0x0001, 12, 13, 0}, {0x5A7F, 15, 15, 1}, {0x3F25, 36, 16, 0},
	{0x2CF2, 38, 17, 0}, {0x207C, 39, 18, 0}, {0x17B9, 40, 19, 0}, {0x1182, 42, 20, 0}, {0x0CEF, 43, 21, 0}, {0x09A1, 45, 22, 0}, {0x072F, 46, 23, 0}, {0x055C, 48, 24, 0},
	{0x0406, 49, 25, 0}, {0x0303, 51, 26, 0}, {0x0240, 52, 27, 0}, {0x01B1, 54, 28, 0}, {0x0144, 56, 29, 0}, {0x00F5, 57, 30, 0}, {0x00B7, 59, 31, 0}, {0x008A, 60, 32, 0},
	{0x0068, 62, 33, 0}, {0x004E, 63, 34, 0}, {0x003B, 32, 35, 0}, {0x002C, 33, 9, 0}, {0x5AE1, 37, 37, 1}, {0x484C, 64, 38, 0}, {0x3A0D, 65, 39, 0}, {0x2EF1, 67, 40, 0},
	{0x261F, 68, 41, 0}, {0x1F33, 69, 42, 0}, {0x19A8, 70, 43, 0}, {0x1518, 72, 44, 0}, {0x1177, 73, 45, 0}, {0x0E74, 74, 46, 0}, {0x0BFB, 75, 47, 0}, {0x09F8, 77, 48, 0},
	{0x0861, 78, 49, 0}, {0x0706, 79, 50, 0}, {0x05CD, 48, 51, 0}, {0x04DE, 50, 52, 0}, {0x040F, 50, 53, 0}, {0x0363, 51, 54, 0}, {0x02D4, 52, 55, 0}, {0x025C, 53, 56, 0},
	{0x01F8, 54, 57, 0}, {0x01A4, 55, 58, 0}, {0x0160, 56, 59, 0}, {0x0125, 57, 60, 0}, {0x00F6, 58, 61, 0}, {0x00CB, 59, 62, 0}, {0x00AB, 61, 63, 0}, {0x008F, 61, 32, 0},
	{0x5B12, 65, 65, 1}, {0x4D04, 80, 66, 0}, {0x412C, 81, 67, 0}, {0x37D8, 82, 68, 0}, {0x2FE8, 83, 69, 0}, {0x293C, 84, 70, 0}, {0x2379, 86, 71, 0}, {0x1EDF, 87, 72, 0},
	{0x1AA9, 87, 73, 0}, {0x174E, 72, 74, 0}, {0x1424, 72, 75, 0}, {0x119C, 74, 76, 0}, {0x0F6B, 74, 77, 0}, {0x0D51, 75, 78, 0}, {0x0BB6, 77, 79, 0}, {0x0A40, 77, 48, 0},
	{0x5832, 80, 81, 1}, {0x4D1C, 88, 82, 0}, {0x438E, 89, 83, 0}, {0x3BDD, 90, 84, 0}, {0x34EE, 91, 85, 0}, {0x2EAE, 92, 86, 0}, {0x299A, 93, 87, 0}, {0x2516, 86, 71, 0},
	{0x5570, 88, 89, 1}, {0x4CA9, 95, 90, 0}, {0x44D9, 96, 91, 0}, {0x3E22, 97, 92, 0}, {0x3824, 99, 93, 0}, {0x32B4, 99, 94, 0}, {0x2E17, 93, 86, 0}, {0x56A8, 95, 96, 1},
	{0x4F46, 101, 97, 0}, {0x47E5, 102, 98, 0}, {0x41CF, 103, 99, 0}, {0x3C3D, 104, 100, 0}, {0x375E, 99, 93, 0}, {0x5231, 105, 102, 0}, {0x4C0F, 106, 103, 0}, {0x4639, 107, 104, 0},
	{0x415E, 103, 99, 0}, {0x5627, 105, 106, 1}, {0x50E7, 108, 107, 0}, {0x4B85, 109, 103, 0}, {0x5597, 110, 109, 0}, {0x504F, 111, 107, 0}, {0x5A10, 110, 111, 1}, {0x5522, 112, 109, 0},
	{0x59EB, 112, 111, 1},
	{0x5A1D, 113, 113, 0},
}

// write writes the file anew: all that describes it, and a scan for each component.
func (t *transcoder) write() []byte {
	f := &t.file
	out := []byte{0xFF, markerSOI}
	for _, s := range t.tables {
		out = append(out, s...)
	}
	out = append(out, 0xFF, markerSOF1, 0, byte(8+3*f.components), 8)
	out = binary.BigEndian.AppendUint16(out, uint16(f.height))
	out = binary.BigEndian.AppendUint16(out, uint16(f.width))
	out = append(out, byte(f.components))
	for _, c := range f.comps[:f.components] {
		out = append(out, c.id, byte(c.h<<4|c.v), c.quant)
	}
	out = append(out, plainTables...)
	for i, c := range f.comps[:f.components] {
		out = append(out, 0xFF, markerSOS, 0, 8, 1, c.id, 0, 0, 63, 0)
		w := plainWriter{out: out}
		w.component(&c, t.coefs[i])
		out = w.out
	}
	return append(out, 0xFF, markerEOI)
}

// plainTables are Huffman tables with codes of one length: five bits for the sizes of DC, nine for runs and sizes of AC.
var plainTables = func() []byte {
	b := []byte{0xFF, markerDHT, 0, 2 + 17 + 16 + 17 + 242>>8, 0}
	b = append(b, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	for i := range 16 {
		b = append(b, byte(i))
	}
	b = append(b, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 242, 0, 0, 0, 0, 0, 0, 0)
	b = append(b, 0x00, 0xF0)
	for run := range 16 {
		for size := 1; size < 16; size++ {
			b = append(b, byte(run<<4|size))
		}
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-2))
	return b
}()

// A plainWriter writes the codes of plainTables.
type plainWriter struct {
	out  []byte
	acc  uint64
	have uint
}

func (w *plainWriter) put(v uint32, n uint) {
	w.acc = w.acc<<n | uint64(v)&(1<<n-1)
	for w.have += n; w.have >= 8; {
		w.have -= 8
		b := byte(w.acc >> w.have)
		if w.out = append(w.out, b); b == 0xFF {
			w.out = append(w.out, 0)
		}
	}
}

// value writes what follows a size: the number, or for a negative one its complement.
func (w *plainWriter) value(v int32, size uint) {
	if v < 0 {
		v--
	}
	w.put(uint32(v), size)
}

func sizeOf(v int32) (n uint) {
	for v = max(v, -v); v > 0; v >>= 1 {
		n++
	}
	return n
}

// component writes the scan of one component.
func (w *plainWriter) component(c *component, coefs []int16) {
	pred := int32(0)
	for y := range c.rows {
		for x := range c.cols {
			block := (*[64]int16)(coefs[64*(y*c.stride+x):])
			diff := min(max(int32(block[0])-pred, -0x7FFF), 0x7FFF)
			pred += diff
			size := sizeOf(diff)
			w.put(uint32(size), 5)
			w.value(diff, size)
			w.bands(block)
		}
	}
	if w.have > 0 {
		w.put(0x7F, 8-w.have)
	}
}

func (w *plainWriter) bands(block *[64]int16) {
	run := 0
	for _, v := range block[1:] {
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.put(1, 9) // sixteen zeros
		}
		v := max(int32(v), -0x7FFF)
		size := sizeOf(v)
		w.put(uint32(2+run*15)+uint32(size)-1, 9)
		w.value(v, size)
		run = 0
	}
	if run > 0 {
		w.put(0, 9)
	}
}
