package report

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// A Measure is what an operator has done to a member or to a thing of theirs. The member reads it, with its reason.
type Measure struct {
	ID      core.ID
	Member  core.ID
	Kind    MeasureKind
	Reason  string
	Until   time.Time // of a stop or a hold; zero: until it is ended
	At      time.Time
	EndedAt time.Time // zero: it is in force, as far as Until says
	Report  core.ID   // that led to it; 0: none
	By      string    // the operator
	On      Thing     // of what was hidden or deleted
	Title   string    // what that is called
	Was     string    // what Show needs
}

// A MeasureKind is a kind of measure. The numbers are stored.
type MeasureKind uint8

// Kinds of measures.
const (
	Warned  MeasureKind = iota
	Hidden              // 非表示: the thing is in nobody's sight but its author's
	Deleted             // the thing is gone
	Stopped             // the member reads, and writes nothing
	Held                // 利用停止: the member does not come in
	Asked               // 照会: the member has some days to answer
)

// MeasureNames name the kinds, in forms, in Report.Outcome, and in words.
var MeasureNames = [...]string{Warned: "warn", Hidden: "hide", Deleted: "remove", Stopped: "stop", Held: "hold", Asked: "inquiry"}

func (k MeasureKind) String() string { return MeasureNames[k] }

// InForce says whether a measure still works at a time.
func (m *Measure) InForce(now time.Time) bool {
	return m.EndedAt.IsZero() && (m.Until.IsZero() || now.Before(m.Until))
}

// MaxReason is how long the reason of a measure may be, in characters.
const MaxReason = 500

// MeasureNews is news: the operator has done something about the member; Thing is the measure.
const MeasureNews news.Kind = 17

// Refusals of measures.
var (
	ErrCannotHide = &core.Error{Code: core.Refused, Key: "error.cannothide"}
	ErrHidden     = &core.Error{Code: core.Conflict, Key: "error.hidden"}
	ErrStopped    = &core.Error{Code: core.Refused, Key: "error.stopped"}
)

// MeasureStore keeps measures.
type MeasureStore interface {
	InsertMeasure(ctx context.Context, m Measure) error
	Measure(ctx context.Context, id core.ID) (Measure, error)
	// Measures lists those about a member, newest first.
	Measures(ctx context.Context, member core.ID, p core.Page) ([]Measure, error)
	// LastMeasure gives the newest of a kind about a member that was not ended, or ErrNotFound.
	LastMeasure(ctx context.Context, member core.ID, kind MeasureKind) (Measure, error)
	// HiddenMeasure gives the one that hides a thing, or ErrNotFound.
	HiddenMeasure(ctx context.Context, on Thing) (Measure, error)
	EndMeasure(ctx context.Context, id core.ID, at time.Time) error
	// DueHolds lists holds that were not ended and whose time is over.
	DueHolds(ctx context.Context, now time.Time, limit int) ([]Measure, error)
	// DeleteMeasuresBefore forgets measures from before a time that are not in force.
	DeleteMeasuresBefore(ctx context.Context, t time.Time) error
}

// CheckReason cleans a reason in place and returns Invalid when there is none.
func CheckReason(reason *string) error {
	var c core.Check
	c.Text("reason", reason, core.ManyLines, true, MaxReason)
	return c.Err()
}

// Measure notes what was done about a member, and tells them unless they cannot come in.
func (s *Service) Measure(ctx context.Context, m Measure) (Measure, error) {
	if err := CheckReason(&m.Reason); err != nil {
		return m, err
	}
	m.ID, m.At = s.Stamp(time.Time{})
	return m, s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.InsertMeasure(ctx, m); err != nil || m.Kind == Held {
			return err
		}
		return s.news.Tell(ctx, news.News{Member: m.Member, Kind: MeasureNews, Thing: m.ID, At: m.At}, m.Title)
	})
}

// Hide takes a thing out of everybody's sight but its author's.
func (s *Service) Hide(ctx context.Context, m Measure) (Measure, error) {
	row, err := s.row(m.On)
	if err != nil {
		return m, err
	}
	if !row.Hides() {
		return m, ErrCannotHide
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.HiddenMeasure(ctx, m.On); !errors.Is(err, core.ErrNotFound) {
			return errors.Join(err, ErrHidden)
		}
		if m.Was, err = row.Hide(ctx, m.On); err != nil {
			return err
		}
		m.Kind = Hidden
		m, err = s.Measure(ctx, m)
		return err
	})
	return m, err
}

// Remove takes a thing away for good.
func (s *Service) Remove(ctx context.Context, m Measure) (Measure, error) {
	row, err := s.row(m.On)
	if err != nil {
		return m, err
	}
	if row.Delete == nil {
		return m, ErrCannotHide
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		hidden, err := s.store.HiddenMeasure(ctx, m.On)
		if err == nil { // a comment that is hidden lies in the measure: it is there no more
			err = errors.Join(s.show(ctx, row, hidden), s.store.EndMeasure(ctx, hidden.ID, s.Now()))
		}
		if err != nil && !errors.Is(err, core.ErrNotFound) {
			return err
		}
		if err := row.Delete(ctx, m.On); err != nil {
			return err
		}
		m.Kind = Deleted
		m, err = s.Measure(ctx, m)
		return err
	})
	return m, err
}

// End ends a measure; what was hidden is seen again.
func (s *Service) End(ctx context.Context, id core.ID) (m Measure, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if m, err = s.store.Measure(ctx, id); err != nil || !m.EndedAt.IsZero() {
			return err
		}
		if m.Kind == Hidden {
			row, err := s.row(m.On)
			if err != nil {
				return err
			}
			if err := s.show(ctx, row, m); err != nil {
				return err
			}
		}
		m.EndedAt = s.Now()
		return s.store.EndMeasure(ctx, id, m.EndedAt)
	})
	return m, err
}

// show brings back what was hidden; what is gone since stays gone.
func (s *Service) show(ctx context.Context, row *Row, m Measure) error {
	if err := row.Show(ctx, m.On, m.Was); !errors.Is(err, core.ErrNotFound) {
		return err
	}
	return nil
}

// Last gives the newest measure of a kind about a member that was not ended, in force or not, or ErrNotFound.
func (s *Service) Last(ctx context.Context, member core.ID, kind MeasureKind) (Measure, error) {
	return s.store.LastMeasure(ctx, member, kind)
}

// InForce gives the measure of a kind that holds for a member now, or ErrNotFound.
func (s *Service) InForce(ctx context.Context, member core.ID, kind MeasureKind) (Measure, error) {
	m, err := s.store.LastMeasure(ctx, member, kind)
	if err == nil && !m.InForce(s.Now()) {
		err = core.ErrNotFound
	}
	return m, err
}

// Measures lists what was done about a member, newest first.
func (s *Service) Measures(ctx context.Context, member core.ID, p core.Page) ([]Measure, bool, error) {
	return cut(p, func() ([]Measure, error) { return s.store.Measures(ctx, member, p) })
}

// MyMeasures is Measures for the member: they have looked at what they were told of them.
func (s *Service) MyMeasures(ctx context.Context, member core.ID, p core.Page) ([]Measure, bool, error) {
	list, more, err := s.Measures(ctx, member, p)
	if err == nil {
		err = s.news.Looked(ctx, member, MeasureNews, 0, 0)
	}
	return list, more, err
}

// DueHolds lists holds whose time is over: the members are to be let in again.
func (s *Service) DueHolds(ctx context.Context) ([]Measure, error) {
	return s.store.DueHolds(ctx, s.Now(), 100)
}

// Concealed gives the measure that hides a thing, for its author's own page; ok is false when it is not hidden.
func (s *Service) Concealed(ctx context.Context, on Thing) (m Measure, ok bool, err error) {
	m, err = s.store.HiddenMeasure(ctx, on)
	if errors.Is(err, core.ErrNotFound) {
		return m, false, nil
	}
	return m, err == nil, err
}

// MayWrite implements core.Conduct.
func (s *Service) MayWrite(ctx context.Context, member core.ID) error {
	_, err := s.InForce(ctx, member, Stopped)
	if errors.Is(err, core.ErrNotFound) {
		return nil
	}
	return errors.Join(err, ErrStopped)
}

// IsHidden implements core.Conduct.
func (s *Service) IsHidden(ctx context.Context, kind uint8, owner, id core.ID) (bool, error) {
	_, ok, err := s.Concealed(ctx, Thing{Kind: Kind(kind), Owner: owner, ID: id})
	return ok, err
}

// WhyHeld implements core.Conduct.
func (s *Service) WhyHeld(ctx context.Context, member core.ID) (reason string, until time.Time, over bool, err error) {
	m, err := s.store.LastMeasure(ctx, member, Held)
	if errors.Is(err, core.ErrNotFound) {
		return "", time.Time{}, false, nil
	}
	return m.Reason, m.Until, err == nil && !m.InForce(s.Now()), err
}
