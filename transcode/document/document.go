// Package document makes a canonical page of what a web application answers that is no page: text, CSV, Markdown, JSON and
// feeds. A handset would show them in the wrong character set, or not at all, and over its budget; as a page they go through
// the same stages as any other.
//
// It is given the bytes and their media type, and gives back HTML in UTF-8 for transcode/page. What a type does not promise
// it does not try: a damaged CSV, JSON or feed is shown as the text it is. Start reading at [Page].
package document

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"musubi/transcode/markup"
)

// Readable says whether Page makes a page of a media type.
func Readable(mediaType string) bool {
	switch mediaType {
	case "text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/x-markdown", "application/json",
		"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml":
		return true
	}
	return strings.HasSuffix(mediaType, "+json")
}

// Page returns a document as a page in UTF-8. mediaType is lower case and without parameters, contentType the whole field,
// name what to call the document.
func Page(src []byte, mediaType, contentType, name string) []byte {
	text := bytes.ToValidUTF8(markup.Canonical(src, contentType), []byte("\uFFFD"))
	if strings.HasSuffix(mediaType, "+json") {
		mediaType = "application/json"
	}
	switch mediaType {
	case "text/csv":
		if rows, ok := table(text, ','); ok {
			return page(name, rows)
		}
	case "text/tab-separated-values":
		if rows, ok := table(text, '\t'); ok {
			return page(name, rows)
		}
	case "text/markdown", "text/x-markdown":
		var out bytes.Buffer
		if markdown.Convert(text, &out) == nil {
			return page(name, out.Bytes())
		}
	case "application/json":
		var out bytes.Buffer
		if json.Indent(&out, text, "", " ") == nil {
			text = unescaped(out.Bytes())
		}
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml":
		if title, list, ok := feed(src); ok {
			if title == "" {
				title = name
			}
			return page(title, list)
		}
	}
	return page(name, lines(text))
}

// markdown writes no raw HTML, which the source may not have meant.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))

// page puts the frame of a page around a body.
func page(title string, body []byte) []byte {
	out := make([]byte, 0, len(body)+2*len(title)+100)
	out = append(out, `<!DOCTYPE html><html><head><meta charset="utf-8"><title>`...)
	out = append(append(out, html.EscapeString(title)...), `</title></head><body>`...)
	return append(append(out, body...), `</body></html>`...)
}

// lines writes text as paragraphs: blank lines part them, line ends stay. Text that is laid out with spaces stays as it is.
func lines(text []byte) []byte {
	s := strings.ReplaceAll(strings.ReplaceAll(string(text), "\r\n", "\n"), "\r", "\n")
	var out []byte
	for part := range strings.SplitSeq(s, "\n\n") {
		part = strings.Trim(part, "\n")
		switch {
		case strings.TrimSpace(part) == "":
		case strings.Contains(part, "\t") || strings.Contains(part, "  "):
			out = append(append(append(out, "<pre>"...), html.EscapeString(part)...), "</pre>"...)
		default:
			out = append(append(append(out, "<p>"...), strings.ReplaceAll(html.EscapeString(part), "\n", "<br>")...), "</p>"...)
		}
	}
	return out
}

// maxCells bounds a table; a larger one is shown as text.
const maxCells = 20_000

// table writes rows of cells as a table.
func table(text []byte, comma rune) ([]byte, bool) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, false
	}
	cells := 0
	out := []byte("<table>")
	for i, row := range rows {
		if cells += len(row); cells > maxCells {
			return nil, false
		}
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		out = append(out, "<tr>"...)
		for _, cell := range row {
			out = append(append(append(out, '<'), tag...), '>')
			out = append(append(append(append(out, html.EscapeString(cell)...), "</"...), tag...), '>')
		}
		out = append(out, "</tr>"...)
	}
	return append(out, "</table>"...), true
}

// unescaped is JSON with the letters that it spells as \uXXXX, for readers.
func unescaped(src []byte) []byte {
	out := make([]byte, 0, len(src))
	for i := 0; i < len(src); i++ {
		if src[i] != '\\' || i+1 == len(src) {
			out = append(out, src[i])
			continue
		}
		r, size := escapedRune(src[i:])
		if size == 0 || !unicode.IsGraphic(r) || r == '"' || r == '\\' {
			out = append(out, src[i], src[i+1])
			i++
			continue
		}
		out, i = utf8.AppendRune(out, r), i+size-1
	}
	return out
}

// escapedRune reads \uXXXX, or the two that spell one sign; size is 0 if there is none.
func escapedRune(s []byte) (r rune, size int) {
	unit := func(s []byte) rune {
		if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
			return -1
		}
		n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
		if err != nil {
			return -1
		}
		return rune(n)
	}
	if r = unit(s); r < 0 {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if r = utf16.DecodeRune(r, unit(s[6:])); r == unicode.ReplacementChar {
			return 0, 0
		}
		return r, 12
	}
	return r, 6
}
