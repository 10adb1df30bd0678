package core

import "context"

// A Limit is something of which plans give more or less; core/premium has the plans.
type Limit int

// Limits. Of bytes in MB; of days 0 is for ever; of what one may or may not 1 is may.
const (
	LimitAlbumMB     Limit = iota // room for photos in albums
	LimitAlbums                   // how many
	LimitDiaryMB                  // room for photos of entries
	LimitVideoMB                  // room for films
	LimitMessageDays              // messages are kept
	LimitPolls                    // may make polls
	LimitDecorate                 // decoration of entries shows
	LimitSearch                   // may search own messages
	Limits
)

// UseLimits says who knows how much of something a member may use. Call it once, before the desk is used.
func (s *Desk) UseLimits(of func(ctx context.Context, member ID, l Limit) (int64, error)) {
	s.limits = of
}

// Limit is how much of something a member may use by their plan; otherwise what holds where nobody has plans.
func (s *Desk) Limit(ctx context.Context, member ID, l Limit, otherwise int64) (int64, error) {
	if s.limits == nil {
		return otherwise, nil
	}
	return s.limits(ctx, member, l)
}

// ErrPlan: the member's plan does not have it.
var ErrPlan = &Error{Refused, "error.plan"}

// MayUse is ErrPlan when a member's plan does not have something.
func (s *Desk) MayUse(ctx context.Context, member ID, l Limit) error {
	n, err := s.Limit(ctx, member, l, 1)
	if err == nil && n == 0 {
		err = ErrPlan
	}
	return err
}
