package cache

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/people"
	"musubi/core/search"
)

const foundBytes = memberBytes + 160

// SearchRows implements search.SearchStore. The newest things that have a common word are found again and again: what they say
// is kept. What the viewer is to their owners is put in each time. Albums are read: their captions are many rows.
func (c Search) SearchRows(ctx context.Context, kind search.Kind, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	kept := foundDiary
	switch {
	case kind == people.SearchMembers:
		kept = foundMember
	case kind != journal.SearchDiaries:
		return c.source.Search.SearchRows(ctx, kind, viewer, keys)
	}
	rows := make([]search.Row, 0, len(keys))
	var missing []search.Key
	for _, k := range keys {
		row, ok := find[*search.Row](ctx, c.Cache, key{kind: kept, a: k.Owner, b: k.ID})
		if !ok {
			missing = append(missing, k)
			continue
		}
		ties, err := Desk{c.source.Desk, c.Cache}.NearTies(ctx, viewer, k.Owner)
		if err != nil {
			return nil, err
		}
		rows = append(rows, *row)
		rows[len(rows)-1].Ties = ties
	}
	if missing == nil {
		return rows, nil
	}
	seq := c.versions.now()
	read, err := c.source.Search.SearchRows(ctx, kind, viewer, missing)
	for i := range read {
		row := read[i]
		row.Ties = core.Ties{} // another viewer's next time
		bytes := foundBytes + len(row.Title) + len(row.Body) + len(row.Member.Name) + len(row.Member.Photo.Hash)
		for _, v := range row.Profile {
			bytes += profileBytes + len(v.Value)
		}
		c.keep(ctx, key{kind: kept, a: row.Owner, b: row.ID}, seq, &row, bytes)
	}
	return append(rows, read...), err
}
