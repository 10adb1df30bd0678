package inbound_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/gateway/inbound"
)

// A speech is a connection of a peer that says what it has to say without waiting, hangs up, and writes down the answers.
type speech struct {
	io.Reader
	heard  bytes.Buffer
	once   sync.Once
	closed chan struct{}
}

func (s *speech) Write(b []byte) (int, error) { return s.heard.Write(b) }

func (s *speech) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *speech) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (s *speech) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (s *speech) SetDeadline(time.Time) error      { return nil }
func (s *speech) SetReadDeadline(time.Time) error  { return nil }
func (s *speech) SetWriteDeadline(time.Time) error { return nil }

// A platform is a listener for speeches.
type platform struct {
	speeches chan *speech
	done     chan struct{}
}

func (p *platform) Accept() (net.Conn, error) {
	select {
	case s := <-p.speeches:
		return s, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *platform) Close() error {
	close(p.done)
	return nil
}

func (p *platform) Addr() net.Addr { return &net.TCPAddr{} }

// FuzzSession lets a peer say anything. The server goes on, says only what is SMTP, and takes messages for its own domain alone.
func FuzzSession(f *testing.F) {
	const begin = "EHLO x\r\nMAIL FROM:<a@b.jp>\r\nRCPT TO:<d@musubi.example>\r\n"
	f.Add(begin + "DATA\r\nSubject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n")
	f.Add(begin + "BDAT 5\r\nhelloBDAT 0 LAST\r\n")
	f.Add(begin + "DATA\r\n\n.\nMAIL FROM:<e@f.jp>\r\n.\r\n")
	f.Add("LHLO x\r\nHELO\r\nSTARTTLS\r\nAUTH PLAIN =\r\nVRFY a\r\nEXPN a\r\nRSET\r\nNOOP\r\n")
	f.Add("EHLO x\r\nMAIL FROM:<\"a..\"@docomo.ne.jp> SIZE=99999999999 BODY=8BITMIME\r\nRCPT TO:<@a:b@musubi.example>\r\n")
	office := &postOffice{}
	s, err := inbound.New(inbound.Config{Domain: own, Receiver: office, Connections: 1000, PerPeer: 1000})
	if err != nil {
		f.Fatal(err)
	}
	ln := &platform{make(chan *speech), make(chan struct{})}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	f.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		s.Close(ctx)
		if err := <-done; err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, said string) {
		conn := &speech{Reader: strings.NewReader(said), closed: make(chan struct{})}
		ln.speeches <- conn
		<-conn.closed
		for line := range strings.Lines(conn.heard.String()) {
			if strings.HasSuffix(line, "\r\n") && (len(line) < 5 || line[0] < '2' || line[0] > '5') {
				t.Errorf("the server says %q", line)
			}
		}
		for _, m := range office.all() {
			if m.To.Domain != own {
				t.Errorf("a message for %s was taken", m.To)
			}
		}
		office.forget()
	})
}
