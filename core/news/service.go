// Package news is what members are told of: rows of kinds that the areas bring, shown on home until they are looked at, and
// letters where a member wants them. It knows no area. Start reading at Tell.
package news

import (
	"musubi/core"
	"musubi/core/outbox"
)

// Service tells members of what happened. Safe for concurrent use.
type Service struct {
	*core.Desk
	store    Store
	outbox   *outbox.Service
	newsRows []Row
	writer   Writer // nil: no letters about news
	looks    core.WriteBehind[newsKey, News]
}

// Store is what news needs of the database.
type Store struct {
	core.Store
	NewsStore
	TellStore
}

// New returns the service. UseKinds has to follow before it is used.
func New(desk *core.Desk, store Store, letters *outbox.Service) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, outbox: letters}
}

// UseKinds gives the rows of all kinds, by their numbers. Call it once, before the service is used.
func (s *Service) UseKinds(rows []Row) { s.newsRows = rows }

// UseWriter says who writes the letters; without it none are sent.
func (s *Service) UseWriter(w Writer) { s.writer = w }
