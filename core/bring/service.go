// Package bring is what a member brings from elsewhere: entries of a blog, pictures, what another musubi gave them to take along. A
// file is looked through first, and nothing is stored of it before the member has seen what it has; then it comes in, in small
// transactions, and for some days all of it can be taken back. Start reading at bring.go.
package bring

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/people"
)

// Areas are the rooms into which things are brought.
type Areas struct {
	Journal *journal.Service
	Album   *album.Service
	People  *people.Service
}

// Store is what the room needs of the database.
type Store struct {
	core.Store
	ImportStore
}

// Service brings things in. Safe for concurrent use.
type Service struct {
	*core.Desk
	store Store
	areas Areas
	dir   string // where files wait; "": nothing is taken here
	more  chan struct{}
}

// New returns the service. dir is where files wait for their import; "": none are taken.
func New(desk *core.Desk, store Store, areas Areas, dir string) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, areas: areas, dir: dir, more: make(chan struct{}, 1)}
}

// Takes says whether files are taken here.
func (s *Service) Takes() bool { return s.dir != "" }

// zone is the time zone in which a member's file tells times that have none.
func (s *Service) zone(ctx context.Context, member core.ID) (*time.Location, error) {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return nil, err
	}
	if m.Zone == "" {
		m.Zone = "Asia/Tokyo"
	}
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		zone = time.FixedZone("JST", 9*60*60)
	}
	return zone, nil
}
