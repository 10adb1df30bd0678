// Package journal is diaries (日記): entries with photos and comments, their categories, what a member has read of them. Start
// reading at diary.go.
package journal

import (
	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
)

// Service is diaries. Safe for concurrent use.
type Service struct {
	*core.Desk
	store  Store
	news   *news.Service
	search *search.Service
	reads  core.WriteBehind[readKey, ReadMark]
}

// Store is what diaries need of the database.
type Store struct {
	core.Store
	DiaryStore
	DraftStore
	DiaryVisibilityStore
	CategoryStore
	ReadStore
}

// New returns the service.
func New(desk *core.Desk, store Store, told *news.Service, found *search.Service) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, news: told, search: found}
}
