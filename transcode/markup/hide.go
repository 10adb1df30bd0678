package markup

import "bytes"

// unseen says whether nobody on a handset sees the element: one that has kindHides.
func (w *Writer) unseen(i int32) bool {
	n := &w.tree.Nodes[i]
	if n.Tag == TagDialog && !w.tree.Has(i, AttrOpen) { // scripts open it
		return true
	}
	for a := n.Start; a < n.Start+int32(n.NAttr); a++ {
		switch id := w.tree.Attrs[a].ID; id {
		case AttrDataPc, AttrPopover:
			return true
		case AttrHidden: // what a browser finds and then shows, a handset can only show
			if !foldEqual(trimSpace(w.tree.Value(i, id)), "until-found") {
				return true
			}
		case AttrAriaHidden:
			if foldEqual(trimSpace(w.tree.Value(i, id)), "true") && w.tree.icon(i) {
				return true
			}
		case AttrStyle:
			if s := w.styleFrom(w.tree.Value(i, id)); s.none || s.hidden && !w.showsAgain(i) {
				return true
			}
		}
	}
	return false
}

// showsAgain says whether something in an element that is not visible is.
func (w *Writer) showsAgain(i int32) bool {
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		if v := w.tree.Value(k, AttrStyle); w.tree.Nodes[k].Tag != Text && v != nil && w.styleFrom(v).shown {
			return true
		}
	}
	return false
}

// maxIcon is the most bytes of text that an icon has: the name of a picture in a font of pictures.
const maxIcon = 24

// icon says whether an element that readers of the page aloud are spared is an icon: a picture, or one word of text, in
// nothing that can be used.
func (t *Tree) icon(i int32) bool {
	n := &t.Nodes[i]
	switch n.Tag {
	case TagSvg, TagImg:
		return true
	case TagI, TagSpan, TagB, TagEm, TagFont, TagSmall, TagStrong:
	default:
		return false
	}
	size := 0
	for k := i + 1; k < n.End; k++ {
		switch c := &t.Nodes[k]; {
		case c.Tag == Text:
			word := trimSpace(t.Text(k))
			if size += len(word); size > maxIcon || bytes.IndexByte(word, ' ') >= 0 {
				return false
			}
		case c.Tag == TagA || traits[c.Tag]&(control|block) != 0:
			return false
		}
	}
	return true
}
