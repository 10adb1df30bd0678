package inbound

import (
	"io"
	"sync"

	"github.com/emersion/go-smtp"
)

// A room is memory that messages share while they are received.
type room struct {
	mu   sync.Mutex
	left int
}

// take takes n bytes when they are there.
func (r *room) take(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left < n {
		return false
	}
	r.left -= n
	return true
}

func (r *room) give(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += n
}

// firstBytes is what a message gets before anything of it has come. It doubles as bytes come, up to stepBytes more at a time, so a
// peer that is slow holds little more than it sent.
const (
	firstBytes = 16 << 10
	stepBytes  = 1 << 20
)

// errNoRoom: 452 lets the peer wait.
var errNoRoom = &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Too many messages at once. Please try again later."}

// receive reads a message of so many bytes at most into the room. release gives back what it took, whether there was an error or not;
// the message is gone then.
func (r *room) receive(in io.Reader, most int) (raw []byte, release func(), err error) {
	space, free, err := pages(most + 1)
	if err != nil {
		return nil, func() {}, errNoRoom
	}
	size, taken := 0, 0
	release = func() { free(); r.give(taken) }
	for {
		if size == taken {
			n := min(max(firstBytes, min(taken, stepBytes)), len(space)-taken)
			if n == 0 {
				return nil, release, smtp.ErrDataTooLarge
			}
			if !r.take(n) {
				return nil, release, errNoRoom
			}
			taken += n
		}
		n, err := in.Read(space[size:taken])
		size += n
		switch err {
		case nil:
		case io.EOF:
			return space[:size:size], release, nil
		default:
			return nil, release, err
		}
	}
}

// bareLine says whether b has a CR or LF that does not belong to a CRLF. What one server takes for the end of a line, the
// next may not: whole messages with forged senders were smuggled between them (SEC-94).
func bareLine(b []byte) bool {
	for i, c := range b {
		switch c {
		case '\n':
			if i == 0 || b[i-1] != '\r' {
				return true
			}
		case '\r':
			if i+1 == len(b) || b[i+1] != '\n' {
				return true
			}
		}
	}
	return false
}
