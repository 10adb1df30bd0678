package communities

import (
	"context"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Likes implements community.LikeStore.
type Likes struct{ base.Area }

// countLikes adds $4 to what is counted of thread $2 in community $1, or of its comment $3.
var countLikes = []string{
	`UPDATE community_thread SET likes = likes + $4 WHERE community = $1 AND id = $2 AND $3 = 0`,
	`UPDATE community_comment SET likes = likes + $4 WHERE community = $1 AND thread = $2 AND id = $3`,
}

// loseLike is run before the like of comment $3 of thread $2 in community $1 goes with its member.
var loseLike = []string{
	`UPDATE community_thread SET likes = likes - 1 WHERE community = $1 AND id = $2 AND $3 = 0`,
	`UPDATE community_comment SET likes = likes - 1 WHERE community = $1 AND thread = $2 AND id = $3`,
}

// unlikeComment is run before comment $3, by its number, of thread $2 in community $1 goes.
var unlikeComment = []string{`DELETE FROM community_liked WHERE community = $1 AND thread = $2
	AND comment = (SELECT id FROM community_comment WHERE community = $1 AND thread = $2 AND number = $3)`}

// PutLike implements community.LikeStore.
func (s Likes) PutLike(ctx context.Context, l community.Liking) (bool, error) {
	return s.liking(ctx, l, 1, `INSERT INTO community_liked (community, thread, comment, member, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (community, thread, comment, member) DO NOTHING`, l.Community, l.Thread, l.Comment, l.Member, engine.Millis(l.At))
}

// DropLike implements community.LikeStore.
func (s Likes) DropLike(ctx context.Context, l community.Liking) (bool, error) {
	return s.liking(ctx, l, -1, `DELETE FROM community_liked WHERE community = $1 AND thread = $2 AND comment = $3 AND member = $4`, l.Community, l.Thread, l.Comment, l.Member)
}

func (s Likes) liking(ctx context.Context, l community.Liking, n int, query string, args ...any) (changed bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		rows, err := q.Run(ctx, query, args...)
		if changed = rows > 0; err != nil || !changed {
			return err
		}
		for _, query := range countLikes {
			if _, err := q.Run(ctx, query, l.Community, l.Thread, l.Comment, n); err != nil {
				return err
			}
		}
		return nil
	})
	return changed, err
}

// LikedIn implements community.LikeStore.
func (s Likes) LikedIn(ctx context.Context, id, thread, member core.ID) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `SELECT comment FROM community_liked WHERE member = $3 AND community = $1 AND thread = $2`, id, thread, member)
}

// ChangeNumbered implements community.LikeStore.
func (s Likes) ChangeNumbered(ctx context.Context, c community.Comment) error {
	return s.Change(ctx, `UPDATE community_comment SET body = $4 WHERE community = $1 AND thread = $2 AND number = $3`, c.Community, c.Thread, c.Number, c.Body)
}
