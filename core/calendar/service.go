// Package calendar is the dates that a member notes for themselves (予定). What else stands in a month, events and birthdays, other
// areas have: the pages put them together. Start reading at plan.go.
package calendar

import "musubi/core"

// Service is one's own dates. Safe for concurrent use.
type Service struct {
	*core.Desk
	store Store
}

// Store is what the calendar needs of the database.
type Store struct {
	core.Store
	PlanStore
}

// New returns the service.
func New(desk *core.Desk, store Store) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store}
}
