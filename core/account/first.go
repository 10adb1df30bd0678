package account

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/guard"
)

// FirstAge is how long the link to the first account works.
const FirstAge = 7 * 24 * time.Hour

const purposeFirst = "first"

// ErrSettled is a link to the first account of a service that has members already.
var ErrSettled = &core.Error{Code: core.NotFound, Key: "error.settled"}

// FirstStore knows whether anybody has come yet.
type FirstStore interface {
	AnyMember(ctx context.Context) (bool, error)
}

// First is how the first member comes in, of whom nobody can be the friend who invites them.
type First struct{ *Service }

// Offer makes a token with which the first member comes in; those of before open nothing any more, so that only the address that was
// printed last does. It is "" when there are members.
func (s First) Offer(ctx context.Context) (token string, err error) {
	if any, err := s.store.AnyMember(ctx); any || err != nil { // nothing is to be stored then, on a full disk above all
		return "", err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		token = ""
		if any, err := s.store.AnyMember(ctx); any || err != nil {
			return err
		}
		seed, hash := s.outbox.NewSeed()
		token = s.outbox.Token(seed)
		if err := s.store.DeleteLinks(ctx, 0, purposeFirst); err != nil {
			return err
		}
		return s.store.InsertLink(ctx, hash, purposeFirst, 0, s.Now().Add(FirstAge))
	})
	return token, err
}

// Check says whether a token lets somebody become the first member: ErrSettled once there are members, ErrLink for one
// that is unknown or too old.
func (s First) Check(ctx context.Context, token string) error {
	if any, err := s.store.AnyMember(ctx); err != nil {
		return err
	} else if any {
		return ErrSettled
	}
	_, expires, err := s.store.Link(ctx, s.Keyed(s.Keys.Link, token), purposeFirst)
	if err == nil && s.Now().After(expires) {
		err = ErrLink
	}
	return notLink(err)
}

// CheckNew cleans what a member without an invitation is made of in place and says what is wrong with it, the password above
// all.
func CheckNew(c *core.Check, n *NewMember) {
	c.Text("name", &n.Name, core.OneLine, true, core.MaxName)
	if _, ok := core.NormalMail(n.Mail); !ok {
		c.Fail("mail", "field.mail", 0)
	}
	if n.Password == "" {
		c.Fail("password", "field.required", 0)
	} else {
		guard.Check(c, "password", n.Password, []string{n.Mail, n.Name})
	}
}

// Register makes the first member and opens their session. Of many at once with the token exactly one succeeds; the others get
// ErrSettled.
func (s First) Register(ctx context.Context, token string, n NewMember, client string) (sessionToken string, session Session, err error) {
	var c core.Check
	if CheckNew(&c, &n); c.Err() != nil {
		return "", session, c.Err()
	}
	if err := s.Check(ctx, token); err != nil { // before a password is hashed for nothing
		return "", session, err
	}
	if n.PasswordHash, err = s.guard.HashPassword(ctx, n.Password); err != nil {
		return "", session, err
	}
	n.Password = ""
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.Check(ctx, token); err != nil {
			return err
		}
		m, err := s.CreateMember(ctx, n)
		if err != nil {
			return err
		}
		if err := s.store.DeleteLink(ctx, s.Keyed(s.Keys.Link, token)); err != nil {
			return err
		}
		address, _ := core.NormalMail(n.Mail)
		if sessionToken, session, err = s.open(ctx, Session{Member: m.ID, Client: client}, s.Keyed(s.Keys.Mail, address)); err != nil {
			return err
		}
		return s.Audit(ctx, "first", m.ID, client, "")
	})
	return sessionToken, session, err
}
