package store

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// A board is a Board with its statements; their first parameters are those of in.
type board struct {
	Board
	columns string // all of them: the thread, and what stands there

	insert, find, change, remove, list, rows string
}

// statements writes those of a board.
func statements(of Board) board {
	b := board{Board: of, columns: "owner, " + of.Thing}
	in, n := ` WHERE c.owner = $1 AND c.`+of.Thing+` = $2`, 3
	if of.Piece != "" {
		b.columns += ", " + of.Piece
		in += ` AND c.` + of.Piece + ` = $3`
		n++
	}
	b.columns += ", id, author, body, created_at"
	next, after := "$"+strconv.Itoa(n), "$"+strconv.Itoa(n+1)
	b.insert = `INSERT INTO ` + of.Table + ` (` + b.columns + `) VALUES (` + engine.Places(1, n+3) + `)`
	b.find = `SELECT c.author, c.body, c.created_at FROM ` + of.Table + ` c` + in + ` AND c.id = ` + next
	b.change = `UPDATE ` + of.Table + ` AS c SET body = ` + after + in + ` AND c.id = ` + next
	b.remove = `DELETE FROM ` + of.Table + ` AS c` + in + ` AND c.id = ` + next
	b.list = `SELECT c.id, c.author, m.name, c.body, c.created_at,
			coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0)
		FROM ` + of.Table + ` c JOIN member m ON m.id = c.author` + memberPhoto + in + ` ORDER BY c.id LIMIT ` + next + ` OFFSET ` + after
	b.rows = `SELECT c.id, c.author, c.body, c.created_at FROM ` + of.Table + ` c` + in + ` ORDER BY c.id LIMIT ` + next + ` OFFSET ` + after
	return b
}

// in are the parameters that name a thread, and those that follow.
func (b *board) in(on talk.Thread, more ...any) []any {
	args := make([]any, 2, 3+len(more))
	args[0], args[1] = on.Owner, on.Thing
	if b.Piece != "" {
		args = append(args, on.Piece)
	}
	return append(args, more...)
}

// InsertComment implements talk.CommentStore.
func (s Talk) InsertComment(ctx context.Context, c talk.Comment) error {
	b := &s.boards[c.Kind]
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, b.insert, b.in(c.Thread, c.ID, c.Author, c.Body, engine.Millis(c.CreatedAt))...); err != nil {
			return err
		}
		return b.Count(ctx, q, &c, 1)
	})
}

// Comment implements talk.CommentStore.
func (s Talk) Comment(ctx context.Context, on talk.Thread, id core.ID) (talk.Comment, error) {
	b := &s.boards[on.Kind]
	c := talk.Comment{Thread: on, ID: id}
	err := s.on(ctx).Row(ctx, b.find, b.in(on, id)...).Scan(&c.Author, &c.Body, engine.Moment(&c.CreatedAt))
	return c, one(err)
}

// ChangeComment implements talk.CommentStore.
func (s Talk) ChangeComment(ctx context.Context, c talk.Comment) error {
	b := &s.boards[c.Kind]
	return s.change(ctx, b.change, b.in(c.Thread, c.ID, c.Body)...)
}

// DeleteComment implements talk.CommentStore.
func (s Talk) DeleteComment(ctx context.Context, c talk.Comment) error {
	b := &s.boards[c.Kind]
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, b.remove, b.in(c.Thread, c.ID)...)
		if err != nil || n == 0 {
			return err
		}
		if _, err := q.Run(ctx, `DELETE FROM liked WHERE owner = $1 AND kind = $2 AND thing = $3 AND piece = $4 AND comment = $5`, c.Owner, c.Kind, c.Thing, c.Piece, c.ID); err != nil {
			return err
		}
		return b.Count(ctx, q, &c, -1)
	})
}

// Comments implements talk.CommentStore.
func (s Talk) Comments(ctx context.Context, on talk.Thread, p core.Page) ([]talk.Comment, error) {
	b := &s.boards[on.Kind]
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (talk.Comment, error) {
		c := talk.Comment{Thread: on}
		err := r.Scan(&c.ID, &c.Author, &c.AuthorName, &c.Body, engine.Moment(&c.CreatedAt),
			&c.AuthorPhoto.ID, &c.AuthorPhoto.Hash, &c.AuthorPhoto.Type, &c.AuthorPhoto.Width, &c.AuthorPhoto.Height)
		c.AuthorPhoto.Owner = c.Author
		return c, err
	}, b.list, b.in(on, p.Limit(), p.Offset())...)
}

// CommentRows is Comments without names and faces: for a cache that has them.
func (s Talk) CommentRows(ctx context.Context, on talk.Thread, p core.Page) ([]talk.Comment, error) {
	b := &s.boards[on.Kind]
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (talk.Comment, error) {
		c := talk.Comment{Thread: on}
		return c, r.Scan(&c.ID, &c.Author, &c.Body, engine.Moment(&c.CreatedAt))
	}, b.rows, b.in(on, p.Limit(), p.Offset())...)
}
