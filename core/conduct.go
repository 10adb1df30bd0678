package core

import (
	"context"
	"time"
)

// Conduct is what the areas ask of who answers for the service's order: core/report. Without one nobody is stopped and nothing
// is hidden.
type Conduct interface {
	// MayWrite is an error for a member whom an operator has stopped from writing.
	MayWrite(ctx context.Context, member ID) error
	// WhyHeld says why a member does not come in, and until when; zero: until an operator says so. over: their time is over.
	WhyHeld(ctx context.Context, member ID) (reason string, until time.Time, over bool, err error)
	// IsHidden says whether an operator hides a thing of a report's kind: then its owner does not show it to others.
	IsHidden(ctx context.Context, kind uint8, owner, id ID) (bool, error)
	// Review holds a thing back when there is something in its texts that an operator wants to look at first.
	Review(ctx context.Context, w Written, texts ...string) error
}

// Written is a thing that somebody has just written or changed, by the names that reports have for it.
type Written struct {
	Kind                      uint8 // of a report
	Owner, ID, Piece, Comment ID
	Author                    ID
}

// UseConduct says whom to ask. Call it once, before the desk is used.
func (s *Desk) UseConduct(c Conduct) { s.conduct = c }

// MayWrite is an error for a member who reads, and writes nothing until an operator says so. Ask it wherever a member says
// something to others.
func (s *Desk) MayWrite(ctx context.Context, member ID) error {
	if err := s.House().MayWrite(ctx); err != nil || s.conduct == nil {
		return err
	}
	return s.conduct.MayWrite(ctx, member)
}

// Shown is the visibility that a thing gets when its owner wants v: Private for what an operator hides.
func (s *Desk) Shown(ctx context.Context, kind uint8, owner, id ID, v Visibility) (Visibility, error) {
	if s.conduct == nil {
		return v, nil
	}
	hidden, err := s.conduct.IsHidden(ctx, kind, owner, id)
	if hidden {
		return Private, err
	}
	return v, err
}

// Review looks at what a member has written for others, after it was stored and in the same transaction.
func (s *Desk) Review(ctx context.Context, w Written, texts ...string) error {
	if s.conduct == nil {
		return nil
	}
	return s.conduct.Review(ctx, w, texts...)
}

// HeldBack is the error of a login with the right password of a member who is held (利用停止), and what they are told.
type HeldBack struct {
	Reason string
	Until  time.Time // zero: until an operator says so
}

func (e HeldBack) Error() string { return "core: held back: " + e.Reason }

// Unwrap makes it ErrHeldBack.
func (e HeldBack) Unwrap() error { return ErrHeldBack }

// ErrHeldBack: the member does not come in.
var ErrHeldBack = &Error{Wrong, "error.heldback"}

// WhyHeld gives what a member who is held is told; over says that their time is over.
func (s *Desk) WhyHeld(ctx context.Context, member ID) (why HeldBack, over bool, err error) {
	if s.conduct != nil {
		why.Reason, why.Until, over, err = s.conduct.WhyHeld(ctx, member)
	}
	return why, over, err
}
