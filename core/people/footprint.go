package people

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// RoundNews is news: Actor made the footprint number Thing that the member waited for.
const RoundNews news.Kind = 6

// MaxFootprints is how many lines of footprints (足あと) a member has; older ones roll off, and the total goes on counting.
const MaxFootprints = 300

// MaxRound is the largest round number (キリ番) that a member may wait for.
const MaxRound = 999_999_999

// A Footprint is one line of the list: a visitor, and when they came last on one day.
type Footprint struct {
	Visitor core.Member
	At      time.Time
}

// A FootprintBook is what a member has beside the lines.
type FootprintBook struct {
	Total     int         // visits ever counted
	Round     int         // the number whose visitor the member wants to know; 0: none
	Reached   int         // the last such number that came; 0: none that can be shown
	ReachedBy core.Member // who made it
	ReachedAt time.Time   //
	Stealth   bool        // the member leaves no footprints with others, as long as the operator allows it
}

// FootprintStore keeps footprints.
type FootprintStore interface {
	// LastVisit is when a visitor came last, zero when no line says so.
	LastVisit(ctx context.Context, owner, visitor core.ID) (time.Time, error)
	// PutFootprint writes the line of the visitor and the day.
	PutFootprint(ctx context.Context, v Visit) error
	// CountVisit adds one to the owner's total; if that makes the round number, it returns that, and the book has the
	// visitor's name and waits for none any more. Otherwise it returns zero.
	CountVisit(ctx context.Context, v Visit) (round int, err error)
	// TrimFootprints keeps the newest lines of a member.
	TrimFootprints(ctx context.Context, owner core.ID, keep int) error
	// Footprints lists the lines of active visitors, newest first.
	Footprints(ctx context.Context, member core.ID, p core.Page) ([]Footprint, error)
	// FootprintBook gives a member's book with ReachedBy.ID alone; the zero book when nothing was written yet.
	FootprintBook(ctx context.Context, member core.ID) (FootprintBook, error)
	SetRound(ctx context.Context, member core.ID, round int) error
	SetStealth(ctx context.Context, member core.ID, on bool) error
}

// Footprints lists who visited the member, newest first, one line for each visitor and day, without those a block hides.
// Visits of the last moments may be missing; see LeaveFootprint.
func (s *Service) Footprints(ctx context.Context, member core.ID, p core.Page) (lines []Footprint, more bool, err error) {
	rows, err := s.store.Footprints(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: member})
	lines = rows[:0]
	for _, f := range rows {
		if g.May(ctx, f.Visitor.ID, core.Everyone) {
			lines = append(lines, f)
		}
	}
	return lines, more, nil
}

// FootprintBook gives the member's own book. A round number made by somebody whom a block hides is as if it never came.
func (s *Service) FootprintBook(ctx context.Context, member core.ID) (FootprintBook, error) {
	b, err := s.store.FootprintBook(ctx, member)
	if err != nil || b.Reached == 0 {
		return b, err
	}
	b.ReachedBy, _, err = s.Member(ctx, core.Viewer{Member: member}, b.ReachedBy.ID)
	if errors.Is(err, core.ErrNotFound) {
		b.Reached, err = 0, nil
	}
	return b, err
}

// SetRound takes the number whose visitor the member wants to know, as they typed it (full-width digits and commas
// included): larger than the total and at most MaxRound, or nothing to wait for none. Invalid for anything else.
func (s *Service) SetRound(ctx context.Context, member core.ID, typed string) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		b, err := s.store.FootprintBook(ctx, member)
		if err != nil {
			return err
		}
		digits := strings.ReplaceAll(strings.TrimSpace(norm.NFKC.String(typed)), ",", "")
		if digits == "" {
			return s.store.SetRound(ctx, member, 0)
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n <= b.Total || n > MaxRound {
			return core.Invalid{{Field: "round", Key: "field.round", N: 0}}
		}
		return s.store.SetRound(ctx, member, n)
	})
}

// StealthAllowed says whether the operator lets members visit without a footprint (Config.Stealth).
func (s *Service) StealthAllowed() bool { return s.stealth }

// SetStealth chooses whether the member leaves footprints; ErrNotFound where the operator does not allow the choice.
func (s *Service) SetStealth(ctx context.Context, member core.ID, on bool) error {
	if !s.stealth {
		return core.ErrNotFound
	}
	return s.store.SetStealth(ctx, member, on)
}
