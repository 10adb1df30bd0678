package chores

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/people"
	"time"
)

// How leaving goes on after the moment in which everything of the member is hidden.
const (
	// PurgeWithin is the time after which nothing of a member who left is in the database any more, as the page says.
	PurgeWithin = time.Hour
	// purgeAfter lets end what was under way when the member left: read marks and visits that wait in memory.
	purgeAfter = 10 * time.Second
	// purgeEvery is how often Run looks for members who left.
	purgeEvery = 5 * time.Second
	// purgeBatch is how many rows go in one transaction: a few milliseconds for which other writes wait.
	purgeBatch = 100
)

// A Leaving is a member who has left and of whom something is still there.
type Leaving struct {
	Member   core.ID
	LeftAt   time.Time
	PurgedAt time.Time // since then no row is left; zero: some are
}

// LeaveStore takes members out of the database.
type LeaveStore interface {
	// EndMembership makes a member one who has left: status, password and mail addresses go, with them all ways to log in,
	// letters to those addresses and invitations of them; and Leavings lists the member.
	EndMembership(ctx context.Context, member core.ID, at time.Time) error
	// Leavings lists all members who have left and of whom something is still there.
	Leavings(ctx context.Context) ([]Leaving, error)
	// Purge deletes about limit rows of the member, and of others about the member, and returns how many; 0: none is left.
	Purge(ctx context.Context, member core.ID, now time.Time, limit int) (int, error)
	// SetPurged notes that Purge found nothing more.
	SetPurged(ctx context.Context, member core.ID, at time.Time) error
	// Scrub takes what deleted rows left behind out of the files of the database. ErrBusy: it cannot just now.
	Scrub(ctx context.Context) error
	// Forget ends the leaving.
	Forget(ctx context.Context, member core.ID) error
}

// Leave takes a member out of the service after their password (SEC-23, SEC-115): from this moment nobody sees anything of
// them, their sessions and easy logins have ended, and their mail address is free. What they wrote is deleted soon after,
// within PurgeWithin. Letters that others got from them stay with those others.
func (s *Service) Leave(ctx context.Context, member core.ID, password, client string) error {
	if err := s.account.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	return s.Remove(ctx, member, client)
}

// Remove is Leave without a password, for an operator whom the member has asked; also for a suspended member, who cannot
// log in. ErrNotFound for one who has left.
func (s *Service) Remove(ctx context.Context, member core.ID, client string) error {
	made, err := s.store.Export(ctx, member)
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		m, err := s.store.Member(ctx, member)
		if err != nil {
			return err
		}
		if m.Status == core.Withdrawn {
			return core.ErrNotFound
		}
		if err := s.store.EndMembership(ctx, member, s.Now()); err != nil {
			return err
		}
		return s.Audit(ctx, "leave", member, client, "")
	})
	if err == nil && s.exports.dir != "" {
		s.exports.stop(member)
		err = s.exports.delete(made)
	}
	return err
}

// PurgeLeft deletes what is left of members who have left, in transactions so small that other writes go on in between.
// It goes on where it was when the process ended in the middle of it.
func (s *Service) PurgeLeft(ctx context.Context) error {
	list, err := s.store.Leavings(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	err = s.sweepExports(ctx)
	scrub := false
	var gone []core.ID
	for _, l := range list {
		switch now := s.Now(); {
		case l.PurgedAt.IsZero() && now.Sub(l.LeftAt) >= purgeAfter:
			err = errors.Join(err, s.purge(ctx, l.Member))
		case !l.PurgedAt.IsZero() && now.Sub(l.PurgedAt) >= purgeAfter:
			scrub = true
			gone = append(gone, l.Member)
		}
	}
	if !scrub || err != nil {
		return err
	}
	if err := s.sweepAllBlobs(ctx); err != nil {
		return err
	}
	if err := s.store.Scrub(ctx); errors.Is(err, core.ErrBusy) {
		return nil // next time
	} else if err != nil {
		return err
	}
	for _, member := range gone {
		err = errors.Join(err, s.store.Atomic(ctx, func(ctx context.Context) error {
			return errors.Join(s.store.Forget(ctx, member), s.Audit(ctx, "left", member, "", ""))
		}))
	}
	return err
}

// runPurges looks for members who have left until ctx ends.
func (s *Service) runPurges(ctx context.Context, problem func(error)) {
	look := time.NewTicker(purgeEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if err := s.PurgeLeft(ctx); err != nil && ctx.Err() == nil {
				problem(err)
			}
		}
	}
}

// purge deletes all rows of one member.
func (s *Service) purge(ctx context.Context, member core.ID) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := s.store.Purge(ctx, member, s.Now(), purgeBatch)
		if err != nil {
			return err
		}
		if n == 0 {
			return s.store.Atomic(ctx, func(ctx context.Context) error { // the search index forgets the member after the rows
				return errors.Join(s.store.SetPurged(ctx, member, s.Now()), s.search.Reindex(ctx, people.SearchMembers, member, member))
			})
		}
	}
}

// sweepAllBlobs deletes every picture that nobody uses.
func (s *Service) sweepAllBlobs(ctx context.Context) error {
	for {
		n, err := s.sweepBlobs(ctx, s.Now().Add(-purgeAfter/2))
		if err != nil || n < blobBite {
			return err
		}
	}
}
