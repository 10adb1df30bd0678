package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// A strictConn is a connection to an upstream that reads the head of every answer along with the HTTP client, and ends
// the connection over what that client forgives: two statements of a length, folded lines, bare line feeds, names with
// blanks (SEC-62). It belongs to one request at a time.
type strictConn struct {
	net.Conn
	head   []byte
	inHead bool
	chunks bool // the answer under way has a last chunk that says where it ends
	bad    error
}

// maxAnswerHead bounds the head of an answer, in bytes.
const maxAnswerHead = 32 << 10

// Write sends a part of a request: what is read next begins an answer.
func (c *strictConn) Write(p []byte) (int, error) {
	if !c.inHead {
		c.inHead, c.head = true, c.head[:0]
	}
	return c.Conn.Write(p)
}

func (c *strictConn) Read(p []byte) (int, error) {
	if c.bad != nil {
		return 0, c.bad
	}
	n, err := c.Conn.Read(p)
	if !c.inHead {
		if err == io.EOF && c.chunks { // the client would take it for the end
			err = io.ErrUnexpectedEOF
		}
		return n, err
	}
	c.head = append(c.head, p[:n]...)
	for c.inHead {
		end := bytes.Index(c.head, []byte("\r\n\r\n"))
		if end < 0 {
			if len(c.head) > maxAnswerHead {
				return c.fail(p, n, errors.New("head too large"))
			}
			// Lines that are whole can be judged already: a head of bare line feeds has no such end.
			if i := bytes.LastIndexByte(c.head, '\n'); i >= 0 && bareLF(c.head[:i+1]) {
				return c.fail(p, n, errors.New("bare line feed"))
			}
			return n, err
		}
		interim, chunks, bad := checkAnswerHead(string(c.head[:end]))
		if bad != nil {
			return c.fail(p, n, bad)
		}
		c.inHead, c.chunks = interim, chunks
		c.head = c.head[:copy(c.head, c.head[end+4:])]
	}
	return n, err
}

// noAnswer is what the client reads in place of a malformed answer.
const noAnswer = "malformed\r\n\r\n"

// fail ends the connection. The client takes an error on its very first read for a connection that was closed before the
// request, and such requests may be repeated: it gets to read what is no answer instead.
func (c *strictConn) fail(p []byte, n int, err error) (int, error) {
	first := len(c.head) == n && len(p) >= len(noAnswer)
	c.bad = fmt.Errorf("gateway: upstream's answer is malformed: %w", err)
	c.Conn.Close()
	if first {
		return copy(p, noAnswer), nil
	}
	return 0, c.bad
}

func bareLF(b []byte) bool {
	for i, ch := range b {
		if ch == '\n' && (i == 0 || b[i-1] != '\r') {
			return true
		}
	}
	return false
}

// once are fields of which an answer has one at most.
var once = map[string]bool{"content-length": true, "transfer-encoding": true, "content-type": true, "location": true, "content-encoding": true}

// checkAnswerHead reads the head of an answer, without the empty line, and says whether it is only an interim one and
// whether its body comes in chunks.
func checkAnswerHead(text string) (interim, chunks bool, err error) {
	status, fields, _ := strings.Cut(text, "\r\n")
	if !strings.HasPrefix(status, "HTTP/1.1 ") && !strings.HasPrefix(status, "HTTP/1.0 ") || len(status) < 12 || !isDigits(status[9:12]) || status[9] < '1' || status[9] > '5' ||
		len(status) > 12 && status[12] != ' ' || hasControl(status) {
		return false, false, errors.New("no status line")
	}
	if status[9:12] == "101" {
		return false, false, errors.New("switch of protocols")
	}
	seen := map[string]bool{}
	for fields != "" {
		var line string
		line, fields, _ = strings.Cut(fields, "\r\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) || hasControl(value) {
			return false, false, errors.New("a line that is no field")
		}
		name, value = strings.ToLower(name), strings.Trim(value, " \t")
		if once[name] && seen[name] {
			return false, false, errors.New("two fields " + name)
		}
		seen[name] = true
		if name == "transfer-encoding" && !strings.EqualFold(value, "chunked") || name == "content-length" && !isDigits(value) {
			return false, false, errors.New("unknown framing")
		}
	}
	if seen["content-length"] && seen["transfer-encoding"] {
		return false, false, errors.New("two statements of a length")
	}
	return status[9] == '1', seen["transfer-encoding"], nil
}
