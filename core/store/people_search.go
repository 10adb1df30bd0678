package store

import (
	"context"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/search"
	"musubi/core/store/engine"
)

// memberSearch reads the members that a search finds.
var memberSearch = Find{
	Kind:  people.SearchMembers,
	Rows:  searchMembers,
	Keys:  `SELECT id, id FROM member WHERE id < $1 ORDER BY id DESC LIMIT $2`,
	Named: true,
}

func searchMembers(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := Wanted(viewer, keys)
	rows, err := engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		err = r.Scan(append(memberFields(&row.Member), TieFields(&row.Ties)...)...)
		row.Member.Photo.Owner = row.Member.ID
		row.Key = search.Key{Owner: row.Member.ID, ID: row.Member.ID}
		return row, err
	}, with+`SELECT `+memberColumns+`, `+TieColumns+` FROM wanted w CROSS JOIN member m ON m.id = w.owner`+memberPhoto, args...)
	if err != nil {
		return nil, err
	}
	place := make(map[core.ID]int, len(rows))
	for i := range rows {
		place[rows[i].Owner] = i
	}
	return rows, searchedFields(ctx, q, with, args, func(member core.ID, v core.ProfileValue) {
		if i, ok := place[member]; ok {
			rows[i].Profile = append(rows[i].Profile, v)
		}
	})
}

// searchedFields reads the profile fields that a search looks at, of the members wanted.
func searchedFields(ctx context.Context, q engine.Querier, with string, args []any, f func(core.ID, core.ProfileValue)) error {
	rows, err := q.Rows(ctx, with+`SELECT p.member, p.field, p.value, p.visibility FROM wanted w CROSS JOIN profile p ON p.member = w.owner`, args...)
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
		if field, ok := people.FindProfileField(v.Key); ok && field.Searched && v.Value != "" {
			v.Value = field.Told(v.Value)
			f(member, v)
		}
	}
	return rows.Err()
}
