package markup

import (
	"bytes"
	"slices"

	"musubi/transcode/keep"
	"musubi/transcode/own"
)

// hdmlProfile: HDML 3.0 has cards instead of blocks [hdml-ref]. A page is one DISPLAY card whose lines are parted by <BR>;
// a form is a chain of cards, one per field, that hand on to each other and leave their answers in variables.
var hdmlProfile = Profile{Name: "hdml", HDML: true, void: ">"}

// A cardState is the HDML card the writer is in.
type cardState struct {
	n     int // number of the last card
	kind  cardKind
	start int  // where its start tag begins
	text  int  // where its text begins
	plain bool // nothing but text in it
	next  bool // the card before leads to a card that is still to come
	links int
	vars  int // variables of fields so far
}

type cardKind uint8

const (
	cardNone cardKind = iota
	cardDisplay
	cardChoice
)

// An hdmlMark is what to go back to when a form turns out larger than a part.
type hdmlMark struct {
	body, cuts, opens int
	refs              int
	in                int32
	card              cardState
}

// beginCardLine begins a line of text in a card.
func (w *Writer) beginCardLine() {
	w.line.begun, w.line.bare = true, true
	if w.card.kind == cardChoice && w.form.buttons == 0 { // what comes is not a choice any more
		w.endCard()
	}
	switch w.card.kind {
	case cardChoice:
		w.Body = append(w.Body, ' ')
		return
	case cardNone:
		if w.note && !w.card.next { // a field's card leads here: the two stay together
			w.noteCut(w.quality)
		}
		w.openDisplay()
	default:
		if len(w.Body) > w.card.text {
			w.newline()
			if w.note {
				w.noteCut(w.quality)
			}
		}
	}
	w.quality = CutParagraph
	if w.line.tag >= TagH1 && w.line.tag <= TagH6 {
		w.quality = CutCharacter
	}
	if w.line.tag >= TagH2 && w.line.tag <= TagH6 { // HDML has neither headings nor bars
		w.Body, _ = w.codec.AppendString(w.Body, w.our(headingMark), w.opt)
	}
}

// headingMark begins the lines that are headings elsewhere. The first heading needs none: it is the first line.
const headingMark = "■"

func (w *Writer) openDisplay() {
	w.card.n++
	w.card.kind, w.card.plain, w.card.next, w.card.start = cardDisplay, true, false, len(w.Body)
	if w.p.WML {
		w.wmlCard()
	} else {
		w.Body = append(appendInt(append(w.Body, `<DISPLAY NAME="c`...), w.card.n), '"')
		if w.card.n == 1 && len(w.Title) > 0 {
			w.Body = append(w.AppendTitle(append(w.Body, ` TITLE="`...)), '"')
		}
		w.Body = append(w.Body, '>')
	}
	w.card.text = len(w.Body)
	if w.note {
		w.noteOpen(TagDiv, int32(w.card.start))
	}
}

// endCard closes the card that is open.
func (w *Writer) endCard() {
	switch w.card.kind {
	case cardDisplay:
		w.closeTag(TagDiv)
	case cardChoice:
		w.Body = append(w.Body, "</CHOICE>"...)
	}
	w.card.kind = cardNone
}

// lastCard makes sure that the stream ends in a DISPLAY card, which is left open: the links between parts follow.
func (w *Writer) lastCard() {
	if w.card.kind == cardChoice {
		w.endCard()
	}
	if w.card.kind == cardNone {
		w.openDisplay()
	}
}

// hdmlLink writes the start tag of a link at the end of tags.
func (w *Writer) hdmlLink(href, key []byte, place int32) bool {
	at := len(w.tags)
	url, kind := w.Links.Append(w.tags, href, false)
	if place >= 0 && w.note { // in another deck, perhaps
		url, kind = w.Links.Self(url[:at], partRoom), LinkLocal
	}
	target := url[at:]
	start, call := `<A TASK=GO DEST="`, `<A TASK=CALL NUMBER="`
	if w.p.WML {
		start, call = `<a href="`, `<a href="wtai://wp/mc;`
	}
	switch kind {
	case LinkRefused, LinkFragment, LinkMail:
		return false
	case LinkTel:
		start, target = call, target[len("tel:"):]
	}
	w.tags = append(url, start...)
	w.tags = append(append(w.tags, target...), '"')
	if w.p.WML { // it has no keys before 1.2
		if k := keyIndex(key); k >= 0 && w.p.attrs[TagA].has(AttrAccesskey) {
			w.Keys |= 1 << k
			w.showKey(k)
			w.tags = append(append(append(w.tags, ` accesskey="`...), trimSpace(key)[0]), '"')
		}
		w.tags = append(w.tags, '>')
		w.tags = append(w.tags[:at], w.tags[len(url):]...)
		w.card.plain = false
		return true
	}
	if k := keyIndex(key); k >= 0 {
		w.Keys |= 1 << k
		w.showKey(k)
		w.tags = append(append(w.tags, " ACCESSKEY="...), trimSpace(key)[0])
	} else if w.card.links < 9 && w.Keys == 0 && !w.tree.usesKeys() {
		w.card.links++
		w.showKey(w.card.links)
		w.tags = appendInt(append(w.tags, " ACCESSKEY="...), w.card.links)
	}
	w.tags = append(w.tags, '>')
	w.tags = append(w.tags[:at], w.tags[len(url):]...)
	w.card.plain = false
	return true
}

// usesKeys says whether the page gives access keys itself.
func (t *Tree) usesKeys() bool {
	for i := range t.Attrs {
		if t.Attrs[i].ID == AttrAccesskey {
			return true
		}
	}
	return false
}

// hdmlForm begins a form: text that follows is a label of its first field.
func (w *Writer) hdmlForm() {
	w.mark = hdmlMark{len(w.Body), len(w.Cuts), len(w.Opens), len(w.Refs), w.in, w.card}
	if w.note {
		w.noteCut(w.quality)
	}
	if s := w.Links.Session(); s != "" && w.form.get {
		w.hdmlOwn(own.Session, []byte(s))
	}
	for _, name := range w.form.own {
		w.hdmlOwn(name, []byte("1"))
	}
	if as := w.sendsAs(); as != "" {
		w.hdmlOwn(own.Charset, []byte(as))
	}
}

// endHDMLForm closes the form's last field. A form larger than a part is written again over several: its variables stay in
// the handset from deck to deck, so only the last deck sends. One that cannot be spread so is written as text.
func (w *Writer) endHDMLForm() {
	if w.card.kind == cardChoice {
		w.endCard()
	}
	if !w.note {
		return
	}
	m, node := &w.mark, w.form.node
	card := &w.Opens[m.in] // it may begin in a card, which its part opens again; the next cut is behind the line that follows
	switch {
	case len(w.Body)-m.body+int(card.OpenLen+card.CloseLen)+len("<BR>") <= w.room:
		w.Keeps = append(w.Keeps, Keep{int32(m.body), int32(len(w.Body))})
		return
	case w.spread == node && w.longestStretch() <= w.room-100:
		return
	case w.spread == node:
		w.refused = node
	}
	w.spread, w.again = node, node
	w.Refs = w.Refs[:m.refs]
	w.Body, w.Cuts, w.Opens, w.in, w.card = w.Body[:m.body], w.Cuts[:m.cuts], w.Opens[:m.opens], m.in, m.card
}

// longestStretch is the most bytes between two cuts of the form, with the card that it begins in.
func (w *Writer) longestStretch() int {
	at, longest := w.mark.body-int(w.Opens[w.mark.in].OpenLen), 0
	for _, c := range w.Cuts[w.mark.cuts:] {
		at, longest = int(c.At), max(longest, int(c.At)-at)
	}
	return max(longest, len(w.Body)-at)
}

// breathe opens a card where a form that is spread over parts may be cut: the field before leads there, and the link to
// the next part goes on.
func (w *Writer) breathe() {
	if !w.note || w.spread != w.form.node {
		return
	}
	if n := len(w.Cuts); n > 0 && len(w.Body)-int(w.Cuts[n-1].At) < w.room/3 {
		return
	}
	if w.p.WML { // one card holds them all
		w.endLine()
		w.noteCut(CutParagraph)
		return
	}
	w.openDisplay()
	w.card.plain = false
	w.Body, _ = w.codec.AppendString(w.Body, w.our("（続く）"), w.opt)
	w.Body = append(w.Body, "<BR>"...)
	w.noteCut(CutParagraph)
}

// hdmlPair adds a fixed pair to what the form sends.
func (w *Writer) hdmlPair(name, value []byte) {
	if len(name) == 0 {
		return
	}
	value, packed := w.hdmlFixed(value)
	name = w.wireName("", name, packed)
	if w.p.WML {
		w.postfield(name, w.encodeTo(nil, value))
		return
	}
	w.hdmlName(name)
	encoded, _ := w.codec.Append(nil, value, 0)
	w.form.data = appendComponent(w.form.data, encoded)
}

// hdmlFixed is how a value that nobody changes is sent: packed where it would not come back, or where that is shorter.
func (w *Writer) hdmlFixed(value []byte) (wire []byte, packed bool) {
	if !w.screen.FaithfulValue(value) {
		return keep.Small(nil, value), true
	}
	if w.p.WML || len(value) < longValue {
		return value, false
	}
	encoded, _ := w.codec.Append(nil, value, 0)
	if small := keep.Small(nil, value); len(small) < len(appendComponent(nil, encoded)) {
		return small, true
	}
	return value, false
}

// longValue is from how many bytes on a value may be shorter packed, its name's prefix included.
const longValue = 40

// hdmlOwn adds a pair of our own.
func (w *Writer) hdmlOwn(name string, value []byte) {
	if w.p.WML {
		w.postfield([]byte(name), w.encodeTo(nil, value))
		return
	}
	w.hdmlName([]byte(name))
	w.form.data = appendComponent(w.form.data, value)
}

func (w *Writer) hdmlName(name []byte) {
	if len(w.form.data) > 0 {
		w.form.data = append(w.form.data, "&amp;"...)
	}
	encoded, _ := w.codec.Append(nil, name, 0)
	w.form.data = append(appendComponent(w.form.data, encoded), '=')
}

// fieldCard begins the card of a field and makes its variable part of what is sent. The text since the last field becomes
// its label if it is short and holds no links; otherwise it stays a card, with a link onwards, and its last line the label.
// A field without any has the words that are its label for those who do not see the page. The name is as it is sent.
func (w *Writer) fieldCard(i int32, tag string, name []byte) {
	if w.p.WML {
		w.wmlField(i, tag, name)
		return
	}
	w.endLine()
	var label []byte
	if w.card.kind == cardDisplay && w.card.plain && len(w.Body)-w.card.text < maxLabel && w.card.start >= w.mark.body {
		label = w.takeBack(w.card.text, w.card.start)
		if w.note {
			w.in = w.Opens[w.in].Parent
		}
		w.card.n--
		w.card.kind = cardNone
	} else if w.card.kind == cardDisplay {
		if at := w.lastLine(); at >= 0 {
			label = w.takeBack(at+len("<BR>"), at)
		}
		w.Body = appendInt(append(w.Body, `<BR><A TASK=GO DEST="#c`...), w.card.n+1)
		w.Body = append(w.Body, `">`...)
		w.Body, _ = w.codec.AppendString(w.Body, w.our("[次へ]"), w.opt)
		w.Body = append(w.Body, "</A>"...)
	}
	if len(label) == 0 {
		label = w.encodeTo(nil, w.fieldWords(i))
	}
	w.card.next = false
	w.endCard()
	w.card.n++
	w.card.vars++
	if len(name) > 0 {
		w.hdmlVariable(name, w.card.vars)
	}
	w.Body = appendInt(append(append(append(w.Body, '<'), tag...), ` NAME="c`...), w.card.n)
	w.Body = appendInt(append(w.Body, `" KEY="v`...), w.card.vars)
	w.Body = append(w.Body, '"')
	w.card.next = true
	w.form.label = label
}

// fieldWords are the words of a field that has none before it: its label, for a box also the text behind it, or its name.
func (w *Writer) fieldWords(i int32) []byte {
	t := w.tree
	words := w.labelOf(i)
	if len(words) == 0 && t.Nodes[i].Tag == TagInput && i+1 < int32(len(t.Nodes)) && t.Nodes[i+1].Tag == Text {
		words = t.keep(func(dst []byte) []byte { return append(dst, t.Text(i+1)...) })
		words = CollapseSpace(words)
	}
	if len(words) == 0 {
		words = t.Value(i, AttrName)
	}
	return words[:cutBefore(words, maxLabel)]
}

// maxLabel is the most bytes of a label in a field's card: more would push the field off the display.
const maxLabel = 120

// takeBack takes the text from an offset on out of the stream, which then ends at end.
func (w *Writer) takeBack(from, end int) []byte {
	taken := append([]byte(nil), w.Body[from:]...)
	w.Body = w.Body[:end]
	for n := len(w.Cuts); n > 0 && int(w.Cuts[n-1].At) > len(w.Body); n-- {
		w.Cuts = w.Cuts[:n-1]
	}
	return taken
}

// lastLine is where the <BR> before the form's last line of nothing but text begins, -1 if there is no such line: it is the
// label of the field that follows, and shown with it.
func (w *Writer) lastLine() int {
	from := max(w.mark.body, w.card.text)
	s := bytes.TrimSuffix(w.Body[from:], []byte("<BR>"))
	at := bytes.LastIndex(s, []byte("<BR>")) // no second byte of Shift_JIS is a "<"
	if at < 0 || at+len("<BR>") == len(s) || len(s)-at > maxLabel || bytes.IndexByte(s[at+1:], '<') >= 0 {
		return -1
	}
	return from + at
}

// hdmlLabel writes a label whose words stand behind a check box: they come first, since the box becomes a card of its own
// that asks はい or いいえ. It says whether the label was one.
func (w *Writer) hdmlLabel(i int32) bool {
	t := w.tree
	box := i + 1
	if box >= t.Nodes[i].End || t.Nodes[box].Tag != TagInput || inputType(t.Value(box, AttrType)) != typeCheckbox || !w.sendable() {
		return false
	}
	for k := box + 1; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag != Text {
			return false
		}
	}
	for k := box + 1; k < t.Nodes[i].End; k++ {
		w.textNode(k)
	}
	w.input(box)
	return true
}

// fieldBody ends a field card's start tag and writes where it leads and its label.
func (w *Writer) fieldBody() {
	if w.p.WML {
		w.Body = append(w.Body, '>')
		return
	}
	w.Body = appendInt(append(w.Body, `><ACTION TYPE=ACCEPT TASK=GO DEST="#c`...), w.card.n+1)
	w.Body = append(append(w.Body, `">`...), w.form.label...)
}

// hdmlInput writes a field as a card.
func (w *Writer) hdmlInput(i int32, typ fieldType, name, value []byte) {
	switch typ {
	case typeRadio:
		w.hdmlRadio(i, name, value)
		return
	case typeCheckbox:
		if value == nil {
			value = []byte("on")
		}
		w.yesNo(i, name, value, w.checked(i))
		return
	}
	record, lines := w.record(name, value, true), ""
	if record == nil && bytes.IndexByte(value, '\n') >= 0 {
		lines = own.Lines
	}
	w.fieldCard(i, "ENTRY", w.hdmlWire(lines, name, false))
	if record != nil && len(name) > 0 {
		w.hdmlOwn(own.Kept, record)
	}
	w.direction(i)
	value = bytes.ReplaceAll(value, []byte("\n"), []byte(string(keep.Mark)))
	if w.p.WML {
		w.wmlInput(i, typ, value)
		return
	}
	if m := w.auMode(i, value); m != "" {
		w.Body = append(append(append(w.Body, ` FORMAT="`...), m...), '"')
	}
	if typ == typePassword {
		w.Body = append(w.Body, " NOECHO=TRUE"...)
	}
	if !w.tree.Has(i, AttrRequired) {
		w.Body = append(w.Body, " EMPTYOK=TRUE"...)
	}
	if len(value) > 0 {
		w.attr("DEFAULT", value)
	}
	w.fieldBody()
	w.Body = append(w.Body, "</ENTRY>"...)
	w.breathe()
}

// hdmlWire is wireName; a field without a name sends nothing.
func (w *Writer) hdmlWire(prefix string, name []byte, packed bool) []byte {
	if len(name) == 0 {
		return nil
	}
	return w.wireName(prefix, name, packed)
}

func (w *Writer) choice(value []byte, label string) {
	if w.p.WML {
		w.Body = append(w.Body, "<option"...)
		w.attr("value", value)
	} else {
		w.Body = append(w.Body, "<CE"...)
		w.attr("VALUE", value)
	}
	w.Body = append(w.Body, '>')
	w.Body, _ = w.codec.AppendString(w.Body, label, w.opt)
}

// hdmlRadio makes one CHOICE of a group of radio buttons; the text behind each button is its label. Where other fields stand
// between them, all are asked at the first.
func (w *Writer) hdmlRadio(i int32, name, value []byte) {
	for _, a := range w.form.asked {
		if a.name == string(name) {
			w.sendAsked(a, i)
			return
		}
	}
	packed := w.groupPacked(i, typeRadio, name, value)
	if w.card.kind != cardChoice || w.form.group != string(name) {
		group, together := w.radioGroup(name)
		checked := 1 + slices.IndexFunc(group, w.checked)
		if !together || w.p.WML { // whose choices have ends
			w.askRadios(i, askedGroup{name: string(name), group: group, together: together, packed: packed || checked == 0}, checked)
			return
		}
		w.fieldCard(i, "CHOICE", w.hdmlWire("", name, packed || checked == 0))
		w.beginRadios(checked)
		w.form.none = checked == 0
		w.card.kind, w.form.group, w.form.buttons = cardChoice, string(name), len(group)
		w.card.text = len(w.Body)
	}
	w.endLine()
	w.form.buttons--
	w.Body = append(w.Body, "<CE"...)
	w.attr("VALUE", w.radioValue(i, packed || w.form.none))
	w.Body = append(w.Body, '>')
	w.line.begun, w.line.bare = true, true
}

// beginRadios writes the card of a group up to its first button; checked is the one that is, from 1, or 0.
func (w *Writer) beginRadios(checked int) {
	w.chosen(max(1, checked))
	w.fieldBody()
	if checked == 0 {
		w.choice(nil, w.our("（選んでください）"))
		w.endChoice()
	}
}

// An askedGroup is a group of radio buttons that has been asked for: all of it at its first button. What the others send stands
// where they stand.
type askedGroup struct {
	name     string
	group    []int32
	together bool // nothing stands between them: one pair is enough
	packed   bool // the values are
	card     int
}

// askRadios writes the card of a whole group at its first button.
func (w *Writer) askRadios(i int32, a askedGroup, checked int) {
	w.fieldCard(i, "CHOICE", nil)
	w.beginRadios(checked)
	for n, k := range a.group {
		value := appendInt(nil, n+1)
		if a.together {
			value = w.radioValue(k, a.packed)
		}
		w.choice(value, "")
		w.Body = w.label(w.Body, w.fieldWords(k))
		w.endChoice()
	}
	w.endChoices()
	a.card = w.variable()
	w.breathe()
	w.form.asked = append(w.form.asked, a)
	w.sendAsked(a, i)
}

// sendAsked adds what a group answered, if button i was chosen: the gateway leaves out the pairs of the others (own.Pick).
func (w *Writer) sendAsked(a askedGroup, i int32) {
	n, name := slices.Index(a.group, i), []byte(a.name)
	switch {
	case len(name) == 0 || n < 0:
	case !a.together:
		pick := append(appendInt([]byte(own.Pick), n+1), '.')
		w.hdmlVariable(append(pick, w.buttonName(name, w.radioValue(i, false))...), a.card)
	case n == 0:
		w.hdmlVariable(w.hdmlWire("", name, a.packed), a.card)
	}
}

// radioValue is what a button of a group sends.
func (w *Writer) radioValue(i int32, packed bool) []byte {
	value := w.tree.Value(i, AttrValue)
	if value == nil {
		value = []byte("on")
	}
	return wireValue(value, packed)
}

// radioGroup is the group of radio buttons of that name, and says whether no other field stands between them.
func (w *Writer) radioGroup(name []byte) (group []int32, together bool) {
	together = true
	between := false
	for k, seen := range w.controls(w.form.node) {
		switch {
		case !w.tree.isRadio(k, name):
			between = len(group) > 0
		case seen && !w.disabled(k):
			_, borrowed := w.ownerOf(k)
			together = together && !between && !borrowed
			group = append(group, k)
		}
	}
	return group, together
}

// hdmlSelect writes a select as a CHOICE card.
func (w *Writer) hdmlSelect(i, first int32, name []byte) {
	t := w.tree
	packed := w.optionsPacked(i)
	if t.Has(i, AttrMultiple) {
		w.hdmlMultiple(i, first, name)
		return
	}
	chosen := w.chosenOption(i, first)
	packed = packed || chosen < 0
	if w.note && w.spread == w.form.node && len(name) > 0 && textLen(t, i) > w.room/4 {
		w.hdmlSteps(i, first, chosen, name, packed)
		return
	}
	w.fieldCard(i, "CHOICE", w.hdmlWire("", name, packed))
	n := 1
	for k := first; k < chosen; k++ {
		if t.Nodes[k].Tag == TagOption && !t.optionDisabled(k) {
			n++
		}
	}
	w.chosen(n)
	w.fieldBody()
	if chosen < 0 {
		w.choice(nil, "")
		w.encode(w.noneLabel(i))
		w.endChoice()
	}
	for k := first; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag == TagOption && !t.optionDisabled(k) {
			w.choice(wireValue(t.optionValue(k), packed), "")
			w.Body = w.label(w.Body, t.optionLabel(k))
			w.endChoice()
			k = t.Nodes[k].End - 1
		}
	}
	w.endChoices()
	w.breathe()
}

// hdmlSteps asks for one of more options than a deck holds on several cards: on each some of them, after the choice to leave
// it as it is. What the select sends by itself is sent too, and an answer takes its place (page.Restore).
func (w *Writer) hdmlSteps(i, first, chosen int32, name []byte, packed bool) {
	t := w.tree
	as := w.noneLabel(i)
	if chosen >= 0 {
		as = t.optionLabel(chosen)
		w.hdmlPair(name, t.optionValue(chosen))
	}
	for k := first; k < t.Nodes[i].End; k++ {
		packed = packed || t.Nodes[k].Tag == TagOption && string(t.optionValue(k)) == StepStays
	}
	wire := w.wireName(own.Step, name, packed)
	var label []byte
	open, at := false, 0
	for k := first; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag != TagOption || t.optionDisabled(k) {
			continue
		}
		if open && len(w.Body)-at > w.room/3 {
			w.endChoices()
			w.breathe()
			open = false
		}
		if !open {
			open, at = true, len(w.Body)
			w.fieldCard(i, "CHOICE", wire)
			if label == nil {
				label = bytes.Clone(w.form.label)
			}
			w.form.label = label
			w.chosen(1)
			w.fieldBody()
			w.choice([]byte(StepStays), w.our("今のまま "))
			w.Body = w.label(w.Body, as)
			w.endChoice()
		}
		w.choice(wireValue(t.optionValue(k), packed), "")
		w.Body = w.label(w.Body, t.optionLabel(k))
		w.endChoice()
		k = t.Nodes[k].End - 1
	}
	w.endChoices()
	w.breathe()
}

// hdmlMultiple writes a select of several as a card for each option that asks はい or いいえ.
func (w *Writer) hdmlMultiple(i, first int32, name []byte) {
	t := w.tree
	w.endLine()
	words := w.labelOf(i)
	for k := first; k < t.Nodes[i].End; k++ {
		if t.Nodes[k].Tag != TagOption || t.optionDisabled(k) {
			continue
		}
		label := t.optionLabel(k)
		if len(words) > 0 {
			label = append(append(bytes.Clone(words), w.our("：")...), label...)
		}
		w.words(label)
		w.yesNo(k, name, t.optionValue(k), t.Has(k, AttrSelected))
		k = t.Nodes[k].End - 1
	}
}

// yesNo writes a card that sends a value or nothing.
func (w *Writer) yesNo(i int32, name, value []byte, yes bool) {
	packed := !w.screen.FaithfulValue(value) || len(value) == 0
	w.fieldCard(i, "CHOICE", w.hdmlWire(own.Check, name, packed))
	if yes {
		w.chosen(1)
	} else {
		w.chosen(2)
	}
	w.fieldBody()
	w.choice(wireValue(value, packed), w.our("はい"))
	w.endChoice()
	w.choice(nil, w.our("いいえ"))
	w.endChoice()
	w.endChoices()
	w.breathe()
}

// chosen says which choice is the default, from 1.
func (w *Writer) chosen(n int) {
	if w.p.WML {
		w.Body = append(appendInt(append(w.Body, ` ivalue="`...), n), '"')
		return
	}
	w.Body = appendInt(append(w.Body, " IDEFAULT="...), n)
}

// endChoice ends one choice, and endChoices the field of them.
func (w *Writer) endChoice() {
	if w.p.WML {
		w.Body = append(w.Body, "</option>"...)
	}
}

func (w *Writer) endChoices() {
	if w.p.WML {
		w.Body = append(w.Body, "</select>"...)
		w.endLine()
		return
	}
	w.Body = append(w.Body, "</CHOICE>"...)
}

// variable is the number of the last field's variable: fields are counted, since how many cards there are depends on where a deck ends.
func (w *Writer) variable() int { return w.card.vars }

// hdmlVariable adds what a field will hold to what the form sends.
func (w *Writer) hdmlVariable(name []byte, n int) {
	if w.p.WML {
		w.postfield(name, append(appendInt([]byte("$(v"), n), ')'))
		return
	}
	w.hdmlName(name)
	w.form.data = appendInt(append(w.form.data, "$v"...), n)
}

// A waiting button of HDML sends fields that stand behind it in the page.
type waitingButton struct {
	at    int // its place among the pairs that are sent
	way   ownWay
	pairs []pair
	label []byte
}

// hdmlSubmit writes the link that sends the form, behind the cards of all fields that it sends.
func (w *Writer) hdmlSubmit(i int32, way ownWay, pairs []pair, label []byte) {
	w.form.waiting = append(w.form.waiting, waitingButton{len(w.form.data), way, slices.Clone(pairs), label})
	if !w.asksBehind(i) {
		w.sendWaiting(i)
	}
}

// sendWaiting writes the buttons that wait, when all fields up to node i are written.
func (w *Writer) sendWaiting(i int32) {
	for k, b := range w.form.waiting {
		if k > 0 {
			w.endLine()
		}
		w.hdmlSend(b, i)
	}
	w.form.waiting = nil
}

// asksBehind says whether a field that somebody answers stands behind button i of the form.
func (w *Writer) asksBehind(i int32) bool {
	for k, seen := range w.controls(w.form.node) {
		if k > i && seen && w.answered(k) {
			return true
		}
	}
	return false
}

// answered says whether a control that is seen becomes a card.
func (w *Writer) answered(k int32) bool {
	t := w.tree
	switch t.Nodes[k].Tag {
	case TagSelect:
		return !w.disabled(k) && firstOption(t, k) >= 0
	case TagTextarea:
		return !w.disabled(k) && !t.Has(k, AttrReadonly)
	case TagInput:
		switch typ := inputType(t.Value(k, AttrType)); typ {
		case typeCheckbox, typeRadio:
			return !w.disabled(k)
		case typeText, typePassword:
			return !w.disabled(k) && !t.Has(k, AttrReadonly)
		}
	}
	return false
}

// hdmlSend writes the link of a button, when all fields up to node i are written. What it adds stands among the fields where
// the button stands.
func (w *Writer) hdmlSend(b waitingButton, i int32) {
	if w.card.kind == cardChoice {
		w.endLine()
		w.endCard()
	}
	if w.note && w.spread == w.form.node && (w.p.WML || len(w.form.data) > w.room/3) { // each button says all that is sent: a deck may begin with it
		w.endLine()
		if w.p.WML {
			w.noteCut(CutParagraph)
		}
	}
	w.ready()
	w.card.plain = false
	data := w.form.data
	w.form.data = bytes.Clone(data[:b.at])
	if w.p.WML && b.way.differ {
		w.postfield(w.wayName(b.way, b.pairs), []byte("1"))
	} else if b.way.differ {
		w.hdmlName(w.wayName(b.way, b.pairs))
	} else {
		for _, p := range b.pairs {
			w.hdmlPair(p.name, p.value)
		}
	}
	w.hdmlRest(data[b.at:])
	w.fixedBehind(i)
	switch held := w.hold != nil && w.note; {
	case held && w.p.WML && len(w.form.data) > w.room/2: // text stands before it
		w.form.data = w.heldFields(w.form.data)
	case held && !w.p.WML && len(w.form.data) > w.room-lastDeck:
		w.form.data = w.heldData(w.form.data)
	}
	if w.p.WML {
		w.wmlSend(b.label)
		w.form.data = data
		return
	}
	w.Body = append(append(append(w.Body, `<A TASK=GO DEST="`...), w.form.action...), hdmlMethod(w.form.get)...)
	w.Body = append(append(w.Body, w.form.data...), `">[`...)
	w.encode(b.label)
	w.Body = append(w.Body, "]</A>"...)
	w.form.data = data
}

// heldData has what a form sends kept, and gives what it sends in its place: the word for it, and the variables.
func (w *Writer) heldData(data []byte) []byte {
	word := w.hold(data, true)
	if word == "" {
		return data
	}
	short := append([]byte(own.Answers+"="), word...)
	for rest, has := data, true; ; {
		if _, rest, has = bytes.Cut(rest, []byte("$v")); !has {
			return short
		}
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		short = append(append(append(append(short, "&amp;v"...), rest[:n]...), "=$v"...), rest[:n]...)
	}
}

// hdmlMethod is what stands between a form's action and what it sends.
func hdmlMethod(get bool) string {
	if get {
		return "?"
	}
	return `" METHOD=POST POSTDATA="`
}

// hdmlRest adds pairs that are written already.
func (w *Writer) hdmlRest(rest []byte) {
	if w.p.WML {
		w.form.data = append(w.form.data, rest...)
		return
	}
	if len(w.form.data) == 0 {
		rest = bytes.TrimPrefix(rest, []byte("&amp;"))
	} else if len(rest) > 0 && !bytes.HasPrefix(rest, []byte("&amp;")) {
		w.form.data = append(w.form.data, "&amp;"...)
	}
	w.form.data = append(w.form.data, rest...)
}

// fixedBehind adds what is sent by controls behind node i, which nobody answers.
func (w *Writer) fixedBehind(i int32) {
	for k, seen := range w.controls(w.form.node) {
		if k <= i || w.disabled(k) || seen && w.answered(k) {
			continue
		}
		w.fixed(k)
	}
}
