package operator

import (
	"context"
	"errors"
	"strings"

	"musubi/core"
)

// Members may work as operators on the site itself, behind a second factor: the code of the operator's account beside their own password, or
// one of their passkeys. On that way nobody comes in who is not a member with a role.

// Of gives the account that a member works with; core.ErrNotFound for everybody else.
func (s *Service) Of(ctx context.Context, member core.ID) (Operator, error) {
	if member == 0 {
		return Operator{}, core.ErrNotFound
	}
	o, err := s.store.OperatorOf(ctx, member)
	if err == nil && !o.EndedAt.IsZero() {
		return Operator{}, core.ErrNotFound
	}
	return o, err
}

// Appoint says which member works with an account; 0: nobody does any longer. Their sessions as operators end.
func (s *Service) Appoint(ctx context.Context, by Operator, name string, member core.ID) error {
	return s.acts(ctx, func(ctx context.Context) (Act, error) {
		o, err := s.store.Operator(ctx, name)
		if err != nil {
			return Act{}, err
		}
		a := Act{By: by.Name, Kind: "appoint", Object: name, Member: member, Before: o.Member.String(), After: member.String()}
		if member != 0 {
			m, err := s.store.Member(ctx, member)
			if err != nil {
				return a, err
			}
			if m.Status != core.Active {
				return a, core.ErrNotFound
			}
			if other, err := s.store.OperatorOf(ctx, member); err == nil && other.ID != o.ID {
				return a, ErrTaken
			} else if err != nil && !errors.Is(err, core.ErrNotFound) {
				return a, err
			}
		}
		return a, s.store.SetOperatorMember(ctx, o.ID, member)
	})
}

// EnterWithCode opens an operator's session for a member who is logged in on the site: after their own password, and the code of the account.
func (s *Service) EnterWithCode(ctx context.Context, member core.ID, password, code string) (token string, o Operator, err error) {
	if o, err = s.Of(ctx, member); err != nil {
		return "", o, err
	}
	if err := s.account.CheckPassword(ctx, member, password); err != nil {
		return "", o, err
	}
	return s.CheckCode(ctx, s.ticket(o.Name, s.Now()), strings.TrimSpace(code))
}

// EnterProved opens one for a member who has just shown a passkey of theirs.
func (s *Service) EnterProved(ctx context.Context, member core.ID) (token string, o Operator, err error) {
	if o, err = s.Of(ctx, member); err != nil {
		return "", o, err
	}
	return s.openSession(ctx, o, 0)
}
