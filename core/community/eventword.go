package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Limits of what a planner writes to those who attend.
const (
	MaxEventWord  = 1000 // characters
	MaxEventDaily = 10   // of one event within a day
	eventWordRows = 10   // the newest that a page shows
)

// ErrEventWords is returned for one more than MaxEventDaily.
var ErrEventWords = &core.Error{Code: core.Throttled, Key: "error.eventwords"}

// An EventWordKind says what those who attend are told. The numbers are stored.
type EventWordKind uint8

// Kinds.
const (
	EventMessage EventWordKind = iota // what the planner wrote
	EventChanged                      // another day, time or place
	EventOff                          // it does not take place
	EventOn                           // it does after all
)

// An EventWord is what those who attend an event are told: each by a notice, and it stands on the page of the event for them.
type EventWord struct {
	Community, Event, ID core.ID
	Kind                 EventWordKind
	Author               core.ID
	AuthorName           string
	Body                 string
	ToWaiting            bool // those who wait are told as well
	SentAt               time.Time
	After                core.ID // the place of the last who has been told
}

// EventWordStore keeps them.
type EventWordStore interface {
	InsertEventWord(ctx context.Context, w EventWord) error
	// EventWords lists the newest of an event.
	EventWords(ctx context.Context, community, event core.ID, limit int) ([]EventWord, error)
	CountEventWords(ctx context.Context, community, event core.ID, since time.Time) (int, error)
	// UntoldWords lists those of which not everybody has been told.
	UntoldWords(ctx context.Context, limit int) ([]EventWord, error)
	// SeatsAfter lists who attends, in the order of their places, after one of them.
	SeatsAfter(ctx context.Context, community, event, after core.ID, limit int) ([]Seat, error)
	// SetTold notes how far the telling is; done ends it.
	SetTold(ctx context.Context, w EventWord, done bool) error
}

// MayTell says whether the viewer may write to those who attend: the planner, and who governs.
func (c *Seen) MayTell(t *Thread) bool { return c.MayEdit(t) || c.MayGovern() }

// spread stores what those who attend are to be told. It is one row, however many they are; Settle tells them.
func (s *Service) spread(ctx context.Context, e *Event, author core.ID, w EventWord) error {
	if e.Joined+e.Waiting == 0 {
		return nil
	}
	w.Community, w.Event, w.Author = e.Community, e.ID, author
	w.ID, w.SentAt = s.Stamp(time.Time{})
	return s.store.InsertEventWord(ctx, w)
}

// WriteToAttendees stores a message of the planner to those who have a place, and, if they say so, to those who wait.
func (s *Service) WriteToAttendees(ctx context.Context, viewer core.Viewer, community, id core.ID, body string, waiting bool) error {
	var check core.Check
	check.Text("body", &body, core.ManyLines, true, MaxEventWord)
	if err := check.Err(); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, e, err := s.event(ctx, viewer, community, id)
		if err != nil {
			return err
		}
		if !c.MayTell(&t) {
			return core.ErrNotFound
		}
		if err := s.MayWrite(ctx, viewer.Member); err != nil {
			return err
		}
		n, err := s.store.CountEventWords(ctx, community, id, s.Now().Add(-24*time.Hour))
		if err == nil && n >= MaxEventDaily {
			err = ErrEventWords
		}
		if err != nil {
			return err
		}
		return s.spread(ctx, &e, viewer.Member, EventWord{Kind: EventMessage, Body: body, ToWaiting: waiting})
	})
}

// CallOff says that the event does not take place, or, off false, that it does after all, and tells those who attend, with a few words.
func (s *Service) CallOff(ctx context.Context, viewer core.Viewer, community, id core.ID, body string, off bool) error {
	var check core.Check
	check.Text("body", &body, core.ManyLines, false, MaxEventWord)
	if err := check.Err(); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, e, err := s.event(ctx, viewer, community, id)
		switch {
		case err != nil:
			return err
		case !c.MayTell(&t):
			return core.ErrNotFound
		case e.CancelledAt.IsZero() != off:
			return nil
		}
		w := EventWord{Kind: EventOn, Body: body, ToWaiting: true}
		e.ChangedAt, e.CancelledAt = s.Now(), time.Time{}
		if off {
			w.Kind, e.CancelledAt = EventOff, e.ChangedAt
		}
		if err := errors.Join(s.store.SetEventOff(ctx, e), s.spread(ctx, &e, viewer.Member, w)); err != nil {
			return err
		}
		return s.moveUp(ctx, &e, t.Title)
	})
}

// EventWords lists the newest of what those who attend were told, for them, the planner and who governs.
func (s *Service) EventWords(ctx context.Context, c *Seen, t *Thread, e *Event) ([]EventWord, error) {
	if e.Mine == NotAttending && !c.MayTell(t) {
		return nil, nil
	}
	list, err := s.store.EventWords(ctx, e.Community, e.ID, eventWordRows)
	if err != nil || e.Mine == Attending || c.MayTell(t) {
		return list, err
	}
	var seen []EventWord
	for _, w := range list {
		if w.ToWaiting {
			seen = append(seen, w)
		}
	}
	return seen, nil
}

// tellWords tells a bounded number of those who attend what they have not been told.
func (s *Service) tellWords(ctx context.Context) error {
	list, err := s.store.UntoldWords(ctx, moveUpBite)
	if err != nil {
		return err
	}
	for _, w := range list {
		if err := s.store.AtomicOf(ctx, core.Of(w.Community), func(ctx context.Context) error { return s.tellSome(ctx, w) }); err != nil {
			return err
		}
	}
	return nil
}

// tellSome tells the next of those who attend. A process that ends between two of its transactions tells nobody twice.
func (s *Service) tellSome(ctx context.Context, w EventWord) error {
	t, err := s.store.Thread(ctx, w.Community, w.Event)
	if err != nil {
		return ignoreAbsent(err)
	}
	seats, err := s.store.SeatsAfter(ctx, w.Community, w.Event, w.After, moveUpBite)
	if err != nil {
		return err
	}
	for _, seat := range seats {
		w.After = seat.Place
		if seat.Waits && !w.ToWaiting || seat.Place > w.ID || seat.Member == w.Author { // who came later sees it there
			continue
		}
		if err := s.news.Tell(ctx, news.News{Member: seat.Member, Kind: EventNews, Actor: seat.Member, Thing: w.Event, At: w.SentAt}, t.Title); err != nil {
			return err
		}
	}
	return s.store.SetTold(ctx, w, len(seats) < moveUpBite)
}
