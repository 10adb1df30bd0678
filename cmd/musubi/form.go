package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"musubi/carriers"
	"musubi/transcode/form"
)

// formCmd is the form stage alone.
type formCmd struct {
	UA          string   `long:"ua" description:"User-Agent of the handset that posts." required:"true"`
	Header      []string `long:"header" description:"Further request header, repeatable." value-name:"NAME: VALUE"`
	ContentType string   `long:"content-type" description:"Content-Type of the body. Default: multipart when the body begins with a boundary, else URL-encoded."`
}

// Run reads a body as the handset posted it and prints its fields, in their order, as one JSON object.
func (c *formCmd) Run(s *std) error {
	headers, err := headerFields(c.Header)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(s.In)
	if err != nil {
		return badUsage("standard input cannot be read: %v", err)
	}
	contentType := c.ContentType
	if contentType == "" {
		contentType = guessFormType(body)
	}
	h := carriers.Identify(carriers.Request{UserAgent: c.UA, Headers: headers})
	fields, err := form.Parse(&h, contentType, body, form.Limits{})
	if err != nil {
		return badUsage("%v", err)
	}
	return writeFields(s.Out, fields)
}

// guessFormType knows a multipart body by its first line.
func guessFormType(body []byte) string {
	line, _, _ := bytes.Cut(body, []byte("\n"))
	boundary, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r"), "--")
	if !ok || boundary == "" || strings.ContainsAny(boundary, "\"\\=&") {
		return ""
	}
	return `multipart/form-data; boundary="` + boundary + `"`
}

// writeFields prints {"name":["value",…],…}, names in the order of their first field.
func writeFields(w io.Writer, fields form.Fields) error {
	var names []string
	values := make(map[string][]string)
	for _, f := range fields {
		if values[f.Name] == nil {
			names = append(names, f.Name)
		}
		values[f.Name] = append(values[f.Name], f.Value)
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(plainJSON(name))
		b.WriteByte(':')
		b.Write(plainJSON(values[name]))
	}
	b.WriteString("}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// plainJSON marshals without escaping < > and &. Strings and slices of them cannot fail.
func plainJSON(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
