package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/search"
	"musubi/core/store/engine"
)

// diarySearch reads the diaries that a search finds.
var diarySearch = Find{
	Kind: journal.SearchDiaries,
	Rows: searchDiaries,
	Keys: `SELECT member, id FROM diary WHERE id < $1 ORDER BY id DESC LIMIT $2`,
}

func searchDiaries(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := Wanted(viewer, keys)
	return engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		err = r.Scan(append([]any{&row.Owner, &row.ID, &row.Member.Name, &row.Visibility, &row.Title, &row.Body, &row.Comments, &row.Photos}, TieFields(&row.Ties)...)...)
		row.Member.ID = row.Owner
		return row, err
	}, with+`SELECT d.member, d.id, m.name, d.visibility, d.title, d.body, d.comments, d.photos, `+TieColumns+`
		FROM wanted w CROSS JOIN diary d ON d.member = w.owner AND d.id = w.id CROSS JOIN member m ON m.id = d.member`, args...)
}
