package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// A gifFile is a GIF [gif89a] read up to the data of its first frame. Rows are decoded one at a time (SEC-80), and
// what browsers forgive is forgiven: frames larger than the screen or a screen without size, colours that no palette
// has, data that ends early or goes on too long.
type gifFile struct {
	width, height int             // of the screen, made to hold the first frame
	frame         image.Rectangle // the first frame
	palette       [256][4]byte
	interlaced    bool
	codeBits      int    // of LZW, at the start
	data          []byte // from the first sub-block on
	opaque        bool
}

// readGIF reads up to the first frame.
func readGIF(src []byte) (*gifFile, error) {
	const head, descriptor = 13, 10
	if len(src) < head {
		return nil, errors.New("gif: it ends in its header")
	}
	f := &gifFile{width: int(binary.LittleEndian.Uint16(src[6:])), height: int(binary.LittleEndian.Uint16(src[8:]))}
	global := src[head:min(head+tableSize(src[10]), len(src))]
	clear := -1
	for at := head + tableSize(src[10]); at < len(src); {
		switch src[at] {
		case 0x21:
			if at+8 <= len(src) && src[at+1] == 0xf9 && src[at+2] >= 4 && src[at+3]&1 != 0 {
				clear = int(src[at+6])
			}
			at = skipBlocks(src, at+2)
		case 0x2c:
			if at+descriptor >= len(src) {
				return nil, errors.New("gif: it ends before its picture")
			}
			d := src[at+1:]
			x, y := int(binary.LittleEndian.Uint16(d)), int(binary.LittleEndian.Uint16(d[2:]))
			w, h := int(binary.LittleEndian.Uint16(d[4:])), int(binary.LittleEndian.Uint16(d[6:]))
			colours := global
			at += descriptor
			if size := tableSize(d[8]); size > 0 {
				colours = src[at:min(at+size, len(src))]
				at += size
			}
			if at >= len(src) {
				return nil, errors.New("gif: it ends before its picture")
			}
			f.frame = image.Rect(x, y, x+w, y+h)
			f.width, f.height = max(f.width, x+w), max(f.height, y+h)
			f.interlaced = d[8]&0x40 != 0
			f.codeBits, f.data = int(src[at]), src[at+1:]
			f.setPalette(colours, clear)
			return f, nil
		default:
			return nil, errors.New("gif: it has no picture")
		}
	}
	return nil, errors.New("gif: it has no picture")
}

// setPalette takes the colours. What is beyond them is black.
func (f *gifFile) setPalette(colours []byte, clear int) {
	for i := range f.palette {
		f.palette[i][3] = 255
		if 3*i+3 <= len(colours) {
			copy(f.palette[i][:3], colours[3*i:])
		}
	}
	if clear >= 0 {
		f.palette[clear] = [4]byte{}
	}
	f.opaque = clear < 0 && f.frame == image.Rect(0, 0, f.width, f.height)
}

// rows decodes the first frame into the gathering. After an error what came before it is there.
func (f *gifFile) rows(g *gathering) error {
	w := f.frame.Dx()
	if f.frame.Empty() {
		return errors.New("gif: its picture has no pixels")
	}
	pix, x := make([]byte, 4*w), 0
	next := f.lines()
	y := next()
	err := unpackLZW(f.data, f.codeBits, func(run []byte) bool {
		for _, v := range run {
			copy(pix[4*x:4*x+4], f.palette[v][:])
			if x++; x < w {
				continue
			}
			g.add(f.frame.Min.Y+y, f.frame.Min.X, 1, pix)
			if x, y = 0, next(); y < 0 {
				return false
			}
		}
		return true
	})
	if x > 0 && y >= 0 { // a row that breaks off
		g.add(f.frame.Min.Y+y, f.frame.Min.X, 1, pix[:4*x])
	}
	if err == nil && y >= 0 {
		err = fmt.Errorf("gif: its data ends in row %d of %d", y, f.frame.Dy())
	}
	return err
}

// lines returns what gives the numbers of the rows in the order in which they come, then −1 for ever [gif89a app. E].
func (f *gifFile) lines() func() int {
	first, step := []int{0}, []int{1}
	if f.interlaced {
		first, step = []int{0, 4, 2, 1}, []int{8, 8, 4, 2}
	}
	pass, y := 0, 0
	return func() int {
		for pass < len(first) && y >= f.frame.Dy() {
			if pass++; pass < len(first) {
				y = first[pass]
			}
		}
		if pass == len(first) {
			return -1
		}
		at := y
		y += step[pass]
		return at
	}
}

// lzwCodes is how many codes a GIF's tables hold at most [gif89a app. F].
const lzwCodes = 4096

// unpackLZW decodes the sub-blocks and emits runs of places in the palette until emit returns false or they end. A run
// is valid during the call.
func unpackLZW(data []byte, codeBits int, emit func(run []byte) bool) error {
	if codeBits < 1 || codeBits > 8 { // browsers read 1, which the standard leaves out
		return fmt.Errorf("gif: codes of %d bits", codeBits)
	}
	var (
		prefix  [lzwCodes]uint16
		suffix  [lzwCodes]byte
		length  [lzwCodes]uint16
		run     [lzwCodes]byte
		stop    = 1<<codeBits + 1
		width   = codeBits + 1
		free    = stop + 1 // the next code to be defined
		last    = -1
		acc     uint32
		have    int
		inBlock int
	)
	for i := range stop - 1 {
		suffix[i], length[i] = byte(i), 1
	}
	for {
		for have < width {
			if inBlock == 0 {
				if len(data) == 0 || data[0] == 0 {
					return nil
				}
				inBlock, data = int(data[0]), data[1:]
			}
			if len(data) == 0 {
				return nil
			}
			acc |= uint32(data[0]) << have
			have, inBlock, data = have+8, inBlock-1, data[1:]
		}
		code := int(acc & (1<<width - 1))
		acc, have = acc>>width, have-width
		switch {
		case code == stop:
			return nil
		case code == stop-1:
			width, free, last = codeBits+1, stop+1, -1
			continue
		case code > free || code == free && last < 0:
			return fmt.Errorf("gif: code %d where %d are known", code, free)
		}
		at := code
		if code == free { // the run before, and its own first place again
			at = last
		}
		n := int(length[at])
		for i, c := n-1, at; i >= 0; i, c = i-1, int(prefix[c]) {
			run[i] = suffix[c]
		}
		first := run[0]
		if code == free {
			run[n] = first
			n++
		}
		if last >= 0 && free < lzwCodes {
			prefix[free], suffix[free], length[free] = uint16(last), first, length[last]+1
			if free++; free == 1<<width && width < 12 {
				width++
			}
		}
		last = code
		if !emit(run[:n]) {
			return nil
		}
	}
}
