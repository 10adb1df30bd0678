package pagetest

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"musubi/transcode/own"
	"musubi/transcode/page"
)

// hdmlAttrs are the elements of HDML 3.0 that we write and their attributes [hdml-ref].
var hdmlAttrs = map[string]string{
	"HDML": "VERSION TTL PUBLIC", "DISPLAY": "NAME TITLE", "ENTRY": "NAME KEY FORMAT EMPTYOK NOECHO DEFAULT",
	"CHOICE": "NAME KEY IDEFAULT METHOD", "CE": "VALUE", "ACTION": "TYPE TASK DEST", "A": "TASK DEST METHOD POSTDATA NUMBER ACCESSKEY",
	"IMG": "SRC ALT", "BR": "",
}

var (
	hdmlTag      = regexp.MustCompile(`<(/?)([A-Z]+)((?: [A-Z]+(?:=(?:"[^"]*"|[A-Za-z0-9.#*]+))?)*)>`)
	hdmlAttr     = regexp.MustCompile(` ([A-Z]+)(?:=(?:"([^"]*)"|([A-Za-z0-9.#*]+)))?`)
	hdmlVariable = regexp.MustCompile(`\$v[0-9]+`)
)

// hdml checks a deck: cards side by side, links in cards, every "$" either an escape or a variable in what is sent, and
// every card that is named there.
func hdml(decoded []byte, o page.Options) (seen, wrong string) {
	s := string(decoded)
	var text strings.Builder
	var open []string
	var held string // what a field holds
	names, wanted := map[string]bool{}, map[string]bool{}
	at := 0
	for _, m := range hdmlTag.FindAllStringSubmatchIndex(s, -1) {
		if wrong := hdmlText(&text, s[at:m[0]]); wrong != "" {
			return "", wrong
		}
		at = m[1]
		end, name, attrs := s[m[2]:m[3]] == "/", s[m[4]:m[5]], s[m[6]:m[7]]
		allowed, ok := hdmlAttrs[name]
		switch {
		case !ok:
			return "", "element " + name + " is not in HDML"
		case end:
			if len(open) == 0 || open[len(open)-1] != name {
				return "", fmt.Sprintf("</%s> closes nothing; open: %v", name, open)
			}
			open = open[:len(open)-1]
			text.WriteString(held)
			held = ""
			continue
		}
		for _, a := range hdmlAttr.FindAllStringSubmatch(attrs, -1) {
			if !strings.Contains(" "+allowed+" ", " "+a[1]+" ") {
				return "", fmt.Sprintf("attribute %s of %s is not in HDML", a[1], name)
			}
			value := html.UnescapeString(strings.ReplaceAll(a[2]+a[3], "&dol;", "$"))
			rest := a[2]
			if a[1] == "POSTDATA" || a[1] == "DEST" {
				rest = hdmlVariable.ReplaceAllString(rest, "")
			}
			if strings.Contains(strings.ReplaceAll(rest, "&dol;", ""), "$") {
				return "", "a bare $ in " + a[0]
			}
			switch a[1] {
			case "NAME":
				if names[value] {
					return "", "two cards named " + value
				}
				names[value] = true
			case "DEST", "SRC":
				if strings.HasPrefix(value, "#") {
					wanted[value[1:]] = true
				} else if wrong := link("href", value, name, o); wrong != "" && !strings.Contains(attrs, "POSTDATA") {
					return "", wrong
				}
			case "POSTDATA":
				if o.Session != "" && !strings.Contains(attrs, own.Session+"=") {
					return "", "a form without the session: " + attrs
				}
			case "ALT", "TITLE":
				text.WriteString(value)
			case "DEFAULT": // the display shows it in the field, below the label
				held = value
			}
		}
		switch name {
		case "HDML", "DISPLAY", "ENTRY", "CHOICE", "A":
			if (name == "DISPLAY" || name == "ENTRY" || name == "CHOICE") && len(open) != 1 {
				return "", fmt.Sprintf("%s inside %v", name, open)
			}
			open = append(open, name)
		}
	}
	if wrong := hdmlText(&text, s[at:]); wrong != "" {
		return "", wrong
	}
	if len(open) > 0 {
		return "", fmt.Sprintf("never closed: %v", open)
	}
	for name := range wanted {
		if !names[name] {
			return "", "no card is named " + name
		}
	}
	return text.String(), ""
}

func hdmlText(out *strings.Builder, s string) string {
	if strings.ContainsAny(s, "<>$") {
		return fmt.Sprintf("bare markup in text: %.60q", s)
	}
	out.WriteString(html.UnescapeString(strings.ReplaceAll(s, "&dol;", "$")))
	return ""
}
