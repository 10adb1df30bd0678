package inbound

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"strings"

	"github.com/emersion/go-smtp"

	"musubi/transcode/mail"
)

// A session is one connection of a peer.
type session struct {
	*Server
	peer netip.Addr
	conn *smtp.Conn

	from mail.Address // of the message being sent
	to   []recipient
}

// A recipient is an address as the peer wrote it, which LMTP answers by, and as it is.
type recipient struct {
	wire string
	mail.Address
}

func (s *Server) session(conn *smtp.Conn) (smtp.Session, error) {
	return &session{Server: s, peer: peerOf(conn.Conn()), conn: conn}, nil
}

func (s *session) Reset()        { s.from, s.to = mail.Address{}, nil }
func (s *session) Logout() error { return nil }

// Mail begins a message. An empty sender is a bounce's.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.Reset()
	if from == "" {
		return nil
	}
	a, ok := mail.ParseAddress(from)
	if !ok {
		return never(501, 1, 7, "The sender is no address that can be read: ASCII without spaces, quotes and brackets is expected.")
	}
	s.from = a
	return nil
}

// Rcpt takes an address of ours. Mail for others is not passed on (SEC-94).
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	a, ok := mail.ParseAddress(to)
	if !ok {
		return never(501, 1, 3, "The recipient is no address that can be read: ASCII without spaces, quotes and brackets is expected.")
	}
	if a.Domain != s.c.Domain {
		return never(550, 7, 1, "Relaying denied: only mail for %s is taken.", s.c.Domain)
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.c.DeliverTime)
	defer cancel()
	if err := s.c.Receiver.Admits(ctx, a); err != nil {
		s.note("recipient", err)
		return answer(err)
	}
	s.to = append(s.to, recipient{to, a})
	return nil
}

// Data takes the message for all recipients with one answer. When one of them must wait all are tried again, and the
// Receiver knows what it has already; when some are refused for good and others have it, it is taken.
func (s *session) Data(r io.Reader) error {
	var refused, waits error
	taken := false
	err := s.deliver(r, func(_ recipient, err error) {
		var e *smtp.SMTPError
		switch {
		case err == nil:
			taken = true
		case errors.As(err, &e) && e.Code >= 500:
			refused = err
		default:
			waits = err
		}
	})
	switch {
	case err != nil:
		return err
	case waits != nil:
		return waits
	case taken:
		return nil
	}
	return refused
}

// LMTPData answers for each recipient.
func (s *session) LMTPData(r io.Reader, status smtp.StatusCollector) error {
	return s.deliver(r, func(to recipient, err error) { status.SetStatus(to.wire, err) })
}

// deliver receives a message and gives it to each recipient.
func (s *session) deliver(r io.Reader, each func(recipient, error)) error {
	raw, release, err := s.room.receive(r, s.c.Limits.Bytes)
	defer release()
	if err != nil {
		return broken(err)
	}
	m, err := s.read(raw)
	if err != nil {
		s.note("message", err)
		return err
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.c.DeliverTime)
	defer cancel()
	e := s.envelope()
	e.Verdict = s.judge(ctx, &e, m, raw)
	for _, to := range s.to {
		e.To = to.Address
		err := s.c.Receiver.Deliver(ctx, e, m)
		if err != nil {
			s.note("message", err)
		}
		each(to, answer(err))
	}
	return nil
}

func (s *session) envelope() Envelope {
	_, private := s.conn.TLSConnectionState()
	return Envelope{From: s.from, Peer: s.peer, Hello: s.conn.Hostname(), TLS: private}
}

// read reads the message, as far as it may be one.
func (s *session) read(raw []byte) (*mail.Message, error) {
	if bareLine(raw) {
		return nil, never(550, 6, 0, "Bare line feeds or carriage returns are not taken (RFC 5321 section 2.3.8).")
	}
	m, err := s.parse(raw)
	var r *mail.Refusal
	switch {
	case errors.As(err, &r):
		return nil, refused(r)
	case m.Kind == mail.Loop && strings.HasPrefix(m.Because, "Received"):
		return nil, never(554, 4, 6, "The message goes in circles.")
	case s.from == mail.Address{} && m.Answerable():
		m.Kind, m.Because = mail.Bounce, "envelope sender <>"
	}
	return m, nil
}

func (s *session) parse(raw []byte) (*mail.Message, error) {
	s.reading <- struct{}{}
	defer func() { <-s.reading }() // whatever happens: a place that is lost is lost for good
	return mail.Read(raw, mail.Options{Limits: s.c.Limits, Own: s.c.Domain})
}

// broken is the answer to a message that did not come whole.
func broken(err error) error {
	var e *smtp.SMTPError
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, smtp.ErrTooLongLine):
		return never(500, 6, 0, "A line is too long.")
	}
	return later(4, 4, 2, "The message did not arrive whole.")
}

// note tells operators of what was not taken: by whom, never for whom or about what.
func (s *session) note(what string, err error) {
	s.c.Log.Info("mail: "+what+" not taken", "peer", s.peer.String(), "error", err.Error())
}
