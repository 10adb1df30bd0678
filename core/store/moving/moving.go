// Package moving takes a community from one kind of database to the other.
package moving

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"musubi/core/store"
	"musubi/core/store/engine"
)

// ErrFilled says that a database to which a community is to be moved has members already.
var ErrFilled = engine.ErrFilled

// unmoved are tables that each database has for itself: its schema, and what its own indexes of the search have yet to read.
var unmoved = []string{"goose_db_version", "search_note", "search_filling"}

// begun are tables with rows wherever a community has begun.
var begun = []string{"member", "community", "operator"}

// Move copies a community from SQLite's file to an empty PostgreSQL database, whole or not at all. ready is given that before the first row;
// progress is told of rows.
func Move(ctx context.Context, path, url string, ready func(to *store.Store) error, progress func(total int) func(done int)) (rows int, err error) {
	from, older, err := store.AsItIs(ctx, store.Config{Path: path})
	if err != nil {
		return 0, err
	}
	defer from.Close()
	if older {
		return 0, fmt.Errorf("%s is of an older musubi: bring it up to date first (musubi migrate --data %s)", path, filepath.Dir(path))
	}
	to, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return 0, err
	}
	defer to.Close()
	if err := to.Engine().Filled(ctx, begun); err != nil {
		return 0, err
	}
	if err := ready(to); err != nil {
		return 0, err
	}
	var names []string
	for _, t := range store.Tables() {
		if !slices.Contains(unmoved, t.Name) {
			names = append(names, t.Name)
			n := 0
			if err := from.On(ctx).Row(ctx, `SELECT count(*) FROM `+t.Name).Scan(&n); err != nil {
				return 0, err
			}
			rows += n
		}
	}
	return rows, engine.Move(ctx, from, to.Engine(), names, begun, progress(rows))
}
