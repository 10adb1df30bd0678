package account

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/guard"
	"musubi/core/outbox"
	"time"
)

// Ages about new passwords (SEC-104).
const (
	ResetAge = 30 * time.Minute // so long a link to one works
	NewMail  = 24 * time.Hour   // so long none is sent to an address that came later than the registration
)

const purposeReset = "reset"

// ErrLink is a link that is unknown, used or too old.
var ErrLink = &core.Error{Code: core.NotFound, Key: "error.link"}

func notLink(err error) error {
	if errors.Is(err, core.ErrNotFound) {
		return ErrLink
	}
	return err
}

// AskReset sends a link to a new password to the address, if a member has it. Whether one does, the caller cannot tell:
// neither by the answer nor by its time (SEC-103). At most five letters go to one address before the waits of Login apply.
func (s *Service) AskReset(ctx context.Context, mail string) error {
	mail, ok := core.NormalMail(mail)
	if !ok {
		return core.Invalid{{Field: "mail", Key: "field.mail"}}
	}
	if err := s.guard.CountTry(ctx, s.Keyed(s.Keys.Mail, "reset "+mail)); err != nil {
		return nil // as if it had been sent
	}
	seed, hash := s.outbox.NewSeed()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		var m core.Member
		id, _, err := s.store.Credentials(ctx, mail)
		if err == nil {
			m, err = s.store.Member(ctx, id)
		}
		if err != nil && !errors.Is(err, core.ErrNotFound) {
			return err
		}
		if m.Status != core.Active {
			m = core.Member{}
		}
		if err := s.store.InsertLink(ctx, hash, purposeReset, m.ID, s.Now().Add(ResetAge)); err != nil || m.ID == 0 {
			return err
		}
		tooNew, err := isNewMail(s, ctx, m.ID, mail)
		if err != nil {
			return err
		}
		return s.writeAbout(ctx, m.ID, mail, func(l Letters) outbox.Mail {
			if tooNew {
				return l.ResetLaterLetter(m)
			}
			return l.ResetLetter(m, seed).WithSeed(seed)
		})
	})
}

// isNewMail says whether the member has the address for less than NewMail, and not since the registration.
func isNewMail(s *Service, ctx context.Context, member core.ID, mail string) (bool, error) {
	list, err := s.store.Addresses(ctx, member)
	for _, a := range list {
		if a.Mail == mail && !a.ChangedAt.IsZero() && s.Now().Sub(a.ChangedAt) < NewMail {
			return true, err
		}
	}
	return false, err
}

// CheckReset says whether a link to a new password still works: ErrLink when not.
func (s *Service) CheckReset(ctx context.Context, token string) error {
	_, _, err := s.openLink(ctx, token, purposeReset)
	return err
}

// Reset gives the member of the link a new password, ends all their sessions and all their links, and tells them by mail.
func (s *Service) Reset(ctx context.Context, token, password, client string) error {
	member, _, err := s.openLink(ctx, token, purposeReset)
	if err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, member, password)
	if err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, _, err := s.openLink(ctx, token, purposeReset); err != nil {
			return err // another request was first
		}
		return s.setPassword(ctx, member, hash, client)
	})
}

// newPassword checks a password against what is known of the member and hashes it.
func (s *Service) newPassword(ctx context.Context, member core.ID, password string) (hash string, err error) {
	personal, err := personal(s, ctx, member)
	if err != nil {
		return "", err
	}
	var c core.Check
	guard.Check(&c, "password", password, personal)
	if err := c.Err(); err != nil {
		return "", err
	}
	return s.guard.HashPassword(ctx, password)
}

// personal is what a member's password must not be made of.
func personal(s *Service, ctx context.Context, member core.ID) ([]string, error) {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return nil, err
	}
	mails, err := s.store.Mails(ctx, member)
	if err != nil {
		return nil, err
	}
	return append(mails, m.Name), nil
}

func (s *Service) setPassword(ctx context.Context, member core.ID, hash, client string) error {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return err
	}
	mails, err := s.store.Mails(ctx, member)
	if err != nil {
		return err
	}
	for _, address := range mails {
		if err := s.writeAbout(ctx, member, address, func(l Letters) outbox.Mail { return l.PasswordLetter(m) }); err != nil {
			return err
		}
	}
	if s.end != nil {
		if err := s.end(ctx, member); err != nil {
			return err
		}
	}
	return errors.Join(
		s.store.SetPassword(ctx, member, hash),
		s.store.DeleteSessions(ctx, member),
		s.store.DeleteLinks(ctx, member, purposeReset),
		s.Audit(ctx, "password", member, client, ""))
}
