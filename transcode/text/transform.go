package text

import (
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// NewEncoder returns a Transformer that writes like Append, whatever pieces the text comes in: it waits at the end of a
// piece until nothing that follows can belong to it. It is not safe for concurrent use.
func (c *Codec) NewEncoder(o Option) transform.Transformer {
	return &stream{pieces: &encoder{c: c, o: o}}
}

// NewDecoder returns a Transformer that reads like AppendDecode. It is not safe for concurrent use.
func (c *Codec) NewDecoder() transform.Transformer {
	return &stream{pieces: &decodeStream{decoder: decoder{Codec: c}}}
}

// A piecewise converter remembers what it needs between pieces, and keeps its output until it is taken.
type piecewise interface {
	convert(src []byte, eof bool) (n int) // reads the first n bytes of src
	ready() []byte                        // output that will not change any more
	take(n int)                           // n bytes of it are gone
	reset()
}

// pieceBytes bounds what is converted at once, and so what a stream holds. It is more than the longest webcode.
const pieceBytes = 4096

// A stream makes a Transformer of a piecewise converter.
type stream struct {
	pieces piecewise
	ended  bool
}

func (s *stream) Reset() {
	s.pieces.reset()
	s.ended = false
}

func (s *stream) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for {
		ready := s.pieces.ready()
		n := copy(dst[nDst:], ready)
		nDst += n
		s.pieces.take(n)
		if n < len(ready) {
			return nDst, nSrc, transform.ErrShortDst
		}
		piece := src[nSrc:min(nSrc+pieceBytes, len(src))]
		eof := atEOF && nSrc+len(piece) == len(src)
		if len(piece) == 0 && (!eof || s.ended) {
			return nDst, nSrc, nil
		}
		n = s.pieces.convert(piece, eof)
		nSrc += n
		s.ended = eof
		if n == 0 && !eof {
			return nDst, nSrc, transform.ErrShortSrc
		}
	}
}

func (e *encoder) convert(src []byte, eof bool) int {
	n := len(src)
	if !eof {
		n = settled(src)
	}
	e.encode(src[:n])
	if eof {
		e.flush()
	}
	return n
}

// ready leaves out the SI of a webcode, which the next emoji may replace.
func (e *encoder) ready() []byte {
	if e.run.codes > 0 && e.run.end == len(e.dst) {
		return e.dst[:len(e.dst)-1]
	}
	return e.dst
}

func (e *encoder) take(n int) {
	e.dst = e.dst[:copy(e.dst, e.dst[n:])]
	e.run.end -= n
}

func (e *encoder) reset() { *e = encoder{c: e.c, o: e.o, dst: e.dst[:0]} }

// settled returns the length of the longest beginning of s that what follows s cannot change: it ends where a new
// user-perceived character begins. A character of more than a quarter of a piece is cut.
func settled(s []byte) int {
	for end := wholeRunes(s); end > 0; {
		r, size := utf8.DecodeLastRune(s[:end])
		end -= size
		if begins(r, s[:end]) || len(s)-end > pieceBytes/4 {
			return end
		}
	}
	return 0
}

// wholeRunes returns the length of s without an unfinished rune at its end.
func wholeRunes(s []byte) int {
	for i := max(0, len(s)-utf8.UTFMax); i < len(s); i++ {
		if utf8.RuneStart(s[i]) && !utf8.FullRune(s[i:]) {
			return i
		}
	}
	return len(s)
}

// begins says whether r begins a user-perceived character after the text before.
func begins(r rune, before []byte) bool {
	switch v := classOf(r); {
	case v >= mark && v < space, v == invisible, r == 0xFF9E, r == 0xFF9F:
		return false
	}
	last, _ := utf8.DecodeLastRune(before)
	return classOf(last) != joiner
}

// A decodeStream is a decoder that keeps its output.
type decodeStream struct {
	decoder
	out []byte
}

func (d *decodeStream) convert(src []byte, eof bool) (n int) {
	d.out, n = d.decode(d.out, src, eof)
	return n
}

func (d *decodeStream) ready() []byte { return d.out }

func (d *decodeStream) take(n int) { d.out = d.out[:copy(d.out, d.out[n:])] }

func (d *decodeStream) reset() { *d = decodeStream{decoder: decoder{Codec: d.Codec}, out: d.out[:0]} }
