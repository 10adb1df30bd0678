package gateway

import (
	"bytes"
	"errors"
	"fmt"
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
	used   bool // an answer has come before
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
		return n, err
	}
	if n == 0 && err != nil && len(c.head) == 0 && c.used {
		return 0, errors.Join(errStale, err)
	}
	c.head = append(c.head, p[:n]...)
	for c.inHead {
		end := bytes.Index(c.head, []byte("\r\n\r\n"))
		if end < 0 {
			if len(c.head) > maxAnswerHead {
				return 0, c.fail(errors.New("head too large"))
			}
			// Lines that are whole can be judged already: a head of bare line feeds has no such end.
			if i := bytes.LastIndexByte(c.head, '\n'); i >= 0 && bareLF(c.head[:i+1]) {
				return 0, c.fail(errors.New("bare line feed"))
			}
			return n, err
		}
		interim, bad := checkAnswerHead(string(c.head[:end]))
		if bad != nil {
			return 0, c.fail(bad)
		}
		c.inHead, c.used = interim, true
		c.head = c.head[:copy(c.head, c.head[end+4:])]
	}
	return n, err
}

func (c *strictConn) fail(err error) error {
	c.bad = fmt.Errorf("gateway: upstream's answer is malformed: %w", err)
	c.Conn.Close()
	return c.bad
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

// checkAnswerHead reads the head of an answer, without the empty line, and says whether it is only an interim one.
func checkAnswerHead(text string) (interim bool, err error) {
	status, fields, _ := strings.Cut(text, "\r\n")
	if !strings.HasPrefix(status, "HTTP/1.1 ") && !strings.HasPrefix(status, "HTTP/1.0 ") || len(status) < 12 || !isDigits(status[9:12]) ||
		len(status) > 12 && status[12] != ' ' || hasControl(status) {
		return false, errors.New("no status line")
	}
	if status[9:12] == "101" {
		return false, errors.New("switch of protocols")
	}
	seen := map[string]bool{}
	for fields != "" {
		var line string
		line, fields, _ = strings.Cut(fields, "\r\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) || hasControl(value) {
			return false, errors.New("a line that is no field")
		}
		name, value = strings.ToLower(name), strings.Trim(value, " \t")
		if once[name] && seen[name] {
			return false, errors.New("two fields " + name)
		}
		seen[name] = true
		if name == "transfer-encoding" && !strings.EqualFold(value, "chunked") || name == "content-length" && !isDigits(value) {
			return false, errors.New("unknown framing")
		}
	}
	if seen["content-length"] && seen["transfer-encoding"] {
		return false, errors.New("two statements of a length")
	}
	return status[9] == '1', nil
}
