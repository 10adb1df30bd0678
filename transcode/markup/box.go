package markup

// ready brings everything about text into the open: boxes, the line, formats, and the space before the word.
func (w *Writer) ready() {
	if !w.line.begun {
		w.beginLine()
	}
	if len(w.waiting) > 0 {
		w.anchors()
	}
	if w.sep != "" {
		w.Body, _ = w.codec.AppendString(w.Body, w.our(w.sep), w.opt)
		w.sep, w.space = "", false
	}
	if w.fopen < len(w.fmts) {
		w.openFormats()
	}
	if w.space {
		w.space = false
		w.Body = append(w.Body, ' ')
	}
}

func (w *Writer) openFormats() {
	for ; w.fopen < len(w.fmts); w.fopen++ {
		f := &w.fmts[w.fopen]
		if !w.holds(f.tag) {
			continue
		}
		if w.space { // the space belongs before the element
			w.space = false
			w.Body = append(w.Body, ' ')
		}
		w.openTag(f.tag, w.tags[f.at:f.at+f.n])
		if w.note && f.ref > 0 {
			w.noteRef(int32(len(w.Body))-f.n, f.ref-1)
		}
	}
}

// holds says whether the line takes the element of a format: a pre takes no presentation [xhtml-basic11], wherever the
// format began.
func (w *Writer) holds(format Tag) bool {
	switch format {
	case 0:
		return false
	case TagB, TagI, TagU, TagS, TagBig, TagSmall, TagStrike, TagSub, TagSup, TagTt:
		return w.line.tag != TagPre
	}
	return true
}

// beginLine opens the line: its boxes, its element, or a div where bare text may not stand.
func (w *Writer) beginLine() {
	w.space = false
	if w.p.HDML {
		w.beginCardLine()
		return
	}
	if w.line.tag == 0 && w.pre > 0 && !w.form.in { // pre holds no fields [xhtml-basic11]
		w.line.tag = TagPre
	}
	w.accept(w.line.tag)
	w.flushBoxes()
	top := &w.boxes[len(w.boxes)-1]
	w.line.begun, w.line.bare = true, false
	switch {
	case w.line.tag != 0:
		w.openBare(w.line.tag)
	case top.kind == boxFlow && !top.wrote:
		w.line.bare = true
	default:
		w.line.tag = TagDiv
		w.openBare(TagDiv)
	}
	top.wrote = true
	w.quality, w.sections = CutParagraph, true
	if w.line.tag >= TagH1 && w.line.tag <= TagH6 { // a heading stays with what it heads
		w.quality, w.sections = CutCharacter, false
	}
	if w.queueing() {
		w.flushQueue()
	}
}

// accept makes sure that the innermost box can hold a line with that element, or a block: a list gets an item, a
// definition list a dd.
func (w *Writer) accept(tag Tag) {
	switch w.boxes[len(w.boxes)-1].kind {
	case boxList:
		w.pushBox(implied, TagLi, boxFlow)
	case boxDefs:
		if tag != TagDt {
			w.pushBox(implied, TagDd, boxFlow)
		}
	case boxTable:
		w.pushBox(implied, TagTr, boxRow)
		w.pushBox(implied, TagTd, boxFlow)
	case boxRow:
		w.pushBox(implied, TagTd, boxFlow)
	}
}

// implied is the node of a box that no element asked for. It goes when the box around it goes, or another item comes.
const implied = -2

// pushBox adds a container without attributes; it is written when something is in it.
func (w *Writer) pushBox(node int32, tag Tag, kind boxKind) {
	at := int32(len(w.tags))
	w.tags = append(w.tags, startTags[tag]...)
	w.boxes = append(w.boxes, box{node: node, tag: tag, kind: kind, at: at, n: int32(len(w.tags)) - at})
}

// pushTag adds a container whose start tag has been written at the end of tags, from at on.
func (w *Writer) pushTag(node int32, tag Tag, kind boxKind, at int) {
	w.boxes = append(w.boxes, box{node: node, tag: tag, kind: kind, at: int32(at), n: int32(len(w.tags) - at)})
}

// roomFor says whether another container may be opened: handsets and budgets do not bear deep nesting.
func (w *Writer) roomFor(tagLen int) bool {
	n := tagLen
	for i := range w.boxes {
		n += int(w.boxes[i].n)
	}
	return len(w.boxes) < maxBoxes && n <= w.chain/2
}

const maxBoxes = 12

// flushBoxes notes the cut before what comes, then writes the boxes that wait.
func (w *Writer) flushBoxes() {
	if w.note {
		w.noteCut(w.quality)
	}
	for ; w.open < len(w.boxes); w.open++ {
		b := &w.boxes[w.open]
		w.boxes[w.open-1].wrote = true
		if b.tag == TagForm {
			w.openForm(b)
			continue
		}
		if b.tag == TagLi && w.boxes[w.open-1].tag == TagOl {
			w.openItem(b, &w.boxes[w.open-1])
			continue
		}
		w.openTag(b.tag, w.tags[b.at:b.at+b.n])
	}
}

// openItem writes the start tag of a numbered item. A stream that will be cut numbers them itself, because a list that goes on
// in the next part would start from 1; otherwise it says what number the page gives.
func (w *Writer) openItem(b, list *box) {
	tag := w.tags[b.at : b.at+b.n]
	if (w.note || list.told || list.step < 0) && w.p.attrs[TagLi].has(AttrValue) {
		at := len(w.tags)
		w.tags = appendInt(append(append(w.tags, tag[:len(tag)-1]...), ` value="`...), list.count)
		w.tags = append(w.tags, `">`...)
		tag = w.tags[at:]
	}
	list.count, list.told = list.count+int(list.step), false
	w.openTag(TagLi, tag)
}

// openTag writes a start tag and, if cuts are wanted, notes the element as open.
func (w *Writer) openTag(tag Tag, start []byte) {
	at := int32(len(w.Body))
	w.Body = append(w.Body, start...)
	if w.note {
		w.noteOpen(tag, at)
	}
}

// openBare writes a start tag without attributes.
func (w *Writer) openBare(tag Tag) {
	at := int32(len(w.Body))
	w.Body = append(w.Body, startTags[tag]...)
	if w.note {
		w.noteOpen(tag, at)
	}
}

func (w *Writer) closeTag(tag Tag) {
	w.Body = w.AppendEnd(w.Body, tag)
	if w.note {
		w.in = w.Opens[w.in].Parent
	}
}

// AppendEnd writes an end tag.
func (w *Writer) AppendEnd(dst []byte, tag Tag) []byte {
	if !w.p.HDML {
		return append(dst, endTags[tag]...)
	}
	return append(append(append(dst, "</"...), w.endName(tag)...), '>')
}

// endName is the name in an end tag. In HDML a div stands for the card.
func (w *Writer) endName(tag Tag) string {
	if !w.p.HDML {
		return tagNames[tag]
	}
	switch {
	case w.p.WML && tag == TagA:
		return "a"
	case w.p.WML:
		return "p></card"
	case tag == TagA:
		return "A"
	}
	return "DISPLAY"
}

// endLine ends the line, if one was begun.
func (w *Writer) endLine() {
	w.space, w.sep = false, ""
	if !w.line.begun {
		w.line = line{}
		return
	}
	w.closeFormats(0)
	if !w.line.bare && !w.p.HDML {
		w.closeTag(w.line.tag)
	}
	w.line = line{}
}

// closeFormats closes the written formats from the innermost to fmts[to].
func (w *Writer) closeFormats(to int) {
	for ; w.fopen > to; w.fopen-- {
		if f := &w.fmts[w.fopen-1]; w.holds(f.tag) {
			w.closeTag(f.tag)
		}
	}
}

// popFormats takes away the formats of a node that is left.
func (w *Writer) popFormats(node int32) {
	for n := len(w.fmts); n > 0 && w.fmts[n-1].node == node; n-- {
		w.closeFormats(n - 1)
		w.fmts = w.fmts[:n-1]
	}
}

// popBoxes takes away containers until n are left.
func (w *Writer) popBoxes(n int) {
	for len(w.boxes) > n {
		b := &w.boxes[len(w.boxes)-1]
		if len(w.boxes) == w.open {
			w.closeTag(b.tag)
			w.open--
			if b.tag == TagForm {
				w.Forms = w.endForm(w.Forms)
			}
		}
		w.boxes = w.boxes[:len(w.boxes)-1]
	}
}

// popNode takes away the containers of a node that is left, with the implied ones in them.
func (w *Writer) popNode(node int32) {
	for i := len(w.boxes) - 1; i > 0; i-- {
		switch w.boxes[i].node {
		case node:
			w.popBoxes(i)
		case implied:
		default:
			return
		}
	}
}

// popImplied takes away the implied boxes on top, so that the next item finds its list.
func (w *Writer) popImplied() {
	for w.boxes[len(w.boxes)-1].node == implied {
		w.popBoxes(len(w.boxes) - 1)
	}
}

func (w *Writer) top() *box { return &w.boxes[len(w.boxes)-1] }
