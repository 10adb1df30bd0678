// Package advert is advertising from our own house: campaigns in slots of pages, whom they are shown to, and what is counted of them; links
// to shops that pay; and what all of it earns, month by month. No third party learns who sees what. Start reading at campaign.go; which
// campaign a page gets is in choose.go.
package advert

import (
	"sync"
	"sync/atomic"
	"time"

	"musubi/core"
)

// Service is advertising. Safe for concurrent use.
type Service struct {
	*core.Desk
	store Store

	table   atomic.Pointer[table]
	reading sync.Mutex // who reads the table, or stores what waits: never both, or shown campaigns would be counted twice

	mu      sync.Mutex
	seen    map[core.ID]*reader // members of today
	waiting batch
	flushed time.Time
}

// Store is what advertising needs of the database.
type Store struct {
	core.Store
	CampaignStore
	CountStore
	IncomeStore
}

// New returns the service.
func New(desk *core.Desk, store Store) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, seen: map[core.ID]*reader{}, waiting: newBatch()}
}

// Tokyo is where days begin.
var Tokyo = core.Tokyo

// DayOf is the day of a time, as 20070131.
func DayOf(t time.Time) int {
	y, m, d := t.In(Tokyo).Date()
	return y*10000 + int(m)*100 + d
}
