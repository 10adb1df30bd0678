package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// handsetCmd behaves as a handset behind its carrier's gateway.
type handsetCmd struct {
	Model  string   `long:"model" description:"Model to be: P903i, CA39, W43H, 910T." value-name:"NAME"`
	UA     string   `long:"ua" description:"User-Agent to be, instead of a model."`
	ID     string   `long:"id" description:"Subscriber ID that the carrier's gateway adds where it would." value-name:"ID"`
	URL    string   `long:"url" description:"The site; default: that of the page in --state, or http://127.0.0.1:8080." value-name:"URL"`
	Header []string `long:"header" description:"A further header field; may be repeated." value-name:"'NAME: VALUE'"`
	State  string   `long:"state" description:"File that keeps cookies and the page on the display between calls." value-name:"FILE" type:"path"`
	Mail   string   `long:"mail" description:"matrix: a member to register the ID for first, with --password." value-name:"ADDRESS"`
	Pass   string   `long:"password" description:"matrix: the member's password." value-name:"PASSWORD"`
	Raw    bool     `long:"raw" description:"Print the bytes as they came instead of the page."`
	Args   struct {
		Do []string `positional-arg-name:"what" description:"get PATH · key KEY · follow TEXT-OR-NUMBER · post [FORM] NAME=VALUE… · matrix [PATH]" required:"1"`
	} `positional-args:"yes"`
}

// Run does one thing with the handset and shows what is on its display then.
func (c *handsetCmd) Run(io *std) error {
	if c.Args.Do[0] == "matrix" {
		return c.matrix(io.Out, c.Args.Do[1:])
	}
	p, err := c.phone()
	if err != nil {
		return err
	}
	page, err := c.do(p)
	if err != nil {
		return err
	}
	if err := c.keep(p); err != nil {
		return err
	}
	if c.Raw {
		_, err := io.Out.Write(page.Body)
		return err
	}
	return show(io.Out, p.Handset(), page)
}

// phone switches the handset on, with what it remembers.
func (c *handsetCmd) phone() (*handset.Phone, error) {
	ua := c.UA
	switch {
	case c.Model != "" && ua != "":
		return nil, badUsage("--model and --ua both say which handset to be; give one")
	case c.Model == "" && ua == "":
		return nil, badUsage("say which handset to be: --model P903i or --ua 'DoCoMo/2.0 P903i(c100;TB;W24H12)'")
	case c.Model != "":
		_, known, ok := carriers.ModelHandset(c.Model)
		if !ok {
			return nil, badUsage("--model %s: no such handset in the tables; give its whole User-Agent with --ua", c.Model)
		}
		ua = known
	}
	var remembered []byte
	if c.State != "" {
		b, err := os.ReadFile(c.State)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, badUsage("--state %s: %v", c.State, err)
		}
		remembered = b
	}
	if c.URL == "" {
		c.URL = siteOf(remembered)
	}
	p, err := handset.New(handset.Config{URL: c.URL, UserAgent: ua, ID: c.ID, Header: c.Header})
	if err != nil {
		return nil, usageError{err}
	}
	if len(remembered) > 0 {
		if err := p.UnmarshalState(remembered); err != nil {
			return nil, badUsage("--state %s: %v", c.State, err)
		}
	}
	return p, nil
}

// siteOf is the site of the page that a state has on its display, or where a musubi listens that was told nothing else.
func siteOf(state []byte) string {
	var s struct{ Page struct{ URL string } }
	if json.Unmarshal(state, &s) == nil {
		if u, err := url.Parse(s.Page.URL); err == nil && u.Host != "" {
			return u.Scheme + "://" + u.Host
		}
	}
	return "http://127.0.0.1:8080"
}

func (c *handsetCmd) keep(p *handset.Phone) error {
	if c.State == "" {
		return nil
	}
	b, err := p.MarshalState()
	if err != nil {
		return err
	}
	return os.WriteFile(c.State, b, 0o600)
}

// do carries out the words of the command line.
func (c *handsetCmd) do(p *handset.Phone) (*handset.Page, error) {
	verb, rest := c.Args.Do[0], c.Args.Do[1:]
	switch {
	case verb == "get" && len(rest) == 1:
		return p.Get(rest[0])
	case verb == "key" && len(rest) == 1:
		return p.Key(rest[0])
	case verb == "follow" && len(rest) == 1:
		return p.Follow(rest[0])
	case verb == "post":
		return c.post(p, rest)
	}
	return nil, badUsage("%q: expected get PATH, key KEY, follow TEXT, post NAME=VALUE… or matrix", strings.Join(c.Args.Do, " "))
}

// post fills in a form: the first, or the one whose number from 1 comes before the fields.
func (c *handsetCmd) post(p *handset.Phone, words []string) (*handset.Page, error) {
	form := 1
	if len(words) > 0 && !strings.Contains(words[0], "=") {
		if _, err := fmt.Sscanf(words[0], "%d", &form); err != nil {
			return nil, badUsage("post %q: expected the number of a form or NAME=VALUE", words[0])
		}
		words = words[1:]
	}
	var pairs []string
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return nil, badUsage("post %q: expected NAME=VALUE", w)
		}
		pairs = append(pairs, name, value)
	}
	return p.Submit(form-1, pairs...)
}

// maxChoices is the most choices of a field that are printed beside it.
const maxChoices = 12

// show prints the display: what it costs, what can be read, where one can go.
func show(w io.Writer, h carriers.Handset, page *handset.Page) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s  %s\n%d bytes", page.Status, page.URL, page.ContentType, page.Bytes)
	if page.Budget > 0 {
		fmt.Fprintf(&b, " of %d (%d%%)", page.Budget, 100*page.Bytes/page.Budget)
	}
	if page.Part != "" {
		fmt.Fprintf(&b, ", part %s", page.Part)
	}
	fmt.Fprintf(&b, "  %s %s %s\n", h.Carrier, h.Model, h.Dialect)
	if page.Title != "" {
		fmt.Fprintf(&b, "\n%s\n%s\n", page.Title, strings.Repeat("─", 24))
	}
	fmt.Fprintln(&b, page.Text)
	for i, l := range page.Links {
		key := ""
		if l.Key != "" {
			key = "key " + l.Key
		}
		fmt.Fprintf(&b, "[%d] %-6s %s  %s\n", i+1, key, l.Text, l.URL)
	}
	for i, f := range page.Forms {
		fmt.Fprintf(&b, "form %d: %s %s\n", i+1, f.Method, f.Action)
		for _, field := range f.Fields {
			fmt.Fprintf(&b, "    %s=%s", field.Name, field.Value)
			if n := len(field.Choices); n > 0 && n <= maxChoices {
				fmt.Fprintf(&b, "  (%s)", strings.Join(field.Choices, " | "))
			}
			b.WriteByte('\n')
		}
		for _, button := range f.Buttons {
			fmt.Fprintf(&b, "    <%s> %s\n", button.Value, button.Name)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
