package markup

import "bytes"

// Parse reads a page into t, which is emptied first and keeps src. It never fails: any bytes are a page, read much as the
// HTML standard's parser reads them: implied end tags, missing quotes, raw text, elements left open. What the standard
// does to mis-nested formatting is left out, because the writer opens formatting line by line anyway.
func (t *Tree) Parse(src []byte) {
	*t = Tree{Src: src, Nodes: t.Nodes[:0], Attrs: t.Attrs[:0], open: t.open[:0], tables: t.tables[:0], scratch: t.scratch[:0],
		form: -1, strays: t.strays[:0]}
	t.run(0)
	for _, n := range t.open {
		t.Nodes[n].End = int32(len(t.Nodes))
	}
}

// run reads Src from text on.
func (t *Tree) run(text int) {
	src := t.Src
	for pos := text; pos < len(src); {
		lt := bytes.IndexByte(src[pos:], '<')
		if lt < 0 {
			break
		}
		lt += pos
		if !startsMarkup(src[lt:]) {
			pos = lt + 1
			continue
		}
		t.addText(text, lt)
		text = t.markup(lt)
		pos = text
	}
	t.addText(text, len(src))
}

// startsMarkup says whether the '<' at the start of s begins a tag or a comment; otherwise it is text.
func startsMarkup(s []byte) bool {
	if len(s) < 2 {
		return false
	}
	c := s[1]
	return isAlpha(c) || c == '!' || c == '?' || c == '/' && len(s) > 2
}

// markup reads the tag or comment at src[i] and returns the index behind it.
func (t *Tree) markup(i int) int {
	switch c := t.Src[i+1]; {
	case c == '!':
		return t.declaration(i)
	case c == '?':
		return t.skipTo(i+2, ">")
	case c == '/' && isAlpha(t.Src[i+2]):
		tag, name := tagAt(t.Src, i+2)
		if tag != 0 {
			t.endTag(tag)
		}
		return t.skipTag(name)
	case c == '/':
		return t.skipTo(i+2, ">")
	}
	return t.startTag(i + 1)
}

// declaration skips a comment or DOCTYPE. CDATA is text where SVG and MathML are.
func (t *Tree) declaration(i int) int {
	s := t.Src[i:]
	switch {
	case bytes.HasPrefix(s, []byte("<!-->")), bytes.HasPrefix(s, []byte("<!--->")):
		return t.skipTo(i+4, ">")
	case bytes.HasPrefix(s, []byte("<!--")):
		a, b := bytes.Index(s[4:], []byte("-->")), bytes.Index(s[4:], []byte("--!>"))
		if a >= 0 && (b < 0 || a < b) {
			return i + 4 + a + 3
		}
		if b >= 0 {
			return i + 4 + b + 4
		}
		return len(t.Src)
	case bytes.HasPrefix(s, []byte("<![CDATA[")) && t.count[TagSvg]+t.count[TagMath] > 0:
		end := bytes.Index(s, []byte("]]>"))
		if end < 0 {
			end = len(s)
		}
		t.addText(i+9, i+end)
		return min(i+end+3, len(t.Src))
	}
	return t.skipTo(i+2, ">")
}

func (t *Tree) skipTo(i int, mark string) int {
	if n := bytes.Index(t.Src[i:], []byte(mark)); n >= 0 {
		return i + n + len(mark)
	}
	return len(t.Src)
}

// tagAt reads the tag name that starts at i and returns its number, 0 if we do not know it, and the index behind it.
func tagAt(s []byte, i int) (Tag, int) {
	key, end := nameAt(s, i, endsTagName)
	return Tag(tagTable.find(key, s[i:end])), end
}

// skipTag returns the index behind the tag whose name ends at i, minding quoted values.
func (t *Tree) skipTag(i int) int {
	if i < len(t.Src) && t.Src[i] == '>' {
		return i + 1
	}
	end, _, _ := t.attributes(i, false)
	return end
}

func (t *Tree) addText(from, to int) {
	if from >= to {
		return
	}
	s := t.Src[from:to]
	n := Node{Start: int32(from), Stop: int32(to), End: int32(len(t.Nodes) + 1)}
	if isSpace(s[0]) && len(trimSpace(s)) == 0 {
		n.Flags = FlagSpace
	} else {
		t.notice(Text)
	}
	t.Nodes = append(t.Nodes, n)
}

// startTag reads the start tag whose name begins at i and returns the index behind it.
func (t *Tree) startTag(i int) int {
	tag, name := tagAt(t.Src, i)
	if tag == 0 && foldEqual(t.Src[i:name], "image") {
		tag = TagImg
	}
	first := len(t.Attrs)
	end, closed, complete := t.attributes(name, tag != 0)
	if !complete || tag == 0 || t.elements >= MaxNodes {
		t.Attrs = t.Attrs[:first]
		return end
	}
	if tag == TagTemplate && bytes.Contains(bytes.ToLower(t.Src[name:end]), []byte("shadowrootmode")) {
		tag, t.shadows = shadowTree, t.shadows+1
	}
	if tag == TagSelect && t.count[TagSelect] > 0 { // a select in a select ends it
		t.closeScope(TagSelect, cellBounds)
		t.Attrs = t.Attrs[:first]
		return end
	}
	foreign := t.count[TagSvg]+t.count[TagMath] > 0
	if foreign && traits[tag]&breakout != 0 {
		t.closeDrawing()
		foreign = false
	}
	switch { // these do not exist: a form in a form, HTML in a drawing, cells without a table
	case tag == TagForm && t.form >= 0 && t.count[TagTemplate] == 0, foreign && traits[tag]&drawing == 0,
		tag != TagTable && traits[tag]&tablePart != 0 && t.count[TagTable] == 0:
		t.Attrs = t.Attrs[:first]
		return end
	}
	t.closeImplied(tag)
	t.notice(tag)
	t.elements++
	n, kinds := int32(len(t.Nodes)), attrKinds(0)
	for i := first; i < len(t.Attrs); i++ {
		kinds |= kindsOf[t.Attrs[i].ID]
	}
	if tag == TagDialog { // a closed one is not seen
		kinds |= kindHides
	}
	t.Nodes = append(t.Nodes, Node{Tag: tag, NAttr: uint8(len(t.Attrs) - first), kinds: kinds, Start: int32(first), Stop: int32(end), End: n + 1})
	switch {
	case traits[tag]&control != 0 && t.form >= 0 && t.count[TagForm] == 0:
		t.strays = append(t.strays, owned{n, t.form})
	case tag == TagForm && t.count[TagTemplate] == 0:
		t.form = n
	case tag == TagFieldset:
		t.fieldsets = true
	}
	switch {
	case traits[tag]&void != 0, foreign && closed:
	case traits[tag]&rawText != 0 && !foreign:
		end = t.raw(n, tag, end)
	case len(t.open) >= MaxDepth:
		t.cut[tag]++
	case traits[tag]&shown != 0 && !t.fallback:
		end = t.rawMarkup(n, tag, end)
	default:
		t.open = append(t.open, n)
		t.count[tag]++
		if tag == TagTable {
			t.tables = append(t.tables, n)
		}
	}
	return end
}

// shadowTree is what a template with a shadow tree becomes: browsers show it where it stands.
const shadowTree = TagSection

// attributes reads attributes from i to the end of the tag and returns the index behind it, whether the tag closed
// itself, and whether it ended at all before the page did.
func (t *Tree) attributes(i int, keep bool) (end int, closed, complete bool) {
	s, first := t.Src, len(t.Attrs)
	for {
		for i < len(s) && (isSpace(s[i]) || s[i] == '/') {
			i++
		}
		if i >= len(s) {
			return len(s), false, false
		}
		if s[i] == '>' {
			return i + 1, s[i-1] == '/', true
		}
		from := i
		key, stop := nameAt(s, i, endsAttrName)
		name := s[from:stop]
		if i = stop; i+1 < len(s) && s[i] == '=' && s[i+1] == '"' { // what nearly all look like
			from = i + 2
			if stop = bytes.IndexByte(s[from:], '"'); stop < 0 {
				return len(s), false, false
			}
			stop += from
			i = stop + 1
		} else {
			for i < len(s) && isSpace(s[i]) {
				i++
			}
			from, stop = i, i
			if i < len(s) && s[i] == '=' {
				from, stop, i = attributeValue(s, i+1)
			}
		}
		if i > len(s) {
			return len(s), false, false
		}
		if !keep || len(t.Attrs)-first >= MaxAttrs {
			continue
		}
		if id := Attr(attrTable.find(key, name)); id != 0 {
			t.formAttr, t.formMethod = t.formAttr || id == AttrForm, t.formMethod || id == AttrFormmethod
			t.fragments = t.fragments || id == AttrHref && bytes.IndexByte(s[from:stop], '#') >= 0
			t.ours = t.ours || id >= AttrDataPc && id <= AttrDataBar
			t.Attrs = append(t.Attrs, Attribute{ID: id, Start: int32(from), Stop: int32(stop)})
		}
	}
}

// attributeValue bounds the value behind the equals sign at i-1 and returns the index behind it, more than len(s) when a
// quote is never closed.
func attributeValue(s []byte, i int) (from, to, next int) {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		n := bytes.IndexByte(s[i+1:], s[i])
		if n < 0 {
			return i, i, len(s) + 1
		}
		return i + 1, i + 1 + n, i + n + 2
	}
	from = i
	for i < len(s) && !isSpace(s[i]) && s[i] != '>' {
		i++
	}
	return from, i, i
}

// rawMarkup reads what stands in an iframe and its like. To a browser that is text it never shows; on a handset it is
// shown, as the markup it was meant to be.
func (t *Tree) rawMarkup(n int32, tag Tag, i int) int {
	whole := t.Src
	stop, end := t.rawEnd(tag, i)
	t.Src, t.fallback = whole[:stop], true
	t.open = append(t.open, n)
	t.count[tag]++
	t.run(i)
	t.Src, t.fallback = whole, false
	t.closeScope(tag, 0)
	return end
}

// raw reads the text of element n, in which only its own end tag is markup, and returns the index behind that tag.
func (t *Tree) raw(n int32, tag Tag, i int) int {
	stop, end := t.rawEnd(tag, i)
	if i < stop {
		text := Node{Start: int32(i), Stop: int32(stop), End: n + 2}
		if traits[tag]&references == 0 {
			text.Flags = FlagPlain
		}
		t.Nodes = append(t.Nodes, text)
		t.Nodes[n].End = n + 2
	}
	return end
}

// rawEnd returns where the text of a raw element ends, and the index behind its end tag.
func (t *Tree) rawEnd(tag Tag, i int) (stop, end int) {
	s, name := t.Src, tag.String()
	stop, end = len(s), len(s)
	for k := i; tag != TagPlaintext; {
		lt := bytes.IndexByte(s[k:], '<')
		if lt < 0 {
			break
		}
		k += lt + 1
		if k < len(s) && s[k] == '/' && len(s) > k+1+len(name) && foldEqual(s[k+1:k+1+len(name)], name) &&
			(isSpace(s[k+1+len(name)]) || s[k+1+len(name)] == '>' || s[k+1+len(name)] == '/') {
			stop, end = k-1, t.skipTag(k+1+len(name))
			break
		}
	}
	return stop, end
}

// endTag closes the nearest open element of that name, unless a table cell stands between.
func (t *Tree) endTag(tag Tag) {
	switch {
	case tag == TagBr:
		t.Nodes = append(t.Nodes, Node{Tag: TagBr, End: int32(len(t.Nodes) + 1)})
	case tag == TagTemplate && t.shadows > 0 && t.count[TagTemplate] == 0:
		t.shadows--
		t.closeScope(shadowTree, 0)
	case t.cut[tag] > 0:
		t.cut[tag]--
	case tag == TagForm && t.count[TagTemplate] == 0:
		t.form = -1
		t.closeScope(tag, 0)
	case tag == TagP && t.count[TagSvg]+t.count[TagMath] > 0:
		t.closeDrawing()
	case traits[tag]&heading != 0:
		for h := TagH1; h <= TagH6; h++ {
			t.closeScope(h, cellBounds)
		}
	case traits[tag]&tablePart != 0 || tag == TagForm || tag == TagTemplate || tag == TagBody || tag == TagHtml:
		t.closeScope(tag, 0)
	default:
		t.closeScope(tag, cellBounds)
	}
}

// closeScope closes the nearest open element of that name and all in it, unless an element of the bounds stands between.
func (t *Tree) closeScope(tag Tag, bounds trait) {
	if t.count[tag] == 0 {
		return
	}
	for i := len(t.open) - 1; i >= 0; i-- {
		at := t.Nodes[t.open[i]].Tag
		if at == tag {
			t.closeDown(i)
			return
		}
		if traits[at]&bounds != 0 || tag != TagTable && traits[tag]&tablePart != 0 && at == TagTable {
			return
		}
	}
}

// closeDrawing closes the outermost svg or math that is open.
func (t *Tree) closeDrawing() {
	for i, n := range t.open {
		if tag := t.Nodes[n].Tag; tag == TagSvg || tag == TagMath {
			t.closeDown(i)
			return
		}
	}
}

// closeDown closes the open elements from the innermost to open[i].
func (t *Tree) closeDown(i int) {
	for k := len(t.open) - 1; k >= i; k-- {
		n := &t.Nodes[t.open[k]]
		n.End = int32(len(t.Nodes))
		t.count[n.Tag]--
		if n.Tag == TagTable {
			t.tables = t.tables[:len(t.tables)-1]
		}
	}
	t.open = t.open[:i]
}

// closeImplied closes what the start of tag ends without saying so.
func (t *Tree) closeImplied(tag Tag) {
	tr := traits[tag]
	if tr&block != 0 {
		t.closeScope(TagP, cellBounds)
	}
	switch {
	case tr&heading != 0:
		if len(t.open) > 0 && traits[t.Nodes[t.open[len(t.open)-1]].Tag]&heading != 0 {
			t.closeDown(len(t.open) - 1)
		}
	case tag == TagLi:
		t.closeScope(TagLi, cellBounds|listBounds)
	case tag == TagDt || tag == TagDd:
		t.closeScope(TagDt, cellBounds|listBounds)
		t.closeScope(TagDd, cellBounds|listBounds)
	case tag == TagInput:
		t.closeScope(TagSelect, cellBounds)
	case tag == TagOption:
		t.closeScope(TagOption, cellBounds)
	case tag == TagOptgroup:
		t.closeScope(TagOption, cellBounds)
		t.closeScope(TagOptgroup, cellBounds)
	case tag == TagRt || tag == TagRp || tag == TagRb:
		t.closeScope(TagRt, cellBounds)
		t.closeScope(TagRp, cellBounds)
		t.closeScope(TagRb, cellBounds)
	case tag == TagTd || tag == TagTh:
		t.closeScope(TagTd, 0)
		t.closeScope(TagTh, 0)
	case tag == TagTr:
		t.closeScope(TagTr, 0)
	case tag == TagThead || tag == TagTbody || tag == TagTfoot || tag == TagCaption:
		t.closeScope(TagTr, 0)
		t.closeScope(TagThead, 0)
		t.closeScope(TagTbody, 0)
		t.closeScope(TagTfoot, 0)
		t.closeScope(TagCaption, 0)
	}
}

// notice keeps the flags of the table around a new node: what is in it decides how it is written.
func (t *Tree) notice(tag Tag) {
	if len(t.tables) == 0 {
		return
	}
	table := &t.Nodes[t.tables[len(t.tables)-1]]
	parent := t.Nodes[t.open[len(t.open)-1]].Tag
	switch {
	case tag == TagTd || tag == TagTh:
		if t.cells++; t.cells > maxColumns {
			table.Flags |= FlagWide
		}
		if parent != TagTr {
			table.Flags |= FlagLayout
		}
	case tag == TagTr:
		t.cells = 0
	case tag != Text && traits[tag]&tablePart != 0 && tag != TagTable:
	case parent == TagTable || parent == TagThead || parent == TagTbody || parent == TagTfoot || parent == TagTr:
		table.Flags |= FlagLayout
		t.TableForm = t.TableForm || tag == TagForm
		if traits[tag]&unseen == 0 && tag != TagForm {
			t.Stray = true
		}
	case traits[tag]&(block|heading) != 0 || tag == TagTable || tag == TagForm:
		table.Flags |= FlagLayout
	}
}
