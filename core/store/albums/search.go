package albums

import (
	"context"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/search"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// albumSearch reads the albums that a search finds.
var albumSearch = base.Find{
	Kind: album.SearchAlbums,
	Rows: searchAlbums,
	Keys: `SELECT member, id FROM album WHERE id < $1 ORDER BY id DESC LIMIT $2`,
}

// searchAlbums leaves out what an album with a password says but its title: the search does not know who has given it.
func searchAlbums(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := base.Wanted(viewer, keys)
	open := make(map[search.Key]bool, len(keys))
	rows, err := engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		var locked bool
		err = r.Scan(append([]any{&row.Owner, &row.ID, &row.Member.Name, &row.Visibility, &row.Title, &row.Body, &row.Comments, &row.Photos, &locked}, base.TieFields(&row.Ties)...)...)
		row.Member.ID = row.Owner
		if locked {
			row.Body, row.Comments, row.Photos = "", 0, 0
		}
		open[row.Key] = !locked
		return row, err
	}, with+`SELECT a.member, a.id, m.name, a.visibility, a.title, a.note, a.comments, a.photos, a.password <> '', `+base.TieColumns+`
		FROM wanted w CROSS JOIN album a ON a.member = w.owner AND a.id = w.id CROSS JOIN member m ON m.id = a.member`, args...)
	if err != nil {
		return nil, err
	}
	place := make(map[search.Key]int, len(rows))
	for i := range rows {
		place[rows[i].Key] = i
	}
	captions, err := q.Rows(ctx, with+`SELECT c.owner, c.thing, c.caption FROM wanted w CROSS JOIN photo c
		ON c.owner = w.owner AND c.thing = w.id AND c.kind = ? WHERE c.caption <> '' ORDER BY c.owner, c.thing, c.place`, append(args, int64(album.InAlbum))...)
	if err != nil {
		return nil, err
	}
	defer captions.Close()
	for captions.Next() {
		var key search.Key
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
