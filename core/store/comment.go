package store

import (
	"context"

	"musubi/core"
)

// InsertComment implements core.CommentStore.
func (s *Store) InsertComment(ctx context.Context, c core.Comment) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		at := millis(c.CreatedAt)
		_, err := q.run(ctx, `INSERT INTO comment (owner, diary, id, author, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			c.Owner, c.Diary, c.ID, c.Author, c.Body, at)
		if err != nil {
			return err
		}
		_, err = q.run(ctx, `UPDATE diary SET comments = comments + 1, updated_at = CASE WHEN updated_at < $1 THEN $1 ELSE updated_at END WHERE member = $2 AND id = $3`,
			at, c.Owner, c.Diary)
		if err != nil {
			return err
		}
		if c.Author != c.Owner {
			_, err = q.run(ctx, `INSERT INTO commented (member, owner, diary, updated_at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, owner, diary) DO NOTHING`, c.Author, c.Owner, c.Diary, at)
			if err != nil {
				return err
			}
		}
		_, err = q.run(ctx, `UPDATE commented SET updated_at = $1 WHERE owner = $2 AND diary = $3 AND updated_at < $1`,
			at, c.Owner, c.Diary)
		return err
	})
}

// Comment implements core.CommentStore.
func (s *Store) Comment(ctx context.Context, owner, diary, id core.ID) (core.Comment, error) {
	c := core.Comment{Owner: owner, Diary: diary, ID: id}
	err := s.on(ctx).row(ctx, `SELECT author, body, created_at FROM comment WHERE owner = $1 AND diary = $2 AND id = $3`, owner, diary, id).
		Scan(&c.Author, &c.Body, moment{&c.CreatedAt})
	return c, one(err)
}

// DeleteComment implements core.CommentStore.
func (s *Store) DeleteComment(ctx context.Context, c core.Comment) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		n, err := q.run(ctx, `DELETE FROM comment WHERE owner = $1 AND diary = $2 AND id = $3`, c.Owner, c.Diary, c.ID)
		if err != nil || n == 0 {
			return err
		}
		if _, err := q.run(ctx, `UPDATE diary SET comments = comments - 1 WHERE member = $1 AND id = $2`, c.Owner, c.Diary); err != nil {
			return err
		}
		_, err = q.run(ctx, `DELETE FROM commented WHERE member = $1 AND owner = $2 AND diary = $3
			AND NOT EXISTS (SELECT 1 FROM comment WHERE owner = $2 AND diary = $3 AND author = $1)`, c.Author, c.Owner, c.Diary)
		return err
	})
}

// Comments implements core.CommentStore.
func (s *Store) Comments(ctx context.Context, owner, diary core.ID, p core.Page) ([]core.Comment, error) {
	return list(ctx, s.on(ctx), func(r scanner) (core.Comment, error) {
		c := core.Comment{Owner: owner, Diary: diary}
		err := r.Scan(&c.ID, &c.Author, &c.AuthorName, &c.Body, moment{&c.CreatedAt},
			&c.AuthorPhoto.ID, &c.AuthorPhoto.Hash, &c.AuthorPhoto.Type, &c.AuthorPhoto.Width, &c.AuthorPhoto.Height)
		c.AuthorPhoto.Owner = c.Author
		return c, err
	}, `SELECT c.id, c.author, m.name, c.body, c.created_at,
			coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0)
		FROM comment c JOIN member m ON m.id = c.author`+memberPhoto+
		`WHERE c.owner = $1 AND c.diary = $2 ORDER BY c.id LIMIT $3 OFFSET $4`,
		owner, diary, p.Limit(), p.Offset())
}
