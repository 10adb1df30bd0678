// Package survey looks over the database as a whole, for operators: how much there is of what, and whether it fits together.
package survey

import (
	"context"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/store/engine"
)

// Figures are what an operator watches of a community as a whole.
type Figures struct {
	Members        map[core.Status]int
	Sessions       int // that may still be used
	LettersWaiting int
	LettersGivenUp int
	Leaving        int // members whose rows are still being deleted
	Exports        int // being made, or waiting to be
}

// Count counts. It reads whole indexes: ask seldom.
func Count(ctx context.Context, db *engine.DB) (f Figures, err error) {
	f.Members = map[core.Status]int{core.Active: 0, core.Held: 0, core.Withdrawn: 0}
	type row struct {
		status core.Status
		n      int
	}
	rows, err := engine.List(ctx, db.On(ctx), func(r engine.Scanner) (w row, err error) { return w, r.Scan(&w.status, &w.n) },
		`SELECT status, count(*) FROM member GROUP BY status`)
	if err != nil {
		return f, err
	}
	for _, r := range rows {
		f.Members[r.status] = r.n
	}
	err = db.On(ctx).Row(ctx, `SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM outbox WHERE next_at > 0),
		(SELECT count(*) FROM outbox WHERE next_at = 0 AND sent_at = 0), (SELECT count(*) FROM leaving),
		(SELECT count(*) FROM export WHERE state = $1)`, chores.ExportMaking).Scan(&f.Sessions, &f.LettersWaiting, &f.LettersGivenUp, &f.Leaving, &f.Exports)
	return f, err
}

// First knows whether anybody has come yet. It implements account.FirstStore.
type First struct{ DB *engine.DB }

// AnyMember implements account.FirstStore.
func (f First) AnyMember(ctx context.Context) (any bool, err error) {
	return any, f.DB.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM member)`).Scan(&any)
}

// Oldest is the first member who is still one; sql.ErrNoRows when there is none.
func Oldest(ctx context.Context, db *engine.DB) (id core.ID, err error) {
	return id, db.On(ctx).Row(ctx, `SELECT id FROM member WHERE status = $1 ORDER BY id LIMIT 1`, core.Active).Scan(&id)
}
