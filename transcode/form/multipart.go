package form

import (
	"bytes"
	"fmt"
	"strings"

	"musubi/transcode/text"
)

// A part is one part of a multipart body, a view of the body's bytes.
type part struct {
	header  []byte // lines, each with its end
	content []byte
}

// splitMultipart cuts a multipart body at its boundary.
func splitMultipart(body []byte, boundary string, l Limits) ([]part, error) {
	if boundary == "" || len(boundary) > 70 {
		return nil, fmt.Errorf("%w: multipart content type without a boundary of 1 to 70 characters", ErrMalformed)
	}
	delimiter := []byte("--" + boundary)
	var parts []part
	_, rest, last, ok := cutDelimiter(body, delimiter)
	for ok && !last {
		if len(parts) == l.Fields {
			return nil, fmt.Errorf("%w: more than %d parts", ErrTooLarge, l.Fields)
		}
		var p part
		if p.header, rest, ok = cutHeader(rest); !ok {
			break
		}
		if p.content, rest, last, ok = cutDelimiter(rest, delimiter); ok {
			parts = append(parts, p)
		}
	}
	if !ok {
		return nil, fmt.Errorf("%w: multipart body ends inside part %d, before its closing boundary", ErrMalformed, len(parts)+1)
	}
	return parts, nil
}

// cutDelimiter splits b at the first line that is a delimiter: what is before that line and its preceding line end, what
// is after it, and whether it closes the form.
func cutDelimiter(b, delimiter []byte) (before, after []byte, last, found bool) {
	for from := 0; ; {
		i := bytes.Index(b[from:], delimiter)
		if i < 0 {
			return nil, nil, false, false
		}
		i += from
		from = i + len(delimiter)
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		line, rest, _ := bytes.Cut(b[from:], []byte("\n"))
		last = bytes.HasPrefix(line, []byte("--"))
		if !last && len(bytes.Trim(line, " \t\r")) > 0 {
			continue
		}
		before = bytes.TrimSuffix(bytes.TrimSuffix(b[:i], []byte("\n")), []byte("\r"))
		return before, rest, last, true
	}
}

// cutHeader splits a part at the empty line after its header.
func cutHeader(b []byte) (header, content []byte, found bool) {
	for n := 0; n < len(b); {
		line := bytes.IndexByte(b[n:], '\n')
		if line < 0 {
			break
		}
		if len(bytes.TrimRight(b[n:n+line], "\r")) == 0 {
			return b[:n], b[n+line+1:], true
		}
		n += line + 1
	}
	return nil, nil, false
}

// texts returns the pieces of a multipart body that are text: header lines and the contents of parts that are no file.
func texts(parts []part) [][]byte {
	var pieces [][]byte
	for _, p := range parts {
		line := p.headerLine("content-disposition")
		pieces = append(pieces, line)
		if !bytes.Contains(bytes.ToLower(line), []byte("filename")) {
			pieces = append(pieces, p.content)
		}
	}
	return pieces
}

// headerLine returns the value of the part's first field of that name (lower case).
func (p part) headerLine(name string) []byte {
	for line := range bytes.Lines(p.header) {
		if field, value, ok := bytes.Cut(line, []byte(":")); ok && strings.EqualFold(string(bytes.TrimSpace(field)), name) {
			return bytes.TrimSpace(value)
		}
	}
	return nil
}

// A disposition is what a part says about itself.
type disposition struct {
	name, filename string
	file           bool
}

// disposition reads Content-Disposition. The line is decoded before it is taken apart, because a Shift_JIS file name may
// contain the byte of a backslash.
func (p part) disposition(c *text.Codec) (d disposition) {
	line := string(c.AppendDecode(nil, p.headerLine("content-disposition")))
	_, rest, _ := strings.Cut(line, ";")
	for rest != "" {
		var key, value string
		key, rest, _ = strings.Cut(rest, "=")
		value, rest = parameter(rest)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "name":
			d.name = value
		case "filename":
			d.filename, d.file = value, true
		}
	}
	return d
}

// parameter reads one parameter value, quoted or not, and returns what follows the next semicolon. Inside quotes only
// \" is an escape: browsers of the time send Windows paths as they are.
func parameter(s string) (value, rest string) {
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return strings.TrimSpace(value), rest
	}
	var b strings.Builder
	i := 1
	for ; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] == '"' {
			i++
		}
		b.WriteByte(s[i])
	}
	_, rest, _ = strings.Cut(s[min(i+1, len(s)):], ";")
	return b.String(), rest
}
