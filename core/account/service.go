// Package account is how somebody becomes a member, comes in and stays in: invitations, registration, passwords, sessions, easy
// login, mail addresses. Start reading at session.go.
package account

import (
	"context"
	"sync/atomic"
	"time"

	"musubi/core"
	"musubi/core/guard"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/search"
)

// Service is the accounts of members. Safe for concurrent use.
type Service struct {
	*core.Desk
	store       Store
	guard       *guard.Service
	outbox      *outbox.Service
	news        *news.Service
	search      *search.Service
	people      *people.Service
	touches     core.WriteBehind[string, touch]
	letters     Letters // nil: none are sent
	aloneLimit  time.Duration
	easyLogin   atomic.Bool
	openToAll   bool
	handsetRule HandsetRule
	end         func(ctx context.Context, member core.ID) error // what else ends with a new password; nil: nothing
}

// Store is what accounts need of the database.
type Store struct {
	core.Store
	CredentialStore
	SessionStore
	AccountStore
	AddressStore
	LinkStore
	InvitationStore
	MailedStore
	EasyLoginStore
	SecondStepStore
	PasskeyStore
	AloneStore
	FirstStore
}

// Config of accounts. Zero values mean the documented default.
type Config struct {
	EasyLogin  bool                                            // かんたんログイン; a subscriber ID is an identifier, not a secret: off by default
	OpenToAll  bool                                            // whoever sends an empty mail gets a way in, not only who was invited
	Handset    HandsetRule                                     // who has to show a handset's address when they register
	End        func(ctx context.Context, member core.ID) error // ends what else ends with a new password, in the transaction that stores it; nil: nothing
	AloneLimit time.Duration                                   // members without friends for so long are suspended, after a warning at half time; 0: never
}

// New returns the service.
func New(guard *guard.Service, store Store, people *people.Service, letters *outbox.Service, told *news.Service, found *search.Service, c Config) *Service {
	store.Store = guard.Desk.Store()
	s := &Service{Desk: guard.Desk, store: store, guard: guard, outbox: letters, news: told, search: found, people: people, aloneLimit: c.AloneLimit, openToAll: c.OpenToAll, handsetRule: c.Handset, end: c.End}
	s.easyLogin.Store(c.EasyLogin)
	return s
}

// UseLetters says who writes the letters about accounts; without it none are sent.
func (s *Service) UseLetters(l Letters) { s.letters = l }
