package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/store/engine"
)

// Credentials implements core.MemberStore.
func (s Account) Credentials(ctx context.Context, mail string) (member core.ID, hash string, err error) {
	err = s.on(ctx).Row(ctx, `SELECT m.id, m.password FROM mail a JOIN member m ON m.id = a.member WHERE a.address = $1`, mail).
		Scan(&member, &hash)
	return member, hash, one(err)
}

// PasswordHash implements core.MemberStore.
func (s Account) PasswordHash(ctx context.Context, member core.ID) (hash string, err error) {
	err = s.on(ctx).Row(ctx, `SELECT password FROM member WHERE id = $1`, member).Scan(&hash)
	return hash, one(err)
}

// SetPassword implements core.MemberStore.
func (s Account) SetPassword(ctx context.Context, member core.ID, hash string) error {
	return s.change(ctx, `UPDATE member SET password = $1 WHERE id = $2`, hash, member)
}

// SetLastLogin implements core.MemberStore.
func (s Account) SetLastLogin(ctx context.Context, member core.ID, at time.Time) error {
	return s.change(ctx, `UPDATE member SET last_login_at = $1 WHERE id = $2`, engine.Millis(at), member)
}
