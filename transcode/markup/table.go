package markup

// table begins a table: kept for data that fits a small display, lines for everything else.
func (w *Writer) table(i int32) {
	if w.tree.Nodes[i].Flags&(FlagLayout|FlagWide) != 0 || w.pre > 0 {
		return
	}
	if c := w.tree.captionOf(i); c >= 0 { // a line before the table, which begins behind it
		w.captioned = append(w.captioned, c)
		return
	}
	w.block(i, TagTable, boxTable)
}

// captionOf is the caption that a table begins with, -1 if it has none.
func (t *Tree) captionOf(i int32) int32 {
	for k := i + 1; k < t.Nodes[i].End; k = t.Nodes[k].End {
		switch n := &t.Nodes[k]; {
		case n.Tag == TagCaption:
			return k
		case n.Tag != Text || n.Flags&FlagSpace == 0:
			return -1
		}
	}
	return -1
}

// leaveCaption begins the table that waited for its caption.
func (w *Writer) leaveCaption(i int32) {
	if n := len(w.captioned); n > 0 && w.captioned[n-1] == i {
		w.captioned = w.captioned[:n-1]
		k := i - 1
		for w.tree.Nodes[k].Tag != TagTable {
			k--
		}
		w.better(CutCharacter)
		w.block(k, TagTable, boxTable)
	}
}

// row begins a table row, or the line that stands for one.
func (w *Writer) row(i int32) {
	w.better(CutItem)
	if w.top().kind == boxTable {
		w.pushBox(i, TagTr, boxRow)
	}
}

// cell begins a cell. Where there are no tables, the cells of a row share a line: "名前：太郎", "月曜／晴れ／23度".
func (w *Writer) cell(i int32, tag Tag) {
	if w.top().kind == boxRow {
		at := len(w.tags)
		w.tags = append(append(w.tags, '<'), tagNames[tag]...)
		for _, a := range [...]Attr{AttrColspan, AttrRowspan} {
			if n := w.number(i, a, 1, 20); n > 1 {
				w.tags = append(append(append(w.tags, ' '), attrNames[a]...), `="`...)
				w.tags = append(appendInt(w.tags, n), '"')
			}
		}
		w.tags = append(w.tags, '>')
		w.pushTag(i, tag, boxFlow, at)
		return
	}
	if w.line.begun {
		w.sep = "／"
		if prev := w.previousCell(i); prev == TagTh && tag == TagTd {
			w.sep = "："
		}
		w.space = false
	}
	w.styled(i)
}

// previousCell tells what kind of cell stands before cell i in its row.
func (w *Writer) previousCell(i int32) Tag {
	for k := i - 1; k >= 0 && i-k < 64; k-- {
		n := &w.tree.Nodes[k]
		switch {
		case n.Tag == TagTr:
			return 0
		case (n.Tag == TagTd || n.Tag == TagTh) && n.End == i:
			return n.Tag
		}
	}
	return 0
}

// leaveCell ends a cell; an empty one of a real table is written too, for the columns' sake.
func (w *Writer) leaveCell(i int32, tag Tag) {
	k := len(w.boxes) - 1
	for w.boxes[k].node == implied {
		k--
	}
	kept, own := false, w.boxes[k].node == i
	for ; k > 0 && w.boxes[k].node == i; k-- {
		kept = kept || w.boxes[k].kind == boxFlow && w.boxes[k].tag == tag
	}
	if own {
		w.endLine()
		if kept && w.open < len(w.boxes) {
			w.flushBoxes()
		}
	}
	w.popFormats(i)
	if own {
		w.popNode(i)
	}
}
