package pagetest

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"

	"musubi/carriers"
	"musubi/transcode/page"
)

// wmlAttrs are the elements of WML 1.1 that we write and their attributes [WAP-191-WML].
var wmlAttrs = map[string]string{
	"wml": "", "card": "id title newcontext", "p": "", "br": "", "a": "href", "img": "src alt", "anchor": "", "go": "href method",
	"postfield": "name value", "input": "name title type format emptyok value", "select": "name title ivalue", "option": "value",
}

// wmlIn is what stands where.
var wmlIn = map[string]string{"wml": "", "card": "wml", "p": "card", "br": "p", "a": "p", "img": "p a anchor", "anchor": "p", "go": "anchor", "postfield": "go", "input": "p", "select": "p", "option": "select"}

var wmlDollar = regexp.MustCompile(`\$(?:\$|\(v[0-9]+\))?`)

// wml checks a deck of WML and returns the text a reader sees: elements and attributes of the language where they may stand, each
// "$" doubled or a variable in what is sent, each variable a field's own.
func wml(h *carriers.Handset, decoded []byte, o page.Options) (seen, wrong string) {
	d := xml.NewDecoder(strings.NewReader(string(decoded)))
	var text strings.Builder
	var open []string
	vars := map[string]bool{}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return text.String(), ""
		}
		if err != nil {
			return "", "not well-formed: " + err.Error()
		}
		switch tok := tok.(type) {
		case xml.CharData:
			s, bad := wmlText(string(tok), false)
			if bad != "" {
				return "", bad
			}
			if strings.TrimSpace(s) != "" && (len(open) == 0 || strings.Contains(" wml card select go ", " "+open[len(open)-1]+" ")) {
				return "", fmt.Sprintf("text in %v: %q", open, s)
			}
			text.WriteString(s)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.StartElement:
			name, parent := tok.Name.Local, ""
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			allowed, ok := wmlAttrs[name]
			if name == "a" && h.Dialect.Minor >= 2 {
				allowed += " accesskey"
			}
			if !ok || !strings.Contains(" "+wmlIn[name]+" ", " "+parent+" ") && wmlIn[name] != parent {
				return "", fmt.Sprintf("element %s in %s is not in WML", name, parent)
			}
			open = append(open, name)
			for _, a := range tok.Attr {
				if !strings.Contains(" "+allowed+" ", " "+a.Name.Local+" ") {
					return "", fmt.Sprintf("attribute %s of %s is not in WML", a.Name.Local, name)
				}
				s, bad := wmlText(a.Value, name == "postfield")
				if bad != "" {
					return "", bad
				}
				switch {
				case a.Name.Local == "name" && name != "postfield":
					if vars[s] {
						return "", "two fields with the variable " + s
					}
					vars[s] = true
				case name == "card" && a.Name.Local == "title", name == "img" && a.Name.Local == "alt", name == "input" && a.Name.Local == "value":
					text.WriteString(s)
				case a.Name.Local == "href" || a.Name.Local == "src":
					if bad := link(a.Name.Local, s, name, o); bad != "" && name != "go" && !strings.HasPrefix(s, "wtai:") {
						return "", bad
					}
				}
			}
		}
	}
}

// wmlText undoes what "$" needs.
func wmlText(s string, sent bool) (text, wrong string) {
	for _, d := range wmlDollar.FindAllString(s, -1) {
		if d != "$$" && !(sent && len(d) > 1) {
			return "", fmt.Sprintf("a bare %s in %q", d, s)
		}
	}
	return strings.ReplaceAll(s, "$$", "$"), ""
}
