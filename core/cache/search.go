package cache

import (
	"context"

	"musubi/core"
)

const foundBytes = memberBytes + 160

// SearchRows implements core.SearchStore. The newest things that have a common word are found again and again: what they say
// is kept. What the viewer is to their owners is put in each time. Albums are read: their captions are many rows.
func (c *Cache) SearchRows(ctx context.Context, kind core.SearchKind, viewer core.ID, keys []core.SearchKey) ([]core.SearchRow, error) {
	kept := foundDiary
	switch {
	case kind == core.SearchMembers:
		kept = foundMember
	case kind != core.SearchDiaries:
		return c.Source.SearchRows(ctx, kind, viewer, keys)
	}
	rows := make([]core.SearchRow, 0, len(keys))
	var missing []core.SearchKey
	for _, k := range keys {
		row, ok := find[*core.SearchRow](ctx, c, key{kind: kept, a: k.Owner, b: k.ID})
		if !ok {
			missing = append(missing, k)
			continue
		}
		ties, err := c.NearTies(ctx, viewer, k.Owner)
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
	read, err := c.Source.SearchRows(ctx, kind, viewer, missing)
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
