package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Limits of events.
const (
	MaxEventWords = 100  // characters
	MaxPlace      = 100  // characters
	MaxAttendees  = 5000 // of one event, those who wait among them
	MaxEventYears = 10   // ahead
	moveUpBite    = 50   // who move up, or are told, in one transaction
)

// Refusals of events.
var (
	ErrEventPast     = &core.Error{Code: core.Refused, Key: "error.eventpast"}
	ErrEventDeadline = &core.Error{Code: core.Refused, Key: "error.eventdeadline"}
	ErrEventOff      = &core.Error{Code: core.Refused, Key: "error.eventoff"}
	ErrEventFull     = &core.Error{Code: core.Full, Key: "error.eventfull"}
)

// An Event is what a thread of an event has besides.
type Event struct {
	Community, ID core.ID
	NewEvent
	Joined, Waiting int       // who has a place, and who waits for one
	Edition         int       // how often it was changed, for calendar programs
	ChangedAt       time.Time //
	CancelledAt     time.Time // zero: it takes place

	Mine Attendance // what the viewer is there
}

// NewEvent is what an event is made of, and changed to.
type NewEvent struct {
	Day        core.Day
	Time       core.Clock // zero: none is said
	Words      string     // more about the time
	Prefecture int        // of core.Prefectures, from 1; 0: none
	Place      string
	Deadline   core.Day // the last day to join on; zero: until the event
	Capacity   int      // places; 0: as many as there are
}

// An Attendance says what a member is at an event.
type Attendance uint8

// Attendances.
const (
	NotAttending Attendance = iota
	Attending               // has a place
	OnWaitingList
)

// Over says whether the event has been, on this day.
func (e *Event) Over(today core.Day) bool { return e.Day < today }

// Closed is why nobody can join any more, on this day; nil: somebody can, if only to wait.
func (e *Event) Closed(today core.Day) error {
	switch {
	case !e.CancelledAt.IsZero():
		return ErrEventOff
	case e.Over(today):
		return ErrEventPast
	case e.Deadline != 0 && e.Deadline < today:
		return ErrEventDeadline
	}
	return nil
}

// free is how many places nobody has.
func (e *Event) free() int {
	if e.Capacity == 0 {
		return MaxAttendees
	}
	return max(e.Capacity-e.Joined, 0)
}

// Full says whether who joins waits.
func (e *Event) Full() bool { return e.free() == 0 || e.Waiting > 0 }

// An Attendee is a row of the list of an event.
type Attendee struct {
	Member core.Member
	Waits  bool
}

// An EventLine is a row of a list of events.
type EventLine struct {
	Event
	Title, CommunityName string
}

// A Seat is somebody's at an event.
type Seat struct {
	Community, Event, Member core.ID
	Place                    core.ID // in the line: whoever came earlier has a lower one
	Waits                    bool
	Day                      core.Day // of the event
	At                       time.Time
}

// EventStore keeps events and who attends.
type EventStore interface {
	InsertEvent(ctx context.Context, e Event) error
	Event(ctx context.Context, community, id core.ID) (Event, error)
	// UpdateEvent replaces what the planner can change, counts the change, and moves the day of those who attend.
	UpdateEvent(ctx context.Context, e Event) error
	// SetEventOff stores whether the event takes place, and counts the change.
	SetEventOff(ctx context.Context, e Event) error
	Seat(ctx context.Context, community, event, member core.ID) (Seat, error)
	// PutSeat stores a new seat and counts it; DeleteSeat takes it away.
	PutSeat(ctx context.Context, s Seat) error
	DeleteSeat(ctx context.Context, s Seat) error
	// Seats lists those that a member has in a community, from a day on.
	Seats(ctx context.Context, community, member core.ID, from core.Day) ([]Seat, error)
	// Waiting lists who waits longest and is among us.
	Waiting(ctx context.Context, community, event core.ID, limit int) ([]core.ID, error)
	// GiveSeat takes a member from the waiting list to a place, and counts.
	GiveSeat(ctx context.Context, community, event, member core.ID) error
	// Attendees lists those who have a place, then those who wait, each in the order in which they came.
	Attendees(ctx context.Context, community, event core.ID, p core.Page) ([]Attendee, error)
	// PutVacancy notes that somebody may move up; Vacancies lists the notes, and DropVacancy ends one.
	PutVacancy(ctx context.Context, community, event core.ID) error
	Vacancies(ctx context.Context, limit int) ([]Event, error)
	DropVacancy(ctx context.Context, community, event core.ID) error
	// AttendedEvents lists the events that the member attends or waits for, OtherEvents those of the communities they are in that they
	// do not, on days from one to another.
	AttendedEvents(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]EventLine, error)
	OtherEvents(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]EventLine, error)
	// EventsOf lists those of a community on days from one to another, in their order or backwards.
	EventsOf(ctx context.Context, community core.ID, from, to core.Day, backwards bool, p core.Page) ([]EventLine, error)
}

// CheckEvent cleans an event in place and returns Invalid for fields that are wrong. It may not begin before the day earliest, nor be
// closed to all before the day open; today is the day from which on it may lie so far ahead.
func CheckEvent(n *NewEvent, earliest, open, today core.Day) error {
	var c core.Check
	c.Text("words", &n.Words, core.OneLine, false, MaxEventWords)
	c.Text("place", &n.Place, core.OneLine, false, MaxPlace)
	switch {
	case n.Day == 0:
		c.Fail("day", "field.required", 0)
	case n.Day < earliest:
		c.Fail("day", "field.pastday", 0)
	case n.Day > today+MaxEventYears*10000:
		c.Fail("day", "field.farday", MaxEventYears)
	case n.Deadline > n.Day:
		c.Fail("deadline", "field.deadline", 0)
	case n.Deadline != 0 && n.Deadline < open:
		c.Fail("deadline", "field.pastday", 0)
	}
	if n.Prefecture < 0 || n.Prefecture > len(core.Prefectures) {
		c.Fail("prefecture", "field.choice", 0)
	}
	if n.Capacity < 0 || n.Capacity > MaxAttendees {
		c.Fail("capacity", "field.capacity", MaxAttendees)
	}
	return c.Err()
}

// OpenEvent writes an event of the viewer, who takes no place by that. today is the day where the service is.
func (s *Service) OpenEvent(ctx context.Context, viewer core.Viewer, community core.ID, n NewThread, e NewEvent, today core.Day) (Thread, error) {
	n.Kind = EventThread
	if err := CheckEvent(&e, today, today, today); err != nil {
		return Thread{}, err
	}
	return s.Open(ctx, viewer, community, n, func(ctx context.Context, t Thread) error {
		return s.store.InsertEvent(ctx, Event{Community: t.Community, ID: t.ID, NewEvent: e, ChangedAt: t.CreatedAt})
	})
}

// EditEvent changes an event of the viewer. Its day may stay in the past. Who waits moves up when there are more places; who attends
// is told of another day, time or place.
func (s *Service) EditEvent(ctx context.Context, viewer core.Viewer, community, id core.ID, n NewThread, e NewEvent, today core.Day) error {
	n.Kind = EventThread
	return s.EditThread(ctx, viewer, community, id, n, func(ctx context.Context, t Thread) error {
		was, err := s.store.Event(ctx, community, id)
		if err != nil {
			return err
		}
		if err := CheckEvent(&e, min(was.Day, today), 0, max(was.Day-MaxEventYears*10000, today)); err != nil {
			return err
		}
		if e.Capacity > 0 && e.Capacity < was.Joined {
			return core.Invalid{{Field: "capacity", Key: "field.capacitybelow", N: was.Joined}}
		}
		now := was
		now.NewEvent, now.ChangedAt = e, s.Now()
		if err := s.store.UpdateEvent(ctx, now); err != nil {
			return err
		}
		if was.Day != e.Day || was.Time != e.Time || was.Place != e.Place || was.Prefecture != e.Prefecture {
			if err := s.spread(ctx, &now, viewer.Member, EventWord{Kind: EventChanged, ToWaiting: true}); err != nil {
				return err
			}
		}
		return s.moveUp(ctx, &now, t.Title)
	})
}

// event gives an event of which the viewer may know, with what they are there.
func (s *Service) event(ctx context.Context, viewer core.Viewer, community, id core.ID) (c Seen, t Thread, e Event, err error) {
	if c, t, err = s.thread(ctx, viewer, community, id); err != nil {
		return c, t, e, err
	}
	e, err = s.EventOf(ctx, &c, &t)
	return c, t, e, err
}

// EventOf gives what a thread that the viewer was let look at has as an event, with what they are there.
func (s *Service) EventOf(ctx context.Context, c *Seen, t *Thread) (Event, error) {
	if !c.MayRead() || c.ID != t.Community {
		return Event{}, core.ErrNotFound
	}
	e, err := s.store.Event(ctx, t.Community, t.ID)
	if err == nil {
		e.Mine, err = s.attendance(ctx, &e, c.Viewer.Member)
	}
	return e, err
}

// attendance is what a member is at the event.
func (s *Service) attendance(ctx context.Context, e *Event, member core.ID) (Attendance, error) {
	seat, err := s.store.Seat(ctx, e.Community, e.ID, member)
	switch {
	case errors.Is(err, core.ErrNotFound):
		return NotAttending, nil
	case err == nil && seat.Waits:
		return OnWaitingList, nil
	}
	return Attending, err
}

// Event gives an event that the viewer may see, with its photos and what the viewer is there.
func (s *Service) Event(ctx context.Context, viewer core.Viewer, community, id core.ID) (Seen, Thread, Event, error) {
	c, t, e, err := s.event(ctx, viewer, community, id)
	if err == nil && t.PhotoCount > 0 {
		t.Photos, err = s.store.AttachedPhotos(ctx, threadAt(t))
	}
	return c, t, e, err
}

// Attend gives the viewer a place, or puts them on the waiting list when there is none: one transaction decides. today is the day where
// the service is. Who attends already stays what they are.
func (s *Service) Attend(ctx context.Context, viewer core.Viewer, community, id core.ID, today core.Day) (waits bool, err error) {
	err = s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		waits = false
		c, _, e, err := s.event(ctx, viewer, community, id)
		if err != nil {
			return err
		}
		switch {
		case e.Mine != NotAttending:
			waits = e.Mine == OnWaitingList
			return nil
		case c.mayWrite() != nil:
			return c.mayWrite()
		case e.Closed(today) != nil:
			return e.Closed(today)
		case e.Joined+e.Waiting >= MaxAttendees:
			return ErrEventFull
		}
		waits = e.Full()
		place, at := s.Stamp(time.Time{})
		return s.store.PutSeat(ctx, Seat{community, id, viewer.Member, place, waits, e.Day, at})
	})
	return waits, err
}

// CancelAttendance takes the viewer from the event, until it is over; who waits longest moves up.
func (s *Service) CancelAttendance(ctx context.Context, viewer core.Viewer, community, id core.ID, today core.Day) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		_, t, e, err := s.event(ctx, viewer, community, id)
		switch {
		case err != nil:
			return err
		case e.Mine == NotAttending:
			return nil
		case e.Over(today):
			return ErrEventPast
		}
		return s.giveUp(ctx, &e, viewer.Member, t.Title)
	})
}

// giveUp takes a member from an event, and lets who waits move up.
func (s *common) giveUp(ctx context.Context, e *Event, member core.ID, title string) error {
	seat, err := s.store.Seat(ctx, e.Community, e.ID, member)
	if err != nil {
		return err
	}
	if err := errors.Join(s.store.DeleteSeat(ctx, seat), s.dropEventNews(ctx, member, e.ID)); err != nil || seat.Waits {
		return err
	}
	now, err := s.store.Event(ctx, e.Community, e.ID)
	if err != nil {
		return err
	}
	return s.moveUp(ctx, &now, title)
}

// dropEventNews forgets what a member was to be told of an event.
func (s *common) dropEventNews(ctx context.Context, member, event core.ID) error {
	return errors.Join(s.news.DropNews(ctx, member, PlaceNews, 0, event), s.news.DropNews(ctx, member, EventNews, 0, event))
}

// moveUp gives free places to who waits longest, and tells them. When more of them may move up than one transaction is to take, the rest
// follows by Settle.
func (s *common) moveUp(ctx context.Context, e *Event, title string) error {
	if !e.CancelledAt.IsZero() || e.Waiting == 0 || e.free() == 0 || e.Over(s.yesterday()) {
		return nil
	}
	next, err := s.store.Waiting(ctx, e.Community, e.ID, min(e.free(), moveUpBite))
	if err != nil {
		return err
	}
	for _, member := range next {
		err = errors.Join(err, s.store.GiveSeat(ctx, e.Community, e.ID, member),
			s.news.Tell(ctx, news.News{Member: member, Kind: PlaceNews, Actor: member, Thing: e.ID, At: s.Now()}, title))
	}
	if err == nil && len(next) == moveUpBite {
		err = s.store.PutVacancy(ctx, e.Community, e.ID)
	}
	return err
}

// yesterday is a day that is over wherever the service is.
func (s *common) yesterday() core.Day { return core.DayOf(s.Now().UTC()).Add(-1) }

// leaveEvents takes a member who is no more in a community from its events to come.
func (s *common) leaveEvents(ctx context.Context, community, member core.ID) error {
	seats, err := s.store.Seats(ctx, community, member, s.yesterday())
	if err != nil {
		return err
	}
	for _, seat := range seats {
		e, err := s.store.Event(ctx, community, seat.Event)
		if err != nil {
			return err
		}
		t, err := s.store.Thread(ctx, community, seat.Event)
		if err != nil {
			return err
		}
		if err := s.giveUp(ctx, &e, member, t.Title); err != nil {
			return err
		}
	}
	return nil
}

// Settle lets move up who may since somebody left the service, or since many may at once; and tells those who attend what planners wrote.
// Run of core/chores does so every few seconds. It does a bounded piece, each transaction of which is short.
func (s *Service) Settle(ctx context.Context) error {
	list, err := s.store.Vacancies(ctx, moveUpBite)
	if err != nil {
		return err
	}
	for _, v := range list {
		err = errors.Join(err, s.store.AtomicOf(ctx, core.Of(v.Community), func(ctx context.Context) error {
			if err := s.store.DropVacancy(ctx, v.Community, v.ID); err != nil {
				return err
			}
			t, err := s.store.Thread(ctx, v.Community, v.ID)
			if err != nil {
				return ignoreAbsent(err)
			}
			e, err := s.store.Event(ctx, v.Community, v.ID)
			if err != nil {
				return ignoreAbsent(err)
			}
			return s.moveUp(ctx, &e, t.Title)
		}))
	}
	return errors.Join(err, s.tellWords(ctx))
}

// ignoreAbsent is for what may have gone meanwhile.
func ignoreAbsent(err error) error {
	if errors.Is(err, core.ErrNotFound) {
		return nil
	}
	return err
}

// Attendees lists those who have a place at an event, then those who wait. Those whom a block hides from its viewer are not there.
func (s *Service) Attendees(ctx context.Context, c *Seen, t *Thread, p core.Page) (list []Attendee, more bool, err error) {
	if !c.MayRead() || c.ID != t.Community {
		return nil, false, core.ErrNotFound
	}
	rows, err := s.store.Attendees(ctx, t.Community, t.ID, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(c.Viewer)
	list = rows[:0]
	for _, a := range rows {
		if g.May(ctx, a.Member.ID, core.Everyone) {
			list = append(list, a)
		}
	}
	return list, more, nil
}

// Attended lists the events that the member attends or waits for on days from one to another, in their order; those of communities that
// they are not in any more, and of deleted ones, are not there.
func (s *Service) Attended(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]EventLine, error) {
	return s.store.AttendedEvents(ctx, member, from, to, limit)
}

// OtherEvents lists the other events of the communities that the member is in.
func (s *Service) OtherEvents(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]EventLine, error) {
	return s.store.OtherEvents(ctx, member, from, to, limit)
}

// EventsOf lists the events to come of a community, the next first; or those that have been, the last first.
func (s *Service) EventsOf(ctx context.Context, c *Seen, today core.Day, past bool, p core.Page) (list []EventLine, more bool, err error) {
	if !c.MayRead() {
		return nil, false, core.ErrNotFound
	}
	from, to := today, core.Day(99991231)
	if past {
		from, to = 0, today.Add(-1)
	}
	rows, err := s.store.EventsOf(ctx, c.ID, from, to, past, p)
	list, more = core.Cut(rows, p)
	return list, more, err
}
