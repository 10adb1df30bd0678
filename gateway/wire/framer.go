package wire

import (
	"bytes"
	"errors"
	"strconv"
)

// ErrMalformed is a request whose framing two readers could understand differently.
var ErrMalformed = errors.New("wire: the request is not framed as HTTP/1.1 asks")

// A state is where in a request the next byte stands.
type state uint8

const (
	atStart     state = iota // before the request line, where empty lines are forgiven
	inFields                 // of the header section
	inBody                   // of a stated length
	atChunkSize              // the line before a chunk
	inChunk                  // its bytes
	afterChunk               // the line end behind it
	inTrailers               // until the empty line
	lost                     // where requests end is not known any more
)

// A framer follows the bytes of a connection, request by request, and knows where each ends. It is stricter than the
// parser behind it: every line, wherever it stands, ends in CRLF, and one field says how long the body is (SEC-11, SEC-60).
type framer struct {
	at      state
	left    int64 // bytes of the body or of the chunk that are still to come
	length  int64 // stated length of the body; -1: none
	chunked bool
	begun   bool // bytes of a request have come that has not ended

	line   []byte // how the line under way begins, at most maxKept bytes
	longer bool   // there was more
	last   byte   // of the line so far
}

// maxKept is how much of a line is looked at: no field or chunk size that matters is longer.
const maxKept = 128

// feed takes bytes as they arrived and returns how many belong to the request under way: the others begin the next.
func (f *framer) feed(b []byte) (n int, err error) {
	for n < len(b) {
		if f.at == lost {
			return len(b), nil
		}
		f.begun = true
		if f.at == inBody || f.at == inChunk {
			n += f.skip(len(b) - n)
		} else {
			used, lineErr := f.readLine(b[n:])
			if n += used; lineErr != nil {
				f.at = lost
				return n, lineErr
			}
		}
		if f.at == atStart && !f.begun {
			return n, nil
		}
	}
	return n, nil
}

// end marks the request as whole.
func (f *framer) end() { *f = framer{line: f.line[:0]} }

// skip passes over bytes of a body.
func (f *framer) skip(n int) int {
	n = int(min(int64(n), f.left))
	if f.left -= int64(n); f.left > 0 {
		return n
	}
	if f.at == inBody {
		f.end()
	} else {
		f.at = afterChunk
	}
	return n
}

// readLine takes bytes up to the end of the line under way and, when it is there, reads the line.
func (f *framer) readLine(b []byte) (used int, err error) {
	i := bytes.IndexByte(b, '\n')
	part := b
	if i >= 0 {
		part = b[:i]
	}
	if room := maxKept - len(f.line); len(part) > room {
		f.line, f.longer = append(f.line, part[:room]...), true
	} else {
		f.line = append(f.line, part...)
	}
	if len(part) > 0 {
		f.last = part[len(part)-1]
	}
	if i < 0 {
		return len(b), nil
	}
	if f.last != '\r' { // also where the line is empty
		return i + 1, errBareLF
	}
	line := bytes.TrimSuffix(f.line, []byte("\r"))
	err = f.read(line, f.longer)
	f.line, f.longer, f.last = f.line[:0], false, 0
	return i + 1, err
}

var (
	errBareLF  = malformed("a line ends in a bare LF")
	errLengths = malformed("more than one field says how long the body is")
	errLength  = malformed("a length that is no number")
	errCoding  = malformed("a transfer coding other than chunked")
	errChunk   = malformed("a chunk without a size, or that does not end where it says")
)

// malformed makes an ErrMalformed that says what is wrong.
func malformed(what string) error { return &reason{what} }

type reason struct{ what string }

func (r *reason) Error() string { return ErrMalformed.Error() + ": " + r.what }
func (r *reason) Unwrap() error { return ErrMalformed }

// read takes one whole line.
func (f *framer) read(line []byte, longer bool) error {
	switch f.at {
	case atStart:
		if f.begun = len(line) > 0; f.begun {
			f.at, f.length = inFields, -1
		}
	case inFields:
		if len(line) == 0 {
			f.endFields()
			return nil
		}
		return f.readField(line, longer)
	case atChunkSize:
		return f.readSize(line)
	case afterChunk:
		if len(line) > 0 {
			return errChunk
		}
		f.at = atChunkSize
	case inTrailers:
		if len(line) == 0 {
			f.end()
		}
	}
	return nil
}

// endFields finds out what follows the header section.
func (f *framer) endFields() {
	switch {
	case f.chunked:
		f.at = atChunkSize
	case f.length > 0:
		f.at, f.left = inBody, f.length
	default:
		f.end()
	}
}

// readField looks for the fields that say how long the body is.
func (f *framer) readField(line []byte, longer bool) error {
	name, value, _ := bytes.Cut(line, []byte(":"))
	isLength := bytes.EqualFold(name, []byte("Content-Length"))
	if !isLength && !bytes.EqualFold(name, []byte("Transfer-Encoding")) {
		return nil
	}
	if f.chunked || f.length >= 0 {
		return errLengths
	}
	value = bytes.Trim(value, " \t")
	if !isLength {
		if f.chunked = bytes.EqualFold(value, []byte("chunked")) && !longer; !f.chunked {
			return errCoding
		}
		return nil
	}
	n, err := strconv.ParseUint(string(value), 10, 62)
	if err != nil || longer {
		return errLength
	}
	f.length = int64(n)
	return nil
}

// readSize reads the line before a chunk: a hexadecimal number and, behind a semicolon, extensions that mean nothing.
func (f *framer) readSize(line []byte) error {
	digits, _, _ := bytes.Cut(line, []byte(";"))
	n, err := strconv.ParseUint(string(bytes.TrimRight(digits, " \t")), 16, 62)
	if err != nil {
		return errChunk
	}
	f.left, f.at = int64(n), inChunk
	if n == 0 {
		f.at = inTrailers
	}
	return nil
}
