package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/core"
	"musubi/core/mailpost"
	"musubi/core/network"
	"musubi/core/outbox"
	"musubi/core/postman"
	"musubi/gateway/inbound"
	"musubi/gateway/wire"
	"musubi/transcode/mail"
	"musubi/transcode/text"
)

// A mailRoom takes mail that comes in, until it is closed.
type mailRoom struct {
	desks   []mailDesk
	address string // of the first
	log     *slog.Logger
}

// A mailDesk is one listener.
type mailDesk struct {
	server *inbound.Server
	ended  chan error
}

// openMail listens, where the settings say so; nil: nowhere.
func openMail(o *incoming, domain string, services *network.Services, log *slog.Logger) (r *mailRoom, err error) {
	if domain == "" {
		return nil, nil
	}
	c := inbound.Config{Domain: domain, Receiver: &postOffice{services, make(chan struct{}, postWorkers)}, Limits: mail.Limits{Bytes: o.MailMB << 20}, Log: log}
	if c.Trusted, err = o.peers(); err != nil {
		return nil, err
	}
	pairs, err := o.mailPair()
	if err != nil {
		return nil, err
	}
	if len(pairs) > 0 {
		c.TLS = &tls.Config{Certificates: pairs, MinVersion: tls.VersionTLS12}
	}
	r = &mailRoom{log: log}
	if o.SMTPListen != "" {
		err = r.open(c, "smtp-listen", o.SMTPListen)
	}
	if c.LMTP, c.AuthServID = true, o.MailAuthID; err == nil && o.LMTPListen != "" {
		err = r.open(c, "lmtp-listen", o.LMTPListen)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// peers parses --mail-peers.
func (o *incoming) peers() (list []netip.Prefix, err error) {
	for _, peer := range o.MailPeers {
		p, err := netip.ParsePrefix(peer)
		if err != nil {
			return nil, badUsage("--mail-peers %s: expected address ranges like 192.0.2.0/24", peer)
		}
		list = append(list, p)
	}
	return list, nil
}

// mailPair reads the certificate for STARTTLS, if there is one.
func (o *incoming) mailPair() ([]tls.Certificate, error) {
	if o.MailCert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(o.MailCert, o.MailKey)
	if err != nil {
		return nil, badUsage("--mail-cert, --mail-key: %v; expected a certificate and its key, in PEM", err)
	}
	return []tls.Certificate{pair}, nil
}

// open adds a listener.
func (r *mailRoom) open(c inbound.Config, flag, address string) error {
	server, err := inbound.New(c)
	if err != nil {
		return badUsage("%v", err)
	}
	ln, err := socketOf(flag, address, r.log)
	if err != nil {
		return err
	}
	if r.address == "" {
		r.address = ln.Addr().String()
	}
	r.log.Info("mail comes in", "by", "--"+flag, "address", ln.Addr().String()) // with the port, where 0 was asked for
	d := mailDesk{server, make(chan error, 1)}
	r.desks = append(r.desks, d)
	go func() { d.ended <- server.Serve(wire.Patient(ln)) }()
	return nil
}

// Close lets sessions end for a moment. What is not acknowledged then, its sender sends again.
func (r *mailRoom) Close() (err error) {
	if r == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, d := range r.desks {
		err = errors.Join(err, d.server.Close(ctx), <-d.ended)
	}
	return err
}

// openPostman opens the way to a mail server; letters are signed where there is a key.
func (o *incoming) openPostman(server string) (*postman.Postman, error) {
	p, err := postman.Open(server)
	if err != nil {
		return nil, badUsage("--smtp: %v", err)
	}
	if p.SpeakTo(tongueOf); o.DKIMKey != "" {
		if err = p.SignWith(o.DKIMKey, o.DKIMSelector); err != nil {
			err = badUsage("--dkim-key: %v", err)
		}
	}
	return p, err
}

// tongues are how handsets read mail with emoji (docs/mail.md §8); who is not here reads Unicode.
var tongues = map[carriers.Carrier]struct {
	set     carriers.EmojiSet
	charset carriers.Charset
}{
	carriers.DoCoMo:   {carriers.EmojiDoCoMo, carriers.ShiftJIS},
	carriers.Au:       {carriers.EmojiAu, carriers.ISO2022JP},
	carriers.SoftBank: {carriers.EmojiSoftBank, carriers.UTF8},
	carriers.Willcom:  {carriers.EmojiNone, carriers.ISO2022JP},
	carriers.Emobile:  {carriers.EmojiNone, carriers.ISO2022JP},
}

// mailCodec is how the handset behind an address reads and writes; nil: as everybody does today.
func mailCodec(address string) *text.Codec {
	_, domain, _ := strings.Cut(address, "@")
	c := carriers.ByMailDomain(domain)
	t, ok := tongues[c]
	if !ok {
		return nil
	}
	return text.ForMail(c, t.set, t.charset)
}

// tongueOf is how the postman writes to an address.
func tongueOf(address string) (postman.Tongue, bool) {
	codec := mailCodec(address)
	if codec == nil {
		return postman.Tongue{}, false
	}
	_, domain, _ := strings.Cut(address, "@")
	charset := tongues[carriers.ByMailDomain(domain)].charset
	return postman.Tongue{Charset: charset.String(), SevenBit: charset == carriers.ISO2022JP,
		Append: func(dst []byte, s string) []byte { dst, _ = codec.AppendString(dst, s, 0); return dst }}, true
}

// asHandset is a text as the handset behind an address shows it: an emoji that it has not is a word, what it has no code for at all
// a near sign or 〓.
func asHandset(address, s string) string {
	codec := mailCodec(address)
	if codec == nil {
		return s
	}
	raw, _ := codec.AppendString(nil, s, 0)
	return string(codec.AppendDecode(nil, raw))
}

// A postOffice gives mail that comes in to the core. It implements inbound.Receiver.
type postOffice struct {
	core  *network.Services
	files chan struct{} // letters whose pictures are being made: what takes memory
}

// postWorkers is how many letters with pictures or films are posted at the same time.
const postWorkers = 2

// Admits implements inbound.Receiver.
func (p *postOffice) Admits(ctx context.Context, to mail.Address) error {
	return lastWord(p.core.Mailpost.Knows(ctx, to.Local))
}

// Deliver implements inbound.Receiver.
func (p *postOffice) Deliver(ctx context.Context, e inbound.Envelope, m *mail.Message) error {
	l := &mailpost.Letter{
		To: e.To.Local, From: m.From.String(), ID: m.ID, Key: m.Key() + " " + m.Sum(), Personal: m.Answerable(), Bounce: m.Kind == mail.Bounce, Denied: e.Verdict.Denies(m.From.Domain),
		Subject: m.Subject, Text: m.Text, Own: mail.WithoutQuotes(m.Text), Missed: m.Missed() > 0,
	}
	for _, r := range m.Reports {
		l.Reports = append(l.Reports, outbox.Report{Failed: r.Failed(), Status: r.Status})
	}
	for i := range m.Attachments {
		a := &m.Attachments[i]
		l.Files = append(l.Files, mailpost.File{Film: a.Kind == mail.Video, Format: a.Format, Bytes: func() []byte { return a.Append(nil) }, Open: a.Open})
	}
	if len(l.Files) > 0 {
		select {
		case p.files <- struct{}{}:
			defer func() { <-p.files }()
		case <-ctx.Done():
			return ctx.Err()
		}
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
	{mailpost.ErrUntold, &inbound.Permanent{Code: 554, Status: [3]int{5, 6, 0}, Words: "The mail cannot be posted, and letters that say why come back from its sender's address."}},
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
