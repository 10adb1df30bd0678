package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/engine"
)

// PutReadMarks implements journal.ReadStore.
func (s Journal) PutReadMarks(ctx context.Context, marks []journal.ReadMark) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, m := range marks {
			_, err := q.Run(ctx, `INSERT INTO diary_read (member, diary, owner, comments) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, diary, owner) DO UPDATE SET comments = excluded.comments`, m.Member, m.Diary, m.Owner, m.Comments)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadMarks implements journal.ReadStore.
func (s Journal) ReadMarks(ctx context.Context, member core.ID, diaries []core.ID) ([]journal.ReadMark, error) {
	args := []any{member}
	for _, id := range diaries {
		args = append(args, id)
	}
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (journal.ReadMark, error) {
		m := journal.ReadMark{Member: member}
		return m, r.Scan(&m.Owner, &m.Diary, &m.Comments)
	}, `SELECT owner, diary, comments FROM diary_read WHERE member = $1 AND diary IN (`+engine.Places(2, len(diaries))+`)`, args...)
}
