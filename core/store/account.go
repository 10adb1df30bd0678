package store

import (
	"context"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

// MemberSessions implements account.AccountStore.
func (s Account) MemberSessions(ctx context.Context, member core.ID) ([]account.Session, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (account.Session, error) {
		v := account.Session{Member: member}
		return v, r.Scan(&v.Key, &v.Client, &v.Name, &v.Easy, engine.Moment(&v.CreatedAt), engine.Moment(&v.SeenAt))
	}, `SELECT key, client, name, easy, created_at, seen_at FROM session WHERE member = $1 ORDER BY seen_at DESC, key`, member)
}

// SetPreferences implements account.AccountStore.
func (s Account) SetPreferences(ctx context.Context, member core.ID, p account.Preferences) error {
	return s.change(ctx, `UPDATE member SET language = $1, time_zone = $2, diary_visibility = $3, seen_marks = $4 WHERE id = $5`,
		p.Language, p.Zone, p.DiaryVisibility, p.SeenMarks, member)
}
