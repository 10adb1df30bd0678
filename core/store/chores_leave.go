package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/store/engine"
)

// EndMembership implements chores.LeaveStore.
func (s Chores) EndMembership(ctx context.Context, member core.ID, at time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		steps := [...]string{
			`DELETE FROM session WHERE member = $1`,
			`DELETE FROM easy_login WHERE member = $1`,
			`DELETE FROM link WHERE member = $1`,
			`DELETE FROM export WHERE member = $1`,
			`DELETE FROM outbox WHERE address IN (SELECT address FROM mail WHERE member = $1 UNION SELECT address FROM mail_wish WHERE member = $1)`,
			`DELETE FROM mail_wish WHERE member = $1`,
			`DELETE FROM invitation WHERE address IN (SELECT address FROM mail WHERE member = $1)`,
			`DELETE FROM mail WHERE member = $1`,
		}
		for _, query := range steps {
			if _, err := q.Run(ctx, query, member); err != nil {
				return err
			}
		}
		if _, err := q.Run(ctx, `UPDATE member SET status = $1, password = '' WHERE id = $2`, core.Withdrawn, member); err != nil {
			return err
		}
		if err := s.present(ctx, q, member, core.Withdrawn); err != nil {
			return err
		}
		_, err := q.Run(ctx, `INSERT INTO leaving (member, left_at) VALUES ($1, $2)`, member, engine.Millis(at))
		return err
	})
}

// Leavings implements chores.LeaveStore.
func (s Chores) Leavings(ctx context.Context) ([]chores.Leaving, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (l chores.Leaving, err error) {
		return l, r.Scan(&l.Member, engine.Moment(&l.LeftAt), engine.Moment(&l.PurgedAt))
	}, `SELECT member, left_at, purged_at FROM leaving ORDER BY left_at`)
}

// SetPurged implements chores.LeaveStore.
func (s Chores) SetPurged(ctx context.Context, member core.ID, at time.Time) error {
	return s.change(ctx, `UPDATE leaving SET purged_at = $1 WHERE member = $2`, engine.Millis(at), member)
}

// Forget implements chores.LeaveStore.
func (s Chores) Forget(ctx context.Context, member core.ID) error {
	return s.change(ctx, `DELETE FROM leaving WHERE member = $1`, member)
}

// heavyRows divides the rows that take many others along.
const heavyRows = 20

// Purge implements chores.LeaveStore. It does what the tables say, in their order.
func (s Chores) Purge(ctx context.Context, member core.ID, now time.Time, limit int) (n int, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n = 0
		for _, t := range s.tables {
			for _, r := range t.Members {
				if !r.Goes() {
					continue
				}
				most := limit - n
				if r.Heavy {
					most = max(most/heavyRows, 1)
				}
				done, err := purge(ctx, q, t, r, member, now, most)
				if err != nil {
					return fmt.Errorf("store: purge %s by %s: %w", t.Name, r.Column, err)
				}
				if n += done; n >= limit || done == most {
					return nil
				}
			}
		}
		return nil
	})
	return n, err
}

// purge deletes up to limit rows of one reference with all that goes with them.
func purge(ctx context.Context, q engine.Querier, t core.Table, r core.Reference, member core.ID, now time.Time, limit int) (int, error) {
	keys := t.Keys()
	rows, err := engine.List(ctx, q, row(len(keys)), `SELECT `+strings.Join(keys, ", ")+` FROM `+t.Name+` WHERE `+r.Rows()+` LIMIT $2`, member, limit)
	if err != nil {
		return 0, err
	}
	last := `DELETE FROM ` + t.Name
	also := t.Cascade
	if r.Set != "" {
		last, also = `UPDATE `+t.Name+` SET `+r.Set, nil
	}
	for i, k := range keys {
		last += fmt.Sprintf("%s%s = $%d", [...]string{" WHERE ", " AND "}[min(i, 1)], k, i+1)
	}
	for _, key := range rows {
		for _, query := range also {
			if _, err := q.Run(ctx, query, append(key, engine.Millis(now))...); err != nil {
				return 0, err
			}
		}
		if _, err := q.Run(ctx, last, key...); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// row reads a row of n values, whatever they are.
func row(n int) func(engine.Scanner) ([]any, error) {
	return func(r engine.Scanner) ([]any, error) {
		values, to := make([]any, n, n+1), make([]any, n)
		for i := range values {
			to[i] = &values[i]
		}
		return values, r.Scan(to...)
	}
}
