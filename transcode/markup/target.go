package markup

import (
	"bytes"
	"net/url"
	"sort"
	"strconv"
)

// A Target is a place on the page that a link of it leads to.
type Target struct {
	node   int32
	source []byte // what links call it, decoded
	wire   string // what it is called on the handset
	At     int32  // its place in Body, -1: not written
}

// A Ref is the address of a link to a target, in Body; only when cuts are noted. It has room for the number of any part.
type Ref struct{ At, Stop, Target int32 }

// maxTargets is the most places on a page that links of it can lead to.
const maxTargets = 200

// findTargets finds what the page's links to the page itself name. An ID comes before the name of an anchor.
func (w *Writer) findTargets() {
	w.Targets, w.Refs, w.waiting = w.Targets[:0], w.Refs[:0], w.waiting[:0]
	t := w.tree
	if !t.fragments {
		return
	}
	wanted := w.wantedTargets()
	if wanted == nil {
		return
	}
	for i := int32(len(t.Nodes)) - 1; i >= 0; i-- {
		n := &t.Nodes[i]
		if n.Tag == Text || n.kinds&(kindOther|kindField) == 0 {
			continue
		}
		if name := t.Value(i, AttrName); n.Tag == TagA && name != nil {
			if at, ok := wanted[string(name)]; ok && (at < 0 || !t.Has(at, AttrId)) {
				wanted[string(name)] = i
			}
		}
		if id := t.Value(i, AttrId); id != nil {
			if _, ok := wanted[string(id)]; ok {
				wanted[string(id)] = i
			}
		}
	}
	for source, i := range wanted {
		if i >= 0 {
			t.Nodes[i].Flags |= FlagTarget
			w.Targets = append(w.Targets, Target{node: i, source: []byte(source), At: -1})
		}
	}
	sort.Slice(w.Targets, func(i, k int) bool {
		a, b := &w.Targets[i], &w.Targets[k]
		return a.node < b.node || a.node == b.node && bytes.Compare(a.source, b.source) < 0
	})
	for i := range w.Targets {
		w.Targets[i].wire = wireTarget(w.Targets[i].source, i)
	}
}

// wantedTargets are the names in links to the page itself, as they are spelled and percent-decoded; nil if there are none.
func (w *Writer) wantedTargets() (wanted map[string]int32) {
	t := w.tree
	for i := int32(0); i < int32(len(t.Nodes)) && len(wanted) < maxTargets; i++ {
		n := &t.Nodes[i]
		if n.kinds&kindHides != 0 && w.unseen(i) {
			i = n.End - 1
			continue
		}
		if n.kinds&kindLeads == 0 || n.Tag != TagA && n.Tag != TagArea {
			continue
		}
		href := w.Links.Within(t.Value(i, AttrHref))
		if len(href) < 2 {
			continue
		}
		if wanted == nil {
			wanted = map[string]int32{}
		}
		wanted[string(href[1:])] = -1
		if plain, err := url.PathUnescape(string(href[1:])); err == nil {
			wanted[plain] = -1
		}
	}
	return wanted
}

// wireTarget is the name of a target on the handset: its own where every browser takes it, a letter first [imode-basics].
func wireTarget(source []byte, n int) string {
	ok := len(source) > 0 && len(source) <= 40 && isAlpha(source[0])
	for _, c := range source {
		ok = ok && (isAlnum(c) || c == '-' || c == '_' || c == '.')
	}
	if ok {
		return string(source)
	}
	return "t." + strconv.Itoa(n)
}

// targetOf returns the target that a link on this page leads to, -1 for none.
func (w *Writer) targetOf(href []byte) int32 {
	if href = w.Links.Within(href); len(href) < 2 {
		return -1
	}
	for k := range w.Targets {
		if bytes.Equal(w.Targets[k].source, href[1:]) {
			return int32(k)
		}
	}
	if plain, err := url.PathUnescape(string(href[1:])); err == nil && plain != string(href[1:]) {
		return w.targetOf([]byte("#" + plain))
	}
	return -1
}

// reach makes a target wait for the next text.
func (w *Writer) reach(i int32) {
	for k := range w.Targets {
		if w.Targets[k].node == i && w.Targets[k].At < 0 {
			w.waiting = append(w.waiting, int32(k))
		}
	}
}

// anchors writes the targets that wait, unless a link is open: there is no anchor in an anchor.
func (w *Writer) anchors() {
	for _, f := range w.fmts[:w.fopen] {
		if f.tag == TagA {
			return
		}
	}
	attr := AttrName
	if w.p.XML {
		attr = AttrId
	}
	for _, k := range w.waiting {
		target := &w.Targets[k]
		target.At = int32(len(w.Body))
		if !w.p.attrs[TagA].has(attr) {
			continue
		}
		w.Body = append(append(append(w.Body, "<a "...), attrNames[attr]...), `="`...)
		w.Body = append(append(w.Body, target.wire...), `"></a>`...)
	}
	w.waiting = w.waiting[:0]
}

// appendTarget writes the address of a target: where the page is cut, with room for the part that has it.
func (w *Writer) appendTarget(dst []byte, k int32) []byte {
	if w.note {
		dst = w.Links.Self(dst, partRoom)
	}
	return append(append(dst, '#'), w.Targets[k].wire...)
}

// partRoom is a part number with as many digits as any has.
const partRoom = 9999

// AppendRef writes the address of reference k for a part of the page, when its target stands in another part, or in the same
// one (0).
func (w *Writer) AppendRef(dst []byte, k, part int) []byte {
	target := &w.Targets[w.Refs[k].Target]
	if part > 0 {
		dst = w.Links.Self(dst, part)
	}
	if w.p.HDML { // cards have no places in them
		return dst
	}
	return append(append(dst, '#'), target.wire...)
}

// noteRef notes the address of a link whose start tag begins at an offset of Body.
func (w *Writer) noteRef(at int32, k int32) {
	from := at + int32(bytes.IndexByte(w.Body[at:], '"')) + 1
	w.Refs = append(w.Refs, Ref{from, from + int32(bytes.IndexByte(w.Body[from:], '"')), k})
}
