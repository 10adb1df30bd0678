package store

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// DeleteStale implements chores.SweepStore.
func (s Chores) DeleteStale(ctx context.Context, now, unseen, made, unattached time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		steps := []struct {
			query string
			args  []any
		}{
			{`DELETE FROM session WHERE seen_at < $1 OR created_at < $2`, []any{engine.Millis(unseen), engine.Millis(made)}},
			{`DELETE FROM album_open WHERE NOT EXISTS (SELECT 1 FROM session WHERE session.key = album_open.session)`, nil},
			{`DELETE FROM link WHERE expires_at < $1`, []any{engine.Millis(now)}},
			{`DELETE FROM mail_wish WHERE expires_at < $1`, []any{engine.Millis(now)}},
			{`DELETE FROM login_try WHERE wait_until < $1`, []any{engine.Millis(now.Add(-time.Hour))}},
			{base.SparePhotos(3, `photo WHERE kind = $1 AND created_at < $2`), []any{core.Unattached, engine.Millis(unattached), engine.Millis(now)}},
			{`DELETE FROM photo WHERE kind = $1 AND created_at < $2`, []any{core.Unattached, engine.Millis(unattached)}},
		}
		for _, step := range steps {
			if _, err := q.Run(ctx, step.query, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// HoldAlone implements chores.SweepStore.
func (s Chores) HoldAlone(ctx context.Context, t time.Time) (held []core.ID, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		held, err = engine.List(ctx, q, func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
			`UPDATE member SET status = $1 WHERE alone_since > 0 AND alone_since < $2 AND status = $3 RETURNING id`,
			core.Held, engine.Millis(t), core.Active)
		for _, id := range held {
			err = errors.Join(err, s.present(ctx, q, id, core.Held))
		}
		return err
	})
	return held, err
}
