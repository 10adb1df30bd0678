package markup

// frame shows a frame as a link to its page.
func (w *Writer) frame(i int32) {
	src := w.tree.Value(i, AttrSrc)
	if isBlank(src) {
		src = w.tree.Value(i, AttrDataSrc) // a script loads it
	}
	if isBlank(src) {
		return
	}
	label := w.tree.Value(i, AttrTitle)
	if len(trimSpace(label)) == 0 {
		label = w.tree.Value(i, AttrName)
	}
	if len(trimSpace(label)) == 0 {
		label = []byte("フレーム")
	}
	w.linkLine(src, string(label))
}

// isBlank says whether a frame has no page of its own.
func isBlank(src []byte) bool {
	src = trimSpace(src)
	scheme, _ := cutByte(src, ':')
	return len(src) == 0 || len(scheme) < len(src) && (foldEqual(scheme, "about") || foldEqual(scheme, "javascript"))
}

// linkLine writes a link on a line of its own.
func (w *Writer) linkLine(href []byte, label string) {
	w.endLine()
	pushed := w.pushLink(implied, href, false, nil)
	w.words([]byte(w.our(label)))
	w.endLine()
	if pushed {
		w.fmts = w.fmts[:len(w.fmts)-1]
	}
}

// area writes a region of an image map as a link.
func (w *Writer) area(i int32) {
	href := w.tree.Value(i, AttrHref)
	alt := w.tree.Value(i, AttrAlt)
	if len(trimSpace(alt)) == 0 {
		if href == nil {
			return
		}
		alt = w.linkWords(i)
	}
	pushed := href != nil && w.pushLink(implied, href, false, nil)
	w.words(alt)
	if pushed {
		w.closeFormats(len(w.fmts) - 1)
		w.fmts = w.fmts[:len(w.fmts)-1]
	}
	w.space = true
}

// fold writes a link in place of an element with data-fold, labelled by its heading or summary.
func (w *Writer) fold(i int32) bool {
	href := w.tree.Value(i, AttrDataFold)
	if href == nil {
		return false
	}
	label := []byte("もっと見る")
	for k := i + 1; k < w.tree.Nodes[i].End; k++ {
		if t := w.tree.Nodes[k].Tag; traits[t]&heading != 0 || t == TagSummary {
			label = w.tree.TextContent(nil, k)
			break
		}
	}
	w.linkLine(href, string(label))
	return true
}
