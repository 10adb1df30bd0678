package markup

import (
	"bytes"
	"iter"

	"musubi/carriers"
)

// maxAlt is the longest alt text left in its attribute, in bytes; a longer one follows the picture as text.
const maxAlt = 120

// image writes a picture, or its alt text where there can be none.
func (w *Writer) image(i int32) {
	t := w.tree
	src, alt := t.sourceOf(i, w.displayWidth()), t.Value(i, AttrAlt)
	if t.Has(i, AttrDataWords) && w.wordsOnly() {
		w.words(alt)
		return
	}
	if t.pixel(i) || w.decoration(i, alt) || w.shownAlready(src) {
		return
	}
	if w.lazy = nil; !bytes.Equal(src, trimSpace(t.Value(i, AttrSrc))) {
		w.lazy = src
	}
	if w.unnamed != nil && i < w.unnamedIn { // all that a link has to be called by
		alt, w.unnamed = w.unnamed, nil
	}
	w.picture(i, src, alt)
}

// wordsOnly says whether the handset is one whose pages were paid for by the packet and read without pictures: HDML and mova. What
// asks for it (data-words) is words there.
func (w *Writer) wordsOnly() bool {
	return w.h.Generation == carriers.Mova || w.h.Dialect.Family == carriers.HDML
}

// shownAlready says whether a picture in a noscript is the one that stands before it for browsers with scripts.
func (w *Writer) shownAlready(src []byte) bool {
	if w.lazy == nil || !bytes.Equal(src, w.lazy) {
		return false
	}
	for _, n := range w.ends {
		if w.tree.Nodes[n].Tag == TagNoscript {
			return true
		}
	}
	return false
}

// picture writes the picture at an address, with the size that element i gives.
func (w *Writer) picture(i int32, src, alt []byte) {
	at := len(w.tags)
	kind := LinkRefused
	if w.pre == 0 && len(trimSpace(src)) > 0 {
		w.tags, kind = w.Links.Append(w.tags, src, false)
	}
	url := w.tags[at:]
	switch {
	case kind == LinkForeign: // never loaded from another host (SEC-34)
		label := alt
		if len(trimSpace(label)) == 0 {
			label = []byte(w.our("画像"))
		}
		pushed := w.pushLink(implied, src, false, nil)
		w.words(label)
		if pushed {
			w.closeFormats(len(w.fmts) - 1)
			w.fmts = w.fmts[:len(w.fmts)-1]
		}
		return
	case kind != LinkLocal, len(url) > w.most:
		w.words(alt)
		return
	}
	w.ready() // url stays where it is: tags only grows
	long := len(alt) > maxAlt
	if w.note {
		w.noteCut(CutCharacter)
	}
	if w.p.HDML && !w.p.WML {
		w.Body = append(append(append(w.Body, `<IMG SRC="`...), url...), `" ALT="`...)
	} else {
		w.Body = append(append(append(w.Body, `<img src="`...), url...), `" alt="`...)
	}
	if !long {
		at := len(w.tags)
		w.tags = append(w.tags, alt...)
		w.prose(CollapseSpace(w.tags[at:]))
	}
	w.Body = append(w.Body, '"')
	if !w.p.HDML {
		w.imageSize(i)
	}
	w.Body = append(w.Body, w.p.void...)
	if long {
		w.words(alt)
	}
}

// imageSize writes width and height, reduced to the display.
func (w *Writer) imageSize(i int32) {
	if w.tree.Nodes[i].NAttr < 3 || w.tree.Nodes[i].Tag != TagImg {
		return
	}
	wide, high := w.number(i, AttrWidth, 0, 9999), w.number(i, AttrHeight, 0, 9999)
	if wide == 0 || high == 0 {
		return
	}
	if most := w.displayWidth(); wide > most {
		wide, high = most, max(1, high*most/wide)
	}
	w.Body = appendInt(append(w.Body, ` width="`...), wide)
	w.Body = append(appendInt(append(w.Body, `" height="`...), high), '"')
}

// displayWidth gives the handset's width in pixels: a common one if it is not known, none for browsers.
func (w *Writer) displayWidth() int {
	switch {
	case w.h.Display.WidthPx > 0:
		return w.h.Display.WidthPx
	case w.h.Carrier == carriers.PC:
		return 9999
	}
	return 240
}

// lazily are the attributes in which pages keep the address of a picture for a script that loads it when it comes into view.
var lazily = [...]Attr{AttrDataSrc, AttrDataLazySrc, AttrDataOriginal}

// sourceOf is the address of a picture: what a script would put there, src, the best of srcset for a display of that width,
// or that of the picture element around it; nil if there is none but bytes in the page itself.
func (t *Tree) sourceOf(i int32, width int) []byte {
	for _, a := range lazily {
		if src := trimSpace(t.Value(i, a)); address(src) {
			return src
		}
	}
	if src := trimSpace(t.Value(i, AttrSrc)); address(src) {
		return src
	}
	for _, a := range [...]Attr{AttrDataSrcset, AttrSrcset} {
		if src := bestOf(t.Value(i, a), width); address(src) {
			return src
		}
	}
	return t.sourceBefore(i, width)
}

// address says whether a source is one that can be asked for.
func address(src []byte) bool { return len(src) > 0 && !foldPrefix(src, "data:") }

func foldPrefix(s []byte, prefix string) bool {
	return len(s) >= len(prefix) && foldEqual(s[:len(prefix)], prefix)
}

// sourceBefore is the address that the source elements before an img in its picture element offer, best those whose type every
// gateway reads.
func (t *Tree) sourceBefore(i int32, width int) (best []byte) {
	rank, around := 0, t.around(i, TagPicture)
	for k := i - 1; around >= 0 && k > around && i-k < 32; k-- {
		if t.Nodes[k].Tag != TagSource {
			continue
		}
		r := 2
		switch typ := t.Value(k, AttrType); {
		case foldPrefix(typ, "image/avif"), foldPrefix(typ, "image/jxl"), foldPrefix(typ, "image/svg"):
			r = 1
		case foldPrefix(typ, "image/jpeg"), foldPrefix(typ, "image/png"), foldPrefix(typ, "image/gif"):
			r = 3
		}
		for _, a := range [...]Attr{AttrDataSrcset, AttrSrcset} {
			if src := bestOf(t.Value(k, a), width); address(src) && r > rank {
				best, rank = src, r
			}
		}
	}
	return best
}

// bestOf is the candidate of a srcset for a display of that width in pixels: the smallest that fills it, else the largest; of
// those that tell only a density the lowest.
func bestOf(srcset []byte, width int) (best []byte) {
	size := 0
	for c := range Candidates(srcset) {
		n := candidateSize(c.More)
		if best == nil || n >= width && (n < size || size < width) || n < width && n > size {
			best, size = c.URL, n
		}
	}
	return best
}

// A Candidate is one picture of a srcset, and what it tells of its size.
type Candidate struct{ URL, More []byte }

// Candidates are those of a srcset.
func Candidates(srcset []byte) iter.Seq[Candidate] {
	return func(yield func(Candidate) bool) {
		for s := srcset; ; {
			for len(s) > 0 && (isSpace(s[0]) || s[0] == ',') {
				s = s[1:]
			}
			if len(s) == 0 {
				return
			}
			end := 0
			for end < len(s) && !isSpace(s[end]) {
				end++
			}
			url, more := s[:end], []byte(nil)
			s = s[end:]
			if url[len(url)-1] != ',' {
				more, s = cutByte(s, ',')
			}
			if !yield(Candidate{bytes.TrimRight(url, ","), trimSpace(more)}) {
				return
			}
		}
	}
}

// candidateSize is what a candidate tells of its width: "480w", or "2x", which is taken for a multiple of a full display.
func candidateSize(descriptor []byte) int {
	n := 0
	for k, c := range descriptor {
		switch {
		case isDigit(c) && n < 1e6:
			n = n*10 + int(c-'0')
		case c == 'w':
			return n
		case k == 0:
			return 1 << 20
		default:
			return n << 20
		}
	}
	return 1 << 20
}

// pixel says whether a picture is one that nobody sees: it counts visits, or pushes others apart.
func (t *Tree) pixel(i int32) bool {
	wide, high := t.Value(i, AttrWidth), t.Value(i, AttrHeight)
	return tiny(wide) && tiny(high)
}

func tiny(v []byte) bool {
	v = bytes.TrimSuffix(trimSpace(v), []byte("px"))
	return len(v) == 1 && v[0] <= '2'
}

// decoration says whether a picture of a page that was not written for handsets says nothing: its author left its alt text
// empty. In a figure, or where a link has nothing else, it is what the page is about all the same.
func (w *Writer) decoration(i int32, alt []byte) bool {
	if !w.foreign || len(trimSpace(alt)) > 0 || !w.tree.Has(i, AttrAlt) {
		return false
	}
	t := w.tree
	for k := len(w.ends) - 1; k >= 0; k-- {
		switch n := w.ends[k]; t.Nodes[n].Tag {
		case TagFigure:
			return false
		case TagA:
			return !t.Has(n, AttrHref) || t.saysMore(n, i)
		}
	}
	return true
}

// saysMore says whether a link shows something beside picture i.
func (t *Tree) saysMore(link, i int32) bool {
	for k := link + 1; k < t.Nodes[link].End; k++ {
		switch n := &t.Nodes[k]; {
		case n.Tag == Text && n.Flags&FlagSpace == 0, n.Tag == TagImg && k < i, n.Tag == TagImg && len(trimSpace(t.Value(k, AttrAlt))) > 0:
			return true
		case n.Tag == TagScript || n.Tag == TagStyle || n.Tag == TagTemplate:
			k = n.End - 1
		}
	}
	return false
}

var mediaWords = map[Tag]string{TagVideo: "動画", TagAudio: "音声"}

// media writes a film or a sound as its picture and a link, unless what is written for browsers that know neither has a link
// itself. It says whether that is to be written.
func (w *Writer) media(i int32) bool {
	t := w.tree
	src := trimSpace(t.Value(i, AttrSrc))
	words, link := false, false
	for k := i + 1; k < t.Nodes[i].End; k++ {
		switch n := &t.Nodes[k]; n.Tag {
		case TagSource:
			if s := trimSpace(t.Value(k, AttrSrc)); len(src) == 0 {
				src = s
			}
		case TagA:
			link = true
		case Text:
			words = words || n.Flags&FlagSpace == 0
		}
	}
	label := trimSpace(t.Value(i, AttrAriaLabel))
	if len(label) == 0 {
		label = trimSpace(t.Value(i, AttrTitle))
	}
	if poster := trimSpace(t.Value(i, AttrPoster)); address(poster) {
		w.endLine()
		w.picture(i, poster, label)
	}
	if address(src) && !link {
		if len(label) == 0 {
			label = []byte(mediaWords[t.Nodes[i].Tag])
		}
		w.linkLine(src, string(label))
	}
	return words || link
}
