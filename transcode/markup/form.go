package markup

import "musubi/carriers"

// ButtonPrefix begins the name of a button whose label is not its value: handsets know no button element, only
// input type=submit, which sends its label. "_b.act=delete" pressed as 削除 means act=delete (page.RestoreFields).
const ButtonPrefix = "_b."

// CheckPrefix begins the name of an HDML check box: it always sends something; nothing means it is not checked.
const CheckPrefix = "_c."

// A formState is the form the writer is in.
type formState struct {
	node    int32
	in      bool
	off     bool // cannot be sent from this handset: its controls are shown as text
	get     bool
	index   int32 // in Forms, from 1; only when cuts are noted
	submits int   // submit buttons in it
	action  []byte
	data    []byte // HDML: names and variables so far, ready for POSTDATA
	label   []byte // HDML: label of the field being written
	group   string // HDML: radio buttons in the open card
	buttons int    // of them that are still to come
}

// enterForm begins a form. A form to another host, or with more in it than a handset can carry, is shown as text.
func (w *Writer) enterForm(i int32) {
	action := w.tree.Value(i, AttrAction)
	method := trimSpace(w.tree.Value(i, AttrMethod))
	w.form = formState{node: i, in: true, get: !foldEqual(method, "post")}
	if w.form.get { // the fields replace the query
		action, _ = cutByte(action, '?')
	}
	biggest, lossy := w.surveyForm(i)
	easy := w.easy && w.tree.Has(i, AttrDataUtn)
	at := len(w.tags)
	var kind LinkKind
	w.tags, kind = w.formAction(action, easy)
	w.form.action = w.tags[at:len(w.tags):len(w.tags)]
	switch {
	case w.refused == i:
		w.form.off = true
		w.say(whyNot(lossy))
		w.endLine()
		return
	case kind == LinkForeign:
		w.form.off = true
		w.linkLine(action, "この検索や入力は別のサイトで行います")
		return
	case kind != LinkLocal, len(w.form.action) > w.most, w.note && biggest > w.room/2, w.form.get && lossy > maxInURL:
		w.form.off = true
		w.say(whyNot(lossy))
		w.endLine()
		return
	}
	if w.p.HDML {
		w.hdmlForm()
		return
	}
	w.accept(0)
	w.queue = w.queue[:0]
	if w.form.get || w.p.attrs[TagA].has(AttrDirectkey) {
		if s := w.Links.Session(); s != "" {
			w.queueOwn(SessionName, s)
		}
		if easy && w.form.get && w.h.Carrier == carriers.DoCoMo {
			w.queueOwn("guid", "ON")
		}
	}
	at = len(w.tags)
	w.tags = append(append(append(w.tags, `<form action="`...), w.form.action...), `" method="`...)
	if w.form.get {
		w.tags = append(w.tags, `get"`...)
	} else {
		w.tags = append(w.tags, `post"`...)
	}
	if easy && w.p.attrs[TagForm].has(AttrUtn) {
		w.tags = append(w.tags, " utn"...)
	}
	w.tags = append(w.tags, '>')
	w.pushTag(i, TagForm, boxBlock, at)
	w.styled(i)
}

// Why a form has no fields on this handset. Where text could only be shown by losing some of it, the page says so before
// anything is typed.
const (
	notHere  = "（この入力欄はこの端末では使えません）"
	keptSafe = "（この端末では表示できない文字があり、書き換えると失われるため、ここでは編集できません）"
)

func whyNot(lossy int) string {
	if lossy > 0 {
		return keptSafe
	}
	return notHere
}

// maxInURL is the most bytes of kept text that a form may put into a URL.
const maxInURL = 400

// formAction writes the action. A GET form and J-PHONE carry the session in a hidden field, because these drop the query
// of an action [jphone-forms].
func (w *Writer) formAction(action []byte, easy bool) ([]byte, LinkKind) {
	if len(trimSpace(action)) == 0 {
		action = []byte(w.Links.path)
	}
	if w.form.get || w.p.attrs[TagA].has(AttrDirectkey) {
		session, guid := w.Links.session, w.Links.guid
		w.Links.session, w.Links.guid = "", false
		defer func() { w.Links.session, w.Links.guid = session, guid }()
	}
	return w.Links.Append(w.tags, action, easy)
}

// surveyForm counts the submit buttons and returns the bytes of the biggest control, or of all that a last piece carries,
// and how many of these are text kept beside its field.
func (w *Writer) surveyForm(i int32) (biggest, lossy int) {
	sum := 0
	t := w.tree
	for k := i + 1; k < t.Nodes[i].End; k++ {
		n := &t.Nodes[k]
		if n.kinds&kindHides != 0 && w.unseen(k) { // not on this handset
			k = n.End - 1
			continue
		}
		size := 0
		switch n.Tag {
		case TagInput:
			typ := t.Value(k, AttrType)
			if foldEqual(typ, "submit") || foldEqual(typ, "image") {
				w.form.submits++
			}
			value := t.Value(k, AttrValue)
			size = len(value) + len(t.Value(k, AttrName))
			sum += size + 2
			if tp := inputType(typ); tp != typeHidden && tp != typeCheckbox && tp != typeRadio && tp != typeSubmit && tp != typeButton && tp != typeReset {
				kept := len(w.record(t.Value(k, AttrName), oneLine(value), w.p.HDML))
				size, lossy = size+kept, lossy+kept
			}
		case TagButton:
			if typ := t.Value(k, AttrType); typ == nil || foldEqual(typ, "submit") {
				w.form.submits++
			}
			size = textLen(t, k)
		case TagTextarea, TagOption:
			size = textLen(t, k) + len(t.Value(k, AttrValue)) + len(t.Value(k, AttrName))
			if n.Tag == TagTextarea {
				kept := len(w.record(t.Value(k, AttrName), t.areaText(k), w.p.HDML))
				size, lossy = size+kept, lossy+kept
				sum += size
			}
		case TagSelect:
			size = len(t.Value(k, AttrName))
			sum += size + 20
		default:
			continue
		}
		biggest = max(biggest, size)
	}
	return max(biggest, sum), lossy
}

// textLen is an upper estimate of the bytes that the text below node i takes once escaped.
func textLen(t *Tree, i int32) (n int) {
	for k := i + 1; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag != Text {
			continue
		}
		n += int(t.Nodes[k].Stop - t.Nodes[k].Start)
		for _, c := range t.Text(k) {
			if c == '"' || c == '\'' || c == '<' || c == '>' || c == '&' {
				n += 5
			}
		}
	}
	return n
}

// openForm writes the form's start tag.
func (w *Writer) openForm(b *box) {
	at := int32(len(w.Body))
	w.openTag(TagForm, w.tags[b.at:b.at+b.n])
	if !w.note {
		return
	}
	w.Forms = append(w.Forms, Form{Open: w.in, Start: at, TagStop: int32(len(w.Body)), First: int32(len(w.Controls))})
	w.form.index = int32(len(w.Forms))
	w.Opens[w.in].Form = w.form.index
}

// endForm notes where the form ended.
func (w *Writer) endForm(forms []Form) []Form {
	if w.note && w.form.index > 0 {
		f := &forms[w.form.index-1]
		f.Stop, f.Last = int32(len(w.Body)), int32(len(w.Controls))
		w.Keeps = append(w.Keeps, Keep{f.Start, f.Stop})
	}
	return forms
}

func (w *Writer) leaveForm(i int32) {
	if w.form.node != i {
		return
	}
	w.endLine()
	if w.p.HDML && !w.form.off {
		w.endHDMLForm()
	}
	if len(w.queue) > 0 && w.isOpen(i) { // hidden fields that no line took along
		w.ready()
		w.endLine()
	}
	w.popNode(i)
	w.queue = w.queue[:0]
	w.form = formState{}
}

// isOpen says whether a box of node i has been written.
func (w *Writer) isOpen(i int32) bool {
	for _, b := range w.boxes[:w.open] {
		if b.node == i {
			return true
		}
	}
	return false
}
