package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// InsertBlock implements people.BlockStore.
func (s People) InsertBlock(ctx context.Context, member, blocked core.ID, at time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO block (member, blocked, blocked_at) VALUES ($1, $2, $3)
			ON CONFLICT (member, blocked) DO NOTHING`, member, blocked, engine.Millis(at))
		if err != nil {
			return err
		}
		for _, pair := range [...][2]core.ID{{member, blocked}, {blocked, member}} {
			for _, query := range [...]string{
				`DELETE FROM friend_request WHERE member = $1 AND other = $2`,
				`DELETE FROM introduction WHERE member = $1 AND (introduced = $2 OR introducer = $2)`,
			} {
				if _, err := q.Run(ctx, query, pair[0], pair[1]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// DeleteBlock implements people.BlockStore.
func (s People) DeleteBlock(ctx context.Context, member, blocked core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM block WHERE member = $1 AND blocked = $2`, member, blocked)
		if err == nil && n == 0 {
			return core.ErrNotFound
		}
		return err
	})
}

// Blocks implements people.BlockStore.
func (s People) Blocks(ctx context.Context, member core.ID, p core.Page) ([]people.BlockLine, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (b people.BlockLine, err error) {
		err = r.Scan(append(memberFields(&b.Member), engine.Moment(&b.At))...)
		b.Member.Photo.Owner = b.Member.ID
		return b, err
	}, `SELECT `+memberColumns+`, b.blocked_at FROM block b JOIN member m ON m.id = b.blocked`+memberPhoto+
		`WHERE b.member = $1 ORDER BY b.blocked_at DESC, m.id DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// CountBlocks implements people.BlockStore.
func (s People) CountBlocks(ctx context.Context, member core.ID) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM block WHERE member = $1`, member).Scan(&n)
	return n, err
}

// BlockedIDs lists those a member has blocked, by ID.
func (s People) BlockedIDs(ctx context.Context, member core.ID) ([]core.ID, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
		`SELECT blocked FROM block WHERE member = $1 ORDER BY blocked`, member)
}
