package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// InsertIntroduction implements people.IntroductionStore.
func (s People) InsertIntroduction(ctx context.Context, to, introduced, introducer core.ID, message string, at time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO introduction (member, introduced, introducer, message, sent_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (member, introduced, introducer) DO UPDATE SET message = excluded.message, sent_at = excluded.sent_at`,
			to, introduced, introducer, message, engine.Millis(at))
		return err
	})
}

// Introductions implements people.IntroductionStore.
func (s People) Introductions(ctx context.Context, to core.ID, p core.Page) ([]people.Introduction, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (i people.Introduction, err error) {
		err = r.Scan(append(memberFields(&i.Introduced), &i.Introducer.ID, &i.Introducer.Name, &i.Message, engine.Moment(&i.SentAt))...)
		i.Introduced.Photo.Owner = i.Introduced.ID
		return i, err
	}, `SELECT `+memberColumns+`, b.id, b.name, i.message, i.sent_at FROM introduction i
		JOIN member b ON b.id = i.introducer JOIN member m ON m.id = i.introduced`+memberPhoto+
		`WHERE i.member = $1 AND m.status = 0 AND b.status = 0 ORDER BY i.sent_at DESC, m.id DESC LIMIT $2 OFFSET $3`,
		to, p.Limit(), p.Offset())
}

// DeleteIntroduction implements people.IntroductionStore.
func (s People) DeleteIntroduction(ctx context.Context, to, introduced, introducer core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM introduction WHERE member = $1 AND introduced = $2 AND introducer = $3`, to, introduced, introducer)
		if err == nil && n == 0 {
			return core.ErrNotFound
		}
		return err
	})
}

// DeleteIntroductions implements people.IntroductionStore.
func (s People) DeleteIntroductions(ctx context.Context, a, b core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, pair := range [...][2]core.ID{{a, b}, {b, a}} {
			if _, err := q.Run(ctx, `DELETE FROM introduction WHERE member = $1 AND introduced = $2`, pair[0], pair[1]); err != nil {
				return err
			}
		}
		return nil
	})
}
