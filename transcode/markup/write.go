package markup

import (
	"bytes"
	"encoding/binary"

	"musubi/carriers"
	"musubi/transcode/keep"
	"musubi/transcode/text"
)

// A Writer turns trees into streams, one page after the other. It is not safe for concurrent use; all memory it returns
// is its own until the next page.
//
// The dialects' content models are alike where it matters: blocks hold lines, lines hold formatting, formatting holds
// text. The writer keeps exactly these three: boxes (containers such as lists, cells and coloured blocks), one line at a
// time (p, h1, dt, or a div where bare text may not stand), and formats (a, strong, span). All are opened late, when
// something is about to be shown in them, so nothing empty is ever written, and all are closed in order, so mis-nested
// input comes out nested. Plain div, section and the like are no boxes: they only end the line.
type Writer struct {
	Stream

	// Links rewrites URLs; reset it before Write.
	Links Links

	p       *Profile
	h       *carriers.Handset
	codec   *text.Codec
	screen  keep.Screen
	charset string // of the page's source
	source  string // where the page can be read again, "" if it cannot
	brief   bool   // and it is to be, for want of room
	hold    Holder // see Order

	unnamed   []byte      // words of a link that has only pictures without any, until the first of these; nil: none
	unnamedIn int32       // where that link ends
	seal      []byte      // key that signs what fields keep beside them
	opt       text.Option // of values, which come back from forms
	read      text.Option // more, for text that is only read
	tree      *Tree
	easy      bool
	note      bool // cuts are wanted
	room      int  // bytes a part has for content; only when cuts are wanted
	most      int  // the most bytes of one start tag
	chain     int  // the most bytes of all open tags together

	ends  []int32 // nodes that are entered and not left
	boxes []box
	open  int // how many boxes are written
	line  line
	fmts  []format
	fopen int // how many formats are written

	in                    int32 // innermost open element, in Opens
	tags                  []byte
	queue                 []byte    // hidden fields that wait for a line
	queued                []Control // of them
	space                 bool      // a space waits for the next word
	sep                   string    // cell separator that waits
	quality               Quality
	pre                   int
	form                  formState
	pairs                 [2]pair // of the button that is written
	owned                 []owned // controls whose form is not around them
	disabledIn, enabledIn []span  // disabled fieldsets, and the legend in each that is not
	card                  cardState
	mark                  hdmlMark
	based                 bool
	refused               int32 // form that turned out too large, written as text
	spread                int32 // HDML: form written over several decks
	again                 int32 // node to go back to, -1: none
	keeps                 []openKeep
	sections              bool // something but a heading was written since the last rule
	counts                []counted
	weights               []weight
	later                 []span  // of nodes, to be written behind the rest
	hopped                int     // how many of them were passed
	hopAt                 int32   // where the next begins
	waiting               []int32 // targets that wait for text
	captioned             []int32 // captions whose table is to begin behind them
	lines                 int32   // where the list of class lines that was begun last ends
	home                  int32   // the page's link with the key 0, -1: none
	homeAt                int32   // where it stands in Body
	shown                 bool    // the link that begins shows its key itself
	kept                  bool    // the URL of the link that begins is written as the source has it
	css                   []byte
	foreign               bool   // the page was not written for handsets
	western               bool   // see Order
	mine                  string // marks forms that are posted as the session's own
	lazy                  []byte // the picture written last, if a script would have loaded it
	style                 style  // what css says: pages say the same again and again
}

// A box is a container: written once something is in it.
type box struct {
	node  int32
	tag   Tag
	kind  boxKind
	wrote bool  // has content
	at    int32 // its start tag in tags
	n     int32
	count int  // ol: number of the next item
	step  int8 // ol: to the number after it
	told  bool // ol: the page gives the next item its number
}

// A boxKind says what a container holds.
type boxKind uint8

const (
	boxFlow  boxKind = iota // blocks and text
	boxBlock                // blocks only
	boxList                 // li
	boxDefs                 // dt, dd
	boxTable                // tr
	boxRow                  // td, th
)

// A line is the block that text goes into.
type line struct {
	begun bool // something is in it
	bare  bool // it has no element: the text stands directly in its box
	tag   Tag  // wanted, or open
}

// A format is an inline element; its start tag is tags[at:at+n].
type format struct {
	node  int32
	tag   Tag
	at, n int32
	ref   int32 // the target it leads to, from 1; 0: none
}

type openKeep struct{ node, start int32 }

// Order is what Write is asked for beside the tree.
type Order struct {
	Handset *carriers.Handset
	Easy    bool   // easy login is on: honour data-utn
	Cuts    bool   // note where the stream may be cut
	Room    int    // bytes of content a part can have
	Charset string // of the page's source, as the HTML standard names it; "" is UTF-8
	Key     []byte // signs what fields keep beside them
	Foreign bool   // the page was not written for handsets
	Source  string // path and query where the same page can be read again, "" if it cannot
	Brief   bool   // what fields cannot show is read there, and not kept beside them
	Western bool   // the browser gets this page in ISO-8859-1, though others not
	English bool   // the reader asks for English
	Hold    Holder // keeps what a deck has no room to send; nil: nobody does
	Mark    string // goes with every form that is posted, "" for none
	InOrder bool   // and is to stay in its order all the same
}

// A Holder keeps what a form sends, and gives the word for it that the form sends in its place as own.Answers: letters, digits, - and _,
// up to HeldWord bytes. The same data has the same word. deck says that data is POSTDATA of HDML, in which $v1 is what the variable v1
// holds, sent as v1 beside the word; otherwise it is what pieces of a form pack. "" means that it cannot be kept.
type Holder func(data []byte, deck bool) (word string)

// HeldWord is the most bytes of a Holder's word.
const HeldWord = 22

// Write turns a tree into a stream. It never fails.
func (w *Writer) Write(t *Tree, o Order) {
	budget := o.Handset.PageBudget
	if budget <= 0 {
		budget = 1 << 30
	}
	w.Stream = Stream{Body: w.Body[:0], Title: w.Title[:0], Opens: append(w.Opens[:0], Open{}), Cuts: w.Cuts[:0],
		Keeps: w.Keeps[:0], Controls: w.Controls[:0], Forms: w.Forms[:0], Selects: w.Selects[:0], Radios: w.Radios[:0], Refs: w.Refs[:0], Targets: w.Targets[:0]}
	w.p, w.h, w.tree, w.easy, w.note, w.room = For(o.Handset.Dialect), o.Handset, t, o.Easy, o.Cuts, o.Room
	w.codec, w.opt = text.ForHandset(w.h), text.EscapeHTML
	w.screen.Reset(w.h)
	w.seal, w.charset, w.source, w.brief, w.mine, w.hold = o.Key, o.Charset, o.Source, o.Brief, o.Mark, o.Hold
	w.western = o.Western
	w.foreign, w.lazy = o.Foreign && !t.ours, nil
	w.Links.SetCharset(o.Charset)
	if w.h.Webcode {
		w.opt |= text.Webcode
	}
	w.read = readingOf(t, w.h, o.English)
	w.most, w.chain = min(budget/6, 2048), min(budget/5, 4096)
	w.ends, w.fmts, w.tags, w.queue, w.queued, w.keeps = w.ends[:0], w.fmts[:0], w.tags[:0], w.queue[:0], w.queued[:0], w.keeps[:0]
	w.boxes, w.open = append(w.boxes[:0], box{node: -1, kind: boxBlock}), 1
	w.line, w.fopen, w.in, w.space, w.sep, w.pre, w.based = line{}, 0, 0, false, "", 0, false
	w.quality, w.sections, w.lines = CutParagraph, false, 0
	w.form, w.card = formState{}, cardState{}
	w.refused, w.spread, w.again = -1, -1, -1
	w.css, w.style, w.unnamed = nil, style{}, nil
	w.captioned, w.counts = w.captioned[:0], w.counts[:0]
	w.home, w.homeAt = -1, 0
	w.findOwners()
	w.findTargets()
	w.findLater(o)
	w.walk(0, int32(len(t.Nodes)))
	w.writeLater()
	if len(w.waiting) > 0 {
		w.ready()
	}
	w.endLine()
	w.popBoxes(1)
	if w.p.HDML {
		w.lastCard()
	}
	w.End = w.in
}

// walk runs along nodes, entering and leaving elements.
func (w *Writer) walk(i, to int32) {
	nodes := w.tree.Nodes
	for {
		for len(w.ends) > 0 && i >= nodes[w.ends[len(w.ends)-1]].End {
			w.leaveTop()
			if w.again >= 0 {
				i, w.again = w.again, -1
				w.back(i)
			}
		}
		if i >= to {
			return
		}
		if i >= w.hopAt {
			i = w.hop(i)
			continue
		}
		switch n := &nodes[i]; {
		case n.Tag == Text:
			w.textNode(i)
			i++
		case w.enter(i):
			w.ends = append(w.ends, i)
			i++
		default:
			i = n.End
		}
	}
}

func (w *Writer) leaveTop() {
	i := w.ends[len(w.ends)-1]
	w.ends = w.ends[:len(w.ends)-1]
	w.leave(i)
}

// emit writes text. Where cuts are wanted, it is written in sentences and pieces.
func (w *Writer) emit(s []byte) {
	if w.note {
		w.emitPieces(s)
		return
	}
	w.prose(s)
}

// readingOf says how text that is only read is written: emoji without a picture in the page's language, and references
// where the browser shows them. Values of fields know no language, so that what comes back from a form can be compared
// (transcode/keep). Where the page does not say its language it is the reader's.
func readingOf(t *Tree, h *carriers.Handset, english bool) (o text.Option) {
	for i := range t.Nodes[:min(len(t.Nodes), 4)] {
		if lang := trimSpace(t.Value(int32(i), AttrLang)); t.Nodes[i].Tag == TagHtml && len(lang) > 0 {
			english = !foldPrefix(lang, "ja")
		}
	}
	if english || h.Charset == carriers.Latin1 {
		o |= text.English
	}
	if h.References {
		o |= text.References
	}
	return o
}

// encode writes text in the handset's charset, markup characters escaped.
func (w *Writer) encode(s []byte) { w.Body = w.encodeTo(w.Body, s) }

func (w *Writer) encodeTo(dst, s []byte) []byte { return w.encodeAs(dst, s, w.opt) }

// prose writes text that is only read.
func (w *Writer) prose(s []byte) { w.Body = w.encodeAs(w.Body, s, w.opt|w.read) }

// label writes text that is only read, where room is short.
func (w *Writer) label(dst, s []byte) []byte { return w.encodeAs(dst, s, w.opt|w.read|text.Short) }

func (w *Writer) encodeAs(dst, s []byte, o text.Option) []byte {
	var lost int
	for w.p.HDML {
		i := bytes.IndexByte(s, '$')
		if i < 0 {
			break
		}
		dst, lost = w.codec.Append(dst, s[:i], o)
		w.Lost += lost
		if w.p.WML {
			dst, s = append(dst, "$$"...), s[i+1:]
			continue
		}
		dst, s = append(dst, "&dol;"...), s[i+1:]
	}
	dst, lost = w.codec.Append(dst, s, o)
	w.Lost += lost
	return dst
}

// say writes words of our own.
func (w *Writer) say(s string) {
	w.ready()
	w.Body, _ = w.codec.AppendString(w.Body, w.our(s), w.opt)
}

// textNode writes a run of text, its white space collapsed.
func (w *Writer) textNode(i int32) {
	if w.tree.Nodes[i].Flags&FlagSpace != 0 && w.pre == 0 {
		w.space = true
		return
	}
	if s := w.tree.Text(i); w.pre > 0 {
		w.preText(s)
	} else {
		w.words(s)
	}
}

// words writes text with its white space collapsed. A line end between two characters outside ASCII is no space:
// Japanese is wrapped anywhere and has none there.
func (w *Writer) words(s []byte) {
	from := 0
	for i := 0; i < len(s); {
		if i+8 <= len(s) && !maySpace(binary.LittleEndian.Uint64(s[i:i+8])) {
			i += 8
			continue
		}
		c := s[i]
		if !isSpace(c) {
			i++
			continue
		}
		to, fold := i, c != ' '
		for i++; i < len(s) && isSpace(s[i]); i++ {
			fold = true
		}
		if !fold && to > 0 && i < len(s) { // one plain space inside the text
			continue
		}
		if from < to {
			w.ready()
			w.emit(s[from:to])
		}
		from = i
		inner := to > 0 && i < len(s) && s[to-1] >= 0x80 && s[i] >= 0x80 && bytes.IndexByte(s[to:i], '\n') >= 0
		w.space = !inner
	}
	if from < len(s) {
		w.ready()
		w.emit(s[from:])
	}
}

// preText writes preformatted text: line ends and spaces stay.
func (w *Writer) preText(s []byte) {
	if !w.line.begun && len(s) > 0 && s[0] == '\n' {
		s = s[1:]
	}
	for len(s) > 0 {
		row := s
		i := bytes.IndexByte(s, '\n')
		if i >= 0 {
			row, s = s[:i], s[i+1:]
		} else {
			s = nil
		}
		row = bytes.TrimSuffix(row, []byte("\r"))
		if len(row) > 0 {
			w.ready()
			w.emit(row)
		}
		if i >= 0 && (w.line.begun || len(s) > 0) {
			w.ready()
			w.newline()
		}
	}
}

// newline breaks the line inside pre.
func (w *Writer) newline() {
	switch {
	case w.p.HDML && !w.p.WML:
		w.Body = append(w.Body, "<BR>"...)
	case w.line.tag == TagPre:
		w.Body = append(w.Body, '\n')
	default:
		w.Body = append(append(w.Body, "<br"...), w.p.void...)
	}
}
