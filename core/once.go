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
	err = s.store.AtomicOf(ctx, Of(member), func(ctx context.Context) error {
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

// sentForm tells what SentForm knows from what Once does under the same nonce.
const sentForm = "sent "

// SentForm returns where the form with this nonce led to, or ErrNotFound: for forms whose changes are no one transaction, as
// those that hash a password. NoteSentForm keeps it, after the change (SEC-39).
func (s *Desk) SentForm(ctx context.Context, member ID, nonce string) (to string, err error) {
	return s.store.OnceResult(ctx, member, sentForm+nonce)
}

// NoteSentForm is for SentForm.
func (s *Desk) NoteSentForm(ctx context.Context, member ID, nonce, to string) error {
	return s.store.AtomicOf(ctx, Of(member), func(ctx context.Context) error {
		return s.store.InsertOnce(ctx, member, sentForm+nonce, to, s.now())
	})
}
