package review

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// MaxPins is in how many communities one review is pinned.
const MaxPins = 20

// ErrPins is returned for one more.
var ErrPins = &core.Error{Code: core.Full, Key: "error.reviewpins"}

// PinStore keeps which reviews are pinned to which communities.
type PinStore interface {
	InsertPin(ctx context.Context, community, owner, id core.ID, at time.Time) error
	DeletePin(ctx context.Context, community, owner, id core.ID) error
	// Pinned lists a community's, newest first.
	Pinned(ctx context.Context, community core.ID, p core.Page) ([]Review, error)
	// Pins lists where a review is pinned.
	Pins(ctx context.Context, owner, id core.ID) ([]core.ID, error)
}

// Pin puts a review of one's own up in a community. Who may not see the review does not see it there either.
func (s *Service) Pin(ctx context.Context, viewer core.Viewer, community, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.Review(ctx, viewer.Member, id); err != nil {
			return err
		}
		if err := errors.Join(s.MayWrite(ctx, viewer.Member), s.boards.MayPin(ctx, viewer, community)); err != nil {
			return err
		}
		pins, err := s.store.Pins(ctx, viewer.Member, id)
		if err == nil && len(pins) >= MaxPins {
			err = ErrPins
		}
		if err != nil {
			return err
		}
		return s.store.InsertPin(ctx, community, viewer.Member, id, s.Now())
	})
}

// Unpin takes a review of one's own down there.
func (s *Service) Unpin(ctx context.Context, member, community, id core.ID) error {
	return s.store.DeletePin(ctx, community, member, id)
}

// Pins lists the communities where a review is pinned, as far as the viewer reads there.
func (s *Service) Pins(ctx context.Context, viewer core.Viewer, owner, id core.ID) (communities []core.ID, err error) {
	all, err := s.store.Pins(ctx, owner, id)
	for _, c := range all {
		if s.boards.MayRead(ctx, viewer, c) == nil {
			communities = append(communities, c)
		}
	}
	return communities, err
}

// Pinned lists what is pinned to a community, as far as the viewer may see it.
func (s *Service) Pinned(ctx context.Context, viewer core.Viewer, community core.ID, p core.Page) ([]Review, bool, error) {
	if err := s.boards.MayRead(ctx, viewer, community); err != nil {
		return nil, false, err
	}
	return s.seen(ctx, viewer, p, func() ([]Review, error) { return s.store.Pinned(ctx, community, p) })
}
