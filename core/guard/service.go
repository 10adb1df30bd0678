// Package guard keeps passwords: how they are hashed and checked, what a new one must be, and how long one who tries has to
// wait. Every room that asks for a password asks here (SEC-100…102).
package guard

import (
	"runtime"

	"musubi/core"
)

// Service guards passwords. Safe for concurrent use.
type Service struct {
	*core.Desk
	store  Store
	meter  Meter
	spare  Meter // counts while meter cannot be asked; nil: none is needed
	hasher *hasher
	turns  turns
}

// Store is what the guard needs of the database.
type Store struct {
	core.Transactions
	TriesStore
}

// New returns the guard. workers is how many passwords are hashed at the same time, 19 MiB each; 0: one for every two
// processors, so that pages have the others. meter counts tries for all processes of the site; nil: in the database, which also
// counts while meter cannot be asked, so that a lost Redis lets nobody guess and keeps nobody out.
func New(desk *core.Desk, tries TriesStore, workers int, meter Meter) *Service {
	store := Store{desk.Store().Transactions, tries}
	if workers <= 0 {
		workers = max(1, runtime.GOMAXPROCS(0)/2)
	}
	var spare Meter = storedMeter{store}
	if meter == nil {
		meter, spare = spare, nil
	}
	return &Service{Desk: desk, store: store, meter: meter, spare: spare, hasher: newHasher(workers)}
}
