package music

import (
	"time"

	"musubi/core"
)

// Tokyo is where days and weeks of the charts begin, whatever the pages' zone is. There is no summer time.
var Tokyo = core.Tokyo

// A Period is what plays are counted for: all time, a day (00:00 to 24:00 in Tokyo) or a week (Monday to Sunday). The numbers
// are stored.
type Period int64

// FirstWeek is before every week and after every day.
const FirstWeek = weekPeriod

// AllTime counts every play.
const AllTime Period = 0

const (
	dayPeriod  Period = 1_000_000 // + days since 1970 in Tokyo
	weekPeriod Period = 2_000_000 // + the same of its Monday

	// closing is how long after its end a chart still counts: players that were away for the evening have told us by then. What
	// comes later is on the member's page only, and the chart stays as it was published.
	closing = 5 * time.Hour

	day = 24 * time.Hour
)

func dayNumber(t time.Time) int64 { return (t.Unix() + 9*60*60) / (24 * 60 * 60) }

// DayOf is the day that has t.
func DayOf(t time.Time) Period { return dayPeriod + Period(dayNumber(t)) }

// WeekOf is the week that has t.
func WeekOf(t time.Time) Period {
	n := dayNumber(t)
	return weekPeriod + Period(n-(n+3)%7) // 1970-01-01 was a Thursday
}

// IsWeek says whether it is a week; otherwise it is a day, or AllTime.
func (p Period) IsWeek() bool { return p >= weekPeriod }

// Start is its first moment.
func (p Period) Start() time.Time {
	n := int64(p - dayPeriod)
	if p.IsWeek() {
		n = int64(p - weekPeriod)
	}
	return time.Unix(n*24*60*60-9*60*60, 0).In(Tokyo)
}

// End is the first moment after it.
func (p Period) End() time.Time {
	if p.IsWeek() {
		return p.Start().Add(7 * day)
	}
	return p.Start().Add(day)
}

// Before is the period before it.
func (p Period) Before() Period {
	if p.IsWeek() {
		return p - 7
	}
	return p - 1
}

// Open says whether a play that comes in now still moves its chart.
func (p Period) Open(now time.Time) bool { return now.Before(p.End().Add(closing)) }

// OpenCharts lists the charts that still move: today's and this week's, and for some hours after midnight those before.
func OpenCharts(now time.Time) (all []Period) {
	for _, p := range [...]Period{DayOf(now), WeekOf(now)} {
		all = append(all, p)
		if p.Before().Open(now) {
			all = append(all, p.Before())
		}
	}
	return all
}

// counted are the charts that a play moves which began at a time and came in at another.
func counted(at, received time.Time) (all []Period) {
	for _, p := range [...]Period{DayOf(at), WeekOf(at)} {
		if p.Open(received) {
			all = append(all, p)
		}
	}
	return all
}
