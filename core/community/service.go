// Package community is communities (コミュニティ) and what stands in them: topics, events and polls, which are threads with numbered
// comments. Who may see what of one is decided by look and read, by the rule of core.Sharing. Start reading there.
package community

import (
	"musubi/core"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/search"
)

// Service is communities. Safe for concurrent use.
type Service struct {
	*core.Desk
	store       Store
	news        *news.Service
	search      *search.Service
	outbox      *outbox.Service
	maxComments int
	reads       core.WriteBehind[readKey, ReadMark]
	looks       core.WriteBehind[lookKey, Look]
}

// Store is what communities need of the database.
type Store struct {
	core.Store
	CommunityStore
	MemberStore
	ThreadStore
}

// Config of communities. Zero values mean the documented default.
type Config struct {
	MaxComments int // that fill a topic; default DefaultMaxComments
}

// New returns the service.
func New(desk *core.Desk, store Store, letters *outbox.Service, told *news.Service, found *search.Service, c Config) *Service {
	store.Store = desk.Store()
	if c.MaxComments <= 0 {
		c.MaxComments = DefaultMaxComments
	}
	return &Service{Desk: desk, store: store, outbox: letters, news: told, search: found, maxComments: c.MaxComments}
}
