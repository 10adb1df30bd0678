package markup

// A trait is what the parser must know about an element.
type trait uint16

const (
	void       trait = 1 << iota // has no content and no end tag
	rawText                      // only its end tag is markup inside
	references                   // rawText, but character references count
	block                        // its start ends an open p
	heading                      // h1–h6
	tablePart                    // table and what belongs directly in it
	cellBounds                   // end tags inside do not reach out
	listBounds                   // an li inside does not end one outside
	unseen                       // shows nothing by itself
	breakout                     // HTML that ends an SVG or MathML drawing
	drawing                      // means something in a drawing
	shown                        // raw to a browser, fallback content to us
	control                      // belongs to a form
)

// traits follow the HTML standard's tree construction (§13.2.6) [html-standard].
var traits = func() (t [tagCount]trait) {
	set := func(tr trait, tags ...Tag) {
		for _, tag := range tags {
			t[tag] |= tr
		}
	}
	set(void, TagBase, TagLink, TagMeta, TagFrame, TagHr, TagBr, TagWbr, TagCol, TagImg, TagArea, TagParam, TagEmbed,
		TagSource, TagTrack, TagInput, TagKeygen, TagIsindex)
	set(rawText, TagStyle, TagScript, TagXmp, TagPlaintext, TagTitle, TagTextarea)
	set(references, TagTitle, TagTextarea)
	set(block, TagP, TagDiv, TagSection, TagArticle, TagAside, TagNav, TagHeader, TagFooter, TagMain, TagHgroup, TagAddress,
		TagCenter, TagHr, TagPre, TagListing, TagXmp, TagPlaintext, TagBlockquote, TagUl, TagOl, TagMenu, TagDir, TagLi,
		TagDl, TagDt, TagDd, TagTable, TagFigure, TagFigcaption, TagDetails, TagSummary, TagDialog, TagSearch, TagForm,
		TagFieldset)
	set(block|heading, TagH1, TagH2, TagH3, TagH4, TagH5, TagH6)
	set(tablePart, TagTable, TagCaption, TagColgroup, TagCol, TagThead, TagTbody, TagTfoot, TagTr, TagTd, TagTh)
	set(cellBounds, TagTable, TagCaption, TagTd, TagTh, TagButton, TagObject, TagMarquee, TagApplet, TagTemplate, TagSelect)
	set(listBounds, TagUl, TagOl, TagMenu, TagDir, TagDl)
	set(unseen, TagScript, TagStyle, TagTemplate, TagLink, TagMeta, TagBase, TagTitle)
	set(breakout, TagB, TagBig, TagBlockquote, TagBody, TagBr, TagCenter, TagCode, TagDd, TagDiv, TagDl, TagDt, TagEm, TagEmbed, TagH1,
		TagH2, TagH3, TagH4, TagH5, TagH6, TagHead, TagHr, TagI, TagImg, TagLi, TagListing, TagMenu, TagMeta, TagNobr, TagOl, TagP,
		TagPre, TagRuby, TagS, TagSmall, TagSpan, TagStrong, TagStrike, TagSub, TagSup, TagTable, TagTt, TagU, TagUl, TagVar, TagFont)
	set(shown|cellBounds, TagIframe, TagNoframes, TagNoembed)
	set(control, TagInput, TagSelect, TagTextarea, TagButton)
	set(drawing, TagSvg, TagMath, TagA, TagScript, TagStyle, TagDesc, TagAnnotation)
	return t
}()
