package markup

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Rules are an operator's rules for pages that were not written for us.
type Rules struct{ rules []rule }

// A rule is one line of the file.
type rule struct {
	path   string // the rule is for pages whose path begins so
	action string
	match  goquery.Matcher
}

// ParseRules reads a rules file: UTF-8, one rule per line, "#" begins a comment line. The first column is the beginning of
// a path, the second what to do, the rest of the line a CSS selector:
//
//	/news  remove  .advert, #sidebar
//
// remove takes elements away with everything in them, unwrap only their tags; keep makes the page of these elements, in
// order; title makes the text of the first the page's title. Rules are carried out in order.
func ParseRules(r io.Reader) (*Rules, error) {
	var out Rules
	in := bufio.NewScanner(r)
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		path, rest, _ := strings.Cut(line, " ")
		action, selector, _ := strings.Cut(strings.TrimSpace(rest), " ")
		switch action {
		case "remove", "unwrap", "keep", "title":
		default:
			return nil, fmt.Errorf("rules line %d: action %q; remove, unwrap, keep or title is expected", n, action)
		}
		if !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("rules line %d: %q is no path; one that begins with / is expected", n, path)
		}
		match, err := cascadia.Compile(strings.TrimSpace(selector))
		if err != nil {
			return nil, fmt.Errorf("rules line %d: selector %q: %w", n, selector, err)
		}
		out.rules = append(out.rules, rule{path, action, match})
	}
	return &out, in.Err()
}

// Apply carries out the rules for a page at that URL and returns the page, src itself if no rule is for it.
func (r *Rules) Apply(src []byte, pageURL string) []byte {
	path := "/"
	if u, err := url.Parse(pageURL); err == nil && u.Path != "" {
		path = u.Path
	}
	var doc *goquery.Document
	for _, rule := range r.rules {
		if !strings.HasPrefix(path, rule.path) {
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
	case "remove":
		found.Remove()
	case "unwrap":
		found.Each(func(_ int, s *goquery.Selection) { s.ReplaceWithSelection(s.Contents()) })
	case "keep":
		if found.Length() > 0 {
			kept, body := outermost(found), doc.Find("body")
			body.Empty()
			body.AppendSelection(kept)
		}
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
