package scaledjpeg

import (
	"bytes"
	"encoding/binary"
)

const (
	// maxMCU is the most bytes an MCU can take: 10 blocks of 64 symbols of at most 16 bits of code and 16 of value.
	maxMCU = 10 * 64 * 4
	// windowSize is how much unstuffed data is held, in bytes: a power of two, small enough to stay in the first-level cache.
	windowSize = 16 << 10
)

// bitReader unstuffs entropy-coded data into a window. Code that reads an MCU needs no checks: where the window is
// [bitReader.ready], the whole MCU is in it, or the data ends there and zeros follow.
type bitReader struct {
	src    []byte
	pos    int  // the next byte of src to take: at the marker once ended
	ended  bool // a marker or the end of src has been reached
	bit    int  // the next bit of the window
	size   int  // bytes in the window
	limit  int  // an MCU may start at this bit or before it
	window [windowSize + 8]byte
}

// start begins an interval of data at pos.
func (r *bitReader) start(src []byte, pos int) {
	r.src, r.pos, r.ended = src, pos, false
	r.bit, r.size, r.limit = 0, 0, -1
}

// ready prepares the window for one more MCU. It reports false if the data ended before this point.
func (r *bitReader) ready() bool {
	if r.bit <= r.limit {
		return true
	}
	if r.ended {
		return false
	}
	r.fill()
	return true
}

// fill moves what is unread to the front of the window and unstuffs more behind it.
func (r *bitReader) fill() {
	n := copy(r.window[:], r.window[r.bit>>3:r.size])
	r.bit &= 7
	for n < windowSize-maxMCU && !r.ended {
		chunk := r.src[r.pos:min(len(r.src), r.pos+windowSize-maxMCU-n)]
		i := bytes.IndexByte(chunk, 0xFF)
		if i < 0 {
			n += copy(r.window[n:], chunk)
			r.pos += len(chunk)
			r.ended = r.pos == len(r.src)
			continue
		}
		n += copy(r.window[n:], chunk[:i])
		r.pos += i
		switch {
		case r.pos+1 == len(r.src):
			r.pos, r.ended = len(r.src), true
		case r.src[r.pos+1] == 0:
			r.window[n] = 0xFF
			n, r.pos = n+1, r.pos+2
		case r.src[r.pos+1] == 0xFF:
			r.pos++ // a fill byte before a marker
		default:
			r.ended = true
		}
	}
	r.size, r.limit = n, (n-maxMCU)*8
	if r.ended {
		clear(r.window[n : n+maxMCU+8])
		r.limit = n*8 - 1
	}
}

// overrun reports whether more bits were read than there were.
func (r *bitReader) overrun() bool { return r.bit > r.size*8 }

// nextRestart goes behind the next restart marker and returns its number 0–7, or −1 if another marker or the end of the
// file comes first.
func nextRestart(src []byte, pos *int) int {
	for {
		i := bytes.IndexByte(src[*pos:], 0xFF)
		if i < 0 || *pos+i+1 >= len(src) {
			*pos = len(src)
			return -1
		}
		*pos += i
		switch marker := src[*pos+1]; {
		case marker == 0xFF:
			*pos++
		case marker >= markerRST0 && marker <= markerRST7:
			*pos += 2
			return int(marker - markerRST0)
		case marker < markerSOF0:
			*pos += 2
		default:
			return -1
		}
	}
}

// nothing is an interval without data, of which decoders read one MCU of zeros before they notice.
func (r *bitReader) nothing() {
	r.bit, r.size, r.limit, r.ended = 0, 0, 0, true
	clear(r.window[:maxMCU+8])
}

// at returns at least 57 bits from bit on, left-aligned.
func (r *bitReader) at(bit int) uint64 {
	i := bit >> 3 & (windowSize - 1)
	return binary.BigEndian.Uint64(r.window[i:i+8]) << (bit & 7)
}

// peek is at for the next bit.
func (r *bitReader) peek() uint64 { return r.at(r.bit) }

// take returns the next n bits, n ≤ 32.
func (r *bitReader) take(n int) uint32 {
	v := r.peek() >> 1 >> (63 - n)
	r.bit += n
	return uint32(v)
}

// The hot loops keep the reader's state in locals: w, the next bits left-aligned, of which at least have are there, and p,
// the byte of the window that more come from; the next bit is 8p − have. A refill is
//
//	w |= r.word(p) >> (have & 63)
//	p += (63 - have) >> 3
//	have |= 56
//
// after which there are 56 bits or more. It needs no branch, and the load of the word does not wait for the look-ups before.

// load begins at a bit of the window: its next bits left-aligned, how many they are at least, and the byte that follows.
func (r *bitReader) load(bit int) (w uint64, have, p uint) {
	return r.at(bit), 56 - uint(bit&7), uint(bit>>3) + 7
}

// word returns eight bytes of the window.
func (r *bitReader) word(p uint) uint64 {
	i := p & (windowSize - 1)
	return binary.BigEndian.Uint64(r.window[i : i+8])
}
