package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/store/engine"
)

// OnceResult implements core.OnceStore.
func (s Desk) OnceResult(ctx context.Context, member core.ID, nonce string) (result string, err error) {
	err = s.on(ctx).Row(ctx, `SELECT result FROM form_once WHERE member = $1 AND nonce = $2`, member, nonce).Scan(&result)
	return result, one(err)
}

// InsertOnce implements core.OnceStore.
func (s Desk) InsertOnce(ctx context.Context, member core.ID, nonce, result string, at time.Time) error {
	return s.change(ctx, `INSERT INTO form_once (member, nonce, result, sent_at) VALUES ($1, $2, $3, $4)`,
		member, nonce, result, engine.Millis(at))
}

// DeleteOnceBefore implements core.OnceStore.
func (s Desk) DeleteOnceBefore(ctx context.Context, t time.Time) error {
	return s.change(ctx, `DELETE FROM form_once WHERE sent_at < $1`, engine.Millis(t))
}
