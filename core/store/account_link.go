package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/store/engine"
)

// InsertLink implements account.LinkStore.
func (s Account) InsertLink(ctx context.Context, hash, purpose string, member core.ID, expires time.Time) error {
	return s.change(ctx, `INSERT INTO link (hash, purpose, member, expires_at) VALUES ($1, $2, $3, $4)`,
		hash, purpose, member, engine.Millis(expires))
}

// Link implements account.LinkStore.
func (s Account) Link(ctx context.Context, hash, purpose string) (member core.ID, expires time.Time, err error) {
	err = s.on(ctx).Row(ctx, `SELECT member, expires_at FROM link WHERE hash = $1 AND purpose = $2`, hash, purpose).
		Scan(&member, engine.Moment(&expires))
	return member, expires, one(err)
}

// DeleteLink implements account.LinkStore.
func (s Account) DeleteLink(ctx context.Context, hash string) error {
	return s.change(ctx, `DELETE FROM link WHERE hash = $1`, hash)
}

// DeleteLinks implements account.LinkStore.
func (s Account) DeleteLinks(ctx context.Context, member core.ID, purpose string) error {
	return s.change(ctx, `DELETE FROM link WHERE member = $1 AND purpose = $2`, member, purpose)
}
