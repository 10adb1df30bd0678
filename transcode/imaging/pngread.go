package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"

	"musubi/transcode/imaging/scaledjpeg"
)

// A pngFile is a PNG [png] whose header has been read. Rows are decoded one at a time (SEC-80), and what browsers
// forgive is forgiven: wrong check sums of chunks that are not critical, and of the picture's data; chunks that nobody
// knows; data that ends early or does not end.
type pngFile struct {
	src           []byte
	width, height int
	depth, colour int // bits of a sample, colour type
	interlaced    bool
	palette       [256][4]byte
	colours       int       // of the palette
	clear         [3]uint16 // the transparent colour
	hasClear      bool
	hasAlpha      bool // some pixel may be transparent
	orientation   int
	data          int // where the first IDAT chunk begins
}

// Colour types [png §11.2.2].
const (
	pngGrey      = 0
	pngRGB       = 2
	pngIndexed   = 3
	pngGreyAlpha = 4
	pngRGBA      = 6
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// readPNG reads what stands before the picture's data.
func readPNG(src []byte) (*pngFile, error) {
	f := &pngFile{src: src, orientation: 1}
	at := len(pngMagic)
	for first := true; ; first = false {
		kind, body, next, whole := pngChunk(src, at)
		switch {
		case kind == "":
			return nil, errors.New("png: it ends before its picture")
		case first && (kind != "IHDR" || !whole):
			return nil, errors.New("png: it does not begin with a sound IHDR chunk")
		case kind == "IHDR":
			if !first {
				return nil, errors.New("png: two IHDR chunks")
			}
			if err := f.header(body); err != nil {
				return nil, err
			}
		case kind == "PLTE":
			if !whole || len(body)%3 != 0 || len(body) == 0 || len(body) > 768 {
				return nil, errors.New("png: bad palette")
			}
			f.colours = len(body) / 3
			for i := range f.colours {
				j := 3 * i
				f.palette[i] = [4]byte{body[j], body[j+1], body[j+2], 255}
			}
		case kind == "tRNS" && whole:
			f.transparency(body)
		case kind == "eXIf" && whole:
			f.orientation = max(scaledjpeg.ExifOrientation(body), 1)
		case kind == "IDAT":
			if f.colour == pngIndexed && f.colours == 0 {
				return nil, errors.New("png: no palette")
			}
			f.data = at
			return f, nil
		case kind == "IEND":
			return nil, errors.New("png: no picture data")
		case kind[0]&0x20 == 0: // critical, so the picture cannot be understood without it [png §5.4]
			return nil, fmt.Errorf("png: unknown critical chunk %q", kind)
		}
		at = next
	}
}

// pngChunk reads the chunk at a place: kind "" at the end of the file. A body that is cut off is returned as far as it
// goes. whole says that it is all there and its check sum is right; for IDAT that is not looked at.
func pngChunk(src []byte, at int) (kind string, body []byte, next int, whole bool) {
	if at+8 > len(src) {
		return "", nil, len(src), false
	}
	n := binary.BigEndian.Uint32(src[at:])
	kind, at = string(src[at+4:at+8]), at+8
	if int64(n)+4 > int64(len(src)-at) {
		return kind, src[at:min(len(src), at+int(min(n, 1<<30)))], len(src), false
	}
	end := at + int(n)
	whole = kind != "IDAT" && crc32.ChecksumIEEE(src[at-4:end]) == binary.BigEndian.Uint32(src[end:])
	return kind, src[at:end], end + 4, whole
}

func (f *pngFile) header(body []byte) error {
	if len(body) != 13 {
		return errors.New("png: bad IHDR chunk")
	}
	w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	f.width, f.height = int(min(w, 1<<31-1)), int(min(h, 1<<31-1))
	if w == 0 || h == 0 || w >= 1<<31 || h >= 1<<31 {
		return fmt.Errorf("png: it has %d×%d pixels", w, h)
	}
	f.depth, f.colour, f.interlaced = int(body[8]), int(body[9]), body[12] == 1
	allowed := map[int]string{pngGrey: "\x01\x02\x04\x08\x10", pngRGB: "\x08\x10", pngIndexed: "\x01\x02\x04\x08",
		pngGreyAlpha: "\x08\x10", pngRGBA: "\x08\x10"}[f.colour]
	for _, d := range []byte(allowed) {
		if d == body[8] {
			f.hasAlpha = f.colour == pngGreyAlpha || f.colour == pngRGBA
			if body[10] != 0 || body[11] != 0 || body[12] > 1 {
				return errors.New("png: unknown compression, filter or interlace method")
			}
			return nil
		}
	}
	return fmt.Errorf("png: colour type %d of %d bits", f.colour, f.depth)
}

// transparency reads tRNS [png §11.3.1]; one that does not suit the colour type is passed over.
func (f *pngFile) transparency(body []byte) {
	switch {
	case f.colour == pngIndexed:
		for i := range min(len(body), f.colours) {
			f.palette[i][3] = body[i]
		}
		f.hasAlpha = true
	case f.colour == pngGrey && len(body) == 2:
		v := binary.BigEndian.Uint16(body)
		f.clear, f.hasClear, f.hasAlpha = [3]uint16{v, v, v}, true, true
	case f.colour == pngRGB && len(body) == 6:
		for i := range f.clear {
			f.clear[i] = binary.BigEndian.Uint16(body[2*i:])
		}
		f.hasClear, f.hasAlpha = true, true
	}
}

// pixelBits is how many bits a pixel takes.
func (f *pngFile) pixelBits() int {
	return f.depth * map[int]int{pngGrey: 1, pngRGB: 3, pngIndexed: 1, pngGreyAlpha: 2, pngRGBA: 4}[f.colour]
}

// adam7 are the passes of an interlaced picture: first column and row, and steps [png §8.2].
var adam7 = [7]struct{ x, y, dx, dy int }{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

// rows decodes the picture into the gathering. After an error what came before it is there.
func (f *pngFile) rows(g *gathering) error {
	idat := &idatReader{src: f.src, next: f.data}
	var head [2]byte
	if _, err := io.ReadFull(idat, head[:]); err != nil {
		return err
	}
	if head[0]&15 != 8 || binary.BigEndian.Uint16(head[:])%31 != 0 {
		return errors.New("png: its data is not a zlib stream")
	}
	data := flate.NewReader(idat) // without zlib's check sum, which comes too late to matter
	defer data.Close()
	if !f.interlaced {
		return f.pass(g, data, 0, 0, 1, 1)
	}
	for _, p := range adam7 {
		if err := f.pass(g, data, p.x, p.y, p.dx, p.dy); err != nil {
			return err
		}
	}
	return nil
}

// pass decodes the rows y0, y0+dy … of columns x0, x0+dx …
func (f *pngFile) pass(g *gathering, data io.Reader, x0, y0, dx, dy int) error {
	n := (f.width - x0 + dx - 1) / dx
	if n <= 0 {
		return nil
	}
	bits := f.pixelBits()
	size, apart := (n*bits+7)/8, (bits+7)/8
	row, above := make([]byte, 1+size), make([]byte, 1+size)
	direct := dx == 1 && bits == 24 && !f.hasAlpha
	var pix []byte
	if !direct {
		pix = make([]byte, 4*n)
	}
	for y := y0; y < f.height; y += dy {
		if _, err := io.ReadFull(data, row); err != nil {
			return fmt.Errorf("png: its data ends in row %d of %d: %w", y, f.height, err)
		}
		if err := unfilter(row, above[1:], apart); err != nil {
			return err
		}
		if direct {
			g.addOpaque(y, row[1:])
		} else {
			f.expand(pix, row[1:])
			g.add(y, x0, dx, pix)
		}
		row, above = above, row
	}
	return nil
}

// unfilter undoes a row's filter [png §9]. apart is how far the same byte of the pixel to the left is.
func unfilter(row, above []byte, apart int) error {
	cur := row[1:]
	above = above[:len(cur)]
	switch row[0] {
	case 0:
	case 1:
		for i := apart; i < len(cur); i++ {
			cur[i] += cur[i-apart]
		}
	case 2:
		for i, v := range above {
			cur[i] += v
		}
	case 3:
		for i := range min(apart, len(cur)) {
			cur[i] += above[i] / 2
		}
		for i := apart; i < len(cur); i++ {
			cur[i] += byte((int(cur[i-apart]) + int(above[i])) / 2)
		}
	case 4:
		for i := range min(apart, len(cur)) {
			cur[i] += above[i]
		}
		for i := apart; i < len(cur); i++ {
			cur[i] += paeth(cur[i-apart], above[i], above[i-apart])
		}
	default:
		return fmt.Errorf("png: filter %d", row[0])
	}
	return nil
}

// paeth picks of left, above and upper left the one nearest to left + above − upper left.
func paeth(a, b, c byte) byte {
	pb := int(a) - int(c)
	pa := int(b) - int(c)
	pc := magnitude(pa + pb)
	pa, pb = magnitude(pa), magnitude(pb)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// expand makes red, green, blue and alpha of a row.
func (f *pngFile) expand(pix, row []byte) {
	switch {
	case f.depth < 8 || f.colour == pngIndexed:
		f.expandPacked(pix, row)
	case f.depth == 8:
		f.expandBytes(pix, row)
	default:
		f.expandWords(pix, row)
	}
}

// expandPacked expands samples of 1, 2, 4 or 8 bits that are greys or places in the palette. A place that the palette
// lacks is its last colour, as in chromium.
func (f *pngFile) expandPacked(pix, row []byte) {
	most := byte(1<<f.depth - 1)
	for i := range len(pix) / 4 {
		bit := i * f.depth
		v := row[bit>>3] >> (8 - f.depth - bit&7) & most
		if f.colour == pngIndexed {
			p := f.palette[min(int(v), f.colours-1)]
			copy(pix[4*i:], p[:])
			continue
		}
		alpha := byte(255)
		if f.hasClear && uint16(v) == f.clear[0] {
			alpha = 0
		}
		v *= 255 / most
		pix[4*i], pix[4*i+1], pix[4*i+2], pix[4*i+3] = v, v, v, alpha
	}
}

// expandBytes expands samples of a byte.
func (f *pngFile) expandBytes(pix, row []byte) {
	switch f.colour {
	case pngRGBA:
		copy(pix, row)
	case pngGreyAlpha:
		for ; len(pix) >= 4 && len(row) >= 2; pix, row = pix[4:], row[2:] {
			pix[0], pix[1], pix[2], pix[3] = row[0], row[0], row[0], row[1]
		}
	case pngGrey:
		for i, v := range row {
			pix[4*i], pix[4*i+1], pix[4*i+2], pix[4*i+3] = v, v, v, 255
			if f.hasClear && uint16(v) == f.clear[0] {
				pix[4*i+3] = 0
			}
		}
	case pngRGB:
		for ; len(pix) >= 4 && len(row) >= 3; pix, row = pix[4:], row[3:] {
			pix[0], pix[1], pix[2], pix[3] = row[0], row[1], row[2], 255
			if f.hasClear && uint16(row[0]) == f.clear[0] && uint16(row[1]) == f.clear[1] && uint16(row[2]) == f.clear[2] {
				pix[3] = 0
			}
		}
	}
}

// expandWords expands samples of two bytes, of which the first is what a screen shows.
func (f *pngFile) expandWords(pix, row []byte) {
	n := f.pixelBits() / 8
	for ; len(pix) >= 4 && len(row) >= n; pix, row = pix[4:], row[n:] {
		pix[0], pix[1], pix[2], pix[3] = row[0], row[0], row[0], 255
		if f.colour == pngRGB || f.colour == pngRGBA {
			pix[1], pix[2] = row[2], row[4]
		}
		switch {
		case f.colour == pngGreyAlpha:
			pix[3] = row[2]
		case f.colour == pngRGBA:
			pix[3] = row[6]
		case f.hasClear && f.isClear(row):
			pix[3] = 0
		}
	}
}

// isClear compares a pixel of two-byte samples with the transparent colour.
func (f *pngFile) isClear(row []byte) bool {
	if f.colour == pngGrey {
		return binary.BigEndian.Uint16(row) == f.clear[0]
	}
	for i, v := range f.clear {
		if binary.BigEndian.Uint16(row[2*i:]) != v {
			return false
		}
	}
	return true
}

// An idatReader reads the bodies of the IDAT chunks as one stream. flate takes single bytes of it, so that it needs no
// buffer of its own.
type idatReader struct {
	src  []byte
	body []byte
	next int // where the next chunk begins
}

// fill finds the next chunk that has data.
func (r *idatReader) fill() error {
	for len(r.body) == 0 {
		kind, body, next, _ := pngChunk(r.src, r.next)
		if kind != "IDAT" {
			return io.ErrUnexpectedEOF
		}
		r.body, r.next = body, next
	}
	return nil
}

func (r *idatReader) Read(p []byte) (int, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(p, r.body)
	r.body = r.body[n:]
	return n, nil
}

func (r *idatReader) ReadByte() (byte, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	b := r.body[0]
	r.body = r.body[1:]
	return b, nil
}
