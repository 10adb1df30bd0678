package markup

// block adds a container, where there is room for one and a block may stand.
func (w *Writer) block(i int32, tag Tag, kind boxKind) bool {
	if w.p.HDML || !w.p.has[tag] || !w.roomFor(2*len(tagNames[tag])) {
		return false
	}
	w.accept(0)
	w.pushBox(i, tag, kind)
	return true
}

// list begins a list; an ol that does not start at 1 says so, where the dialect can.
func (w *Writer) list(i int32, tag Tag) {
	if tag != TagOl {
		tag = TagUl
		if w.hasClass(i, "lines") {
			w.lines = w.tree.Nodes[i].End
			return
		}
	}
	if !w.block(i, tag, boxList) {
		return
	}
	w.top().count = 1
	if start := w.number(i, AttrStart, 1, 99999); start > 1 && tag == TagOl {
		w.top().count = start
		if w.p.attrs[TagOl].has(AttrStart) {
			w.top().at = int32(len(w.tags))
			w.tags = append(appendInt(append(w.tags, `<ol start="`...), start), `">`...)
			w.top().n = int32(len(w.tags)) - w.top().at
		}
	}
}

// item begins a list item; outside a list it is a line with a dot, in one of class lines without.
func (w *Writer) item(i int32) {
	w.popImplied()
	w.better(CutItem)
	if w.top().kind == boxList && w.roomFor(8) {
		w.pushBox(i, TagLi, boxFlow)
		w.styled(i)
		return
	}
	w.accept(0)
	w.styled(i)
	if i >= w.lines {
		w.say("・")
	}
}

// definition begins a term or its description; outside a dl it is a line.
func (w *Writer) definition(i int32, tag Tag) {
	w.popImplied()
	if tag == TagDt {
		w.better(CutItem)
	}
	if w.top().kind != boxDefs {
		w.styled(i)
		return
	}
	if tag == TagDt {
		w.line.tag = TagDt
		return
	}
	w.pushBox(i, TagDd, boxFlow)
	w.styled(i)
}
