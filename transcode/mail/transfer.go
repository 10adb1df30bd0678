package mail

import (
	"bytes"
	"strings"
)

// A transfer is how the bytes of a part are written (RFC 2045 §6).
type transfer uint8

const (
	plainBytes transfer = iota // 7bit, 8bit, binary, and what nobody knows
	base64Bytes
	quotedBytes
)

func transferOf(value string) transfer {
	value, _, _ = strings.Cut(value, ";")
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "base64":
		return base64Bytes
	case "quoted-printable":
		return quotedBytes
	}
	return plainBytes
}

// append appends what b stands for.
func (t transfer) append(dst, b []byte) []byte {
	switch t {
	case base64Bytes:
		return appendBase64(dst, b)
	case quotedBytes:
		return appendQuotedBody(dst, b)
	}
	return append(dst, b...)
}

// base64Value has the six bits of each character of the alphabet, 0xFF for others.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xFF
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	return t
}()

// appendBase64 reads base64 as mail has it: characters outside the alphabet are skipped (RFC 2045 §6.8), padding ends a
// group wherever it stands, and six bits that are left over are lost.
func appendBase64(dst, b []byte) []byte {
	var s sixes
	return s.end(s.append(dst, b))
}

// sixes are the six bits of characters of base64 that make no whole bytes yet.
type sixes struct {
	group uint32
	n     int
}

// append reads more characters; their bytes are those of the text that began before.
func (s *sixes) append(dst, b []byte) []byte {
	group, n := s.group, s.n
	for _, c := range b {
		v := base64Value[c]
		if v == 0xFF {
			if c == '=' {
				s.group, s.n = group, n
				dst, group, n = s.end(dst), 0, 0
			}
			continue
		}
		group = group<<6 | uint32(v)
		if n++; n == 4 {
			dst = append(dst, byte(group>>16), byte(group>>8), byte(group))
			group, n = 0, 0
		}
	}
	s.group, s.n = group, n
	return dst
}

// end ends a group that is not full.
func (s *sixes) end(dst []byte) []byte {
	if s.n >= 2 {
		dst = append(dst, byte(s.group<<(24-6*s.n)>>16))
	}
	if s.n == 3 {
		dst = append(dst, byte(s.group<<6>>8))
	}
	*s = sixes{}
	return dst
}

// appendQuotedBody reads quoted-printable (RFC 2045 §6.7): blanks at the end of a line are none, = there joins lines, and an
// escape that is none stays as it is.
func appendQuotedBody(dst, b []byte) []byte {
	for len(b) > 0 {
		line, rest := cutLine(b)
		ended := len(line) < len(b)
		line = bytes.TrimRight(line, " \t")
		if n := len(line); n > 0 && line[n-1] == '=' {
			line, ended = line[:n-1], false
		}
		if dst = appendQuoted(dst, line); ended {
			dst = append(dst, '\r', '\n')
		}
		b = rest
	}
	return dst
}

// appendQuoted reads the escapes =XX.
func appendQuoted(dst, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		if b[i] == '=' && i+2 < len(b) {
			if high, low := hexValue(b[i+1]), hexValue(b[i+2]); high < 16 && low < 16 {
				dst = append(dst, high<<4|low)
				i += 2
				continue
			}
		}
		dst = append(dst, b[i])
	}
	return dst
}

func hexValue(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 0xFF
}
