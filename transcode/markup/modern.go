package markup

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What only today's browsers draw stands in the page as something that any screen shows: a page within a page (srcdoc) as a part of it, what
// a shadow tree's slots show in its place, formulas as one line of text.

// Modern returns the page with what only today's browsers draw written for every screen. A page without such things comes back as it is.
func Modern(src []byte) []byte {
	if !modernMark.Match(src) {
		return src
	}
	doc, err := parseHTML(src)
	if err != nil {
		return src
	}
	flatten(doc, 0)
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		return src
	}
	return b.Bytes()
}

// modernMark begins what Modern changes.
var modernMark = regexp.MustCompile(`(?i)srcdoc|<math|<slot|<object|<embed`)

// maxInside is how deep pages are read that stand in pages.
const maxInside = 3

// flatten changes the elements below n; inside counts the pages around it.
func flatten(n *html.Node, inside int) {
	var next *html.Node
	for c := n.FirstChild; c != nil; c = next {
		next = c.NextSibling
		if c.Type != html.ElementNode {
			continue
		}
		switch {
		case c.Data == "iframe" && attrOf(c, "srcdoc") != "":
			if within, err := parseHTML([]byte(attrOf(c, "srcdoc"))); err == nil && inside < maxInside {
				c.Data, c.DataAtom, c.Attr, c.FirstChild, c.LastChild = "section", atom.Section, nil, nil, nil
				adopt(c, bodyOf(within))
				flatten(c, inside+1)
			}
			continue
		case c.Data == "object" && isPicture(c, attrOf(c, "data")), c.Data == "embed" && isPicture(c, attrOf(c, "src")):
			asImage(c)
			continue
		case c.Data == "math":
			line := formula(c)
			c.Data, c.DataAtom, c.Namespace, c.Attr, c.FirstChild, c.LastChild = "span", atom.Span, "", nil, nil, nil
			c.AppendChild(&html.Node{Type: html.TextNode, Data: line})
			continue
		case c.Data == "template" && (attrOf(c, "shadowrootmode") == "open" || attrOf(c, "shadowrootmode") == "closed"):
			fillSlots(c, n)
			next = nil
		}
		flatten(c, inside)
	}
}

// pictureName ends the address of a picture.
var pictureName = regexp.MustCompile(`(?i)\.(png|jpe?g|gif|webp|avif|bmp|svg|tiff?|ico)([?#]|$)`)

// isPicture says whether what an object or embed loads is a picture.
func isPicture(n *html.Node, address string) bool {
	kind := attrOf(n, "type")
	return address != "" && (strings.HasPrefix(strings.ToLower(kind), "image/") || kind == "" && pictureName.MatchString(address))
}

// asImage makes an img of such an element; what stands in an object is what it says where it is not shown.
func asImage(n *html.Node) {
	var alt strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			alt.WriteString(d.Data)
		}
	}
	img := []html.Attribute{{Key: "src", Val: attrOf(n, "data") + attrOf(n, "src")}}
	if words := strings.Join(strings.Fields(alt.String()+attrOf(n, "alt")), " "); words != "" {
		img = append(img, html.Attribute{Key: "alt", Val: words})
	}
	for _, a := range n.Attr {
		if a.Key == "width" || a.Key == "height" {
			img = append(img, a)
		}
	}
	n.Data, n.DataAtom, n.Attr, n.FirstChild, n.LastChild = "img", atom.Img, img, nil, nil
}

// fillSlots makes of a shadow tree what a browser shows of its host: in each slot what the host has for it, else what stands in it.
func fillSlots(tree, host *html.Node) {
	light := map[string][]*html.Node{}
	for c := host.FirstChild; c != nil; {
		this := c
		c = c.NextSibling
		if this != tree {
			host.RemoveChild(this)
			if this.Type == html.ElementNode || strings.TrimSpace(this.Data) != "" {
				light[attrOf(this, "slot")] = append(light[attrOf(this, "slot")], this)
			}
		}
	}
	for n := range tree.Descendants() {
		if n.Data != "slot" || n.Type != html.ElementNode {
			continue
		}
		mine := light[attrOf(n, "name")]
		delete(light, attrOf(n, "name"))
		if len(mine) > 0 {
			n.FirstChild, n.LastChild = nil, nil
			for _, m := range mine {
				n.AppendChild(m)
			}
		}
	}
	tree.Data, tree.DataAtom, tree.Attr = "section", atom.Section, nil
}

// adopt moves what stands in one element into another.
func adopt(to, from *html.Node) {
	for from != nil && from.FirstChild != nil {
		c := from.FirstChild
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}

func bodyOf(doc *html.Node) *html.Node {
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Body {
			return n
		}
	}
	return nil
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// formula is MathML as one line: 1/2, y^2, a_n, √(x+1).
func formula(n *html.Node) string {
	if n.Type == html.TextNode {
		return strings.Join(strings.Fields(n.Data), " ")
	}
	var parts []string
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "annotation" || c.Data == "annotation-xml" || c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
			continue
		}
		parts = append(parts, formula(c))
	}
	of := func(i int) string { return group(parts, i) }
	switch all := strings.Join(parts, ""); n.Data {
	case "mfrac":
		return of(0) + "/" + of(1)
	case "msup", "mover":
		return of(0) + "^" + of(1)
	case "msub", "munder":
		return of(0) + "_" + of(1)
	case "msubsup", "munderover":
		return of(0) + "_" + of(1) + "^" + of(2)
	case "msqrt":
		return "√" + group([]string{all}, 0)
	case "mroot":
		return of(0) + "^(1/" + of(1) + ")"
	case "mfenced":
		return "(" + strings.Join(parts, ", ") + ")"
	case "mtr", "mlabeledtr":
		return strings.Join(parts, " ") + "; "
	default:
		return all
	}
}

// group is part i, in brackets if it is more than one sign or number.
func group(parts []string, i int) string {
	if i >= len(parts) {
		return ""
	}
	if s := parts[i]; len([]rune(s)) > 1 && strings.Trim(s, "0123456789.") != "" {
		return "(" + s + ")"
	}
	return parts[i]
}
