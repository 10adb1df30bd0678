// Package bringdb is the SQL of what members bring from elsewhere: what core/bring asks of the database. core/store joins it.
package bringdb

import (
	"context"
	"encoding/json"

	"musubi/core"
	"musubi/core/bring"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Store keeps imports, and what they brought. Safe for concurrent use.
type Store struct{ base.Area }

// Feature is what the room brings to what the database does for all areas.
var Feature = base.Feature{
	Name: "bring",
	Tables: []core.Table{
		{Name: "import", Key: "member id", Columns: "member:self id:id kind:number state:number name:text title:text visibility:visibility comments:flag at:time ended_at:time summary:text done:number steps:number fresh:number same:number failed:number",
			Members: []core.Reference{{Column: "member"}}, Export: "imports"},
		{Name: "brought", Key: "member hash", Columns: "member:self hash:secret import:id kind:number thing:id piece:id", Members: []core.Reference{{Column: "member"}}, NoExport: "the things themselves are in it"},
	},
}

const importColumns = `SELECT member, id, kind, state, name, title, visibility, comments, at, ended_at, summary, done, steps, fresh, same, failed FROM import`

func importRow(r engine.Scanner) (i bring.Import, err error) {
	var summary string
	err = r.Scan(&i.Member, &i.ID, &i.Kind, &i.State, &i.Name, &i.Title, &i.Visibility, &i.Comments, engine.Moment(&i.At), engine.Moment(&i.EndedAt), &summary, &i.Done, &i.Steps, &i.New, &i.Same, &i.Failed)
	if err == nil {
		err = json.Unmarshal([]byte(summary), &i.Summary)
	}
	return i, err
}

// PutImport implements bring.ImportStore.
func (db Store) PutImport(ctx context.Context, i bring.Import) error {
	summary, err := json.Marshal(i.Summary)
	if err != nil {
		return err
	}
	return db.Change(ctx, `INSERT INTO import (member, id, kind, state, name, title, visibility, comments, at, ended_at, summary, done, steps, fresh, same, failed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (member, id) DO UPDATE SET state = excluded.state, title = excluded.title, visibility = excluded.visibility, comments = excluded.comments,
		ended_at = excluded.ended_at, done = excluded.done, fresh = excluded.fresh, same = excluded.same, failed = excluded.failed`,
		i.Member, i.ID, i.Kind, i.State, i.Name, i.Title, i.Visibility, i.Comments, engine.Millis(i.At), engine.Millis(i.EndedAt), string(summary), i.Done, i.Steps, i.New, i.Same, i.Failed)
}

// Import implements bring.ImportStore.
func (db Store) Import(ctx context.Context, member, id core.ID) (bring.Import, error) {
	i, err := importRow(db.On(ctx).Row(ctx, importColumns+` WHERE member = $1 AND id = $2`, member, id))
	return i, base.One(err)
}

// Imports implements bring.ImportStore.
func (db Store) Imports(ctx context.Context, member core.ID) ([]bring.Import, error) {
	return engine.List(ctx, db.On(ctx), importRow, importColumns+` WHERE member = $1 ORDER BY id DESC LIMIT 100`, member)
}

// ImportsIn implements bring.ImportStore.
func (db Store) ImportsIn(ctx context.Context, state bring.State) ([]bring.Import, error) {
	return engine.List(ctx, db.On(ctx), importRow, importColumns+` WHERE state = $1 ORDER BY at, id LIMIT 100`, state)
}

// DeleteImport implements bring.ImportStore.
func (db Store) DeleteImport(ctx context.Context, member, id core.ID) error {
	return db.Change(ctx, `DELETE FROM import WHERE member = $1 AND id = $2`, member, id)
}

const markColumns = `SELECT member, import, hash, kind, thing, piece FROM brought`

func markRow(r engine.Scanner) (m bring.Mark, err error) {
	return m, r.Scan(&m.Member, &m.Import, &m.Hash, &m.Kind, &m.Thing, &m.Piece)
}

// Marked implements bring.ImportStore.
func (db Store) Marked(ctx context.Context, member core.ID, hash string) (bring.Mark, error) {
	m, err := markRow(db.On(ctx).Row(ctx, markColumns+` WHERE member = $1 AND hash = $2`, member, hash))
	return m, base.One(err)
}

// PutMark implements bring.ImportStore.
func (db Store) PutMark(ctx context.Context, m bring.Mark) error {
	return db.Change(ctx, `INSERT INTO brought (member, hash, import, kind, thing, piece) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (member, hash) DO UPDATE SET import = excluded.import, kind = excluded.kind, thing = excluded.thing, piece = excluded.piece`, m.Member, m.Hash, m.Import, m.Kind, m.Thing, m.Piece)
}

// Marks implements bring.ImportStore.
func (db Store) Marks(ctx context.Context, member, id core.ID, limit int) ([]bring.Mark, error) {
	return engine.List(ctx, db.On(ctx), markRow, markColumns+` WHERE member = $1 AND import = $2 ORDER BY kind, thing, piece LIMIT $3`, member, id, limit)
}

// DeleteMark implements bring.ImportStore.
func (db Store) DeleteMark(ctx context.Context, member core.ID, hash string) error {
	return db.Change(ctx, `DELETE FROM brought WHERE member = $1 AND hash = $2`, member, hash)
}
