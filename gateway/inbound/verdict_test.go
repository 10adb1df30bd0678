package inbound

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"musubi/transcode/mail"
)

// A zone answers from a table: TXT records by name.
type zone map[string]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	switch s, ok := z[name]; {
	case s == "!":
		return nil, &net.DNSError{Err: "out of order", Name: name, IsTemporary: true}
	case ok:
		return []string{s}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(context.Context, string) ([]*net.MX, error)          { return nil, nil }
func (z zone) LookupIPAddr(context.Context, string) ([]net.IPAddr, error)   { return nil, nil }
func (z zone) LookupAddr(context.Context, string) (names []string, _ error) { return nil, nil }

type nobody struct{}

func (nobody) Admits(context.Context, mail.Address) error             { return nil }
func (nobody) Deliver(context.Context, Envelope, *mail.Message) error { return nil }

func newServer(t *testing.T, c Config) *Server {
	t.Helper()
	c.Domain, c.Receiver = "musubi.example", nobody{}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func judged(t *testing.T, s *Server, e Envelope, raw []byte) Verdict {
	t.Helper()
	m, err := mail.Read(raw, mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.judge(t.Context(), &e, m, raw)
}

func TestSEC90_SPF(t *testing.T) {
	s := newServer(t, Config{Resolver: zone{"docomo.ne.jp": "v=spf1 ip4:203.138.203.0/24 -all", "soft.example": "v=spf1 ~all", "broken.example": "v=spf1 ip4:x -all", "down.example": "!"}})
	for _, tt := range []struct {
		from, hello, peer string
		want              Result
		vouches, denies   bool
	}{
		{"a..b@docomo.ne.jp", "mail.docomo.ne.jp", "203.138.203.9", Pass, true, false},
		{"a..b@docomo.ne.jp", "mail.docomo.ne.jp", "198.51.100.9", Fail, false, true},
		{"", "docomo.ne.jp", "203.138.203.9", Pass, true, false},
		{"a@soft.example", "x", "198.51.100.9", SoftFail, false, false},
		{"a@unknown.example", "x", "198.51.100.9", None, false, false},
		{"a@broken.example", "x", "198.51.100.9", PermError, false, false},
		{"a@down.example", "x", "198.51.100.9", TempError, false, false},
		{"a@docomo.ne.jp", "x", "127.0.0.1", None, false, false},    // cannot be known
		{"a@docomo.ne.jp", "x", "192.168.0.25", None, false, false}, // a forwarder of one's own
		{"a@evil.example", "x", "203.138.203.9", None, false, false},
	} {
		from, _ := mail.ParseAddress(tt.from)
		v := judged(t, s, Envelope{From: from, Hello: tt.hello, Peer: netip.MustParseAddr(tt.peer)}, []byte("From: a@docomo.ne.jp\r\n\r\nx"))
		if v.SPF != tt.want || v.Vouches("docomo.ne.jp") != tt.vouches || v.Denies("docomo.ne.jp") != tt.denies {
			t.Errorf("%s from %s: %+v, want %s", tt.from, tt.peer, v, tt.want)
		}
	}
}

func TestSEC90_DKIM(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, Config{Resolver: zone{"k._domainkey.softbank.jp": "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), "k._domainkey.down.example": "!"}})
	sign := func(domain string) string {
		var out bytes.Buffer
		plain := strings.NewReader("From: a@i.softbank.jp\r\nSubject: x\r\n\r\ntext\r\n")
		if err := dkim.Sign(&out, plain, &dkim.SignOptions{Domain: domain, Selector: "k", Signer: private}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	e := Envelope{Peer: netip.MustParseAddr("127.0.0.1")}
	good := sign("softbank.jp")
	for _, tt := range []struct {
		name, raw string
		want      Result
		vouches   bool
	}{
		{"as it was sent", good, Pass, true},
		{"changed on the way", strings.Replace(good, "text", "other", 1), Fail, false},
		{"no such key", sign("evil.example"), Fail, false},
		{"key cannot be looked up", sign("down.example"), TempError, false},
	} {
		v := judged(t, s, e, []byte(tt.raw))
		if len(v.DKIM) != 1 || v.DKIM[0].Result != tt.want || v.Vouches("i.softbank.jp") != tt.vouches || v.Vouches("evil.example") {
			t.Errorf("%s: %+v, want %s", tt.name, v, tt.want)
		}
	}
	many := judged(t, s, e, []byte(strings.Repeat("DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=k; h=from; bh=x; b=y\r\n", 200)+"From: a@b.jp\r\n\r\nx"))
	if len(many.DKIM) > maxSignatures {
		t.Errorf("%d signatures were looked at", len(many.DKIM))
	}
}

func TestSEC90_TrustedResults(t *testing.T) {
	s := newServer(t, Config{LMTP: true, AuthServID: "mx.musubi.example"})
	const received = "Received: from a by b; Sat, 03 Mar 2007 12:00:00 +0900\r\n"
	ours := "Authentication-Results: mx.musubi.example; spf=pass smtp.mailfrom=a@docomo.ne.jp; dkim=pass header.d=docomo.ne.jp\r\n"
	oursFailed := "Authentication-Results: mx.musubi.example; spf=fail smtp.mailfrom=a@docomo.ne.jp; dkim=none\r\n"
	for _, tt := range []struct {
		name, head      string
		vouches, denies bool
	}{
		{"below our Received", received + ours + received, true, false},
		{"above it", ours + received, true, false},
		{"in two fields", received + "Authentication-Results: mx.musubi.example; spf=fail smtp.mailfrom=docomo.ne.jp\r\nAuthentication-Results: mx.musubi.example; dkim=pass header.i=@docomo.ne.jp\r\n", true, false},
		{"refused", received + oursFailed, false, true},
		{"of another server", received + strings.ReplaceAll(ours, "mx.musubi", "mx.evil"), false, false},
		{"came with the message", received + received + ours, false, false},
		{"came with the message, beside ours", received + oursFailed + ours, false, true},
		{"nonsense", received + "Authentication-Results: ;;;=\r\n", false, false},
		{"none", received, false, false},
	} {
		v := judged(t, s, Envelope{Peer: netip.MustParseAddr("127.0.0.1")}, []byte(tt.head+"From: a@docomo.ne.jp\r\n\r\nx"))
		if v.Vouches("docomo.ne.jp") != tt.vouches || v.Denies("docomo.ne.jp") != tt.denies || v.By != "mx.musubi.example" {
			t.Errorf("%s: %+v", tt.name, v)
		}
	}
}
