package document

import (
	"bytes"
	"encoding/xml"
	"html"
	"io"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

// maxEntries bounds a feed.
const maxEntries = 200

// An entry of a feed, whatever its format calls it. Its texts are paragraphs, without markup.
type entry struct {
	title, link, date string
	summary, content  []string
	files             []string // addresses of what comes with it
}

// An element is what stands in one: its text, and where that is XHTML its markup.
type element struct {
	Text   string `xml:",chardata"`
	Markup string `xml:",innerxml"`
}

// feed reads RSS 0.9–2.0, RDF and Atom, and writes the entries as headings that lead to them.
func feed(src []byte) (title string, body []byte, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	var entries []entry
	var whole entry // the feed itself
	in := &whole    // the entry that is open
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
				in = &whole
			}
		case xml.StartElement:
			if depth++; depth == 1 && t.Name.Local != "rss" && t.Name.Local != "feed" && t.Name.Local != "RDF" {
				return "", nil, false
			}
			if t.Name.Local == "item" || t.Name.Local == "entry" {
				if len(entries) == maxEntries {
					return whole.title, whole.list(entries), true
				}
				entries = append(entries, entry{})
				in = &entries[len(entries)-1]
				continue
			}
			if take := in.taker(t); take != nil {
				var e element
				if d.DecodeElement(&e, &t) != nil {
					return "", nil, false
				}
				depth--
				if attr(t, "type") == "xhtml" {
					e.Text = e.Markup
				}
				take(strings.TrimSpace(e.Text))
			}
		}
	}
	return whole.title, whole.list(entries), depth == 0 && (whole.title != "" || len(entries) > 0)
}

// taker says what becomes of the content of an element: nil, nothing. Atom's links, and enclosures, are attributes.
func (e *entry) taker(t xml.StartElement) func(content string) {
	line := func(to *string) func(string) {
		return func(s string) {
			if *to == "" {
				*to = s
			}
		}
	}
	text := func(to *[]string) func(string) {
		return func(s string) {
			if len(*to) == 0 {
				*to = paragraphs(s)
			}
		}
	}
	if strings.Contains(t.Name.Space, "mrss") || strings.Contains(t.Name.Space, "itunes") { // the same once more, for players
		return nil
	}
	switch t.Name.Local {
	case "title":
		return func(s string) {
			if kind := attr(t, "type"); kind == "html" || kind == "xhtml" {
				s = strings.Join(paragraphs(s), " ")
			}
			line(&e.title)(s)
		}
	case "link":
		switch href, rel := attr(t, "href"), attr(t, "rel"); {
		case href == "":
			return line(&e.link)
		case rel == "enclosure":
			e.files = append(e.files, href)
		case rel == "" || rel == "alternate":
			line(&e.link)(href)
		}
	case "guid":
		return func(s string) {
			if attr(t, "isPermaLink") != "false" && strings.HasPrefix(s, "http") {
				line(&e.link)(s)
			}
		}
	case "enclosure":
		if url := attr(t, "url"); url != "" {
			e.files = append(e.files, url)
		}
	case "pubDate", "date", "published", "updated":
		return line(&e.date)
	case "description", "summary", "subtitle":
		return text(&e.summary)
	case "encoded", "content":
		return text(&e.content)
	}
	return nil
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// list writes what the feed says of itself, and its entries.
func (e *entry) list(entries []entry) []byte {
	out := e.texts(nil)
	for _, e := range entries {
		title := e.title
		if title == "" {
			title = e.link
		}
		out = append(out, "<h2>"...)
		if e.link != "" {
			out = link(out, e.link, title)
		} else {
			out = append(out, html.EscapeString(title)...)
		}
		out = append(out, "</h2>"...)
		if e.date != "" {
			out = append(append(append(out, "<p><small>"...), html.EscapeString(e.date)...), "</small></p>"...)
		}
		out = e.texts(out)
		for _, url := range e.files {
			out = append(link(append(out, "<p>"...), url, path.Base(url)), "</p>"...)
		}
	}
	return out
}

func link(out []byte, url, words string) []byte {
	out = append(append(append(out, `<a href="`...), html.EscapeString(url)...), `">`...)
	return append(append(out, html.EscapeString(words)...), "</a>"...)
}

// texts writes what an entry says: its summary, unless it is the beginning of its content, and its content.
func (e *entry) texts(out []byte) []byte {
	summary := e.summary
	if begin := strings.TrimRight(strings.Join(summary, ""), ".… "); strings.HasPrefix(strings.Join(e.content, ""), begin) && len(e.content) > 0 {
		summary = nil
	}
	for _, p := range append(summary[:len(summary):len(summary)], e.content...) {
		out = append(append(append(out, "<p>"...), html.EscapeString(p)...), "</p>"...)
	}
	return out
}

// breaks are the elements that end a paragraph.
var breaks = regexp.MustCompile(`(?i)^/?(p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|pre|hr|section|article|figure|dt|dd)\b`)

// silent is what markup has that nobody reads.
var silent = regexp.MustCompile(`(?is)<(script|style)\b.*?(</(script|style)\s*>|$)|<!--.*?-->`)

// paragraphs are those of a text, without its markup.
func paragraphs(s string) (list []string) {
	var out strings.Builder
	end := func() {
		if p := strings.Join(strings.Fields(html.UnescapeString(out.String())), " "); p != "" {
			list = append(list, p)
		}
		out.Reset()
	}
	s = silent.ReplaceAllString(s, "")
	for {
		before, rest, found := strings.Cut(s, "<")
		out.WriteString(before)
		if !found {
			break
		}
		tag, after, found := strings.Cut(rest, ">")
		if s = after; !found {
			break
		}
		if breaks.MatchString(strings.TrimSpace(tag)) {
			end()
		}
	}
	end()
	return list
}
