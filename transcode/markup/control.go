package markup

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/transcode/keep"
	"musubi/transcode/own"
)

// sendable says whether controls are written as controls.
func (w *Writer) sendable() bool { return w.form.in && !w.form.off }

// noteControl notes a value that the form sends by itself.
func (w *Writer) noteControl(name, value []byte) {
	if w.note && len(name) > 0 {
		w.Controls = append(w.Controls, Control{Name: name, Value: value, At: int32(len(w.Body))})
	}
}

// queueing says whether hidden fields wait for a line.
func (w *Writer) queueing() bool { return len(w.queue)+len(w.form.fixed) > 0 }

// flushQueue writes the hidden fields that wait; those that have no room are kept, and the word for them stands in their place.
func (w *Writer) flushQueue() {
	if len(w.form.fixed) > 0 {
		if word := w.hold(w.form.fixed, false); word != "" {
			w.queueOwn(own.Answers, word)
		} else {
			for _, c := range w.queued {
				w.queue = w.hidden(w.queue, c.Name, c.Value)
			}
		}
	}
	for _, c := range w.queued {
		w.noteControl(c.Name, c.Value)
	}
	w.Body = append(w.Body, w.queue...)
	w.clearQueue()
}

func (w *Writer) clearQueue() {
	w.queue, w.queued, w.form.fixed = w.queue[:0], w.queued[:0], w.form.fixed[:0]
}

// queueOwn makes a hidden field of our own wait for the form's first line.
func (w *Writer) queueOwn(name, value string) {
	w.queue = w.appendHidden(w.queue, []byte(name), []byte(value))
}

// hidden writes a hidden field of the page.
func (w *Writer) hidden(dst, name, value []byte) []byte {
	if len(name) == 0 {
		return dst
	}
	packed := !w.screen.FaithfulValue(value)
	return w.appendHidden(dst, w.wireName("", name, packed), wireValue(value, packed))
}

// keepBeside writes what the field that was written last keeps beside it.
func (w *Writer) keepBeside(name, text []byte) {
	if len(name) == 0 {
		return
	}
	record := w.record(name, text, false)
	if record == nil {
		return
	}
	w.Body = w.appendHidden(w.Body, []byte(own.Kept), record)
	if w.form.brief && w.note { // what earlier pieces were answered is short too
		w.Controls[len(w.Controls)-1].Value = []byte(w.screen.Show(string(text)))
		w.noteControl([]byte(own.KeptAnswer), record)
	}
}

// appendHidden writes a hidden field.
func (w *Writer) appendHidden(dst, name, value []byte) []byte {
	dst = w.encodeTo(append(dst, `<input type="hidden" name="`...), name)
	dst = w.encodeTo(append(dst, `" value="`...), value)
	return append(append(dst, '"'), w.p.void...)
}

// input writes an input element.
func (w *Writer) input(i int32) {
	t := w.tree
	name, value, typ := t.Value(i, AttrName), t.Value(i, AttrValue), inputType(t.Value(i, AttrType))
	switch typ {
	case typeHidden:
		if w.sendable() && !w.disabled(i) && len(name) > 0 {
			w.sendFixed(name, w.hiddenValue(i))
		}
		return
	case typeFile:
		w.say("［ファイルはこの端末から送れません。メールで送ってください］")
		w.fixed(i)
		return
	case typeButton:
		w.words(value)
		return
	case typeReset:
		return
	case typeSubmit:
		w.submit(i, name, value, value)
		return
	case typeImage:
		label := t.Value(i, AttrAlt)
		if len(trimSpace(label)) == 0 {
			label = w.labelOf(i)
		}
		w.submit(i, name, nil, label)
		return
	}
	if !w.sendable() || w.disabled(i) {
		switch typ {
		case typeCheckbox, typeRadio:
			if w.checked(i) {
				w.say("●")
			} else {
				w.say("○")
			}
		case typePassword:
		default:
			w.words(value)
		}
		return
	}
	if t.Has(i, AttrReadonly) && typ != typeCheckbox && typ != typeRadio {
		value = w.fieldValue(i)
		w.noteControl(name, value)
		w.words(value)
		if w.p.HDML {
			w.hdmlPair(name, value)
		} else {
			w.ready()
			w.Body = w.hidden(w.Body, name, value)
		}
		return
	}
	if typ == typeText || typ == typePassword {
		value = w.fieldValue(i)
	}
	if w.p.HDML {
		w.hdmlInput(i, typ, name, value)
		return
	}
	if typ == typeCheckbox || typ == typeRadio {
		w.check(i, typ, name, value)
		return
	}
	w.textField(i, typ, name, value)
}

// hiddenValue is what a hidden field sends. One named _charset_ tells the form's charset [html-forms].
func (w *Writer) hiddenValue(i int32) []byte {
	if foldEqual(w.tree.Value(i, AttrName), "_charset_") {
		return []byte(w.formCharset())
	}
	return unixLines(w.tree.Value(i, AttrValue))
}

// fieldValue is the value of a text field as a browser's has it: without line ends, and what its type demands.
func (w *Writer) fieldValue(i int32) []byte {
	t := w.tree
	value := oneLine(t.Value(i, AttrValue))
	switch typ := t.Value(i, AttrType); {
	case foldEqual(typ, "email") && !t.Has(i, AttrMultiple), foldEqual(typ, "url"):
		return trimSpace(value)
	case foldEqual(typ, "number") && !isNumber(value):
		return nil
	case !isMoment(typ, value):
		return nil
	case foldEqual(typ, "color") && !isColor(value):
		return []byte("#000000")
	case foldEqual(typ, "range") && !isNumber(value):
		low, high := w.number(i, AttrMin, 0, 999999), w.number(i, AttrMax, 0, 999999)
		if !t.Has(i, AttrMax) {
			high = 100
		}
		return appendInt(nil, max(low, (low+high+1)/2))
	}
	return value
}

// isNumber says whether s is a floating-point number as HTML has them.
func isNumber(s []byte) bool {
	f, err := strconv.ParseFloat(string(s), 64)
	return err == nil && !math.IsInf(f, 0) && len(bytes.Trim(s, "0123456789eE+-.")) == 0 && s[0] != '+' && s[len(s)-1] != '.'
}

// moments are how the types of fields for dates and times have them.
var moments = map[string][]string{"date": {"2006-01-02"}, "month": {"2006-01"}, "time": {"15:04", "15:04:05"}, "datetime-local": {"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"}}

// isMoment says whether a value is what a field for a date or time takes: a browser drops every other.
func isMoment(typ, value []byte) bool {
	layouts := moments[strings.ToLower(string(typ))]
	for _, layout := range layouts {
		if _, err := time.Parse(layout, string(value)); err == nil {
			return true
		}
	}
	return len(layouts) == 0
}

// isColor says whether s is a simple colour, #rrggbb.
func isColor(s []byte) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range s[1:] {
		if !isHex(c) {
			return false
		}
	}
	return true
}

// control makes ready for a control: its line, and a cut before it.
func (w *Writer) control(i int32) {
	w.ready()
	if w.note {
		w.noteCut(CutSentence)
	}
	if key := w.tree.Value(i, AttrAccesskey); keyIndex(key) >= 0 && w.p.attrs[w.tree.Nodes[i].Tag].has(AttrAccesskey) {
		w.showKey(keyIndex(key))
	}
}

// keyAttr writes a control's access key.
func (w *Writer) keyAttr(i int32) {
	tag := w.tree.Nodes[i].Tag
	if tag == TagButton {
		tag = TagInput
	}
	at := len(w.tags)
	if key := w.tree.Value(i, AttrAccesskey); keyIndex(key) >= 0 && w.p.attrs[tag].has(AttrAccesskey) {
		w.Keys |= 1 << keyIndex(key)
		w.tags = append(append(w.tags, ` accesskey="`...), trimSpace(key)[0], '"')
	}
	w.Body = append(w.Body, w.tags[at:]...)
	w.tags = w.tags[:at]
}

func (w *Writer) attr(name string, value []byte) {
	w.Body = append(append(append(w.Body, ' '), name...), `="`...)
	w.encode(value)
	w.Body = append(w.Body, '"')
}

func (w *Writer) intAttr(name string, n int) {
	w.Body = append(append(append(w.Body, ' '), name...), `="`...)
	w.Body = append(appendInt(w.Body, n), '"')
}

// flagAttr writes an attribute that has no value, in XML its own name.
func (w *Writer) flagAttr(name string) {
	w.Body = append(append(w.Body, ' '), name...)
	if w.p.XML {
		w.Body = append(append(append(w.Body, `="`...), name...), '"')
	}
}

func (w *Writer) check(i int32, typ fieldType, name, value []byte) {
	if value == nil {
		value = []byte("on")
	}
	w.control(i)
	w.keepRadios(typ, name)
	if w.checked(i) {
		w.noteControl(name, value)
	} else {
		w.noteControl(name, nil)
	}
	w.Body = append(append(append(w.Body, `<input type="`...), typeNames[typ]...), '"')
	packed := w.groupPacked(i, typ, name, value)
	if len(name) > 0 {
		w.attr("name", w.wireName("", name, packed))
	}
	w.attr("value", wireValue(value, packed))
	from := int32(len(w.Body))
	if w.checked(i) {
		w.flagAttr("checked")
	}
	if w.note && typ == typeRadio && len(name) > 0 {
		w.Radios = append(w.Radios, Radio{i, name, packed, from, int32(len(w.Body))})
		w.Controls[len(w.Controls)-1].Radio = int32(len(w.Radios))
	}
	w.keyAttr(i)
	w.Body = append(w.Body, w.p.void...)
}

// RadioValue is what radio button i sends.
func (w *Writer) RadioValue(i int32) []byte {
	if value := w.tree.Value(i, AttrValue); value != nil {
		return value
	}
	return []byte("on")
}

// AppendRadio writes a radio button of a part before, checked, and what it is called there.
func (w *Writer) AppendRadio(dst []byte, r *Radio) []byte {
	name := w.wireName("", r.Name, r.Packed)
	dst = w.encodeTo(append(dst, `<div><input type="radio" name="`...), name)
	dst = w.encodeTo(append(dst, `" value="`...), wireValue(w.RadioValue(r.Node), r.Packed))
	dst = append(dst, `" checked`...)
	if w.p.XML {
		dst = append(dst, `="checked"`...)
	}
	dst = w.Say(append(dst, w.p.void...), "今のまま ")
	return append(w.label(dst, w.wordsOf(r.Node)), "</div>"...)
}

// wordsOf is what radio button i is called: by its label, else by the words behind it, else what it sends.
func (w *Writer) wordsOf(i int32) []byte {
	words := w.labelOf(i)
	for k := i + 1; len(words) == 0 && int(k) < len(w.tree.Nodes) && k < i+4 && traits[w.tree.Nodes[k].Tag]&control == 0; k++ {
		if w.tree.Nodes[k].Tag == Text {
			words = w.tree.keep(func(b []byte) []byte { return append(b, trimSpace(CollapseSpace(w.tree.Text(k)))...) })
		}
	}
	if len(words) == 0 {
		words = w.RadioValue(i)
	}
	return words[:cutBefore(words, maxLabel)]
}

// groupPacked says whether the value of a box goes out packed: all radio buttons of a group do if one must, because their
// name makes the group.
func (w *Writer) groupPacked(i int32, typ fieldType, name, value []byte) bool {
	if !w.screen.FaithfulValue(value) {
		return true
	}
	if typ != typeRadio {
		return false
	}
	for k := range w.controls(w.form.node) {
		if w.tree.isRadio(k, name) && !w.screen.FaithfulValue(w.tree.Value(k, AttrValue)) {
			return true
		}
	}
	return false
}

// isRadio says whether a control is a radio button of that name.
func (t *Tree) isRadio(k int32, name []byte) bool {
	return t.Nodes[k].Tag == TagInput && inputType(t.Value(k, AttrType)) == typeRadio && bytes.Equal(t.Value(k, AttrName), name)
}

// checked says whether a box is checked: of the radio buttons of a group the last of those that say so [html-forms].
func (w *Writer) checked(i int32) bool {
	name := w.tree.Value(i, AttrName)
	if !w.tree.Has(i, AttrChecked) || len(name) == 0 || !w.form.in || !w.tree.isRadio(i, name) {
		return w.tree.Has(i, AttrChecked)
	}
	for k := range w.controls(w.form.node) {
		if k > i && w.tree.isRadio(k, name) && w.tree.Has(k, AttrChecked) {
			return false
		}
	}
	return true
}

// keepRadios keeps the buttons of a group in one part: an answer in two parts would be two answers.
func (w *Writer) keepRadios(typ fieldType, name []byte) {
	if !w.note || typ != typeRadio {
		return
	}
	if n := len(w.Controls); n > 0 && w.Controls[n-1].Radio > 0 && string(w.Controls[n-1].Name) == string(name) && len(w.Keeps) > 0 {
		w.Keeps[len(w.Keeps)-1].Stop = int32(len(w.Body) + 1)
		return
	}
	w.Keeps = append(w.Keeps, Keep{int32(len(w.Body)), int32(len(w.Body) + 1)})
}

func (w *Writer) textField(i int32, typ fieldType, name, value []byte) {
	w.soleWords(i)
	w.control(i)
	w.noteControl(name, value)
	w.Body = append(append(append(w.Body, `<input type="`...), typeNames[typ]...), '"')
	if len(name) > 0 {
		w.attr("name", w.wireName("", name, false))
	}
	if len(value) > 0 {
		w.attr("value", value)
	}
	if n := w.number(i, AttrSize, 0, 60); n > 0 {
		w.intAttr("size", min(n, w.columns()))
	}
	if n := w.number(i, AttrMaxlength, 0, 99999); n > 0 {
		w.intAttr("maxlength", n)
	}
	w.inputMode(i, TagInput, typ)
	w.keyAttr(i)
	w.Body = append(w.Body, w.p.void...)
	w.keepBeside(name, value)
	w.direction(i)
}

// soleWords writes what a field of a foreign page has for a label where nothing else says what it is for: its placeholder, or
// what it is called for those who do not see it.
func (w *Writer) soleWords(i int32) {
	t := w.tree
	if !w.foreign || w.worded(i) {
		return
	}
	for _, a := range [...]Attr{AttrAriaLabel, AttrPlaceholder, AttrTitle} {
		if words := trimSpace(t.Value(i, a)); len(words) > 0 {
			w.words(words[:cutBefore(words, maxLabel)])
			w.space = true
			return
		}
	}
}

// worded says whether words on the page belong to a field: a label, or text before it in the form since the last control,
// paragraph or heading.
func (w *Writer) worded(i int32) bool {
	t := w.tree
	if l := t.around(i, TagLabel); l >= 0 && len(t.labelText(l, i)) > 0 {
		return true
	}
	if id := t.Value(i, AttrId); len(id) > 0 && t.labels(id) {
		return true
	}
	for k := i - 1; k > w.form.node; k-- {
		switch n := &t.Nodes[k]; {
		case n.Tag == Text:
			if len(trimSpace(t.Text(k))) > 0 {
				return !t.inControl(k)
			}
		case traits[n.Tag]&control != 0, n.Tag == TagP, n.Tag >= TagH1 && n.Tag <= TagH6:
			return false
		}
	}
	return false
}

// labels says whether a label is for the element with an ID.
func (t *Tree) labels(id []byte) bool {
	for l := range t.Nodes {
		if t.Nodes[l].Tag == TagLabel && bytes.Equal(t.Value(int32(l), AttrFor), id) {
			return true
		}
	}
	return false
}

// inControl says whether node k is in a button, select or text area.
func (t *Tree) inControl(k int32) bool {
	for p := k - 1; p >= 0 && k-p < 8; p-- {
		if t.Nodes[p].End > k && traits[t.Nodes[p].Tag]&control != 0 {
			return true
		}
	}
	return false
}

// direction adds the pair that tells the direction of a field's text, if the page wants it (dirname) [html-forms].
func (w *Writer) direction(i int32) {
	name := w.tree.Value(i, AttrDirname)
	if len(name) == 0 {
		return
	}
	dir := []byte("ltr")
	for _, n := range append(w.ends[:len(w.ends):len(w.ends)], i) {
		switch v := trimSpace(w.tree.Value(n, AttrDir)); {
		case foldEqual(v, "rtl"):
			dir = []byte("rtl")
		case foldEqual(v, "ltr"):
			dir = []byte("ltr")
		}
	}
	if w.p.HDML {
		w.hdmlPair(name, dir)
		return
	}
	w.noteControl(name, dir)
	w.Body = w.hidden(w.Body, name, dir)
}

// columns is how many half-width characters fit in a line of the display.
func (w *Writer) columns() int {
	if n := w.h.Display.Columns; n > 0 {
		return n
	}
	return max(12, w.displayWidth()/10)
}

// areaText is the text of a text area: without its first line end, and LF for each of the others.
func (t *Tree) areaText(i int32) []byte {
	if t.Nodes[i].End <= i+1 { // the parser leaves one run of text in it
		return nil
	}
	return bytes.TrimPrefix(unixLines(t.Text(i+1)), []byte("\n"))
}

// textarea writes a text area with its text.
func (w *Writer) textarea(i int32) {
	t := w.tree
	value := t.areaText(i)
	name := t.Value(i, AttrName)
	switch {
	case !w.sendable() || w.disabled(i) || t.Has(i, AttrReadonly):
		w.endLine()
		w.pre++
		w.preText(value)
		w.endLine()
		w.pre--
		if w.sendable() && !w.disabled(i) {
			w.sendFixed(name, value)
		}
		return
	case w.p.HDML:
		w.hdmlInput(i, typeText, name, value)
		return
	}
	w.soleWords(i)
	w.control(i)
	w.noteControl(name, value)
	w.Body = append(w.Body, "<textarea"...)
	if len(name) > 0 {
		w.attr("name", w.wireName("", name, false))
	}
	w.intAttr("rows", max(2, w.number(i, AttrRows, 4, 8)))
	w.intAttr("cols", max(4, min(w.number(i, AttrCols, 20, 60), w.columns())))
	w.inputMode(i, TagTextarea, typeText)
	w.keyAttr(i)
	w.Body = append(w.Body, '>')
	at := len(w.Body)
	if w.encode(value); bytes.HasPrefix(w.Body[at:], []byte("\n")) { // the first line end is not part of the text
		w.Body = slices.Insert(w.Body, at, '\n')
	}
	w.Body = append(w.Body, "</textarea>"...)
	w.keepBeside(name, value)
	w.direction(i)
}

// button writes a button element as a submit button that shows its words.
func (w *Writer) button(i int32) {
	t := w.tree
	label := t.keep(func(dst []byte) []byte { return t.TextContent(dst, i) })
	if typ := t.Value(i, AttrType); typ != nil && !foldEqual(typ, "submit") {
		w.words(label)
		return
	}
	w.submit(i, t.Value(i, AttrName), t.Value(i, AttrValue), label)
}

// An ownWay is how a button sends its form when it is not how the form says.
type ownWay struct {
	action []byte // as the page says it; nil: the form's
	method string // "get", "post" or "dialog"
	kind   string // of the body, if the gateway has to be told; see formType
	differ bool   // the handset cannot be told so: the gateway has to know
}

// wayOf reads formaction, formmethod and formenctype.
func (w *Writer) wayOf(i int32) ownWay {
	t := w.tree
	way := ownWay{method: methodOf(t.Value(w.form.node, AttrMethod))}
	if m := t.Value(i, AttrFormmethod); m != nil {
		way.method = methodOf(m)
	}
	if a := trimSpace(t.Value(i, AttrFormaction)); len(a) > 0 {
		way.action = a
	}
	usual := w.formType(t.Value(w.form.node, AttrEnctype))
	if way.kind = usual; t.Has(i, AttrFormenctype) {
		way.kind = w.formType(t.Value(i, AttrFormenctype))
	}
	way.differ = way.action != nil || (way.method == "get") != w.form.get || way.method == "post" && way.kind != usual
	return way
}

// Kinds of bodies that are not what handsets send (own.Charset, own.Way).
const (
	kindMultipart = "m"
	kindPlain     = "t"
)

// formType reads an enctype. The core reads what handsets send.
func (w *Writer) formType(enctype []byte) string {
	switch enctype = trimSpace(enctype); {
	case !w.foreign:
	case foldEqual(enctype, "multipart/form-data"):
		return kindMultipart
	case foldEqual(enctype, "text/plain"):
		return kindPlain
	}
	return ""
}

// methodOf reads a method attribute.
func methodOf(v []byte) string {
	switch v = trimSpace(v); {
	case foldEqual(v, "post"):
		return "post"
	case foldEqual(v, "dialog"):
		return "dialog"
	}
	return "get"
}

// submit writes a submit button. Its label is what it sends; when it ought to send something else, the only button of a
// form has a hidden field beside it, and one of several says so in its name.
func (w *Writer) submit(i int32, name, value, label []byte) {
	if !w.sendable() || w.disabled(i) {
		w.words(label)
		return
	}
	if len(trimSpace(label)) == 0 && w.tree.Nodes[i].Tag == TagButton { // what it is called for those who do not see it
		label = w.labelOf(i)
	}
	if len(trimSpace(label)) == 0 {
		label = []byte(w.our("送信"))
	}
	way, pairs := w.wayOf(i), w.buttonPairs(i, name, value, label)
	ok := way.method != "dialog"
	if way.action != nil && ok {
		_, ok = w.Links.Target(way.action)
	}
	if !ok { // to another host, or nowhere
		w.words(label)
		return
	}
	if w.p.HDML {
		w.hdmlSubmit(i, way, pairs, label)
		return
	}
	w.control(i)
	if len(label) > w.most/4 {
		w.words(label)
		label = label[:cutBefore(label, w.most/4)]
	}
	w.Body = append(w.Body, `<input type="submit"`...)
	switch {
	case way.differ || len(pairs) > 1:
		w.attr("name", w.wayName(way, pairs))
	case len(pairs) == 0:
	case string(pairs[0].value) == string(label) && w.screen.FaithfulValue(label):
		w.attr("name", w.wireName("", name, false))
	case w.form.submits == 1:
		defer func() { w.Body = w.hidden(w.Body, pairs[0].name, pairs[0].value) }()
	default:
		w.attr("name", w.buttonName(pairs[0].name, pairs[0].value))
	}
	w.attr("value", label)
	w.keyAttr(i)
	w.Body = append(w.Body, w.p.void...)
}

// buttonName is the name of a button that sends something else than its words.
func (w *Writer) buttonName(name, value []byte) []byte {
	packed := !w.screen.FaithfulValue(value) || bytes.IndexByte(name, '=') >= 0
	if packed && bytes.IndexByte(name, '=') >= 0 {
		name = keep.Opaque([]byte(own.Value+own.Name), name)
	} else {
		name = w.wireName("", name, packed)
	}
	return w.tree.keep(func(b []byte) []byte {
		b = append(append(append(b, own.Button...), name...), '=')
		return append(b, wireValue(value, packed)...)
	})
}

// A pair is a name and value that a button sends.
type pair struct{ name, value []byte }

// buttonPairs is what a button adds to the form: its value, or the place on a picture where it was pressed, which is its
// corner when there is no pointer [html-forms].
func (w *Writer) buttonPairs(i int32, name, value, label []byte) []pair {
	if w.tree.Nodes[i].Tag == TagInput && inputType(w.tree.Value(i, AttrType)) == typeImage {
		x, y := []byte("x"), []byte("y")
		if len(name) > 0 {
			x, y = append(bytes.Clone(name), ".x"...), append(bytes.Clone(name), ".y"...)
		}
		return append(w.pairs[:0], pair{x, []byte("0")}, pair{y, []byte("0")})
	}
	if len(name) == 0 {
		return nil
	}
	if value == nil {
		if value = label; w.tree.Nodes[i].Tag == TagButton {
			value = nil // a button element without a value sends an empty one
		}
	}
	return append(w.pairs[:0], pair{name, unixLines(value)})
}

// wayName is the name of a button that sends the form elsewhere, otherwise, or with more than one pair.
func (w *Writer) wayName(way ownWay, pairs []pair) []byte {
	action := way.action
	if action == nil && way.differ {
		action, _ = cutByte(w.tree.Value(w.form.node, AttrAction), '?')
		if len(trimSpace(action)) == 0 {
			action = []byte(w.Links.path)
		}
	}
	target := ""
	if way.differ {
		target, _ = w.Links.Target(action)
	}
	method := way.method
	if way.kind != w.formType(w.tree.Value(w.form.node, AttrEnctype)) {
		method += "," + way.kind
	}
	packed := append(append([]byte(method), 0), target...)
	for _, p := range pairs {
		packed = append(append(packed, 0), p.name...)
		packed = append(append(packed, 0), p.value...)
	}
	return keep.Opaque([]byte(own.Way), packed)
}

// cutBefore returns the last place up to n where text may be cut.
func cutBefore(s []byte, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && (s[n]&0xC0 == 0x80 || !cuttable(s[:n], firstRune(s[n:]))) {
		n--
	}
	return n
}
