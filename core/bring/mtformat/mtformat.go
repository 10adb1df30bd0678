// Package mtformat reads and writes the text in which blogs of the time hand on their entries: the import format of Movable Type,
// as Hatena, Seesaa, FC2 and others write it too, and it reads Hatena Diary's own XML. Nothing of an entry is trusted: HTML becomes
// plain text, and whatever cannot be read is counted. Sources: the format's description by Six Apart, Hatena's help on importing MT.
package mtformat

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"
)

// Bounds of one file.
const (
	MaxEntries  = 5000
	MaxComments = 20_000
	maxLine     = 4 << 20
)

// ErrFormat: the text is in no format we know.
var ErrFormat = errors.New("mtformat: neither the import format of Movable Type nor Hatena's XML")

// An Entry is one entry of a blog, in plain text.
type Entry struct {
	Title    string
	Body     string
	Category string // the primary one; "": none
	At       time.Time
	Draft    bool // was not published there
	Comments []Comment
	Pictures int // pictures that its HTML showed: they lie elsewhere
	Pings    int // trackbacks

	misdated bool // it has a date that is none
}

// A Comment is what somebody said under an entry, by the name they gave.
type Comment struct {
	Author, Body string
	At           time.Time // zero: not said
}

// A Result is what a file has.
type Result struct {
	Entries []Entry
	More    int // entries beyond MaxEntries
	Undated int // entries without a date
	Misread int // entries whose date is none
	Empty   int // entries with neither title nor text
}

// Parse reads a file in any of the formats; times without a zone are of zone. ErrFormat when it is in none of them.
func Parse(file []byte, zone *time.Location) (Result, error) {
	text := Decode(file)
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		return parseHatena(text, zone)
	}
	return parseMT(text, zone)
}

// Signs between the parts of an entry, and between entries.
const (
	partEnd  = "-----"
	entryEnd = "--------"
)

// fieldNames are the names of single lines that we know. A first line with another one is no entry of this format.
var fieldNames = map[string]bool{"AUTHOR": true, "TITLE": true, "DATE": true, "BASENAME": true, "STATUS": true, "CATEGORY": true, "PRIMARY CATEGORY": true,
	"ALLOW COMMENTS": true, "ALLOW PINGS": true, "CONVERT BREAKS": true, "NO ENTRY": true, "TAGS": true, "IMAGE": true, "UNIQUE URL": true, "PATH": true}

func parseMT(text string, zone *time.Location) (r Result, err error) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(make([]byte, 64<<10), maxLine)
	var one []string
	known, comments := false, 0
	end := func() {
		if len(one) > 0 {
			r.add(entryOf(one, zone, &comments))
		}
		one = one[:0]
	}
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), "\r")
		if line == entryEnd {
			end()
			continue
		}
		if !known && strings.TrimSpace(line) != "" {
			name, _, ok := strings.Cut(line, ":")
			if known = ok && fieldNames[name]; !known {
				return r, ErrFormat
			}
		}
		one = append(one, line)
	}
	if !known || lines.Err() != nil {
		return r, ErrFormat
	}
	end()
	return r, nil
}

// add takes an entry in, or counts why it is not.
func (r *Result) add(e Entry, ok bool) {
	switch {
	case !ok:
	case e.Title == "" && e.Body == "":
		r.Empty++
	case e.misdated:
		r.Misread++
	case e.At.IsZero():
		r.Undated++
	case len(r.Entries) >= MaxEntries:
		r.More++
	default:
		r.Entries = append(r.Entries, e)
	}
}

// entryOf reads the lines of one entry. ok is false when they are blank.
func entryOf(lines []string, zone *time.Location, comments *int) (e Entry, ok bool) {
	breaks := ""
	var body, more string
	for n, part := range parts(lines) {
		if n == 0 {
			for _, line := range part {
				name, value, _ := strings.Cut(line, ":")
				value = strings.TrimSpace(value)
				switch name {
				case "TITLE":
					e.Title = plainLine(value)
				case "DATE":
					var err error
					e.At, err = parseDate(value, zone)
					e.misdated = err != nil && value != ""
				case "STATUS":
					e.Draft = !strings.EqualFold(value, "publish") && value != ""
				case "PRIMARY CATEGORY":
					e.Category = plainLine(value)
				case "CATEGORY":
					if e.Category == "" {
						e.Category = plainLine(value)
					}
				case "CONVERT BREAKS":
					breaks = value
				}
				ok = ok || strings.TrimSpace(line) != ""
			}
			continue
		}
		if len(part) == 0 {
			continue
		}
		rest := strings.Join(part[1:], "\n")
		switch strings.TrimSpace(part[0]) {
		case "BODY:":
			body = rest
		case "EXTENDED BODY:":
			more = rest
		case "PING:":
			e.Pings++
		case "COMMENT:":
			if *comments++; *comments <= MaxComments {
				e.Comments = append(e.Comments, commentOf(part[1:], zone))
			}
		}
	}
	for _, html := range []string{body, more} {
		text, pictures := Plain(html, breaks != "0")
		e.Pictures += pictures
		if text != "" && e.Body != "" {
			e.Body += "\n\n"
		}
		e.Body += text
	}
	return e, ok
}

// parts cuts an entry at its signs.
func parts(lines []string) (all [][]string) {
	from := 0
	for i, line := range lines {
		if line == partEnd {
			all = append(all, lines[from:i])
			from = i + 1
		}
	}
	return append(all, lines[from:])
}

// commentOf reads a comment: lines of fields, then what was said.
func commentOf(lines []string, zone *time.Location) (c Comment) {
	for i, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case ok && name == "AUTHOR":
			c.Author = plainLine(value)
			continue
		case ok && name == "DATE":
			c.At, _ = parseDate(value, zone)
			continue
		case ok && (name == "EMAIL" || name == "IP" || name == "URL" || name == "TITLE" || name == "BLOG NAME"):
			continue // whoever said it did not say that here
		}
		c.Body, _ = Plain(strings.Join(lines[i:], "\n"), true)
		break
	}
	return c
}

// dateLayouts are how blogs write a time. Where a year has two digits, those from 69 on are of the last century.
var dateLayouts = []string{"01/02/2006 03:04:05 PM", "01/02/2006 15:04:05 PM", "01/02/2006 15:04:05", "01/02/2006 03:04 PM", "01/02/2006 15:04", "01/02/2006", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006-01-02 15:04:05", time.RFC3339,
	"01/02/06 03:04:05 PM", "01/02/06 15:04:05", "01/02/06 15:04", "01/02/06"}

// parseDate reads a time. That a moment is ahead of us is no fault of the date.
func parseDate(s string, zone *time.Location) (t time.Time, err error) {
	for _, layout := range dateLayouts {
		if t, err = time.ParseInLocation(layout, s, zone); err == nil && t.Year() > 0 {
			return t, nil
		}
	}
	return time.Time{}, ErrFormat
}

// Write writes one entry in the import format of Movable Type; times are written in their own zone. Text becomes HTML that Parse and
// other blogs read back as the same lines.
func Write(w io.Writer, author string, e Entry) error {
	var b bytes.Buffer
	b.WriteString("AUTHOR: " + flat(author) + "\nTITLE: " + escape(flat(e.Title)) + "\nSTATUS: ")
	if e.Draft {
		b.WriteString("Draft")
	} else {
		b.WriteString("Publish")
	}
	b.WriteString("\nALLOW COMMENTS: 1\nCONVERT BREAKS: 0\nDATE: " + e.At.Format("01/02/2006 03:04:05 PM") + "\n")
	if e.Category != "" {
		b.WriteString("PRIMARY CATEGORY: " + escape(flat(e.Category)) + "\nCATEGORY: " + escape(flat(e.Category)) + "\n")
	}
	b.WriteString(partEnd + "\nBODY:\n" + paragraph(e.Body) + "\n" + partEnd + "\n")
	for _, c := range e.Comments {
		b.WriteString("COMMENT:\nAUTHOR: " + escape(flat(c.Author)) + "\n")
		if !c.At.IsZero() {
			b.WriteString("DATE: " + c.At.Format("01/02/2006 03:04:05 PM") + "\n")
		}
		b.WriteString(paragraph(c.Body) + "\n" + partEnd + "\n")
	}
	b.WriteString(entryEnd + "\n")
	_, err := w.Write(b.Bytes())
	return err
}

// flat keeps a value on its line.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// paragraph writes a text so that none of its lines is a sign of the format.
func paragraph(s string) string {
	return "<p>" + strings.ReplaceAll(escape(s), "\n", "<br />\n") + "</p>"
}
