package mail

import (
	"bytes"
	"strings"
)

// A Field is one header field, unfolded; its value has the bytes that were sent.
type Field struct{ Name, Value string }

// A Header has the fields of a message or part in their order.
type Header []Field

// Get returns the value of the first field of that name, or "".
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Count returns how many fields have that name.
func (h Header) Count(name string) (n int) {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			n++
		}
	}
	return n
}

// splitHeader reads the fields that b begins with, up to and with the empty line, and returns what follows. Lines that are
// no field and continue none are left out: "From " of a mailbox file is the usual one. Line ends may be CRLF or LF.
func splitHeader(b []byte, limit int) (h Header, body []byte, err error) {
	read := 0
	for len(b) > 0 {
		line, rest := cutLine(b)
		if read += len(b) - len(rest); read > limit {
			return nil, nil, &Refusal{HeaderTooLarge, limit}
		}
		if b = rest; len(line) == 0 {
			return joinFolds(h), b, nil
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(h) > 0 {
				h = append(h, Field{"", string(line)})
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte{':'})
		if name = bytes.TrimRight(name, " \t"); ok && fieldName(name) {
			h = append(h, Field{string(name), string(value)})
		}
	}
	return joinFolds(h), nil, nil
}

// joinFolds joins each field with the lines that continue it, which have no name yet. It takes time once for all of them,
// however many there are.
func joinFolds(h Header) Header {
	out := h[:0]
	for i := 0; i < len(h); {
		j := i + 1
		for j < len(h) && h[j].Name == "" {
			j++
		}
		value := h[i].Value
		if j > i+1 {
			var b strings.Builder
			for _, f := range h[i:j] {
				b.WriteString(f.Value)
			}
			value = b.String()
		}
		out = append(out, Field{h[i].Name, strings.Trim(value, " \t")})
		i = j
	}
	return out
}

// fieldName says whether name is one (RFC 5322 §2.2).
func fieldName(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7F {
			return false
		}
	}
	return len(name) > 0
}

// cutLine cuts the first line off, without its line end.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

// printable is what of a value is text of RFC 5322: printable ASCII. Names and numbers of the protocol have nothing else.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F {
			return -1
		}
		return r
	}, s)
}

// mediaType returns what a Content-Type says, in lower case: "text/plain", or "" where it says nothing.
func mediaType(value string) string {
	kind, _, _ := strings.Cut(value, ";")
	kind = strings.ToLower(strings.TrimSpace(printable(kind)))
	if strings.Count(kind, "/") != 1 || strings.ContainsAny(kind, " \t") {
		return ""
	}
	return kind
}

// param returns the parameter of a structured field such as Content-Type, quoted or not. Parameters in pieces (RFC 2231)
// are not joined: only names of files come so, which nobody reads.
func param(value, name string) string {
	_, rest, _ := strings.Cut(value, ";")
	for rest != "" {
		var key, v string
		key, rest, _ = strings.Cut(rest, "=")
		v, rest = paramValue(strings.TrimLeft(rest, " \t"))
		if i := strings.LastIndexByte(key, ';'); i >= 0 {
			key = key[i+1:] // a parameter without a value came before
		}
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return v
		}
	}
	return ""
}

// paramValue reads the value that s begins with, and returns what follows its semicolon.
func paramValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return strings.TrimSpace(value), rest
	}
	var b strings.Builder
	i := 1
	for ; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	_, rest, _ = strings.Cut(s[min(i, len(s)):], ";")
	return b.String(), rest
}
