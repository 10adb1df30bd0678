// Package album is albums of photos (アルバム). What may be seen of one is decided by opening it: see openAlbum.
package album

import (
	"context"
	"musubi/core"
	"musubi/core/guard"
	"musubi/core/news"
	"musubi/core/search"
)

// Service is albums. Safe for concurrent use.
type Service struct {
	*core.Desk
	store      Store
	guard      *guard.Service
	news       *news.Service
	search     *search.Service
	albumBytes int64
	roomOf     func(ctx context.Context, member core.ID) (bytes, films int64, albums int, err error) // nil: as much for all
	films      FilmConfig
	filmsWake  chan struct{}
}

// Store is what albums need of the database.
type Store struct {
	core.Store
	AlbumStore
	FilmStore
}

// New returns the service. mb is the room for the photos in a member's albums, in MB; 0: DefaultAlbumMB.
func New(guard *guard.Service, store Store, told *news.Service, found *search.Service, mb int, films FilmConfig) *Service {
	store.Store = guard.Desk.Store()
	if mb <= 0 {
		mb = DefaultAlbumMB
	}
	return &Service{Desk: guard.Desk, store: store, guard: guard, news: told, search: found, albumBytes: int64(mb) << 20,
		films: films.orDefault(), filmsWake: make(chan struct{}, 1)}
}

// UseRoom says who knows how much room a member's plan gives. Call it once, before the service is used.
func (s *Service) UseRoom(of func(ctx context.Context, member core.ID) (bytes, films int64, albums int, err error)) {
	s.roomOf = of
}
