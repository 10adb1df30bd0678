package store

import (
	"context"

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
