package ledger

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/store/engine"
)

// Defers implements core.TaskStore.
func (s Store) Defers() bool { return s.DB.Shared() || s.DB.Deferring() }

// InsertTask implements core.TaskStore.
func (s Store) InsertTask(ctx context.Context, t core.Task) error {
	return s.Change(ctx, `INSERT INTO task (member, id, whose, kind, body, due) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.Member, t.ID, t.Whose, t.Kind, string(t.Body), engine.Millis(t.Due))
}

// DueTasks implements core.TaskStore.
func (s Store) DueTasks(ctx context.Context, now time.Time, limit int) ([]core.Task, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (t core.Task, err error) {
		var body string
		err = r.Scan(&t.Member, &t.ID, &t.Whose, &t.Kind, &body, engine.Moment(&t.Due), &t.Tries)
		t.Body = []byte(body)
		return t, err
	}, `SELECT member, id, whose, kind, body, due, tries FROM task WHERE due <= $1 ORDER BY due, id LIMIT $2`, engine.Millis(now), limit)
}

// ClaimTask implements core.TaskStore.
func (s Store) ClaimTask(ctx context.Context, t core.Task, until time.Time) (claimed bool, err error) {
	err = s.DB.AtomicOf(ctx, core.Of(t.Member), func(ctx context.Context) error {
		n, err := s.On(ctx).Run(ctx, `UPDATE task SET due = $4, tries = tries + 1 WHERE member = $1 AND id = $2 AND due = $3`, t.Member, t.ID, engine.Millis(t.Due), engine.Millis(until))
		claimed = n == 1
		return err
	})
	return claimed, err
}

// BeginTask implements core.TaskStore.
func (s Store) BeginTask(ctx context.Context, t core.Task, at time.Time) (fresh bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO task_done (whose, id, at) VALUES ($1, $2, $3) ON CONFLICT (whose, id) DO NOTHING`, t.Whose, t.ID, engine.Millis(at))
		fresh = n == 1
		return err
	})
	return fresh, err
}

// DropTasks implements core.TaskStore.
func (s Store) DropTasks(ctx context.Context, done []core.Task) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, t := range done {
			if _, err := q.Run(ctx, `DELETE FROM task WHERE member = $1 AND id = $2`, t.Member, t.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteTasksDoneBefore implements core.TaskStore.
func (s Store) DeleteTasksDoneBefore(ctx context.Context, t time.Time) error {
	return s.Change(ctx, `DELETE FROM task_done WHERE at < $1`, engine.Millis(t))
}
