package haiku

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"

	"musubi/core"
	"musubi/core/search"
	"musubi/core/store"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

//go:embed schema
var schema embed.FS

// Tables are what haiku bring to the database.
func Tables() store.Feature {
	changes, err := fs.Sub(schema, "schema")
	if err != nil {
		panic(err) // the name is wrong: it is embedded
	}
	return store.Feature{
		Name:   "haiku",
		Schema: changes,
		Tables: []core.Table{
			{Name: "haiku_comment", Key: "owner haiku id", Columns: "owner:member haiku:id id:id author:author body:text created_at:time",
				Members: []core.Reference{{Column: "owner"}, {Column: "author"}},
				Cascade: []string{`UPDATE haiku SET comments = comments - 1 WHERE member = $1 AND id = $2`}, Export: "haiku_comments"},
			{Name: "haiku", Key: "member id", Columns: "member:self id:id text:text visibility:visibility comments:number photos:number created_at:time",
				Members: []core.Reference{{Column: "member"}}, Export: "haiku"},
		},
		Boards: []store.Board{{Kind: OnHaiku, Table: "haiku_comment", Thing: "haiku", Count: countComment}},
		Finds:  []store.Find{{Kind: Haikus, Rows: found, Keys: `SELECT member, id FROM haiku WHERE id < $1 ORDER BY id DESC LIMIT $2`}},
		Photos: []store.PhotoCount{{Kind: Photo, Attached: photoHangs, Leaves: photoLeaves}},
	}
}

func countComment(ctx context.Context, q engine.Querier, c *talk.Comment, n int) error {
	_, err := q.Run(ctx, `UPDATE haiku SET comments = comments + $3 WHERE member = $1 AND id = $2`, c.Owner, c.Thing, n)
	return err
}

func photoHangs(ctx context.Context, q engine.Querier, to core.Attached) error {
	return countPhoto(ctx, q, to, 1)
}

func photoLeaves(ctx context.Context, q engine.Querier, _, _ core.ID, from core.Attached) error {
	return countPhoto(ctx, q, from, -1)
}

func countPhoto(ctx context.Context, q engine.Querier, at core.Attached, n int) error {
	_, err := q.Run(ctx, `UPDATE haiku SET photos = photos + $3 WHERE member = $1 AND id = $2`, at.Owner, at.Thing, n)
	return err
}

func found(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := store.Wanted(viewer, keys)
	return engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		err = r.Scan(append([]any{&row.Owner, &row.ID, &row.Member.Name, &row.Visibility, &row.Body, &row.Comments, &row.Photos}, store.TieFields(&row.Ties)...)...)
		row.Member.ID = row.Owner
		return row, err
	}, with+`SELECT h.member, h.id, m.name, h.visibility, h.text, h.comments, h.photos, `+store.TieColumns+`
		FROM wanted w CROSS JOIN haiku h ON h.member = w.owner AND h.id = w.id CROSS JOIN member m ON m.id = h.member`, args...)
}

// DB keeps haiku on the engine of the database.
type DB struct{ *engine.DB }

// InsertHaiku implements HaikuStore.
func (db DB) InsertHaiku(ctx context.Context, h Haiku) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO haiku (member, id, text, visibility, created_at) VALUES ($1, $2, $3, $4, $5)`,
			h.Owner, h.ID, h.Text, h.Visibility, engine.Millis(h.CreatedAt))
		return err
	})
}

// Haiku implements HaikuStore.
func (db DB) Haiku(ctx context.Context, owner, id core.ID) (Haiku, error) {
	h := Haiku{Owner: owner, ID: id}
	err := db.On(ctx).Row(ctx, `SELECT text, visibility, comments, created_at FROM haiku WHERE member = $1 AND id = $2`, owner, id).
		Scan(&h.Text, &h.Visibility, &h.Comments, engine.Moment(&h.CreatedAt))
	if errors.Is(err, sql.ErrNoRows) {
		err = core.ErrNotFound
	}
	return h, err
}

// DeleteHaiku implements HaikuStore.
func (db DB) DeleteHaiku(ctx context.Context, owner, id core.ID) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `DELETE FROM haiku_comment WHERE owner = $1 AND haiku = $2`, Args: []any{owner, id}},
			engine.Step{Query: `DELETE FROM haiku WHERE member = $1 AND id = $2`, Args: []any{owner, id}})
	})
}
