package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

const easyLoginColumns = `SELECT key, member, carrier, model, enrolled_at, used_at FROM easy_login `

func easyLogin(r engine.Scanner) (e account.EasyLogin, err error) {
	return e, r.Scan(&e.Key, &e.Member, &e.Carrier, &e.Model, engine.Moment(&e.EnrolledAt), engine.Moment(&e.UsedAt))
}

// InsertEasyLogin implements account.EasyLoginStore: the key decides, so of two enrolments at once one wins.
func (s Account) InsertEasyLogin(ctx context.Context, e account.EasyLogin) (won bool, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO easy_login (key, member, carrier, model, enrolled_at, used_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (key) DO UPDATE SET model = excluded.model, used_at = excluded.used_at WHERE easy_login.member = excluded.member`,
			e.Key, e.Member, e.Carrier, e.Model, engine.Millis(e.EnrolledAt), engine.Millis(e.UsedAt))
		won = n > 0
		return err
	})
	return won, err
}

// EasyLogin implements account.EasyLoginStore.
func (s Account) EasyLogin(ctx context.Context, key string) (account.EasyLogin, error) {
	e, err := easyLogin(s.on(ctx).Row(ctx, easyLoginColumns+`WHERE key = $1`, key))
	return e, one(err)
}

// EasyLogins implements account.EasyLoginStore.
func (s Account) EasyLogins(ctx context.Context, member core.ID) ([]account.EasyLogin, error) {
	return engine.List(ctx, s.on(ctx), easyLogin, easyLoginColumns+`WHERE member = $1 ORDER BY enrolled_at`, member)
}

// SetEasyLoginUsed implements account.EasyLoginStore.
func (s Account) SetEasyLoginUsed(ctx context.Context, key, model string, at time.Time) error {
	return s.change(ctx, `UPDATE easy_login SET used_at = $1, model = $2 WHERE key = $3`, engine.Millis(at), model, key)
}

// ReplaceEasyLoginKey implements account.EasyLoginStore.
func (s Account) ReplaceEasyLoginKey(ctx context.Context, old, key string) error {
	return s.change(ctx, `UPDATE easy_login SET key = $1 WHERE key = $2`, key, old)
}

// DeleteEasyLogin implements account.EasyLoginStore.
func (s Account) DeleteEasyLogin(ctx context.Context, member core.ID, key string) error {
	return s.change(ctx, `DELETE FROM easy_login WHERE member = $1 AND key = $2`, member, key)
}
