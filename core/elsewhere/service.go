// Package elsewhere is what a member takes out of the site without a login of their own each time: feeds for reading programs,
// keys for programs that write. Each opens one thing, shows what its member may see at that moment, and ends with a new password.
// Start reading at feed.go and key.go.
package elsewhere

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/guard"
)

// Service is the addresses and keys of programs. Safe for concurrent use.
type Service struct {
	*core.Desk
	guard *guard.Service
	store Store
	pace  pace
}

// Store is what the room needs of the database.
type Store struct {
	core.Store
	FeedStore
	KeyStore
}

// New returns the service.
func New(guard *guard.Service, store Store) *Service {
	store.Store = guard.Desk.Store()
	return &Service{Desk: guard.Desk, guard: guard, store: store}
}

// End ends all that a member has given to programs: with a new password, in the transaction that stores it.
func (s *Service) End(ctx context.Context, member core.ID) error {
	return errors.Join(s.store.DeleteFeeds(ctx, member), s.store.DeleteKeys(ctx, member))
}

// Sweep ends what nobody has asked for in a long time.
func (s *Service) Sweep(ctx context.Context, now time.Time) error {
	return errors.Join(s.store.DeleteFeedsUnused(ctx, now.Add(-feedUnused)), s.store.DeleteKeysUnused(ctx, now.Add(-keyUnused)), s.store.DeleteNoncesBefore(ctx, now.Add(-2*wsseDrift)))
}
