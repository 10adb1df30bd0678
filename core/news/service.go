// Package news is what members are told of: rows of kinds that the areas bring, shown on home until they are looked at, and
// letters where a member wants them. It knows no area. Start reading at Tell.
package news

import (
	"context"

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
	waker    Waker  // nil: nobody is told while they are away
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
	s := &Service{Desk: desk, store: store, outbox: letters}
	desk.UseTask(tellTask, s.tellLater)
	return s
}

// UseKinds gives the rows of all kinds, by their numbers. Call it once, before the service is used.
func (s *Service) UseKinds(rows []Row) { s.newsRows = rows }

// A Waker hears of news that a member has not been told of, in the transaction that tells of it.
type Waker func(ctx context.Context, n News) error

// UseWaker says who tells members that are away. Call it before the service is used.
func (s *Service) UseWaker(w Waker) { s.waker = w }

// UseWriter says who writes the letters; without it none are sent.
func (s *Service) UseWriter(w Writer) { s.writer = w }
