package mail

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// breaks are the elements that begin a new line, of those that mail programs and handsets write.
var breaks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Hr: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Tr: true, atom.Table: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Blockquote: true,
	atom.Pre: true, atom.Center: true, atom.Dl: true, atom.Dt: true, atom.Dd: true,
}

// silent are the elements whose content is no text.
var silent = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true}

// A htmlText is HTML being reduced to its text.
type htmlText struct {
	out     strings.Builder
	line    strings.Builder
	quoted  int  // blockquotes that are open
	silence int  // elements without text that are open
	blank   bool // white space before the next word
	cids    map[string]bool
}

// textOf reduces HTML to its text, quotations marked as plain mail marks them, and adds the content IDs of the pictures that
// it shows to cids.
func textOf(source string, cids map[string]bool) string {
	t := htmlText{cids: cids}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(len(source) + 1)
	for {
		switch z.Next() {
		case html.ErrorToken:
			t.endLine()
			return strings.TrimRight(t.out.String(), "\n")
		case html.TextToken:
			if t.silence == 0 {
				t.words(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			t.end(atom.Lookup(name))
		}
	}
}

func (t *htmlText) start(z *html.Tokenizer) {
	name, more := z.TagName()
	a := atom.Lookup(name)
	for more {
		var value []byte
		_, value, more = z.TagAttr()
		if id, ok := bytes.CutPrefix(value, []byte("cid:")); ok {
			t.cids[string(id)] = true
		}
	}
	switch {
	case a == atom.Br:
		t.newLine()
	case silent[a]:
		t.silence++
	case breaks[a]:
		t.endLine()
		if a == atom.Blockquote {
			t.quoted++
		}
	}
}

func (t *htmlText) end(a atom.Atom) {
	switch {
	case silent[a]:
		t.silence = max(0, t.silence-1)
	case breaks[a]:
		t.endLine()
		if a == atom.Blockquote {
			t.quoted = max(0, t.quoted-1)
		}
	case a == atom.Body:
		t.silence = 0
	}
}

// words adds text, white space as HTML shows it.
func (t *htmlText) words(b []byte) {
	for s := string(b); s != ""; {
		i := strings.IndexAny(s, " \t\r\n\f")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			if t.blank && t.line.Len() > 0 {
				t.line.WriteByte(' ')
			}
			t.line.WriteString(s[:i])
			t.blank = false
		}
		if s = s[i:]; s != "" {
			t.blank = true
			s = s[1:]
		}
	}
}

// maxQuoted is how deep quotations are marked; deeper ones look alike, so that a line costs no more than it has.
const maxQuoted = 3

func (t *htmlText) newLine() {
	if line := t.line.String(); line != "" || t.out.Len() > 0 {
		for range min(t.quoted, maxQuoted) {
			t.out.WriteString("> ")
		}
		t.out.WriteString(line)
		t.out.WriteByte('\n')
	}
	t.line.Reset()
	t.blank = false
}

func (t *htmlText) endLine() {
	if t.line.Len() > 0 {
		t.newLine()
	}
	t.blank = false
}
