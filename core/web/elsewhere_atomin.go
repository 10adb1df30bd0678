package web

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strings"

	"golang.org/x/net/html"
)

// What a client sends: Atom's elements in Atom's namespace or, as those of 2007 did, in that of the protocol, in any order. Entities
// of its own making a document cannot bring (SEC-52).
type (
	atomIn struct {
		XMLName xml.Name
		Title   atomInText `xml:"title"`
		Summary atomInText `xml:"summary"`
		Content atomInText `xml:"content"`
	}
	atomInText struct {
		Type  string `xml:"type,attr"`
		Text  string `xml:",chardata"`
		Inner string `xml:",innerxml"`
	}
	// sentEntry is what we take of it.
	sentEntry struct{ title, text string }
)

// maxAtomEntry is how long an entry may be, in bytes.
const maxAtomEntry = 256 << 10

func badEntry(says string) error { return programError{http.StatusBadRequest, says} }

// readAtomEntry reads an entry.
func readAtomEntry(body []byte) (sentEntry, error) {
	if len(body) > maxAtomEntry {
		return sentEntry{}, programError{http.StatusRequestEntityTooLarge, "The entry is too long."}
	}
	if declares(body) {
		return sentEntry{}, badEntry("A document type is not taken.")
	}
	var in atomIn
	if err := xml.Unmarshal(body, &in); err != nil {
		return sentEntry{}, badEntry("An Atom entry in UTF-8 is expected: " + err.Error())
	}
	if in.XMLName.Local != "entry" {
		return sentEntry{}, badEntry("An Atom entry is expected, not the element " + in.XMLName.Local + ".")
	}
	text := in.Content
	if strings.TrimSpace(text.Inner) == "" {
		text = in.Summary
	}
	return sentEntry{in.Title.plain(), text.plain()}, nil
}

// declares says whether a document begins with a declaration of its type.
func declares(body []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		t, err := d.RawToken()
		if err != nil {
			return false
		}
		switch t.(type) {
		case xml.Directive:
			return true
		case xml.StartElement:
			return false
		}
	}
}

// plain is text without markup: what a member wrote is text here.
func (t atomInText) plain() string {
	switch t.Type {
	case "html", "text/html":
		return textOfHTML(t.Text)
	case "xhtml":
		return textOfHTML(t.Inner)
	}
	return t.Text
}

// textOfHTML is what is read of markup: its text, a line for each block.
func textOfHTML(markup string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	hidden := 0 // elements whose text nobody reads
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "br":
				b.WriteByte('\n')
			case "script", "style":
				hidden++
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "tr", "pre":
				b.WriteByte('\n')
			case "script", "style":
				hidden = max(hidden-1, 0)
			}
		}
	}
}
