// Package figures counts what a company wants to know of its network: page views on PC and mobile, who comes every day, and tables of
// members by age, sex, place and work, month by month in Tokyo. A month that is over is written down once and never counted again.
// Start reading at View; the tables are in tables.go.
package figures

import (
	"context"
	"sync"
	"time"

	"musubi/core"
)

// Tokyo is where days and months begin.
var Tokyo = core.Tokyo

// Service counts. Safe for concurrent use.
type Service struct {
	*core.Desk
	store Store

	mu      sync.Mutex
	waiting batch
	flushed time.Time // the views of days
	written time.Time // what members did
}

// Store is what figures need of the database.
type Store struct {
	core.Store
	ViewStore
	FigureStore
}

// New returns the service.
func New(desk *core.Desk, store Store) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store}
}

// A Day is a day in Tokyo, as 20070131; a Month as 200701.
type (
	Day   int
	Month int
)

// DayOf is the day of a time.
func DayOf(t time.Time) Day {
	y, m, d := t.In(Tokyo).Date()
	return Day(y*10000 + int(m)*100 + d)
}

// MonthOf is the month of a time.
func MonthOf(t time.Time) Month {
	y, m, _ := t.In(Tokyo).Date()
	return Month(y*100 + int(m))
}

// Days are the first day of a month and that of the next.
func (m Month) Days() (from, to Day) { return Day(m)*100 + 1, Day(m.Next())*100 + 1 }

// Next is the month after.
func (m Month) Next() Month {
	if m%100 == 12 {
		return m + 89
	}
	return m + 1
}

// Begin is its first instant.
func (m Month) Begin() time.Time {
	return time.Date(int(m)/100, time.Month(m%100), 1, 0, 0, 0, 0, Tokyo)
}

// Views are page views of one day: of all on one kind of screen, or of one member.
type (
	Views struct {
		Day     Day
		Mobile  bool
		Carrier string
		N       int64
	}
	MemberViews struct {
		Day         Day
		Member      core.ID
		PC, Mobile  int64
		Seconds     int64     // between views that follow each other within MaxGap, in this batch
		First, Last time.Time // in this batch
	}
)

// MaxGap is the longest pause between two views of a member that counts as time spent here.
const MaxGap = 30 * time.Minute

// ViewStore keeps page views.
type ViewStore interface {
	// AddViews adds counts, each to the row of the same key; the gap between a member's Last in the database and First counts as
	// Seconds when it is MaxGap at most.
	AddViews(ctx context.Context, days []Views, members []MemberViews) error
	// ViewsBetween sums the views of days from a first one until before another.
	ViewsBetween(ctx context.Context, from, to Day) ([]Views, error)
	// DailyUse sums what members did on days in that range.
	DailyUse(ctx context.Context, from, to Day) (Daily, error)
}

// Daily is the use of some days.
type Daily struct {
	Days               int64 // with any view
	Visits             int64 // members, counted on each day
	PC, Mobile, Second int64
}

// A batch is what waits to be stored.
type batch struct {
	days    map[Views]int64 // by the key, with N 0
	members map[memberDay]*MemberViews
}

type memberDay struct {
	day    Day
	member core.ID
}

// View counts a page that a member was shown. It waits for nothing.
func (s *Service) View(member core.ID, mobile bool, carrier string) {
	now := s.Now()
	day := DayOf(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting.days == nil {
		s.waiting.days = map[Views]int64{}
	}
	if s.waiting.members == nil {
		s.waiting.members = map[memberDay]*MemberViews{}
	}
	s.waiting.days[Views{Day: day, Mobile: mobile, Carrier: carrier}]++
	k := memberDay{day, member}
	m := s.waiting.members[k]
	if m == nil {
		m = &MemberViews{Day: day, Member: member, First: now, Last: now}
		s.waiting.members[k] = m
	}
	if gap := now.Sub(m.Last); gap > 0 && gap <= MaxGap {
		m.Seconds += int64(gap / time.Second)
	}
	m.Last = now
	if mobile {
		m.Mobile++
	} else {
		m.PC++
	}
}

// How long counts wait in memory: a killed process loses so much, and another one's figures are so old. What a member does is a row, a
// twentieth of what a page costs: it waits until there are more pages to a row, as nobody asks for it within the minute.
const (
	flushEvery = 5 * time.Second
	writeEvery = 2 * time.Minute
	writeAt    = 1 << 16 // members, of 100 bytes
	writeBite  = 256     // rows in one transaction
)

// Flush stores what waits when it is time; at the end of the process at once.
func (s *Service) Flush(ctx context.Context, now bool) error {
	var b batch
	at := s.Now()
	s.mu.Lock()
	if now || at.Sub(s.flushed) >= flushEvery {
		b.days, s.waiting.days, s.flushed = s.waiting.days, nil, at
	}
	if now || at.Sub(s.written) >= writeEvery || len(s.waiting.members) >= writeAt {
		b.members, s.waiting.members, s.written = s.waiting.members, nil, at
	}
	s.mu.Unlock()
	if len(b.days) == 0 && len(b.members) == 0 {
		return nil
	}
	return s.save(ctx, b)
}

// save stores a batch, some rows in each transaction.
func (s *Service) save(ctx context.Context, b batch) error {
	var days []Views
	for k, n := range b.days {
		k.N = n
		days = append(days, k)
	}
	var members []MemberViews
	for _, m := range b.members {
		if members = append(members, *m); len(members) == writeBite {
			if err := s.store.AddViews(ctx, nil, members); err != nil {
				return err
			}
			members = members[:0]
		}
	}
	return s.store.AddViews(ctx, days, members)
}

// unsaved are the views of a month that wait.
func (s *Service) unsaved(m Month) (pc, mobile int64) {
	from, to := m.Days()
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, n := range s.waiting.days {
		if k.Day < from || k.Day >= to {
			continue
		}
		if k.Mobile {
			mobile += n
		} else {
			pc += n
		}
	}
	return pc, mobile
}
