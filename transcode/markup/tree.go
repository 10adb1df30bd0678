package markup

import "bytes"

// Limits of a tree (SEC-47). What goes beyond loses its tags, never its text.
const (
	MaxDepth = 256    // open elements
	MaxNodes = 100000 // elements
	MaxAttrs = 64     // attributes of one element
)

// A Tree is a page as nodes in document order: the nodes below node i are i+1 … Nodes[i].End-1, so that walking a tree is
// running along a slice. Nodes point into Src; a Tree is reused page after page and holds no pointers of its own.
// A Tree is not safe for concurrent use.
type Tree struct {
	Src   []byte
	Nodes []Node
	Attrs []Attribute

	// Stray says that text or elements stood directly in a table or a row, where the HTML standard moves them in front of
	// the table. Our tree keeps them in place; Standard makes a tree that does as the standard says.
	Stray bool
	// TableForm says that a form stood directly in a table. The standard's tree would part it from its fields.
	TableForm bool

	form       int32   // the form that is open to a parser, whether or not its element is; -1: none
	strays     []owned // controls that belong to it and are not in its element
	formAttr   bool    // some element says form=
	fieldsets  bool
	fragments  bool // some link leads to a place on the page
	ours       bool // some element has an attribute of the canonical markup: the page is written for handsets too
	formMethod bool // some button says formmethod=

	fallback bool // inside iframe, noframes or noembed
	elements int
	open     []int32 // elements not closed yet, outermost first
	tables   []int32 // tables among them
	shadows  int     // templates among them whose content is seen: shadow trees that a page declares
	cells    int     // cells of the row being read
	count    [tagCount]int32
	cut      [tagCount]int32 // elements left out for depth, by tag
	scratch  []byte
}

// A Node is an element or a run of text.
type Node struct {
	Tag   Tag
	Flags Flags
	NAttr uint8
	kinds attrKinds // of its attributes
	End   int32     // the first node after this one and all below it
	Start int32     // text: start in Src; element: its first attribute in Attrs
	Stop  int32     // text: end in Src; element: end of its start tag in Src
}

// Flags say what the parser noticed about a node.
type Flags uint8

// Flags of text.
const (
	FlagSpace Flags = 1 << iota // nothing but white space
	FlagPlain                   // an ampersand is an ampersand: the text of a raw element
)

// Flags of tables.
const (
	FlagLayout Flags = 1 << iota // blocks, forms, tables or strays inside: a table for arranging, not for data
	FlagWide                     // a row of more than maxColumns cells
)

// FlagTarget is a flag of elements that a link of the page leads to.
const FlagTarget Flags = 1 << 7

// maxColumns is the most columns a handset shows as a table; a wider table becomes lines.
const maxColumns = 5

// An Attribute is one attribute of an element; Start and Stop bound its value in Src, quotes left out.
type Attribute struct {
	ID          Attr
	Start, Stop int32
}

// attrKinds tell without looking at an element's attributes that one is not among them: nearly every question about an
// attribute is answered with no.
type attrKinds uint8

const (
	kindHides attrKinds = 1 << iota // may hide the element
	kindLooks                       // colours, sizes, alignment
	kindLeads                       // leads to or loads something
	kindCuts                        // where pages are cut
	kindFolds
	kindField // of forms and their fields
	kindKey
	kindOther
)

var kindsOf = func() (t [attrCount]attrKinds) {
	for id := range t {
		t[id] = kindOther
	}
	for kind, ids := range map[attrKinds][]Attr{
		kindHides: {AttrDataPc, AttrHidden, AttrPopover, AttrAriaHidden}, kindHides | kindLooks: {AttrStyle}, kindLooks: {AttrAlign, AttrBgcolor, AttrColor, AttrDataBar},
		kindLooks | kindField: {AttrSize}, kindLeads: {AttrHref, AttrSrc, AttrAction}, kindCuts: {AttrDataCut, AttrDataKeep}, kindFolds: {AttrDataFold},
		kindField: {AttrName, AttrValue, AttrType, AttrMethod, AttrChecked, AttrSelected, AttrDisabled, AttrReadonly}, kindKey: {AttrAccesskey, AttrDataUtn},
	} {
		for _, id := range ids {
			t[id] = kind
		}
	}
	return t
}()

// Attr returns the attribute of node i, nil if it has none of that name.
func (t *Tree) Attr(i int32, id Attr) *Attribute {
	n := &t.Nodes[i]
	if n.kinds&kindsOf[id] == 0 {
		return nil
	}
	for a := n.Start; a < n.Start+int32(n.NAttr); a++ {
		if t.Attrs[a].ID == id {
			return &t.Attrs[a]
		}
	}
	return nil
}

// Has says whether node i has the attribute.
func (t *Tree) Has(i int32, id Attr) bool { return t.Attr(i, id) != nil }

// Value returns the value of an attribute of node i, character references decoded; nil if it is absent. The bytes are
// valid until the next Parse.
func (t *Tree) Value(i int32, id Attr) []byte {
	a := t.Attr(i, id)
	if a == nil {
		return nil
	}
	v := t.Src[a.Start:a.Stop:a.Stop]
	if bytes.IndexByte(v, '&') < 0 {
		return v
	}
	return t.keep(func(dst []byte) []byte { return AppendDecoded(dst, v, true) })
}

// Text returns the characters of a text node, decoded. The bytes are valid until the next Parse.
func (t *Tree) Text(i int32) []byte {
	n := &t.Nodes[i]
	v := t.Src[n.Start:n.Stop:n.Stop]
	if n.Flags&FlagPlain != 0 || bytes.IndexByte(v, '&') < 0 {
		return v
	}
	return t.keep(func(dst []byte) []byte { return AppendDecoded(dst, v, false) })
}

// keep appends to the tree's own memory. Earlier results stay valid: memory is left behind, not moved, when it is full.
func (t *Tree) keep(f func(dst []byte) []byte) []byte {
	start := len(t.scratch)
	t.scratch = f(t.scratch)
	return t.scratch[start:len(t.scratch):len(t.scratch)]
}

// TextContent appends all text below node i to dst, white space collapsed.
func (t *Tree) TextContent(dst []byte, i int32) []byte {
	start := len(dst)
	for k := i + 1; k < t.Nodes[i].End; k++ {
		switch n := &t.Nodes[k]; n.Tag {
		case Text:
			if s := t.Src[n.Start:n.Stop]; n.Flags&FlagPlain == 0 {
				dst = AppendDecoded(dst, s, false)
			} else {
				dst = append(dst, s...)
			}
		case TagScript, TagStyle, TagTemplate, TagDesc, TagAnnotation:
			k = n.End - 1
		case TagImg, TagArea:
			if alt := t.Attr(k, AttrAlt); alt != nil {
				dst = AppendDecoded(dst, t.Src[alt.Start:alt.Stop], true)
			}
		case TagBr, TagP, TagDiv, TagLi:
			dst = append(dst, ' ')
		}
	}
	return append(dst[:start], CollapseSpace(dst[start:])...)
}

// CollapseSpace removes leading and trailing white space of b and makes every other run of it one space, in place.
func CollapseSpace(b []byte) []byte {
	out, gap := 0, false
	for _, c := range b {
		if isSpace(c) {
			gap = true
			continue
		}
		if gap && out > 0 {
			b[out] = ' '
			out++
		}
		gap = false
		b[out] = c
		out++
	}
	return b[:out]
}

func isSpace(c byte) bool { return c <= ' ' && spaces>>c&1 != 0 }

// spaces has a bit for each character of white space.
const spaces = 1<<' ' | 1<<'\n' | 1<<'\t' | 1<<'\r' | 1<<'\f'

// trimSpace cuts white space off both ends.
func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
