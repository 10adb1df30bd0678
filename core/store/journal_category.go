package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/engine"
)

// DiaryCategories implements journal.CategoryStore.
func (s Journal) DiaryCategories(ctx context.Context, member core.ID) ([]journal.DiaryCategory, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (c journal.DiaryCategory, err error) { return c, r.Scan(&c.ID, &c.Name) },
		`SELECT id, name FROM diary_category WHERE member = $1 ORDER BY id`, member)
}

// InsertCategory implements journal.CategoryStore.
func (s Journal) InsertCategory(ctx context.Context, member core.ID, c journal.DiaryCategory) error {
	return s.change(ctx, `INSERT INTO diary_category (member, id, name) VALUES ($1, $2, $3)`, member, c.ID, c.Name)
}

// RenameCategory implements journal.CategoryStore.
func (s Journal) RenameCategory(ctx context.Context, member core.ID, c journal.DiaryCategory) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE diary_category SET name = $1 WHERE member = $2 AND id = $3`, c.Name, member, c.ID)
		if err == nil && n == 0 {
			return core.ErrNotFound
		}
		return err
	})
}

// DeleteCategory implements journal.CategoryStore.
func (s Journal) DeleteCategory(ctx context.Context, member, id core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM diary_category WHERE member = $1 AND id = $2`, member, id)
		if err == nil && n == 0 {
			return core.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = q.Run(ctx, `UPDATE diary SET category = 0 WHERE member = $1 AND category = $2`, member, id)
		return err
	})
}
