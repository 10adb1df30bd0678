package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/calendar"
	"musubi/core/store/engine"
)

const planColumns = `SELECT member, id, title, note, day, time, last, edition, created_at, updated_at FROM plan`

func planRow(r engine.Scanner) (p calendar.Plan, err error) {
	return p, r.Scan(&p.Member, &p.ID, &p.Title, &p.Note, &p.Day, &p.Time, &p.Last, &p.Edition, engine.Moment(&p.CreatedAt), engine.Moment(&p.UpdatedAt))
}

// InsertPlan implements calendar.PlanStore.
func (s Calendar) InsertPlan(ctx context.Context, p calendar.Plan) error {
	return s.change(ctx, `INSERT INTO plan (member, id, title, note, day, time, last, edition, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.Member, p.ID, p.Title, p.Note, p.Day, p.Time, p.Last, p.Edition, engine.Millis(p.CreatedAt), engine.Millis(p.UpdatedAt))
}

// Plan implements calendar.PlanStore.
func (s Calendar) Plan(ctx context.Context, member, id core.ID) (calendar.Plan, error) {
	p, err := planRow(s.on(ctx).Row(ctx, planColumns+` WHERE member = $1 AND id = $2`, member, id))
	return p, one(err)
}

// UpdatePlan implements calendar.PlanStore.
func (s Calendar) UpdatePlan(ctx context.Context, p calendar.Plan) error {
	return s.changeOne(ctx, `UPDATE plan SET title = $3, note = $4, day = $5, time = $6, last = $7, edition = edition + 1, updated_at = $8 WHERE member = $1 AND id = $2`,
		p.Member, p.ID, p.Title, p.Note, p.Day, p.Time, p.Last, engine.Millis(p.UpdatedAt))
}

// DeletePlan implements calendar.PlanStore.
func (s Calendar) DeletePlan(ctx context.Context, member, id core.ID) error {
	return s.changeOne(ctx, `DELETE FROM plan WHERE member = $1 AND id = $2`, member, id)
}

// CountPlans implements calendar.PlanStore.
func (s Calendar) CountPlans(ctx context.Context, member core.ID) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM plan WHERE member = $1`, member).Scan(&n)
	return n, err
}

// Plans implements calendar.PlanStore.
func (s Calendar) Plans(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]calendar.Plan, error) {
	return engine.List(ctx, s.on(ctx), planRow, planColumns+` WHERE member = $1 AND day BETWEEN $2 AND $3 ORDER BY day, time, id LIMIT $4`, member, from, to, limit)
}

const feedColumns = `SELECT member, seed, hash, made_at, fetched_at, program FROM calendar_feed`

func feedRow(r engine.Scanner) (f calendar.Feed, err error) {
	return f, r.Scan(&f.Member, &f.Seed, &f.Hash, engine.Moment(&f.MadeAt), engine.Moment(&f.FetchedAt), &f.Program)
}

// PutFeed implements calendar.FeedStore.
func (s Calendar) PutFeed(ctx context.Context, f calendar.Feed) error {
	return s.change(ctx, `INSERT INTO calendar_feed (member, seed, hash, made_at, fetched_at, program) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (member) DO UPDATE SET seed = excluded.seed, hash = excluded.hash, made_at = excluded.made_at, fetched_at = excluded.fetched_at, program = excluded.program`,
		f.Member, f.Seed, f.Hash, engine.Millis(f.MadeAt), engine.Millis(f.FetchedAt), f.Program)
}

// Feed implements calendar.FeedStore.
func (s Calendar) Feed(ctx context.Context, member core.ID) (calendar.Feed, error) {
	f, err := feedRow(s.on(ctx).Row(ctx, feedColumns+` WHERE member = $1`, member))
	return f, one(err)
}

// FeedOf implements calendar.FeedStore.
func (s Calendar) FeedOf(ctx context.Context, hash string) (calendar.Feed, error) {
	f, err := feedRow(s.on(ctx).Row(ctx, feedColumns+` WHERE hash = $1`, hash))
	return f, one(err)
}

// SetFetched implements calendar.FeedStore.
func (s Calendar) SetFetched(ctx context.Context, f calendar.Feed) error {
	return s.change(ctx, `UPDATE calendar_feed SET fetched_at = $2, program = $3 WHERE member = $1`, f.Member, engine.Millis(f.FetchedAt), f.Program)
}

// DeleteFeed implements calendar.FeedStore.
func (s Calendar) DeleteFeed(ctx context.Context, member core.ID) error {
	return s.change(ctx, `DELETE FROM calendar_feed WHERE member = $1`, member)
}

// DeleteFeedsUnused implements calendar.FeedStore. One for each member at most: the table is small enough to be read once an hour.
func (s Calendar) DeleteFeedsUnused(ctx context.Context, t time.Time) error {
	return s.change(ctx, `DELETE FROM calendar_feed WHERE made_at < $1 AND fetched_at < $1`, engine.Millis(t))
}

// changeOne is change for a statement about one row; ErrNotFound when there is none.
func (a area) changeOne(ctx context.Context, query string, args ...any) error {
	return a.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, query, args...)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}
