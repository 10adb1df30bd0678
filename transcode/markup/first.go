package markup

import (
	"bytes"
	"math"
	"sort"
)

// On a display of ten lines a page that begins with its navigation hides what it is about, and where layout by style sheets is unknown
// so it does in a window. So on handsets and old browsers the navigation of a page that was not written for them comes behind the rest, and a link in its place leads there. What is navigation is
// said by main, article, nav and roles; where a page says nothing, by measure: mostly links, before most of the text.

// A weight is what stands before a node: bytes of text outside links and inside them, links, and controls.
type weight struct{ plain, linked, links, controls int32 }

func (a weight) minus(b weight) weight {
	return weight{a.plain - b.plain, a.linked - b.linked, a.links - b.links, a.controls - b.controls}
}

// Measures of navigation.
const (
	fewLinks  = 4   // with fewer before the text a page stays as it is
	muchText  = 200 // bytes outside links that no navigation has
	someText  = 100 // bytes outside links with which the text of a page has begun
	menuWords = "メニュー"
	menuName  = "\x00menu" // of its target: no page can name it
)

// findLater finds what is to be written behind the rest.
func (w *Writer) findLater(o Order) {
	w.later, w.hopAt, w.hopped = w.later[:0], math.MaxInt32, 0
	if !w.foreign || o.InOrder {
		return
	}
	w.weigh()
	main := w.mainNode()
	if main >= 0 {
		w.delayBefore(main)
	} else {
		w.delayMeasured()
	}
	links := int32(0)
	for _, s := range w.later {
		if links += w.between(s.from, s.to).links; w.tree.Nodes[s.from].Tag != Text && w.asksConsent(s.from) {
			links += fewLinks // it goes by itself, too
		}
	}
	if links < fewLinks {
		w.later = w.later[:0]
		return
	}
	sort.Slice(w.later, func(i, k int) bool { return w.later[i].from < w.later[k].from })
	w.Targets = append(w.Targets, Target{node: -1, source: []byte(menuName), wire: "menu.0", At: -1})
	w.hopAt = w.later[0].from
}

// weigh fills weights, one for each node and one more: what all nodes before it weigh.
func (w *Writer) weigh() {
	t := w.tree
	w.weights = append(w.weights[:0], weight{})
	var sum weight
	linkEnd, unseenEnd := int32(-1), int32(-1)
	for i := range int32(len(t.Nodes)) {
		n := &t.Nodes[i]
		switch {
		case i < unseenEnd:
		case n.Tag == Text:
			if size := int32(len(trimSpace(t.Src[n.Start:n.Stop]))); i < linkEnd {
				sum.linked += size
			} else {
				sum.plain += size
			}
		case n.kinds&kindHides != 0 && w.unseen(i):
			unseenEnd = n.End
		case traits[n.Tag]&unseen != 0 || n.Tag == TagSelect || n.Tag == TagButton || n.Tag == TagTextarea || n.Tag == TagNoscript:
			if unseenEnd = n.End; traits[n.Tag]&control != 0 {
				sum.controls++
			}
		case traits[n.Tag]&control != 0:
			sum.controls++
		case n.Tag == TagA && t.Has(i, AttrHref):
			sum.links++
			linkEnd = n.End
		}
		w.weights = append(w.weights, sum)
	}
}

// between is what the nodes from one up to another weigh.
func (w *Writer) between(from, to int32) weight { return w.weights[to].minus(w.weights[from]) }

// mainNode is the element that says it is what the page is about, -1 if none does: by its role, as main, or the first article.
func (w *Writer) mainNode() int32 {
	t := w.tree
	article, main := int32(-1), int32(-1)
	for i := int32(0); i < int32(len(t.Nodes)); i++ {
		n := &t.Nodes[i]
		switch {
		case n.Tag == Text:
		case n.kinds&kindHides != 0 && w.unseen(i):
			i = n.End - 1
		case w.role(i, "main"):
			return i
		case n.Tag == TagMain && main < 0:
			main = i
		case n.Tag == TagArticle && article < 0:
			article = i
		}
	}
	if main >= 0 {
		return main
	}
	return article
}

func (w *Writer) role(i int32, role string) bool {
	return w.tree.Nodes[i].kinds&kindOther != 0 && foldEqual(trimSpace(w.tree.Value(i, AttrRole)), role)
}

// asksConsent says whether an element is what asks about cookies before anything is read, by its own name.
func (w *Writer) asksConsent(i int32) bool {
	for _, a := range [...]Attr{AttrId, AttrClass} {
		name := bytes.ToLower(w.tree.Value(i, a))
		if bytes.Contains(name, []byte("cookie")) || bytes.Contains(name, []byte("consent")) || bytes.Contains(name, []byte("gdpr")) {
			return true
		}
	}
	return w.role(i, "dialog") || w.role(i, "alertdialog")
}

// delayBefore delays the navigation that stands before an element, outside what is around it.
func (w *Writer) delayBefore(main int32) {
	t := w.tree
	inForm, from := false, int32(0)
	for i := int32(0); i < main; i++ { // the elements around it, outermost first
		if n := &t.Nodes[i]; n.Tag == Text || n.End <= main {
			continue
		}
		w.delayIn(from, i, inForm)
		inForm = inForm || t.Nodes[i].Tag == TagForm
		from = i + 1
	}
	w.delayIn(from, main, inForm)
}

// delayIn delays what is navigation among the siblings from a node up to another.
func (w *Writer) delayIn(from, to int32, inForm bool) {
	t := w.tree
	for i := from; i < to; {
		end := i
		for end < to && !standsAlone(t.Nodes[end].Tag) { // what shares a line
			end = t.Nodes[end].End
		}
		if end > i {
			w.delay(i, min(end, to), inForm)
			i = end
			continue
		}
		n := &t.Nodes[i]
		if n.End > to || traits[n.Tag]&unseen != 0 || n.Tag == TagHead {
			i++
			if traits[n.Tag]&unseen != 0 || n.Tag == TagHead {
				i = n.End
			}
			continue
		}
		if !w.delay(i, n.End, inForm) && w.between(i, n.End).links >= 2 {
			w.delayIn(i+1, n.End, inForm || n.Tag == TagForm)
		}
		i = n.End
	}
}

// standsAlone says whether an element is on lines of its own.
func standsAlone(tag Tag) bool {
	return traits[tag]&(block|heading|tablePart|unseen) != 0 || blockLike[tag] || tag == TagBody || tag == TagHead || tag == TagHtml
}

// delay delays nodes if they are navigation.
func (w *Writer) delay(from, to int32, inForm bool) bool {
	t, n := w.tree, &w.tree.Nodes[from]
	g := w.between(from, to)
	whole := n.End == to && n.Tag != Text
	named := whole && (n.Tag == TagNav || w.role(from, "navigation") || w.role(from, "search") || w.role(from, "menubar"))
	mostly := g.links >= 3 && g.linked >= g.plain && g.plain < muchText
	tools := whole && (n.Tag == TagAside || n.Tag == TagSearch || n.Tag == TagForm || w.role(from, "complementary") || w.asksConsent(from))
	switch {
	case !named && !mostly && !tools, g == weight{}, whole && traits[n.Tag]&heading != 0:
		return false
	case g.controls > 0 && (inForm || w.ownsOutside(from, to)):
		return false
	}
	for i := from; i < to; i++ {
		if traits[t.Nodes[i].Tag]&heading != 0 && t.Nodes[i].Tag == TagH1 && !named {
			return false
		}
	}
	w.later = append(w.later, span{from, to})
	for i := from - 1; i >= 0 && traits[n.Tag]&tablePart != 0; i-- { // a table that loses a part is none of data
		if t.Nodes[i].Tag == TagTable && t.Nodes[i].End >= to {
			t.Nodes[i].Flags |= FlagLayout
			break
		}
	}
	return true
}

// ownsOutside says whether a control among the nodes belongs to a form that is not, or the other way round.
func (w *Writer) ownsOutside(from, to int32) bool {
	for _, o := range w.owned {
		if in := o.node >= from && o.node < to; in != (o.form >= from && o.form < to) {
			return true
		}
	}
	return false
}

// delayMeasured delays the navigation before the text of a page that does not say where its text is: it lies in the innermost
// element that has most of what is outside links.
func (w *Writer) delayMeasured() {
	t := w.tree
	from, to, inForm := int32(0), int32(len(t.Nodes)), false
	for whole := w.between(from, to); whole.plain >= muchText; whole = w.between(from, to) {
		inner := int32(-1)
		for i := from; i < to; i = t.Nodes[i].End {
			if n := &t.Nodes[i]; n.Tag != Text && n.Tag != TagP && traits[n.Tag]&heading == 0 && standsAlone(n.Tag) &&
				w.between(i, n.End).plain*10 >= whole.plain*6 {
				inner = i
				break
			}
		}
		if inner < 0 {
			break
		}
		w.delayIn(from, inner, inForm)
		inForm = inForm || t.Nodes[inner].Tag == TagForm
		from, to = inner+1, t.Nodes[inner].End
	}
	if w.between(from, to).plain < muchText {
		w.later = w.later[:0]
		return
	}
	if begin := w.textBegins(from, to); begin > from {
		w.delayIn(from, begin, inForm)
	}
}

// textBegins is the first of the siblings with which text begins that goes on for a while, -1 if none is.
func (w *Writer) textBegins(from, to int32) int32 {
	begin, size := int32(-1), int32(0)
	for i := from; i < to; i = w.tree.Nodes[i].End {
		n := &w.tree.Nodes[i]
		g := w.between(i, n.End)
		switch {
		case g.links > 0 && g.linked >= g.plain:
			begin, size = -1, 0
		case g.plain > 0 && (begin >= 0 || n.Tag != Text && standsAlone(n.Tag) || g.plain >= someText):
			if begin < 0 {
				begin = i
			}
			if size += g.plain; size >= someText {
				return begin
			}
		}
	}
	return -1
}

// hop writes, in place of the first that was delayed, the link to all of it, and says where the page goes on.
func (w *Writer) hop(i int32) int32 {
	s := &w.later[w.hopped]
	if i > s.from { // nobody sees it
		s.to = s.from
		w.setHop(w.hopped + 1)
		return i
	}
	if w.hopped == 0 && (!w.p.HDML || w.note) {
		w.linkLine([]byte("#"+menuName), menuWords)
	}
	w.setHop(w.hopped + 1)
	return s.to
}

func (w *Writer) setHop(n int) {
	if w.hopped, w.hopAt = n, math.MaxInt32; n < len(w.later) {
		w.hopAt = w.later[n].from
	}
}

// back makes the walk go back to a node.
func (w *Writer) back(i int32) {
	w.setHop(sort.Search(len(w.later), func(k int) bool { return w.later[k].from >= i }))
}

// writeLater writes what was delayed.
func (w *Writer) writeLater() {
	if len(w.later) == 0 {
		return
	}
	w.endLine()
	w.rule()
	for k := range w.Targets {
		if bytes.Equal(w.Targets[k].source, []byte(menuName)) {
			w.waiting = append(w.waiting, int32(k))
		}
	}
	w.hopAt = math.MaxInt32
	for _, s := range w.later {
		w.endLine()
		w.walk(s.from, s.to)
	}
}
