package markup

import "unicode/utf8"

func firstRune(s []byte) rune {
	r, _ := utf8.DecodeRune(s)
	return r
}

// selection writes a select with its options.
func (w *Writer) selection(i int32) {
	t := w.tree
	if !w.sendable() || w.disabled(i) {
		w.optionsAsText(i)
		return
	}
	name := t.Value(i, AttrName)
	multiple := t.Has(i, AttrMultiple)
	first := firstOption(t, i)
	w.beside(i, i+1, first)
	if first < 0 {
		return
	}
	defer w.beside(i, first, t.Nodes[i].End)
	if w.p.HDML {
		w.hdmlSelect(i, first, name)
		return
	}
	chosen := int32(-1)
	if !multiple {
		chosen = w.chosenOption(i, first)
	}
	none := !multiple && chosen < 0 // it sends nothing until something is chosen
	packed := none || w.optionsPacked(i)
	w.control(i)
	if !multiple && !none {
		w.noteControl(name, t.optionValue(chosen))
	}
	at := int32(len(w.Body))
	w.Body = append(w.Body, "<select"...)
	if len(name) > 0 {
		w.attr("name", w.wireName("", name, packed))
	}
	if n := w.number(i, AttrSize, 1, 8); n > 1 && !none {
		w.intAttr("size", n)
	}
	if multiple {
		w.flagAttr("multiple")
	}
	w.Body = append(w.Body, '>')
	long := w.note && !multiple && w.optionsLen(i, packed) > w.room/3
	if w.note {
		w.noteOpen(TagSelect, at)
	}
	if none && !long {
		w.option([]byte{}, w.noneLabel(i), true)
	}
	if long {
		s := Select{Open: w.in, Node: i, TagStop: int32(len(w.Body)), Most: int32(w.longestOption(i)), Name: name, Packed: packed, None: none}
		if none {
			s.Label = w.noneLabel(i)
		} else {
			s.Value, s.Label = t.optionValue(chosen), t.optionLabel(chosen)
		}
		w.Selects = append(w.Selects, s)
		w.Opens[w.in].Select = int32(len(w.Selects))
	}
	w.options(i, chosen, multiple, long, packed)
	w.Body = append(w.Body, "</select>"...)
	if w.note {
		if long {
			w.Selects[len(w.Selects)-1].Stop = int32(len(w.Body))
		}
		w.in = w.Opens[w.in].Parent
	}
}

// beside writes the text of select i from node k to stop that is in no option.
func (w *Writer) beside(i, k, stop int32) {
	if stop < 0 {
		stop = w.tree.Nodes[i].End
	}
	for ; k < stop; k++ {
		switch n := &w.tree.Nodes[k]; n.Tag {
		case Text:
			w.textNode(k)
		case TagOption, TagScript, TagStyle, TagTemplate:
			k = n.End - 1
		case TagImg:
			w.words(w.tree.Value(k, AttrAlt))
		}
	}
}

// options writes the options and groups of select i.
func (w *Writer) options(i, chosen int32, multiple, long, packed bool) {
	t := w.tree
	groupEnd, groupAt := int32(-1), int32(-1)
	open := false
	closeGroup := func() {
		if open {
			w.Body = append(w.Body, "</optgroup>"...)
			if w.note {
				w.in = w.Opens[w.in].Parent
			}
			open = false
		}
	}
	for k := i + 1; k < t.Nodes[i].End; k++ {
		n := &t.Nodes[k]
		if k >= groupEnd {
			closeGroup()
			groupAt = -1
		}
		switch n.Tag {
		case TagOptgroup:
			closeGroup()
			groupAt, groupEnd = k, n.End
		case TagOption:
			if t.optionDisabled(k) {
				k = n.End - 1
				continue
			}
			if long || w.note && multiple && k > firstOption(t, i) {
				w.noteCut(CutSentence)
			}
			if multiple && t.Has(k, AttrSelected) {
				w.noteControl(t.Value(i, AttrName), t.optionValue(k))
			}
			label, value := t.optionLabel(k), t.Value(k, AttrValue)
			if groupAt >= 0 && !open {
				group := t.Value(groupAt, AttrLabel)
				if w.p.has[TagOptgroup] {
					at := int32(len(w.Body))
					w.Body = append(w.Body, "<optgroup"...)
					w.attr("label", group[:cutBefore(group, maxAlt)])
					w.Body = append(w.Body, '>')
					if w.note {
						w.noteOpen(TagOptgroup, at)
					}
					open = true
				} else if len(group) > 0 {
					if value == nil { // its words, which change
						value = label
					}
					label = append(append(append([]byte(w.our("【")), group...), w.our("】")...), label...)
					groupAt = -1
				}
			}
			if packed {
				value = wireValue(t.optionValue(k), true)
			}
			w.option(value, label, !long && (k == chosen || multiple && t.Has(k, AttrSelected)) && t.Has(k, AttrSelected))
			k = n.End - 1
		}
	}
	closeGroup()
}

func (w *Writer) option(value, label []byte, selected bool) {
	w.Body = append(w.Body, "<option"...)
	if value != nil {
		w.attr("value", value)
	}
	if selected {
		w.flagAttr("selected")
	}
	w.Body = append(w.Body, '>')
	w.Body = w.label(w.Body, label)
	w.Body = append(w.Body, "</option>"...)
}

// optionLen is an upper bound of the bytes of an option.
func (w *Writer) optionLen(k int32, packed bool) int {
	value := w.tree.Value(k, AttrValue)
	if packed {
		value = wireValue(w.tree.optionValue(k), true)
	}
	return 48 + escapedLen(value) + textLen(w.tree, k)
}

// optionsLen is an upper bound of the bytes of the options of select i.
func (w *Writer) optionsLen(i int32, packed bool) (n int) {
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		switch w.tree.Nodes[k].Tag {
		case TagOption:
			n += w.optionLen(k, packed)
		case TagOptgroup:
			n += 48 + maxAlt
		}
	}
	return n
}

// longestOption is an upper bound of the bytes of the option of select i that takes most of them.
func (w *Writer) longestOption(i int32) (n int) {
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		if w.tree.Nodes[k].Tag == TagOption {
			n = max(n, w.optionLen(k, false)+2*len(w.tree.optionValue(k)))
		}
	}
	return max(n, 48+3*len(w.noneLabel(i)))
}

// OptionLabel is what select i calls the option with a value, the value itself if it has none.
func (w *Writer) OptionLabel(i int32, value string) []byte {
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		if w.tree.Nodes[k].Tag == TagOption && string(w.tree.optionValue(k)) == value {
			return w.tree.optionLabel(k)
		}
	}
	return []byte(value)
}

// optionsPacked says whether the values of a select go out packed: all of them if one must, because they have one name.
func (w *Writer) optionsPacked(i int32) bool {
	t := w.tree
	for k := i + 1; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag == TagOption && !t.optionDisabled(k) && !w.screen.FaithfulValue(t.optionValue(k)) {
			return true
		}
	}
	return false
}

func firstOption(t *Tree, i int32) int32 {
	for k := i + 1; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag == TagOption {
			return k
		}
	}
	return -1
}

// chosenOption is the option a select of one sends: the last marked as selected, or, where only one line of it is shown, the
// first that can be chosen; -1 if that is none or disabled [html-forms].
func (w *Writer) chosenOption(i, first int32) int32 {
	t := w.tree
	chosen, usable := int32(-1), int32(-1)
	for k := first; k >= 0 && k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag != TagOption {
			continue
		}
		if t.Has(k, AttrSelected) {
			chosen = k
		}
		if usable < 0 && !t.optionDisabled(k) {
			usable = k
		}
	}
	switch {
	case chosen >= 0 && t.optionDisabled(chosen):
		return -1
	case chosen < 0 && w.number(i, AttrSize, 1, 999999) <= 1:
		return usable
	}
	return chosen
}

// optionDisabled says whether an option cannot be chosen, by itself or with its group.
func (t *Tree) optionDisabled(k int32) bool {
	if t.Has(k, AttrDisabled) {
		return true
	}
	for g := k - 1; g >= 0 && t.Nodes[g].Tag != TagSelect; g-- {
		if t.Nodes[g].Tag == TagOptgroup {
			return t.Nodes[g].End > k && t.Has(g, AttrDisabled)
		}
	}
	return false
}

// noneLabel names the choice of nothing: by the option that is shown as chosen and cannot be, if there is one.
func (w *Writer) noneLabel(i int32) []byte {
	t := w.tree
	for k := i + 1; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag == TagOption && t.Has(k, AttrSelected) {
			if label := t.optionLabel(k); len(label) > 0 {
				return label
			}
		}
	}
	return []byte(w.our("（選んでください）"))
}

func (t *Tree) optionLabel(k int32) []byte {
	label := t.keep(func(dst []byte) []byte { return t.TextContent(dst, k) })
	if len(label) == 0 {
		label = t.Value(k, AttrLabel)
	}
	return label
}

func (t *Tree) optionValue(k int32) []byte {
	if v := t.Value(k, AttrValue); v != nil {
		return v
	}
	return t.optionLabel(k)
}

// optionsAsText writes the labels of a select that cannot be used.
func (w *Writer) optionsAsText(i int32) {
	sep := ""
	w.beside(i, i+1, w.tree.Nodes[i].End)
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		if w.tree.Nodes[k].Tag != TagOption {
			continue
		}
		if sep != "" {
			w.say(sep)
		}
		sep = "／"
		w.words(w.tree.optionLabel(k))
	}
}
