package music

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/shop"
)

// Sizes of charts.
const (
	ChartRows = 100 // of a chart, also as it is kept
	// MinListeners is from how many members on a track is named: one would name its listener to friends.
	MinListeners = 2
	// MaxArchive is how many months back the archive is offered.
	MaxArchive = 120
)

// A Row is a place in a chart.
type Row struct {
	Place     int // tracks with as many listeners share one: 1, 2, 2, 4
	Track     Track
	Listeners int // members who publish their plays and heard it, each once
	Plays     int
}

// A Chart is the tracks that most members heard in a period: by listeners, then plays, then the older entry.
type Chart struct {
	Period Period
	Genre  Genre
	Rows   []Row
	Final  bool // nothing moves it any more
}

// ChartStore keeps charts.
type ChartStore interface {
	// Counted lists the tracks of a period from MinListeners on, in the order of a chart, of all genres or one.
	Counted(ctx context.Context, p Period, genre Genre, limit int) ([]Row, error)
	// Kept lists a chart as it was kept.
	Kept(ctx context.Context, p Period, genre Genre) ([]Row, error)
	// IsKept says whether the charts of a period have been kept.
	IsKept(ctx context.Context, p Period) (bool, error)
	// Keep keeps the charts of a period, of all genres and each, as counted now.
	Keep(ctx context.Context, p Period, limit int) error
	// KeptPeriods lists the days, or the weeks, whose charts were kept between two periods, newest first.
	KeptPeriods(ctx context.Context, from, to Period) ([]Period, error)
	// Uncounted lists the periods before p of days and of weeks that still have counters and are not kept.
	Unkept(ctx context.Context, day, week Period) ([]Period, error)
	// Clear removes up to limit counters of a period that is kept, and says how many.
	Clear(ctx context.Context, p Period, limit int) (int, error)
	// Cleared lists periods that are kept and have counters.
	Uncleared(ctx context.Context) ([]Period, error)
	// Popular lists the tracks of a period that most members heard, with their album.
	Featured(ctx context.Context) ([]FeaturedAlbum, error)
	// Click counts that somebody followed a link to a shop.
	Click(ctx context.Context, day Period, shop string, track core.ID) error
	// Clicks lists what was counted from a day on.
	Clicks(ctx context.Context, from Period) ([]shop.Clicks, error)
}

// Today, this week, yesterday and last week, as of now.
func (s *Service) Today() Period     { return DayOf(s.Now()) }
func (s *Service) ThisWeek() Period  { return WeekOf(s.Now()) }
func (s *Service) Yesterday() Period { return s.Today().Before() }
func (s *Service) LastWeek() Period  { return s.ThisWeek().Before() }

// Chart gives the chart of a day or week, as far as it has been counted. Of a period to come there is none.
func (s *Service) Chart(ctx context.Context, p Period, genre Genre) (Chart, error) {
	c := Chart{Period: p, Genre: genre, Final: !p.Open(s.Now())}
	if p.Start().After(s.Now()) || !genre.valid() {
		return c, core.ErrNotFound
	}
	kept, err := s.store.IsKept(ctx, p)
	if err != nil {
		return c, err
	}
	if kept {
		c.Rows, err = s.store.Kept(ctx, p, genre)
	} else {
		c.Rows, err = s.store.Counted(ctx, p, genre, ChartRows)
	}
	place(c.Rows)
	return c, err
}

// place gives rows in the order of a chart their places.
func place(rows []Row) {
	for i := range rows {
		rows[i].Place = i + 1
		if i > 0 && rows[i].Listeners == rows[i-1].Listeners {
			rows[i].Place = rows[i-1].Place
		}
	}
}

// Archive lists the days of a month whose charts were kept, newest first. at is any moment of the month.
func (s *Service) Archive(ctx context.Context, at time.Time) ([]Period, error) {
	at = at.In(Tokyo)
	first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, Tokyo)
	return s.store.KeptPeriods(ctx, DayOf(first), DayOf(first.AddDate(0, 1, 0)).Before())
}

// Months lists the months that have charts, newest first.
func (s *Service) Months(ctx context.Context) (months []time.Time, err error) {
	days, err := s.store.KeptPeriods(ctx, dayPeriod, s.Today())
	for _, d := range days {
		at := d.Start()
		first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, Tokyo)
		if (len(months) == 0 || !months[len(months)-1].Equal(first)) && len(months) < MaxArchive {
			months = append(months, first)
		}
	}
	return months, err
}

// cleared is how many counters go at once.
const cleared = 2000

// Sweep keeps the charts that nothing moves any more, and lets their counters go. Chart gives the same before and after: it is
// the clock that closes a chart, so a process that was away at five misses nothing.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now()
	day, week := DayOf(now), WeekOf(now)
	for day.Before().Open(now) {
		day = day.Before()
	}
	for week.Before().Open(now) {
		week = week.Before()
	}
	closed, err := s.store.Unkept(ctx, day, week)
	if err != nil {
		return err
	}
	for _, p := range closed {
		if err := s.store.Keep(ctx, p, ChartRows); err != nil {
			return err
		}
	}
	kept, err := s.store.Uncleared(ctx)
	if err != nil {
		return err
	}
	for _, p := range kept {
		for n := cleared; n == cleared && ctx.Err() == nil; {
			if n, err = s.store.Clear(ctx, p, cleared); err != nil {
				return err
			}
		}
	}
	return nil
}
