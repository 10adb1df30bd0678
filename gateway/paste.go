package gateway

import (
	"bytes"
	"mime"
	"regexp"
)

// A member who pastes the address of a page into a diary or a letter would give their session away with it, so sessions
// are cut out of the addresses in a form before the upstream sees it (SEC-35). Only what looks like an ID of ours counts,
// and a form without any stays as it came, byte for byte.
var (
	inText = pasted{regexp.MustCompile(`\?_s=[\w-]{22,}&(?:amp;)?`), regexp.MustCompile(`(?:\?|&(?:amp;)?)_s=[\w-]{22,}`), []byte("?")}
	inForm = pasted{regexp.MustCompile(`(?i)%3F_s%3D[\w-]{22,}%26(?:amp(?:;|%3B))?`), regexp.MustCompile(`(?i)(?:%3F|%26(?:amp(?:;|%3B))?)_s%3D[\w-]{22,}`), []byte("%3F")}
)

// pasted finds session IDs in the addresses of one spelling: plain, or percent-encoded.
type pasted struct {
	first    *regexp.Regexp // the first of several parameters, which leaves the question mark to the next
	any      *regexp.Regexp
	question []byte
}

func (p pasted) cut(text []byte) []byte {
	return p.any.ReplaceAll(p.first.ReplaceAll(text, p.question), nil)
}

// cutPasted takes sessions out of the body of a form. Files in it are left alone.
func cutPasted(body []byte, contentType string) []byte {
	if !bytes.Contains(body, []byte(paramSession)) {
		return body
	}
	kind, params, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return body
	case kind == "application/x-www-form-urlencoded":
		return inForm.cut(body)
	case kind != "multipart/form-data" || params["boundary"] == "":
		return body
	}
	boundary := []byte("--" + params["boundary"])
	parts := bytes.Split(body, boundary)
	for i, part := range parts {
		head, _, _ := bytes.Cut(part, []byte("\r\n\r\n"))
		if !bytes.Contains(bytes.ToLower(head), []byte("filename")) {
			parts[i] = inText.cut(part)
		}
	}
	return bytes.Join(parts, boundary)
}
