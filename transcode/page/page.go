package page

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"regexp"
	"sync"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/markup"
)

// MaxSource is the largest page that Render takes, in bytes.
const MaxSource = 4 << 20

// ErrTooLarge is returned for a page of more than MaxSource bytes. Nothing of it is rendered.
var ErrTooLarge = errors.New("page: the page is larger than 4 MB")

// Options say how to render one page.
type Options struct {
	URL         string        // absolute URL of the page as the handset asked for it: base of relative links, and what "own host" means
	ContentType string        // upstream's Content-Type; "" means it is found out from the bytes
	Session     string        // session ID for every link and form to the own host; "" for none
	Turned      bool          // the screen comes from another part of the page
	Way         markup.Way    // where links to other hosts lead
	Part        int           // from 1; 0 is 1, and more than there are is the last
	Answers     form.Fields   // what earlier pieces of a form sent, as SplitAnswers returns it
	EasyLogin   bool          // honour data-utn: guid=ON and utn
	Key         []byte        // signs the text that a field keeps beside what the handset can show of it
	Source      string        // path and query where the same page can be asked for again (Texts), "" if it cannot
	Held        string        // goes with every link to another part, where the page cannot be asked for again; "" if it can
	Hold        markup.Holder // keeps what forms have no room to carry from part to part; nil: nobody does
	Mark        string        // comes back with every form that is posted (Sent.Mark), so that it is known for one of this session's pages
	Aliases     []string      // hosts that mean the page's own
	Foreign     bool          // the page was not written for handsets: what is told apart by canonical markup is found out
	Western     bool          // the browser, whose pages are in Shift_JIS, reads ISO-8859-1 as well: a page that needs no more goes out so
	English     bool          // the reader asks for English, where the page does not say its own language
	InOrder     bool          // its navigation stays where it is
	Rules       *markup.Rules // operator rules for foreign pages, nil for none
}

// Info says what became of a page.
type Info struct {
	ContentType string // for the HTTP header
	Part, Parts int
	Again       bool   // a form of it says that its text stands at Options.Source
	Lost        int    // characters of the page that became 〓
	Bytes       int    // of this part
	Budget      int    // the handset's page budget in bytes, 0 if it has none
	Title       string // UTF-8
}

// Render appends to dst the bytes that the handset gets for one part of the page src, in its dialect and charset and
// within its page budget. src is UTF-8 or what ContentType, a meta element or the bytes themselves say; it is not kept.
// For HTML5 (browsers) the page comes back as it is, with only its links rewritten if there is a session.
//
// The only error is ErrTooLarge: any other bytes are a page. Render is safe for concurrent use, and keeps working memory
// between calls.
func Render(dst []byte, h *carriers.Handset, src []byte, o Options) (out []byte, info Info, err error) {
	if len(src) > MaxSource {
		return dst, Info{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(src))
	}
	r := renderers.Get().(*renderer)
	defer r.release()
	if h.Dialect.Family == carriers.HTML5 {
		out, info = r.browser(dst, h, src, o)
		return out, info, nil
	}
	if o.Rules != nil {
		site := o.Rules.ForURL(o.URL)
		o.InOrder, r.whole = o.InOrder || site.InOrder, site.NeverCut
	}
	r.parse(src, o)
	if o.Western && western(r.tree.Src) {
		latin := *h
		latin.Charset, latin.FormIn, latin.References = carriers.Latin1, carriers.Latin1, true
		h = &latin
	}
	out, info = r.handset(dst, h, o)
	return out, info, nil
}

// beyond finds a reference to a character of a script that is not Latin.
var beyond = regexp.MustCompile(`&#(x[0-9a-fA-F]{3,}|[0-9]{3,})`)

// western says whether a page in UTF-8 has letters of ISO-8859-1 only, beside signs that have a likeness in it.
func western(src []byte) bool {
	for i := 0; i < len(src); i++ {
		if src[i] < utf8.RuneSelf {
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		if r > 0xFF && (r < 0x2010 || r > 0x27BF) && r < 0x1F000 {
			return false
		}
		i += size - 1
	}
	for _, ref := range beyond.FindAll(src, -1) {
		if r, _ := utf8.DecodeRuneInString(html.UnescapeString(string(ref) + ";")); r > 0xFF && (r < 0x2010 || r > 0x27BF) && r < 0x1F000 {
			return false
		}
	}
	return true
}

// parse makes the tree of a page.
func (r *renderer) parse(src []byte, o Options) {
	src, r.charset = markup.CanonicalOf(src, o.ContentType)
	if markup.IsXHTML(o.ContentType) {
		src = markup.Closed(src)
	}
	if o.Foreign {
		src = markup.Modern(src)
	}
	if o.Rules != nil {
		src = o.Rules.Apply(src, o.URL)
	}
	r.tree.Parse(src)
	if r.tree.Stray && !r.tree.TableForm {
		r.tree.Parse(markup.Standard(src))
	}
}

// A renderer is the working memory of one Render.
type renderer struct {
	tree     markup.Tree
	w        markup.Writer
	h        *carriers.Handset
	o        Options
	frame    frame
	pieces   pieces
	charset  string // of the source
	blocked  []bool
	chain    []int32
	whole    bool  // never cut
	brief    bool  // forms have no room for all that they keep
	part     int   // that is written, and
	formStop int32 // where the form ends that it begins in
	starts   []int // the cuts where parts begin
}

var renderers = sync.Pool{New: func() any { return new(renderer) }}

// maxKept is the most memory, in tree nodes, that a renderer keeps for the next page.
const maxKept = 1 << 16

func (r *renderer) release() {
	if cap(r.tree.Nodes) > maxKept {
		*r = renderer{}
	}
	r.tree.Src, r.h, r.o, r.whole = nil, nil, Options{}, false
	renderers.Put(r)
}

// handset renders the parsed page: in one piece if it fits, if need be with its forms' text read again; otherwise once more with the
// places noted where it can be cut.
func (r *renderer) handset(dst []byte, h *carriers.Handset, o Options) ([]byte, Info) {
	r.h, r.o, r.brief = h, o, false
	start := len(dst)
	dst = r.inOne(dst)
	tooLong := func() bool { return h.PageBudget > 0 && len(dst)-start > h.PageBudget && !r.whole }
	if tooLong() && r.w.Kept && o.Source != "" {
		r.brief = true
		dst = r.inOne(dst[:start])
	}
	info := Info{ContentType: r.frame.contentType, Part: 1, Parts: 1, Budget: h.PageBudget, Lost: r.w.Lost, Title: string(r.w.Title)}
	if tooLong() {
		dst, info.Part, info.Parts = r.parts(dst[:start])
		info.Lost = r.w.Lost
	}
	if h.Dialect.Family == carriers.WML && o.Turned { // what was answered on the other parts stays
		dst = append(dst[:start], bytes.Replace(bytes.Clone(dst[start:]), []byte(markup.NewContext), nil, 1)...)
	}
	info.Bytes, info.Again = len(dst)-start, r.w.Again
	return dst, info
}

// inOne renders the page in one piece.
func (r *renderer) inOne(dst []byte) []byte {
	r.write(false, 0)
	dst = append(r.frame.open(dst, r), r.w.Body...)
	return r.frame.close(dst, r)
}

func (r *renderer) write(cuts bool, room int) {
	r.w.Links.Reset(r.h, r.o.URL, r.o.Session)
	r.w.Links.SetWay(r.o.Way)
	r.w.Links.Aliases, r.w.Links.Held = r.o.Aliases, r.o.Held
	r.w.Write(&r.tree, markup.Order{Handset: r.h, Easy: r.o.EasyLogin, Cuts: cuts, Room: room, Charset: r.charset, Key: r.o.Key,
		Foreign: r.o.Foreign, InOrder: r.o.InOrder, Source: r.o.Source, Brief: r.brief, Mark: r.o.Mark, Hold: r.o.Hold, English: r.o.English,
		Western: r.o.Western && r.h.Charset == carriers.Latin1})
}
