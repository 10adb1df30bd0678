package phone

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// A deck of HDML has cards instead of forms [hdml-ref]: an ENTRY or CHOICE leaves its answer in a variable, and a link
// sends what its DEST or POSTDATA says, variables filled in. Each such link is one Form with one Button. Variables outlive
// the deck, so a form may be spread over several.

// A card is an ENTRY or CHOICE that is being read.
type card struct {
	key     string // its variable
	value   string
	chosen  int // CHOICE: the number of the line that is chosen at first
	choices []string
}

var variable = regexp.MustCompile(`\$\(?([A-Za-z_][A-Za-z0-9_]*)\)?`)

// startCard opens a card with a field, or reads a line of a CHOICE.
func (r *reader) startCard(t html.Token) {
	switch t.Data {
	case "display":
		if title := attr(t, "title"); title != "" {
			r.page.Title = title
		}
		r.out.WriteByte('\n')
	case "entry", "choice":
		r.card = &card{key: attr(t, "key"), value: attr(t, "default"), chosen: 1}
		if n, err := strconv.Atoi(attr(t, "idefault")); err == nil {
			r.card.chosen = n
		}
		r.out.WriteByte('\n')
	case "ce":
		if r.card != nil {
			if r.card.choices = append(r.card.choices, attr(t, "value")); len(r.card.choices) == r.card.chosen {
				r.card.value = attr(t, "value")
			}
			r.out.WriteString("\n- ")
		}
	}
}

// endCard leaves the card's answer in its variable.
func (r *reader) endCard() {
	c := r.card
	if c == nil {
		return
	}
	r.card = nil
	if c.choices == nil {
		r.out.WriteString(" ____ ")
	}
	r.vars[c.key] = c.value
	if r.choices == nil {
		r.choices = map[string][]string{}
	}
	r.choices[c.key] = c.choices
}

// sends says whether a link's token sends variables: a form of HDML.
func sends(t html.Token) bool {
	return attr(t, "postdata") != "" || variable.MatchString(attr(t, "dest"))
}

// startSend opens the link that sends a form.
func (r *reader) startSend(t html.Token) {
	f := &Form{Action: attr(t, "dest"), Method: "POST"}
	data := attr(t, "postdata")
	if !strings.EqualFold(attr(t, "method"), "post") {
		f.Method = "GET"
		f.Action, data, _ = strings.Cut(f.Action, "?")
	}
	for pair := range strings.SplitSeq(data, "&") {
		name, value, _ := strings.Cut(pair, "=")
		field := Field{Name: r.unescape(name), Value: r.unescape(value)}
		if v := variable.FindStringSubmatch(value); v != nil {
			field.Value, field.Choices = r.vars[v[1]], r.choices[v[1]]
		}
		f.Fields = append(f.Fields, field)
	}
	r.send = f
}

// endSend closes it; its words are the button.
func (r *reader) endSend() {
	if r.send == nil {
		return
	}
	label := strings.Trim(strings.TrimSpace(r.out.String()[r.sendAt:]), "[]")
	r.send.Buttons = []Button{{Value: label}}
	r.page.Forms = append(r.page.Forms, *r.send)
	r.send = nil
}

// unescape reads one side of a pair: the handset's bytes, percent-encoded.
func (r *reader) unescape(s string) string {
	b, err := url.QueryUnescape(strings.ReplaceAll(s, "$$", "$"))
	if err != nil {
		return s
	}
	return string(r.codec.AppendDecode(nil, []byte(b)))
}
