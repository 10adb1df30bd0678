package inbound_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"musubi/gateway/inbound"
	"musubi/transcode/mail"
)

// What phones send arrives: envelope, text, photo.
func TestReceive(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
	raw, err := os.ReadFile("../../testdata/mail/docomo-photo.eml")
	if err != nil {
		t.Fatal(err)
	}
	p.sends(`"a..b."@docomo.ne.jp`, "D-K5A7Q2MFXW3CE6ZT@musubi.example", strings.ReplaceAll(string(raw), "\r\n", "\n"), "250 ")
	p.sends("", "b-1@musubi.example", letter("bounce"), "250 ")
	p.says("QUIT", "221 ")
	got := office.all()
	if len(got) != 2 {
		t.Fatalf("%d messages arrived", len(got))
	}
	if m := got[0]; m.From.String() != "a..b.@docomo.ne.jp" || m.To.String() != "d-k5a7q2mfxw3ce6zt@musubi.example" || m.Hello != "phone.example" ||
		!m.Peer.IsLoopback() || m.TLS || m.subject != "梅が咲いた" || !bytes.HasPrefix(m.photo, []byte("\xFF\xD8")) || m.kind != mail.Letter {
		t.Errorf("arrived: %+v", m)
	}
	if m := got[1]; m.From != (mail.Address{}) || m.kind != mail.Bounce || m.text != "text\n.a dot" {
		t.Errorf("arrived from nobody: %+v", m)
	}
}

// Every mail of the corpus is taken or refused as the reader says, whoever sends it.
func TestCorpusArrives(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
	for _, tt := range []struct{ name, want string }{
		{"au-emoji", "250 "}, {"softbank-decorated", "250 "}, {"docomo-dot-address", "250 "}, {"pc-loop", "554 5.4.6"},
		{"au-nested-25", "554 5.6.0"}, {"smartphone-bounce", "250 "}, {"willcom-empty", "250 "},
	} {
		raw, err := os.ReadFile("../../testdata/mail/" + tt.name + ".eml")
		if err != nil {
			t.Fatal(err)
		}
		p.sends("a@example.jp", "d-1@musubi.example", strings.ReplaceAll(string(raw), "\r\n", "\n"), tt.want)
	}
}

// The peer hears what the Receiver says: for good, later, or, when the Receiver dies, later too.
func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"taken", nil, "250 "},
		{"for good", &inbound.Permanent{Words: "Not from this\r\naddress 花."}, "550 5.7.1 Not from this??address ???."},
		{"unknown", inbound.ErrUnknown, "550 5.1.1"},
		{"wrapped", errors.Join(errors.New("x"), &inbound.Permanent{Code: 552, Status: [3]int{5, 2, 2}, Words: "Full."}), "552 5.2.2 Full."},
		{"later", errors.New("database is on fire at 10.0.0.1"), "451 4.3.0 Not now."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			office := &postOffice{answer: func(inbound.Envelope, *mail.Message) error { return tt.err }}
			p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
			p.sends("a@example.jp", "d-1@musubi.example", letter("x"), tt.want)
			if stored := len(office.all()); (stored == 1) != (tt.err == nil) {
				t.Errorf("%d stored", stored)
			}
		})
	}
	t.Run("panic", func(t *testing.T) {
		office := &postOffice{}
		office.answer = func(_ inbound.Envelope, m *mail.Message) error {
			if m.Subject == "x" {
				panic("boom")
			}
			return nil
		}
		address := serve(t, inbound.Config{Receiver: office})
		dial(t, address).greets().sends("a@example.jp", "d-1@musubi.example", letter("x"), "421 ")
		dial(t, address).greets().sends("a@example.jp", "d-1@musubi.example", letter("y"), "250 ")
	})
}

// 250 comes after the Receiver has returned, not before: the letter is stored when it is heard.
func TestStoredBeforeAnswered(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
	for i := range 50 {
		p.sends("a@example.jp", "d-1@musubi.example", letter("x"), "250 ")
		if n := len(office.all()); n != i+1 {
			t.Fatalf("letter %d is acknowledged and %d are stored", i+1, n)
		}
	}
}

// With several recipients SMTP has one answer: later when one must wait, yes when any has it and the others never will.
func TestSeveralRecipients(t *testing.T) {
	wait, refuse := errors.New("busy"), error(inbound.ErrUnknown)
	for _, tt := range []struct {
		name string
		a, b error
		want string
	}{
		{"both", nil, nil, "250 "}, {"one waits", nil, wait, "451 "}, {"one refused", refuse, nil, "250 "}, {"one refused, one waits", refuse, wait, "451 "}, {"both refused", refuse, refuse, "550 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			office := &postOffice{answer: func(e inbound.Envelope, _ *mail.Message) error {
				if e.To.Local == "a" {
					return tt.a
				}
				return tt.b
			}}
			p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
			p.says("MAIL FROM:<x@example.jp>", "250 ")
			p.says("RCPT TO:<b@musubi.example>", "250 ")
			p.sendsTo("a@musubi.example", letter("x"), tt.want)
		})
		t.Run("LMTP/"+tt.name, func(t *testing.T) {
			office := &postOffice{answer: func(e inbound.Envelope, _ *mail.Message) error {
				if e.To.Local == "a" {
					return tt.a
				}
				return tt.b
			}}
			p := dial(t, serve(t, inbound.Config{Receiver: office, LMTP: true}))
			p.hears("220 ")
			p.says("LHLO mx.musubi.example", "250 ")
			p.says("MAIL FROM:<x@example.jp>", "250 ")
			p.says("RCPT TO:<b@musubi.example>", "250 ")
			p.sendsTo("a@musubi.example", letter("x"), code(tt.b))
			p.hears(code(tt.a))
		})
	}
}

func code(err error) string {
	switch {
	case err == nil:
		return "250 "
	case errors.Is(err, inbound.ErrUnknown):
		return "550 "
	}
	return "451 "
}

// sendsTo goes on after the first recipient.
func (p *peer) sendsTo(to, message, want string) {
	p.t.Helper()
	p.says("RCPT TO:<"+to+">", "250 ")
	p.says("DATA", "354 ")
	io.WriteString(p, strings.ReplaceAll(message, "\n", "\r\n")+"\r\n.\r\n")
	p.hears(want)
}

// A recipient that nobody is gets its answer before the message is sent, and strangers' mail costs nothing.
func TestUnknownRecipient(t *testing.T) {
	office := &postOffice{admits: func(a mail.Address) error {
		switch a.Local {
		case "known":
			return nil
		case "busy":
			return errors.New("later")
		}
		return inbound.ErrUnknown
	}}
	p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
	p.says("MAIL FROM:<a@example.jp>", "250 ")
	p.says("RCPT TO:<nobody@musubi.example>", "550 5.1.1")
	p.says("RCPT TO:<busy@musubi.example>", "451 ")
	p.says("DATA", "502 ")
	p.sendsTo("Known@musubi.example", letter("x"), "250 ")
}

// Commands may come all at once (RFC 2920), and a message by BDAT (RFC 3030).
func TestPipelining(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
	io.WriteString(p, "MAIL FROM:<a@b.jp>\r\nRCPT TO:<d@musubi.example>\r\nRCPT TO:<e@other.example>\r\nDATA\r\n")
	p.hears("250 ")
	p.hears("250 ")
	p.hears("550 5.7.1")
	p.hears("354 ")
	io.WriteString(p, "Subject: one\r\n\r\nx\r\n.\r\nMAIL FROM:<a@b.jp>\r\nRCPT TO:<d@musubi.example>\r\nBDAT 14 LAST\r\nSubject: two\r\n")
	for range 4 {
		p.hears("250 ")
	}
	if got := office.subjects(); got != "one two" {
		t.Errorf("arrived: %q", got)
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []inbound.Config{{}, {Domain: own}, {Domain: own, Receiver: &postOffice{}, AuthServID: "mx"}} {
		if _, err := inbound.New(c); err == nil || !strings.HasPrefix(err.Error(), "inbound: ") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
