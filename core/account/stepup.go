package account

import (
	"context"
	"errors"
	"musubi/core"
)

// ErrPassword: the password that a change asks for is not the member's.
var ErrPassword = core.Invalid{{Field: "password", Key: "field.passwordwrong"}}

// CheckPassword asks a logged-in member for their password again, under the throttle of logins: ErrPassword when it is
// wrong, ErrThrottled after too many. It is the one rule of step-up (SEC-23): what takes an account from its owner, or all
// their data at once, asks here first, in any session.
func (s *Service) CheckPassword(ctx context.Context, member core.ID, password string) error {
	account := s.Keyed(s.Keys.Mail, "member "+member.String())
	done, err := s.guard.TryPassword(ctx, account)
	if err != nil {
		if errors.Is(err, core.ErrThrottled) {
			s.Refuse(ctx, "stepupfail", "throttled", member, "")
		}
		return err
	}
	defer done()
	hash, err := s.store.PasswordHash(ctx, member)
	if err != nil {
		return err
	}
	ok, err := s.guard.VerifyPassword(ctx, hash, password)
	if err != nil {
		return err
	}
	if !ok {
		s.Refuse(ctx, "stepupfail", "password", member, "")
		return ErrPassword
	}
	return s.guard.ForgetTries(ctx, account)
}
