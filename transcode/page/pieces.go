package page

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"

	"musubi/transcode/form"
	"musubi/transcode/markup"
	"musubi/transcode/own"
)

// A form larger than a part becomes pieces, one per part. Each piece but the last posts to the page itself, with the
// number of the cut where the form goes on (_f); the answers so far travel on, packed into one hidden field (_a), and only
// the last piece posts to the form's own action, with all of them. Nothing is kept on the server but answers that would leave
// no room for the fields (Options.Hold): those are there under a word, which travels in their place.

// appendPacked packs a field into the one hidden field that carries all answers: "name=value;", the few characters that
// would not survive percent-encoded.
func (r *renderer) appendPacked(dst []byte, name, value string) []byte {
	dst = append(r.w.Pack(dst, []byte(name)), '=')
	return append(r.w.Pack(dst, []byte(value)), ';')
}

// unpack reads what appendPacked wrote.
func unpack(s string) (fields form.Fields) {
	for pair := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		n, errN := url.PathUnescape(name)
		v, errV := url.PathUnescape(value)
		if errN == nil && errV == nil {
			fields = append(fields, form.Field{Name: n, Value: v})
		}
	}
	return fields
}

// pieces knows what the pieces of forms need beside their bytes in the stream.
type pieces struct {
	head    []byte // start tag of a piece that goes on, up to the cut's number
	tail    []byte // from there to the piece's first line
	button  []byte // the button that goes on
	resume  int    // cut where the answers go on; -1: none
	answers form.Fields
	from    int             // cut that carried is for
	carried []byte          // the answers so far as one hidden field in a block; empty if there are none
	radios  []byte          // the radio buttons chosen so far of groups that go on there
	groups  map[string]bool // whose they are
	packed  []byte
}

// prepare makes the constant parts for this page and handset.
func (p *pieces) prepare(r *renderer) {
	p.resume, p.answers, p.from = -1, nil, -2
	held := r.w.Links.Held
	r.w.Links.Held = "" // some handsets drop the query of an action
	p.head = r.w.Links.Self(append(p.head[:0], `<form action="`...), 0)
	r.w.Links.Held = held
	p.head = append(p.head, `" method="post"><div>`...)
	if s := r.w.Links.Session(); s != "" {
		p.head = r.w.AppendHidden(p.head, []byte(own.Session), []byte(s))
	}
	if held != "" {
		p.head = r.w.AppendHidden(p.head, []byte(own.Held), []byte(held))
	}
	p.head = append(p.head, `<input type="hidden" name="`+own.Piece+`" value="`...)
	p.tail = append(append(p.tail[:0], r.w.Void(`"`)...), "</div>"...)
	p.button = r.w.Say(append(p.button[:0], `<div><input type="submit" value="`...), "次へ")
	p.button = append(append(p.button, r.w.Void(`"`)...), "</div>"...)
}

// resume reads where the answers go on. It says false if there are none or they belong to no form of this page.
func (r *renderer) resume() (cut int, ok bool) {
	if len(r.o.Answers) > 0 && r.o.Answers[0].Name == own.Piece {
		f := r.o.Answers[0]
		n, err := strconv.Atoi(f.Value)
		if err != nil || n < 0 || n >= len(r.w.Cuts) || r.openForm(n) == 0 {
			return -1, false
		}
		r.pieces.resume = n
		r.pieces.answers = append(r.pieces.answers, r.o.Answers[1:]...)
		return n, true
	}
	return -1, false
}

// goesOn says whether the form that is open at cut to began at or before the part from it, and ends behind.
func (p *pieces) goesOn(r *renderer, form int32, to int) bool {
	return r.w.Forms[form-1].Stop > r.place(to).at
}

// start writes the start tag of a form that goes on from an earlier part, and the answers so far.
func (p *pieces) start(dst []byte, r *renderer, from, to int) []byte {
	id := r.openForm(from)
	if p.goesOn(r, id, to) {
		dst = append(appendInt(append(dst, p.head...), to), p.tail...)
	} else {
		f := &r.w.Forms[id-1]
		dst = append(dst, r.w.Body[f.Start:f.TagStop]...)
		if s := r.w.Links.Session(); s != "" || f.SendsAs != "" || len(f.Own) > 0 {
			dst = append(dst, "<div>"...)
			for _, name := range f.Own {
				dst = r.w.AppendHidden(dst, []byte(name), []byte("1"))
			}
			if s != "" {
				dst = r.w.AppendHidden(dst, []byte(own.Session), []byte(s))
			}
			if f.SendsAs != "" {
				dst = r.w.AppendHidden(dst, []byte(own.Charset), []byte(f.SendsAs))
			}
			dst = append(dst, "</div>"...)
		}
	}
	return append(append(dst, p.held(r, p.carry(r, from))...), p.radios...)
}

// heldFrom says from how many bytes on answers are kept on the server: with less, the fields have room enough.
func (r *renderer) heldFrom() int { return r.h.PageBudget / 3 }

// holds says whether the answers so far are kept on the server.
func (p *pieces) holds(r *renderer) bool { return r.o.Hold != nil && len(p.packed) > r.heldFrom() }

// held is the hidden field of carry, with the word for the answers where they are kept on the server.
func (p *pieces) held(r *renderer, carried []byte) []byte {
	if !p.holds(r) {
		return carried
	}
	word := r.o.Hold(p.packed, false)
	if word == "" {
		return append(r.w.AppendHidden([]byte("<div>"), []byte(own.Answers), p.packed), "</div>"...)
	}
	return bytes.Replace(carried, heldPlace, []byte(word), 1)
}

// heldPlace is as long as a word.
var heldPlace = bytes.Repeat([]byte("-"), markup.HeldWord)

// carry gives the hidden field that carries what comes before cut from: the answers if there are any, else what the form
// sends by itself.
func (p *pieces) carry(r *renderer, from int) []byte {
	if p.from == from {
		return p.carried
	}
	open := r.selectName(from)
	p.from, p.packed, p.carried = from, p.packed[:0], p.carried[:0]
	f, at := &r.w.Forms[r.openForm(from)-1], r.place(from).control
	so := p.answers
	if from != p.resume {
		so = nil
		for i := f.First; i < at; i++ {
			if c := &r.w.Controls[i]; c.Value != nil {
				so = append(so, form.Field{Name: string(c.Name), Value: string(c.Value)})
			}
		}
	}
	p.chooseRadios(r, f, at, so)
	for _, a := range so {
		if !p.groups[a.Name] && (open == nil || a.Name != string(open)) {
			p.packed = r.appendPacked(p.packed, a.Name, a.Value)
		}
	}
	if len(p.packed) > 0 {
		value := p.packed
		if p.holds(r) {
			value = heldPlace
		}
		p.carried = r.w.AppendHidden(append(p.carried, "<div>"...), []byte(own.Answers), value)
		p.carried = append(p.carried, "</div>"...)
	}
	return p.carried
}

// chooseRadios writes, of each group of radio buttons with some before cut from and some behind, the one that is chosen so far: a part
// sends it as long as no other is chosen, and so no two are sent.
func (p *pieces) chooseRadios(r *renderer, f *markup.Form, at int32, so form.Fields) {
	p.radios = p.radios[:0]
	clear(p.groups)
	if len(r.w.Radios) == 0 {
		return
	}
	chosen, before := map[string]string{}, map[string]*markup.Radio{}
	for _, a := range so {
		chosen[a.Name] = a.Value
	}
	for _, c := range r.w.Controls[f.First:at] {
		if value, ok := chosen[string(c.Name)]; ok && c.Radio > 0 && string(r.w.RadioValue(r.w.Radios[c.Radio-1].Node)) == value {
			before[string(c.Name)] = &r.w.Radios[c.Radio-1]
		}
	}
	for _, c := range r.w.Controls[at:f.Last] {
		if radio := before[string(c.Name)]; radio != nil && c.Radio > 0 && !p.groups[string(c.Name)] {
			p.radios = r.w.AppendRadio(p.radios, radio)
			if p.groups == nil {
				p.groups = map[string]bool{}
			}
			p.groups[string(c.Name)] = true
		}
	}
}

// selectName is the name of the select of one that is open at a cut, nil if none is.
func (r *renderer) selectName(k int) []byte {
	for o := r.place(k).open; o != 0; o = r.w.Opens[o].Parent {
		if s := r.w.Opens[o].Select; s > 0 && r.w.Opens[o].Tag == markup.TagSelect {
			return r.w.Selects[s-1].Name
		}
	}
	return nil
}

// chosen writes the option that a long select has chosen, in front of the options of this part.
func (p *pieces) chosen(dst []byte, r *renderer, id int32) []byte {
	s := &r.w.Selects[id-1]
	value, label, none := s.Value, s.Label, s.None
	for _, a := range p.answers {
		if a.Name == string(s.Name) {
			value, label, none = []byte(a.Value), r.w.OptionLabel(s.Node, a.Value), false
		}
	}
	if none {
		return r.w.AppendOption(dst, nil, label, false)
	}
	return r.w.AppendOption(dst, value, label, s.Packed)
}

// body copies the stream between two cuts. The start tag of a form that goes on in the next part becomes a piece's, and a
// long select begins with its chosen option.
func (p *pieces) body(dst []byte, r *renderer, from, to int) []byte {
	at, end := r.place(from).at, r.place(to).at
	id := r.openForm(to)
	if id > 0 && r.w.Forms[id-1].Start >= at {
		f := &r.w.Forms[id-1]
		dst = p.copy(dst, r, at, f.Start)
		dst = append(appendInt(append(dst, p.head...), to), p.tail...)
		at = f.TagStop
	}
	return p.copy(dst, r, at, end)
}

func (p *pieces) copy(dst []byte, r *renderer, at, end int32) []byte {
	for i := range r.w.Selects {
		if s := &r.w.Selects[i]; s.TagStop > at && s.TagStop <= end {
			dst = r.appendBody(dst, at, s.TagStop)
			dst = p.chosen(dst, r, int32(i+1))
			at = s.TagStop
		}
	}
	return r.appendBody(dst, at, end)
}

// submit writes the button that goes on to the next piece.
func (p *pieces) submit(dst []byte, _ *renderer) []byte { return append(dst, p.button...) }

// extra is an upper bound of the bytes that pieces add to the part between two cuts.
func (p *pieces) extra(r *renderer, from, to int) (n int) {
	if r.openForm(to) > 0 {
		n += len(p.head) + 6 + len(p.tail) + len(p.button)
	}
	if r.openForm(from) > 0 {
		n += len(p.head) + 6 + len(p.tail) + 24 + len(p.carry(r, from)) + len(p.radios)
	}
	at, end := r.place(from).at, r.place(to).at
	for i := range r.w.Selects {
		if s := &r.w.Selects[i]; s.Stop > at && s.TagStop <= end {
			n += int(s.Most)
		}
	}
	return n
}
