package pagetest

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/text"
)

// inOrder checks that the text of src, as the handset's charset can carry it, is in seen, in its order. White space and
// geta do not count.
func inOrder(h *carriers.Handset, src []byte, seen string) string {
	var texts []string
	gatherAll(src, &texts)
	wrong := followed(h, texts, seen)
	if wrong != "" && bytes.Contains(bytes.ToLower(src), []byte("<table")) {
		// The standard moves stray text in front of a table; with a form in the table we leave it where it is.
		if followed(h, tokenTexts(src), seen) == "" {
			return ""
		}
	}
	return wrong
}

// gatherAll collects the texts of a page.
func gatherAll(src []byte, out *[]string) {
	doc, err := html.ParseWithOptions(bytes.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil { // deeper than x/net/html reads: its tokens, flat
		*out = append(*out, tokenTexts(src)...)
		return
	}
	gather(doc, out)
}

func followed(h *carriers.Handset, texts []string, seen string) string {
	codec := text.ForHandset(h)
	have := []rune(squeeze(seen))
	at := 0
	for _, t := range texts {
		encoded, _ := codec.AppendString(nil, t, 0)
		want := []rune(squeeze(string(codec.AppendDecode(nil, encoded))))
		for i, r := range want {
			for at < len(have) && have[at] != r {
				at++
			}
			if at == len(have) {
				return fmt.Sprintf("text lost: %q of %q", string(want[i:min(i+20, len(want))]), string(want[:min(60, len(want))]))
			}
			at++
		}
	}
	return ""
}

// squeeze drops what does not count: white space and geta.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '〓' || r == 0xFFFD || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// gather collects the text nodes a reader could see.
func gather(n *html.Node, out *[]string) {
	switch n.Type {
	case html.TextNode:
		*out = append(*out, n.Data)
		return
	case html.ElementNode:
		switch n.Data {
		case "script", "style", "template":
			return
		}
		if hidden(n) {
			return
		}
		if n.Data == "iframe" || n.Data == "noframes" || n.Data == "noembed" { // raw text there, markup here
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.TextNode {
					gatherAll([]byte(c.Data), out)
				}
			}
			return
		}
		if n.Data == "img" {
			*out = append(*out, attribute(n, "alt"))
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		gather(c, out)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden", "data-pc", "data-fold":
			return true
		case "style":
			if strings.Contains(strings.ReplaceAll(strings.ToLower(a.Val), " ", ""), "display:none") {
				return true
			}
		}
	}
	return false
}

// tokenTexts are the texts of a page read as tokens only.
func tokenTexts(src []byte) (texts []string) {
	z := html.NewTokenizer(bytes.NewReader(src))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return texts
		case html.StartTagToken:
			name, _ := z.TagName()
			if s := string(name); s == "script" || s == "style" {
				skip = s
			}
		case html.EndTagToken:
			skip = ""
		case html.TextToken:
			if skip == "" {
				texts = append(texts, string(z.Text()))
			}
		}
	}
}

// Readable checks that the paragraphs and headings of src stand in what a text browser shows, in order. It wraps words and
// draws fields its own way, so other text is not looked for.
func Readable(h *carriers.Handset, src []byte, shown string) string {
	doc, err := html.ParseWithOptions(bytes.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil {
		return err.Error()
	}
	var texts []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (hidden(n) || n.Data == "form" || n.Data == "table") {
			return
		}
		if n.Type == html.ElementNode && (n.Data == "p" || n.Data == "h1" || n.Data == "h2") {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.TextNode {
					texts = append(texts, c.Data)
				}
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return followed(h, texts, shown)
}
