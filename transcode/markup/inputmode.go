package markup

import (
	"bytes"

	"musubi/carriers"
)

// A fieldType is an input type as handsets know them.
type fieldType uint8

const (
	typeText fieldType = iota
	typePassword
	typeCheckbox
	typeRadio
	typeHidden
	typeSubmit
	typeImage
	typeButton
	typeReset
	typeFile
)

var typeNames = [...]string{typeText: "text", typePassword: "password", typeCheckbox: "checkbox", typeRadio: "radio", typeFile: ""}

// inputType reads a type attribute. Everything HTML5 added is text.
func inputType(v []byte) fieldType {
	for t, name := range [...]string{typePassword: "password", typeCheckbox: "checkbox", typeRadio: "radio",
		typeHidden: "hidden", typeSubmit: "submit", typeImage: "image", typeButton: "button", typeReset: "reset", typeFile: "file"} {
		if name != "" && foldEqual(v, name) {
			return fieldType(t)
		}
	}
	return typeText
}

// A mode is what a text field expects first.
type mode uint8

const (
	modeNone mode = iota
	modeKana
	modeHalfKana
	modeLatin
	modeDigits
)

// modeOf reads what the canonical page says: inputmode, then the type, then lang and pattern.
func (w *Writer) modeOf(i int32) mode {
	t := w.tree
	switch v := string(bytes.ToLower(trimSpace(t.Value(i, AttrInputmode)))); v {
	case "numeric", "decimal", "tel", "digits":
		return modeDigits
	case "email", "url", "latin", "verbatim":
		return modeLatin
	case "kana", "hiragana", "kana-name", "full-width-latin":
		return modeKana
	case "katakana":
		return modeHalfKana
	case "text":
		return modeKana
	}
	switch v := string(bytes.ToLower(trimSpace(t.Value(i, AttrType)))); v {
	case "tel", "number", "range", "date", "time", "month", "week", "datetime-local":
		return modeDigits
	case "email", "url", "password", "color":
		return modeLatin
	}
	if lang := t.Value(i, AttrLang); bytes.HasPrefix(lang, []byte("ja")) {
		return modeKana
	} else if bytes.HasPrefix(lang, []byte("en")) {
		return modeLatin
	}
	switch string(t.Value(i, AttrPattern)) {
	case "[0-9]*", "[0-9]+", `\d*`, `\d+`:
		return modeDigits
	case "[a-zA-Z0-9]*", "[a-zA-Z0-9]+", "[A-Za-z0-9]*", "[A-Za-z0-9]+":
		return modeLatin
	}
	return modeNone
}

// auMode is the mode of a field as au's browsers and decks are told it: there it is what may be typed at all, and a value that is otherwise is
// not shown. A date has hyphens, a number may have a point or a sign.
func (w *Writer) auMode(i int32, value []byte) string {
	m := w.modeOf(i)
	if m == modeDigits {
		t := w.tree
		typ, step := string(bytes.ToLower(trimSpace(t.Value(i, AttrType)))), t.Value(i, AttrStep)
		switch {
		case typ == "date" || typ == "time" || typ == "month" || typ == "week" || typ == "datetime-local", foldEqual(trimSpace(t.Value(i, AttrInputmode)), "decimal"),
			foldEqual(step, "any") || bytes.IndexByte(step, '.') >= 0, bytes.HasPrefix(t.Value(i, AttrMin), []byte("-")), len(bytes.Trim(value, "0123456789")) > 0:
			m = modeLatin
		}
	}
	return modeAu[m]
}

// What each way of telling the handset writes; docs/canonical-markup.md has the same table.
var (
	modeStyle = [...]string{modeKana: "1", modeHalfKana: "2", modeLatin: "3", modeDigits: "4"}
	modeWord  = [...]string{modeKana: "hiragana", modeHalfKana: "hankakukana", modeLatin: "alphabet", modeDigits: "numeric"}
	modeCSS   = [...]string{modeKana: "&quot;*&lt;ja:h&gt;&quot;", modeHalfKana: "&quot;*&lt;ja:hk&gt;&quot;", modeLatin: "&quot;*&lt;ja:en&gt;&quot;",
		modeDigits: "&quot;*&lt;ja:n&gt;&quot;"}
	modeAu    = [...]string{modeKana: "*M", modeHalfKana: "", modeLatin: "*m", modeDigits: "*N"}
	modeXHTML = [...]string{modeKana: "hiragana", modeHalfKana: "halfWidthKatakana", modeLatin: "latin", modeDigits: "digits"}
)

// inputMode writes the attribute that sets a text field's first input mode. XML pages keep to their DTD, which has no
// istyle: docomo and au read -wap-input-format there. SoftBank's 3GC browser would take that as a restriction which the
// member cannot lift, so it gets XHTML's own inputmode.
func (w *Writer) inputMode(i int32, tag Tag, typ fieldType) {
	m := w.modeOf(i)
	if m == modeNone {
		return
	}
	has := w.p.attrs[tag]
	switch {
	case w.p.XML && w.h.Carrier == carriers.SoftBank:
		if has.has(AttrInputmode) {
			w.rawAttr("inputmode", modeXHTML[m])
		}
	case w.p.XML && w.h.InputMode == carriers.InputCSS:
		w.rawAttr("style", "-wap-input-format:", modeCSS[m], w.required(i))
	case w.p.XML && w.p.css[tag]&cssInput != 0:
		if m := w.auMode(i, w.fieldValue(i)); m != "" {
			w.rawAttr("style", "-wap-input-format:", m, w.required(i))
		}
	case has.has(AttrMode):
		w.rawAttr("mode", modeWord[m])
	case has.has(AttrIstyle):
		w.rawAttr("istyle", modeStyle[m])
	}
}

// required adds the property that refuses an empty field.
func (w *Writer) required(i int32) string {
	if w.tree.Has(i, AttrRequired) {
		return ";-wap-input-required:true"
	}
	return ""
}

// rawAttr writes an attribute whose value is ASCII and already escaped.
func (w *Writer) rawAttr(name string, values ...string) {
	w.Body = append(append(append(w.Body, ' '), name...), `="`...)
	for _, v := range values {
		w.Body = append(w.Body, v...)
	}
	w.Body = append(w.Body, '"')
}
