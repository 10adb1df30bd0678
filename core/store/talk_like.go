package store

import (
	"context"

	"musubi/core"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// PutLike implements talk.LikeStore.
func (s Talk) PutLike(ctx context.Context, l talk.Liking) (bool, error) {
	return s.liking(ctx, `INSERT INTO liked (owner, kind, thing, piece, comment, member, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (owner, kind, thing, piece, comment, member) DO NOTHING`, l.Owner, l.Kind, l.Thing, l.Piece, l.Comment, l.Member, engine.Millis(l.At))
}

// DropLike implements talk.LikeStore.
func (s Talk) DropLike(ctx context.Context, l talk.Liking) (bool, error) {
	return s.liking(ctx, `DELETE FROM liked WHERE owner = $1 AND kind = $2 AND thing = $3 AND piece = $4 AND comment = $5 AND member = $6`,
		l.Owner, l.Kind, l.Thing, l.Piece, l.Comment, l.Member)
}

// liking runs a statement of one like and says whether it changed anything.
func (s Talk) liking(ctx context.Context, query string, args ...any) (changed bool, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, query, args...)
		changed = n > 0
		return err
	})
	return changed, err
}

// Likes implements talk.LikeStore.
func (s Talk) Likes(ctx context.Context, on talk.Thread, viewer core.ID) (map[core.ID]talk.Likes, error) {
	rows, err := s.on(ctx).Rows(ctx, `SELECT comment, count(*), max(CASE WHEN member = $5 THEN 1 ELSE 0 END) FROM liked
		WHERE owner = $1 AND kind = $2 AND thing = $3 AND piece = $4 GROUP BY comment`, on.Owner, on.Kind, on.Thing, on.Piece, viewer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	likes := map[core.ID]talk.Likes{}
	for rows.Next() {
		var comment core.ID
		var l talk.Likes
		if err := rows.Scan(&comment, &l.N, &l.Mine); err != nil {
			return nil, err
		}
		likes[comment] = l
	}
	return likes, rows.Err()
}
