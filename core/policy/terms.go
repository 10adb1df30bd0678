package policy

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// MaxTerms is how long the terms may be, in characters.
const MaxTerms = 30000

// Terms are a version of the rules that members agree to. A version is never changed: a new one follows it.
type Terms struct {
	Version  int
	At       time.Time
	Japanese string
	English  string // "": there is no translation
	By       string // the operator
}

// TermsStore keeps all versions, and who agreed to which.
type TermsStore interface {
	InsertTerms(ctx context.Context, t Terms) error
	// LastTerms gives the newest; Version 0 when there are none.
	LastTerms(ctx context.Context) (Terms, error)
	AllTerms(ctx context.Context) ([]Terms, error)
	// Agreed gives the highest version that a member has agreed to, 0: none; Agree stores one.
	Agreed(ctx context.Context, member core.ID) (int, error)
	Agree(ctx context.Context, member core.ID, version int, at time.Time) error
	// CountAgreed counts who has agreed to a version.
	CountAgreed(ctx context.Context, version int) (int, error)
}

// Publish stores new terms as the next version: every member is asked to agree before they go on.
func (s *Service) Publish(ctx context.Context, t Terms) (version int, err error) {
	var c core.Check
	c.Text("ja", &t.Japanese, core.ManyLines, true, MaxTerms)
	c.Text("en", &t.English, core.ManyLines, false, MaxTerms)
	if err := c.Err(); err != nil {
		return 0, err
	}
	err = s.change(ctx, func(ctx context.Context) error {
		last, err := s.store.LastTerms(ctx)
		if err != nil {
			return err
		}
		t.Version, t.At = last.Version+1, s.Now()
		version = t.Version
		return s.store.InsertTerms(ctx, t)
	})
	return version, err
}

// AllTerms lists all versions, newest first.
func (s *Service) AllTerms(ctx context.Context) ([]Terms, error) { return s.store.AllTerms(ctx) }

// CountAgreed counts who has agreed to a version.
func (s *Service) CountAgreed(ctx context.Context, version int) (int, error) {
	return s.store.CountAgreed(ctx, version)
}

// maxAgreed is how many members' agreements are kept in memory.
const maxAgreed = 100_000

// MustAgree says whether a member has still to agree to the terms that hold now. It asks the database once for each member.
func (s *Service) MustAgree(ctx context.Context, member core.ID) bool {
	version := s.State(ctx).Terms.Version
	if version == 0 {
		return false
	}
	s.mu.Lock()
	known := s.agreed[member]
	s.mu.Unlock()
	if known >= version {
		return false
	}
	has, err := s.store.Agreed(ctx, member)
	if err != nil || has < version {
		return err == nil // who cannot be asked just now is asked later
	}
	s.remember(member, has)
	return false
}

func (s *Service) remember(member core.ID, version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.agreed) >= maxAgreed {
		clear(s.agreed)
	}
	s.agreed[member] = version
}

// ErrOldTerms: what the member agreed to has been replaced while they read it.
var ErrOldTerms = &core.Error{Code: core.Conflict, Key: "error.oldterms"}

// Agree notes that a member agrees to a version.
func (s *Service) Agree(ctx context.Context, member core.ID, version int) error {
	last, err := s.store.LastTerms(ctx)
	if err != nil {
		return err
	}
	if version != last.Version || version == 0 {
		return ErrOldTerms
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.Agree(ctx, member, version, s.Now()), s.Audit(ctx, "terms", member, "", "version "+core.ID(version).String()))
	})
	if err == nil {
		s.remember(member, version)
	}
	return err
}
