package inbound_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/gateway/inbound"
	"musubi/transcode/mail"
)

const own = "musubi.example"

// A post office is a Receiver that remembers.
type postOffice struct {
	mu     sync.Mutex
	got    []received
	admits func(mail.Address) error
	answer func(inbound.Envelope, *mail.Message) error
}

// received is a message as it was stored: nothing of it is the server's.
type received struct {
	inbound.Envelope
	subject, text string
	kind          mail.Kind
	because       string
	photo         []byte
	key           string
}

func (p *postOffice) Admits(_ context.Context, to mail.Address) error {
	if p.admits == nil {
		return nil
	}
	return p.admits(to)
}

func (p *postOffice) Deliver(_ context.Context, e inbound.Envelope, m *mail.Message) error {
	if p.answer != nil {
		if err := p.answer(e, m); err != nil {
			return err
		}
	}
	r := received{Envelope: e, subject: m.Subject, text: m.Text, kind: m.Kind, because: m.Because, key: m.Key()}
	if len(m.Attachments) > 0 {
		r.photo = m.Attachments[0].Append(nil)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, r)
	return nil
}

func (p *postOffice) all() []received {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]received(nil), p.got...)
}

// serve runs a server on loopback until the test ends, and returns its address.
func serve(t testing.TB, c inbound.Config) string {
	t.Helper()
	c.Domain = own
	s, err := inbound.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// A peer is a mail server that says what a test wants it to.
type peer struct {
	t testing.TB
	net.Conn
	in *bufio.Reader
}

func dial(t testing.TB, address string) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(time.Minute)) // a test that hangs says where
	t.Cleanup(func() { conn.Close() })
	return &peer{t, conn, bufio.NewReader(conn)}
}

// hears reads one answer, of one line or more, and wants its last line to begin so.
func (p *peer) hears(want string) string {
	p.t.Helper()
	var all strings.Builder
	for {
		line, err := p.in.ReadString('\n')
		all.WriteString(line)
		if err != nil {
			p.t.Fatalf("heard %q, then %v; want %s", all.String(), err, want)
		}
		if len(line) < 4 || line[3] != '-' {
			if !strings.HasPrefix(line, want) {
				p.t.Fatalf("heard %q, want %s", all.String(), want)
			}
			return all.String()
		}
	}
}

// says sends a line and reads the answer.
func (p *peer) says(line, want string) string {
	p.t.Helper()
	io.WriteString(p, line+"\r\n")
	return p.hears(want)
}

// greets does what comes first.
func (p *peer) greets() *peer {
	p.t.Helper()
	p.hears("220 ")
	p.says("EHLO phone.example", "250 ")
	return p
}

// sends sends one message.
func (p *peer) sends(from, to, message, want string) {
	p.t.Helper()
	p.says("MAIL FROM:<"+from+">", "250 ")
	p.says("RCPT TO:<"+to+">", "250 ")
	p.says("DATA", "354 ")
	io.WriteString(p, strings.ReplaceAll(message, "\n", "\r\n")+"\r\n.\r\n")
	p.hears(want)
}

// letter is a small mail.
func letter(subject string) string {
	return fmt.Sprintf("From: a@docomo.ne.jp\nMessage-ID: <%s@docomo.ne.jp>\nSubject: %s\n\ntext\n..a dot", subject, subject)
}

// subjects are those of all that arrived, in order.
func (p *postOffice) subjects() string {
	var b bytes.Buffer
	for _, m := range p.all() {
		fmt.Fprintf(&b, "%s ", m.subject)
	}
	return strings.TrimSpace(b.String())
}

// forget throws away what arrived.
func (p *postOffice) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = nil
}
