package outbox

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"musubi/core"
	"strings"
	"time"
)

// A Mail is a letter to somebody, in canonical text. The sender makes what the receiver's mail reader can read of it.
type Mail struct {
	To, Subject, Body string
	Return            string  // where it goes when it cannot be delivered; "": to whom the mail server knows us by
	List              string  // kind of letters that it is one of, and that can be ended with one press; "": none
	Unsubscribe       string  // address that ends them (RFC 8058); made of List when it is sent
	Answers           string  // Message-ID of the letter that it answers, without brackets; "": none
	About             core.ID // the member whom it names: it is deleted when they leave; 0: none
	Seed              string  // stands in Body for the token of its link until it is sent; "": it has none
}

func (m Mail) WithSeed(seed string) Mail { m.Seed = seed; return m }

// Masked stands where the token of a link was, once its letter was sent.
const Masked = "……"

// Here stands in Body for where the service is, "https://musubi.example", until somebody reads the letter: one that waits
// leads to where it is then. No text of a member has this sign, it is cleaned away.
const Here = "\x02"

// fill puts a token, or what shows instead of it, where the seed stands.
func (m Mail) fill(token string) Mail {
	if m.Seed != "" {
		m.Body, m.Seed = strings.ReplaceAll(m.Body, m.Seed, token), ""
	}
	return m
}

// toRead is a letter as it reads with a token.
func (s *Service) toRead(m Mail, token string) Mail {
	m = m.fill(token)
	m.Body = strings.ReplaceAll(m.Body, Here, s.here.Load().(string))
	return m
}

// A Letter is a Mail in the outbox.
type Letter struct {
	Mail
	ID        core.ID
	Member    core.ID // whom it goes to; 0: nobody who is one
	CreatedAt time.Time
	SentAt    time.Time // zero: not sent
	NextAt    time.Time // of the next try; zero: sent, or given up
	Tries     int
	Problem   string // of the last try
}

// MailStore keeps the outbox. A letter is stored in the same transaction as what it tells of, so neither is without the
// other.
type MailStore interface {
	// InsertLetter stores a letter to a member, or to nobody who is one (0).
	InsertLetter(ctx context.Context, id core.ID, m Mail, to core.ID, at time.Time) error
	// Letters lists the outbox, newest first.
	Letters(ctx context.Context, p core.Page) ([]Letter, error)
	// DueLetters lists those whose next try has come, oldest first.
	DueLetters(ctx context.Context, now time.Time, limit int) ([]Letter, error)
	// ClaimLetter moves the next try of a letter to until, unless the letter is gone or its next try is not l.NextAt any more: then it
	// says false.
	ClaimLetter(ctx context.Context, l Letter, until time.Time) (bool, error)
	// SetLetter stores what became of a try, and what of the letter remains.
	SetLetter(ctx context.Context, l Letter) error
	DeleteLettersBefore(ctx context.Context, sent time.Time) error
	LetterQueue(ctx context.Context) (Queue, error)
	// FailingLetters lists those with a problem that are not tried again, newest first.
	FailingLetters(ctx context.Context, limit int) ([]Letter, error)
}

// A MailSender hands a letter to a mail server. core/postman has the one that speaks SMTP.
// The error of a letter that will never be taken is a *Refusal.
type MailSender interface {
	Send(ctx context.Context, m Mail) error
}

// A Connector is a MailSender that can send several letters over one connection.
type Connector interface {
	// Connect gives one that is used for letters one after the other, and what ends it.
	Connect() (MailSender, func())
}

// Mail is tried again after these waits, then given up.
var mailWaits = [...]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour, 24 * time.Hour}

// Post puts a letter into the outbox, with the member it is for (0: nobody who is one), so that it is deleted when they
// leave.
func (s *Service) Post(ctx context.Context, to core.ID, m Mail) error {
	now := s.Now()
	return s.store.InsertLetter(ctx, s.NextID(), m, to, now)
}

// Write puts a letter to an address of a member that names the member about into the outbox.
func (s *Service) Write(ctx context.Context, to core.ID, address string, about core.ID, m Mail) error {
	m.To, m.About = address, about
	return s.Post(ctx, to, m)
}

// lease is for how long one who sends has a letter: longer than a mail server may take for it.
const lease = time.Minute

// SendMail sends what is due in the outbox, one letter after the other, and returns how many were sent. Each is claimed first, so that
// of several nodes one sends it. A letter that was sent and not marked (the process died in between) goes out again when the lease is
// over, which is better than not at all. Without a sender in Config letters wait.
func (s *Service) SendMail(ctx context.Context) (sent int, err error) {
	mail := s.sender()
	if mail == nil {
		return 0, nil
	}
	letters, err := s.store.DueLetters(ctx, s.Now(), 100)
	if err != nil {
		return 0, err
	}
	if c, ok := mail.(Connector); ok {
		several, end := c.Connect()
		defer end()
		mail = several
	}
	for _, l := range letters {
		if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		mine, err := s.store.ClaimLetter(ctx, l, s.Now().Add(lease))
		if err != nil {
			return sent, err
		}
		if !mine {
			continue
		}
		l, err = s.try(ctx, mail, l)
		if !l.SentAt.IsZero() {
			sent++
		}
		if err = errors.Join(err, s.store.SetLetter(ctx, l)); err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// errStopped is the problem of a letter to an address that does not exist any more.
var errStopped = &Refusal{Code: 550, Says: "nothing is sent to this address any more: it was unknown three times"}

// try sends a letter. What will never be taken is given up at once; an address that is not there is counted.
func (s *Service) try(ctx context.Context, mail MailSender, l Letter) (Letter, error) {
	known, err := s.Failure(ctx, l.To)
	if err != nil {
		return l, err
	}
	if known.Stopped() {
		err = errStopped
	} else {
		m := s.toRead(l.Mail, s.Token(l.Seed))
		m.Return, m.Unsubscribe = s.returnTo(l.ID), s.unsubscribeLink(l)
		err = mail.Send(ctx, m)
	}
	now := s.Now()
	var never *Refusal
	var counted error
	switch {
	case err == nil:
		l.SentAt, l.NextAt, l.Problem = now, time.Time{}, ""
	case errors.As(err, &never):
		l.NextAt, l.Problem = time.Time{}, err.Error()
		if never != errStopped {
			counted = s.failed(ctx, l.To, never.AtData)
		}
	case l.Tries < len(mailWaits):
		l.NextAt, l.Problem = now.Add(mailWaits[l.Tries]), err.Error()
	default:
		l.NextAt, l.Problem = time.Time{}, err.Error()
	}
	if l.Tries++; l.NextAt.IsZero() {
		l.Mail = l.fill(Masked)
	}
	return l, counted
}

// Letters lists the outbox for an operator, newest first. A letter that waits is as it will be sent; one that was sent shows
// no link that opens anything.
func (s *Service) Letters(ctx context.Context, p core.Page) ([]Letter, bool, error) {
	letters, err := s.store.Letters(ctx, p)
	letters, more := core.Cut(letters, p)
	for i, l := range letters {
		letters[i].Mail = s.toRead(l.Mail, s.Token(l.Seed))
	}
	return letters, more, err
}

// HandsetMail says whether an address is a handset's.
func (s *Service) HandsetMail(address string) bool { return s.handset != nil && s.handset(address) }

// NewSeed makes what stands for a token of 192 random bits in a letter until it is sent, and the hash under which the link is
// stored. The token itself is made of seed and secret when somebody is to read it: it lies in no file, and what lies in the
// outbox opens nothing (SEC-104).
func (s *Service) NewSeed() (seed, hash string) {
	raw := make([]byte, 24)
	rand.Read(raw)
	seed = base64.RawURLEncoding.EncodeToString(raw)
	return seed, s.Keyed(s.Keys.Link, s.Token(seed))
}

// Token is the token of a seed, as long as the seed is.
func (s *Service) Token(seed string) string { return s.Keyed(s.Keys.Link, "token "+seed)[:len(seed)] }

// letterAge is how long mail that was sent is kept.
const letterAge = 30 * 24 * time.Hour

// SweepLetters throws away mail that was sent long ago.
func (s *Service) SweepLetters(ctx context.Context, now time.Time) error {
	return errors.Join(s.store.DeleteLettersBefore(ctx, now.Add(-letterAge)), s.store.DeleteFailuresBefore(ctx, now.Add(-6*letterAge)))
}

// A Queue is how much the outbox has.
type Queue struct {
	Waiting, Sent, GivenUp int
	Oldest                 time.Time // of those that wait; zero: none do
}

// Queue counts the letters.
func (s *Service) Queue(ctx context.Context) (Queue, error) { return s.store.LetterQueue(ctx) }

// Failing lists letters that did not reach anybody, newest first: given up, or come back.
func (s *Service) Failing(ctx context.Context, limit int) ([]Letter, error) {
	list, err := s.store.FailingLetters(ctx, limit)
	for i, l := range list {
		list[i].Mail = s.toRead(l.Mail, Masked)
	}
	return list, err
}

// SendAgain sends to the address of a letter again, and that letter too, unless the link in it is spent.
func (s *Service) SendAgain(ctx context.Context, id core.ID) error {
	l, err := s.store.Letter(ctx, id)
	if err != nil {
		return err
	}
	return s.Store().Atomic(ctx, func(ctx context.Context) error {
		if err := s.Retry(ctx, l.To); err != nil {
			return err
		}
		if strings.Contains(l.Body, Masked) {
			return nil
		}
		l.SentAt, l.NextAt, l.Tries, l.Problem = time.Time{}, s.Now(), 0, ""
		return s.store.SetLetter(ctx, l)
	})
}
