// Package search finds things by their words. What can be found, and how its text is read, are rows that the areas bring; the
// index itself is below, in search/index. Start reading at Search.
package search

import (
	"fmt"

	"musubi/core"
)

// Service finds. Safe for concurrent use.
type Service struct {
	*core.Desk
	store    Store
	findRows []FindRow
	indexer  indexer
}

// Store is what searching needs of the database.
type Store struct {
	core.Store
	SearchStore
	FriendIDStore
	Kinds int // of things that it reads for a search
}

// New returns the service. UseKinds has to follow before it is used.
func New(desk *core.Desk, store Store) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store}
}

// UseKinds gives the rows of all kinds, by their numbers; the database has to read as many. Call it once, before the service is
// used.
func (s *Service) UseKinds(rows []FindRow) error {
	if len(rows) != s.store.Kinds {
		return fmt.Errorf("search: the features have %d kinds of things that are found, the database reads %d", len(rows), s.store.Kinds)
	}
	s.findRows = rows
	return nil
}
