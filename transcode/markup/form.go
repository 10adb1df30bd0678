package markup

import (
	"iter"
	"math"
	"strings"

	"golang.org/x/net/html/charset"

	"musubi/carriers"
	"musubi/transcode/own"
)

// StepStays is what such a card sends when the select counts (own.Step).
const StepStays = "*"

// A formState is the form the writer is in.
type formState struct {
	node    int32
	in      bool
	off     bool   // cannot be sent from this handset: its controls are shown as text
	lossy   bool   // something in its fields cannot be shown
	holds   bool   // what it sends by itself has no room and is kept (Holder)
	fixed   []byte // of it, packed, what waits for a line
	brief   bool   // what its fields cannot show is read again from the page, for want of room
	get     bool
	index   int32 // in Forms, from 1; only when cuts are noted
	submits int   // submit buttons in it
	implied bool  // it has none, and a browser sends it all the same
	action  []byte
	own     []string        // fields of our own that stand for its query, of GET
	data    []byte          // HDML: names and variables so far, ready for POSTDATA
	label   []byte          // HDML: label of the field being written
	group   string          // HDML: radio buttons in the open card
	buttons int             // of them that are still to come
	waiting []waitingButton // HDML: buttons before fields that they send
	none    bool            // HDML: none of the radio buttons in the open card is checked
	asked   []askedGroup    // HDML: radio buttons that have been asked for
}

// enterForm begins a form. A form to another host, or with more in it than a handset can carry, is shown as text.
func (w *Writer) enterForm(i int32) {
	action := w.tree.Value(i, AttrAction)
	method := trimSpace(w.tree.Value(i, AttrMethod))
	w.form = formState{node: i, in: true, get: !foldEqual(method, "post") && !w.postsToo(i)}
	if w.form.get { // the fields replace the query
		action, _ = cutByte(action, '?')
	}
	w.form.brief = w.brief && w.asksAgain(action)
	biggest, sum, lossy := w.surveyForm(i)
	if w.form.get && lossy > maxInURL && w.asksAgain(action) {
		w.form.brief = true
		biggest, sum, lossy = w.surveyForm(i)
	}
	w.form.lossy = lossy > 0
	easy := w.easy && w.tree.Has(i, AttrDataUtn)
	at := len(w.tags)
	var kind LinkKind
	w.tags, kind = w.formAction(action, easy)
	w.form.action = w.tags[at:len(w.tags):len(w.tags)]
	if w.form.get && kind == LinkLocal {
		w.form.action, _ = cutByte(w.form.action, '?')
		w.form.own = w.Links.FormFields(action)
	}
	switch {
	case foldEqual(method, "dialog") && w.form.get: // sends nothing anywhere
		w.form.off = true
		w.borrow(i, true)
		return
	case w.refused == i:
		w.form.off = true
		w.say(w.whyNot())
		w.endLine()
		return
	case kind == LinkForeign:
		w.form.off = true
		w.linkLine(action, "この検索や入力は別のサイトで行います")
		return
	case kind != LinkLocal, len(w.form.action) > w.most, w.note && w.tooBig(biggest, sum), w.form.get && lossy > maxInURL:
		w.form.off = true
		w.say(w.whyNot())
		w.endLine()
		return
	}
	if w.p.HDML {
		w.hdmlForm()
		w.borrow(i, true)
		return
	}
	w.accept(0)
	w.clearQueue()
	if w.form.get || w.p.attrs[TagA].has(AttrDirectkey) {
		if s := w.Links.Session(); s != "" {
			w.queueOwn(own.Session, s)
		}
		for _, name := range w.form.own {
			w.queueOwn(name, "1")
		}
		if !w.form.get && w.Links.Away(action) {
			w.queueOwn(own.Across, "1")
		}
		if !w.form.get && w.Links.Secret(action) {
			w.queueOwn(own.Secret, "1")
		}
		if easy && w.form.get && w.h.Carrier == carriers.DoCoMo {
			w.queueOwn(own.GUID, "ON")
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
	if as := w.sendsAs(); as != "" {
		w.queueOwn(own.Charset, as)
	}
	w.borrow(i, true)
}

// asksAgain says whether the page of a form can be asked for again, by the site that the form is sent to.
func (w *Writer) asksAgain(action []byte) bool { return w.source != "" && !w.Links.Away(action) }

// postsToo says whether a button of a form posts it, whatever the form itself says: then the handset posts, and the gateway
// makes a GET of it again for the buttons that do not. The other way round a link could post.
func (w *Writer) postsToo(i int32) bool {
	if !w.tree.formMethod {
		return false
	}
	for k := range w.controls(i) {
		if methodOf(w.tree.Value(k, AttrFormmethod)) == "post" {
			return true
		}
	}
	return false
}

// controls are the controls of a form, wherever they stand, except those on no handset; with each, whether it is seen.
func (w *Writer) controls(i int32) iter.Seq2[int32, bool] {
	return func(yield func(int32, bool) bool) {
		t, unseen := w.tree, int32(-1)
		for k := i + 1; k < t.Nodes[i].End; k++ {
			n := &t.Nodes[k]
			switch {
			case n.Tag == TagTemplate || n.kinds&kindHides != 0 && t.Has(k, AttrDataPc):
				k = n.End - 1
				continue
			case n.kinds&kindHides != 0 && k >= unseen && w.unseen(k):
				unseen = n.End
			}
			if traits[n.Tag]&control == 0 {
				continue
			}
			if form, ok := w.ownerOf(k); (!ok || form == i) && !yield(k, k >= unseen) {
				return
			}
		}
		for _, o := range w.owned {
			if o.form == i && (o.node < i || o.node >= t.Nodes[i].End) && !yield(o.node, true) {
				return
			}
		}
	}
}

// formCharset is the charset that the application wants the form in: what the form says, else that of its page.
func (w *Writer) formCharset() string {
	accepted := w.tree.Value(w.form.node, AttrAcceptCharset)
	if accepted == nil {
		return webName(w.charset)
	}
	for name := range strings.FieldsSeq(strings.ReplaceAll(string(accepted), ",", " ")) {
		if _, known := charset.Lookup(name); known != "" {
			return webName(known)
		}
	}
	return webName(w.charset)
}

// sendsAs is what the gateway has to know to send the form as the application wants it: its charset, the kind of its body and
// the mark of the page's session, with commas between; "" if all are what they usually are.
func (w *Writer) sendsAs() string {
	cs, kind := w.formCharset(), ""
	if !w.form.get {
		kind = w.formType(w.tree.Value(w.form.node, AttrEnctype))
	}
	switch {
	case w.western && w.form.get:
		return cs + "," + kind + ",," + InLatin
	case w.western:
		return cs + "," + kind + "," + w.mine + "," + InLatin
	case w.mine != "" && !w.form.get:
		return cs + "," + kind + "," + w.mine
	case kind != "":
		return cs + "," + kind
	case cs != "UTF-8":
		return cs
	}
	return ""
}

// InLatin is what own.Charset ends with where a browser whose pages are in Shift_JIS got this one in ISO-8859-1, and answers so.
const InLatin = "l"

// webName is the name of a charset as forms tell it.
func webName(known string) string {
	switch known {
	case "", "utf-8", "utf-16be", "utf-16le", "replacement", "x-user-defined": // forms are never sent in the latter
		return "UTF-8"
	case "shift_jis":
		return "Shift_JIS"
	case "gb18030", "gbk":
		return known
	}
	return strings.ToUpper(known)
}

// Why a form has no fields on this handset, or cannot go on. Where text could only be shown by losing some of it, the page says so before
// anything is typed.
const (
	notHere  = "（この入力欄はこの端末では使えません）"
	keptSafe = "（この端末では表示できない文字があり、書き換えると失われるため、ここでは編集できません）"
	TooLong  = "入力が長すぎて、この端末では続けられません。前の画面に戻って短くしてください。"
)

// whyNot says why the form has no fields here. One that asks nothing more, and only asks to confirm, is too long because of what was
// typed.
func (w *Writer) whyNot() string {
	switch {
	case w.form.lossy:
		return keptSafe
	case w.form.submits > 0 && !w.asksBehind(w.form.node):
		return TooLong
	}
	return notHere
}

// maxInURL is the most bytes of kept text that a form may put into a URL.
const maxInURL = 400

// formAction writes the action. A GET form and J-PHONE carry the session in a hidden field, because these drop the query
// of an action [jphone-forms].
func (w *Writer) formAction(action []byte, easy bool) ([]byte, LinkKind) {
	if len(trimSpace(action)) == 0 { // leads to the page itself, wherever <base href> leads
		action = []byte(w.Links.path)
		host, dir := w.Links.baseHost, w.Links.baseDir
		w.Links.baseHost, w.Links.baseDir = "", ""
		defer func() { w.Links.baseHost, w.Links.baseDir = host, dir }()
	}
	if w.form.get || w.p.attrs[TagA].has(AttrDirectkey) {
		session, guid := w.Links.session, w.Links.guid
		w.Links.session, w.Links.guid = "", false
		defer func() { w.Links.session, w.Links.guid = session, guid }()
	}
	w.Links.Posts = !w.form.get
	defer func() { w.Links.Posts = false }()
	return w.Links.Append(w.tags, action, easy)
}

// tooBig says whether a form does not fit into parts: its biggest control, and what its last part carries of all of them.
func (w *Writer) tooBig(biggest, sum int) bool {
	if w.p.HDML { // what was answered stays in the handset's variables, and a card has a deck to itself (longestStretch)
		return biggest > w.room || sum > w.room-lastDeck
	}
	if w.hold != nil { // what does not fit is kept for it (pieces.carry)
		sum = 0
	}
	return max(biggest, sum) > w.room/2
}

// lastDeck is what stands in the last deck of a form of HDML beside the names that it sends, bytes.
const lastDeck = 200

// surveyForm counts the submit buttons and returns the bytes of the biggest control, of all that a last part carries, and how
// many of these are text kept beside its field.
func (w *Writer) surveyForm(i int32) (biggest, sum, lossy int) {
	t := w.tree
	w.form.submits = 0
	asked, fixed, biggestSeen := 0, 0, 0
	for k, seen := range w.controls(i) {
		size, kept := len(t.Value(k, AttrName)), 0
		if seen && w.answered(k) {
			asked++
		}
		switch t.Nodes[k].Tag {
		case TagInput:
			value := t.Value(k, AttrValue)
			size += len(value)
			switch inputType(t.Value(k, AttrType)) {
			case typeSubmit, typeImage:
				if seen {
					w.form.submits++
				}
			case typeText, typePassword:
				kept = len(w.record(t.Value(k, AttrName), w.fieldValue(k), w.p.HDML))
			}
			sum += w.carried(k, size, kept)
		case TagButton:
			if typ := t.Value(k, AttrType); seen && (typ == nil || foldEqual(typ, "submit")) {
				w.form.submits++
			}
			size = textLen(t, k)
		case TagTextarea:
			kept = len(w.record(t.Value(k, AttrName), t.areaText(k), w.p.HDML))
			size += textLen(t, k)
			sum += w.carried(k, size, kept)
		case TagSelect:
			sum += w.carried(k, size+20, 0)
			for o := k + 1; o < t.Nodes[k].End; o++ {
				if t.Nodes[o].Tag == TagOption {
					size = max(size, textLen(t, o)+len(t.Value(o, AttrValue)))
				}
			}
		}
		lossy += kept
		if w.p.HDML { // it stands with what is sent
			kept = 0
		}
		biggest = max(biggest, size+kept)
		switch {
		case !seen || t.Nodes[k].Tag == TagInput && inputType(t.Value(k, AttrType)) == typeHidden:
			fixed += size + len(`<input type="hidden" name="" value="">`)
		default:
			biggestSeen = max(biggestSeen, size+kept)
		}
	}
	if w.note && w.hold != nil && !w.p.HDML && fixed > w.room/4 {
		w.form.holds, biggest = true, biggestSeen
	}
	w.form.implied = w.form.submits == 0 && asked > 0
	return biggest, sum, lossy
}

// carried is what the last part of a form carries of a control: name, value and what is kept beside it, or, of HDML, only what
// is in no variable.
func (w *Writer) carried(k int32, size, kept int) int {
	if !w.p.HDML {
		return size + kept + 2
	}
	t := w.tree
	name := len(t.Value(k, AttrName)) + len("&amp;=$v00")
	if w.hold != nil { // all but variables is kept for it (heldData)
		kept, name = 0, len("&amp;v00=$v00")
		if w.p.WML {
			name = len(`<postfield name="v00" value="$(v00)"/>`)
		}
		if t.Nodes[k].Tag == TagInput && inputType(t.Value(k, AttrType)) == typeHidden {
			return 0
		}
	}
	switch {
	case t.Nodes[k].Tag == TagInput && inputType(t.Value(k, AttrType)) == typeHidden:
		value, _ := w.hdmlFixed(w.hiddenValue(k))
		encoded, _ := w.codec.Append(nil, value, 0)
		return name + len(appendComponent(nil, encoded))
	case t.Nodes[k].Tag == TagSelect: // a card for each step
		return name + textLen(t, k)/max(w.room/4, 1)*(name+len(own.Step))
	}
	return name + kept
}

// textLen is an upper estimate of the bytes that the text below node i takes once escaped.
func textLen(t *Tree, i int32) (n int) {
	for k := i + 1; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag == Text {
			n += escapedLen(t.Text(k))
		}
	}
	return n
}

// escapedLen is an upper estimate of the bytes that a text takes once escaped.
func escapedLen(s []byte) int {
	n := len(s)
	for _, c := range s {
		if c == '"' || c == '\'' || c == '<' || c == '>' || c == '&' {
			n += 5
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
	w.Forms[len(w.Forms)-1].SendsAs, w.Forms[len(w.Forms)-1].Own = w.sendsAs(), w.form.own
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
	w.borrow(i, false)
	if w.form.implied && w.sendable() {
		w.impliedButton()
	}
	w.endLine()
	if w.p.HDML && !w.form.off {
		w.sendWaiting(math.MaxInt32)
		w.endLine()
		w.endHDMLForm()
	}
	if w.queueing() && w.isOpen(i) { // hidden fields that no line took along
		w.ready()
		w.endLine()
	}
	w.popNode(i)
	w.clearQueue()
	w.form = formState{}
}

// impliedButton sends a form that has no button: with one field the enter key does it in a browser [html-forms], else a script.
func (w *Writer) impliedButton() {
	words := "送信"
	if w.form.get {
		words = "検索"
	}
	label := []byte(w.our(words))
	if w.p.HDML {
		w.hdmlSubmit(math.MaxInt32, ownWay{}, nil, label)
		return
	}
	w.control(w.form.node)
	w.Body = append(w.Body, `<input type="submit"`...)
	w.attr("value", label)
	w.Body = append(w.Body, w.p.void...)
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
