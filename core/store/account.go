package store

import (
	"context"

	"musubi/core"
)

// MemberSessions implements core.AccountStore.
func (s *Store) MemberSessions(ctx context.Context, member core.ID) ([]core.Session, error) {
	return list(ctx, s.on(ctx), func(r scanner) (core.Session, error) {
		v := core.Session{Member: member}
		return v, r.Scan(&v.Key, &v.Client, &v.Easy, moment{&v.CreatedAt}, moment{&v.SeenAt})
	}, `SELECT key, client, easy, created_at, seen_at FROM session WHERE member = $1 ORDER BY seen_at DESC, key`, member)
}

// SetPreferences implements core.AccountStore.
func (s *Store) SetPreferences(ctx context.Context, member core.ID, p core.Preferences) error {
	return s.change(ctx, `UPDATE member SET language = $1, diary_visibility = $2 WHERE id = $3`, p.Language, p.DiaryVisibility, member)
}
