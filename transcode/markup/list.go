package markup

import "strconv"

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
	count, step := 1, int8(1)
	if tag == TagOl && w.tree.Has(i, AttrReversed) {
		count, step = w.tree.items(i), -1
	}
	if tag == TagOl && !w.p.attrs[TagLi].has(AttrValue) && w.tree.numbers(i) {
		w.counts = append(w.counts, counted{w.tree.Nodes[i].End, max(count, w.number(i, AttrStart, 0, 99999)), step})
		return
	}
	if !w.block(i, tag, boxList) {
		return
	}
	w.top().count, w.top().step = count, step
	if start := w.number(i, AttrStart, 1, 99999); start > 1 && tag == TagOl {
		w.top().count = start
		if w.p.attrs[TagOl].has(AttrStart) {
			w.top().at = int32(len(w.tags))
			w.tags = append(appendInt(append(w.tags, `<ol start="`...), start), `">`...)
			w.top().n = int32(len(w.tags)) - w.top().at
		}
	}
}

// A counted list is written in lines that begin with their numbers, because the dialect cannot say them.
type counted struct {
	end  int32 // of its nodes
	next int
	step int8
}

// countOf is the counted list that item i stands in, nil if it is none.
func (w *Writer) countOf(i int32) *counted {
	for n := len(w.counts); n > 0 && i >= w.counts[n-1].end; n-- {
		w.counts = w.counts[:n-1]
	}
	if len(w.counts) == 0 {
		return nil
	}
	for k := len(w.ends) - 1; k >= 0; k-- {
		switch n := &w.tree.Nodes[w.ends[k]]; n.Tag {
		case TagUl, TagMenu, TagDir:
			return nil
		case TagOl:
			if c := &w.counts[len(w.counts)-1]; c.end == n.End {
				return c
			}
			return nil
		}
	}
	return nil
}

// numbers says whether a list's numbers are not simply one more for each item.
func (t *Tree) numbers(i int32) bool {
	if t.Has(i, AttrReversed) {
		return true
	}
	for k := i + 1; k < t.Nodes[i].End; k = t.Nodes[k].End {
		if t.Nodes[k].Tag == TagLi && t.Has(k, AttrValue) {
			return true
		}
	}
	return false
}

// items counts the items of a list.
func (t *Tree) items(i int32) (n int) {
	for k := i + 1; k < t.Nodes[i].End; k = t.Nodes[k].End {
		if t.Nodes[k].Tag == TagLi {
			n++
		}
	}
	return n
}

// item begins a list item; outside a list it is a line with a dot, in one of class lines without.
func (w *Writer) item(i int32) {
	w.popImplied()
	w.better(CutItem)
	if top := w.top(); top.kind == boxList && w.roomFor(8) {
		if top.tag == TagOl && w.tree.Has(i, AttrValue) {
			top.count, top.told = w.number(i, AttrValue, 0, 99999), true
		}
		w.pushBox(i, TagLi, boxFlow)
		w.styled(i)
		return
	}
	w.accept(0)
	w.styled(i)
	if c := w.countOf(i); c != nil {
		if w.tree.Has(i, AttrValue) {
			c.next = w.number(i, AttrValue, 0, 99999)
		}
		w.say(strconv.Itoa(c.next) + ". ")
		c.next += int(c.step)
		return
	}
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
