package scaledjpeg

import (
	"errors"
	"fmt"
)

// A scan is one SOS: which components, with which tables, in what order.
type scan struct {
	n      int // components
	blocks [10]mcuBlock
	nBlock int // blocks an MCU
	mcusX  int
	mcusY  int
	wholeX int // MCUs whose every sample is inside the picture: those left of wholeX and above wholeY
	wholeY int
	from   int // spectral selection
	to     int
	high   int // successive approximation
	low    int
	eobRun int
}

// mcuBlock is one block of an MCU.
type mcuBlock struct {
	comp   *component
	dc, ac *huffman
	stepX  int // blocks of its plane from an MCU to the next
	stepY  int
	x, y   int    // place within the MCU
	out    []byte // at 1/8: where the run's samples go
}

// readSegments goes through the file until the picture is complete.
func (d *Decoder) readSegments() error {
	d.tables.reset()
	f := &d.file
	for {
		marker, body, err := f.segment()
		if err != nil {
			return err
		}
		switch marker {
		case markerEOI:
			return d.atEnd()
		case markerDHT:
			err = d.tables.defineHuffman(body)
		case markerDQT:
			err = d.tables.defineQuant(body)
		case markerSOS:
			if err = d.readScan(body); err == nil && d.complete() {
				return nil
			}
		default:
			if err = f.headerSegment(marker, body); err == nil && isFrame(marker) {
				err = d.allocate()
			}
		}
		if err != nil {
			return err
		}
	}
}

// complete reports whether no later scan can change the result.
func (d *Decoder) complete() bool {
	for i := range d.file.components {
		if !d.file.comps[i].done {
			return false
		}
	}
	return true
}

// atEnd judges a file whose EOI has come. A progressive file may end at any precision.
func (d *Decoder) atEnd() error {
	if d.file.progressive && d.file.scanned > 0 {
		return nil
	}
	return fmt.Errorf("%w: it ends without all of its scans", ErrTruncated)
}

// allocate checks kind and size against what is supported and allowed, then makes room for the samples, all mid-grey: what a damaged file does
// not say must not show a former picture.
func (d *Decoder) allocate() error {
	f := &d.file
	if f.unsupported != nil {
		return f.unsupported
	}
	if side := max(f.width, f.height); side > d.Limits.side() {
		return fmt.Errorf("%w: %d×%d; no side may exceed %d", ErrTooLarge, f.width, f.height, d.Limits.side())
	}
	if f.width*f.height > d.Limits.pixels() {
		return fmt.Errorf("%w: %d×%d; the limit is %d pixels", ErrTooLarge, f.width, f.height, d.Limits.pixels())
	}
	for i := range f.components {
		c := &f.comps[i]
		c.outWidth, c.outHeight = ceilDiv(c.width, d.scale), ceilDiv(c.height, d.scale)
		c.outStride = c.outWidth
		n := c.outStride * c.outHeight
		if cap(d.memory[i]) < n {
			d.memory[i] = make([]byte, n)
		}
		c.out = d.memory[i][:n]
		fill(c.out, 128)
	}
	if f.progressive {
		d.allocateCoefficients()
	}
	return nil
}

// fill sets all of b, by copying what is already set.
func fill(b []byte, v byte) {
	b[0] = v
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

// readScan reads a scan header (T.81 B.2.3) and its data. Damage to the data is noted in d.damage and is no error here.
func (d *Decoder) readScan(body []byte) error {
	f, s := &d.file, &d.scan
	if f.components == 0 {
		return corrupt("a scan comes before the frame header")
	}
	if len(body) < 6 || body[0] < 1 || int(body[0]) > f.components || len(body) != 4+2*int(body[0]) {
		return corrupt("scan header has %d bytes", len(body))
	}
	*s = scan{n: int(body[0])}
	last := body[len(body)-3:]
	s.from, s.to, s.high, s.low = int(last[0]), int(last[1]), int(last[2]>>4), int(last[2]&15)
	for i := range s.n {
		if err := d.addComponent(body[1+2*i], body[2+2*i]); err != nil {
			return err
		}
	}
	s.geometry(f)
	if f.progressive {
		return d.progressiveScan()
	}
	return d.sequentialScan()
}

// addComponent adds the blocks of one component to the MCU.
func (d *Decoder) addComponent(id, selectors byte) error {
	f, s := &d.file, &d.scan
	for i := range f.components {
		c := &f.comps[i]
		if c.id != id {
			continue
		}
		if selectors>>4 > 3 || selectors&15 > 3 {
			return corrupt("scan selects Huffman tables %02X", selectors)
		}
		for j := range s.nBlock {
			if s.blocks[j].comp == c {
				return corrupt("scan names component %d twice", id)
			}
		}
		b := mcuBlock{comp: c, dc: &d.tables.dc[selectors>>4], ac: &d.tables.ac[selectors&15], stepX: c.h, stepY: c.v}
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

// geometry sets the MCUs of the scan: whole ones when interleaved, single blocks when one component is alone.
func (s *scan) geometry(f *file) {
	s.mcusX, s.mcusY = f.mcusX, f.mcusY
	if s.n == 1 {
		s.mcusX, s.mcusY = s.blocks[0].comp.cols, s.blocks[0].comp.rows
	}
	s.wholeX, s.wholeY = s.mcusX, s.mcusY
	for _, b := range s.blocks[:s.nBlock] {
		s.wholeX = min(s.wholeX, b.comp.width/(8*b.stepX))
		s.wholeY = min(s.wholeY, b.comp.height/(8*b.stepY))
	}
}

// walk runs through the MCUs of the scan, by restart intervals. decode decodes n MCUs of one row from the at-th on and
// returns what is wrong with the data, if anything; then the next interval is looked for.
func (d *Decoder) walk(decode func(d *Decoder, at, n int) error) {
	f, s, r := &d.file, &d.scan, &d.bits
	total := s.mcusX * s.mcusY
	length := f.restart
	if length == 0 {
		length = total
	}
	r.start(f.src, f.pos)
	for i := 0; i*length < total; {
		err := d.interval(decode, i*length, min((i+1)*length, total))
		if d.note(err); errors.Is(err, ErrTruncated) && !f.progressive {
			d.blank(d.stopped / s.mcusX)
		}
		if (i+1)*length >= total {
			break
		}
		lost := resync(r.src, &r.pos, i)
		if lost < 0 {
			d.note(d.endedEarly())
			break
		}
		for ; lost > 0 && (i+1)*length < total; lost-- {
			i++
			d.note(corrupt("restart interval %d is missing", i))
			r.nothing()
			d.interval(decode, i*length, min((i+1)*length, total))
		}
		r.start(r.src, r.pos)
		i++
	}
	f.pos = r.pos
}

// resync goes behind the restart marker that ends the i-th interval, and says how many of the intervals that follow are lost: −1 for all. RSTm
// ends the interval numbered m modulo 8. As in libjpeg, a number that is one or two ahead means that so many intervals were lost,
// one or two behind that the marker is an old one, and any other that the marker itself was damaged.
func resync(src []byte, pos *int, i int) (lost int) {
	for {
		m := nextRestart(src, pos)
		if m < 0 {
			return -1
		}
		switch ahead := (m - i) & 7; ahead {
		case 1, 2:
			return ahead
		case 6, 7: // look for the next
		default:
			return 0
		}
	}
}

// interval decodes the MCUs from at to end.
func (d *Decoder) interval(decode func(d *Decoder, at, n int) error, at, end int) error {
	for i := range d.file.components {
		d.file.comps[i].pred = 0
	}
	d.scan.eobRun = 0
	for at < end {
		n := min(end-at, d.scan.mcusX-at%d.scan.mcusX)
		if err := decode(d, at, n); err != nil {
			d.stopped = at
			return err
		}
		at += n
		d.file.scanned += n
	}
	if d.bits.overrun() {
		d.stopped = max(end-1, 0)
		return d.endedEarly()
	}
	return nil
}

// blank leaves white what follows the row of MCUs in which the file was cut off, and that row, as browsers do: grey would be
// the data's own. Where colour is coarser than brightness they do not draw the last samples above it either, which need those below.
func (d *Decoder) blank(row int) {
	for _, b := range d.scan.blocks[:d.scan.nBlock] {
		c := b.comp
		rows := row * b.stepY * 8
		if d.file.vMax > 1 && row > 0 && d.scan.n > 1 {
			rows -= b.stepY
		}
		if from := min(rows/d.scale, c.outHeight) * c.outStride; from < len(c.out) {
			fill(c.out[from:], d.file.white(c))
		}
	}
}

// white is the sample of a component where nothing is.
func (f *file) white(c *component) byte {
	if f.components > 1 && (f.colours == modelYCbCr || f.colours == modelYCCK) && (c == &f.comps[1] || c == &f.comps[2]) {
		return 128
	}
	return 255
}

// note keeps the first thing that is wrong with the data.
func (d *Decoder) note(err error) {
	if d.damage == nil {
		d.damage = err
	}
}

// endedEarly says why the bits have run out.
func (d *Decoder) endedEarly() error {
	if d.bits.pos >= len(d.bits.src) {
		return fmt.Errorf("%w: the picture data stops", ErrTruncated)
	}
	return corrupt("the picture data stops at marker %02X", d.bits.src[d.bits.pos+1])
}

// finish completes the samples and describes them.
func (d *Decoder) finish() {
	f := &d.file
	if f.progressive {
		d.transformCoefficients()
	}
	if f.uneven {
		for i := range f.components {
			d.level(&f.comps[i])
		}
	}
	y := &f.comps[0]
	d.planes = Planes{
		Width: y.outWidth, Height: y.outHeight, Y: y.out, YStride: y.outStride, Scale: d.scale,
		FullWidth: f.width, FullHeight: f.height, Orientation: f.orientation, SubsampleX: 1, SubsampleY: 1,
	}
	if f.components > 1 {
		cb, cr := &f.comps[1], &f.comps[2]
		p := &d.planes
		p.Cb, p.Cr, p.CStride, p.CWidth, p.CHeight = cb.out, cr.out, cb.outStride, cb.outWidth, cb.outHeight
		if !f.uneven {
			p.SubsampleX, p.SubsampleY = f.hMax/cb.h, f.vMax/cb.v
		}
		d.toYCbCr()
	}
}

// level brings a plane to the size of the finest as libjpeg does: by a slope between two samples, else each sample repeated.
func (d *Decoder) level(c *component) {
	f := &d.file
	width, height := ceilDiv(f.width, d.scale), ceilDiv(f.height, d.scale)
	nx, ny := f.hMax/c.h, f.vMax/c.v
	if nx == 1 && ny == 1 {
		return
	}
	out := make([]byte, width*height)
	sloped := nx <= 2 && ny <= 2 && c.outWidth > 2
	for y := range height {
		to, row := out[y*width:][:width], c.out[min(y/ny, c.outHeight-1)*c.outStride:]
		if !sloped {
			for x := range to {
				to[x] = row[min(x/nx, c.outWidth-1)]
			}
			continue
		}
		near := c.out[nearSample(y, ny, c.outHeight)*c.outStride:]
		for x := range to {
			own, beside := min(x/nx, c.outWidth-1), nearSample(x, nx, c.outWidth)
			to[x] = byte((9*int(row[own]) + 3*int(row[beside]) + 3*int(near[own]) + int(near[beside]) + 8) / 16)
		}
	}
	c.out, c.outWidth, c.outHeight, c.outStride = out, width, height, width
}

// nearSample is the sample beside the one that the x-th pixel is in, on the side that the pixel is on; at factor 1 it is the same.
func nearSample(x, factor, n int) int {
	own := min(x/factor, n-1)
	switch {
	case factor == 1:
		return own
	case x%2 == 0:
		return max(own-1, 0)
	}
	return min(own+1, n-1)
}
