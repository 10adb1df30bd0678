// Package operator is who runs the service and what they do to it: accounts with a second factor, roles, and acts, each of them a
// row with what was before and after. Start reading at account.go; what is done about members is in people.go, about reports in
// queue.go.
package operator

import (
	"musubi/core"
	"musubi/core/account"
	"musubi/core/guard"
	"musubi/core/people"
	"musubi/core/report"
)

// Service is the operators. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   Store
	guard   *guard.Service
	report  *report.Service
	account *account.Service
	people  *people.Service
	again   bool
	key     []byte // seals the secrets of second factors
}

// Store is what operators need of the database.
type Store struct {
	core.Store
	AccountStore
	ActStore
	MemberStore
	RemovalStore
}

// Areas are the rooms that operators go through.
type Areas struct {
	Guard   *guard.Service
	Report  *report.Service
	Account *account.Service
	People  *people.Service
}

// Config of operators. Zero values mean the documented default.
type Config struct {
	Key        []byte // required: 32 bytes that seal the secrets of second factors
	CodesAgain bool   // a code opens more than once: a demo, which programs try, has no 30 seconds to wait
}

// New returns the service.
func New(store Store, a Areas, c Config) *Service {
	store.Store = a.Guard.Desk.Store()
	return &Service{Desk: a.Guard.Desk, store: store, guard: a.Guard, report: a.Report, account: a.Account, people: a.People, again: c.CodesAgain, key: c.Key}
}
