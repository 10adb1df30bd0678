package markup

import (
	"bytes"
	"html"

	"musubi/transcode/own"
)

// wmlProfile: WML 1.1 is HDML's successor [WAP-191-WML]. A page is a deck of one card; fields stand in its text and put their
// answers into variables, which the link that sends the form names.
var wmlProfile = Profile{Name: "wml-1.1", HDML: true, WML: true, XML: true, void: "/>"}

// wmlKeysProfile: since WML 1.2 a link may have a key.
var wmlKeysProfile = func() Profile {
	p := wmlProfile
	p.Name = "wml-1.3"
	p.attrs[TagA].add(AttrAccesskey)
	return p
}()

// NewContext forgets the variables that earlier pages left: a field shows them rather than its own value. A page cut into
// decks forgets on the first only.
const NewContext = ` newcontext="true"`

// wmlCard opens a card with its paragraph.
func (w *Writer) wmlCard() {
	w.Body = append(appendInt(append(w.Body, `<card id="c`...), w.card.n), '"')
	if w.card.n == 1 && len(w.Title) > 0 {
		w.Body = append(w.AppendTitle(append(w.Body, ` title="`...)), '"')
	}
	if w.tree.hasForms() {
		w.Body = append(w.Body, NewContext...)
	}
	w.Body = append(w.Body, "><p>"...)
}

// hasForms says whether a page has a form.
func (t *Tree) hasForms() bool {
	for i := range t.Nodes {
		if t.Nodes[i].Tag == TagForm {
			return true
		}
	}
	return false
}

// postfield adds a pair to what the form sends. The value is markup: text with its signs escaped, or a variable.
func (w *Writer) postfield(name, value []byte) {
	w.form.data = w.encodeTo(append(w.form.data, `<postfield name="`...), name)
	w.form.data = append(append(append(w.form.data, `" value="`...), value...), `"/>`...)
}

// heldFields is heldData for a deck of WML: its postfields are kept as HDML would send them.
func (w *Writer) heldFields(fields []byte) []byte {
	var pairs, vars []byte
	for rest := fields; len(rest) > 0; {
		name, value := []byte(nil), []byte(nil)
		name, rest, _ = bytes.Cut(bytes.TrimPrefix(rest, []byte(`<postfield name="`)), []byte(`" value="`))
		value, rest, _ = bytes.Cut(rest, []byte(`"/>`))
		if len(pairs) > 0 {
			pairs = append(pairs, '&')
		}
		pairs = append(appendComponent(pairs, fieldText(name)), '=')
		if v, ok := bytes.CutPrefix(value, []byte("$(")); ok {
			v = bytes.TrimSuffix(v, []byte(")"))
			pairs = append(append(pairs, '$'), v...)
			vars = append(append(append(append(append(vars, `<postfield name="`...), v...), `" value="$(`...), v...), `)"/>`...)
			continue
		}
		pairs = appendComponent(pairs, fieldText(value))
	}
	word := w.hold(pairs, true)
	if word == "" {
		return fields
	}
	return append(append(append([]byte(`<postfield name="`+own.Answers+`" value="`), word...), `"/>`...), vars...)
}

// fieldText is what an attribute of WML says.
func fieldText(s []byte) []byte {
	return bytes.ReplaceAll([]byte(html.UnescapeString(string(s))), []byte("$$"), []byte("$"))
}

// wmlField begins the tag of a field where the line stands, and makes its variable part of what is sent.
func (w *Writer) wmlField(i int32, tag string, name []byte) {
	w.ready()
	w.card.plain = false
	w.card.vars++
	if len(name) > 0 {
		w.hdmlVariable(name, w.card.vars)
	}
	element := `<input name="v`
	if tag == "CHOICE" {
		element = `<select name="v`
	}
	w.Body = append(appendInt(append(w.Body, element...), w.card.vars), '"')
	if words := w.fieldWords(i); len(words) > 0 {
		w.attr("title", words)
	}
}

// wmlInput writes the rest of a field's tag.
func (w *Writer) wmlInput(i int32, typ fieldType, value []byte) {
	if typ == typePassword {
		w.Body = append(w.Body, ` type="password"`...)
	}
	if m := w.auMode(i, value); m != "" {
		w.Body = append(append(append(w.Body, ` format="`...), m...), '"')
	}
	if !w.tree.Has(i, AttrRequired) {
		w.Body = append(w.Body, ` emptyok="true"`...)
	}
	if len(value) > 0 {
		w.attr("value", value)
	}
	w.Body = append(w.Body, "/>"...)
	w.endLine()
	w.breathe()
}

// wmlSend writes the link that sends the form.
func (w *Writer) wmlSend(label []byte) {
	w.Body = append(w.Body, "<anchor>["...)
	w.encode(label)
	w.Body = append(append(append(w.Body, `]<go href="`...), w.form.action...), `" method="`...)
	if w.form.get {
		w.Body = append(w.Body, `get">`...)
	} else {
		w.Body = append(w.Body, `post">`...)
	}
	w.Body = append(append(w.Body, w.form.data...), "</go></anchor>"...)
}
