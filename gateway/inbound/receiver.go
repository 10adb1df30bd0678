package inbound

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/emersion/go-smtp"

	"musubi/transcode/mail"
)

// A Receiver is who mail is for.
type Receiver interface {
	// Admits says whether there is anybody at an address of ours, before the message is sent: nil, a *Permanent, or another
	// error, which means that it cannot be told now.
	Admits(ctx context.Context, to mail.Address) error
	// Deliver takes a message for one recipient. It returns nil only when the message is stored for good: the peer forgets
	// it then. A *Permanent error is told to the peer, any other makes it try again later; the same message
	// ([mail.Message.Key]) may therefore come twice, and must be stored once. Nothing of m may be kept after the return but
	// its strings: the bytes of photos are the server's.
	Deliver(ctx context.Context, e Envelope, m *mail.Message) error
}

// An Envelope is what the peer said of a message, and what is known of the peer.
type Envelope struct {
	From    mail.Address // whom to tell when it does not arrive; zero: nobody (<>)
	To      mail.Address
	Peer    netip.Addr
	Hello   string // as the peer calls itself
	TLS     bool
	Verdict Verdict
}

// A Permanent error is the last word: the peer tells its sender. Any other error means later.
type Permanent struct {
	Code   int    // 550 and the like; 0: 550
	Status [3]int // RFC 3463; zero: 5.7.1
	Words  string // for whoever reads the answer: what is wrong, and what to do
}

func (p *Permanent) Error() string { return p.Words }

// ErrUnknown is the answer to an address that nobody has.
var ErrUnknown = &Permanent{Code: 550, Status: [3]int{5, 1, 1}, Words: "No such address here. Ask the member for their new one."}

// answer is err as the peer hears it. What is not Permanent stays here: the peer hears only that it may come again.
func answer(err error) error {
	var p *Permanent
	var s *smtp.SMTPError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		code, status := p.Code, p.Status
		if code == 0 {
			code = 550
		}
		if status == [3]int{} {
			status = [3]int{5, 7, 1}
		}
		return &smtp.SMTPError{Code: code, EnhancedCode: status, Message: oneLine(p.Words)}
	case errors.As(err, &s):
		return s
	}
	return later(4, 3, 0, "Not now. Please try again later.")
}

func later(class, subject, detail int, words string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: words}
}

func never(code, subject, detail int, format string, args ...any) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{5, subject, detail}, Message: fmt.Sprintf(format, args...)}
}

// oneLine keeps an answer from becoming two, and in ASCII: not every peer reads more.
func oneLine(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c < ' ' || c >= 0x7F {
			b[i] = '?'
		}
	}
	return string(b)
}

// refused is what transcode/mail refuses to read, as the peer hears it.
func refused(r *mail.Refusal) *smtp.SMTPError {
	if r.Bound == mail.TooLarge {
		return smtp.ErrDataTooLarge
	}
	return never(554, 6, 0, "The message has more than %d %s. Please send it in a simpler form.", r.Limit, r.Bound)
}
