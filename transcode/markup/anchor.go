package markup

import "bytes"

// anchor begins a link; without a destination it is only its text.
func (w *Writer) anchor(i int32) bool {
	w.inlineStyle(i)
	if a := w.tree.Attr(i, AttrHref); a != nil {
		easy := w.easy && w.tree.Has(i, AttrDataUtn)
		key := w.tree.Value(i, AttrAccesskey)
		w.shown = key != nil && w.showsKey(i, key)
		href := w.tree.Src[a.Start:a.Stop:a.Stop]
		if w.kept = !easy && w.Links.kept(href); !w.kept {
			href = w.tree.Value(i, AttrHref)
		}
		if w.pushLink(i, href, easy, key) {
			switch words, picture := w.tree.seen(i); {
			case words:
			case picture: // it has the words where it is not shown
				w.unnamed, w.unnamedIn = w.linkWords(i), w.tree.Nodes[i].End
			default:
				w.words(w.linkWords(i))
			}
		}
		w.shown, w.kept = false, false
		if len(key) == 1 && key[0] == '0' && w.home < 0 {
			w.home, w.homeAt = i, int32(len(w.Body))
		}
	}
	return true
}

// seen says what can be seen of a link: words or controls, or pictures without words.
func (t *Tree) seen(i int32) (words, picture bool) {
	for k := i + 1; k < t.Nodes[i].End; k++ {
		switch n := &t.Nodes[k]; n.Tag {
		case Text:
			if n.Flags&FlagSpace == 0 {
				return true, false
			}
		case TagImg:
			if len(trimSpace(t.Value(k, AttrAlt))) > 0 {
				return true, false
			}
			picture = picture || len(t.sourceOf(k, 0)) > 0
		case TagScript, TagStyle, TagTemplate:
			k = n.End - 1
		case TagInput, TagButton, TagSelect, TagTextarea, TagObject, TagVideo, TagAudio, TagIframe:
			return true, false
		}
	}
	return false, picture
}

// linkWords are the words of a link that has none to see: what it is called for those who do not see it, by itself or by
// what is in it, else its address.
func (w *Writer) linkWords(i int32) []byte {
	t := w.tree
	for k := i; k < max(t.Nodes[i].End, i+1); k++ {
		for _, a := range [...]Attr{AttrAriaLabel, AttrTitle, AttrAlt} {
			if words := trimSpace(t.Value(k, a)); len(words) > 0 {
				return words
			}
		}
	}
	address := trimSpace(t.Value(i, AttrHref))
	return address[:cutBefore(address, maxAddress)]
}

// maxAddress is the most of an address that is shown where a link has no words, bytes.
const maxAddress = 40

// maxHome is the longest name of the way home, in bytes, that every part of a page repeats.
const maxHome = 24

// AppendHome writes the page's way home, its link with the key 0, for a part of the stream that does not have it.
func (w *Writer) AppendHome(dst []byte, from, to int32) []byte {
	if w.home < 0 || w.homeAt > from && w.homeAt <= to {
		return dst
	}
	at := len(w.tags)
	defer func() { w.tags = w.tags[:at] }()
	href, kind := w.Links.Append(w.tags, w.tree.Value(w.home, AttrHref), false)
	label := w.tree.keep(func(b []byte) []byte { return w.tree.TextContent(b, w.home) })
	if label = bytes.TrimPrefix(label, []byte(keycaps[0])); kind != LinkLocal || len(href)-at > w.most/2 || len(label) == 0 || len(label) > maxHome {
		return dst
	}
	dst = append(dst, ' ')
	return w.appendKeyed(dst, href[at:], string(label), '0')
}

// showsKey says whether the words of a link begin with its key's emoji already.
func (w *Writer) showsKey(i int32, key []byte) bool {
	for k := i + 1; k < min(w.tree.Nodes[i].End, i+6); k++ {
		if n := &w.tree.Nodes[k]; n.Tag == Text && n.Flags&FlagSpace == 0 {
			s := trimSpace(w.tree.Text(k))
			return len(s) > 3 && len(key) == 1 && s[0] == key[0] && bytes.HasPrefix(bytes.TrimPrefix(s[1:], []byte("\uFE0F")), []byte("\u20E3"))
		}
	}
	return false
}

// keycaps are the emoji that show an access key: phones do not show it by themselves.
var keycaps = [...]string{"0️⃣", "1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "*️⃣", "#️⃣"}

// keyIndex gives the place of an access key in keycaps, -1 if a handset has no such key.
func keyIndex(key []byte) int {
	switch key = trimSpace(key); {
	case len(key) != 1:
	case isDigit(key[0]):
		return int(key[0] - '0')
	case key[0] == '*':
		return 10
	case key[0] == '#':
		return 11
	}
	return -1
}

// pushLink adds a link. It says false, and adds nothing, if the URL is refused or too long for the handset.
func (w *Writer) pushLink(node int32, href []byte, easy bool, key []byte) bool {
	if keyIndex(key) >= 0 || w.p.HDML {
		w.ready() // the key is shown before the link: its line begins before the tag is put together
	}
	at, target := len(w.tags), w.targetOf(href)
	if w.p.HDML {
		if !w.hdmlLink(href, key, target) {
			w.tags = w.tags[:at]
			return false
		}
	} else {
		w.tags = append(w.tags, `<a href="`...)
		if target >= 0 {
			w.tags = w.appendTarget(w.tags, target)
		} else if w.kept {
			w.tags = w.Links.appendKept(w.tags, href)
		} else {
			var kind LinkKind
			if w.tags, kind = w.Links.Append(w.tags, href, easy); kind == LinkRefused {
				w.tags = w.tags[:at]
				return false
			}
		}
		w.tags = append(w.tags, '"')
		w.key(TagA, key)
		if easy && w.p.attrs[TagA].has(AttrUtn) {
			w.tags = append(w.tags, " utn"...)
		}
		w.tags = append(w.tags, '>')
	}
	if len(w.tags)-at > w.most {
		w.tags = w.tags[:at]
		return false
	}
	for k := range w.fmts {
		if w.fmts[k].tag == TagA { // a link in a link: the outer one ends here
			w.closeFormats(k)
			w.fmts[k].tag, w.fmts[k].n = 0, 0
		}
	}
	n := len(w.fmts)
	w.addFormat(node, TagA, at)
	if len(w.fmts) > n {
		w.fmts[n].ref = target + 1
	}
	return len(w.fmts) > n
}

// key shows the access key and writes its attribute at the end of tags, if the dialect has one.
func (w *Writer) key(tag Tag, key []byte) {
	k := keyIndex(key)
	if k < 0 {
		return
	}
	attr := AttrAccesskey
	if !w.p.attrs[tag].has(attr) {
		if attr = AttrDirectkey; !w.p.attrs[tag].has(attr) {
			return
		}
	}
	w.Keys |= 1 << k
	w.showKey(k)
	w.tags = append(append(append(w.tags, ' '), attrNames[attr]...), '=', '"', trimSpace(key)[0], '"')
	if attr == AttrDirectkey {
		w.tags = append(w.tags, " nonumber"...)
	}
}

func (w *Writer) showKey(k int) {
	if !w.shown {
		w.say(keycaps[k])
	}
}

// FreeKey returns the first access key of prefs that is not used yet and marks it; 0 if there is none.
func (w *Writer) FreeKey(prefs string, used *uint16) byte {
	for i := range len(prefs) {
		if bit := uint16(1) << keyIndex([]byte{prefs[i]}); *used&bit == 0 {
			*used |= bit
			return prefs[i]
		}
	}
	return 0
}

// AppendPartLink writes a link to part n of this page, with its access key if key is not 0.
func (w *Writer) AppendPartLink(dst []byte, n int, label string, key byte) []byte {
	return w.appendKeyed(dst, w.Links.Self(nil, n), label, key)
}

// appendKeyed writes a link to an escaped URL, with its access key if key is not 0.
func (w *Writer) appendKeyed(dst, url []byte, label string, key byte) []byte {
	attr := ""
	switch {
	case key == 0:
	case w.p.HDML && !w.p.WML:
		attr = " ACCESSKEY=" + string(key)
	case w.p.attrs[TagA].has(AttrAccesskey):
		attr = ` accesskey="` + string(key) + `"`
	case w.p.attrs[TagA].has(AttrDirectkey):
		attr = ` directkey="` + string(key) + `" nonumber`
	}
	if attr != "" {
		dst, _ = w.codec.AppendString(dst, keycaps[keyIndex([]byte{key})], w.opt)
	}
	if w.p.HDML && !w.p.WML {
		dst = append(dst, `<A TASK=GO DEST="`...)
	} else {
		dst = append(dst, `<a href="`...)
	}
	dst = append(append(append(dst, url...), '"'), attr...)
	dst, _ = w.codec.AppendString(append(dst, '>'), w.our(label), w.opt)
	return w.AppendEnd(dst, TagA)
}

// Void gives the end of an element without content: start and ">" or " />".
func (w *Writer) Void(start string) string { return start + w.p.void }

// Say appends words of our own in the handset's charset.
func (w *Writer) Say(dst []byte, s string) []byte {
	dst, _ = w.codec.AppendString(dst, w.our(s), w.opt)
	return dst
}

// AppendHidden writes a hidden field of our own.
func (w *Writer) AppendHidden(dst, name, value []byte) []byte {
	return w.appendHidden(dst, name, value)
}

// AppendOption writes a chosen option.
func (w *Writer) AppendOption(dst, value, label []byte, packed bool) []byte {
	dst = w.encodeTo(append(dst, `<option value="`...), wireValue(value, packed))
	if w.p.XML {
		dst = append(dst, `" selected="selected">`...)
	} else {
		dst = append(dst, `" selected>`...)
	}
	return append(w.label(dst, label), "</option>"...)
}
