package communities

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// TakeNumber implements community.ThreadStore: whoever writes at the same moment waits for the row and has the next number.
func (s Store) TakeNumber(ctx context.Context, id, thread core.ID, most int, at time.Time) (n int, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		err := q.Row(ctx, `UPDATE community_thread SET comments = comments + 1, last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END
			WHERE community = $1 AND id = $2 AND comments < $4 RETURNING comments`, id, thread, engine.Millis(at), most).Scan(&n)
		if err != nil {
			return base.One(err)
		}
		return touchCommunity(ctx, q, id, at)
	})
	return n, err
}

// InsertNumbered implements community.ThreadStore.
func (s Store) InsertNumbered(ctx context.Context, c community.Comment) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO community_comment (community, thread, number, id, author, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				Args: []any{c.Community, c.Thread, c.Number, c.ID, c.Author, c.Body, engine.Millis(c.CreatedAt)}},
			engine.Step{Query: `INSERT INTO community_commented (member, thread, community, at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, thread) DO UPDATE SET at = excluded.at`, Args: []any{c.Author, c.Thread, c.Community, engine.Millis(c.CreatedAt)}})
	})
}

// numberedColumns: the author is c.author, so that a row of one who is suspended or has left is not there.
const numberedColumns = `c.community, c.thread, c.number, c.id, c.author, m.name, c.body, c.photos, c.created_at, c.hidden, c.likes,
	coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0)
	FROM community_comment c JOIN member m ON m.id = c.author AND m.status = 0` + base.MemberPhoto

func numberedRow(r engine.Scanner) (c community.Comment, err error) {
	err = r.Scan(&c.Community, &c.Thread, &c.Number, &c.ID, &c.Author, &c.AuthorName, &c.Body, &c.PhotoCount, engine.Moment(&c.CreatedAt), &c.Hidden, &c.Likes,
		&c.AuthorPhoto.ID, &c.AuthorPhoto.Hash, &c.AuthorPhoto.Type, &c.AuthorPhoto.Width, &c.AuthorPhoto.Height)
	c.AuthorPhoto.Owner = c.Author
	return c, err
}

// Numbered implements community.ThreadStore.
func (s Store) Numbered(ctx context.Context, id, thread core.ID, first, last int) ([]community.Comment, error) {
	list, err := engine.List(ctx, s.On(ctx), numberedRow, `SELECT `+numberedColumns+`WHERE c.community = $1 AND c.thread = $2 AND c.number >= $3 AND c.number <= $4 ORDER BY c.number`,
		id, thread, first, last)
	if err != nil {
		return nil, err
	}
	return list, s.numberedPhotos(ctx, list, id, thread, first, last)
}

// numberedPhotos puts the photos of comments into a list of those with numbers from first to last.
func (s Store) numberedPhotos(ctx context.Context, list []community.Comment, id, thread core.ID, first, last int) error {
	place, photos := map[core.ID]int{}, 0
	for i, c := range list {
		photos += c.PhotoCount
		place[c.ID] = i
	}
	if photos == 0 {
		return nil
	}
	rows, err := s.On(ctx).Rows(ctx, `SELECT p.thing, p.member, p.id, p.hash, p.type, p.width, p.height FROM community_comment c JOIN photo p
		ON p.owner = c.author AND p.thing = c.id AND p.kind = $5
		WHERE c.community = $1 AND c.thread = $2 AND c.number >= $3 AND c.number <= $4 AND c.photos > 0 ORDER BY c.number, p.place`,
		id, thread, first, last, community.CommentPhoto)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var of core.ID
		var p core.Photo
		if err := rows.Scan(&of, &p.Owner, &p.ID, &p.Hash, &p.Type, &p.Width, &p.Height); err != nil {
			return err
		}
		if i, ok := place[of]; ok {
			list[i].Photos = append(list[i].Photos, p)
		}
	}
	return rows.Err()
}

// CommentByID implements community.ThreadStore.
func (s Store) CommentByID(ctx context.Context, id core.ID) (community.Comment, error) {
	c, err := numberedRow(s.On(ctx).Row(ctx, `SELECT `+numberedColumns+`WHERE c.id = $1`, id))
	return c, base.One(err)
}

// DeleteNumbered implements community.ThreadStore. The thread leaves the author's history with the last comment of theirs.
func (s Store) DeleteNumbered(ctx context.Context, c community.Comment) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, query := range unlikeComment {
			if _, err := q.Run(ctx, query, c.Community, c.Thread, c.Number); err != nil {
				return err
			}
		}
		n, err := q.Run(ctx, `DELETE FROM community_comment WHERE community = $1 AND thread = $2 AND number = $3`, c.Community, c.Thread, c.Number)
		if err != nil || n == 0 {
			return errors.Join(err, core.ErrNotFound)
		}
		_, err = q.Run(ctx, `DELETE FROM community_commented WHERE member = $1 AND thread = $2
			AND NOT EXISTS (SELECT 1 FROM community_comment WHERE community = $3 AND thread = $2 AND author = $1)`, c.Author, c.Thread, c.Community)
		return err
	})
}

// threadPhotos and numberedPhotos count photos where they hang.
var (
	threadPhotos   = countedPhotos(community.ThreadPhoto, `UPDATE community_thread SET photos = photos + $2 WHERE id = $1`)
	numberedPhotos = countedPhotos(community.CommentPhoto, `UPDATE community_comment SET photos = photos + $2 WHERE id = $1`)
)

// countedPhotos runs a statement with the thing and 1 or -1.
func countedPhotos(kind core.Attachment, query string) base.PhotoCount {
	return base.PhotoCount{
		Kind: kind,
		Attached: func(ctx context.Context, q engine.Querier, to core.Attached) error {
			_, err := q.Run(ctx, query, to.Thing, 1)
			return err
		},
		Leaves: func(ctx context.Context, q engine.Querier, _, _ core.ID, from core.Attached) error {
			_, err := q.Run(ctx, query, from.Thing, -1)
			return err
		},
	}
}
