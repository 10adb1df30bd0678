package jpegenc

import (
	"errors"
	"math/bits"
)

// A Plane is one component's samples, 0 … 255, rows Stride bytes apart.
type Plane struct {
	Pix                   []byte
	Width, Height, Stride int
}

// ErrPlanes means that the planes do not make a picture this package writes.
var ErrPlanes = errors.New("jpegenc: want one plane, or three of which the last two have all or half the size of the first, of 1 to 65535 pixels a side")

// An Encoder holds one picture's coefficients and the buffers to write it. The zero value is ready for Set; buffers
// are reused by the next Set. Not for concurrent use.
type Encoder struct {
	width, height int
	components    int     // 1 or 3
	sampling      int     // luma blocks per MCU and direction: 1 or 2
	coef          []int16 // 64 per block in zigzag order, blocks in the order of the scan
	quant         quantiser
	quality       float64 // that tokens and tables are of; 0: none
	tokens        []token
	tables        [4]table // luma DC, luma AC, chroma DC, chroma AC
	bits          int      // of all tokens
}

// A token is a Huffman symbol and its extra bits: table in bits 24–25, symbol in bits 16–23, extra bits below.
type token uint32

// Set transforms a picture: one plane is grey; three are Y, Cb, Cr (full range BT.601, as JFIF has it) with chroma of
// the same size, or halved in both directions and rounded up. The planes are not kept.
func (e *Encoder) Set(planes []Plane) error {
	if len(planes) != 1 && len(planes) != 3 {
		return ErrPlanes
	}
	w, h := planes[0].Width, planes[0].Height
	if w < 1 || h < 1 || w > 65535 || h > 65535 {
		return ErrPlanes
	}
	e.width, e.height, e.components, e.sampling, e.quality = w, h, len(planes), 1, 0
	if len(planes) == 3 {
		cw, ch := planes[1].Width, planes[1].Height
		switch {
		case planes[2].Width != cw || planes[2].Height != ch:
			return ErrPlanes
		case cw == w && ch == h:
		case cw == (w+1)/2 && ch == (h+1)/2:
			e.sampling = 2
		default:
			return ErrPlanes
		}
	}
	e.coef = e.coef[:0]
	side := 8 * e.sampling
	for y := 0; y < h; y += side {
		for x := 0; x < w; x += side {
			for by := y; by < y+side; by += 8 {
				for bx := x; bx < x+side; bx += 8 {
					e.add(&planes[0], bx, by)
				}
			}
			for i := 1; i < e.components; i++ {
				e.add(&planes[i], x/e.sampling, y/e.sampling)
			}
		}
	}
	return nil
}

// add appends the coefficients of the block at (x, y). Samples outside the plane repeat its edge.
func (e *Encoder) add(p *Plane, x, y int) {
	var b [64]int32
	if x+8 <= p.Width && y+8 <= p.Height {
		for r := range 8 {
			at := (y+r)*p.Stride + x
			row := p.Pix[at : at+8 : at+8]
			for i, v := range row {
				b[8*r+i] = int32(v)
			}
		}
	} else {
		for i := range b {
			b[i] = int32(p.Pix[min(y+i>>3, p.Height-1)*p.Stride+min(x+i&7, p.Width-1)])
		}
	}
	forward(&b)
	var c [64]int16
	for i, z := range zigzag {
		c[i] = int16(b[z])
	}
	e.coef = append(e.coef, c[:]...)
}

// Size returns about how many bytes the picture takes at a quality of 1 … 100, exact but for the stuffing bytes,
// which are estimated. It costs a quantising pass.
func (e *Encoder) Size(quality float64, comment string) int {
	e.prepare(quality)
	data := (e.bits + 7) / 8
	return e.headSize(comment) + data + data/200 + 2
}

// Append writes the picture to dst as a JPEG file and returns the extended slice. A comment that is not empty goes
// into a COM marker; it must be shorter than 65,533 bytes.
func (e *Encoder) Append(dst []byte, quality float64, comment string) []byte {
	e.prepare(quality)
	dst = e.appendHead(dst, comment)
	dst = e.appendScan(dst)
	return append(dst, 0xff, 0xd9)
}

// prepare quantises, finds the tokens and makes the Huffman tables for them.
func (e *Encoder) prepare(quality float64) {
	if e.quality == quality {
		return
	}
	e.quality = quality
	e.quant.set(quality)
	for i := range e.tables {
		e.tables[i].count = [256]uint32{}
	}
	e.tokens = e.tokens[:0]
	var last [3]int32
	perMCU := e.sampling*e.sampling + e.components - 1
	for at, k := 0, 0; at < len(e.coef); at += 64 {
		component := max(0, k-e.sampling*e.sampling+1)
		e.block((*[64]int16)(e.coef[at:at+64]), component, &last[component])
		if k++; k == perMCU {
			k = 0
		}
	}
	e.bits = 0
	for i := range 2 * min(2, e.components) {
		e.bits += e.tables[i].build()
	}
}

// block appends the tokens of one block.
func (e *Encoder) block(c *[64]int16, component int, last *int32) {
	class := min(component, 1)
	div := &e.quant.div[class]
	dc := div[0].value(int32(c[0]))
	e.emit(2*class, 0, dc-*last)
	*last = dc
	run := 0
	for i := 1; i < 64; i++ {
		v, d := int32(c[i]), &div[i]
		if v < d.low && v > -d.low {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			e.emit(2*class+1, 0xf0, 0)
		}
		e.emit(2*class+1, run<<4, d.value(v))
		run = 0
	}
	if run > 0 {
		e.emit(2*class+1, 0, 0)
	}
}

// emit appends and counts one token: the symbol is high plus the number of bits v needs.
func (e *Encoder) emit(table, high int, v int32) {
	magnitude, extra := v, v
	if v < 0 {
		magnitude, extra = -v, v-1
	}
	n := bits.Len32(uint32(magnitude))
	symbol := high | n
	e.tables[table].count[symbol]++
	e.tokens = append(e.tokens, token(table<<24|symbol<<16|int(extra)&(1<<n-1)))
}
