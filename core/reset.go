package core

import (
	"context"
	"errors"
	"time"
)

// ResetAge is how long a link to a new password works (SEC-104).
const ResetAge = 30 * time.Minute

const purposeReset = "reset"

// ErrLink is a link that is unknown, used or too old.
var ErrLink = &Error{NotFound, "error.link"}

func notLink(err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrLink
	}
	return err
}

// AskReset sends a link to a new password to the address, if a member has it. Whether one does, the caller cannot tell:
// neither by the answer nor by its time (SEC-103). letter writes the mail around the token. At most five letters go to one
// address before the waits of Login apply.
func (s *Services) AskReset(ctx context.Context, mail string, letter func(m Member, token string) Mail) error {
	mail, ok := NormalMail(mail)
	if !ok {
		return Invalid{{Field: "mail", Key: "field.mail"}}
	}
	if err := s.countTry(ctx, s.keyed(s.keys.mail, "reset "+mail)); err != nil {
		return nil // as if it had been sent
	}
	token, hash := s.newToken()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		var m Member
		id, _, err := s.store.Credentials(ctx, mail)
		if err == nil {
			m, err = s.store.Member(ctx, id)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if m.Status != Active {
			m = Member{}
		}
		if err := s.store.InsertLink(ctx, hash, purposeReset, m.ID, s.now().Add(ResetAge)); err != nil || m.ID == 0 {
			return err
		}
		message := letter(m, token)
		message.To = mail
		return s.post(ctx, message)
	})
}

// CheckReset says whether a link to a new password still works: ErrLink when not.
func (s *Services) CheckReset(ctx context.Context, token string) error {
	_, _, err := s.openLink(ctx, token, purposeReset)
	return err
}

// Reset gives the member of the link a new password, ends all their sessions and all their links, and tells them by mail.
func (s *Services) Reset(ctx context.Context, token, password, client string, notice func(m Member) Mail) error {
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
		return s.setPassword(ctx, member, hash, client, notice)
	})
}

// newPassword checks a password against what is known of the member and hashes it.
func (s *Services) newPassword(ctx context.Context, member ID, password string) (hash string, err error) {
	personal, err := s.personal(ctx, member)
	if err != nil {
		return "", err
	}
	var c check
	c.password("password", password, personal)
	if err := c.err(); err != nil {
		return "", err
	}
	return s.hasher.hash(ctx, password)
}

// personal is what a member's password must not be made of.
func (s *Services) personal(ctx context.Context, member ID) ([]string, error) {
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

func (s *Services) setPassword(ctx context.Context, member ID, hash, client string, notice func(m Member) Mail) error {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return err
	}
	mails, err := s.store.Mails(ctx, member)
	if err != nil {
		return err
	}
	for _, address := range mails {
		message := notice(m)
		message.To = address
		if err := s.post(ctx, message); err != nil {
			return err
		}
	}
	return errors.Join(
		s.store.SetPassword(ctx, member, hash),
		s.store.DeleteSessions(ctx, member),
		s.store.DeleteLinks(ctx, member, purposeReset),
		s.audit(ctx, "password", member, client, ""))
}
