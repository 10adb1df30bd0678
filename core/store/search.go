package store

import (
	"context"

	"musubi/core"
	"musubi/core/search"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// TieColumns, TieFields and Wanted are pieces of what a Find reads with.
const TieColumns = base.TieColumns

var (
	TieFields = base.TieFields
	Wanted    = base.Wanted
)

// SearchRows implements search.SearchStore.
func (s Search) SearchRows(ctx context.Context, kind search.Kind, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return s.finds[kind].Rows(ctx, s.on(ctx), viewer, keys)
}

// SearchKeys implements search.SearchNoteStore.
func (s Search) SearchKeys(ctx context.Context, kind search.Kind, before core.ID, limit int) ([]search.Key, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (k search.Key, err error) { return k, r.Scan(&k.Owner, &k.ID) },
		s.finds[kind].Keys, before, limit)
}

// SearchDocs implements search.SearchNoteStore.
func (s Search) SearchDocs(ctx context.Context, kind search.Kind, keys []search.Key) ([]search.Doc, error) {
	rows, err := s.SearchRows(ctx, kind, 0, keys)
	if err != nil {
		return nil, err
	}
	place := make(map[search.Key]int, len(rows))
	for i := range rows {
		place[rows[i].Key] = i
	}
	docs := make([]search.Doc, 0, len(rows))
	for _, key := range keys {
		i, ok := place[key]
		if !ok {
			continue
		}
		row, doc := &rows[i], search.Doc{Key: key}
		if s.finds[kind].Named {
			doc.Add(core.Everyone, row.Member.Name)
		}
		doc.Add(row.Visibility, row.Title)
		doc.Add(row.Visibility, row.Body)
		for _, v := range row.Profile {
			doc.Add(v.Visibility, v.Value)
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// PutSearchNote implements search.SearchNoteStore.
func (s Search) PutSearchNote(ctx context.Context, n search.Note) error {
	if s.db.Shared() {
		return s.putSharedNote(ctx, n)
	}
	return s.change(ctx, `INSERT INTO search_note (member, kind, id, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, kind, id) DO UPDATE SET n = excluded.n`, n.Owner, n.Kind, n.ID, n.N)
}

// SearchNotes implements search.SearchNoteStore.
func (s Search) SearchNotes(ctx context.Context, after core.ID, limit int) ([]search.Note, error) {
	if s.db.Shared() {
		return s.sharedNotes(ctx, after, limit)
	}
	return engine.List(ctx, s.on(ctx), searchNote, searchNotes+` ORDER BY n LIMIT $2`, after, limit)
}

const searchNotes = `SELECT member, kind, id, n FROM search_note WHERE n > $1`

func searchNote(r engine.Scanner) (n search.Note, err error) {
	return n, r.Scan(&n.Owner, &n.Kind, &n.ID, &n.N)
}

// DropSearchNote implements search.SearchNoteStore.
func (s Search) DropSearchNote(ctx context.Context, n search.Note) error {
	if s.db.Shared() {
		return nil // other indexes do not know it yet
	}
	return s.change(ctx, `DELETE FROM search_note WHERE member = $1 AND kind = $2 AND id = $3 AND n <= $4`, n.Owner, n.Kind, n.ID, n.N)
}

// DeleteSearchNotes implements search.SearchNoteStore.
func (s Search) DeleteSearchNotes(ctx context.Context, upTo core.ID, limit int) (int, error) {
	if s.db.Shared() {
		return s.deleteSharedNotes(ctx, upTo, limit)
	}
	var removed int64
	err := s.exec(ctx, func(ctx context.Context, q engine.Querier) (err error) {
		removed, err = q.Run(ctx, `DELETE FROM search_note WHERE (member, kind, id) IN
			(SELECT member, kind, id FROM search_note WHERE n <= $1 ORDER BY n LIMIT $2)`, upTo, limit)
		return err
	})
	return int(removed), err
}

// SearchFilling implements search.SearchNoteStore.
func (s Search) SearchFilling(ctx context.Context) (f search.Filling, err error) {
	if s.db.Shared() {
		return s.sharedFilling(ctx)
	}
	err = one(s.on(ctx).Row(ctx, `SELECT id, seals FROM search_filling WHERE one = 1`).Scan(&f.ID, &f.Seals))
	if err == core.ErrNotFound {
		err = nil
	}
	return f, err
}

// SetSearchFilling implements search.SearchNoteStore.
func (s Search) SetSearchFilling(ctx context.Context, f search.Filling) error {
	if s.db.Shared() {
		return s.setSharedFilling(ctx, f)
	}
	return s.change(ctx, `INSERT INTO search_filling (one, id, seals) VALUES (1, $1, $2)
		ON CONFLICT (one) DO UPDATE SET id = excluded.id, seals = excluded.seals`, f.ID, f.Seals)
}

// forgetFilling says that the search index must be filled anew: what is stored here leaves no notes.
func forgetFilling(ctx context.Context, q engine.Querier) error {
	_, err := q.Run(ctx, `DELETE FROM search_filling`)
	return err
}
