package scaledjpeg

import (
	"bytes"
	"encoding/binary"
)

// Markers (T.81 table B.1).
const (
	markerSOF0  = 0xC0 // baseline
	markerSOF1  = 0xC1 // extended sequential, Huffman
	markerSOF2  = 0xC2 // progressive, Huffman
	markerDHT   = 0xC4
	markerJPG   = 0xC8 // reserved
	markerSOF9  = 0xC9 // sequential, arithmetic
	markerSOF10 = 0xCA // progressive, arithmetic
	markerDAC   = 0xCC // arithmetic conditioning
	markerSOF15 = 0xCF
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerDQT   = 0xDB
	markerDRI   = 0xDD
	markerAPP0  = 0xE0
	markerAPP1  = 0xE1
	markerAPP14 = 0xEE
)

// Config is what the header says of a picture.
type Config struct {
	Width, Height int
	Components    int // 1 grey, 3 colour, 4 inks
	Progressive   bool
	Orientation   int  // EXIF 1–8, 0 = not stated
	Arithmetic    bool // for Huffman
}

// DecodeConfig reads the header up to the first scan; it takes no memory and applies no limits. For kinds that
// [Decoder.Decode] leaves to others the error wraps [ErrUnsupported] and Config is filled all the same.
func DecodeConfig(src []byte) (Config, error) {
	f := newFile(src)
	for {
		marker, body, err := f.segment()
		if err != nil {
			return f.config(), err
		}
		switch marker {
		case markerEOI:
			return f.config(), corrupt("no picture data")
		case markerSOS:
			if f.components == 0 {
				return Config{}, corrupt("a scan comes before the frame header")
			}
			return f.config(), f.unsupported
		}
		if err := f.headerSegment(marker, body); err != nil {
			return f.config(), err
		}
	}
}

// file is the input with what its segments have said so far.
type file struct {
	src           []byte
	pos           int
	width, height int
	components    int // 0 until the frame header
	comps         [4]component
	hMax, vMax    int
	mcusX, mcusY  int
	progressive   bool
	arithmetic    bool
	restart       int // MCUs between restart markers, 0 = none
	orientation   int
	jfif          bool
	adobe         int // what Adobe's marker says of the colours: 0 none, 1 YCbCr, 2 YCCK; −1 without the marker
	colours       colourModel
	uneven        bool  // the planes are not of the usual sizes
	unsupported   error // why this kind of file is left to others, if it is
	scanned       int   // MCUs decoded, over all scans; a row or restart interval that breaks off is not counted
}

// component is one plane of the picture.
type component struct {
	id, quant     byte
	h, v          int // sampling factors
	width, height int // samples inside the picture, full size
	cols, rows    int // blocks that cover these: the blocks of a scan of this component alone
	stride        int // blocks a row in whole MCUs
	pred          int32
	done          bool     // a sequential scan has carried it
	planned       bool     // scaled and full are set
	precise       [64]bool // progressive: which coefficients have all their bits
	coefs         []int16  // progressive
	nonzero       []uint64 // progressive: per block, which AC coefficients are not zero
	scaled, full  plan     // how its coefficients become samples, at the scale asked for and at 1/1
	out           []byte
	outStride     int
	outWidth      int
	outHeight     int
}

func newFile(src []byte) file { return file{src: src, adobe: -1} }

func (f *file) config() Config {
	return Config{f.width, f.height, f.components, f.progressive, f.orientation, f.arithmetic && f.unsupported == errArithmetic}
}

// segment returns the next marker and the body of its segment. As libjpeg does, bytes that belong to no segment are
// passed over: fill bytes, stuffed bytes and restart markers left behind by a scan.
func (f *file) segment() (marker byte, body []byte, err error) {
	if f.pos == 0 {
		if len(f.src) < 2 || f.src[0] != 0xFF || f.src[1] != markerSOI {
			return 0, nil, corrupt("no SOI marker at the start")
		}
		f.pos = 2
	}
	for {
		i := bytes.IndexByte(f.src[f.pos:], 0xFF)
		if i < 0 || f.pos+i+1 >= len(f.src) {
			f.pos = len(f.src)
			return 0, nil, errNoSegment
		}
		f.pos += i + 1
		marker = f.src[f.pos]
		if marker == 0 || marker == 0xFF || marker >= markerRST0 && marker <= markerRST7 {
			continue
		}
		f.pos++
		if marker == markerEOI || marker == markerSOI || marker == 1 {
			return marker, nil, nil
		}
		break
	}
	rest := f.src[f.pos:]
	if len(rest) < 2 {
		return 0, nil, errNoSegment
	}
	n := int(binary.BigEndian.Uint16(rest))
	if n < 2 {
		return 0, nil, corrupt("segment %02X has length %d", marker, n)
	}
	if n > len(rest) {
		return 0, nil, errNoSegment
	}
	f.pos += n
	return marker, rest[2:n], nil
}

// headerSegment takes in a segment that describes the picture; others are ignored.
func (f *file) headerSegment(marker byte, body []byte) error {
	switch {
	case isFrame(marker):
		return f.frame(marker, body)
	case marker < markerSOF0, marker == 0xDE, marker == 0xDF, marker >= 0xF0 && marker <= 0xFD: // reserved, hierarchical
		return corrupt("a segment %02X", marker)
	case marker == markerDRI:
		if len(body) != 2 {
			return corrupt("DRI has %d bytes; want 2", len(body))
		}
		f.restart = int(binary.BigEndian.Uint16(body))
	case marker == markerAPP0:
		f.jfif = f.jfif || bytes.HasPrefix(body, []byte("JFIF\x00"))
	case marker == markerAPP1:
		if f.orientation == 0 {
			f.orientation = exifOrientation(body)
		}
	case marker == markerAPP14:
		if len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")) {
			f.adobe = int(body[11])
		}
	}
	return nil
}

// isFrame: SOF0 to SOF15, among which are DHT, JPG and DAC.
func isFrame(marker byte) bool {
	return marker >= markerSOF0 && marker <= markerSOF15 && marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// frame reads a frame header (T.81 B.2.2). A header that is right but of a kind left to others sets f.unsupported.
func (f *file) frame(marker byte, body []byte) error {
	if f.components != 0 {
		return corrupt("two frame headers")
	}
	if len(body) < 6 || len(body) != 6+3*int(body[5]) {
		return corrupt("frame header has %d bytes", len(body))
	}
	f.height, f.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	f.progressive, f.arithmetic = marker == markerSOF2 || marker == markerSOF10, isArithmetic(marker)
	f.components = int(body[5])
	switch {
	case f.width == 0 || f.height == 0:
		return corrupt("the picture is %d×%d pixels", f.width, f.height)
	case f.components == 0:
		return corrupt("the picture has no components")
	case marker > markerSOF2 && !f.arithmetic:
		f.unsupported = unsupported("coding process %02X", marker)
		return nil
	case body[0] != 8:
		f.unsupported = unsupported("%d bits a sample", body[0])
		return nil
	case f.components != 1 && f.components != 3 && f.components != 4:
		f.unsupported = unsupported("%d components", f.components)
		return nil
	}
	for i := range f.components {
		if err := f.component(i, body[6+3*i:]); err != nil {
			return err
		}
	}
	if f.unsupported = f.geometry(); f.unsupported == nil && f.arithmetic {
		f.unsupported = errArithmetic
	}
	return nil
}

var errArithmetic = unsupported("arithmetic coding")

func (f *file) component(i int, spec []byte) error {
	c := component{id: spec[0], h: int(spec[1] >> 4), v: int(spec[1] & 15), quant: spec[2]}
	if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 {
		return corrupt("sampling factors %d×%d", c.h, c.v)
	}
	if c.quant > 3 {
		return corrupt("quantisation table %d", c.quant)
	}
	for _, other := range f.comps[:i] {
		if other.id == c.id {
			return corrupt("two components are called %d", c.id)
		}
	}
	if f.components == 1 {
		c.h, c.v = 1, 1 // a single component has no interleaving, whatever it claims (T.81 A.2.2)
	}
	f.comps[i] = c
	return nil
}

// maxUneven is the most pixels of a picture whose planes are brought to one size: it takes memory for all of them.
const maxUneven = 12e6

// geometry lays out the blocks. Nearly always Y and black are the finest planes, Cb and Cr alike; others are uneven, and brought to
// the size of the finest. As in libjpeg, a sample stands for a whole number of pixels.
func (f *file) geometry() (kind error) {
	first := f.comps[0]
	f.hMax, f.vMax = first.h, first.v
	for _, c := range f.comps[1:f.components] {
		f.hMax, f.vMax = max(f.hMax, c.h), max(f.vMax, c.v)
	}
	for i, c := range f.comps[:f.components] {
		if f.hMax%c.h != 0 || f.vMax%c.v != 0 {
			return unsupported("sampling factors %d×%d beside %d×%d", c.h, c.v, f.hMax, f.vMax)
		}
		f.uneven = f.uneven || i%3 == 0 && (c.h != f.hMax || c.v != f.vMax) || i == 2 && (c.h != f.comps[1].h || c.v != f.comps[1].v)
	}
	f.mcusX, f.mcusY = ceilDiv(f.width, 8*f.hMax), ceilDiv(f.height, 8*f.vMax)
	for i := range f.components {
		c := &f.comps[i]
		c.width, c.height = ceilDiv(f.width*c.h, f.hMax), ceilDiv(f.height*c.v, f.vMax)
		c.cols, c.rows = ceilDiv(c.width, 8), ceilDiv(c.height, 8)
		c.stride = f.mcusX * c.h
	}
	f.colours = f.model()
	if f.uneven && f.width*f.height > maxUneven {
		return unsupported("uneven planes of %d×%d pixels", f.width, f.height)
	}
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
