package core

import (
	"context"
	"errors"
	"time"
)

// Limits of invitations (SEC-111) and what comes of them.
const (
	InvitationAge  = 14 * 24 * time.Hour
	MaxInvitations = 50                  // waiting, of one member
	InviterLock    = 90 * 24 * time.Hour // inviter and invited cannot unlink for three months [X1]
)

// An InvitationState says what became of an invitation.
type InvitationState uint8

// States. An invitation that waits too long expires without changing state.
const (
	Waiting InvitationState = iota
	Accepted
	WithdrawnInvitation
)

// An Invitation is a member's letter to somebody who is not a member yet.
type Invitation struct {
	Inviter   ID
	ID        ID
	Address   string
	State     InvitationState
	Draft     string // registration typed so far
	SentAt    time.Time
	ExpiresAt time.Time
}

// InvitationStore keeps invitations.
type InvitationStore interface {
	InsertInvitation(ctx context.Context, i Invitation, hash string) error
	// Invitations lists a member's, newest first.
	Invitations(ctx context.Context, inviter ID, p Page) ([]Invitation, error)
	// WaitingInvitations counts those of a member that can still be accepted.
	WaitingInvitations(ctx context.Context, inviter ID, now time.Time) (int, error)
	// InvitationByHash finds one by the hash of its token.
	InvitationByHash(ctx context.Context, hash string) (Invitation, error)
	SetInvitationState(ctx context.Context, inviter, id ID, state InvitationState) error
	SetInvitationDraft(ctx context.Context, inviter, id ID, draft string) error
	// WithdrawInvitation takes back one that waits; it reports whether there was one.
	WithdrawInvitation(ctx context.Context, inviter, id ID) (bool, error)
}

// Refusals around invitations.
var (
	ErrInvitations = &Error{Full, "error.invitations"}
	// ErrInvitation is an invitation that is unknown, used, withdrawn or too old: nobody learns which.
	ErrInvitation = &Error{NotFound, "error.invitation"}
)

// CheckInvitation cleans an address in place; known must be true: 本当に知っている友人ですか.
func CheckInvitation(address *string, known bool) error {
	var c check
	normal, ok := NormalMail(*address)
	if ok {
		*address = normal
	} else {
		c.fail("address", "field.mail", 0)
	}
	if !known {
		c.fail("known", "field.known", 0)
	}
	return c.err()
}

// Invite sends an invitation. letter writes it around what stands for a token, and around none when the address belongs to a member
// already: to the inviter both look alike (SEC-103).
func (s *Services) Invite(ctx context.Context, inviter ID, address string, known bool, client string, letter func(token string) Mail) error {
	if err := CheckInvitation(&address, known); err != nil {
		return err
	}
	seed, hash := s.newSeed()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		now := s.now()
		waiting, err := s.store.WaitingInvitations(ctx, inviter, now)
		if err != nil {
			return err
		}
		if waiting >= MaxInvitations {
			return ErrInvitations
		}
		to, _, err := s.store.Credentials(ctx, address)
		switch {
		case err == nil:
			seed = ""
		case !errors.Is(err, ErrNotFound):
			return err
		}
		i := Invitation{Inviter: inviter, ID: s.newID(), Address: address, SentAt: now, ExpiresAt: now.Add(InvitationAge)}
		if err := s.store.InsertInvitation(ctx, i, hash); err != nil {
			return err
		}
		message := letter(seed).with(seed)
		message.To, message.About = address, inviter
		return errors.Join(s.post(ctx, to, message), s.audit(ctx, "invite", inviter, client, i.ID.String()))
	})
}

// Invitations lists a member's invitations, newest first.
func (s *Services) Invitations(ctx context.Context, inviter ID, p Page) ([]Invitation, bool, error) {
	list, err := s.store.Invitations(ctx, inviter, p)
	list, more := cut(list, p)
	return list, more, err
}

// Withdraw takes back invitations of the member that still wait; others in the list are left alone. It returns how many.
func (s *Services) Withdraw(ctx context.Context, inviter ID, ids []ID) (n int, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		n = 0
		for _, id := range ids {
			done, err := s.store.WithdrawInvitation(ctx, inviter, id)
			if err != nil {
				return err
			}
			if done {
				n++
			}
		}
		return nil
	})
	return n, err
}

// Invited finds the invitation of a token that can be accepted now, and who sent it; ErrInvitation when it cannot.
func (s *Services) Invited(ctx context.Context, token string) (Invitation, Member, error) {
	i, err := s.store.InvitationByHash(ctx, s.keyed(s.keys.link, token))
	if errors.Is(err, ErrNotFound) || err == nil && (i.State != Waiting || s.now().After(i.ExpiresAt)) {
		return Invitation{}, Member{}, ErrInvitation
	}
	if err != nil {
		return Invitation{}, Member{}, err
	}
	m, err := s.store.Member(ctx, i.Inviter)
	if err == nil && m.Status != Active {
		err = ErrInvitation
	}
	return i, m, err
}
