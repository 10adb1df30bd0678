package phone

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// A deck of WML has fields that leave their answers in variables, and an anchor whose go sends what its postfields say
// [WAP-191-WML]. Each such anchor is one Form with one Button. Variables outlive the deck unless a card forgets them.

// startWML reads a start tag of a deck. It says false for what is the same in HTML.
func (r *reader) startWML(t html.Token) bool {
	switch t.Data {
	case "card":
		if title := dollars(attr(t, "title")); title != "" {
			r.page.Title = title
		}
		if attr(t, "newcontext") == "true" {
			clear(r.vars)
		}
	case "input":
		if _, known := r.vars[attr(t, "name")]; !known { // a variable that is set beats the field's own value
			r.vars[attr(t, "name")] = dollars(attr(t, "value"))
		}
		r.out.WriteString(" ____ ")
	case "select":
		r.card = &card{key: attr(t, "name"), chosen: 1, choices: []string{}}
		if n, err := strconv.Atoi(attr(t, "ivalue")); err == nil {
			r.card.chosen = n
		}
	case "option":
		if c := r.card; c != nil {
			if c.choices = append(c.choices, dollars(attr(t, "value"))); len(c.choices) == c.chosen {
				c.value = dollars(attr(t, "value"))
			}
			r.out.WriteString("\n- ")
		}
	case "anchor":
		r.sendAt, r.send = r.out.Len(), &Form{}
	case "go":
		if r.send != nil {
			r.send.Action, r.send.Method = attr(t, "href"), strings.ToUpper(attr(t, "method"))
		}
	case "postfield":
		if r.send != nil {
			field := Field{Name: dollars(attr(t, "name")), Value: dollars(attr(t, "value"))}
			if v := variable.FindStringSubmatch(attr(t, "value")); v != nil && strings.HasPrefix(attr(t, "value"), "$(") {
				field.Value, field.Choices = r.vars[v[1]], r.choices[v[1]]
			}
			r.send.Fields = append(r.send.Fields, field)
		}
	default:
		return false
	}
	return true
}

// endWML reads an end tag of a deck, and says false for what is the same in HTML.
func (r *reader) endWML(name string) bool {
	switch name {
	case "select":
		if c := r.card; c != nil {
			if _, known := r.vars[c.key]; known {
				c.value = r.vars[c.key]
			}
		}
		r.endCard()
	case "anchor":
		r.endSend()
	default:
		return false
	}
	return true
}

// dollars undoes what a "$" needs in WML.
func dollars(s string) string { return strings.ReplaceAll(s, "$$", "$") }
