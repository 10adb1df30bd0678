package account

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/outbox"
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
	Inviter   core.ID
	ID        core.ID
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
	Invitations(ctx context.Context, inviter core.ID, p core.Page) ([]Invitation, error)
	// WaitingInvitations counts those of a member that can still be accepted.
	WaitingInvitations(ctx context.Context, inviter core.ID, now time.Time) (int, error)
	// InvitationByHash finds one by the hash of its token.
	InvitationByHash(ctx context.Context, hash string) (Invitation, error)
	SetInvitationState(ctx context.Context, inviter, id core.ID, state InvitationState) error
	SetInvitationDraft(ctx context.Context, inviter, id core.ID, draft string) error
	// WithdrawInvitation takes back one that waits; it reports whether there was one.
	WithdrawInvitation(ctx context.Context, inviter, id core.ID) (bool, error)
}

// Refusals around invitations.
var (
	ErrInvitations = &core.Error{Code: core.Full, Key: "error.invitations"}
	// ErrBannedMail: nobody with such an address is let in.
	ErrBannedMail = &core.Error{Code: core.Refused, Key: "error.bannedmail"}
	// ErrInvitation is an invitation that is unknown, used, withdrawn or too old: nobody learns which.
	ErrInvitation = &core.Error{Code: core.NotFound, Key: "error.invitation"}
)

// CheckInvitation cleans an address in place; known must be true: 本当に知っている友人ですか.
func CheckInvitation(address *string, known bool) error {
	var c core.Check
	normal, ok := core.NormalMail(*address)
	if ok {
		*address = normal
	} else {
		c.Fail("address", "field.mail", 0)
	}
	if !known {
		c.Fail("known", "field.known", 0)
	}
	return c.Err()
}

// Invite sends an invitation. letter writes it around what stands for a token, and around none when the address belongs to a member
// already: to the inviter both look alike (SEC-103).
func (s *Service) Invite(ctx context.Context, inviter core.ID, address string, known bool, client string, letter func(token string) outbox.Mail) error {
	if err := CheckInvitation(&address, known); err != nil {
		return err
	}
	if client != operatorClient { // who runs the site invites whomever they like
		if err := s.House().MayInvite(ctx, inviter); err != nil {
			return err
		}
		if s.House().MayJoin(ctx, address) != nil {
			return ErrBannedMail
		}
	}
	seed, hash := s.outbox.NewSeed()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		now := s.Now()
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
		case !errors.Is(err, core.ErrNotFound):
			return err
		}
		i := Invitation{Inviter: inviter, ID: s.NextID(), Address: address, SentAt: now, ExpiresAt: now.Add(InvitationAge)}
		if err := s.store.InsertInvitation(ctx, i, hash); err != nil {
			return err
		}
		message := letter(seed).WithSeed(seed)
		message.To, message.About = address, inviter
		return errors.Join(s.outbox.Post(ctx, to, message), s.Audit(ctx, "invite", inviter, client, i.ID.String()))
	})
}

// operatorClient is the client of what an operator does in a member's name.
const operatorClient = "operator"

// isOpenToAll says whether an empty mail is answered with a way in: as the operator has chosen, or as the program was started.
func isOpenToAll(ctx context.Context, s *Service) bool {
	a := s.House().Admission(ctx)
	return a == core.OpenToAll || a == core.AsStarted && s.openToAll
}

// Invitations lists a member's invitations, newest first.
func (s *Service) Invitations(ctx context.Context, inviter core.ID, p core.Page) ([]Invitation, bool, error) {
	list, err := s.store.Invitations(ctx, inviter, p)
	list, more := core.Cut(list, p)
	return list, more, err
}

// Withdraw takes back invitations of the member that still wait; others in the list are left alone. It returns how many.
func (s *Service) Withdraw(ctx context.Context, inviter core.ID, ids []core.ID) (n int, err error) {
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
func (s *Service) Invited(ctx context.Context, token string) (Invitation, core.Member, error) {
	i, err := s.store.InvitationByHash(ctx, s.Keyed(s.Keys.Link, token))
	if errors.Is(err, core.ErrNotFound) || err == nil && (i.State != Waiting || s.Now().After(i.ExpiresAt)) {
		return Invitation{}, core.Member{}, ErrInvitation
	}
	if err != nil {
		return Invitation{}, core.Member{}, err
	}
	if i.Inviter == 0 && isOpenToAll(ctx, s) { // they asked by mail
		return i, core.Member{}, nil
	}
	m, err := s.store.Member(ctx, i.Inviter)
	if err == nil && m.Status != core.Active {
		err = ErrInvitation
	}
	return i, m, err
}
