package web

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/journal"
)

// What docs/canonical-markup.md lets a page hold.
var (
	canonicalElements = fields(`code pre html head meta title link body header main nav section article aside footer h1 h2 h3 h4 p ul ol li dl dt dd
		table thead tbody tr th td figure figcaption img blockquote details summary time ruby rb rt rp hr br strong em small del ins b i u span div
		meter script form label input textarea select option optgroup button fieldset legend a`)
	canonicalAttributes = fields(`id class lang href src alt width height rel type charset name content value method action enctype accesskey
		min max defer inputmode pattern maxlength autocomplete autofocus required checked selected multiple rows cols for accept datetime style title
		colspan rowspan scope srcset sizes download tabindex data-pc data-handset data-fold data-cut data-keep data-box data-utn data-words data-bar
		data-who data-left data-back data-most data-says data-label data-emoji data-tools data-waiting data-lost data-again data-large data-progress data-cancel
		data-cancelled data-checking
		aria-label aria-current aria-hidden aria-invalid aria-describedby label role`)
	canonicalStyles = fields(`color background-color text-align font-size`)
)

func fields(s string) map[string]bool {
	set := map[string]bool{}
	for _, f := range strings.Fields(s) {
		set[f] = true
	}
	return set
}

// Every page that can be had with GET keeps to the canonical markup: its elements, attributes and styles, an alt and a size
// on pictures, a label on fields, POST on what changes something, no access key twice, no id twice.
func TestCanonicalMarkup(t *testing.T) {
	w := newWorld(t)
	m, friend := w.member("花子"), w.member("太郎")
	w.friends(m, friend)
	p, err := w.core.AddPhoto(t.Context(), friend.ID, drawing(1), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	d := w.diary(friend, "題", core.Everyone, p.ID)
	if _, err := w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: m.ID}, journal.DiaryThread(friend.ID, d.ID), "返事", time.Time{}); err != nil {
		t.Fatal(err)
	}
	b := w.as(m)
	w.invites(b, "hanako@example.jp")
	pages := map[string]string{
		"login": w.browser().get("/").body, "register": w.browser().get(w.linkTo("hanako@example.jp")).body,
		"diary": b.get(diaryPath(d.Owner, d.ID)).body, "friend": b.get(memberPath(friend.ID)).body,
	}
	for _, r := range routes.all {
		if r.method != get || strings.HasSuffix(r.path, "/") || strings.Contains(r.path, ".") || r.is(program) {
			continue
		}
		pages[r.path] = b.get(r.path).body
		pages[r.path+" of the friend"] = b.get(r.path + "?id=" + friend.ID.String() + "&owner=" + friend.ID.String()).body
	}
	for name, page := range pages {
		if page == "" { // sent elsewhere
			continue
		}
		if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"ja\">") {
			t.Errorf("%s begins with %.60q", name, page)
		}
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		c := canonCheck{t: t, page: name, seen: map[string]bool{}, labelled: map[string]bool{}}
		c.labels(doc)
		c.node(doc)
	}
}

// canonCheck walks one page.
type canonCheck struct {
	t        *testing.T
	page     string
	seen     map[string]bool // ids and access keys
	labelled map[string]bool // ids that a label names
}

func (c *canonCheck) labels(n *html.Node) {
	if n.Data == "label" {
		c.labelled[attribute(n, "for")] = true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.labels(child)
	}
}

func (c *canonCheck) node(n *html.Node) {
	if n.Type == html.ElementNode {
		c.element(n)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.node(child)
	}
}

func (c *canonCheck) element(n *html.Node) {
	if !canonicalElements[n.Data] {
		c.t.Errorf("%s has <%s>", c.page, n.Data)
	}
	for _, a := range n.Attr {
		if !canonicalAttributes[a.Key] {
			c.t.Errorf("%s has <%s %s>", c.page, n.Data, a.Key)
		}
		switch a.Key {
		case "id", "accesskey":
			if c.seen[a.Key+a.Val] {
				c.t.Errorf("%s has %s=%q twice", c.page, a.Key, a.Val)
			}
			c.seen[a.Key+a.Val] = true
		case "style":
			for property := range strings.SplitSeq(a.Val, ";") {
				if name, _, _ := strings.Cut(property, ":"); name != "" && !canonicalStyles[name] {
					c.t.Errorf("%s has the style %q", c.page, property)
				}
			}
		}
	}
	switch n.Data {
	case "img":
		if !has(n, "alt") || attribute(n, "width") == "" || attribute(n, "height") == "" {
			c.t.Errorf("%s: <img src=%q> lacks alt, width or height", c.page, attribute(n, "src"))
		}
	case "input", "textarea", "select":
		c.field(n)
	case "form":
		if attribute(n, "method") == "" || attribute(n, "action") == "" {
			c.t.Errorf("%s has a form without method or action", c.page)
		}
	}
}

// field wants a label: around it, for its id, or in words.
func (c *canonCheck) field(n *html.Node) {
	if kind := attribute(n, "type"); kind == "hidden" || kind == "submit" || c.labelled[attribute(n, "id")] && has(n, "id") || has(n, "aria-label") {
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return
		}
	}
	c.t.Errorf("%s: field %q has no label", c.page, attribute(n, "name"))
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
