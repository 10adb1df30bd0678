package report

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// Limits of what people without an account report.
const (
	MaxWhere   = 500 // characters
	MaxOutside = 500 // of them that wait for an answer
)

// An Outside is what somebody without an account reports. They see nothing here, so there is no copy: they say in words what it is.
type Outside struct {
	Contact       string // mail address, to which the outcome goes
	Where         string // address of the thing, or where it is found
	On            Thing  // that Where names; zero: nothing of ours
	Reason, Words string
}

// Letters has the words of the letter to somebody without an account; core/web has them.
type Letters interface {
	// OutsideLetter tells the outcome of a report.
	OutsideLetter(r Report) outbox.Mail
}

// UseLetters says who writes to people without an account; without it nobody does.
func (s *Service) UseLetters(l Letters) { s.letters = l }

// CheckOutside cleans what was written in place and returns Invalid.
func CheckOutside(o *Outside) error {
	var c core.Check
	mail, ok := core.NormalMail(o.Contact)
	if !ok {
		c.Fail("mail", "field.mail", 0)
	} else {
		o.Contact = mail
	}
	c.Text("where", &o.Where, core.OneLine, true, MaxWhere)
	c.Text("words", &o.Words, core.ManyLines, true, MaxWords)
	if err := Check(o.Reason, &o.Words); err != nil {
		c.Fail("reason", "field.choice", 0)
	}
	return c.Err()
}

// FileOutside stores what somebody without an account reports. The caller throttles them.
func (s *Service) FileOutside(ctx context.Context, o Outside) (id core.ID, err error) {
	if err := CheckOutside(&o); err != nil {
		return 0, err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if n, err := s.store.CountOutside(ctx); err != nil || n >= MaxOutside {
			return errors.Join(err, ErrTooMany)
		}
		r := Report{Contact: o.Contact, On: o.On, Reason: o.Reason, Words: o.Words, Was: Copy{Title: o.Where}}
		switch m, err := s.store.Member(ctx, o.On.Owner); {
		case err == nil && m.Status != core.Withdrawn:
			r.Was.Author = m.ID
		case err == nil || errors.Is(err, core.ErrNotFound):
			r.On = Thing{}
		default:
			return err
		}
		r.ID, r.At = s.Stamp(time.Time{})
		id = r.ID
		return errors.Join(s.store.InsertReport(ctx, r), s.Audit(ctx, "report", 0, "outside", id.String()))
	})
	return id, err
}

// answerOutside writes the outcome to who has no account.
func (s *Service) answerOutside(ctx context.Context, r Report) error {
	if r.Contact == "" || s.letters == nil {
		return nil
	}
	return s.outbox.Write(ctx, 0, r.Contact, 0, s.letters.OutsideLetter(r))
}
