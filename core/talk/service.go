// Package talk is comments: one noun under whatever takes them. Which things do, and who may look at them, are rows that the
// areas bring. Start reading at WriteComment.
package talk

import (
	"fmt"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/report"
)

// Service keeps comments. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   Store
	news    *news.Service
	threads []Row
	reports map[Kind]report.Kind // what comments there are reported as
}

// Store is what comments need of the database.
type Store struct {
	core.Store
	CommentStore
	LikeStore
	MentionStore
	Kinds int // of threads, whose comments it keeps
}

// New returns the service. UseKinds has to follow before it is used.
func New(desk *core.Desk, store Store, told *news.Service) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, news: told, reports: map[Kind]report.Kind{}}
}

// UseKinds gives the rows of all kinds of threads, by their numbers; the database has to keep as many. Call it once, before the
// service is used.
func (s *Service) UseKinds(rows []Row) error {
	if len(rows) != s.store.Kinds {
		return fmt.Errorf("talk: the features have %d kinds of threads, the database keeps the comments of %d", len(rows), s.store.Kinds)
	}
	s.threads = rows
	return nil
}
