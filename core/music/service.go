// Package music is what members hear (ミュージック): their players tell us, and charts, pages of artists and tracks, and each
// member's own music page are made of it. Start reading at play.go for how a play comes in and what it counts, and at period.go
// for the days and weeks of the charts.
package music

import (
	"sync"
	"time"

	"musubi/core"
	"musubi/core/guard"
	"musubi/core/news"
	"musubi/core/shop"
	"musubi/core/talk"
)

// Service is music. Safe for concurrent use.
type Service struct {
	*core.Desk
	*Players
	store Store
	news  *news.Service
	shops []shop.Shop

	boards Boards
	covers CoverSource // nil: nobody is asked
	wanted chan Album  // whose covers are asked for next
}

// Players are the keys of members' players.
type Players struct {
	*core.Desk
	store Store
	guard *guard.Service

	seen struct { // handshakes, so that none is taken twice
		sync.Mutex
		tokens map[string]time.Time
	}
}

// Store is what music needs of the database.
type Store struct {
	core.Store
	KeyStore
	PlayStore
	ChartStore
	CatalogueStore
	ListenerStore
	PlaylistStore
	LinkStore
	CoverStore
}

// Config of music. Zero values mean the documented default.
type Config struct {
	Shops  []shop.Shop // where tracks and albums are sold; default DefaultShops
	Covers CoverSource // knows covers of albums; nil: nobody is asked
}

// New returns the service.
func New(guard *guard.Service, store Store, told *news.Service, c Config) *Service {
	store.Store = guard.Desk.Store()
	s := &Service{Desk: guard.Desk, store: store, news: told, shops: c.Shops, Players: &Players{Desk: guard.Desk, store: store, guard: guard}}
	if s.shops == nil {
		s.shops = DefaultShops
	}
	s.Players.seen.tokens = map[string]time.Time{}
	Covers{s}.Use(c.Covers)
	return s
}

// Kinds of what comments, news and photos of music are about.
const (
	OnPlaylist   talk.Kind = 2
	PlaylistNews news.Kind = 19
)
