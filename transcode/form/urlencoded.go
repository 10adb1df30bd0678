package form

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"musubi/carriers"
	"musubi/transcode/text"
)

// A rawField is a field in the handset's bytes, percent signs resolved.
type rawField struct{ name, value []byte }

// splitURLEncoded cuts a body or query into fields. Pieces without "=" are names with an empty value; empty pieces are
// nothing.
func splitURLEncoded(h *carriers.Handset, body []byte, l Limits) ([]rawField, error) {
	webcodes := h.Emoji == carriers.EmojiSoftBank && bytes.IndexByte(body, 0x1B) >= 0
	var fields []rawField
	unescaped := make([]byte, 0, len(body)) // never longer, so names and values keep their place in it
	for len(body) > 0 {
		piece := body[:cut(body, '&', webcodes)]
		body = body[min(len(piece)+1, len(body)):]
		if len(piece) == 0 {
			continue
		}
		if len(fields) == l.Fields {
			return nil, fmt.Errorf("%w: more than %d fields", ErrTooLarge, l.Fields)
		}
		var f rawField
		equals := cut(piece, '=', webcodes)
		unescaped, f.name = unescape(unescaped, piece[:equals], webcodes)
		unescaped, f.value = unescape(unescaped, piece[min(equals+1, len(piece)):], webcodes)
		fields = append(fields, f)
	}
	return fields, nil
}

// cut returns the place of the first separator in s that is no part of a webcode, or len(s).
func cut(s []byte, separator byte, webcodes bool) int {
	if !webcodes {
		if i := bytes.IndexByte(s, separator); i >= 0 {
			return i
		}
		return len(s)
	}
	for i := 0; i < len(s); i++ {
		if s[i] == separator {
			return i
		}
		if n := text.WebcodeLength(s[i:]); n > 0 {
			i += n - 1
		}
	}
	return len(s)
}

// unescape appends s to dst with %XX and + resolved and returns both the extended slice and the new part. A percent sign
// without two hexadecimal digits stands for itself; webcodes written raw are left alone.
func unescape(dst, s []byte, webcodes bool) (all, part []byte) {
	start := len(dst)
	for i := 0; i < len(s); {
		n := 1
		switch b := s[i]; {
		case b == '%' && i+2 < len(s) && digit[s[i+1]]|digit[s[i+2]] < 16:
			dst = append(dst, digit[s[i+1]]<<4|digit[s[i+2]])
			n = 3
		case b == '+':
			dst = append(dst, ' ')
		case b == 0x1B && webcodes:
			n = max(1, text.WebcodeLength(s[i:]))
			dst = append(dst, s[i:i+n]...)
		default:
			dst = append(dst, b)
		}
		i += n
	}
	return dst, dst[start:len(dst):len(dst)]
}

// digit has the value of each hexadecimal digit, 255 for other bytes.
var digit = func() (t [256]byte) {
	for b := range t {
		t[b] = 255
	}
	for i, b := range []byte("0123456789abcdef") {
		t[b] = byte(i)
		if b >= 'a' {
			t[b-0x20] = byte(i)
		}
	}
	return t
}()

// decode turns the fields of one form into canonical text.
func decode(h *carriers.Handset, hint string, raw []rawField) Fields {
	all := make([][]byte, 0, 2*len(raw))
	for _, f := range raw {
		all = append(all, f.name, f.value)
	}
	c := codecOf(h, hint, all)
	fields := make(Fields, len(raw))
	var b []byte
	for i, f := range raw {
		b = c.AppendDecode(b[:0], f.name)
		fields[i].Name = string(b)
		b = c.AppendDecode(b[:0], f.value)
		fields[i].Value = string(b)
	}
	return fields
}

// AppendEncode appends the fields as application/x-www-form-urlencoded UTF-8, for upstream.
func (f Fields) AppendEncode(dst []byte) []byte { return f.AppendEncodeIn(dst, "") }

// AppendEncodeIn is AppendEncode in another charset, by its name on the Web; "" and unknown ones are UTF-8. As browsers do, it
// sends CR LF for each line end and a decimal reference for a character that the charset lacks [html-forms].
func (f Fields) AppendEncodeIn(dst []byte, charset string) []byte {
	encode := encoderOf(charset)
	for i := range f {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = appendEscaped(dst, encode(f[i].Name))
		dst = append(dst, '=')
		dst = appendEscaped(dst, encode(f[i].Value))
	}
	return dst
}

// AppendMultipart is AppendEncodeIn as multipart/form-data. files are the places of fields that are files of no name and
// content: what a browser sends where none was chosen.
func (f Fields) AppendMultipart(dst []byte, charset string, files []int) (body []byte, contentType string) {
	encode, boundary := encoderOf(charset), "musubi-"+rand.Text()
	for i := range f {
		dst = append(append(append(dst, "--"...), boundary...), "\r\nContent-Disposition: form-data; name="...)
		dst = appendQuoted(dst, encode(wireLines(f[i].Name)))
		if slices.Contains(files, i) {
			dst = append(dst, "; filename=\"\"\r\nContent-Type: application/octet-stream"...)
		}
		dst = append(append(append(dst, "\r\n\r\n"...), encode(wireLines(f[i].Value))...), "\r\n"...)
	}
	return append(append(append(dst, "--"...), boundary...), "--\r\n"...), multipartType + "; boundary=" + boundary
}

// AppendPlain is AppendEncodeIn as text/plain: a line for each field, which nobody can read back for sure.
func (f Fields) AppendPlain(dst []byte, charset string) []byte {
	encode := encoderOf(charset)
	for i := range f {
		dst = append(append(dst, encode(wireLines(f[i].Name))...), '=')
		dst = append(append(dst, encode(wireLines(f[i].Value))...), "\r\n"...)
	}
	return dst
}

// wireLines has CR LF for each line end.
func wireLines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// appendEscaped escapes as browsers do: letters, digits and * - . _ stay, a space becomes +.
func appendEscaped(dst []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9', b|0x20 >= 'a' && b|0x20 <= 'z', b == '*', b == '-', b == '.', b == '_':
			dst = append(dst, b)
		case b == ' ':
			dst = append(dst, '+')
		case b == '\n' && (i == 0 || s[i-1] != '\r'):
			dst = append(dst, "%0D%0A"...)
		default:
			dst = append(dst, '%', digits[b>>4], digits[b&15])
		}
	}
	return dst
}
