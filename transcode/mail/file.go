package mail

import (
	"bytes"
	"errors"
	"io"
)

// Open reads the file from the message, decoded a piece at a time: a film never lies in memory twice. Seek goes to its start and its end
// only.
func (a *Attachment) Open() io.ReadSeeker { return &opened{file: a, rest: a.encoded} }

// pieceBytes is how much of the message is decoded at a time.
const pieceBytes = 32 << 10

// An opened file is one that is being read.
type opened struct {
	file *Attachment
	rest []byte // not decoded yet
	six  sixes
	buf  []byte
	read []byte // of buf, not yet given away
}

// Read implements io.Reader.
func (o *opened) Read(p []byte) (int, error) {
	for len(o.read) == 0 {
		if len(o.rest) == 0 {
			return 0, io.EOF
		}
		o.next()
	}
	n := copy(p, o.read)
	o.read = o.read[n:]
	return n, nil
}

// next decodes a piece.
func (o *opened) next() {
	n := min(pieceBytes, len(o.rest))
	if o.file.transfer == quotedBytes && n < len(o.rest) { // whole lines
		if end := bytes.LastIndexByte(o.rest[:n], '\n'); end >= 0 {
			n = end + 1
		} else if end = bytes.IndexByte(o.rest[n:], '\n'); end >= 0 {
			n += end + 1
		} else {
			n = len(o.rest)
		}
	}
	piece := o.rest[:n]
	switch o.rest = o.rest[n:]; o.file.transfer {
	case base64Bytes:
		if o.buf = o.six.append(o.buf[:0], piece); len(o.rest) == 0 {
			o.buf = o.six.end(o.buf)
		}
	case quotedBytes:
		o.buf = appendQuotedBody(o.buf[:0], piece)
	default:
		o.buf = piece
	}
	o.read = o.buf
	if o.file.transfer == plainBytes {
		o.buf = nil // they are the message's
	}
}

var errSeek = errors.New("mail: a file is read from its start")

// Seek implements io.Seeker.
func (o *opened) Seek(offset int64, whence int) (int64, error) {
	switch {
	case offset != 0 || whence == io.SeekCurrent:
		return 0, errSeek
	case whence == io.SeekEnd:
		o.rest, o.read = nil, nil
		return int64(o.file.Bytes), nil
	}
	o.rest, o.read, o.six = o.file.encoded, nil, sixes{}
	return 0, nil
}
