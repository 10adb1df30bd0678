package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"musubi/transcode/mail"
)

// mailCmd shows what a mail becomes.
type mailCmd struct {
	Args struct {
		File string `positional-arg-name:"FILE" description:"A message as it came over SMTP or as a program saved it (.eml). Without it, standard input is read."`
	} `positional-args:"yes"`
	Own     string `long:"own" description:"Our own mail domain: what comes from there goes in circles." value-name:"DOMAIN"`
	Comment bool   `long:"comment" description:"Show what a comment would be: without quotations and signature."`
	JSON    bool   `long:"json" description:"Print one JSON object."`
}

func (c mailCmd) Run(s *std) error {
	raw, err := c.read(s.In)
	if err != nil {
		return err
	}
	m, err := mail.Read(raw, mail.Options{Own: c.Own})
	var refused *mail.Refusal
	if errors.As(err, &refused) {
		return fmt.Errorf("the mail is refused: it has more than %d %s", refused.Limit, refused.Bound)
	}
	if c.Comment {
		m.Text = mail.WithoutQuotes(m.Text)
	}
	if c.JSON {
		return jsonLines(s.Out).Encode(newReadMail(m))
	}
	return showMail(s.Out, m)
}

// read reads no more than a mail may have, and one byte that shows that it has more.
func (c mailCmd) read(in io.Reader) ([]byte, error) {
	if c.Args.File != "" {
		f, err := os.Open(c.Args.File)
		if err != nil {
			return nil, badUsage("the mail cannot be read: %v", errors.Unwrap(err))
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, int64(mail.DefaultLimits.Bytes)+1))
	if err != nil {
		return nil, badUsage("the mail cannot be read: %v", err)
	}
	return raw, nil
}

// The answer of mail --json.
type (
	readMail struct {
		Kind        string       `json:"kind"`
		Because     string       `json:"because"`
		Answerable  bool         `json:"answerable"`
		From        string       `json:"from"`
		Carrier     string       `json:"carrier"`
		Key         string       `json:"key"`
		InReplyTo   string       `json:"in_reply_to,omitempty"`
		Subject     string       `json:"subject"`
		Text        string       `json:"text"`
		Attachments []mailFile   `json:"attachments"`
		LeftOut     []mailLeft   `json:"left_out"`
		Texts       []mailText   `json:"texts"`
		Reports     []mailReport `json:"reports,omitempty"`
	}
	mailFile struct {
		Kind   string `json:"kind"`
		Format string `json:"format"`
		Bytes  int    `json:"bytes"`
	}
	mailLeft struct {
		Type string `json:"type"`
		Why  string `json:"why"`
	}
	mailText struct {
		Type     string `json:"type"`
		Declared string `json:"declared"`
		As       string `json:"as"`
		Bytes    int    `json:"bytes"`
	}
	mailReport struct {
		To         string `json:"to"`
		Action     string `json:"action"`
		Status     string `json:"status"`
		Diagnostic string `json:"diagnostic"`
	}
)

func newReadMail(m *mail.Message) readMail {
	r := readMail{
		Kind: m.Kind.String(), Because: m.Because, Answerable: m.Answerable(), From: m.From.String(), Carrier: string(m.Carrier), Key: m.Key(), InReplyTo: m.ReplyTo,
		Subject: m.Subject, Text: m.Text, Attachments: []mailFile{}, LeftOut: []mailLeft{}, Texts: []mailText{},
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, mailFile{a.Kind.String(), a.Format, a.Bytes})
	}
	for _, l := range m.Left {
		r.LeftOut = append(r.LeftOut, mailLeft{l.Type, string(l.Why)})
	}
	for _, t := range m.Read {
		r.Texts = append(r.Texts, mailText(t))
	}
	for _, p := range m.Reports {
		r.Reports = append(r.Reports, mailReport{p.To.String(), p.Action, p.Status, p.Diagnostic})
	}
	return r
}

// showMail prints the mail for people: what it is and why, then its text.
func showMail(out io.Writer, m *mail.Message) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	row("kind", "%v (%s)", m.Kind, m.Because)
	if from := m.From.String(); from != "" {
		row("from", "%s (%s)", from, m.Carrier)
	} else {
		row("from", "nobody who can be told")
	}
	row("key", "%s", m.Key())
	if m.ReplyTo != "" {
		row("answers", "%s", m.ReplyTo)
	}
	row("subject", "%s", m.Subject)
	for _, t := range m.Read {
		row("text", "%s, %d bytes, %s", t.Type, t.Bytes, readAs(t))
	}
	for _, a := range m.Attachments {
		row(a.Kind.String(), "%s, %d bytes", a.Format, a.Bytes)
	}
	for _, l := range m.Left {
		row("left out", "%s: %s", orNone(l.Type), l.Why)
	}
	for _, p := range m.Reports {
		row("report", "%s %s %s: %s", orNone(p.To.String()), p.Action, p.Status, p.Diagnostic)
	}
	if err := w.Flush(); err != nil || m.Text == "" {
		return err
	}
	text := strings.ReplaceAll(strings.ReplaceAll("\n"+m.Text+"\n", "\n", "\n    "), "    \n", "\n")
	_, err := io.WriteString(out, strings.TrimRight(text, " "))
	return err
}

// readAs says in which charset a text was read, and whether its sender said so.
func readAs(t mail.ReadText) string {
	switch {
	case t.Declared == "":
		return "read as " + t.As + ", which nobody declared"
	case strings.EqualFold(t.Declared, t.As):
		return "read as " + t.As
	}
	return "read as " + t.As + ", declared " + t.Declared
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}
