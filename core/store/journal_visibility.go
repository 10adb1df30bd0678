package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/console"
	"musubi/core/store/engine"
)

// CountDiariesNot implements journal.DiaryVisibilityStore.
func (s Journal) CountDiariesNot(ctx context.Context, owner core.ID, v core.Visibility) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM diary WHERE member = $1 AND visibility <> $2`+console.NotHidden(journal.ReportedDiary, "diary"), owner, v).Scan(&n)
	return n, err
}

// ShowDiaries implements journal.DiaryVisibilityStore.
func (s Journal) ShowDiaries(ctx context.Context, owner core.ID, v core.Visibility, limit int) (n int, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		ids, err := engine.List(ctx, q, func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
			`SELECT id FROM diary WHERE member = $1 AND visibility <> $2`+console.NotHidden(journal.ReportedDiary, "diary")+` ORDER BY id DESC LIMIT $3`, owner, v, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := q.Run(ctx, `UPDATE diary SET visibility = $1 WHERE member = $2 AND id = $3`, v, owner, id); err != nil {
				return err
			}
			if err := withdraw(ctx, q, owner, id); err != nil {
				return err
			}
			if err := deliver(ctx, q, journal.Diary{Owner: owner, ID: id, Visibility: v}); err != nil {
				return err
			}
		}
		n = len(ids)
		return nil
	})
	return n, err
}
