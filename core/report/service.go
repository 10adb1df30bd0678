// Package report is how members report things (通報), and what an operator does about them. It knows no area: areas bring a
// [Row] for each kind of thing that can be reported. Start reading at report.go; what is done to whom is in measure.go.
package report

import (
	"musubi/core"
	"musubi/core/news"
	"musubi/core/outbox"
)

// Service keeps reports and measures. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   Store
	news    *news.Service
	outbox  *outbox.Service
	letters Letters // nil: nobody writes to people without an account
	rows    []Row
}

// Store is what reports need of the database.
type Store struct {
	core.Store
	ReportStore
	MeasureStore
	FilterStore
}

// New returns the service. UseKinds has to follow before it is used.
func New(desk *core.Desk, store Store, told *news.Service, mail *outbox.Service) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, news: told, outbox: mail}
	desk.UseConduct(s)
	return s
}

// UseKinds gives the rows of all kinds of things, by their numbers. Call it once, before the service is used.
func (s *Service) UseKinds(rows []Row) { s.rows = rows }

// Rows are those of all kinds, by their numbers.
func (s *Service) Rows() []Row { return s.rows }
