// Package codectest is the exam that every codec of the transcoder takes: the same answer for the same text, however it
// is cut and however small the buffers are.
package codectest

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/text/transform"
)

// A Pair is an input and the output it must give.
type Pair struct{ Name, In, Out string }

// Run examines the Transformers that newT makes: empty input, golden pairs, input cut at every byte, output buffers from
// the smallest, repeats after Reset, and the pairs one after the other.
func Run(t *testing.T, newT func() transform.Transformer, pairs []Pair) {
	t.Helper()
	if got := drive(t, newT(), nil, 0, 64); got != "" {
		t.Errorf("nothing became %q", got)
	}
	for _, p := range pairs {
		in := []byte(p.In)
		tr := newT()
		for range 2 {
			if got := drive(t, tr, in, len(in), 4*len(in)+64); got != p.Out {
				t.Errorf("%s: %q became\n%q, want\n%q", p.Name, p.In, got, p.Out)
			}
			tr.Reset()
		}
		for cut := 0; cut <= len(in); cut++ {
			if got := drive(t, newT(), in, cut, 4*len(in)+64); got != p.Out {
				t.Errorf("%s: cut after %d bytes became\n%q, want\n%q", p.Name, cut, got, p.Out)
			}
		}
		for size := 1; size < 8; size++ {
			if got := drive(t, newT(), in, len(in), size); got != p.Out {
				t.Errorf("%s: with a buffer of %d became\n%q, want\n%q", p.Name, size, got, p.Out)
			}
		}
		if got := trickle(t, newT(), in); got != p.Out {
			t.Errorf("%s: byte by byte became\n%q, want\n%q", p.Name, got, p.Out)
		}
	}
}

// drive transforms in, given as in[:cut] and then whole, through output buffers of the given size.
func drive(t *testing.T, tr transform.Transformer, in []byte, cut, size int) string {
	t.Helper()
	var out bytes.Buffer
	read := 0
	for _, end := range []int{cut, len(in)} {
		read += step(t, tr, &out, in[read:end], size, end == len(in))
	}
	if read != len(in) {
		t.Fatalf("%d of %d bytes read", read, len(in))
	}
	return out.String()
}

// trickle gives one more byte at a time, as a slow connection does.
func trickle(t *testing.T, tr transform.Transformer, in []byte) string {
	t.Helper()
	var out bytes.Buffer
	read := 0
	for end := 0; end <= len(in); end++ {
		read += step(t, tr, &out, in[read:end], 64, end == len(in))
	}
	return out.String()
}

// step calls Transform until it has done what it can with in.
func step(t *testing.T, tr transform.Transformer, out *bytes.Buffer, in []byte, size int, eof bool) (read int) {
	t.Helper()
	dst := make([]byte, size)
	for {
		nDst, nSrc, err := tr.Transform(dst, in[read:], eof)
		out.Write(dst[:nDst])
		read += nSrc
		switch {
		case err == nil, errors.Is(err, transform.ErrShortSrc) && !eof:
			return read
		case errors.Is(err, transform.ErrShortDst) && nDst+nSrc > 0:
		default:
			t.Fatalf("Transform: %d bytes out, %d in, then %v", nDst, nSrc, err)
		}
	}
}
