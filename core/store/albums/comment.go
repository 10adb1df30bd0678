package albums

import (
	"context"

	"musubi/core/store/engine"
	"musubi/core/talk"
)

// countAlbumComment is the count of an album, and of its photo.
func countAlbumComment(ctx context.Context, q engine.Querier, c *talk.Comment, n int) error {
	_, err := q.Run(ctx, `UPDATE album SET all_comments = all_comments + $3, comments = comments + CASE WHEN $4 = 0 THEN $3 ELSE 0 END WHERE member = $1 AND id = $2`,
		c.Owner, c.Thing, n, c.Piece)
	if err != nil || c.Piece == 0 {
		return err
	}
	_, err = q.Run(ctx, `UPDATE photo SET comments = comments + $3 WHERE member = $1 AND id = $2`, c.Owner, c.Piece, n)
	return err
}
