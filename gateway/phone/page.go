package phone

import (
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"musubi/carriers"
	"musubi/transcode/text"

	"github.com/valyala/fasthttp"
	"golang.org/x/net/html"
)

// A Page is what a handset shows of an answer.
type Page struct {
	URL         string
	Status      int
	ContentType string
	Bytes       int    // of the body
	Budget      int    // the most the handset can hold; 0: no limit known
	Part        string // "2/3" of a page in parts, "" for a whole one
	Title       string
	Text        string // what can be read, links marked [1] …, in canonical text
	Links       []Link
	Forms       []Form
	Images      []string // URLs
	Body        []byte   `json:"-"` // as it came
}

// A Link is a place to go from a page.
type Link struct{ Text, URL, Key string }

// A Form is what can be filled in on a page.
type Form struct {
	Action, Method string
	Fields         []Field // with the values they hold
	Buttons        []Button
}

// A Field is one field of a form.
type Field struct {
	Name, Value string
	Choices     []string `json:",omitempty"` // of a select: what its options send
}

// A Button sends a form. Words are what stands on it where that is not its value.
type Button struct {
	Name, Value, Key string
	Words            string `json:",omitempty"`
}

// Says reports whether some words stand on the button.
func (b Button) Says(words string) bool {
	if b.Words != "" {
		return strings.Contains(b.Words, words)
	}
	return strings.Contains(b.Value, words)
}

// show takes an answer as the display's new page.
func (p *Phone) show(u *url.URL, resp *fasthttp.Response) (*Page, error) {
	body := append([]byte(nil), resp.Body()...)
	page := &Page{URL: u.String(), Status: resp.StatusCode(), ContentType: string(resp.Header.ContentType()), Bytes: len(body),
		Budget: p.handset.PageBudget, Part: string(resp.Header.Peek("Page-Part")), Body: body}
	kind, _, _ := mime.ParseMediaType(page.ContentType)
	if strings.HasPrefix(kind, "image/") {
		return p.image(page)
	}
	if page.Budget > 0 && len(body) > page.Budget {
		return nil, fmt.Errorf("phone: %s has %d bytes; this handset can hold %d and shows nothing", u.Path, len(body), page.Budget)
	}
	if n := p.handset.TotalBudget; n > 0 && len(body) > n {
		return nil, fmt.Errorf("phone: %s has %d bytes; this handset can load %d", u.Path, len(body), n)
	}
	r := reader{page: page, codec: p.codec, vars: p.vars, wml: p.handset.Dialect.Family == carriers.WML}
	markup := string(p.decode(page.ContentType, body))
	if p.handset.Dialect.Family == carriers.HDML {
		markup = strings.ReplaceAll(markup, "&dol;", "$")
	}
	r.read(markup)
	p.page = page
	return page, nil
}

// image checks that a picture is one that the handset could show.
func (p *Phone) image(page *Page) (*Page, error) {
	if n := p.handset.Image.MaxBytes; n > 0 && page.Bytes > n {
		return nil, fmt.Errorf("phone: a picture of %d bytes; this handset shows up to %d", page.Bytes, n)
	}
	formats := map[string]carriers.ImageFormats{"image/gif": carriers.GIF, "image/jpeg": carriers.JPEG, "image/png": carriers.PNG, "image/bmp": carriers.BMP, "image/vnd.wap.wbmp": carriers.WBMP}
	if f := p.handset.Image.Formats; f != 0 && !f.Has(formats[page.ContentType]) {
		return nil, fmt.Errorf("phone: this handset does not show %s", page.ContentType)
	}
	return page, nil // the display keeps the page that the picture is on
}

// decode reads the bytes in the charset that the answer states, with this handset's own emoji.
func (p *Phone) decode(contentType string, body []byte) []byte {
	_, params, _ := mime.ParseMediaType(contentType)
	cs := carriers.UTF8
	switch strings.ToLower(params["charset"]) {
	case "shift_jis", "shift-jis", "cp932", "windows-31j":
		cs = carriers.ShiftJIS
	case "euc-jp":
		cs = carriers.EUCJP
	case "iso-8859-1":
		cs = carriers.Latin1
	}
	if !p.oldBrowser() {
		return body
	}
	return text.For(p.handset.Carrier, p.handset.Emoji, cs).AppendDecode(nil, body)
}

// A reader walks over a page's markup as a simple browser does.
type reader struct {
	page   *Page
	out    strings.Builder
	link   *Link
	form   *Form
	title  bool
	field  *Field // textarea or select being read
	given  bool   // the option being read sends what its attribute says, not its text
	chosen []int  // the selected options' places among the choices
	many   bool   // more than one may be
	skip   int    // inside style or script
	button bool   // whose words are being read

	wml     bool
	codec   *text.Codec
	card    *card             // of HDML, being read
	vars    map[string]string // of HDML
	choices map[string][]string
	send    *Form // the link of HDML that sends it is being read, from sendAt on
	sendAt  int
}

func (r *reader) read(markup string) {
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.endForm()
			r.page.Text = tidy(r.out.String())
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z.Token())
		case html.EndTagToken:
			r.end(z.Token().Data)
		case html.TextToken:
			r.text(z.Token().Data)
		}
	}
}

func attr(t html.Token, names ...string) string {
	for _, a := range t.Attr {
		for _, n := range names {
			if a.Key == n {
				return a.Val
			}
		}
	}
	return ""
}

func (r *reader) start(t html.Token) {
	if r.wml && r.startWML(t) {
		return
	}
	switch t.Data {
	case "title":
		r.title = true
	case "style", "script":
		r.skip++
	case "display", "entry", "choice":
		r.startCard(t)
	case "ce":
		r.startCard(t)
		r.startLink(t)
	case "a":
		r.startLink(t)
	case "img":
		r.page.Images = append(r.page.Images, attr(t, "src"))
		if alt := attr(t, "alt"); alt != "" {
			r.text("[" + alt + "]")
		}
		if n, err := strconv.Atoi(attr(t, "localsrc", "icon")); err == nil {
			r.out.WriteString("[emoji " + strconv.Itoa(n) + "]")
		}
	case "form":
		r.endForm()
		r.form = &Form{Action: attr(t, "action"), Method: strings.ToUpper(attr(t, "method"))}
		if r.form.Action == "" {
			r.form.Action = r.page.URL
		}
	case "input":
		r.input(t)
	case "button": // only the browsers of today have it
		r.button = r.form != nil && !strings.EqualFold(attr(t, "type"), "button")
		if r.button {
			r.form.Buttons = append(r.form.Buttons, Button{Name: attr(t, "name"), Value: attr(t, "value"), Key: attr(t, "accesskey")})
		}
	case "textarea", "select":
		r.field, r.chosen, r.many = &Field{Name: attr(t, "name")}, nil, has(t, "multiple")
	case "option":
		r.option(t)
	case "br", "p", "div", "hr", "h1", "h2", "h3", "h4", "li", "tr", "dt", "dd", "line", "wrap", "table", "center", "blockquote":
		r.out.WriteByte('\n')
	}
}

// option begins a choice of the select being read; the first one counts until one is selected.
func (r *reader) option(t html.Token) {
	if r.field == nil {
		return
	}
	r.field.Choices = append(r.field.Choices, attr(t, "value"))
	r.given = has(t, "value")
	if has(t, "selected") {
		r.chosen = append(r.chosen, len(r.field.Choices)-1)
	}
}

// endField puts the textarea or select into its form.
func (r *reader) endField() {
	f := r.field
	if f == nil {
		return
	}
	r.field = nil
	if r.form == nil || f.Name == "" {
		return
	}
	switch chosen := r.chosen; {
	case len(f.Choices) == 0: // a textarea
		r.form.Fields = append(r.form.Fields, *f)
	case r.many:
		for _, i := range chosen {
			r.form.Fields = append(r.form.Fields, Field{f.Name, f.Choices[i], f.Choices})
		}
	default:
		f.Value = f.Choices[0]
		if len(chosen) > 0 {
			f.Value = f.Choices[chosen[len(chosen)-1]]
		}
		r.form.Fields = append(r.form.Fields, *f)
	}
}

func has(t html.Token, name string) bool {
	for _, a := range t.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// startLink opens a link, of HDML too: <CE TASK=GO DEST=… LABEL=…> is a line of its menu. One to another card of the
// deck only turns a page over.
func (r *reader) startLink(t html.Token) {
	dest := attr(t, "href", "dest", "number")
	switch {
	case dest == "" || strings.HasPrefix(attr(t, "dest"), "#"):
		return
	case sends(t):
		r.sendAt = r.out.Len()
		r.startSend(t)
		return
	}
	r.link = &Link{URL: dest, Key: attr(t, "accesskey", "directkey", "key")}
	if t.Data != "a" {
		r.link.Text = attr(t, "label")
	}
}

func (r *reader) endLink() {
	if r.link == nil {
		return
	}
	r.link.Text = strings.TrimSpace(r.link.Text)
	r.page.Links = append(r.page.Links, *r.link)
	fmt.Fprintf(&r.out, "[%d]", len(r.page.Links))
	r.link = nil
}

func (r *reader) input(t html.Token) {
	if r.form == nil {
		return
	}
	name, value, kind := attr(t, "name"), attr(t, "value"), strings.ToLower(attr(t, "type"))
	switch kind {
	case "submit", "button", "image":
		r.form.Buttons = append(r.form.Buttons, Button{Name: name, Value: value, Key: attr(t, "accesskey", "directkey")})
		r.out.WriteString(" <" + value + "> ")
		return
	case "checkbox", "radio":
		if !has(t, "checked") {
			return
		}
		if !has(t, "value") {
			value = "on"
		}
	}
	if name != "" {
		r.form.Fields = append(r.form.Fields, Field{Name: name, Value: value})
	}
	if kind != "hidden" {
		r.out.WriteString(" ____ ")
	}
}

func (r *reader) end(name string) {
	if r.wml && r.endWML(name) {
		return
	}
	switch name {
	case "title":
		r.title = false
	case "style", "script":
		r.skip = max(0, r.skip-1)
	case "a", "ce":
		r.endLink()
		r.endSend()
	case "entry", "choice":
		r.endCard()
	case "form":
		r.endForm()
	case "button":
		r.button = false
	case "textarea", "select":
		r.endField()
	case "p", "div", "h1", "h2", "h3", "h4", "li", "tr":
		r.out.WriteByte('\n')
	}
}

func (r *reader) endForm() {
	if r.form != nil {
		r.page.Forms = append(r.page.Forms, *r.form)
		r.form = nil
	}
}

func (r *reader) text(s string) {
	if r.wml {
		s = dollars(s)
	}
	switch {
	case r.skip > 0:
	case r.title:
		r.page.Title += s
	case r.field != nil && len(r.field.Choices) > 0:
		if last := len(r.field.Choices) - 1; !r.given {
			r.field.Choices[last] = strings.TrimSpace(r.field.Choices[last] + s)
		}
	case r.field != nil:
		if r.field.Value == "" { // the first line end is not part of the text
			s = strings.TrimPrefix(strings.TrimPrefix(s, "\r"), "\n")
		}
		r.field.Value += s
	default:
		if r.link != nil {
			r.link.Text += s
		}
		if r.button && r.form != nil {
			b := &r.form.Buttons[len(r.form.Buttons)-1]
			b.Words = strings.TrimSpace(b.Words + s)
		}
		r.out.WriteString(s)
	}
}

// tidy joins blank lines and the spaces of the markup.
func tidy(s string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r", ""), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
