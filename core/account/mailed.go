package account

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// EnterAge is how long a link works that somebody asked for with an empty mail (SEC-95).
const EnterAge = 24 * time.Hour

const purposeEnter = "enter"

// MaxOpenInvitations is how many people may have asked for a way in and not yet taken it, where everybody may.
const MaxOpenInvitations = 500

// ByMail is how somebody comes in by an empty mail.
type ByMail struct{ *Service }

// MailedStore finds who waits at an address.
type MailedStore interface {
	// InvitationTo gives the newest invitation to an address that can be accepted now, or ErrNotFound.
	InvitationTo(ctx context.Context, address string, now time.Time) (Invitation, error)
	// Invitation gives one by who sent it and its ID.
	Invitation(ctx context.Context, inviter, id core.ID) (Invitation, error)
	// SetInvitationHash gives an invitation another token; the one it had works no more.
	SetInvitationHash(ctx context.Context, inviter, id core.ID, hash string) error
}

// Ask answers an empty mail (get@) of an address: a member gets a link to come in, who was invited the link of the invitation,
// anybody else one of their own where Config.OpenToAll says so, and nothing where it does not. Whoever sends the mail sees no difference
// (SEC-95, SEC-103). Some letters go to one address, then it has to wait as those who try passwords.
func (s ByMail) Ask(ctx context.Context, address string) error {
	address, ok := core.NormalMail(address)
	if !ok || s.letters == nil {
		return nil
	}
	if err := s.guard.CountTry(ctx, s.Keyed(s.Keys.Mail, "get "+address)); err != nil {
		return nil // as if it had been answered
	}
	handset := s.outbox.HandsetMail(address)
	seed, hash := s.outbox.NewSeed()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		id, _, err := s.store.Credentials(ctx, address)
		if errors.Is(err, core.ErrNotFound) {
			return s.invite(ctx, address, seed, hash, handset)
		}
		if err != nil {
			return err
		}
		m, err := s.store.Member(ctx, id)
		if err != nil || m.Status != core.Active {
			return err
		}
		return errors.Join(s.store.DeleteLinks(ctx, id, purposeEnter), s.store.InsertLink(ctx, hash, purposeEnter, id, s.Now().Add(EnterAge)),
			s.writeAbout(ctx, id, address, func(l Letters) outbox.Mail { return l.EnterLetter(m, seed, handset).WithSeed(seed) }))
	})
}

// invite writes to an address that no member has.
func (s ByMail) invite(ctx context.Context, address, seed, hash string, handset bool) error {
	now := s.Now()
	i, err := s.store.InvitationTo(ctx, address, now)
	switch {
	case err == nil:
		err = s.store.SetInvitationHash(ctx, i.Inviter, i.ID, hash)
	case errors.Is(err, core.ErrNotFound) && isOpenToAll(ctx, s.Service) && s.House().MayJoin(ctx, address) == nil:
		if waiting, err := s.store.WaitingInvitations(ctx, 0, now); err != nil || waiting >= MaxOpenInvitations {
			return err
		}
		i = Invitation{ID: s.NextID(), Address: address, SentAt: now, ExpiresAt: now.Add(EnterAge)}
		err = s.store.InsertInvitation(ctx, i, hash)
	case errors.Is(err, core.ErrNotFound):
		return nil
	}
	if err != nil {
		return err
	}
	return s.outbox.Write(ctx, 0, address, i.Inviter, s.letters.InvitedLetter(seed, handset).WithSeed(seed))
}

// CheckEnter says whether a link lets its member in: ErrLink when not.
func (s ByMail) CheckEnter(ctx context.Context, token string) error {
	_, _, err := s.openLink(ctx, token, purposeEnter)
	return err
}

// Enter opens a session for the member of a link, once. What asks for a password asks for it in this session, too (SEC-23). The
// error is a [SecondStepNeeded] when a code is asked for besides; the link is used up then.
func (s ByMail) Enter(ctx context.Context, token, client string) (sessionToken string, session Session, err error) {
	var code error // must not undo that the link is used up
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		member, hash, err := s.openLink(ctx, token, purposeEnter)
		if err != nil {
			return err
		}
		m, err := s.store.Member(ctx, member)
		if err == nil && m.Status != core.Active {
			err = ErrLink
		}
		if err = errors.Join(err, s.store.DeleteLink(ctx, hash)); err != nil {
			return err
		}
		if code = (codes(s)).askCode(ctx, member); code != nil {
			return nil
		}
		sessionToken, session, err = s.open(ctx, Session{Member: member, Client: client}, "")
		return errors.Join(err, s.Audit(ctx, "login", member, client, "mail"))
	})
	return sessionToken, session, errors.Join(err, code)
}
