package markup

import (
	"bytes"

	"golang.org/x/net/html"
)

// flatDepth is how deep a page may nest before it goes to the HTML standard's parser, which refuses 512 open elements
// (SEC-47).
const flatDepth = 200

// Standard returns the page as the HTML standard's tree says it is, stray content of tables moved in front of them. A page
// that the standard's parser refuses comes back as it is.
func Standard(src []byte) []byte {
	doc, err := parseHTML(src)
	if err != nil {
		return src
	}
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		return src
	}
	return b.Bytes()
}

// parseHTML parses as a browser without scripts: noscript is markup.
func parseHTML(src []byte) (*html.Node, error) {
	return html.ParseWithOptions(bytes.NewReader(src), html.ParseOptionEnableScripting(false))
}

// AppendHTML writes the tree as HTML: elements we know with their attributes as they stood in the source, at most
// flatDepth deep; text as it stood.
func (t *Tree) AppendHTML(dst []byte) []byte {
	var open []int32
	for i := int32(0); ; i++ {
		for len(open) > 0 && i >= t.Nodes[open[len(open)-1]].End {
			dst = appendEndTag(dst, t.Nodes[open[len(open)-1]].Tag)
			open = open[:len(open)-1]
		}
		if i >= int32(len(t.Nodes)) {
			return dst
		}
		n := &t.Nodes[i]
		if n.Tag == Text {
			dst = t.appendText(dst, i)
			continue
		}
		if len(open) >= flatDepth && traits[n.Tag]&(void|rawText) == 0 {
			continue
		}
		dst = append(append(dst, '<'), tagNames[n.Tag]...)
		for a := n.Start; a < n.Start+int32(n.NAttr); a++ {
			dst = t.appendAttr(dst, &t.Attrs[a])
		}
		dst = append(dst, '>')
		if traits[n.Tag]&void == 0 {
			open = append(open, i)
		}
	}
}

func appendEndTag(dst []byte, tag Tag) []byte {
	return append(append(append(dst, "</"...), tagNames[tag]...), '>')
}

// appendText copies text as it stood, minding the text of raw elements, which must not be escaped, and stray "<".
func (t *Tree) appendText(dst []byte, i int32) []byte {
	n := &t.Nodes[i]
	s := t.Src[n.Start:n.Stop]
	if i > 0 && traits[t.Nodes[i-1].Tag]&rawText != 0 && t.Nodes[i-1].End == i+1 {
		return append(dst, s...)
	}
	for _, c := range s {
		if c == '<' {
			dst = append(dst, "&lt;"...)
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

func (t *Tree) appendAttr(dst []byte, a *Attribute) []byte {
	dst = append(append(append(dst, ' '), attrNames[a.ID]...), `="`...)
	for _, c := range t.Src[a.Start:a.Stop] {
		if c == '"' {
			dst = append(dst, "&quot;"...)
		} else {
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
