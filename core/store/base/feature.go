// Package base is what the stores of all areas stand on: what an area declares of its tables, and the pieces of statements that all
// of them write alike. An area whose SQL has grown has a folder beside this one.
package base

import (
	"context"
	"io/fs"

	"musubi/core"
	"musubi/core/search"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// A Feature is what an area brings to what the database does for all areas: whose its rows are, where its comments are kept,
// how its things are read by a search, what is counted with its photos. Its own questions are methods of a type of its own.
type Feature struct {
	Name   string
	Schema fs.FS        // numbered changes that make its tables; nil: they are among the migrations of this room
	Tables []core.Table // what is found by the rows of others goes before them
	Boards []Board
	Finds  []Find
	Photos []PhotoCount

	// Present is told when a member is suspended or leaves, and when they come back, in the same write: for what is counted of
	// those alone who take part. nil: nothing is.
	Present func(ctx context.Context, q engine.Querier, member core.ID, present bool) error
}

// A Board is where the comments of one kind of thread are kept. What a member has there when they leave, and what an export
// has, say the tables.
type Board struct {
	Kind  talk.Kind
	Table string // its key is owner, thing, piece if there are any, id
	Thing string // the column that names the thing
	Piece string // the one that names a piece of it; "": there are no pieces

	// Count adds n, 1 or -1, to what is counted where the comment stands, after it was written or deleted.
	Count func(ctx context.Context, q engine.Querier, c *talk.Comment, n int) error
}

// A Find is how an area's things are read for a search and for its index.
type Find struct {
	Kind search.Kind
	// Rows reads things and what decides who sees them, with one statement for many: see Wanted.
	Rows  func(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error)
	Keys  string // the statement for owner and ID of those before $1, newest first, $2 of them
	Named bool   // the owner's name is found as well: it is the thing
}

// A PhotoCount keeps a count beside the things that photos of a kind hang at. Things that count none have none.
type PhotoCount struct {
	Kind     core.Attachment
	Attached func(ctx context.Context, q engine.Querier, to core.Attached) error                         // after it was hung there
	Leaves   func(ctx context.Context, q engine.Querier, owner, photo core.ID, from core.Attached) error // while it still hangs there
}
