package mail_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"musubi/transcode/mail"
	"musubi/transcode/mail/internal/mailtest"
)

// FuzzRead mutates the mails of the corpus. Whatever comes, the text is valid UTF-8 without control characters, the title is one
// line, and files come from the mail's own bytes.
func FuzzRead(f *testing.F) {
	for _, c := range mailtest.Cases() {
		if !c.Big {
			f.Add(c.Raw())
		}
	}
	f.Fuzz(checkRead)
}

// checkRead reads a mail and checks what holds of any.
func checkRead(t *testing.T, raw []byte) {
	t.Helper()
	m, err := mail.Read(raw, mail.Options{Own: mailtest.Own})
	if err != nil {
		if !errors.As(err, new(*mail.Refusal)) {
			t.Fatalf("an error of another kind: %v", err)
		}
		return
	}
	for _, s := range []string{m.Subject, m.Text, mail.WithoutQuotes(m.Text), m.Key(), m.ReplyTo, m.Because} {
		checkText(t, s)
	}
	for _, l := range m.Left {
		checkText(t, l.Type)
	}
	for _, r := range m.Read {
		checkText(t, r.Declared)
	}
	for _, r := range m.Reports {
		checkText(t, r.To.String()+r.Action+r.Status+r.Diagnostic)
	}
	for _, r := range m.Subject {
		if r == '\n' || r == '\t' {
			t.Fatalf("the title %q has more than one line", m.Subject)
		}
	}
	if a := m.From; a != (mail.Address{}) {
		if again, ok := mail.ParseAddress(a.Wire()); !ok || again != a {
			t.Fatalf("sender %q does not come back from %q", a, a.Wire())
		}
	}
	for _, a := range m.Attachments {
		if b := a.Append(nil); len(b) != a.Bytes || len(b) > len(raw) {
			t.Fatalf("a file of %d bytes is told to have %d; the mail has %d", len(b), a.Bytes, len(raw))
		} else if read, err := io.ReadAll(a.Open()); err != nil || !bytes.Equal(read, b) {
			t.Fatalf("read piece by piece a file has %d bytes, not %d (%v)", len(read), len(b), err)
		}
	}
}

func checkText(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("%q is no UTF-8", s)
	}
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7F {
			t.Fatalf("%q has a control character", s)
		}
	}
}
