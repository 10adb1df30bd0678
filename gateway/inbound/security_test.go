package inbound_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"musubi/gateway/inbound"
	"musubi/transcode/mail"
)

func TestSEC94_NoRelay(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
	p.says("MAIL FROM:<a@example.jp>", "250 ")
	for _, to := range []string{
		"<x@example.com>", "<x@musubi.example.evil.example>", "<x@sub.musubi.example>", "<x@notmusubi.example>", "<@musubi.example:x@example.com>",
		"<x%example.com>", "<\"x@example.com\"@musubi.example>", "<x@example.com@musubi.example>", "<x@[127.0.0.1]>", "<x@localhost>", "<postmaster>",
		"<花@musubi.example>", "<a b@musubi.example>", "<\xff@musubi.example>", "<>", "<a\x00b@musubi.example>",
	} {
		p.says("RCPT TO:"+to, "5")
		p.says("NOOP", "250 ")
		if strings.Count(to, "@") == 0 { // go-smtp hangs up after a few commands that make no sense
			p = dial(t, p.RemoteAddr().String()).greets()
			p.says("MAIL FROM:<a@example.jp>", "250 ")
		}
	}
	p.says("DATA", "502 ")
	if n := len(office.all()); n != 0 {
		t.Errorf("%d messages were taken", n)
	}
}

func TestSEC94_NothingIsTold(t *testing.T) {
	p := dial(t, serve(t, inbound.Config{Receiver: &postOffice{}})).greets()
	p.says("VRFY known", "252 ")
	p.says("EXPN all", "502 ")
	p.says("AUTH PLAIN AGEAYg==", "5")
	if banner := p.says("EHLO x", "250 "); strings.Contains(banner, "AUTH") || strings.Contains(banner, "SMTPUTF8") {
		t.Errorf("offers %q", banner)
	}
}

// TestSEC94_Smuggling: what another server may take for the end of a message is none here, and a message that has it is
// refused whole. What follows is never taken for commands.
func TestSEC94_Smuggling(t *testing.T) {
	const hidden = "MAIL FROM:<forged@musubi.example>\r\nRCPT TO:<d@musubi.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r\n\x00.\r\n", "\r\r\n.\r\r\n"} {
		t.Run(fmt.Sprintf("%q", end), func(t *testing.T) {
			office := &postOffice{}
			p := dial(t, serve(t, inbound.Config{Receiver: office})).greets()
			p.says("MAIL FROM:<a@example.jp>", "250 ")
			p.says("RCPT TO:<d@musubi.example>", "250 ")
			p.says("DATA", "354 ")
			io.WriteString(p, "Subject: outer\r\n\r\ntext"+end+hidden+"\r\n.\r\n")
			bare := strings.ContainsAny(strings.ReplaceAll(end, "\r\n", ""), "\r\n")
			if end == "\r\n.\r" {
				bare = false // go-smtp reads a dot and a CR at the beginning of a line as nothing: one message, and no line end
			}
			if bare {
				p.hears("550 5.6.0")
			} else {
				p.hears("250 ")
			}
			p.says("NOOP", "250 ") // nothing else was answered before
			if got := office.subjects(); got != "" && (bare || got != "outer") {
				t.Errorf("arrived: %q", got)
			}
		})
	}
}

// TestSEC94_StartTLS: what was said before the connection was private does not count after.
func TestSEC94_StartTLS(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office, TLS: &tls.Config{Certificates: []tls.Certificate{certificate(t)}}}))
	if banner := p.greets().says("EHLO x", "250 "); !strings.Contains(banner, "STARTTLS") {
		t.Fatalf("offers %q", banner)
	}
	p.says("MAIL FROM:<plain@example.jp>", "250 ")
	io.WriteString(p, "STARTTLS\r\n")
	p.hears("220 ")
	private := tls.Client(p.Conn, &tls.Config{InsecureSkipVerify: true})
	q := &peer{t, private, nil}
	q.in = bufio.NewReader(private)
	q.says("RCPT TO:<d@musubi.example>", "502 ")
	q.says("EHLO x", "250 ")
	q.says("RCPT TO:<d@musubi.example>", "502 ")
	q.sends("a@example.jp", "d@musubi.example", letter("private"), "250 ")
	if got := office.all(); len(got) != 1 || !got[0].TLS {
		t.Errorf("arrived: %+v", got)
	}
}

// TestSEC94_StartTLSInjection: commands that come in one piece with STARTTLS are thrown away or end the connection; none is
// carried out as if it had come privately.
func TestSEC94_StartTLSInjection(t *testing.T) {
	office := &postOffice{}
	p := dial(t, serve(t, inbound.Config{Receiver: office, TLS: &tls.Config{Certificates: []tls.Certificate{certificate(t)}}})).greets()
	io.WriteString(p, "STARTTLS\r\nEHLO evil\r\nMAIL FROM:<forged@example.jp>\r\nRCPT TO:<d@musubi.example>\r\nDATA\r\nSubject: injected\r\n\r\nx\r\n.\r\n")
	p.hears("220 ")
	private := tls.Client(p.Conn, &tls.Config{InsecureSkipVerify: true})
	if err := private.Handshake(); err == nil {
		q := &peer{t, private, bufio.NewReader(private)}
		q.says("DATA", "502 ")
	}
	if got := office.subjects(); got != "" {
		t.Errorf("arrived: %q", got)
	}
}

// TestSEC91_TooMuch: what is more than the bounds is refused, and the connection goes on where it can.
func TestSEC91_TooMuch(t *testing.T) {
	office := &postOffice{}
	address := serve(t, inbound.Config{Receiver: office, Limits: mail.Limits{Bytes: 100_000}, Recipients: 2, LineBytes: 4000})
	p := dial(t, address).greets()
	p.says("MAIL FROM:<a@b.jp> SIZE=100001", "552 ")
	p.sends("a@b.jp", "d@musubi.example", strings.Repeat("0123456789\n", 20_000), "552 ")
	p.sends("a@b.jp", "d@musubi.example", "Content-Type: multipart/mixed; boundary=b\n\n"+strings.Repeat("--b\n\n\n", 100), "554 5.6.0")
	p.says("MAIL FROM:<a@b.jp>", "250 ")
	p.says("RCPT TO:<a@musubi.example>", "250 ")
	p.says("RCPT TO:<b@musubi.example>", "250 ")
	p.says("RCPT TO:<c@musubi.example>", "452 ")
	p.sendsData(letter("two recipients"), "250 ")
	if got := len(office.all()); got != 2 {
		t.Errorf("%d messages were taken, want one for each of two recipients", got)
	}
	p.says("MAIL FROM:<a@b.jp>", "250 ")
	p.says("RCPT TO:<a@musubi.example>", "250 ")
	p.sendsData(strings.Repeat("x", 5000), "500 ")
	q := dial(t, address)
	q.hears("220 ")
	q.says("EHLO "+strings.Repeat("x", 5000), "500 ")
}

func (p *peer) sendsData(message, want string) {
	p.t.Helper()
	p.says("DATA", "354 ")
	io.WriteString(p, strings.ReplaceAll(message, "\n", "\r\n")+"\r\n.\r\n")
	p.hears(want)
}

// TestSEC94_Connections: one address has so many at once, and all together.
func TestSEC94_Connections(t *testing.T) {
	nobody := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	for _, tt := range []struct {
		name   string
		config inbound.Config
		let    int
	}{
		{"one peer", inbound.Config{PerPeer: 2, Connections: 10, Trusted: nobody}, 2},
		{"all", inbound.Config{PerPeer: 10, Connections: 3, Trusted: nobody}, 3},
		{"a trusted peer", inbound.Config{PerPeer: 1, Connections: 3}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.config.Receiver = &postOffice{}
			address := serve(t, tt.config)
			var in []*peer
			for range tt.let {
				in = append(in, dial(t, address).greets())
			}
			dial(t, address).hears("421 4.7.0")
			in[0].says("QUIT", "221 ")
			io.ReadAll(in[0].in) // until the server has closed it
			dial(t, address).greets()
		})
	}
}

// LMTP is for one's own mail server.
func TestSEC94_LMTPIsNotForTheWorld(t *testing.T) {
	address := serve(t, inbound.Config{Receiver: &postOffice{}, LMTP: true, Trusted: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	dial(t, address).hears("554 5.7.1")
}

// A connection that is cut within a message leaves nothing.
func TestCutOff(t *testing.T) {
	office := &postOffice{}
	address := serve(t, inbound.Config{Receiver: office, Connections: 1})
	p := dial(t, address).greets()
	p.says("MAIL FROM:<a@b.jp>", "250 ")
	p.says("RCPT TO:<d@musubi.example>", "250 ")
	p.says("DATA", "354 ")
	io.WriteString(p, "Subject: half\r\n\r\nx\r\n")
	p.Close()
	for {
		q := dial(t, address) // the only place is free again when the server has seen the end
		line, err := q.in.ReadString('\n')
		if err == nil && strings.HasPrefix(line, "220") {
			break
		}
		q.Close()
	}
	if got := office.subjects(); got != "" {
		t.Errorf("arrived: %q", got)
	}
}

// certificate is one for the length of a test.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestSEC91_ServerMemory: forty peers that send nearly a megabyte each and do not come to an end hold no more than the
// room for messages, six; those for whom there is none hear so, the others are taken, and all is given back.
func TestSEC91_ServerMemory(t *testing.T) {
	office := &postOffice{}
	address := serve(t, inbound.Config{Receiver: office, MemoryBytes: 6 << 20, Limits: mail.Limits{Bytes: 1 << 20}, PerPeer: 40, Trusted: []netip.Prefix{}})
	block := []byte(strings.Repeat(strings.Repeat("A", 76)+"\r\n", 840)) // 64 KB
	var before, held runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peers []*peer
	for range 40 {
		p := dial(t, address).greets()
		peers = append(peers, p)
		p.says("MAIL FROM:<a@b.jp>", "250 ")
		p.says("RCPT TO:<d@musubi.example>", "250 ")
		p.says("DATA", "354 ")
		io.WriteString(p, "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		for range 14 {
			if _, err := p.Write(block); err != nil {
				t.Fatal(err)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&held)
	if live := int64(held.HeapAlloc) - int64(before.HeapAlloc); live > 16<<20 {
		t.Errorf("%d bytes are held", live)
	}
	taken, refused := 0, 0
	for _, p := range peers {
		io.WriteString(p, "\r\n.\r\n")
		switch answer := p.hears(""); answer[:4] {
		case "250 ":
			taken++
		case "452 ":
			refused++
		default:
			t.Errorf("heard %q", answer)
		}
	}
	if taken < 2 || refused < 20 || taken+refused != 40 {
		t.Errorf("%d were taken, %d were told to come later", taken, refused)
	}
	peers[0].sends("a@b.jp", "d@musubi.example", strings.ReplaceAll(strings.Repeat(string(block), 20), "\r\n", "\n"), "552 ")
	peers[0].sends("a@b.jp", "d@musubi.example", letter("after"), "250 ")
}
