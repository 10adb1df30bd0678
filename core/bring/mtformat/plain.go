package mtformat

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/japanese"
)

// Decode is the text of a file in UTF-8, EUC-JP or Shift_JIS, which blogs of the time wrote, its lines ended as ours are: a Macintosh
// of the time ends them with CR alone. What is none of them is read as the one in which the least is unreadable.
func Decode(file []byte) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decode(file))
}

func decode(file []byte) string {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if utf8.Valid(file) {
		return string(file)
	}
	best, fewest := "", -1
	for _, decode := range []func([]byte) ([]byte, error){japanese.EUCJP.NewDecoder().Bytes, japanese.ShiftJIS.NewDecoder().Bytes, func(b []byte) ([]byte, error) { return bytes.ToValidUTF8(b, []byte("\ufffd")), nil }} {
		text, err := decode(file)
		if err != nil {
			continue
		}
		if wrong := bytes.Count(text, []byte("\ufffd")); fewest < 0 || wrong < fewest {
			best, fewest = string(text), wrong
		}
	}
	return best
}

// blocks are elements that begin and end on a line of their own; apart those between which a line is empty.
var (
	blocks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Blockquote: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Pre: true, atom.Table: true, atom.Tr: true,
		atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Hr: true, atom.Section: true, atom.Article: true}
	apart = map[atom.Atom]bool{atom.P: true, atom.Blockquote: true, atom.Pre: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true}
)

// Plain is the text of HTML as entries have it, without script, style and marks: line breaks stay, links that say something else than
// where they lead have the address behind, and pictures, which lie elsewhere, are counted. breaks says that a line of the source is a line of the text.
func Plain(source string, breaks bool) (text string, pictures int) {
	p := plain{breaks: breaks}
	tokens := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return strings.Trim(p.b.String(), "\n \u3000"), p.pictures // io.EOF: the source is in memory
		}
		p.take(kind, tokens.Token())
	}
}

// plain is a text on its way.
type plain struct {
	b        strings.Builder
	breaks   bool
	ends     int  // line ends at the end of b
	fresh    bool // a line has just been ended by a mark: the end of the source's line says nothing more
	want     int  // line ends that a block wants before what comes next
	hidden   int  // within script or style
	pre      int
	href     string
	said     int // where the link's words begin
	pictures int
}

func (p *plain) take(kind html.TokenType, t html.Token) {
	opens, closes := kind == html.StartTagToken || kind == html.SelfClosingTagToken, kind == html.EndTagToken
	switch {
	case kind == html.TextToken && p.hidden == 0:
		p.words(t.Data)
	case (t.DataAtom == atom.Script || t.DataAtom == atom.Style || t.DataAtom == atom.Iframe || t.DataAtom == atom.Object) && kind == html.StartTagToken:
		p.hidden++
	case (t.DataAtom == atom.Script || t.DataAtom == atom.Style || t.DataAtom == atom.Iframe || t.DataAtom == atom.Object) && closes:
		p.hidden = max(p.hidden-1, 0)
	case p.hidden > 0:
	case t.DataAtom == atom.Br && opens:
		p.flush()
		p.write("\n")
		p.fresh = true
	case t.DataAtom == atom.Img && opens:
		p.pictures++
	case t.DataAtom == atom.A && opens:
		p.flush()
		p.href, p.said = attribute(t, "href"), p.b.Len()
	case t.DataAtom == atom.A && closes:
		if strings.HasPrefix(p.href, "http") && p.b.Len() > p.said && !strings.Contains(p.b.String()[p.said:], p.href) {
			p.write(" (" + p.href + ") ")
		}
		p.href = ""
	case blocks[t.DataAtom] && (opens || closes):
		if t.DataAtom == atom.Pre {
			p.pre = max(p.pre+map[bool]int{true: 1, false: -1}[opens], 0)
		}
		lines := 1
		if apart[t.DataAtom] {
			lines = 2
		}
		p.want = max(p.want, lines)
		p.fresh = true
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words takes text between marks.
func (p *plain) words(s string) {
	s = strings.ReplaceAll(s, "\r", "")
	if p.fresh {
		s = strings.TrimPrefix(s, "\n")
	}
	if !p.breaks && p.pre == 0 {
		s = strings.ReplaceAll(s, "\n", " ")
	}
	if s == "" || p.want > 0 && strings.TrimSpace(s) == "" {
		return
	}
	p.fresh = false
	p.flush()
	p.write(s)
}

// flush writes the line ends that a block wanted.
func (p *plain) flush() {
	if p.b.Len() > 0 {
		for p.ends < p.want {
			p.write("\n")
		}
	}
	p.want = 0
}

func (p *plain) write(s string) {
	p.b.WriteString(s)
	rest := strings.TrimRight(s, "\n")
	if rest != "" {
		p.ends = 0
	}
	p.ends += len(s) - len(rest)
}

// plainLine is one line of HTML as text.
func plainLine(s string) string {
	text, _ := Plain(s, false)
	return strings.Join(strings.Fields(text), " ")
}

// headline begins an entry within a day of Hatena Diary: *, a name or the second it was written, *, its categories in brackets, its title.
var headline = regexp.MustCompile(`(?m)^\*(?:([0-9A-Za-z_]+)\*)?((?:\[[^\]\n]+\])*)[ \t]*([^*\n][^\n]*)?$`)

func parseHatena(text string, zone *time.Location) (r Result, err error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	known, comments := false, 0
	for {
		token, err := d.Token()
		if err == io.EOF && known {
			return r, nil
		}
		if err != nil {
			return r, ErrFormat
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch {
		case !known && start.Name.Local != "diary":
			return r, ErrFormat
		case start.Name.Local == "day":
			var day hatenaDay
			if err := d.DecodeElement(&day, &start); err != nil {
				return r, ErrFormat
			}
			for _, e := range day.entries(zone, &comments) {
				r.add(e, true)
			}
		}
		known = true
	}
}

// A hatenaDay is a day as Hatena Diary exports it.
type hatenaDay struct {
	Date     string `xml:"date,attr"`
	Title    string `xml:"title,attr"`
	Body     string `xml:"body"`
	Comments []struct {
		Name string `xml:"username"`
		Body string `xml:"body"`
		At   string `xml:"timestamp"`
	} `xml:"comments>comment"`
}

// entries cuts a day at its headlines. What was said under the day stands under its last entry.
func (day hatenaDay) entries(zone *time.Location, comments *int) (all []Entry) {
	date, err := time.ParseInLocation("2006-01-02", day.Date, zone)
	misdated := err != nil && day.Date != ""
	if err == nil {
		date = date.Add(12 * time.Hour)
	}
	body := strings.ReplaceAll(day.Body, "\r", "")
	heads := headline.FindAllStringSubmatchIndex(body, -1)
	add := func(e Entry, text string) {
		e.Body, e.Pictures = Plain(text, true)
		all = append(all, e)
	}
	first := body
	if len(heads) > 0 {
		first = body[:heads[0][0]]
	}
	if strings.TrimSpace(first) != "" {
		title := plainLine(day.Title)
		if title == "" {
			title = day.Date
		}
		add(Entry{Title: title, At: date, misdated: misdated}, first)
	}
	for i, h := range heads {
		end := len(body)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		group := func(n int) string {
			if h[2*n] < 0 {
				return ""
			}
			return body[h[2*n]:h[2*n+1]]
		}
		e := Entry{Title: plainLine(group(3)), misdated: misdated}
		if !date.IsZero() {
			e.At = date.Add(time.Duration(i) * time.Second)
		}
		if seconds, err := strconv.ParseInt(group(1), 10, 64); err == nil && seconds > 0 && seconds < 1<<33 {
			e.At, e.misdated = time.Unix(seconds, 0).In(zone), false
		}
		if category, _, ok := strings.Cut(strings.TrimPrefix(group(2), "["), "]"); ok {
			e.Category = plainLine(category)
		}
		if e.Title == "" {
			e.Title = day.Date
		}
		add(e, body[h[1]:end])
	}
	for _, c := range day.Comments {
		if *comments++; *comments > MaxComments || len(all) == 0 {
			break
		}
		said := Comment{Author: plainLine(c.Name)}
		said.Body, _ = Plain(c.Body, true)
		if seconds, err := strconv.ParseInt(strings.TrimSpace(c.At), 10, 64); err == nil {
			said.At = time.Unix(seconds, 0).In(zone)
		}
		last := &all[len(all)-1]
		last.Comments = append(last.Comments, said)
	}
	return all
}
