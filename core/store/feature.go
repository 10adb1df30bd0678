package store

import (
	"context"
	"fmt"
	"io/fs"

	"musubi/core"
	"musubi/core/feature"
	"musubi/core/search"
	"musubi/core/store/albums"
	"musubi/core/store/base"
	"musubi/core/store/bringdb"
	"musubi/core/store/communities"
	"musubi/core/store/console"
	"musubi/core/store/elsewheredb"
	"musubi/core/store/engine"
	"musubi/core/store/mails"
	"musubi/core/store/messages"
	"musubi/core/store/musicdb"
	"musubi/core/store/pushdb"
	"musubi/core/store/reviews"
	"musubi/core/talk"
)

// What an area brings to what the database does for all areas is declared where the stores of all areas find it.
type (
	Feature    = base.Feature
	Board      = base.Board
	Find       = base.Find
	PhotoCount = base.PhotoCount
)

// features are those of all areas, in the order in which rows go: an area comes before those it stands on, and the member goes
// last.
var features = []Feature{mails.Feature, accountFeature, newsFeature, talkFeature, journalFeature, albums.Feature, musicdb.Feature, reviews.Feature, messages.Feature, calendarFeature, elsewheredb.Feature, bringdb.Feature, pushdb.Feature, communities.Feature, peopleFeature, searchFeature, choresFeature, console.Feature, deskFeature}

// Tables are those of all areas.
func Tables() (list []core.Table) {
	for _, f := range features {
		list = append(list, f.Tables...)
	}
	return list
}

// joined is what the features bring together.
type joined struct {
	tables []core.Table
	boards []board // by their kinds
	finds  []Find  // by their kinds
	photos map[core.Attachment]PhotoCount

	presents []func(ctx context.Context, q engine.Querier, member core.ID, present bool) error
}

// present tells the features that a member takes part, or no more.
func (j *joined) present(ctx context.Context, q engine.Querier, member core.ID, status core.Status) error {
	for _, tell := range j.presents {
		if err := tell(ctx, q, member, status == core.Active); err != nil {
			return err
		}
	}
	return nil
}

// join refuses features that say two things of one, or leave a kind out.
func join(of []Feature) (j joined, err error) {
	for _, f := range of {
		j.tables = append(j.tables, f.Tables...)
		if f.Present != nil {
			j.presents = append(j.presents, f.Present)
		}
	}
	if name := twice(j.tables); name != "" {
		return j, fmt.Errorf("store: two features have a table %q", name)
	}
	boards, err := feature.ByKind("board", of, func(f Feature) (string, []Board) { return f.Name, f.Boards }, func(b Board) talk.Kind { return b.Kind })
	if err != nil {
		return j, err
	}
	for _, b := range boards {
		j.boards = append(j.boards, statements(b))
	}
	if j.finds, err = feature.ByKind("find", of, func(f Feature) (string, []Find) { return f.Name, f.Finds }, func(f Find) search.Kind { return f.Kind }); err != nil {
		return j, err
	}
	j.photos, err = joinPhotos(of)
	return j, err
}

// twice names a table that stands twice among them; "": none does.
func twice(tables []core.Table) string {
	names := make(map[string]bool, len(tables))
	for _, t := range tables {
		if names[t.Name] {
			return t.Name
		}
		names[t.Name] = true
	}
	return ""
}

// joinPhotos puts the counts of photos together. Things that count none need none.
func joinPhotos(of []Feature) (map[core.Attachment]PhotoCount, error) {
	all := map[core.Attachment]PhotoCount{}
	for _, f := range of {
		for _, c := range f.Photos {
			if _, ok := all[c.Kind]; ok {
				return nil, fmt.Errorf("store: the feature %q counts the photos of kind %d, which another one counts", f.Name, c.Kind)
			}
			all[c.Kind] = c
		}
	}
	return all, nil
}

// schema has the numbered changes that make the tables of all features.
func schema(of []Feature) base.Changes {
	shipped, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		panic(err) // the name is wrong: it is embedded
	}
	all := base.Changes{shipped}
	for _, f := range of {
		if f.Schema != nil {
			all = append(all, f.Schema)
		}
	}
	return all
}
