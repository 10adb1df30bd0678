package markup

import "musubi/carriers"

// film writes a film of our own in place of a video element: for each file of the way in which this handset plays films its link,
// as the carrier wants it (docs/video.md). Where there is none, the words within the element say so and are walked. It is for
// elements with sources that name ways; ours says false for every other.
func (w *Writer) film(i int32) (ours, walk bool) {
	way, shown := w.h.Film().Name, false
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		name := string(w.tree.Value(k, AttrDataFilm))
		if w.tree.Nodes[k].Tag != TagSource || name == "" {
			continue
		}
		ours = true
		if name != way {
			continue
		}
		if shown {
			w.lineBreak()
		}
		w.filmFile(i, k)
		shown = true
	}
	return ours, !shown
}

// filmFile writes one file. What plays it sends no cookie and another name, and its address is signed: it carries no session.
func (w *Writer) filmFile(i, k int32) {
	session := w.Links.session
	w.Links.session = ""
	defer func() { w.Links.session = session }()
	src, words := w.tree.Value(k, AttrSrc), w.tree.Value(k, AttrTitle)
	if w.h.Carrier == carriers.Au {
		w.filmObject(src, w.tree.Value(k, AttrType), w.tree.Value(k, AttrDataBytes), words, w.tree.Has(i, AttrDataNocopy))
		return
	}
	if w.pushLink(implied, src, false, nil) {
		w.words(words)
		w.closeFormats(len(w.fmts) - 1)
		w.fmts = w.fmts[:len(w.fmts)-1]
	}
}

// filmObject is the download of au: the words are its link, and it has to say how many bytes there are.
func (w *Writer) filmObject(src, kind, bytes, words []byte, nocopy bool) {
	at := len(w.tags)
	defer func() { w.tags = w.tags[:at] }()
	var to LinkKind
	if w.tags, to = w.Links.Append(w.tags, src, false); to != LinkLocal || len(w.tags)-at > w.most {
		return
	}
	url := string(w.tags[at:])
	w.ready()
	if w.note {
		w.noteCut(CutCharacter)
	}
	w.raw(`<object data="` + url + `" type="` + EscapeAttr(string(kind)) + `"`)
	if nocopy {
		w.raw(` copyright="yes"`)
	}
	w.raw(` standby="`)
	w.prose(words)
	w.raw(`"><param name="disposition" value="devmpzz" valuetype="data"` + w.p.void + `<param name="size" value="` + EscapeAttr(string(bytes)) + `" valuetype="data"` + w.p.void +
		`<param name="title" value="`)
	w.prose(words)
	w.raw(`" valuetype="data"` + w.p.void + `</object>`)
}

func (w *Writer) raw(s string) { w.Body = append(w.Body, s...) }
