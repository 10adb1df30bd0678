package gateway

import (
	"bytes"
	"mime"
	"regexp"

	"musubi/transcode/own"
)

// A member who pastes the address of a page into a diary or a letter would give their session away with it, so sessions
// are cut out of the addresses in a form before the upstream sees it (SEC-35). Only what looks like an ID of ours counts,
// and a form without any stays as it came, byte for byte.
var (
	inText = newPasted("?", `\?`, `&(?:amp;)?`, own.Session+`=[\w-]{22,}`)
	inForm = newPasted("%3F", `(?i)%3F`, `(?i)%26(?:amp(?:;|%3B))?`, `(?i)`+own.Session+`%3D[\w-]{22,}`)
)

// pasted finds session IDs in the addresses of one spelling: plain, or percent-encoded.
type pasted struct {
	first    *regexp.Regexp // the first of several parameters, which leaves the question mark to the next
	any      *regexp.Regexp
	question []byte
}

// newPasted is for a spelling whose question mark, ampersand and parameter match the expressions.
func newPasted(question, begin, and, param string) pasted {
	return pasted{regexp.MustCompile(begin + param + and), regexp.MustCompile(`(?:` + begin + `|` + and + `)` + param), []byte(question)}
}

func (p pasted) cut(text []byte) []byte {
	return p.any.ReplaceAll(p.first.ReplaceAll(text, p.question), nil)
}

// cutPasted takes sessions out of the body of a form. Files in it are left alone.
func cutPasted(body []byte, contentType string) []byte {
	if !bytes.Contains(body, []byte(own.Session)) {
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
