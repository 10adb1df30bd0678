package store

import (
	"context"

	"musubi/core"
	"musubi/core/store/engine"
)

// MemberSessions implements core.AccountStore.
func (s Account) MemberSessions(ctx context.Context, member core.ID) ([]core.Session, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (core.Session, error) {
		v := core.Session{Member: member}
		return v, r.Scan(&v.Key, &v.Client, &v.Easy, engine.Moment(&v.CreatedAt), engine.Moment(&v.SeenAt))
	}, `SELECT key, client, easy, created_at, seen_at FROM session WHERE member = $1 ORDER BY seen_at DESC, key`, member)
}

// SetPreferences implements core.AccountStore.
func (s Account) SetPreferences(ctx context.Context, member core.ID, p core.Preferences) error {
	return s.change(ctx, `UPDATE member SET language = $1, diary_visibility = $2 WHERE id = $3`, p.Language, p.DiaryVisibility, member)
}
