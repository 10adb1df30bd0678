package web

import (
	"strings"

	"github.com/valyala/quicktemplate"
)

// A decoration is a tag that a member may use in an entry: [b]…[/b]. Everything is escaped first and only what stands
// here is written as markup, so that no text can bring its own (SEC-46).
type decoration struct{ open, close string }

var decorations = map[string]decoration{
	"b":      {"<b>", "</b>"},
	"i":      {"<i>", "</i>"},
	"u":      {"<u>", "</u>"},
	"s":      {"<del>", "</del>"},
	"big":    {`<span style="font-size:large">`, "</span>"},
	"small":  {`<span style="font-size:small">`, "</span>"},
	"red":    {`<span style="color:#C02020">`, "</span>"},
	"blue":   {`<span style="color:#2040C0">`, "</span>"},
	"green":  {`<span style="color:#207030">`, "</span>"},
	"orange": {`<span style="color:#C06000">`, "</span>"},
	"gray":   {`<span style="color:#707070">`, "</span>"},
}

// maxDecorations bounds how deep decorations nest; deeper tags stay text.
const maxDecorations = 8

// streamdecorated writes an entry's text: escaped, with line ends, decorations and links to web addresses.
// {%= decorated(s) %} in templates. A tag without its partner, or out of order, stays as it was typed.
func streamdecorated(qw *quicktemplate.Writer, s string) { streamquoting(qw, s, nil) }

// A quote stands in the place of what was typed at a position of a text.
type quote struct {
	length int
	write  func(qw *quicktemplate.Writer)
}

// streamquoting is streamdecorated with quotes, by their positions. Each begins with a bracket.
func streamquoting(qw *quicktemplate.Writer, s string, quotes map[int]quote) {
	quoteWithin(qw, s, quotes, pairTags(s))
}

// streamentryText writes the text of an entry whose author's plan has decoration or not: without it tags stay as they were typed.
func streamentryText(qw *quicktemplate.Writer, s string, quotes map[int]quote, plain bool) {
	if plain {
		quoteWithin(qw, s, quotes, nil)
		return
	}
	streamquoting(qw, s, quotes)
}

// quoteWithin writes a text with the tags at some positions.
func quoteWithin(qw *quicktemplate.Writer, s string, quotes map[int]quote, closing map[int]bool) {
	for at := 0; at < len(s); {
		end := at + strings.IndexByte(s[at:], '[')
		if end < at {
			end = len(s)
		}
		streamlinked(qw, s[at:end])
		at = end
		if at == len(s) {
			return
		}
		if q, ok := quotes[at]; ok {
			q.write(qw)
			at += q.length
			continue
		}
		name, isClose, length := tagAt(s[at:])
		switch paired := closing[at]; {
		case !paired:
			qw.E().S("[")
			at++
			continue
		case isClose:
			qw.N().S(decorations[name].close)
		default:
			qw.N().S(decorations[name].open)
		}
		at += length
	}
}

// pairTags finds the positions of the tags that have a partner and nest properly.
func pairTags(s string) map[int]bool {
	if !strings.Contains(s, "[/") {
		return nil
	}
	type openTag struct {
		name string
		at   int
	}
	var open []openTag
	paired := map[int]bool{}
	for at := 0; at < len(s); at++ {
		if s[at] != '[' {
			continue
		}
		name, isClose, _ := tagAt(s[at:])
		switch {
		case name == "":
		case !isClose:
			if len(open) < maxDecorations {
				open = append(open, openTag{name, at})
			}
		default:
			for i := len(open) - 1; i >= 0; i-- {
				if open[i].name == name { // tags opened since then have no partner
					paired[open[i].at], paired[at] = true, true
					open = open[:i]
					break
				}
			}
		}
	}
	return paired
}

// tagAt reads the tag that s starts with; name is "" when it is none.
func tagAt(s string) (name string, isClose bool, length int) {
	end := strings.IndexByte(s[:min(len(s), 10)], ']')
	if end < 0 {
		return "", false, 0
	}
	name, isClose = strings.CutPrefix(s[1:end], "/")
	if _, known := decorations[name]; !known {
		return "", false, 0
	}
	return name, isClose, end + 1
}

// streamlinked writes text with its line ends, and web addresses in it as links that give nothing away and ask search
// engines to look elsewhere.
func streamlinked(qw *quicktemplate.Writer, s string) {
	for {
		at, end := findURL(s)
		if at < 0 {
			streamtext(qw, s)
			return
		}
		streamtext(qw, s[:at])
		qw.N().S(`<a href="`)
		qw.E().S(s[at:end])
		qw.N().S(`" rel="noopener noreferrer nofollow">`)
		qw.E().S(s[at:end])
		qw.N().S(`</a>`)
		s = s[end:]
	}
}

// findURL finds the first http or https address in s: ASCII without spaces, quotes and brackets, and without the
// punctuation that ends a sentence after it.
func findURL(s string) (at, end int) {
	for from := 0; ; {
		i := strings.Index(s[from:], "http")
		if i < 0 {
			return -1, -1
		}
		at = from + i
		rest := s[at:]
		head := 0
		if strings.HasPrefix(rest, "http://") {
			head = len("http://")
		} else if strings.HasPrefix(rest, "https://") {
			head = len("https://")
		}
		n := head
		for n < len(rest) && rest[n] > ' ' && rest[n] < 0x7F && strings.IndexByte("\"<>'[]()\\^`{}|", rest[n]) < 0 {
			n++
		}
		for n > head && strings.IndexByte(".,;:!?", rest[n-1]) >= 0 {
			n--
		}
		if head > 0 && n > head {
			return at, at + n
		}
		from = at + 4
	}
}
