package markup

import (
	"bytes"
	"sort"

	"musubi/transcode/own"
)

// Which form a control belongs to is not always the one around it [html-forms]: form="id" names another, and a form whose
// end a parser implied goes on owning what follows. Handsets know only the form around a control, so such controls are
// written in their form, before or behind what is in it, as they stand in the page.

// An owned control belongs to a form that is not around it, or to none (-1) though one is.
type owned struct{ node, form int32 }

// A span is a stretch of nodes.
type span struct{ from, to int32 }

// findOwners finds the controls that are not their surroundings', and what a fieldset disables.
func (w *Writer) findOwners() {
	t := w.tree
	w.owned, w.disabledIn, w.enabledIn = append(w.owned[:0], t.strays...), w.disabledIn[:0], w.enabledIn[:0]
	if t.formAttr {
		for k := range t.Nodes {
			if id := t.Value(int32(k), AttrForm); id != nil && traits[t.Nodes[k].Tag]&control != 0 {
				w.own(int32(k), t.formNamed(id))
			}
		}
		sort.Slice(w.owned, func(i, k int) bool { return w.owned[i].node < w.owned[k].node })
	}
	if !t.fieldsets {
		return
	}
	for k := range t.Nodes {
		if n := &t.Nodes[k]; n.Tag == TagFieldset && t.Has(int32(k), AttrDisabled) {
			w.disabledIn = append(w.disabledIn, span{int32(k), n.End})
			w.enabledIn = append(w.enabledIn, t.firstLegend(int32(k)))
		}
	}
}

// own notes that control k belongs to a form, -1 for none.
func (w *Writer) own(k, form int32) {
	for i := range w.owned {
		if w.owned[i].node == k {
			w.owned[i].form = form
			return
		}
	}
	if form < 0 || k < form || k >= w.tree.Nodes[form].End {
		w.owned = append(w.owned, owned{k, form})
	}
}

// formNamed is the form that is the first element with an ID, -1 if that is no form.
func (t *Tree) formNamed(id []byte) int32 {
	for k := range t.Nodes {
		if v := t.Value(int32(k), AttrId); v != nil && bytes.Equal(v, id) {
			if t.Nodes[k].Tag == TagForm && len(id) > 0 {
				return int32(k)
			}
			return -1
		}
	}
	return -1
}

// firstLegend is the first legend right below a fieldset: what is in it stays enabled.
func (t *Tree) firstLegend(k int32) span {
	for c := k + 1; c < t.Nodes[k].End; c = t.Nodes[c].End {
		if t.Nodes[c].Tag == TagLegend {
			return span{c, t.Nodes[c].End}
		}
	}
	return span{}
}

// ownerOf returns the form of a control that is not its surroundings', -1 for none; ok says whether it is such a one.
func (w *Writer) ownerOf(k int32) (form int32, ok bool) {
	for _, o := range w.owned {
		if o.node == k {
			return o.form, true
		}
	}
	return 0, false
}

// disabled says whether a control is disabled, by itself or by a fieldset around it.
func (w *Writer) disabled(k int32) bool {
	if w.tree.Has(k, AttrDisabled) {
		return true
	}
	for i, d := range w.disabledIn {
		if e := w.enabledIn[i]; k > d.from && k < d.to && !(k > e.from && k < e.to) {
			return true
		}
	}
	return false
}

// control begins element i, a control, where it stands in the page, and says whether it is to be written here: not if it
// belongs to another form. after undoes what it did.
func (w *Writer) placed(i int32) (here bool, after func()) {
	form, ok := w.ownerOf(i)
	switch {
	case !ok || w.form.in && form == w.form.node:
		return true, func() {}
	case form >= 0 && !w.hiddenForm(form):
		return false, nil
	}
	off := w.form.off // nobody's: it can be seen and not sent
	w.form.off = true
	return true, func() { w.form.off = off }
}

// hiddenForm says whether a form is not written at all.
func (w *Writer) hiddenForm(form int32) bool {
	for k := form; k >= 0; k-- {
		if n := &w.tree.Nodes[k]; n.End > form && n.kinds&kindHides != 0 && w.unseen(k) {
			return true
		}
	}
	return false
}

// borrow writes the controls of form i that stand before it in the page, or those behind, each with its label.
func (w *Writer) borrow(i int32, before bool) {
	for _, o := range w.owned {
		if o.form != i || (o.node < i) != before || w.tree.Nodes[o.node].kinds&kindHides != 0 && w.unseen(o.node) {
			if o.form == i && (o.node < i) == before {
				w.sendUnseen(o.node)
			}
			continue
		}
		w.endLine()
		if w.labelled(o.node) {
			w.words(w.labelOf(o.node))
			w.space = true
		}
		w.enter(o.node)
	}
}

// labelled says whether a control wants words before it: buttons have their own.
func (w *Writer) labelled(k int32) bool {
	switch w.tree.Nodes[k].Tag {
	case TagInput:
		switch inputType(w.tree.Value(k, AttrType)) {
		case typeHidden, typeSubmit, typeImage, typeButton, typeReset:
			return false
		}
		return true
	case TagSelect, TagTextarea:
		return true
	}
	return false
}

// labelOf finds the words that say what a control is for: its label, else what it is called for those who do not see it.
func (w *Writer) labelOf(k int32) []byte {
	t := w.tree
	if id := t.Value(k, AttrId); len(id) > 0 {
		for l := range t.Nodes {
			if t.Nodes[l].Tag == TagLabel && bytes.Equal(t.Value(int32(l), AttrFor), id) {
				return t.labelText(int32(l), k)
			}
		}
	}
	if l := t.around(k, TagLabel); l >= 0 {
		if words := t.labelText(l, k); len(words) > 0 {
			return words
		}
	}
	for _, a := range [...]Attr{AttrAriaLabel, AttrTitle, AttrPlaceholder} {
		if words := trimSpace(t.Value(k, a)); len(words) > 0 {
			return words
		}
	}
	return nil
}

// labelText is the text of a label, without the control in it.
func (t *Tree) labelText(l, k int32) []byte {
	return t.keep(func(dst []byte) []byte {
		start := len(dst)
		for n := l + 1; n < t.Nodes[l].End; n++ {
			switch {
			case traits[t.Nodes[n].Tag]&control != 0:
				n = t.Nodes[n].End - 1
			case t.Nodes[n].Tag == Text:
				dst = AppendDecoded(dst, t.Src[t.Nodes[n].Start:t.Nodes[n].Stop], false)
			}
		}
		return append(dst[:start], CollapseSpace(dst[start:])...)
	})
}

// around is the innermost element of that name around node k, -1 if there is none.
func (t *Tree) around(k int32, tag Tag) int32 {
	for i := k - 1; i >= 0 && k-i < 4096; i-- {
		if t.Nodes[i].Tag == tag && t.Nodes[i].End > k {
			return i
		}
	}
	return -1
}

// sendUnseen makes hidden fields of the controls from node i to its end, which nobody sees and a browser sends all the
// same.
func (w *Writer) sendUnseen(i int32) {
	t := w.tree
	if !w.sendable() || t.Has(i, AttrDataPc) {
		return
	}
	for k := i; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag == TagTemplate {
			k = t.Nodes[k].End - 1
			continue
		}
		if traits[t.Nodes[k].Tag]&control == 0 || w.disabled(k) || len(t.Value(k, AttrName)) == 0 {
			continue
		}
		if form, ok := w.ownerOf(k); ok && form != w.form.node {
			continue
		}
		w.fixed(k)
	}
}

// fixed sends what a control sends if nobody touches it. A file that is not chosen is sent as one without name and content.
func (w *Writer) fixed(k int32) {
	t := w.tree
	name := t.Value(k, AttrName)
	if t.Nodes[k].Tag != TagInput || inputType(t.Value(k, AttrType)) != typeFile {
		w.defaults(k, func(value []byte) { w.sendFixed(name, value) })
		return
	}
	if !w.foreign || !w.sendable() || w.disabled(k) || len(name) == 0 {
		return
	}
	wire := w.wireName(own.File, name, false)
	switch w.noteControl(name, []byte{}); {
	case w.p.HDML:
		w.hdmlOwn(string(wire), nil)
	case w.line.begun:
		w.Body = w.appendHidden(w.Body, wire, nil)
	default:
		w.queue = w.appendHidden(w.queue, wire, nil)
	}
}

// sendFixed adds a pair that nobody changes to what the form sends.
func (w *Writer) sendFixed(name, value []byte) {
	if w.p.HDML {
		w.hdmlPair(name, value)
		return
	}
	if len(name) == 0 {
		return
	}
	switch {
	case w.form.holds:
		w.form.fixed = append(w.Pack(w.form.fixed, name), '=')
		w.form.fixed = append(w.Pack(w.form.fixed, value), ';')
	case w.line.begun:
		w.noteControl(name, value)
		w.Body = w.hidden(w.Body, name, value)
		return
	default:
		w.queue = w.hidden(w.queue, name, value)
	}
	if w.note {
		w.queued = append(w.queued, Control{Name: name, Value: value})
	}
}

// defaults tells the values that a control sends if nobody touches it.
func (w *Writer) defaults(k int32, tell func(value []byte)) {
	t := w.tree
	switch t.Nodes[k].Tag {
	case TagTextarea:
		tell(t.areaText(k))
	case TagSelect:
		first := firstOption(t, k)
		if t.Has(k, AttrMultiple) {
			for o := k + 1; o < t.Nodes[k].End; o++ {
				if t.Nodes[o].Tag == TagOption && t.Has(o, AttrSelected) && !t.optionDisabled(o) {
					tell(t.optionValue(o))
				}
			}
		} else if chosen := w.chosenOption(k, first); chosen >= 0 {
			tell(t.optionValue(chosen))
		}
	case TagInput:
		value := t.Value(k, AttrValue)
		switch inputType(t.Value(k, AttrType)) {
		case typeCheckbox, typeRadio:
			if !w.checked(k) {
				return
			}
			if value == nil {
				value = []byte("on")
			}
			tell(value)
		case typeHidden:
			tell(w.hiddenValue(k))
		case typeText, typePassword:
			tell(w.fieldValue(k))
		}
	}
}
