// Package letters is messages between members (メッセージ): inbox, sent, drafts, trash. Start reading at message.go.
package letters

import (
	"fmt"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Service is messages. Safe for concurrent use.
type Service struct {
	*core.Desk
	store      Store
	news       *news.Service
	messageAge time.Duration // 0: for ever
}

// Store is what messages need of the database.
type Store struct {
	core.Store
	MessageStore
}

// New returns the service. Messages are kept for days after they were sent; 0: for ever.
func New(desk *core.Desk, store Store, told *news.Service, days int) (*Service, error) {
	if days < 0 || days > maxMessageDays {
		return nil, fmt.Errorf("letters: messages are to be kept for %d days, expected 0 (for ever) to %d", days, maxMessageDays)
	}
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, news: told, messageAge: time.Duration(days) * 24 * time.Hour}, nil
}
