// Package people is members and what is between them: profiles, friends and how they become friends, endorsements, bookmarks,
// blocks, footprints, birthdays. Start reading at profile.go and friend.go.
package people

import (
	"musubi/core"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/search"
)

// Service is members and what is between them. Safe for concurrent use.
type Service struct {
	*core.Desk
	store      Store
	outbox     *outbox.Service
	news       *news.Service
	search     *search.Service
	visits     visits
	maxFriends int
	stealth    bool
}

// Store is what people need of the database.
type Store struct {
	core.Store
	ProfileStore
	FriendStore
	RequestStore
	IntroductionStore
	EndorsementStore
	BookmarkStore
	BlockStore
	FootprintStore
	BirthdayStore
}

// Config of people. Zero values mean the documented default.
type Config struct {
	MaxFriends int  // default 1000
	Stealth    bool // 忍び足: members may choose to leave no footprints; off by default
}

// New returns the service.
func New(desk *core.Desk, store Store, letters *outbox.Service, told *news.Service, found *search.Service, c Config) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, outbox: letters, news: told, search: found, maxFriends: c.MaxFriends, stealth: c.Stealth}
	if s.maxFriends <= 0 {
		s.maxFriends = 1000
	}
	return s
}
