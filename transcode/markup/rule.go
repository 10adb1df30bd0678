package markup

// lineBreak writes br. A br on an empty line makes an empty line.
func (w *Writer) lineBreak() {
	w.space = false
	w.ready()
	if w.pre > 0 || w.p.HDML {
		w.newline()
	} else {
		w.Body = append(append(w.Body, "<br"...), w.p.void...)
	}
	w.space = false
	if w.note {
		w.noteCut(CutSentence)
	}
}

// rule writes hr.
func (w *Writer) rule() {
	w.endLine()
	w.better(CutHeading)
	if w.p.HDML {
		w.say("----------")
		w.endLine()
		return
	}
	w.accept(0)
	w.flushBoxes()
	w.Body = append(append(w.Body, "<hr"...), w.p.void...)
	w.top().wrote, w.sections = true, false
	w.quality = CutParagraph
}

// divide writes a rule between sections, if something stands before it.
func (w *Writer) divide() {
	if w.sections && w.top().kind <= boxBlock {
		w.rule()
	}
}
