package core

import (
	"context"
	"errors"
	"time"
)

// OnceStore remembers which forms were already sent.
type OnceStore interface {
	// OnceResult returns what the form with this nonce led to, or ErrNotFound.
	OnceResult(ctx context.Context, member ID, nonce string) (string, error)
	// InsertOnce stores it.
	InsertOnce(ctx context.Context, member ID, nonce, result string, at time.Time) error
	// DeleteOnceBefore forgets forms sent before t.
	DeleteOnceBefore(ctx context.Context, t time.Time) error
}

// Once carries out f for a form's nonce exactly once and returns its result; a form that comes again (a handset gateway
// repeats a POST after a timeout, a member taps twice) gets the first result and changes nothing (SEC-39). All that f
// stores and the nonce itself become durable together. For what f must not do see Store.Atomic.
func (s *Desk) Once(ctx context.Context, member ID, nonce string, f func(ctx context.Context) (string, error)) (result string, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		result, err = s.store.OnceResult(ctx, member, nonce)
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		if result, err = f(ctx); err != nil {
			return err
		}
		return s.store.InsertOnce(ctx, member, nonce, result, s.now())
	})
	return result, err
}
