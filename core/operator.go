package core

import (
	"context"
	"errors"
)

// MemberByMail finds a member for an operator, held ones too; ErrNotFound when nobody has the address.
func (s *Services) MemberByMail(ctx context.Context, mail string) (Member, error) {
	normal, ok := NormalMail(mail)
	if !ok {
		return Member{}, ErrNotFound
	}
	id, _, err := s.store.Credentials(ctx, normal)
	if err != nil {
		return Member{}, err
	}
	return s.store.Member(ctx, id)
}

// SetHeld suspends a member, which ends all their sessions at once, or lets them in again. What they wrote is hidden
// while they are held, not lost. ErrNotFound for a member who has left.
func (s *Services) SetHeld(ctx context.Context, member ID, held bool) (m Member, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if m, err = s.store.Member(ctx, member); err != nil {
			return err
		}
		status, kind := Active, "free"
		if held {
			status, kind = Held, "hold"
		}
		if m.Status == Withdrawn {
			return ErrNotFound
		}
		m.Status = status
		err := errors.Join(s.store.SetStatus(ctx, member, status), s.audit(ctx, kind, member, "operator", ""))
		if held {
			err = errors.Join(err, s.store.DeleteSessions(ctx, member))
		}
		return err
	})
	return m, err
}
