package guard

import (
	"context"
	"errors"
	"musubi/core"
	"strings"
	"time"
)

// Login throttle (SEC-102): so many free tries, then waits that double up to the longest.
const (
	freeTries   = 5
	firstWait   = 30 * time.Second
	longestWait = 15 * time.Minute
)

// TriesStore keeps failed tries of passwords.
type TriesStore interface {
	// Tries returns the failed logins under a key: how many, and the time until which further ones wait.
	Tries(ctx context.Context, key string) (failed int, until time.Time, err error)
	// SetTries stores them; zero failed forgets the key.
	SetTries(ctx context.Context, key string, failed int, until time.Time) error
}

// TryPassword begins a try of a password for an account and counts it: in the line before the hashing, which is bounded (ErrBusy),
// and in the account's own turn. The caller has to call end after the hashing.
func (s *Service) TryPassword(ctx context.Context, account string) (end func(), err error) {
	leave, err := s.hasher.join()
	if err != nil {
		return nil, err
	}
	next, err := s.takeTurn(ctx, account)
	if err != nil {
		leave()
		return nil, err
	}
	return func() { next(); leave() }, nil
}

// TryFrom is TryPassword of a stranger: it is counted for where they come from, too.
func (s *Service) TryFrom(ctx context.Context, account string) (g *Guess, end func(), err error) {
	leave, err := s.hasher.join()
	if err != nil {
		return nil, nil, err
	}
	g, err = s.guess(ctx)
	if err != nil {
		leave()
		return nil, nil, err
	}
	next, err := s.takeTurn(ctx, account)
	if err != nil {
		err = errors.Join(err, g.Right(ctx)) // nothing was looked at
		g.end()
		leave()
		return nil, nil, err
	}
	return g, func() { next(); g.end(); leave() }, nil
}

// takeTurn waits for a turn at an account and counts the try.
func (s *Service) takeTurn(ctx context.Context, account string) (next func(), err error) {
	if next, err = s.turns.take(ctx, account, freeTries-1); err != nil {
		return nil, err
	}
	if err := s.CountTry(ctx, account); err != nil {
		next()
		return nil, err
	}
	return next, nil
}

// CountTry counts a login as failed before its password is looked at, so that parallel tries cannot slip past the
// limit; open forgets the count when the password was right.
func (s *Service) CountTry(ctx context.Context, account string) error {
	return s.store.AtomicOf(ctx, core.Of().Named(account), func(ctx context.Context) error {
		failed, until, err := s.store.Tries(ctx, account)
		if err != nil {
			return err
		}
		now := s.Now()
		if now.Before(until) {
			return core.TooSoon{Wait: until.Sub(now)}
		}
		if now.Sub(until) > longestWait {
			failed = 0 // a quiet quarter of an hour is forgiven
		}
		failed++
		return s.store.SetTries(ctx, account, failed, now.Add(waitAfter(failed)))
	})
}

// waitAfter is how long the next try has to wait after so many failed ones.
func waitAfter(failed int) time.Duration {
	if failed < freeTries {
		return 0
	}
	wait := firstWait
	for i := freeTries; i < failed && wait < longestWait; i++ {
		wait *= 2
	}
	return min(wait, longestWait)
}

// ForgetTries forgets the tries of an account whose password was right.
func (s *Service) ForgetTries(ctx context.Context, account string) error {
	return s.store.SetTries(ctx, account, 0, time.Time{})
}

// VerifyPassword says whether a password belongs to a hash; see hasher.verify.
func (s *Service) VerifyPassword(ctx context.Context, hash, password string) (bool, error) {
	return s.hasher.verify(ctx, hash, password)
}

// WrapMD5 makes what is stored for a password of which only the md5 sum is known, 32 hexadecimal digits: the sum itself never is.
func (s *Service) WrapMD5(ctx context.Context, sum string) (string, error) {
	hash, err := s.hasher.hash(ctx, strings.ToLower(sum))
	return wrapped + hash, err
}

// HashPassword makes the hash of a password, in its turn; ErrBusy when the line is too long.
func (s *Service) HashPassword(ctx context.Context, password string) (string, error) {
	return s.hasher.hash(ctx, password)
}
