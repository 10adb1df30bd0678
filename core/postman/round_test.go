package postman

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"musubi/core/outbox"
)

// An office is a real mail server that takes what it is told to and remembers who called.
type office struct {
	mu       sync.Mutex
	hellos   []string
	senders  []string
	messages []string
}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hellos = append(o.hellos, c.Hostname())
	return &clerk{office: o}, nil
}

type clerk struct {
	*office
	to string
}

func (c *clerk) Mail(from string, _ *smtp.MailOptions) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.senders = append(c.senders, from)
	return nil
}

func (c *clerk) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	switch {
	case strings.HasPrefix(to, "unknown"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "Unknown user " + to}
	case strings.HasPrefix(to, "later"):
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "later"}
	}
	return nil
}

func (c *clerk) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(c.to, "filter") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 2, 0}, Message: "Unknown user " + c.to}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.messages = append(c.messages, string(b))
	return nil
}

func (c *clerk) Reset()        {}
func (c *clerk) Logout() error { return nil }

// openOffice starts one and returns a postman who goes there.
func openOffice(t *testing.T, query string) (*office, *Postman) {
	t.Helper()
	o := &office{}
	s := smtp.NewServer(o)
	s.Domain, s.AllowInsecureAuth = "mx.example", true
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(ln)
	t.Cleanup(func() { s.Close() })
	p, err := Open("smtp://" + ln.Addr().String() + "?from=post@musubi.example" + query)
	if err != nil {
		t.Fatal(err)
	}
	return o, p
}

// Several letters go over one connection, each under its own return address; a refusal is told apart by when it comes, and does not
// end the connection.
func TestRound(t *testing.T) {
	o, p := openOffice(t, "&name=www.musubi.example")
	round, end := p.Connect()
	for _, tt := range []struct {
		to           string
		code         int // of a refusal; 0: none
		atData, fail bool
	}{
		{"a@docomo.ne.jp", 0, false, false},
		{"unknown@docomo.ne.jp", 550, false, true},
		{"filter@docomo.ne.jp", 550, true, true},
		{"later@docomo.ne.jp", 0, false, true},
		{"b..@docomo.ne.jp", 0, false, false},
	} {
		err := round.Send(context.Background(), outbox.Mail{To: tt.to, Subject: "題", Body: "本文", Return: "b-1@musubi.example"})
		var never *outbox.Refusal
		refused := errors.As(err, &never)
		if (err != nil) != tt.fail || refused != (tt.code != 0) || refused && (never.Code != tt.code || never.AtData != tt.atData) {
			t.Errorf("%s: %v", tt.to, err)
		}
	}
	end()
	if len(o.messages) != 2 || len(o.hellos) != 2 || o.hellos[0] != "www.musubi.example" || o.senders[0] != "b-1@musubi.example" {
		t.Errorf("%d letters arrived over %d connections (one more after the answer that may change) from %q, as %q", len(o.messages), len(o.hellos), o.senders, o.hellos)
	}
}

// What goes out is signed so that a receiver believes it, the way to unsubscribe with it.
func TestSigned(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	o, p := openOffice(t, "")
	if err := p.SignWith(file, "s1"); err != nil {
		t.Fatal(err)
	}
	if err := p.Send(context.Background(), outbox.Mail{To: "a@example.jp", Subject: "題", Body: "本文\n二行目\n", Unsubscribe: "https://musubi.example/unsubscribe?t=x"}); err != nil {
		t.Fatal(err)
	}
	asked := ""
	found, err := dkim.VerifyWithOptions(strings.NewReader(o.messages[0]), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		asked = name
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}})
	if err != nil || len(found) != 1 || found[0].Err != nil || asked != "s1._domainkey.musubi.example" {
		t.Fatalf("%+v, %v; asked for %s", found, err, asked)
	}
	for _, want := range []string{"List-Unsubscribe: <https://musubi.example/unsubscribe?t=x>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"} {
		if !strings.Contains(o.messages[0], want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
	if !bytes.Contains([]byte(strings.Join(found[0].HeaderKeys, " ")), []byte("List-Unsubscribe-Post")) {
		t.Errorf("signed are %q", found[0].HeaderKeys)
	}
	os.WriteFile(file, []byte("no key"), 0o600)
	if err := p.SignWith(file, "s1"); err == nil {
		t.Error("a file without a key is taken for one")
	}
}

var timeOf2007 = time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)

// A long subject becomes words of at most 75 characters, and half-width kana full ones.
func TestLongSubject(t *testing.T) {
	raw := (&Postman{from: "c@d.jp"}).write(outbox.Mail{To: "a@b.jp", Subject: strings.Repeat("長い題名ｶﾞ", 10), Body: "ﾊﾟﾝ。"}, timeOf2007)
	head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	words := 0
	for line := range strings.SplitSeq(head, "\r\n") {
		if _, w, ok := strings.Cut(line, "=?ISO-2022-JP?"); ok {
			if words++; len("=?ISO-2022-JP?"+w) > maxWord {
				t.Errorf("a word of %d characters: %s", len(w), line)
			}
		}
	}
	if words < 3 {
		t.Errorf("%d words in\n%s", words, head)
	}
	if want, _ := jis("パン。"); body != want {
		t.Errorf("the body is %q, want %q", body, want)
	}
	answer := string((&Postman{from: "c@d.jp"}).write(outbox.Mail{To: "a@b.jp", Subject: "x", Answers: "1@docomo.ne.jp\r\nBcc: x"}, timeOf2007))
	if !strings.Contains(answer, "Auto-Submitted: auto-replied\r\nIn-Reply-To: <1@docomo.ne.jpBcc: x>\r\n") {
		t.Errorf("an answer says\n%s", answer)
	}
}
