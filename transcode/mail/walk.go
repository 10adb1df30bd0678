package mail

import (
	"bytes"
	"image/jpeg"
	"io"
	"strings"

	"musubi/carriers"
	"musubi/transcode/text"
)

// A part is a part of a message, or the message itself.
type part struct {
	header  Header
	body    []byte
	related bool // within multipart/related, not its root
}

// content is what was found in a part.
type content struct {
	plain, html []string
	read        []ReadText
	pictures    []picture
	left        []Left
	reports     []Report
}

func (c *content) add(o content) {
	c.plain, c.html = append(c.plain, o.plain...), append(c.html, o.html...)
	c.read = append(c.read, o.read...)
	c.pictures, c.left, c.reports = append(c.pictures, o.pictures...), append(c.left, o.left...), append(c.reports, o.reports...)
}

// A picture is a file, not yet known to be one that somebody wanted to show: that is known when all of the HTML was read.
type picture struct {
	Attachment
	declared string
	cid      string
	related  bool
}

// A walker goes through the parts of one message.
type walker struct {
	*reader
	limits      Limits
	parts, text int
	cids        map[string]bool // pictures that the HTML shows
}

// walk reads p, which lies depth multiparts deep. Each level looks at its bytes once, so all take no more than depth times
// the message.
func (w *walker) walk(p part, depth int) (c content, err error) {
	if w.parts++; w.parts > w.limits.Parts {
		return c, &Refusal{TooManyParts, w.limits.Parts}
	}
	kind := mediaType(p.header.Get("Content-Type"))
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		boundary := param(p.header.Get("Content-Type"), "boundary")
		if pieces := split(p.body, boundary, w.limits.Parts); len(pieces) > 0 {
			if depth == w.limits.Depth {
				return c, &Refusal{TooDeep, w.limits.Depth}
			}
			return w.multipart(kind, pieces, depth+1)
		}
		return c, w.readText(&c, p, "text/plain") // a multipart without parts: what is there is better than nothing
	case kind == "message/delivery-status":
		c.reports = readReports(transferOf(p.header.Get("Content-Transfer-Encoding")).append(nil, p.body))
	case strings.HasPrefix(kind, "message/") || kind == "text/rfc822-headers":
		c.left = []Left{{kind, LeftMessage}}
	case attached(p.header) || kind != "" && !strings.HasPrefix(kind, "text/"):
		w.file(&c, p, kind)
	case kind == "" || kind == "text/plain" || kind == "text/html":
		err = w.readText(&c, p, kind)
	default:
		c.left = []Left{{kind, LeftText}} // text/calendar, text/x-vcard …
	}
	return c, err
}

// attached says whether a part is a file by its fields.
func attached(h Header) bool {
	disposition, _, _ := strings.Cut(h.Get("Content-Disposition"), ";")
	return strings.EqualFold(strings.TrimSpace(disposition), "attachment") || param(h.Get("Content-Type"), "name") != ""
}

// multipart reads the parts of one.
func (w *walker) multipart(kind string, pieces [][]byte, depth int) (all content, err error) {
	var each []content
	for i, piece := range pieces {
		h, body, err := splitHeader(piece, w.limits.HeaderBytes)
		if err != nil {
			return all, err
		}
		if kind == "multipart/digest" && h.Get("Content-Type") == "" {
			h = append(h, Field{"Content-Type", "message/rfc822"})
		}
		c, err := w.walk(part{h, body, kind == "multipart/related" && i > 0}, depth)
		if err != nil {
			return all, err
		}
		each = append(each, c)
	}
	if kind == "multipart/alternative" {
		chooseOne(each)
	}
	for _, c := range each {
		all.add(c)
	}
	return all, nil
}

// chooseOne leaves the text in one of the alternatives: the first plain one that says something, because handsets make it
// from the HTML with all that was typed; else the first HTML.
func chooseOne(each []content) {
	chosen := -1
	for i, c := range each {
		if says(c.plain) {
			chosen = i
			break
		}
		if chosen < 0 && says(c.html) {
			chosen = i
		}
	}
	for i := range each {
		if i == chosen {
			continue
		}
		for _, r := range each[i].read {
			each[i].left = append(each[i].left, Left{r.Type, LeftTwin})
		}
		each[i].plain, each[i].html, each[i].read = nil, nil, nil
	}
}

// says whether texts have more than blanks.
func says(texts []string) bool {
	for _, s := range texts {
		if strings.TrimSpace(s) != "" {
			return true
		}
	}
	return false
}

// readText reads a part of text.
func (w *walker) readText(c *content, p part, kind string) error {
	if w.text += len(p.body); w.text > w.limits.TextBytes {
		return &Refusal{TextTooLarge, w.limits.TextBytes}
	}
	b := transferOf(p.header.Get("Content-Transfer-Encoding")).append(nil, p.body)
	field := p.header.Get("Content-Type")
	declared := strings.ToLower(printable(param(field, "charset")))
	s, as := w.reader.text(b, declared)
	if kind == "text/html" {
		c.html = append(c.html, w.references(textOf(s, w.cids)))
	} else {
		if kind = "text/plain"; strings.EqualFold(param(field, "format"), "flowed") {
			s = unflow(s, strings.EqualFold(param(field, "delsp"), "yes"))
		}
		c.plain = append(c.plain, strings.Trim(s, "\n"))
	}
	c.read = append(c.read, ReadText{kind, declared, as, len(b)})
	return nil
}

// references reads the emoji that HTML writes as numbers: &#xE63E; of DoCoMo.
func (w *walker) references(s string) string {
	return string(text.For(w.carrier, w.set, carriers.UTF8).AppendDecode(nil, []byte(s)))
}

// file looks what a file is.
func (w *walker) file(c *content, p part, kind string) {
	t := transferOf(p.header.Get("Content-Transfer-Encoding"))
	format, what := sniffPart(t, p.body)
	if what == 0 {
		c.left = append(c.left, Left{kind, LeftUnknown})
		return
	}
	c.pictures = append(c.pictures, picture{
		Attachment: Attachment{Kind: what, Format: format, encoded: p.body, transfer: t},
		declared:   kind, cid: angled(p.header.Get("Content-ID")), related: p.related,
	})
}

func sniffPart(t transfer, body []byte) (format string, kind FileKind) {
	kind, format = sniff(t.append(nil, body[:min(len(body), 4*sniffBytes)]))
	return format, kind
}

// widestDecoration is how wide the displays were that decoration was drawn for: QVGA. What is wider on both sides is a photo
// that somebody put into the text.
const widestDecoration = 240

// decorates says whether a picture belongs to the decoration: one that the HTML shows.
func (w *walker) decorates(p *picture) bool {
	if p.Kind != Photo || !p.related && !(p.cid != "" && w.cids[p.cid]) {
		return false
	}
	if p.Format != "image/jpeg" {
		return true
	}
	size, err := jpeg.DecodeConfig(p.Open())
	return err != nil || min(size.Width, size.Height) <= widestDecoration
}

// settle makes the message of what was found.
func (w *walker) settle(m *Message, c content) {
	texts := c.plain
	if !says(texts) {
		texts = c.html
	}
	m.Text = strings.TrimRight(strings.Join(texts, "\n\n"), "\n ")
	m.Read, m.Left, m.Reports = c.read, c.left, c.reports
	for _, p := range c.pictures {
		if w.decorates(&p) {
			m.Left = append(m.Left, Left{p.declared, LeftDecoration})
			continue
		}
		n, _ := io.Copy(io.Discard, p.Open()) // a reader of memory has no errors
		p.Bytes = int(n)
		m.Attachments = append(m.Attachments, p.Attachment)
	}
}

// split cuts the body of a multipart at its boundary lines: at most limit + 1 parts, so that one too many is seen. What
// comes before the first and after the last is for programs without MIME. A part that is never closed ends with the body.
func split(body []byte, boundary string, limit int) (pieces [][]byte) {
	if boundary == "" {
		return nil
	}
	start := -1 // of the part being read
	for at := 0; at < len(body) && len(pieces) <= limit; {
		line, rest := cutLine(body[at:])
		if delimits, closes := delimiter(line, boundary); delimits {
			if start >= 0 {
				pieces = append(pieces, trimLineEnd(body[start:at]))
			}
			if start = len(body) - len(rest); closes {
				return pieces
			}
		}
		at = len(body) - len(rest)
	}
	if start >= 0 && len(pieces) <= limit {
		pieces = append(pieces, body[start:])
	}
	return pieces
}

// delimiter says whether a line separates parts, and whether it is the last to.
func delimiter(line []byte, boundary string) (delimits, closes bool) {
	if len(line) < 2+len(boundary) || line[0] != '-' || line[1] != '-' || string(line[2:2+len(boundary)]) != boundary {
		return false, false
	}
	switch string(bytes.TrimRight(line[2+len(boundary):], " \t")) {
	case "":
		return true, false
	case "--":
		return true, true
	}
	return false, false
}

// trimLineEnd takes the line end off that belongs to the boundary after it (RFC 2046 §5.1.1).
func trimLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte{'\n'}), []byte{'\r'})
}

// unflow joins the lines that a mail program broke (RFC 3676): those that end in a blank, which goes too when delsp is set.
func unflow(s string, delsp bool) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		soft := strings.HasSuffix(line, " ") && line != "-- "
		if !strings.HasPrefix(line, ">") {
			line = strings.TrimPrefix(line, " ") // stuffed
		}
		if soft && delsp {
			line = strings.TrimSuffix(line, " ")
		}
		if b.WriteString(line); !soft {
			b.WriteByte('\n')
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
