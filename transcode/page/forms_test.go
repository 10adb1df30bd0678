package page_test

import (
	"bytes"
	"fmt"
	stdhtml "html"
	"math/rand/v2"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// An oracle reads forms by the rules of the HTML standard (§4.10.21.4, constructing the entry list), from the tree of
// another parser than ours.
type oracle struct{ root *html.Node }

func readOracle(t *testing.T, src []byte) oracle {
	root, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	return oracle{root}
}

func (o oracle) all(want ...string) (found []*html.Node) {
	for n := range o.root.Descendants() {
		for _, w := range want {
			if n.Type == html.ElementNode && n.Data == w {
				found = append(found, n)
			}
		}
	}
	return found
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, name string) string { v, _ := attribute(n, name); return v }
func has(n *html.Node, name string) bool     { _, ok := attribute(n, name); return ok }

// owner is the form of a control.
func (o oracle) owner(c *html.Node) *html.Node {
	if id, ok := attribute(c, "form"); ok {
		for n := range o.root.Descendants() {
			if n.Type == html.ElementNode && has(n, "id") && value(n, "id") == id {
				if n.Data == "form" {
					return n
				}
				return nil
			}
		}
		return nil
	}
	for p := range c.Ancestors() {
		if p.Type == html.ElementNode && p.Data == "form" {
			return p
		}
	}
	return nil
}

func disabled(c *html.Node) bool {
	if has(c, "disabled") {
		return true
	}
	for child, p := c, c.Parent; p != nil; child, p = p, p.Parent {
		if p.Type != html.ElementNode || p.Data != "fieldset" || !has(p, "disabled") {
			continue
		}
		legend := p.FirstChild
		for legend != nil && !(legend.Type == html.ElementNode && legend.Data == "legend") {
			legend = legend.NextSibling
		}
		if legend == nil || child != legend {
			return true
		}
	}
	return false
}

// controls are those of a form that may send something, in tree order.
func (o oracle) controls(f *html.Node) (found []*html.Node) {
	for _, c := range o.all("input", "select", "textarea", "button") {
		if o.owner(c) == f {
			found = append(found, c)
		}
	}
	return found
}

// buttons are the submit buttons that can be pressed.
func (o oracle) buttons(f *html.Node) (found []*html.Node) {
	for _, c := range o.controls(f) {
		typ := strings.ToLower(value(c, "type"))
		if !disabled(c) && (c.Data == "button" && (typ == "" || typ == "submit") || c.Data == "input" && (typ == "submit" || typ == "image")) {
			found = append(found, c)
		}
	}
	return found
}

func textOf(n *html.Node) (s string) {
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s += d.Data
		}
	}
	return s
}

// entries are what a form sends when a button is pressed.
func (o oracle) entries(f, pressed *html.Node) (list form.Fields) {
	for _, c := range o.controls(f) {
		typ, name := strings.ToLower(value(c, "type")), value(c, "name")
		isButton := c.Data == "button" || c.Data == "input" && (typ == "submit" || typ == "image" || typ == "button" || typ == "reset")
		switch {
		case disabled(c) || isButton && c != pressed:
		case typ == "image":
			if name != "" {
				name += "."
			}
			list = append(list, form.Field{Name: name + "x", Value: "0"}, form.Field{Name: name + "y", Value: "0"})
		case name == "":
		case c.Data == "select":
			list = append(list, o.chosen(c, name)...)
		case c.Data == "textarea":
			list = append(list, form.Field{Name: name, Value: textOf(c)})
		case typ == "checkbox" || typ == "radio":
			if has(c, "checked") && !(typ == "radio" && o.laterChecked(f, c)) {
				v, ok := attribute(c, "value")
				if !ok {
					v = "on"
				}
				list = append(list, form.Field{Name: name, Value: v})
			}
		case typ == "submit" && c.Data == "input" && !has(c, "value"):
			list = append(list, form.Field{Name: name, Value: "送信"})
		default:
			list = append(list, form.Field{Name: name, Value: value(c, "value")})
		}
	}
	return list
}

// laterChecked says whether a radio button of the same group behind c is checked too: then c is not.
func (o oracle) laterChecked(f, c *html.Node) bool {
	behind := false
	for _, r := range o.controls(f) {
		if behind && r.Data == "input" && strings.EqualFold(value(r, "type"), "radio") && value(r, "name") == value(c, "name") && has(r, "checked") {
			return true
		}
		behind = behind || r == c
	}
	return false
}

func (o oracle) chosen(s *html.Node, name string) (list form.Fields) {
	var options, selected []*html.Node
	for n := range s.Descendants() {
		if n.Type == html.ElementNode && n.Data == "option" {
			options = append(options, n)
			if has(n, "selected") {
				selected = append(selected, n)
			}
		}
	}
	off := func(n *html.Node) bool {
		return has(n, "disabled") || n.Parent.Data == "optgroup" && has(n.Parent, "disabled")
	}
	if !has(s, "multiple") {
		if len(selected) > 1 {
			selected = selected[len(selected)-1:]
		}
		if len(selected) == 0 && (value(s, "size") == "" || value(s, "size") == "1") {
			for _, n := range options {
				if !off(n) {
					selected = []*html.Node{n}
					break
				}
			}
		}
	}
	for _, n := range selected {
		if off(n) {
			continue
		}
		v, ok := attribute(n, "value")
		if !ok {
			v = strings.Join(strings.Fields(textOf(n)), " ")
		}
		list = append(list, form.Field{Name: name, Value: v})
	}
	return list
}

// randomForm writes a form with everything that decides what it sends.
func randomForm(r *rand.Rand) string {
	var b strings.Builder
	word := func() string {
		words := []string{"", "a", "b", "名", "한국어", "✓", "a=b&c", "é", `q"'<>`, "_s", "_b.x", "_v.a", "ｶﾅ", "x;y", "☀", "1 2"}
		return stdhtml.EscapeString(words[r.IntN(len(words))])
	}
	maybe := func(n int, s string) string {
		if r.IntN(n) == 0 {
			return s
		}
		return ""
	}
	common := func() string {
		return fmt.Sprintf(` name="%s"`, word()) + maybe(12, " disabled") + maybe(10, ` form="f"`) + maybe(25, ` form="none"`)
	}
	control := func() {
		switch r.IntN(12) {
		case 10:
			name := word()
			for range 1 + r.IntN(3) {
				fmt.Fprintf(&b, `<input type=radio name="%s"%s%s%s>語`, name, maybe(2, ` value="`+word()+`"`), maybe(3, " checked"), maybe(9, " disabled"))
			}
		case 11:
			fmt.Fprintf(&b, `<input type=file%s>`, common())
		case 0:
			fmt.Fprintf(&b, `<input type=hidden%s value="%s">`, common(), word())
		case 1:
			fmt.Fprintf(&b, `<input type=checkbox%s%s%s>`, common(), maybe(2, ` value="`+word()+`"`), maybe(2, " checked"))
		case 2:
			fmt.Fprintf(&b, `<textarea%s>%s</textarea>`, common(), word())
		case 3:
			fmt.Fprintf(&b, `<button%s%s>押%s</button>`, common(), maybe(2, ` value="`+word()+`"`), word())
		case 4:
			fmt.Fprintf(&b, `<input type=submit%s value="送%s">`, common(), word())
		case 5:
			fmt.Fprintf(&b, `<input type=image src=/i alt=図%s>`, common())
		case 6, 7:
			fmt.Fprintf(&b, `<select%s%s%s>`, common(), maybe(3, " multiple"), maybe(5, " size=3"))
			for range 1 + r.IntN(4) {
				group := r.IntN(5) == 0
				if group {
					fmt.Fprintf(&b, `<optgroup label=組%s>`, maybe(3, " disabled"))
				}
				fmt.Fprintf(&b, `<option%s%s%s>選%s</option>`, maybe(2, ` value="`+word()+`"`), maybe(3, " selected"), maybe(5, " disabled"), word())
				if group {
					b.WriteString("</optgroup>")
				}
			}
			b.WriteString("</select>")
		default:
			fmt.Fprintf(&b, `<input%s%s value="%s">`, maybe(3, " type=password"), common(), word())
		}
	}
	controls := func(n int) {
		for range r.IntN(n) {
			b.WriteString("文")
			control()
		}
	}
	controls(3)
	b.WriteString(`<form id=f method=post action=/x>`)
	controls(5)
	fmt.Fprintf(&b, "<fieldset%s><legend>題", maybe(2, " disabled"))
	controls(2)
	b.WriteString("</legend>")
	controls(4)
	b.WriteString("</fieldset>")
	b.WriteString(maybe(3, `<div style="display:none"><input name=h value="✓"><select name=hs><option>一</select></div>`))
	controls(3)
	b.WriteString(`<input type=submit></form>`)
	controls(3)
	return b.String()
}

// A shownForm is a form as one handset has it: what each of its buttons sends, in canonical text.
type shownForm []form.Fields

// readShown reads the first form of a page as a browser reads it, that of a deck as its handset does.
func readShown(t *testing.T, h *carriers.Handset, page []byte) (shown shownForm) {
	if h.Dialect.Family == carriers.HDML {
		return readDeck(page)
	}
	o := readOracle(t, page)
	if forms := o.all("form"); len(forms) > 0 {
		for _, b := range o.buttons(forms[0]) {
			shown = append(shown, o.entries(forms[0], b))
		}
	}
	return shown
}

var deckVariable = regexp.MustCompile(`^\$(v\d+)$`)

// readDeck reads a deck of HDML: a card leaves its answer in a variable, and a link that sends has them filled in.
func readDeck(deck []byte) (shown shownForm) {
	vars, key, choice, chosen := map[string]string{}, "", 0, 0
	for z := html.NewTokenizer(bytes.NewReader(deck)); z.Next() != html.ErrorToken; {
		token := z.Token()
		n := &html.Node{Attr: token.Attr}
		if token.Type != html.StartTagToken {
			continue
		}
		switch token.Data {
		case "entry":
			vars[value(n, "key")] = value(n, "default")
		case "choice":
			key, choice = value(n, "key"), 0
			if chosen, _ = strconv.Atoi(value(n, "idefault")); chosen == 0 {
				chosen = 1
			}
		case "ce":
			if choice++; choice == chosen {
				vars[key] = value(n, "value")
			}
		case "a":
			if data := value(n, "postdata"); strings.EqualFold(value(n, "method"), "post") {
				shown = append(shown, readSent(data, vars))
			}
		}
	}
	return shown
}

// readSent reads POSTDATA; its bytes are the handset's.
func readSent(data string, vars map[string]string) (list form.Fields) {
	plain := func(s string) string {
		if v := deckVariable.FindStringSubmatch(s); v != nil {
			return vars[v[1]]
		}
		b, _ := url.QueryUnescape(s)
		return string(text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS).AppendDecode(nil, []byte(b)))
	}
	for pair := range strings.SplitSeq(data, "&") {
		if name, v, ok := strings.Cut(pair, "="); ok {
			list = append(list, form.Field{Name: plain(name), Value: plain(v)})
		}
	}
	return list
}

// sentBy is what a handset sends for each button of the first form of a page, as its application gets it.
func sentBy(t *testing.T, n pagetest.Named, src []byte) (sent []string, out []byte) {
	h := n.Handset()
	h.PageBudget = 0
	out, info, err := page.Render(nil, &h, src, page.Options{URL: "http://app.example/", Key: []byte("k"), Foreign: true})
	if err != nil || info.Parts != 1 {
		t.Fatal(err, info.Parts)
	}
	codec := text.ForHandset(&h)
	out = codec.AppendDecode(nil, out)
	for _, fields := range readShown(t, &h, out) {
		var body []byte
		for _, e := range fields {
			name, _ := codec.AppendString(nil, e.Name, 0)
			val, _ := codec.AppendString(nil, e.Value, 0)
			body = form.Fields{{Name: string(name), Value: string(val)}}.AppendEncode(append(body, '&'))
		}
		posted, err := form.Parse(&h, "", body, form.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		restored, err := page.Restore(&h, []byte("k"), posted, nil)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, listed(restored.Fields))
	}
	return sent, out
}

func listed(fields form.Fields) string {
	if len(fields) == 0 {
		return "[]"
	}
	return fmt.Sprintf("%q", fields)
}

// formCount is how many random forms are compared: as many as MUSUBI_FORMS says, where somebody has time.
func formCount(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("MUSUBI_FORMS")); err == nil {
		return n
	}
	return usual
}

// compareForm compares what a handset sends for each button with what it ought to; it returns how many were compared.
func compareForm(t *testing.T, n pagetest.Named, src []byte, want []string) int {
	t.Helper()
	got, out := sentBy(t, n, src)
	if len(got) != len(want) {
		t.Fatalf("%s: %d buttons of %d\n%s\n%s", n.Name, len(got), len(want), src, out)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s, button %d sends\n%s\nwant\n%s\n%s\n%s", n.Name, i, got[i], want[i], src, out)
		}
	}
	return len(got)
}

// TestFormsSendWhatTheStandardSays: for random forms, every handset that shows a form sends, for each button, what a browser
// sends.
func TestFormsSendWhatTheStandardSays(t *testing.T) {
	forms := formCount(1500)
	rnd := rand.New(rand.NewPCG(16, 4))
	compared := 0
	for range forms {
		src := []byte("<!DOCTYPE html><title>t</title>" + randomForm(rnd))
		o := readOracle(t, src)
		f := o.all("form")[0]
		var want []string
		for _, b := range o.buttons(f) {
			want = append(want, listed(o.entries(f, b)))
		}
		compared += compareForm(t, pagetest.Handsets[rnd.IntN(len(pagetest.Handsets))], src, want)
	}
	if compared < forms {
		t.Errorf("only %d submissions compared", compared)
	}
}

// TestDirectionOfText: a field with dirname sends the direction of its text behind it.
func TestDirectionOfText(t *testing.T) {
	src := []byte(`<p>文</p><form action=/f method=post><input name=q value=a dirname=q.dir><textarea dir=rtl name=t dirname=t.dir>b</textarea><input type=submit value=送></form>`)
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		out, _, err := page.Render(nil, &h, src, page.Options{URL: "http://x.example/"})
		if err != nil {
			t.Fatal(err)
		}
		got := string(out)
		html := strings.Contains(got, `name="q.dir" value="ltr"`) && strings.Contains(got, `name="t.dir" value="rtl"`)
		if hdml := strings.Contains(got, "q.dir=ltr") && strings.Contains(got, "t.dir=rtl"); !html && !hdml {
			t.Errorf("%s:\n%s", n.Name, got)
		}
	}
}

// TestRadioButtonsApartStandWhereTheyStood: HDML asks for a group of radio buttons at once; what was chosen is sent where its button
// stands in the form, whichever it is.
func TestRadioButtonsApartStandWhereTheyStood(t *testing.T) {
	src := []byte(`<p>文</p><form method=post action=/f><p>色<input type=radio name=r value=赤>赤</p><p>名<input name=t value=T></p><p><input type=radio name=r value="한" checked>韓</p>
		<p>字<input name=u value=U></p><p><input type=radio name=r value="a=b.2">青</p><input type=submit value=送></form>`)
	h := carriers.Identify(carriers.Request{UserAgent: "UP.Browser/3.04-TST4 UP.Link/3.4.4"})
	out, _, err := page.Render(nil, &h, src, page.Options{URL: "http://x.example/"})
	if err != nil {
		t.Fatal(err)
	}
	deck := string(text.ForHandset(&h).AppendDecode(nil, out))
	for answer, want := range map[string]string{
		"1": `[{"r" "赤"} {"t" "T"} {"u" "U"}]`, "2": `[{"t" "T"} {"r" "한"} {"u" "U"}]`, "3": `[{"t" "T"} {"u" "U"} {"r" "a=b.2"}]`,
	} {
		if !strings.Contains(deck, "IDEFAULT=2") {
			t.Fatalf("no card for the group: %s", deck)
		}
		shown := readDeck([]byte(strings.Replace(deck, "IDEFAULT=2", "IDEFAULT="+answer, 1)))
		if len(shown) != 1 {
			t.Fatalf("%d buttons: %s", len(shown), deck)
		}
		got, err := page.Restore(&h, nil, shown[0], nil)
		if err != nil || listed(got.Fields) != want {
			t.Errorf("answer %s is sent as %s, want %s (%v)", answer, listed(got.Fields), want, err)
		}
	}
}

// A form without a button, which the enter key or a script sends in a browser, has one on a handset; one in which there is nothing to answer has none.
func TestFormsWithoutAButton(t *testing.T) {
	for src, want := range map[string]string{
		`<form action="/s"><input type="search" name="q"></form>`:                                                              "検索",
		`<form action="/s" method="post"><select name="lang" onchange="submit()"><option>ja<option>en</select></form>`:         "送信",
		`<form action="/s"><input name="q"><button type="button">x</button><input type="hidden" name="h" value="1"></form>`:    "検索",
		`<form action="/s" method="post"><input name="a"><input name="b"><input type="button" value="y" onclick="s()"></form>`: "送信",
		`<form action="/s"><input type="hidden" name="h" value="1"></form>`:                                                    "",
		`<form action="/s"><input name="q"><input type="submit" value="Go"></form>`:                                            "",
	} {
		for _, n := range pagetest.Handsets {
			h := n.Handset()
			if h.Dialect.Family == carriers.HTML5 {
				continue
			}
			out, _, err := page.Render(nil, &h, []byte("<title>t</title>"+src), page.Options{URL: "http://www.example/", Foreign: true, Session: "S3ss10n"})
			if err != nil {
				t.Fatal(err)
			}
			text := string(text.ForHandset(&h).AppendDecode(nil, out))
			if has := strings.Contains(text, "検索") || strings.Contains(text, "送信") || strings.Contains(text, "Search") || strings.Contains(text, "Send"); has != (want != "") {
				t.Errorf("%s: %s became %s", n.Name, src, text)
			}
			if want == "検索" && h.Dialect.Deck() && !strings.Contains(text, "q=$v") && !strings.Contains(text, `name="q" value="$(v1)"`) {
				t.Errorf("%s: nothing is sent: %s", n.Name, text)
			}
		}
	}
}

// TestDatesThatAreNone: a field for a date sends what a browser sends that has one: nothing for what is no date.
func TestDatesThatAreNone(t *testing.T) {
	for _, row := range []struct{ typ, value, want string }{
		{"date", "2007-02-03", "2007-02-03"}, {"date", "2007/2/3", ""}, {"DATE", "2007-02-30", ""}, {"month", "2007-13", ""}, {"time", "12:34", "12:34"}, {"time", "noon", ""},
		{"datetime-local", "2007-02-03T12:34", "2007-02-03T12:34"}, {"datetime-local", "2007-02-03", ""}, {"text", "2007/2/3", "2007/2/3"},
	} {
		src := []byte(`<form action=/f method=post><input name=a type="` + row.typ + `" value="` + row.value + `"><input type=submit></form>`)
		h := handset("docomo-P901i")
		if got, _ := send(t, &h, src, "", ""); len(got) == 0 || got[0].Name != "a" || got[0].Value != row.want {
			t.Errorf("%s %s is sent as %v", row.typ, row.value, got)
		}
	}
}
