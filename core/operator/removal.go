package operator

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/report"
)

// A Removal says that an operator takes a member out of the service: until it is due they are suspended, and it can be taken back.
type Removal struct {
	Member  core.ID
	At, Due time.Time
	Reason  string
	By      string
}

// RemovalStore keeps who is about to be removed.
type RemovalStore interface {
	InsertRemoval(ctx context.Context, r Removal) error
	// Removal gives a member's, or core.ErrNotFound.
	Removal(ctx context.Context, member core.ID) (Removal, error)
	DeleteRemoval(ctx context.Context, member core.ID) error
	DueRemovals(ctx context.Context, now time.Time, limit int) ([]Removal, error)
}

// ErrRemoving: the member is about to be removed already.
var ErrRemoving = &core.Error{Code: core.Conflict, Key: "error.removing"}

// Remove suspends a member and has them leave after some days, in which Restore takes it back. Nothing of them is lost until then.
func (s *Service) Remove(ctx context.Context, by Operator, member core.ID, reason string, days int) error {
	if err := report.CheckReason(&reason); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.Removal(ctx, member); !errors.Is(err, core.ErrNotFound) {
			return errors.Join(err, ErrRemoving)
		}
		now := s.Now()
		r := Removal{Member: member, At: now, Due: now.Add(time.Duration(days) * 24 * time.Hour), Reason: reason, By: by.Name}
		if err := s.Hold(ctx, by, report.Measure{Member: member, Reason: reason}); err != nil {
			return err
		}
		return s.act(ctx, Act{By: by.Name, Kind: "remove member", Member: member, Reason: reason, After: "until " + r.Due.In(core.Tokyo).Format(time.RFC3339)}, func(ctx context.Context) error {
			return s.store.InsertRemoval(ctx, r)
		})
	})
}

// Restore takes a removal back and lets the member in again.
func (s *Service) Restore(ctx context.Context, by Operator, member core.ID, reason string) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.store.Removal(ctx, member)
		if err != nil {
			return err
		}
		err = s.act(ctx, Act{By: by.Name, Kind: "restore", Member: member, Reason: reason, Before: "until " + r.Due.In(core.Tokyo).Format(time.RFC3339)}, func(ctx context.Context) error {
			return s.store.DeleteRemoval(ctx, member)
		})
		return errors.Join(err, s.Free(ctx, by, member, reason))
	})
}

// DueRemovals lists members who are to leave now; core/chores sees to it and tells Removed.
func (s *Service) DueRemovals(ctx context.Context) ([]Removal, error) {
	return s.store.DueRemovals(ctx, s.Now(), 100)
}

// Removed notes that a member of DueRemovals has left.
func (s *Service) Removed(ctx context.Context, r Removal) error {
	return s.act(ctx, Act{By: clockName, Kind: "removed", Member: r.Member, Reason: r.Reason, After: core.Withdrawn.String()}, func(ctx context.Context) error {
		return s.store.DeleteRemoval(ctx, r.Member)
	})
}
