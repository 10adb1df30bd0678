package store

import (
	"context"
	"fmt"
	"strings"

	"musubi/core"
	"musubi/core/store/engine"
)

// SearchRows implements core.SearchStore: the things and what decides who sees them, with one statement for many.
func (s Search) SearchRows(ctx context.Context, kind core.SearchKind, viewer core.ID, keys []core.SearchKey) ([]core.SearchRow, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	switch kind {
	case core.SearchMembers:
		return s.searchMembers(ctx, viewer, keys)
	case core.SearchDiaries:
		return s.searchDiaries(ctx, viewer, keys)
	case core.SearchAlbums:
		return s.searchAlbums(ctx, viewer, keys)
	}
	return nil, fmt.Errorf("store: search for kind %d", kind)
}

// tieColumns are facts between a viewer and the owner m.id of a thing: see Ties. The viewer is the argument w.viewer.
const tieColumns = `EXISTS (SELECT 1 FROM member WHERE id = w.viewer AND status = 0), m.status = 0,
	EXISTS (SELECT 1 FROM block WHERE member = w.viewer AND blocked = m.id) OR EXISTS (SELECT 1 FROM block WHERE member = m.id AND blocked = w.viewer),
	EXISTS (SELECT 1 FROM friend WHERE member = w.viewer AND friend = m.id)`

func tieFields(t *core.Ties) []any {
	return []any{&t.ViewerActive, &t.OwnerActive, &t.Blocked, &t.Friends}
}

func (s Search) searchDiaries(ctx context.Context, viewer core.ID, keys []core.SearchKey) ([]core.SearchRow, error) {
	with, args := wanted(viewer, keys)
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (row core.SearchRow, err error) {
		err = r.Scan(append([]any{&row.Owner, &row.ID, &row.Member.Name, &row.Visibility, &row.Title, &row.Body, &row.Comments, &row.Photos}, tieFields(&row.Ties)...)...)
		row.Member.ID = row.Owner
		return row, err
	}, with+`SELECT d.member, d.id, m.name, d.visibility, d.title, d.body, d.comments, d.photos, `+tieColumns+`
		FROM wanted w CROSS JOIN diary d ON d.member = w.owner AND d.id = w.id CROSS JOIN member m ON m.id = d.member`, args...)
}

// searchAlbums leaves out what an album with a password says but its title: the search does not know who has given it.
func (s Search) searchAlbums(ctx context.Context, viewer core.ID, keys []core.SearchKey) ([]core.SearchRow, error) {
	with, args := wanted(viewer, keys)
	open := make(map[core.SearchKey]bool, len(keys))
	rows, err := engine.List(ctx, s.on(ctx), func(r engine.Scanner) (row core.SearchRow, err error) {
		var locked bool
		err = r.Scan(append([]any{&row.Owner, &row.ID, &row.Member.Name, &row.Visibility, &row.Title, &row.Body, &row.Comments, &row.Photos, &locked}, tieFields(&row.Ties)...)...)
		row.Member.ID = row.Owner
		if locked {
			row.Body, row.Comments, row.Photos = "", 0, 0
		}
		open[row.SearchKey] = !locked
		return row, err
	}, with+`SELECT a.member, a.id, m.name, a.visibility, a.title, a.note, a.comments, a.photos, a.password <> '', `+tieColumns+`
		FROM wanted w CROSS JOIN album a ON a.member = w.owner AND a.id = w.id CROSS JOIN member m ON m.id = a.member`, args...)
	if err != nil {
		return nil, err
	}
	place := make(map[core.SearchKey]int, len(rows))
	for i := range rows {
		place[rows[i].SearchKey] = i
	}
	captions, err := s.on(ctx).Rows(ctx, with+`SELECT c.owner, c.thing, c.caption FROM wanted w CROSS JOIN photo c
		ON c.owner = w.owner AND c.thing = w.id AND c.kind = ? WHERE c.caption <> '' ORDER BY c.owner, c.thing, c.place`, append(args, int64(core.InAlbum))...)
	if err != nil {
		return nil, err
	}
	defer captions.Close()
	for captions.Next() {
		var key core.SearchKey
		var caption string
		if err := captions.Scan(&key.Owner, &key.ID, &caption); err != nil {
			return nil, err
		}
		if i, ok := place[key]; ok && open[key] {
			rows[i].Body += "\n" + caption
		}
	}
	return rows, captions.Err()
}

func (s Search) searchMembers(ctx context.Context, viewer core.ID, keys []core.SearchKey) ([]core.SearchRow, error) {
	with, args := wanted(viewer, keys)
	rows, err := engine.List(ctx, s.on(ctx), func(r engine.Scanner) (row core.SearchRow, err error) {
		err = r.Scan(append(memberFields(&row.Member), tieFields(&row.Ties)...)...)
		row.Member.Photo.Owner = row.Member.ID
		row.SearchKey = core.SearchKey{Owner: row.Member.ID, ID: row.Member.ID}
		return row, err
	}, with+`SELECT `+memberColumns+`, `+tieColumns+` FROM wanted w CROSS JOIN member m ON m.id = w.owner`+memberPhoto, args...)
	if err != nil {
		return nil, err
	}
	place := make(map[core.ID]int, len(rows))
	for i := range rows {
		place[rows[i].Owner] = i
	}
	return rows, s.searchedFields(ctx, with, args, func(member core.ID, v core.ProfileValue) {
		if i, ok := place[member]; ok {
			rows[i].Profile = append(rows[i].Profile, v)
		}
	})
}

// searchedFields reads the profile fields that a search looks at, of the members wanted.
func (s Search) searchedFields(ctx context.Context, with string, args []any, f func(core.ID, core.ProfileValue)) error {
	rows, err := s.on(ctx).Rows(ctx, with+`SELECT p.member, p.field, p.value, p.visibility FROM wanted w CROSS JOIN profile p ON p.member = w.owner`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var member core.ID
		var v core.ProfileValue
		if err := rows.Scan(&member, &v.Key, &v.Value, &v.Visibility); err != nil {
			return err
		}
		if field, ok := core.FindProfileField(v.Key); ok && field.Searched && v.Value != "" {
			f(member, v)
		}
	}
	return rows.Err()
}

// wanted writes the beginning of a statement about many things: the table w of their keys. Its length is one of a few, so
// that only a few statements are prepared; what is left over asks for nothing.
func wanted(viewer core.ID, keys []core.SearchKey) (with string, args []any) {
	n := 4
	for n < len(keys) {
		n *= 2
	}
	args = make([]any, 0, 3*n)
	for i := range n {
		var key core.SearchKey
		if i < len(keys) {
			key = keys[i]
		}
		args = append(args, int64(viewer), int64(key.Owner), int64(key.ID))
	}
	return `WITH wanted (viewer, owner, id) AS (VALUES (?, ?, ?)` + strings.Repeat(`, (?, ?, ?)`, n-1) + `) `, args
}

// SearchKeys implements core.SearchNoteStore.
func (s Search) SearchKeys(ctx context.Context, kind core.SearchKind, before core.ID, limit int) ([]core.SearchKey, error) {
	query, ok := map[core.SearchKind]string{
		core.SearchMembers: `SELECT id, id FROM member WHERE id < $1 ORDER BY id DESC LIMIT $2`,
		core.SearchDiaries: `SELECT member, id FROM diary WHERE id < $1 ORDER BY id DESC LIMIT $2`,
		core.SearchAlbums:  `SELECT member, id FROM album WHERE id < $1 ORDER BY id DESC LIMIT $2`,
	}[kind]
	if !ok {
		return nil, fmt.Errorf("store: search for kind %d", kind)
	}
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (k core.SearchKey, err error) { return k, r.Scan(&k.Owner, &k.ID) }, query, before, limit)
}

// SearchDocs implements core.SearchNoteStore.
func (s Search) SearchDocs(ctx context.Context, kind core.SearchKind, keys []core.SearchKey) ([]core.SearchDoc, error) {
	rows, err := s.SearchRows(ctx, kind, 0, keys)
	if err != nil {
		return nil, err
	}
	place := make(map[core.SearchKey]int, len(rows))
	for i := range rows {
		place[rows[i].SearchKey] = i
	}
	docs := make([]core.SearchDoc, 0, len(rows))
	for _, key := range keys {
		i, ok := place[key]
		if !ok {
			continue
		}
		row, doc := &rows[i], core.SearchDoc{SearchKey: key}
		if kind == core.SearchMembers {
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

// PutSearchNote implements core.SearchNoteStore.
func (s Search) PutSearchNote(ctx context.Context, n core.SearchNote) error {
	return s.change(ctx, `INSERT INTO search_note (member, kind, id, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, kind, id) DO UPDATE SET n = excluded.n`, n.Owner, n.Kind, n.ID, n.N)
}

// SearchNotes implements core.SearchNoteStore.
func (s Search) SearchNotes(ctx context.Context, after core.ID, limit int) ([]core.SearchNote, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (n core.SearchNote, err error) {
		return n, r.Scan(&n.Owner, &n.Kind, &n.ID, &n.N)
	}, `SELECT member, kind, id, n FROM search_note WHERE n > $1 ORDER BY n LIMIT $2`, after, limit)
}

// DropSearchNote implements core.SearchNoteStore.
func (s Search) DropSearchNote(ctx context.Context, n core.SearchNote) error {
	return s.change(ctx, `DELETE FROM search_note WHERE member = $1 AND kind = $2 AND id = $3 AND n <= $4`, n.Owner, n.Kind, n.ID, n.N)
}

// DeleteSearchNotes implements core.SearchNoteStore.
func (s Search) DeleteSearchNotes(ctx context.Context, upTo core.ID, limit int) (int, error) {
	var removed int64
	err := s.exec(ctx, func(ctx context.Context, q engine.Querier) (err error) {
		removed, err = q.Run(ctx, `DELETE FROM search_note WHERE (member, kind, id) IN
			(SELECT member, kind, id FROM search_note WHERE n <= $1 ORDER BY n LIMIT $2)`, upTo, limit)
		return err
	})
	return int(removed), err
}

// SearchFilling implements core.SearchNoteStore.
func (s Search) SearchFilling(ctx context.Context) (f core.SearchFilling, err error) {
	err = one(s.on(ctx).Row(ctx, `SELECT id, seals FROM search_filling WHERE one = 1`).Scan(&f.ID, &f.Seals))
	if err == core.ErrNotFound {
		err = nil
	}
	return f, err
}

// SetSearchFilling implements core.SearchNoteStore.
func (s Search) SetSearchFilling(ctx context.Context, f core.SearchFilling) error {
	return s.change(ctx, `INSERT INTO search_filling (one, id, seals) VALUES (1, $1, $2)
		ON CONFLICT (one) DO UPDATE SET id = excluded.id, seals = excluded.seals`, f.ID, f.Seals)
}

// forgetFilling says that the search index must be filled anew: what is stored here leaves no notes.
func forgetFilling(ctx context.Context, q engine.Querier) error {
	_, err := q.Run(ctx, `DELETE FROM search_filling`)
	return err
}
