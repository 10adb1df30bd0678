package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/store/engine"
)

// NewsLetters implements news.TellStore.
func (s News) NewsLetters(ctx context.Context, member core.ID) (map[news.Kind]news.Letters, error) {
	type row struct {
		kind   news.Kind
		choice news.Letters
	}
	rows, err := engine.List(ctx, s.on(ctx), func(r engine.Scanner) (c row, err error) {
		return c, r.Scan(&c.kind, &c.choice.PC, &c.choice.Handset)
	}, `SELECT kind, pc, handset FROM news_letter WHERE member = $1`, member)
	chosen := make(map[news.Kind]news.Letters, len(rows))
	for _, c := range rows {
		chosen[c.kind] = c.choice
	}
	return chosen, err
}

// SetNewsLetters implements news.TellStore.
func (s News) SetNewsLetters(ctx context.Context, member core.ID, choices map[news.Kind]news.Letters) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for kind, c := range choices {
			if _, err := q.Run(ctx, `INSERT INTO news_letter (member, kind, pc, handset) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, kind) DO UPDATE SET pc = excluded.pc, handset = excluded.handset`,
				member, kind, c.PC, c.Handset); err != nil {
				return err
			}
		}
		return nil
	})
}

// Told implements news.TellStore.
func (s News) Told(ctx context.Context, member core.ID, since time.Time) ([]news.Told, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (news.Told, error) {
		t := news.Told{Member: member}
		return t, r.Scan(&t.Kind, &t.About, engine.Moment(&t.At))
	}, `SELECT kind, about, at FROM told WHERE member = $1 AND at > $2`, member, engine.Millis(since))
}

// PutTold implements news.TellStore.
func (s News) PutTold(ctx context.Context, t news.Told) error {
	return s.change(ctx, `INSERT INTO told (member, kind, about, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, kind, about) DO UPDATE SET at = excluded.at`, t.Member, t.Kind, t.About, engine.Millis(t.At))
}

// DeleteToldBefore implements news.TellStore.
func (s News) DeleteToldBefore(ctx context.Context, t time.Time) error {
	return s.change(ctx, `DELETE FROM told WHERE at <= $1`, engine.Millis(t))
}
