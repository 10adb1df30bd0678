package markup

import (
	"bytes"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Apply carries out the rules for a page at that URL and returns the page, src itself if no rule is for it.
func (r *Rules) Apply(src []byte, pageURL string) []byte {
	host, path := addressOf(pageURL)
	var doc *goquery.Document
	for _, rule := range r.rules {
		if rule.set != nil || !rule.holds(host, path) {
			continue
		}
		if doc == nil {
			root, err := parseHTML(src)
			if err != nil { // nested too deep: once more, flattened
				var t Tree
				t.Parse(src)
				if root, err = parseHTML(t.AppendHTML(nil)); err != nil {
					return src
				}
			}
			doc = goquery.NewDocumentFromNode(root)
		}
		rule.apply(doc)
	}
	if doc == nil {
		return src
	}
	var b bytes.Buffer
	if err := html.Render(&b, doc.Nodes[0]); err != nil {
		return src
	}
	return b.Bytes()
}

func (r *rule) apply(doc *goquery.Document) {
	found := doc.FindMatcher(r.match)
	switch r.action {
	case "remove", "drop":
		found.Remove()
	case "unwrap":
		found.Each(func(_ int, s *goquery.Selection) { s.ReplaceWithSelection(s.Contents()) })
	case "keep":
		if found.Length() > 0 {
			kept, body := outermost(found), doc.Find("body")
			body.Empty()
			body.AppendSelection(kept)
		}
	case "main":
		if found.Length() > 0 {
			doc.Find("[role=main]").RemoveAttr("role")
			found.First().SetAttr("role", "main")
		}
	case "words":
		found.Each(func(_ int, s *goquery.Selection) { s.PrependNodes(&html.Node{Type: html.TextNode, Data: r.words}) })
	case "title":
		if found.Length() > 0 {
			title := strings.TrimSpace(found.First().Text())
			doc.Find("title").Remove()
			n := &html.Node{Type: html.ElementNode, Data: "title", DataAtom: atom.Title}
			n.AppendChild(&html.Node{Type: html.TextNode, Data: title})
			doc.Find("head").AppendNodes(n)
		}
	}
}

// outermost leaves out what is inside another element of the selection.
func outermost(s *goquery.Selection) *goquery.Selection {
	return s.FilterFunction(func(_ int, one *goquery.Selection) bool {
		return one.Parents().FilterNodes(s.Nodes...).Length() == 0
	})
}
