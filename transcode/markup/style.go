package markup

import "bytes"

// A Color is 0xRRGGBB plus colorSet; the zero value is no colour.
type Color uint32

const colorSet Color = 1 << 24

// An Align is a text alignment.
type Align uint8

// Alignments; the zero value is the dialect's own.
const (
	AlignNone Align = iota
	AlignLeft
	AlignCenter
	AlignRight
)

var alignNames = [...]string{"", "left", "center", "right"}

// A size is a font size.
type size uint8

const (
	sizeNone size = iota
	sizeSmall
	sizeMedium
	sizeLarge
)

var sizeNames = [...]string{"", "small", "medium", "large"}

// A style is what a handset can show of a style attribute and of the old presentation attributes.
type style struct {
	color, background Color
	align             Align
	size              size
	none              bool // display:none
	hidden, shown     bool // visibility:hidden or collapse, and visible
}

// parseStyle reads the few properties we know (docs/canonical-markup.md); everything else is passed over.
func parseStyle(css []byte) (s style) {
	settled := false // display is said !important
	for len(css) > 0 {
		var decl []byte
		decl, css = cutByte(css, ';')
		name, value := cutByte(decl, ':')
		name, value = trimSpace(name), trimSpace(value)
		switch {
		case foldEqual(name, "color"):
			s.color = parseColor(value)
		case foldEqual(name, "background-color"), foldEqual(name, "background"):
			s.background = parseColor(value)
		case foldEqual(name, "text-align"):
			s.align = parseAlign(value)
		case foldEqual(name, "font-size"):
			s.size = parseSize(value)
		case foldEqual(name, "visibility"):
			value, _ := cutByte(value, '!')
			value = trimSpace(value)
			s.hidden, s.shown = foldEqual(value, "hidden") || foldEqual(value, "collapse"), foldEqual(value, "visible")
		case foldEqual(name, "display"):
			value, mark := cutByte(value, '!')
			important := foldEqual(trimSpace(mark), "important")
			if important || !settled {
				s.none, settled = foldEqual(trimSpace(value), "none"), settled || important
			}
		}
	}
	return s
}

func parseAlign(v []byte) Align {
	for a := AlignLeft; a <= AlignRight; a++ {
		if foldEqual(v, alignNames[a]) {
			return a
		}
	}
	return AlignNone
}

func parseSize(v []byte) size {
	switch string(v) {
	case "small", "x-small", "xx-small", "smaller", "1", "2", "-1", "-2":
		return sizeSmall
	case "medium", "3":
		return sizeMedium
	case "large", "x-large", "xx-large", "larger", "4", "5", "6", "7", "+1", "+2":
		return sizeLarge
	}
	return sizeNone
}

// parseColor reads #RGB, #RRGGBB and HTML's sixteen names.
func parseColor(v []byte) Color {
	if len(v) > 0 && v[0] == '#' {
		v = v[1:]
	} else if c, ok := colorNames[string(v)]; ok {
		return c | colorSet
	}
	var c Color
	for _, d := range v {
		if !isHex(d) {
			return 0
		}
		c = c<<4 | Color(unhex(d))
	}
	switch len(v) {
	case 3:
		c = c&0xF00*0x1100 | c&0xF0*0x110 | c&0xF*0x11
	case 6:
	default:
		return 0
	}
	return c | colorSet
}

var colorNames = map[string]Color{"black": 0, "silver": 0xC0C0C0, "gray": 0x808080, "white": 0xFFFFFF, "maroon": 0x800000,
	"red": 0xFF0000, "purple": 0x800080, "fuchsia": 0xFF00FF, "green": 0x008000, "lime": 0x00FF00, "olive": 0x808000,
	"yellow": 0xFFFF00, "navy": 0x000080, "blue": 0x0000FF, "teal": 0x008080, "aqua": 0x00FFFF, "orange": 0xFFA500}

// Append writes the colour as #RRGGBB.
func (c Color) Append(dst []byte) []byte {
	dst = append(dst, '#')
	for shift := 20; shift >= 0; shift -= 4 {
		dst = append(dst, hexUpper[c>>shift&15])
	}
	return dst
}

// IsSet says whether there is a colour.
func (c Color) IsSet() bool { return c&colorSet != 0 }

// styleFrom is parseStyle, which is spared for the style of the element before.
func (w *Writer) styleFrom(css []byte) style {
	if !bytes.Equal(css, w.css) {
		w.css, w.style = css, parseStyle(css)
	}
	return w.style
}

// styleOf gathers the style of an element from its attributes.
func (w *Writer) styleOf(i int32) (s style) {
	n := &w.tree.Nodes[i]
	if n.Tag == TagCenter {
		s.align = AlignCenter
	}
	if n.kinds&kindLooks == 0 {
		return s
	}
	for a := n.Start; a < n.Start+int32(n.NAttr); a++ {
		id := w.tree.Attrs[a].ID
		switch id {
		case AttrStyle, AttrAlign, AttrBgcolor, AttrColor, AttrSize, AttrDataBar:
		default:
			continue
		}
		v := w.tree.Value(i, id)
		switch id {
		case AttrStyle:
			css := w.styleFrom(v)
			if css.align == 0 {
				css.align = s.align
			}
			if !css.background.IsSet() {
				css.background = s.background
			}
			s = css
		case AttrAlign:
			s.align = parseAlign(v)
		case AttrBgcolor, AttrDataBar:
			s.background = parseColor(v)
		case AttrColor:
			s.color = parseColor(v)
		case AttrSize:
			s.size = parseSize(v)
		}
	}
	if d := w.h.Display; d.Colors == 2 || d.Colors == 4 { // grey displays: colours would only hide text
		s.color, s.background = 0, 0
	}
	return s
}

// styled opens a coloured or aligned box for a block, where the dialect has one. Colours of CHTML are formats: blockFormat.
func (w *Writer) styled(i int32) {
	n := &w.tree.Nodes[i]
	if n.NAttr == 0 && n.Tag != TagCenter || w.p.HDML || w.top().kind > boxBlock || w.pre > 0 {
		return
	}
	s := w.styleOf(i)
	marquee := w.hasClass(i, "marquee") && w.p.css[TagDiv]&cssMarquee != 0
	if s == (style{}) && !marquee {
		return
	}
	at := len(w.tags)
	w.tags = append(w.tags, "<div"...)
	if w.p.XML {
		w.tags = w.appendStyle(w.tags, TagDiv, s, marquee)
	} else if s.align != 0 {
		w.tags = append(append(append(w.tags, ` align="`...), alignNames[s.align]...), '"')
	}
	if len(w.tags) == at+len("<div") || !w.roomFor(len(w.tags)-at) {
		w.tags = w.tags[:at]
		return
	}
	w.tags = append(w.tags, '>')
	w.pushTag(i, TagDiv, boxFlow, at)
}

// appendStyle writes a style attribute with what the element may carry.
func (w *Writer) appendStyle(dst []byte, tag Tag, s style, marquee bool) []byte {
	at, can := len(dst), w.p.css[tag]
	dst = append(dst, ` style="`...)
	start := len(dst)
	if marquee {
		dst = append(dst, "display:-wap-marquee;"...)
	}
	if s.align != 0 && can&cssAlign != 0 {
		dst = append(append(append(dst, "text-align:"...), alignNames[s.align]...), ';')
	}
	if s.color.IsSet() && can&cssColor != 0 {
		dst = append(s.color.Append(append(dst, "color:"...)), ';')
	}
	if s.background.IsSet() && can&cssBackground != 0 {
		dst = append(s.background.Append(append(dst, "background-color:"...)), ';')
	}
	if s.size != 0 && can&cssSize != 0 {
		dst = append(append(append(dst, "font-size:"...), sizeNames[s.size]...), ';')
	}
	if len(dst) == start {
		return dst[:at]
	}
	return append(dst, '"')
}

// blockFormat turns the text colour of a block into a format, where colour is an element (CHTML).
func (w *Writer) blockFormat(i int32) {
	if w.tree.Nodes[i].NAttr > 0 && !w.p.XML && w.p.has[TagFont] {
		w.pushFont(i)
	}
}

// inlineStyle opens span or font for an inline element with style.
func (w *Writer) inlineStyle(i int32) {
	switch {
	case w.tree.Nodes[i].NAttr == 0 || w.p.HDML:
	case w.p.XML:
		at := len(w.tags)
		w.tags = append(w.tags, "<span"...)
		start := len(w.tags)
		if w.tags = w.appendStyle(w.tags, TagSpan, w.styleOf(i), false); len(w.tags) > start {
			w.tags = append(w.tags, '>')
			w.addFormat(i, TagSpan, at)
		} else {
			w.tags = w.tags[:at]
		}
	case w.p.has[TagFont]:
		w.pushFont(i)
	}
}

func (w *Writer) pushFont(i int32) {
	s := w.styleOf(i)
	at := len(w.tags)
	w.tags = append(w.tags, "<font"...)
	start := len(w.tags)
	if s.color.IsSet() && w.p.attrs[TagFont].has(AttrColor) {
		w.tags = append(s.color.Append(append(w.tags, ` color="`...)), '"')
	}
	if s.size != 0 && s.size != sizeMedium && w.p.attrs[TagFont].has(AttrSize) {
		w.tags = append(append(append(w.tags, ` size="`...), [...]string{sizeSmall: "2", sizeLarge: "4"}[s.size]...), '"')
	}
	if len(w.tags) == start {
		w.tags = w.tags[:at]
		return
	}
	w.tags = append(w.tags, '>')
	w.addFormat(i, TagFont, at)
}

// pushFormat adds an inline element without attributes.
func (w *Writer) pushFormat(i int32, tag Tag) {
	if tag == 0 {
		return
	}
	at := len(w.tags)
	w.tags = append(w.tags, startTags[tag]...)
	w.addFormat(i, tag, at)
}

// maxFormats bounds the inline elements open at once.
const maxFormats = 8

// addFormat adds the format whose start tag stands at the end of tags. What would make the open tags too long is not
// opened: every part repeats them.
func (w *Writer) addFormat(i int32, tag Tag, at int) {
	n := len(w.tags) - at
	for k := range w.fmts {
		n += int(w.fmts[k].n)
	}
	if len(w.fmts) >= maxFormats || n > w.chain/2 {
		w.tags = w.tags[:at]
		return
	}
	w.fmts = append(w.fmts, format{node: i, tag: tag, at: int32(at), n: int32(len(w.tags) - at)})
}

// classMarquee makes a moving line of a p with class marquee, where that is an element.
func (w *Writer) classMarquee(i int32) bool {
	if !w.hasClass(i, "marquee") || w.p.XML || !w.p.has[TagMarquee] {
		return false
	}
	w.line.tag = TagMarquee
	return true
}

// marquee begins a marquee element.
func (w *Writer) marquee(i int32) {
	switch {
	case w.p.css[TagDiv]&cssMarquee != 0 && w.top().kind <= boxBlock && w.pre == 0 && w.roomFor(40):
		at := len(w.tags)
		w.tags = append(w.tags, `<div style="display:-wap-marquee;">`...)
		w.pushTag(i, TagDiv, boxFlow, at)
	case w.p.has[TagMarquee]:
		w.line.tag = TagMarquee
	}
}

// hasClass says whether the element has the class.
func (w *Writer) hasClass(i int32, class string) bool {
	v := w.tree.Value(i, AttrClass)
	for len(v) > 0 {
		var one []byte
		one, v = cutByte(v, ' ')
		if foldEqual(one, class) {
			return true
		}
	}
	return false
}

// bodyColors takes the colours of the page.
func (w *Writer) bodyColors(i int32) {
	if w.tree.Nodes[i].NAttr == 0 {
		return
	}
	s := w.styleOf(i)
	if v := w.tree.Value(i, AttrText); v != nil {
		s.color = parseColor(v)
	}
	w.Background, w.Color = s.background, s.color
}

// AppendBodyAttrs writes the attributes of body.
func (w *Writer) AppendBodyAttrs(dst []byte) []byte {
	if w.p.XML {
		return w.appendStyle(dst, TagBody, style{color: w.Color, background: w.Background}, false)
	}
	if w.Background.IsSet() && w.p.attrs[TagBody].has(AttrBgcolor) {
		dst = append(w.Background.Append(append(dst, ` bgcolor="`...)), '"')
	}
	if w.Color.IsSet() && w.p.attrs[TagBody].has(AttrText) {
		dst = append(w.Color.Append(append(dst, ` text="`...)), '"')
	}
	return dst
}
