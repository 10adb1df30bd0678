package core

import (
	"context"
	"errors"
)

// ErrPassword: the password that a change asks for is not the member's.
var ErrPassword = Invalid{{Field: "password", Key: "field.passwordwrong"}}

// CheckPassword asks a logged-in member for their password again, under the throttle of logins: ErrPassword when it is
// wrong, ErrThrottled after too many. It is the one rule of step-up (SEC-23): what takes an account from its owner, or all
// their data at once, asks here first, in any session.
func (s *Services) CheckPassword(ctx context.Context, member ID, password string) error {
	account := s.keyed(s.keys.mail, "member "+member.String())
	done, err := s.tryPassword(ctx, account)
	if err != nil {
		return err
	}
	defer done()
	hash, err := s.store.PasswordHash(ctx, member)
	if err != nil {
		return err
	}
	ok, err := s.verifyPassword(ctx, hash, password)
	if err != nil {
		return err
	}
	if !ok {
		return errors.Join(ErrPassword, s.audit(ctx, "stepupfail", member, "", ""))
	}
	return s.forgetTries(ctx, account)
}
