package markup

// title takes the page's title; a title behind text, or a second one, is text itself.
func (w *Writer) title(i int32) bool {
	if len(w.Title) > 0 || len(w.Body) > 0 {
		return true
	}
	w.Title = w.tree.TextContent(w.Title[:0], i)
	if len(w.Title) > w.MaxTitle() { // the head has no room for it: it is shown as the first heading too
		w.line.tag = TagH1
		w.words(w.Title)
		w.endLine()
	}
	return false
}

// MaxTitle is the longest title, in bytes of UTF-8, that goes into the head of a page.
func (w *Writer) MaxTitle() int {
	if w.h.PageBudget > 0 {
		return min(180, w.h.PageBudget/20)
	}
	return 180
}

// AppendTitle writes the page's title, shortened to what a head can hold, the words that stand for emoji counted.
func (w *Writer) AppendTitle(dst []byte) []byte {
	at, title := len(dst), w.Title[:cutBefore(w.Title, w.MaxTitle())]
	for dst = w.label(dst, title); len(dst)-at > w.MaxTitle() && len(title) > 0; dst = w.label(dst[:at], title) {
		title = title[:cutBefore(title, len(title)*7/8)]
	}
	return dst
}
