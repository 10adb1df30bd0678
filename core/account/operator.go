package account

import (
	"context"
	"errors"
	"musubi/core"
)

// MemberByMail finds a member for an operator, held ones too; ErrNotFound when nobody has the address.
func (s *Service) MemberByMail(ctx context.Context, mail string) (core.Member, error) {
	normal, ok := core.NormalMail(mail)
	if !ok {
		return core.Member{}, core.ErrNotFound
	}
	id, _, err := s.store.Credentials(ctx, normal)
	if err != nil {
		return core.Member{}, err
	}
	return s.store.Member(ctx, id)
}

// SetHeld suspends a member, which ends all their sessions at once, or lets them in again. What they wrote is hidden
// while they are held, not lost. ErrNotFound for a member who has left.
func (s *Service) SetHeld(ctx context.Context, member core.ID, held bool) (m core.Member, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if m, err = s.store.Member(ctx, member); err != nil {
			return err
		}
		status, kind := core.Active, "free"
		if held {
			status, kind = core.Held, "hold"
		}
		if m.Status == core.Withdrawn {
			return core.ErrNotFound
		}
		m.Status = status
		err := errors.Join(s.store.SetStatus(ctx, member, status), s.Audit(ctx, kind, member, "operator", ""))
		if held {
			err = errors.Join(err, s.store.DeleteSessions(ctx, member))
		}
		return err
	})
	return m, err
}

// mayReturn lets in a member whose suspension is over; for others it is the error that a login with the right password gives.
func mayReturn(ctx context.Context, s *Service, m core.Member) error {
	if m.Status != core.Held {
		return core.ErrLogin
	}
	why, over, err := s.WhyHeld(ctx, m.ID)
	if err == nil && over {
		_, err = s.SetHeld(ctx, m.ID, false)
		return err
	}
	return errors.Join(err, why)
}
