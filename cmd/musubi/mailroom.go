package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/mailpost"
	"musubi/core/network"
	"musubi/core/outbox"
	"musubi/core/postman"
	"musubi/gateway/inbound"
	"musubi/transcode/mail"
)

// A mailRoom takes mail that comes in, until it is closed.
type mailRoom struct {
	server  *inbound.Server
	address string
	ended   chan error
}

// openMail listens, when the settings say so; nil: they do not.
func openMail(o *incoming, domain string, services *network.Services, log *slog.Logger) (*mailRoom, error) {
	if domain == "" {
		return nil, nil
	}
	c := inbound.Config{Domain: domain, Receiver: &postOffice{services}, Limits: mail.Limits{Bytes: o.MailMB << 20}, AuthServID: o.MailAuthID, Log: log}
	address, lmtp := strings.CutPrefix(o.MailListen, "lmtp:")
	c.LMTP = lmtp
	for _, peer := range o.MailPeers {
		p, err := netip.ParsePrefix(peer)
		if err != nil {
			return nil, badUsage("--mail-peers: %v", err)
		}
		c.Trusted = append(c.Trusted, p)
	}
	if o.MailCert != "" {
		pair, err := tls.LoadX509KeyPair(o.MailCert, o.MailKey)
		if err != nil {
			return nil, badUsage("--mail-cert, --mail-key: %v", err)
		}
		c.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	server, err := inbound.New(c)
	if err != nil {
		return nil, badUsage("%v", err)
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, badUsage("--mail-listen %s: %v", o.MailListen, err)
	}
	r := &mailRoom{server: server, address: ln.Addr().String(), ended: make(chan error, 1)}
	go func() { r.ended <- server.Serve(ln) }()
	return r, nil
}

// Close lets sessions end for a moment. What is not acknowledged then, its sender sends again.
func (r *mailRoom) Close() error {
	if r == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return errors.Join(r.server.Close(ctx), <-r.ended)
}

// openPostman opens the way to a mail server; letters are signed where there is a key.
func (o *incoming) openPostman(server string) (*postman.Postman, error) {
	p, err := postman.Open(server)
	if err == nil && o.DKIMKey != "" {
		if err = p.SignWith(o.DKIMKey, o.DKIMSelector); err != nil {
			err = badUsage("--dkim-key: %v", err)
		}
	}
	return p, err
}

// A postOffice gives mail that comes in to the core. It implements inbound.Receiver.
type postOffice struct{ core *network.Services }

// Admits implements inbound.Receiver.
func (p *postOffice) Admits(ctx context.Context, to mail.Address) error {
	return lastWord(p.core.Mailpost.Knows(ctx, to.Local))
}

// Deliver implements inbound.Receiver.
func (p *postOffice) Deliver(ctx context.Context, e inbound.Envelope, m *mail.Message) error {
	l := &mailpost.Letter{
		To: e.To.Local, From: m.From.String(), ID: m.ID, Key: m.Key(), Personal: m.Answerable(), Bounce: m.Kind == mail.Bounce, Denied: e.Verdict.Denies(m.From.Domain),
		Subject: m.Subject, Text: m.Text, Own: mail.WithoutQuotes(m.Text),
	}
	for _, r := range m.Reports {
		l.Reports = append(l.Reports, outbox.Report{Failed: r.Failed(), Status: r.Status})
	}
	for i := range m.Attachments {
		a := &m.Attachments[i]
		l.Files = append(l.Files, mailpost.File{Film: a.Kind == mail.Video, Format: a.Format, Bytes: func() []byte { return a.Append(nil) }})
	}
	return lastWord(p.core.Mailpost.Receive(ctx, l))
}

// refusals are what the sender's mail server is told for good.
var refusals = []struct {
	err   error
	words *inbound.Permanent
}{
	{core.ErrNotFound, inbound.ErrUnknown},
	{mailpost.ErrStranger, &inbound.Permanent{Words: "Only the member's own registered addresses may send here."}},
	{mailpost.ErrAutomatic, &inbound.Permanent{Words: "Only mail that a person wrote is posted."}},
	{mailpost.ErrForged, &inbound.Permanent{Status: [3]int{5, 7, 23}, Words: "The sender's domain says that it did not send this (SPF)."}},
	{mailpost.ErrMistake, &inbound.Permanent{Code: 554, Status: [3]int{5, 6, 0}, Words: "The mail cannot be posted. A letter told its sender today why."}},
}

// lastWord turns what will never change into the answer that says so; any other error means later.
func lastWord(err error) error {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.words
		}
	}
	return err
}
