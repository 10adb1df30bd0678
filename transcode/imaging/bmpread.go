package imaging

import (
	"encoding/binary"
	"errors"
	"image"
	"math/bits"
)

// A bitmap is a Windows or OS/2 bitmap, alone or in an icon, as far as its header says [bmp]. It is read the way browsers do: what is
// not there stays transparent, and colours that the palette has not are black.
type bitmap struct {
	width, height int
	topDown       bool
	depth         int // bits of a pixel
	compression   uint32
	masks         [4]uint32 // red, green, blue, alpha
	palette       [][3]byte
	pixels        []byte // all that follows
	icon          bool   // a mask follows, and the alpha of 32 bits counts
}

// Kinds of compression.
const (
	bmpPlain = iota
	bmpRLE8
	bmpRLE4
	bmpFields
	bmpAlphaFields = 6
)

// readBitmap reads a bitmap from its info header on. start is where the pixels begin, counted from there; 0: behind the palette.
func readBitmap(b []byte, start int, icon bool) (*bitmap, error) {
	le := binary.LittleEndian
	if len(b) < 16 {
		return nil, errors.New("bmp: it ends in its header")
	}
	size := int(le.Uint32(b))
	m := &bitmap{icon: icon}
	colours, entry := 0, 4
	switch {
	case size == 12:
		m.width, m.height, m.depth, entry = int(le.Uint16(b[4:])), int(int16(le.Uint16(b[6:]))), int(le.Uint16(b[10:])), 3
	case size >= 16 && size <= 124 && len(b) >= size:
		m.width, m.height, m.depth = int(int32(le.Uint32(b[4:]))), int(int32(le.Uint32(b[8:]))), int(le.Uint16(b[14:]))
		if size >= 40 {
			m.compression, colours = le.Uint32(b[16:]), int(min(le.Uint32(b[32:]), 1<<16))
		}
	default:
		return nil, errors.New("bmp: an unknown kind of header")
	}
	if m.height < 0 {
		m.height, m.topDown = -m.height, true
	}
	if icon {
		m.height /= 2 // the mask counts
	}
	at := m.readMasks(b, size)
	if err := m.check(); err != nil {
		return nil, err
	}
	if m.depth <= 8 {
		if colours == 0 || colours > 1<<m.depth {
			colours = 1 << m.depth
		}
		for range colours {
			if at+3 > len(b) || start > 0 && at+entry > start {
				break
			}
			m.palette = append(m.palette, [3]byte{b[at+2], b[at+1], b[at]})
			at += entry
		}
	} else {
		at += colours * entry
	}
	if start > 0 {
		at = start
	}
	m.pixels = b[min(max(at, 0), len(b)):]
	return m, nil
}

// readMasks reads which bits of a pixel are which colour, and returns where the header ends.
func (m *bitmap) readMasks(b []byte, size int) int {
	le := binary.LittleEndian
	switch m.depth {
	case 16:
		m.masks = [4]uint32{0x7C00, 0x3E0, 0x1F}
	case 32:
		if m.masks = [4]uint32{0xFF0000, 0xFF00, 0xFF}; m.icon {
			m.masks[3] = 0xFF000000
		}
	}
	if m.compression != bmpFields && m.compression != bmpAlphaFields {
		return size
	}
	n := 3
	if size >= 56 || m.compression == bmpAlphaFields {
		n = 4
	}
	for i := range n {
		if 40+4*i+4 <= len(b) {
			m.masks[i] = le.Uint32(b[40+4*i:])
		}
	}
	return max(size, 40+4*n)
}

func (m *bitmap) check() error {
	switch m.depth {
	case 1, 4, 8, 16, 24, 32:
	default:
		return errors.New("bmp: an unknown number of bits")
	}
	switch rle8, rle4 := m.compression == bmpRLE8, m.compression == bmpRLE4; {
	case rle8 && m.depth == 8, rle4 && m.depth == 4, m.compression == bmpPlain:
	case (m.compression == bmpFields || m.compression == bmpAlphaFields) && (m.depth == 16 || m.depth == 32):
	default:
		return errors.New("bmp: an unknown compression")
	}
	if m.width < 1 || m.height < 1 || m.width > maxSide || m.height > maxSide {
		return errors.New("bmp: it has no size that can be shown")
	}
	return nil
}

// decode returns the pixels, as many as there are.
func (m *bitmap) decode() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, m.width, m.height))
	if m.compression == bmpRLE8 || m.compression == bmpRLE4 {
		m.unpack(img)
		return img
	}
	stride := (m.width*m.depth + 31) / 32 * 4
	rest := m.pixels
	for y := range m.height {
		line := rest[:min(stride, len(rest))]
		rest = rest[len(line):]
		whole := (m.width*m.depth + 7) / 8
		if len(line) < whole {
			break
		}
		m.row(img.Pix[m.line(y)*img.Stride:][:4*m.width], line)
	}
	seen := m.masks[3] != 0 && anyAlpha(img.Pix)
	switch {
	case m.depth == 32 && m.masks[3] != 0 && !seen:
		for y := range m.height {
			if y*stride+stride <= len(m.pixels) {
				opaque(img.Pix[m.line(y)*img.Stride:][:4*m.width])
			}
		}
		fallthrough
	case m.icon && m.depth < 32:
		if m.icon {
			m.mask(img, rest)
		}
	}
	return img
}

// line is where the y-th line of the file is in the picture.
func (m *bitmap) line(y int) int {
	if m.topDown {
		return y
	}
	return m.height - 1 - y
}

func anyAlpha(pix []byte) bool {
	for i := 3; i < len(pix); i += 4 {
		if pix[i] != 0 {
			return true
		}
	}
	return false
}

func opaque(pix []byte) {
	for i := 3; i < len(pix); i += 4 {
		pix[i] = 255
	}
}

// row reads one line of whole pixels.
func (m *bitmap) row(dst, src []byte) {
	for x := range m.width {
		p := dst[4*x:][:4]
		switch m.depth {
		case 1, 4, 8:
			at := x * m.depth
			m.put(p, src[at/8]>>(8-m.depth-at%8)&(1<<m.depth-1))
		case 24:
			p[0], p[1], p[2], p[3] = src[3*x+2], src[3*x+1], src[3*x], 255
		case 16:
			m.fields(p, uint32(binary.LittleEndian.Uint16(src[2*x:])))
		case 32:
			m.fields(p, binary.LittleEndian.Uint32(src[4*x:]))
		}
	}
}

// put sets a pixel to a colour of the palette.
func (m *bitmap) put(p []byte, i byte) {
	var c [3]byte
	if int(i) < len(m.palette) {
		c = m.palette[i]
	}
	p[0], p[1], p[2], p[3] = c[0], c[1], c[2], 255
}

// fields takes a pixel apart.
func (m *bitmap) fields(p []byte, v uint32) {
	p[3] = 255
	for i, mask := range m.masks {
		if mask == 0 {
			continue
		}
		n := bits.TrailingZeros32(mask)
		most := uint64(mask >> n)
		p[i] = byte((uint64(v&mask>>n)*255 + most/2) / most)
	}
}

// mask makes the pixels transparent that the bits below an icon's pixels say.
func (m *bitmap) mask(img *image.NRGBA, src []byte) {
	stride := (m.width + 31) / 32 * 4
	for y := range m.height {
		if (y+1)*stride > len(src) {
			return
		}
		line, pix := src[y*stride:], img.Pix[m.line(y)*img.Stride:]
		for x := range m.width {
			if line[x/8]<<(x%8)&0x80 != 0 {
				copy(pix[4*x:4*x+4], "\x00\x00\x00\x00")
			}
		}
	}
}

// unpack reads runs: a count and a colour (two of half a byte at RLE4), or 0 and a command: end of the line, end of the picture,
// a step, or so many pixels as they are, in whole words.
func (m *bitmap) unpack(img *image.NRGBA) {
	src, x, y := m.pixels, 0, 0
	set := func(i byte) {
		if x < m.width && y < m.height {
			m.put(img.Pix[m.line(y)*img.Stride+4*x:], i)
		}
		x++
	}
	half := m.compression == bmpRLE4
	for len(src) >= 2 && y < m.height {
		n, v := int(src[0]), src[1]
		src = src[2:]
		switch {
		case n > 0:
			for i := range n {
				set(nibble(v, i, half))
			}
		case v == 0:
			x, y = 0, y+1
		case v == 1:
			return
		case v == 2:
			if len(src) < 2 {
				return
			}
			x, y, src = x+int(src[0]), y+int(src[1]), src[2:]
		default:
			size := int(v)
			if half {
				size = (size + 1) / 2
			}
			if len(src) < size {
				return
			}
			for i := range int(v) {
				at := i
				if half {
					at = i / 2
				}
				set(nibble(src[at], i, half))
			}
			src = src[min(size+size&1, len(src)):]
		}
	}
}

// nibble is the i-th colour of a byte that has two.
func nibble(v byte, i int, half bool) byte {
	if !half {
		return v
	}
	return v >> (4 - 4*(i&1)) & 15
}
