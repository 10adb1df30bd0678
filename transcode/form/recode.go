package form

import (
	"crypto/rand"
	"strings"

	"musubi/carriers"
)

// Recode appends to dst the same form in canonical UTF-8, for upstream, and returns it with its content type. Contents
// of file parts are copied byte by byte; their names become UTF-8. Errors wrap ErrTooLarge or ErrMalformed.
func Recode(dst []byte, h *carriers.Handset, contentType string, body []byte, l Limits) (out []byte, outType string, err error) {
	kind, params, err := mediaType(contentType)
	if err != nil {
		return dst, "", err
	}
	if kind == urlencodedType {
		fields, err := Parse(h, contentType, body, l)
		if err != nil {
			return dst, "", err
		}
		return fields.AppendEncode(dst), urlencodedType, nil
	}
	l = l.withDefaults()
	if err := l.check(body); err != nil {
		return dst, "", err
	}
	parts, err := splitMultipart(body, params["boundary"], l)
	if err != nil {
		return dst, "", err
	}
	boundary := "musubi-" + rand.Text() // unknown to the sender, so no text of a field can forge it
	c := codecOf(h, params["charset"], texts(parts))
	for _, p := range parts {
		d := p.disposition(c)
		dst = append(dst, "--"+boundary+"\r\nContent-Disposition: form-data; name="...)
		dst = appendQuoted(dst, d.name)
		if !d.file {
			dst = append(dst, "\r\n\r\n"...)
			dst = c.AppendDecode(dst, p.content)
			dst = append(dst, "\r\n"...)
			continue
		}
		dst = append(dst, "; filename="...)
		dst = appendQuoted(dst, d.filename)
		dst = append(dst, "\r\nContent-Type: "...)
		dst = append(dst, fileType(p)...)
		dst = append(dst, "\r\n\r\n"...)
		dst = append(dst, p.content...)
		dst = append(dst, "\r\n"...)
	}
	return append(dst, "--"+boundary+"--\r\n"...), multipartType + "; boundary=" + boundary, nil
}

// appendQuoted writes a name as browsers do.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := range len(s) {
		switch s[i] {
		case '"':
			dst = append(dst, "%22"...)
		case '\n':
			dst = append(dst, "%0A"...)
		case '\r':
			dst = append(dst, "%0D"...)
		default:
			dst = append(dst, s[i])
		}
	}
	return append(dst, '"')
}

// fileType returns the content type that a file part states, if it is plain ASCII.
func fileType(p part) string {
	t := string(p.headerLine("content-type"))
	if t == "" || strings.ContainsFunc(t, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "application/octet-stream"
	}
	return t
}
