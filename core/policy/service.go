// Package policy is what an operator decides about the site as a whole: what it is called and looks like, who may become a member, which
// rules they agree to, who is banned, what all are told, and whether it is open at all. Start reading at settings.go; what all pages ask
// is in state.go.
package policy

import (
	"sync"
	"sync/atomic"
	"time"

	"musubi/core"
)

// Service keeps the rules of the house. It implements core.House. Safe for concurrent use.
type Service struct {
	*core.Desk
	store Store

	state   atomic.Pointer[State]
	reading sync.Mutex

	mu     sync.Mutex
	agreed map[core.ID]int // version of the terms that a member is known to have agreed to
}

// Store is what the rules need of the database.
type Store struct {
	core.Store
	SettingStore
	TermsStore
	BanStore
	AnnouncementStore
}

// New returns the service.
func New(desk *core.Desk, store Store) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, agreed: map[core.ID]int{}}
	desk.UseHouse(s)
	return s
}

// fresh is how old what is kept in memory may be: another process may have changed it.
const fresh = 5 * time.Second
