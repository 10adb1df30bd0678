package store

import (
	"context"
	"time"

	"musubi/core"
)

// OnceResult implements core.OnceStore.
func (s *Store) OnceResult(ctx context.Context, member core.ID, nonce string) (result string, err error) {
	err = s.on(ctx).row(ctx, `SELECT result FROM form_once WHERE member = $1 AND nonce = $2`, member, nonce).Scan(&result)
	return result, one(err)
}

// InsertOnce implements core.OnceStore.
func (s *Store) InsertOnce(ctx context.Context, member core.ID, nonce, result string, at time.Time) error {
	return s.change(ctx, `INSERT INTO form_once (member, nonce, result, sent_at) VALUES ($1, $2, $3, $4)`,
		member, nonce, result, millis(at))
}

// DeleteOnceBefore implements core.OnceStore.
func (s *Store) DeleteOnceBefore(ctx context.Context, t time.Time) error {
	return s.change(ctx, `DELETE FROM form_once WHERE sent_at < $1`, millis(t))
}
