package markup

// enter begins element i. It says whether what is inside is walked too, and leave called afterwards.
func (w *Writer) enter(i int32) bool {
	n := &w.tree.Nodes[i]
	if n.kinds&kindHides != 0 && w.unseen(i) {
		w.sendUnseen(i)
		return false
	}
	if n.Flags&FlagTarget != 0 {
		w.reach(i)
	}
	if len(w.owned) > 0 && traits[n.Tag]&control != 0 {
		here, after := w.placed(i)
		if !here {
			return false
		}
		defer after()
	}
	switch n.Tag {
	case TagScript, TagStyle, TagTemplate, TagLink, TagCol, TagParam, TagSource, TagTrack, TagWbr, TagEmbed, TagKeygen, TagIsindex, TagDesc, TagAnnotation:
		return false
	case TagMeta:
		w.meta(i)
		return false
	case TagBase:
		if href := w.tree.Value(i, AttrHref); href != nil && !w.based {
			w.based = true
			w.Links.SetBase(href)
		}
		return false
	case TagTitle:
		return w.title(i)
	case TagBody:
		w.bodyColors(i)
		return true
	case TagHtml, TagHead, TagNoscript, TagNoembed, TagNoframes, TagFrameset, TagColgroup, TagMap, TagObject, TagApplet, TagCanvas, TagPicture, TagSvg, TagMath, TagBdi, TagBdo, TagTime, TagData, TagAbbr,
		TagAcronym, TagOutput, TagNobr, TagProgress, TagMeter, TagRb, TagRtc:
		return true

	case TagLabel:
		return !w.p.HDML || !w.hdmlLabel(i)
	case TagBr:
		w.lineBreak()
		return false
	case TagHr:
		w.rule()
		return false
	case TagImg:
		w.image(i)
		return false
	case TagVideo, TagAudio:
		if ours, walk := w.film(i); ours {
			return walk
		}
		return w.media(i)
	case TagArea:
		w.area(i)
		return false
	case TagFrame:
		w.frame(i)
		return false
	case TagIframe:
		w.frame(i)
		return true
	case TagA:
		return w.anchor(i)
	case TagRuby:
		return true
	case TagRt:
		w.rubyText(i, "(")
		return true
	case TagRp:
		return true
	case TagQ:
		w.say("「")
		return true
	case TagB, TagI, TagU, TagS, TagBig, TagSmall, TagStrong, TagEm, TagDel, TagIns, TagStrike, TagSub, TagSup, TagTt, TagCode,
		TagKbd, TagSamp, TagVar, TagCite, TagDfn, TagMark, TagBlink:
		w.pushFormat(i, w.p.as[n.Tag])
		w.inlineStyle(i)
		return true
	case TagSpan, TagFont:
		w.inlineStyle(i)
		return true

	case TagInput:
		w.input(i)
		return false
	case TagTextarea:
		w.textarea(i)
		return false
	case TagSelect:
		w.selection(i)
		return false
	case TagOption:
		return true
	case TagOptgroup:
		w.words(w.tree.Value(i, AttrLabel))
		w.space = true
		return true
	case TagButton:
		w.button(i)
		return false
	}
	return w.enterBlock(i, n.Tag)
}

// enterBlock begins an element that stands on lines of its own.
func (w *Writer) enterBlock(i int32, tag Tag) bool {
	inRow := tag == TagTd || tag == TagTh
	if !inRow || w.top().kind == boxRow {
		w.endLine()
	}
	if w.note {
		w.marks(i)
	}
	if w.fold(i) {
		return false
	}
	w.blockFormat(i)
	switch tag {
	case TagH1, TagH2, TagH3, TagH4, TagH5, TagH6:
		w.better(CutHeading)
		w.styled(i)
		w.line.tag = tag
	case TagP:
		w.styled(i)
		if !w.classMarquee(i) {
			w.line.tag = TagP
		}
	case TagPre, TagListing, TagXmp, TagPlaintext:
		w.styled(i)
		w.pre++
	case TagSection, TagArticle, TagAside, TagFooter, TagNav:
		w.better(CutHeading)
		w.divide()
		w.styled(i)
	case TagUl, TagOl, TagMenu, TagDir:
		w.styled(i)
		w.list(i, tag)
	case TagLi:
		w.item(i)
	case TagDl:
		w.styled(i)
		if w.block(i, TagDl, boxDefs) {
			w.better(CutParagraph)
		}
	case TagDt, TagDd:
		w.definition(i, tag)
	case TagBlockquote:
		w.styled(i)
		w.block(i, TagBlockquote, boxBlock)
	case TagTable:
		w.styled(i)
		w.table(i)
	case TagTr:
		w.row(i)
	case TagTd, TagTh:
		w.cell(i, tag)
	case TagForm:
		w.enterForm(i)
	case TagMarquee:
		w.marquee(i)
	default:
		w.styled(i)
	}
	return true
}

// leave ends element i.
func (w *Writer) leave(i int32) {
	tag := w.tree.Nodes[i].Tag
	switch tag {
	case TagRt:
		w.rubyText(i, ")")
		return
	case TagQ:
		w.say("」")
		return
	case TagOption:
		w.space = true
		return
	case TagTd, TagTh:
		w.leaveCell(i, tag)
		return
	case TagPre, TagListing, TagXmp, TagPlaintext:
		w.endLine()
		w.pre--
	case TagForm:
		w.leaveForm(i)
	}
	if traits[tag]&(block|heading) != 0 || blockLike[tag] {
		w.endLine()
	}
	w.popFormats(i)
	w.popNode(i)
	if tag == TagCaption {
		w.leaveCaption(i)
	}
	if n := len(w.keeps); n > 0 && w.keeps[n-1].node == i {
		w.Keeps = append(w.Keeps, Keep{w.keeps[n-1].start, int32(len(w.Body))})
		w.keeps = w.keeps[:n-1]
	}
}

// blockLike are the elements that end a line though they do not end a p.
var blockLike = func() (t [tagCount]bool) {
	for _, tag := range []Tag{TagCaption, TagThead, TagTbody, TagTfoot, TagTr, TagLegend, TagMarquee, TagDatalist} {
		t[tag] = true
	}
	return t
}()

// better raises the quality of the cut before the next line.
func (w *Writer) better(q Quality) { w.quality = max(w.quality, q) }

// marks honours data-cut and data-keep.
func (w *Writer) marks(i int32) {
	if w.tree.Has(i, AttrDataCut) {
		w.quality = CutMarked
	}
	if w.tree.Has(i, AttrDataKeep) {
		w.keeps = append(w.keeps, openKeep{i, int32(len(w.Body))})
	}
}

// rubyText writes the reading in brackets, 漢字(かんじ), unless the page brings brackets of its own (rp).
func (w *Writer) rubyText(i int32, bracket string) {
	for k := i - 1; k >= 0 && i-k < 64; k-- {
		switch w.tree.Nodes[k].Tag {
		case TagRuby:
			k = -1
		case TagRp:
			return
		}
	}
	w.say(bracket)
}

// number reads an attribute as a whole number between lo and hi; lo if it is none.
func (w *Writer) number(i int32, a Attr, lo, hi int) int {
	v := trimSpace(w.tree.Value(i, a))
	n := 0
	for k, c := range v {
		if !isDigit(c) || k > 6 {
			if k == 0 {
				return lo
			}
			break
		}
		n = n*10 + int(c-'0')
	}
	return max(lo, min(n, hi))
}
