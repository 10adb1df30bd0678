package communities

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Events keeps what events and polls have besides their threads.
type Events struct{ base.Area }

// InsertEvent implements community.EventStore.
func (s Events) InsertEvent(ctx context.Context, e community.Event) error {
	return s.Change(ctx, `INSERT INTO community_event (community, id, day, time, words, prefecture, place, deadline, capacity, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Community, e.ID, e.Day, e.Time, e.Words, e.Prefecture, e.Place, e.Deadline, e.Capacity, engine.Millis(e.ChangedAt))
}

const eventColumns = `e.community, e.id, e.day, e.time, e.words, e.prefecture, e.place, e.deadline, e.capacity, e.joined, e.waiting, e.edition, e.changed_at, e.off_at`

func eventFields(e *community.Event) []any {
	return []any{&e.Community, &e.ID, &e.Day, &e.Time, &e.Words, &e.Prefecture, &e.Place, &e.Deadline, &e.Capacity, &e.Joined, &e.Waiting, &e.Edition,
		engine.Moment(&e.ChangedAt), engine.Moment(&e.CancelledAt)}
}

// Event implements community.EventStore.
func (s Events) Event(ctx context.Context, id, event core.ID) (e community.Event, err error) {
	err = s.On(ctx).Row(ctx, `SELECT `+eventColumns+` FROM community_event e WHERE e.community = $1 AND e.id = $2`, id, event).Scan(eventFields(&e)...)
	return e, base.One(err)
}

// UpdateEvent implements community.EventStore.
func (s Events) UpdateEvent(ctx context.Context, e community.Event) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE community_event SET day = $3, time = $4, words = $5, prefecture = $6, place = $7, deadline = $8, capacity = $9,
				edition = edition + 1, changed_at = $10 WHERE community = $1 AND id = $2`,
				Args: []any{e.Community, e.ID, e.Day, e.Time, e.Words, e.Prefecture, e.Place, e.Deadline, e.Capacity, engine.Millis(e.ChangedAt)}},
			engine.Step{Query: `UPDATE community_seat SET day = $3 WHERE community = $1 AND event = $2 AND day <> $3`, Args: []any{e.Community, e.ID, e.Day}})
	})
}

// SetEventOff implements community.EventStore.
func (s Events) SetEventOff(ctx context.Context, e community.Event) error {
	return s.Change(ctx, `UPDATE community_event SET off_at = $3, changed_at = $4, edition = edition + 1 WHERE community = $1 AND id = $2`,
		e.Community, e.ID, engine.Millis(e.CancelledAt), engine.Millis(e.ChangedAt))
}

const seatColumns = `SELECT community, event, member, place, waits, day, joined_at FROM community_seat`

func seatRow(r engine.Scanner) (s community.Seat, err error) {
	return s, r.Scan(&s.Community, &s.Event, &s.Member, &s.Place, &s.Waits, &s.Day, engine.Moment(&s.At))
}

// Seat implements community.EventStore.
func (s Events) Seat(ctx context.Context, id, event, member core.ID) (community.Seat, error) {
	seat, err := seatRow(s.On(ctx).Row(ctx, seatColumns+` WHERE community = $1 AND event = $2 AND member = $3`, id, event, member))
	return seat, base.One(err)
}

// PutSeat implements community.EventStore.
func (s Events) PutSeat(ctx context.Context, seat community.Seat) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO community_seat (community, event, member, place, waits, day, joined_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				Args: []any{seat.Community, seat.Event, seat.Member, seat.Place, seat.Waits, seat.Day, engine.Millis(seat.At)}},
			engine.Step{Query: `UPDATE community_event SET joined = joined + 1 - $3, waiting = waiting + $3 WHERE community = $1 AND id = $2`,
				Args: []any{seat.Community, seat.Event, seat.Waits}})
	})
}

// leaveEvent is run before the row of member $3 at event $2 of community $1 goes: counts, and that somebody may move up.
var leaveEvent = []string{
	`UPDATE community_event SET joined = joined - (SELECT count(*) FROM community_seat WHERE community = $1 AND event = $2 AND member = $3 AND waits = 0),
		waiting = waiting - (SELECT count(*) FROM community_seat WHERE community = $1 AND event = $2 AND member = $3 AND waits = 1) WHERE community = $1 AND id = $2`,
	`INSERT INTO community_vacancy (community, event) SELECT community, id FROM community_event WHERE community = $1 AND id = $2 AND waiting > 0 AND joined < capacity
		ON CONFLICT (community, event) DO NOTHING`,
}

// DeleteSeat implements community.EventStore.
func (s Events) DeleteSeat(ctx context.Context, seat community.Seat) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, query := range leaveEvent {
			if _, err := q.Run(ctx, query, seat.Community, seat.Event, seat.Member); err != nil {
				return err
			}
		}
		_, err := q.Run(ctx, `DELETE FROM community_seat WHERE community = $1 AND event = $2 AND member = $3`, seat.Community, seat.Event, seat.Member)
		return err
	})
}

// Seats implements community.EventStore.
func (s Events) Seats(ctx context.Context, id, member core.ID, from core.Day) ([]community.Seat, error) {
	return engine.List(ctx, s.On(ctx), seatRow, seatColumns+` WHERE member = $1 AND day >= $2 AND community = $3`, member, from, id)
}

// SeatsFrom lists those that a member has anywhere, from a day on: for a cache.
func (s Events) SeatsFrom(ctx context.Context, member core.ID, from core.Day) ([]community.Seat, error) {
	return engine.List(ctx, s.On(ctx), seatRow, seatColumns+` WHERE member = $1 AND day >= $2 ORDER BY day, event`, member, from)
}

// Waiting implements community.EventStore.
func (s Events) Waiting(ctx context.Context, id, event core.ID, limit int) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (member core.ID, err error) { return member, r.Scan(&member) },
		`SELECT s.member FROM community_seat s JOIN member m ON m.id = s.member AND m.status = 0
			WHERE s.community = $1 AND s.event = $2 AND s.waits = 1 ORDER BY s.place LIMIT $3`, id, event, limit)
}

// GiveSeat implements community.EventStore.
func (s Events) GiveSeat(ctx context.Context, id, event, member core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE community_seat SET waits = 0 WHERE community = $1 AND event = $2 AND member = $3 AND waits = 1`, id, event, member)
		if err != nil || n == 0 {
			return err
		}
		_, err = q.Run(ctx, `UPDATE community_event SET joined = joined + 1, waiting = waiting - 1 WHERE community = $1 AND id = $2`, id, event)
		return err
	})
}

// Attendees implements community.EventStore.
func (s Events) Attendees(ctx context.Context, id, event core.ID, p core.Page) ([]community.Attendee, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (a community.Attendee, err error) {
		err = r.Scan(append(base.MemberFields(&a.Member), &a.Waits)...)
		a.Member.Photo.Owner = a.Member.ID
		return a, err
	}, `SELECT `+base.MemberColumns+`, s.waits FROM community_seat s JOIN member m ON m.id = s.member`+base.MemberPhoto+
		`WHERE s.community = $1 AND s.event = $2 AND m.status = 0 ORDER BY s.waits, s.place LIMIT $3 OFFSET $4`, id, event, p.Limit(), p.Offset())
}

// PutVacancy implements community.EventStore.
func (s Events) PutVacancy(ctx context.Context, id, event core.ID) error {
	return s.Change(ctx, `INSERT INTO community_vacancy (community, event) VALUES ($1, $2) ON CONFLICT (community, event) DO NOTHING`, id, event)
}

// Vacancies implements community.EventStore.
func (s Events) Vacancies(ctx context.Context, limit int) ([]community.Event, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (e community.Event, err error) { return e, r.Scan(&e.Community, &e.ID) },
		`SELECT community, event FROM community_vacancy ORDER BY community, event LIMIT $1`, limit)
}

// DropVacancy implements community.EventStore.
func (s Events) DropVacancy(ctx context.Context, id, event core.ID) error {
	return s.Change(ctx, `DELETE FROM community_vacancy WHERE community = $1 AND event = $2`, id, event)
}

// eventLine reads a row of a list of events.
func eventLine(mine func(e *community.Event) []any) func(r engine.Scanner) (community.EventLine, error) {
	return func(r engine.Scanner) (l community.EventLine, err error) {
		fields := append(eventFields(&l.Event), &l.Title, &l.CommunityName)
		return l, r.Scan(append(fields, mine(&l.Event)...)...)
	}
}

// AttendedEvents implements community.EventStore.
func (s Events) AttendedEvents(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]community.EventLine, error) {
	return engine.List(ctx, s.On(ctx), eventLine(func(e *community.Event) []any { return []any{&e.Mine} }),
		`SELECT `+eventColumns+`, t.title, c.name, s.waits + 1 FROM community_seat s
			JOIN community_member x ON x.community = s.community AND x.member = s.member AND x.role >= 3
			JOIN community c ON c.id = s.community AND c.deleted_at = 0
			JOIN community_event e ON e.community = s.community AND e.id = s.event JOIN community_thread t ON t.community = e.community AND t.id = e.id AND t.hidden = 0
			WHERE s.member = $1 AND s.day >= $2 AND s.day <= $3 ORDER BY s.day, e.time, e.id LIMIT $4`, member, from, to, limit)
}

// OtherEvents implements community.EventStore: a look into each community that the member is in.
func (s Events) OtherEvents(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]community.EventLine, error) {
	return engine.List(ctx, s.On(ctx), eventLine(func(*community.Event) []any { return nil }),
		`SELECT `+eventColumns+`, t.title, c.name FROM community_member x JOIN community c ON c.id = x.community AND c.deleted_at = 0
			CROSS JOIN community_event e ON e.community = x.community AND e.day >= $2 AND e.day <= $3
			JOIN community_thread t ON t.community = e.community AND t.id = e.id AND t.hidden = 0
			WHERE x.member = $1 AND x.role >= 3 AND NOT EXISTS (SELECT 1 FROM community_seat s WHERE s.community = e.community AND s.event = e.id AND s.member = $1)
			ORDER BY e.day, e.time, e.id LIMIT $4`, member, from, to, limit)
}

// EventsOf implements community.EventStore.
func (s Events) EventsOf(ctx context.Context, id core.ID, from, to core.Day, backwards bool, p core.Page) ([]community.EventLine, error) {
	order := ` ORDER BY e.day, e.time, e.id`
	if backwards {
		order = ` ORDER BY e.day DESC, e.time DESC, e.id DESC`
	}
	return engine.List(ctx, s.On(ctx), eventLine(func(*community.Event) []any { return nil }),
		`SELECT `+eventColumns+`, t.title, c.name FROM community_event e JOIN community c ON c.id = e.community JOIN community_thread t ON t.community = e.community AND t.id = e.id AND t.hidden = 0
			WHERE e.community = $1 AND e.day >= $2 AND e.day <= $3`+order+` LIMIT $4 OFFSET $5`, id, from, to, p.Limit(), p.Offset())
}

// InsertEventWord implements community.EventWordStore.
func (s Events) InsertEventWord(ctx context.Context, w community.EventWord) error {
	return s.Change(ctx, `INSERT INTO community_event_word (community, event, id, author, kind, body, to_waiting, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		w.Community, w.Event, w.ID, w.Author, w.Kind, w.Body, w.ToWaiting, engine.Millis(w.SentAt))
}

const wordColumns = `SELECT w.community, w.event, w.id, w.kind, w.author, coalesce(m.name, ''), w.body, w.to_waiting, w.sent_at, w.after
	FROM community_event_word w LEFT JOIN member m ON m.id = w.author AND m.status = 0`

func wordRow(r engine.Scanner) (w community.EventWord, err error) {
	return w, r.Scan(&w.Community, &w.Event, &w.ID, &w.Kind, &w.Author, &w.AuthorName, &w.Body, &w.ToWaiting, engine.Moment(&w.SentAt), &w.After)
}

// EventWords implements community.EventWordStore.
func (s Events) EventWords(ctx context.Context, id, event core.ID, limit int) ([]community.EventWord, error) {
	return engine.List(ctx, s.On(ctx), wordRow, wordColumns+` WHERE w.community = $1 AND w.event = $2 ORDER BY w.id DESC LIMIT $3`, id, event, limit)
}

// CountEventWords implements community.EventWordStore.
func (s Events) CountEventWords(ctx context.Context, id, event core.ID, since time.Time) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM community_event_word WHERE community = $1 AND event = $2 AND kind = $3 AND sent_at > $4`,
		id, event, community.EventMessage, engine.Millis(since)).Scan(&n)
	return n, err
}

// UntoldWords implements community.EventWordStore.
func (s Events) UntoldWords(ctx context.Context, limit int) ([]community.EventWord, error) {
	return engine.List(ctx, s.On(ctx), wordRow, wordColumns+` WHERE w.told = 0 ORDER BY w.id LIMIT $1`, limit)
}

// SeatsAfter implements community.EventWordStore.
func (s Events) SeatsAfter(ctx context.Context, id, event, after core.ID, limit int) ([]community.Seat, error) {
	return engine.List(ctx, s.On(ctx), seatRow, seatColumns+` WHERE community = $1 AND event = $2 AND place > $3 ORDER BY place LIMIT $4`, id, event, after, limit)
}

// SetTold implements community.EventWordStore.
func (s Events) SetTold(ctx context.Context, w community.EventWord, done bool) error {
	return s.Change(ctx, `UPDATE community_event_word SET after = $4, told = $5 WHERE community = $1 AND event = $2 AND id = $3`, w.Community, w.Event, w.ID, w.After, done)
}
