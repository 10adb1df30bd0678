// Package community is communities (コミュニティ) and what stands in them: topics, events and polls, which are threads with numbered
// comments. Who may see what of one is decided by look and read, by the rule of core.Sharing. Start reading there.
package community

import (
	"musubi/core"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/search"
	"musubi/core/talk"
)

// Service is communities, and by its parts what stands in them. Safe for concurrent use.
type Service struct {
	*common
	*Roster
	*Boards
	looks core.WriteBehind[lookKey, Look]
}

// common is what the parts of the service stand on: the database, and the one way to a community (look and read).
type common struct {
	*core.Desk
	store  Store
	news   *news.Service
	search *search.Service
	outbox *outbox.Service
	writer Writer // nil: no letters about posts
}

// Roster is who is what in communities: who joins, governs, goes.
type Roster struct{ *common }

// Boards is what stands in communities: topics, events and polls as far as they are alike.
type Boards struct {
	*common
	maxComments int
	reads       core.WriteBehind[readKey, ReadMark]
}

// Store is what communities need of the database.
type Store struct {
	core.Store
	CommunityStore
	MemberStore
	ThreadStore
	LifeStore
	MailingStore
	EventStore
	EventWordStore
	PollStore
	LikeStore
	talk.MentionStore
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
	base := &common{Desk: desk, store: store, outbox: letters, news: told, search: found}
	return &Service{common: base, Roster: &Roster{base}, Boards: &Boards{common: base, maxComments: c.MaxComments}}
}
