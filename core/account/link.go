package account

import (
	"context"
	"musubi/core"
	"time"
)

// LinkStore keeps the one-time links that mails carry.
type LinkStore interface {
	InsertLink(ctx context.Context, hash, purpose string, member core.ID, expires time.Time) error
	// Link returns the member of a link, or ErrNotFound.
	Link(ctx context.Context, hash, purpose string) (member core.ID, expires time.Time, err error)
	DeleteLink(ctx context.Context, hash string) error
	// DeleteLinks ends all links of a member for a purpose.
	DeleteLinks(ctx context.Context, member core.ID, purpose string) error
}

// openLink finds the member of a link that is still good.
func (s *Service) openLink(ctx context.Context, token, purpose string) (member core.ID, hash string, err error) {
	hash = s.Keyed(s.Keys.Link, token)
	member, expires, err := s.store.Link(ctx, hash, purpose)
	if err == nil && (member == 0 || s.Now().After(expires)) {
		err = ErrLink
	}
	if err != nil {
		return 0, hash, notLink(err)
	}
	return member, hash, nil
}
