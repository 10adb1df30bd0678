package document

import (
	"bytes"
	"encoding/xml"
	"html"
	"io"
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/net/html/charset"
)

// maxEntries bounds a feed, and excerpt how much of an entry is shown, in characters.
const (
	maxEntries = 200
	excerpt    = 120
)

// An entry of a feed, whatever its format calls it.
type entry struct{ title, link, date, text string }

// feed reads RSS 0.9–2.0, RDF and Atom, and writes the entries as headings that lead to them.
func feed(src []byte) (title string, body []byte, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	var entries []entry
	var in *entry // the entry that is open
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", nil, false
		}
		switch t := token.(type) {
		case xml.EndElement:
			if depth--; t.Name.Local == "item" || t.Name.Local == "entry" {
				in = nil
			}
		case xml.StartElement:
			if depth++; depth == 1 && t.Name.Local != "rss" && t.Name.Local != "feed" && t.Name.Local != "RDF" {
				return "", nil, false
			}
			if t.Name.Local == "item" || t.Name.Local == "entry" {
				if len(entries) == maxEntries {
					return title, list(entries), true
				}
				entries = append(entries, entry{})
				in = &entries[len(entries)-1]
				continue
			}
			if where := in.cell(t, &title); where != nil {
				var content string
				if d.DecodeElement(&content, &t) != nil {
					return "", nil, false
				}
				depth--
				if content = strings.TrimSpace(content); content != "" && *where == "" {
					*where = content
				}
			}
		}
	}
	return title, list(entries), depth == 0 && (title != "" || len(entries) > 0)
}

// cell says where the content of an element belongs: nil, nowhere. Atom's links are attributes.
func (e *entry) cell(t xml.StartElement, feedTitle *string) *string {
	if e == nil {
		if t.Name.Local == "title" && *feedTitle == "" {
			return feedTitle
		}
		return nil
	}
	switch t.Name.Local {
	case "title":
		return &e.title
	case "link":
		href, rel := "", ""
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "href":
				href = a.Value
			case "rel":
				rel = a.Value
			}
		}
		if href == "" {
			return &e.link
		}
		if e.link == "" && (rel == "" || rel == "alternate") {
			e.link = href
		}
	case "pubDate", "date", "published", "updated":
		return &e.date
	case "description", "summary":
		return &e.text
	}
	return nil
}

func list(entries []entry) []byte {
	var out []byte
	for _, e := range entries {
		title := e.title
		if title == "" {
			title = e.link
		}
		out = append(out, "<h2>"...)
		if e.link != "" {
			out = append(append(append(out, `<a href="`...), html.EscapeString(e.link)...), `">`...)
			out = append(append(out, html.EscapeString(title)...), "</a>"...)
		} else {
			out = append(out, html.EscapeString(title)...)
		}
		out = append(out, "</h2>"...)
		if e.date != "" {
			out = append(append(append(out, "<p><small>"...), html.EscapeString(e.date)...), "</small></p>"...)
		}
		if text := plain(e.text); text != "" {
			out = append(append(append(out, "<p>"...), html.EscapeString(text)...), "</p>"...)
		}
	}
	return out
}

// plain returns the beginning of a description without its markup.
func plain(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		out.WriteString(before)
		if !found {
			break
		}
		if _, s, found = strings.Cut(rest, ">"); !found {
			break
		}
		out.WriteByte(' ')
	}
	text := strings.Join(strings.Fields(html.UnescapeString(out.String())), " ")
	rest := text
	for range excerpt {
		if _, rest, _, _ = uniseg.FirstGraphemeClusterInString(rest, -1); rest == "" {
			return text
		}
	}
	return text[:len(text)-len(rest)] + "…"
}
