// Package digest is the letters of the day: what is new among a member's friends, and whose birthday it is. It stands above the areas,
// whose lists it reads. A member who chose nothing gets none. Start reading at Send.
package digest

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/people"
)

// A Choice is which letters of the day a member wants, and where. The zero Choice: none.
type Choice struct {
	Digest    news.Letters // what is new
	Weekly    bool         // on Mondays only
	Birthdays news.Letters // on a friend's birthday
}

// A Due is a member whose morning has come.
type Due struct {
	Member core.ID
	Choice
	Since time.Time // of what is new
}

// Store keeps what members chose. The letters of a member are due at one time, the morning after the last.
type Store struct {
	core.Store
	ChoiceStore
}

// ChoiceStore is what the letters of the day need of the database.
type ChoiceStore interface {
	// DayLetters gives the zero Choice for a member who chose nothing.
	DayLetters(ctx context.Context, member core.ID) (Choice, error)
	// PutDayLetters stores a choice; what is new counts from since, and the next letter is due then.
	PutDayLetters(ctx context.Context, member core.ID, c Choice, since, due time.Time) error
	// DueDayLetters lists those whose letters are due, the oldest first.
	DueDayLetters(ctx context.Context, now time.Time, limit int) ([]Due, error)
	MoveDayLetters(ctx context.Context, member core.ID, since, due time.Time) error
}

// Lines of a letter, and members in one transaction.
const (
	MaxLines = 10
	batch    = 20
)

// morning is the hour at which letters go out, where the service is (SEC-93: not at night).
const morning = 7

// A Letter is what a letter of the day has to say.
type Letter struct {
	Weekly    bool
	Notices   []news.Notice
	Diaries   []journal.DiaryLine // of friends, the newest first
	More      bool                // there are more of them
	Birthdays []people.Birthday   // within the week
}

// Letters has the words; core/web has it.
type Letters interface {
	// DigestLetter tells of titles and names, never of what was written (SEC-93).
	DigestLetter(to core.Member, l Letter, handset bool) outbox.Mail
	// BirthdayLetter tells whose birthday is today.
	BirthdayLetter(to core.Member, friends []people.Birthday, handset bool) outbox.Mail
}

// The kinds of letters, which one press ends.
const (
	List         = "digest"
	BirthdayList = "birthday"
)

// Areas are the rooms that letters tell of.
type Areas struct {
	Account *account.Service
	Journal *journal.Service
	People  *people.Service
	Outbox  *outbox.Service
}

// Service writes the letters of the day. Safe for concurrent use.
type Service struct {
	*core.Desk
	Areas
	store  Store
	writer Letters // nil: none are written
	zone   *time.Location
}

// New returns the service.
func New(desk *core.Desk, store Store, a Areas) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, Areas: a, store: store, zone: time.FixedZone("JST", 9*60*60)}
}

// UseLetters says who writes the letters.
func (s *Service) UseLetters(l Letters) { s.writer = l }

// Choice gives what a member chose.
func (s *Service) Choice(ctx context.Context, member core.ID) (Choice, error) {
	return s.store.DayLetters(ctx, member)
}

// Choose stores a choice: the first letter comes in the next morning and tells of what is new from now on.
func (s *Service) Choose(ctx context.Context, member core.ID, c Choice) error {
	before, err := s.Choice(ctx, member)
	if err != nil || before == c {
		return err
	}
	now := s.Now()
	return s.store.PutDayLetters(ctx, member, c, now, s.nextMorning(now))
}

// Unsubscribe ends letters of a kind, as a letter's own link asks; core.ErrNotFound for a kind that is none of ours.
func (s *Service) Unsubscribe(ctx context.Context, member core.ID, list string) error {
	c, err := s.Choice(ctx, member)
	if err != nil {
		return err
	}
	switch list {
	case List:
		c.Digest = news.Letters{}
	case BirthdayList:
		c.Birthdays = news.Letters{}
	default:
		return core.ErrNotFound
	}
	return s.Choose(ctx, member, c)
}

// nextMorning is the first morning after t.
func (s *Service) nextMorning(t time.Time) time.Time {
	t = t.In(s.zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), morning, 0, 0, 0, s.zone)
	if !at.After(t) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// Send puts letters that are due into the outbox: a bounded piece, in one transaction.
func (s *Service) Send(ctx context.Context) error {
	if s.writer == nil {
		return nil
	}
	due, err := s.store.DueDayLetters(ctx, s.Now(), batch)
	if err != nil || len(due) == 0 {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		for _, d := range due {
			if err := s.write(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// write writes the letters of one member, as far as there is anything to tell.
func (s *Service) write(ctx context.Context, d Due) error {
	now := s.Now().In(s.zone)
	since := d.Since
	m, err := s.store.Member(ctx, d.Member)
	if err == nil && m.Status == core.Active {
		err = s.birthday(ctx, m, d, now)
		if err == nil && d.Digest != (news.Letters{}) && (!d.Weekly || now.Weekday() == time.Monday) {
			since, err = now, s.digest(ctx, m, d, now)
		}
	}
	if errors.Is(err, core.ErrNotFound) { // gone meanwhile
		err = nil
	}
	return errors.Join(err, s.store.MoveDayLetters(ctx, d.Member, since, s.nextMorning(now)))
}

// birthday writes on the day.
func (s *Service) birthday(ctx context.Context, m core.Member, d Due, now time.Time) error {
	if d.Birthdays == (news.Letters{}) {
		return nil
	}
	friends, err := s.People.BirthdaysFrom(ctx, m.ID, core.DayOf(now), 1)
	if err != nil || len(friends) == 0 {
		return err
	}
	return s.send(ctx, m, d.Birthdays, BirthdayList, friends[0].Friend.ID, func(handset bool) outbox.Mail { return s.writer.BirthdayLetter(m, friends, handset) })
}

// digest writes what is new.
func (s *Service) digest(ctx context.Context, m core.Member, d Due, now time.Time) (err error) {
	l := Letter{Weekly: d.Weekly}
	if l.Notices, err = s.Account.Notices(ctx, m); err != nil {
		return err
	}
	diaries, more, err := s.Journal.FriendsDiaries(ctx, m.ID, core.Page{Number: 1, Size: MaxLines})
	if err != nil {
		return err
	}
	for _, line := range diaries {
		if line.CreatedAt.After(d.Since) {
			l.Diaries = append(l.Diaries, line)
		}
	}
	l.More = more && len(l.Diaries) == len(diaries)
	if l.Birthdays, err = s.People.BirthdaysFrom(ctx, m.ID, core.DayOf(now), people.BirthdayDays); err != nil {
		return err
	}
	if len(l.Notices)+len(l.Diaries)+len(l.Birthdays) == 0 {
		return nil
	}
	return s.send(ctx, m, d.Digest, List, 0, func(handset bool) outbox.Mail { return s.writer.DigestLetter(m, l, handset) })
}

// send puts a letter into the outbox for each address that it is wanted at. about is whom it names, if it is one.
func (s *Service) send(ctx context.Context, m core.Member, to news.Letters, list string, about core.ID, write func(handset bool) outbox.Mail) error {
	all, err := s.store.Mails(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, address := range all {
		handset := s.Outbox.HandsetMail(address)
		if handset && !to.Handset || !handset && !to.PC {
			continue
		}
		letter := write(handset)
		letter.List = list
		if err := s.Outbox.Write(ctx, m.ID, address, about, letter); err != nil {
			return err
		}
	}
	return nil
}
