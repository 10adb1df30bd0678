package store

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

// InsertSession implements account.SessionStore.
func (s Account) InsertSession(ctx context.Context, v account.Session) error {
	return s.change(ctx, `INSERT INTO session (key, member, client, easy, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		v.Key, v.Member, v.Client, v.Easy, engine.Millis(v.CreatedAt), engine.Millis(v.SeenAt))
}

// Session implements account.SessionStore.
func (s Account) Session(ctx context.Context, key string) (account.Session, error) {
	v := account.Session{Key: key}
	err := s.on(ctx).Row(ctx, `SELECT member, client, easy, created_at, seen_at FROM session WHERE key = $1`, key).
		Scan(&v.Member, &v.Client, &v.Easy, engine.Moment(&v.CreatedAt), engine.Moment(&v.SeenAt))
	return v, one(err)
}

// SetSessionSeen implements account.SessionStore.
func (s Account) SetSessionSeen(ctx context.Context, key string, at time.Time) error {
	return s.change(ctx, `UPDATE session SET seen_at = $1 WHERE key = $2`, engine.Millis(at), key)
}

// SetSessionName implements account.SessionStore.
func (s Account) SetSessionName(ctx context.Context, member core.ID, key, name string) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE session SET name = $1 WHERE key = $2 AND member = $3`, name, key, member)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// DeleteSession implements account.SessionStore.
func (s Account) DeleteSession(ctx context.Context, key string) error {
	return s.change(ctx, `DELETE FROM session WHERE key = $1`, key)
}

// DeleteSessions implements account.SessionStore.
func (s Account) DeleteSessions(ctx context.Context, member core.ID) error {
	return s.change(ctx, `DELETE FROM session WHERE member = $1`, member)
}

// Tries implements account.SessionStore.
func (s Account) Tries(ctx context.Context, key string) (failed int, until time.Time, err error) {
	err = one(s.on(ctx).Row(ctx, `SELECT failed, wait_until FROM login_try WHERE key = $1`, key).Scan(&failed, engine.Moment(&until)))
	if errors.Is(err, core.ErrNotFound) {
		return 0, time.Time{}, nil
	}
	return failed, until, err
}

// SetTries implements account.SessionStore.
func (s Account) SetTries(ctx context.Context, key string, failed int, until time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if failed == 0 {
			_, err := q.Run(ctx, `DELETE FROM login_try WHERE key = $1`, key)
			return err
		}
		_, err := q.Run(ctx, `INSERT INTO login_try (key, failed, wait_until) VALUES ($1, $2, $3)
			ON CONFLICT (key) DO UPDATE SET failed = excluded.failed, wait_until = excluded.wait_until`, key, failed, engine.Millis(until))
		return err
	})
}
