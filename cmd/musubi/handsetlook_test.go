package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/width"

	"musubi/carriers"
	handset "musubi/gateway/phone"
	"musubi/transcode/text"
)

// lookedAt are the handsets on whose displays every kind of page is looked at, with what each stands for.
var lookedAt = []struct{ model, lang, why string }{
	{"P903i", "ja", "FOMA: 24 characters in a line, i-XHTML"},
	{"P903i", "en", "English"},
	{"CA39", "ja", "au WIN: XHTML, cookies"},
	{"910T", "ja", "SoftBank 3G: UTF-8"},
	{"N501i", "ja", "black and white, the first dialect, 5 KB a page"},
	{"D209i", "ja", "96 pixels"},
	{"CA13", "ja", "HDML in colour"},
	{"CA13", "en", "HDML in English"},
	{"CA11", "ja", "HDML in black and white, decks of 1.4 KB"},
}

// maxScreens is how many screens may pass before the first useful thing of a page.
const maxScreens = 2

// maxParts bounds the pages that a handset looks at: the smallest get each kind in several parts, which the first leads to.
const maxParts = 4 * maxKinds

// keptSafe are the pages whose form is shown and not offered where a deck has no room for what its characters stand for, so that
// nothing is overwritten with 〓: which entry is looked at decides.
var keptSafe = map[string]string{"CA11 diary-edit_id": "ここでは編集できません"}

// readThrough are pages that are read, not used: what they are for is their text, from its first line on.
var readThrough = map[string]bool{"help": true}

// TestHandsetsComeToThePointSoon follows every link from home to one page of each kind, as handsets of every kind, and
// looks at each as the display would show it: no page is too large, each has a title and the way home, nothing became 〓, and
// the first link, field or button stands within two screens. With MUSUBI_LOOK it leaves what each display shows in that
// directory, for people to read (make look).
func TestHandsetsComeToThePointSoon(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	for _, l := range lookedAt {
		t.Run(l.model+"-"+l.lang, func(t *testing.T) {
			w := &handsetWalk{t: t, d: d, seen: map[string]bool{}}
			w.logIn(l.model, l.lang)
			w.walk()
			for _, must := range []string{"home", "diary_id_owner", "diary-write", "member_id", "friends", "messages", "message_id", "album_id_owner", "search", "settings-profile", "footprints"} {
				if !w.seen[must] {
					t.Errorf("no link leads from home to a page %s; found %v", must, keysOf(w.seen))
				}
			}
		})
	}
}

// A handsetWalk goes through the pages of one handset.
type handsetWalk struct {
	t    *testing.T
	d    *demo
	p    *handset.Phone
	dir  string // where displays are left, "" for nowhere
	seen map[string]bool
}

// logIn switches the handset on and logs in the first member, with pages in that language.
func (w *handsetWalk) logIn(model, lang string) {
	w.t.Helper()
	_, agent, ok := carriers.ModelHandset(model)
	if !ok {
		w.t.Fatalf("no handset %s", model)
	}
	p, err := handset.New(handset.Config{URL: w.d.URL, UserAgent: agent})
	if err != nil {
		w.t.Fatal(err)
	}
	w.p = p
	if dir := os.Getenv("MUSUBI_LOOK"); dir != "" {
		w.dir = filepath.Join(dir, "handset-"+model+"-"+lang)
		if err := os.MkdirAll(w.dir, 0o755); err != nil {
			w.t.Fatal(err)
		}
	}
	w.look("login", w.must(p.Get("/?lang="+lang)))
	w.must(p.Submit(0, "mail", w.d.Members[0].Mail, "password", w.d.Members[0].Password))
	w.must(p.Get("/settings/preferences"))
	w.must(p.Submit(0, "language", lang))
	w.must(p.Get("/home"))
}

func (w *handsetWalk) must(page *handset.Page, err error) *handset.Page {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return page
}

// walk looks at one page of each kind that links lead to, further parts of pages included.
func (w *handsetWalk) walk() {
	queue := []string{requestURI(w.p.Page().URL)}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := handsetKind(path)
		if w.seen[kind] {
			continue
		}
		if w.seen[kind] = true; len(w.seen) > maxParts {
			w.t.Fatalf("more than %d kinds of pages and parts of them: %s", maxParts, path)
		}
		page, err := w.p.Get(path)
		if err != nil {
			w.t.Errorf("%s: %v", kind, err)
			continue
		}
		w.look(kind, page)
		queue = append(queue, w.links(page)...)
	}
	w.t.Logf("%d kinds of pages", len(w.seen))
}

// links are the pages of the site that a page leads to.
func (w *handsetWalk) links(page *handset.Page) (paths []string) {
	for _, l := range page.Links {
		u, err := url.Parse(l.URL)
		if err != nil || u.Host != "" && u.Scheme+"://"+u.Host != w.d.URL || u.Opaque != "" || strings.HasPrefix(u.Path, "/_/") || strings.HasPrefix(u.Path, "/photo/") {
			continue
		}
		paths = append(paths, u.RequestURI())
	}
	return paths
}

func requestURI(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.RequestURI()
}

// handsetKind is kindOf without what the gateway adds; a further part of a page is a kind of its own.
func handsetKind(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q, part := u.Query(), ""
	if p := q.Get("_p"); p != "" && p != "1" {
		part = ".part" + p
	}
	for _, own := range []string{"_s", "_p", "guid"} {
		q.Del(own)
	}
	u.RawQuery = q.Encode()
	return kindOf(u.RequestURI()) + part
}

// look judges the page on the display.
func (w *handsetWalk) look(kind string, page *handset.Page) {
	h := w.p.Handset()
	lines, first := setInLines(h, page)
	rows := rowsOf(h)
	w.leave(kind, page, lines, first)
	if page.Status != 200 {
		w.t.Errorf("%s: status %d", kind, page.Status)
	}
	if page.Title == "" && !strings.Contains(kind, ".part") { // a form of HDML may go on without a card that has one
		w.t.Errorf("%s has no title", kind)
	}
	if strings.Contains(page.Text, "〓") {
		w.t.Errorf("%s: something was lost: %s", kind, page.Text)
	}
	if says := keptSafe[h.Model+" "+kind]; says != "" && strings.Contains(strings.ReplaceAll(strings.Join(lines[:min(maxScreens*rows, len(lines))], ""), " ", ""), says) {
		return // an entry with characters that a deck has no room to keep
	}
	if base, _, _ := strings.Cut(kind, "."); readThrough[base] {
		return
	}
	if first < 0 || first >= maxScreens*rows {
		w.t.Errorf("%s: the first useful thing is in line %d of %d; a screen has %d", kind, first+1, len(lines), rows)
	}
}

// leave writes the display into a file for people to read, screen by screen.
func (w *handsetWalk) leave(kind string, page *handset.Page, lines []string, first int) {
	if w.dir == "" {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %d bytes of %d %s, the first useful thing in line %d of %d\n", page.URL, page.Bytes, page.Budget, page.Part, first+1, len(lines))
	for i, line := range lines {
		if i%rowsOf(w.p.Handset()) == 0 {
			b.WriteString("~~~~~~~~~~\n")
		}
		b.WriteString(line + "\n")
	}
	if err := os.WriteFile(filepath.Join(w.dir, kind+".txt"), []byte(b.String()), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// rowsOf and columnsOf are how much a display shows: lines, and half-width characters in a line. Without a word from the
// carrier a character is 12 pixels high, 20 on displays of 200 pixels and more.
func rowsOf(h carriers.Handset) int {
	if h.Display.Rows > 0 {
		return h.Display.Rows
	}
	return max(4, h.Display.HeightPx/letter(h))
}

func columnsOf(h carriers.Handset) int {
	if h.Display.Columns > 0 {
		return h.Display.Columns
	}
	return max(12, 2*h.Display.WidthPx/letter(h))
}

func letter(h carriers.Handset) int {
	if h.Display.WidthPx >= 200 {
		return 20
	}
	return 12
}

// setInLines sets a page in lines as the display does, links in ‹ ›, fields in [ ], and finds the line where the first link,
// field or button stands (-1 if there is none).
func setInLines(h carriers.Handset, page *handset.Page) (lines []string, first int) {
	body := page.Body
	if h.Dialect.Family != carriers.HTML5 {
		body = text.For(h.Carrier, h.Emoji, h.Charset).AppendDecode(nil, body)
	}
	p := typesetter{columns: columnsOf(h), letter: letter(h), first: -1}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			p.fresh()
			return p.lines, p.first
		case html.TextToken:
			p.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(z.Token())
		case html.EndTagToken:
			p.end(z.Token().Data)
		}
	}
}

// A typesetter fills lines of a number of half-width characters.
type typesetter struct {
	columns, letter int
	lines           []string
	line            string
	at              int  // characters in line
	first           int  // the line of the first useful thing
	skip            int  // inside title, style or script
	space           bool // a space waits
}

func (p *typesetter) newLine() {
	p.lines = append(p.lines, p.line)
	p.line, p.at, p.space = "", 0, false
}

// fresh goes to a new line unless the line is empty.
func (p *typesetter) fresh() {
	if p.line != "" {
		p.newLine()
	}
}

func (p *typesetter) write(s string) {
	for _, r := range s {
		if r == 0xFE0F || r == 0x20E3 { // parts of an emoji
			p.line += string(r)
			continue
		}
		n := 2
		if k := width.LookupRune(r).Kind(); k != width.EastAsianWide && k != width.EastAsianFullwidth && r < 0x2000 {
			n = 1
		}
		if p.at+n > p.columns {
			p.newLine()
		}
		p.line += string(r)
		p.at += n
	}
}

func (p *typesetter) text(s string) {
	if p.skip > 0 {
		return
	}
	for i, word := range strings.Fields(s) {
		if (i > 0 || p.space || strings.IndexAny(s, " \n\t") == 0) && p.line != "" {
			p.write(" ")
		}
		p.write(word)
	}
	p.space = strings.HasSuffix(s, " ") || strings.HasSuffix(s, "\n")
}

func (p *typesetter) useful(s string) {
	if p.space && p.line != "" {
		p.write(" ")
	}
	p.write(s)
	p.space = false
	if p.first < 0 {
		p.first = len(p.lines)
	}
}

func (p *typesetter) start(t html.Token) {
	at := map[string]string{}
	for _, a := range t.Attr {
		at[a.Key] = a.Val
	}
	switch t.Data {
	case "title", "style", "script":
		p.skip++
	case "br":
		p.newLine()
	case "p", "div", "h1", "h2", "h3", "h4", "tr", "dt", "dd", "table", "center", "blockquote", "ul", "ol", "dl", "form", "display", "entry", "choice":
		p.fresh()
	case "li":
		p.fresh()
		p.write("・")
	case "ce": // what a choice of HDML offers: a key takes it
		p.fresh()
		p.useful("・")
	case "hr":
		p.fresh()
		p.write(strings.Repeat("─", p.columns/2))
		p.newLine()
	case "img":
		high, err := strconv.Atoi(at["height"])
		if err != nil || high < 2*p.letter {
			p.write("▒")
			return
		}
		p.fresh()
		for range (high + p.letter - 1) / p.letter {
			p.write("▒▒▒▒")
			p.newLine()
		}
	case "a":
		if !strings.HasPrefix(at["dest"], "#") { // to the next card
			p.useful("‹")
		}
	case "input", "select", "textarea":
		if at["type"] != "hidden" {
			p.useful("[" + at["value"] + " ]")
		}
	}
}

func (p *typesetter) end(name string) {
	switch name {
	case "title", "style", "script":
		p.skip--
	case "p", "div", "h1", "h2", "h3", "h4", "li", "tr", "dt", "dd", "form":
		p.fresh()
	case "a":
		p.write("›")
	case "entry", "choice":
		p.useful("[ ]")
		p.fresh()
	case "option":
		p.write("|")
	}
}
