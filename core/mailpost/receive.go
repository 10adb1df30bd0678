package mailpost

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/outbox"
)

// A Letter is a mail to one of our addresses, as it was read.
type Letter struct {
	To       string // local part of the address
	From     string // core.NormalMail of who wrote it; "": nobody can tell
	ID       string // Message-ID, for an answer; ""
	Key      string // names the letter: one that comes twice has the same
	Personal bool   // a person wrote it: not a bounce, a list, a program that answers, ourselves
	Bounce   bool   // a mail server tells what became of a letter of ours
	Reports  []outbox.Report
	Denied   bool // the sender's domain says that it is not theirs
	Subject  string
	Text     string
	Own      string // Text without what it quotes, and without signature
	Files    []File
	Missed   bool // it had parts that are neither text nor photo nor film
}

// A File came with a letter.
type File struct {
	Film   bool   // or else a photo
	Format string // by its bytes, "video/3gpp"
	Bytes  func() []byte
	Open   func() io.ReadSeeker // decoded as it is read; of films
}

// SeenStore remembers letters, and what was answered.
type SeenStore interface {
	// SeenMail says whether a letter was seen; SeeMail remembers it and says whether it is new.
	SeenMail(ctx context.Context, hash string) (bool, error)
	SeeMail(ctx context.Context, hash string, at time.Time) (first bool, err error)
	// AnswerMail says whether an answer of this kind, which names the address as well, may go to the member: none went since a time; it is noted then.
	AnswerMail(ctx context.Context, member core.ID, kind string, since, at time.Time) (bool, error)
	// DeleteSeenBefore forgets both.
	DeleteSeenBefore(ctx context.Context, t time.Time) error
}

// seenAge is how long a letter is remembered: mail servers try for five days.
const seenAge = 7 * 24 * time.Hour

// What becomes of a letter that is not posted. Each is the last word; any other error means that it may come again.
var (
	ErrStranger  = errors.New("mailpost: the sender is no address of the member")
	ErrAutomatic = errors.New("mailpost: no person wrote it")
	ErrForged    = errors.New("mailpost: the sender's domain says that it is forged")
	// ErrMistake: it cannot be posted, and the member was told so today already.
	ErrMistake = errors.New("mailpost: it cannot be posted, as the member was told")
	// ErrUntold: it cannot be posted, and no letter can say so: those to the sender's address come back.
	ErrUntold = errors.New("mailpost: it cannot be posted, and letters to its sender come back")
)

// getAddress is the local part of the address to which an empty mail asks for a way in; what such a mail says does not count,
// because some handsets send none without a text.
const getAddress = "get"

// GetAddress is the whole address; "": nothing comes in by mail here.
func (s *Service) GetAddress() string {
	if s.config.Domain == "" {
		return ""
	}
	return getAddress + "@" + s.config.Domain
}

// Knows says whether there is anybody at an address of ours, by its local part; core.ErrNotFound when not.
func (s *Service) Knows(ctx context.Context, local string) error {
	if strings.EqualFold(local, getAddress) || ofHouse(local) {
		return nil
	}
	_, err := s.Find(ctx, local)
	if errors.Is(err, core.ErrNotFound) {
		_, err = s.Outbox.Returned(ctx, local)
	}
	return err
}

// Receive takes a letter: an empty one that asks for a way in, one to the operator, one of ours that came back, or one that is posted.
func (s *Service) Receive(ctx context.Context, l *Letter) error {
	if strings.EqualFold(l.To, getAddress) {
		return s.ask(ctx, l)
	}
	if ofHouse(l.To) {
		return s.toHouse(ctx, l)
	}
	if _, err := s.Outbox.Returned(ctx, l.To); !errors.Is(err, core.ErrNotFound) {
		if err == nil && l.Bounce { // what is answered by hand, or by a program on holiday, tells nothing
			err = s.Outbox.Bounce(ctx, l.To, l.Reports)
		}
		return err
	}
	return s.receive(ctx, l)
}

// ask answers a letter that asks for a way in, once however often it comes.
func (s *Service) ask(ctx context.Context, l *Letter) error {
	if !l.Personal {
		return ErrAutomatic
	}
	seen := s.Keyed(s.Keys.Mail, "asked "+l.From+"\n"+l.Key)
	if was, err := s.store.SeenMail(ctx, seen); err != nil || was {
		return err
	}
	if err := (account.ByMail{Service: s.Account}).Ask(ctx, l.From); err != nil {
		return err
	}
	_, err := s.store.SeeMail(ctx, seen, s.Now())
	return err
}

// receive posts a letter. When it returns nil the letter is stored for good, or it cannot be posted and the answer that says why
// is; it is either exactly once, however often the letter comes. core.ErrNotFound: nobody has the address.
func (s *Service) receive(ctx context.Context, l *Letter) error {
	t, err := s.Find(ctx, l.To)
	if err != nil {
		return err
	}
	if !l.Personal {
		return ErrAutomatic
	}
	m, err := s.owner(ctx, t.Member, l.From)
	if err != nil {
		return err
	}
	if l.Denied && s.config.Held && t.Purpose != ToDiary {
		return ErrForged
	}
	seen := s.Keyed(s.Keys.Mail, "seen "+t.Member.String()+" "+l.To+"\n"+l.Key)
	if was, err := s.store.SeenMail(ctx, seen); err != nil || was {
		return err
	}
	d := &delivery{Service: s, letter: l, target: t, member: m, seen: seen}
	return d.carryOut(ctx)
}

// owner is the member of an address, if it is they who wrote (SEC-90): who has the secret alone, or the address alone, is a stranger.
func (s *Service) owner(ctx context.Context, member core.ID, from string) (core.Member, error) {
	m, _, err := s.Member(ctx, core.Viewer{Member: member}, member)
	if err != nil {
		return m, err
	}
	mails, err := s.store.Mails(ctx, member)
	if err == nil && (from == "" || !slices.Contains(mails, from)) {
		err = ErrStranger
	}
	return m, err
}

// A delivery is one letter on its way into its target.
type delivery struct {
	*Service
	letter *Letter
	target Target
	member core.Member
	seen   string // names it

	photos  []core.ID // made of its files, hanging nowhere yet
	films   []core.ID
	remarks []mistake // what of it was not posted
}

// carryOut makes what takes long first, and then posts and remembers in one write.
func (d *delivery) carryOut(ctx context.Context) error {
	if err := d.prepare(ctx); err != nil {
		return d.mistaken(ctx, err)
	}
	err := d.store.Atomic(ctx, func(ctx context.Context) error {
		first, err := d.store.SeeMail(ctx, d.seen, d.Now())
		if err != nil || !first {
			return err
		}
		remarks, err := d.post(ctx)
		if err != nil {
			return err
		}
		for _, r := range append(slices.Clone(d.remarks), remarks...) {
			if _, err := d.answer(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return d.mistaken(ctx, err)
}

// mistaken answers a letter that cannot be posted as it is, and remembers it, so that one that comes twice is answered once.
func (d *delivery) mistaken(ctx context.Context, err error) error {
	what, ok := mistakeOf(err)
	if !ok {
		return err
	}
	failure, err := d.Outbox.Failure(ctx, d.letter.From)
	if err != nil {
		return err
	}
	if failure.Stopped() {
		return ErrUntold
	}
	told := false
	err = d.store.Atomic(ctx, func(ctx context.Context) error {
		first, err := d.store.SeeMail(ctx, d.seen, d.Now())
		if err != nil || !first {
			told = true
			return err
		}
		if told, err = d.answer(ctx, what); err == nil && !told {
			err = ErrMistake // undone: who sends it again is told again
		}
		return err
	})
	return err
}

// Sweep forgets what nobody will ask for.
func (s *Service) Sweep(ctx context.Context, now time.Time) error {
	return errors.Join(s.store.DeleteSeenBefore(ctx, now.Add(-seenAge)), s.store.DeleteThreadAddressesBefore(ctx, now.Add(-threadAge)))
}
