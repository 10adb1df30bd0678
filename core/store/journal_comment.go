package store

import (
	"context"

	"musubi/core/store/engine"
	"musubi/core/talk"
)

// movedAgain is how long after an entry was brought to the top of the comment histories it is not brought there again, in
// milliseconds: a lively talk would change rows of everyone who takes part with each word.
const movedAgain = 60_000

// countDiaryComment is the count of an entry; a new comment brings it to the top of the comment histories.
func countDiaryComment(ctx context.Context, q engine.Querier, c *talk.Comment, n int) error {
	if n < 0 {
		if _, err := q.Run(ctx, `UPDATE diary SET comments = comments - 1 WHERE member = $1 AND id = $2`, c.Owner, c.Thing); err != nil {
			return err
		}
		_, err := q.Run(ctx, `DELETE FROM commented WHERE member = $1 AND owner = $2 AND diary = $3
			AND NOT EXISTS (SELECT 1 FROM comment WHERE owner = $2 AND diary = $3 AND author = $1)`, c.Author, c.Owner, c.Thing)
		return err
	}
	at := engine.Millis(c.CreatedAt)
	_, err := q.Run(ctx, `UPDATE diary SET comments = comments + 1, updated_at = CASE WHEN updated_at < $1 THEN $1 ELSE updated_at END WHERE member = $2 AND id = $3`,
		at, c.Owner, c.Thing)
	if err != nil {
		return err
	}
	if c.Author != c.Owner {
		_, err = q.Run(ctx, `INSERT INTO commented (member, owner, diary, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (member, owner, diary) DO NOTHING`, c.Author, c.Owner, c.Thing, at)
		if err != nil {
			return err
		}
	}
	_, err = q.Run(ctx, `UPDATE commented SET updated_at = $1 WHERE owner = $2 AND diary = $3 AND updated_at < $1 - $4`,
		at, c.Owner, c.Thing, movedAgain)
	return err
}
