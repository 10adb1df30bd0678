package core

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// A Day is a date of the calendar without a zone, year * 10000 + month * 100 + day, so that days sort as numbers. Zero: none.
type Day int64

// DayOf is the date that the clocks of t's zone show.
func DayOf(t time.Time) Day { return Day(t.Year()*10000 + int(t.Month())*100 + t.Day()) }

// ReadDay is ReadDate as a Day.
func ReadDay(s string) (Day, bool) {
	t, ok := ReadDate(s)
	if !ok {
		return 0, false
	}
	return DayOf(t), true
}

// In is the beginning of the day in a zone.
func (d Day) In(zone *time.Location) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, zone)
}

// Add is the day n days later.
func (d Day) Add(n int) Day { return DayOf(d.In(time.UTC).AddDate(0, 0, n)) }

// String writes the day as 2007-04-01, "" for none.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.In(time.UTC).Format(time.DateOnly)
}

// Digits writes the day as forms on handsets ask for it, 20070401, "" for none.
func (d Day) Digits() string {
	if d == 0 {
		return ""
	}
	return strconv.Itoa(int(d))
}

// A Clock is a time of a day, 1 for midnight and one more for each minute. Zero: none.
type Clock int64

// ClockAt is the time of day hour:minute.
func ClockAt(hour, minute int) Clock { return Clock(hour*60 + minute + 1) }

// ReadClock reads a time of day as people type it, 930, 1930, 19:30, 19時30分, 19時, in digits of either width.
func ReadClock(s string) (Clock, bool) {
	parts := numbers(strings.ReplaceAll(s, "半", "30"))
	switch {
	case len(parts) == 1 && (len(parts[0]) == 3 || len(parts[0]) == 4):
		p := parts[0]
		parts = []string{p[:len(p)-2], p[len(p)-2:]}
	case len(parts) == 1 && len(parts[0]) < 3:
		parts = append(parts, "0")
	}
	if len(parts) < 2 || len(parts) > 3 { // a browser may send seconds
		return 0, false
	}
	hour, err := strconv.Atoi(parts[0])
	minute, wrong := strconv.Atoi(parts[1])
	if err != nil || wrong != nil || hour > 23 || minute > 59 {
		return 0, false
	}
	return ClockAt(hour, minute), true
}

// On is that time of a day in a zone; for no time the beginning of the day.
func (c Clock) On(d Day, zone *time.Location) time.Time {
	begin := d.In(zone)
	if c == 0 {
		return begin
	}
	return time.Date(begin.Year(), begin.Month(), begin.Day(), 0, int(c)-1, 0, 0, zone)
}

// String writes the time as 19:30, "" for none.
func (c Clock) String() string {
	if c == 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", (c-1)/60, (c-1)%60)
}

// numbers are the runs of digits in what people type.
func numbers(s string) []string {
	return strings.FieldsFunc(norm.NFKC.String(s), func(r rune) bool { return r < '0' || r > '9' })
}

// ReadDate reads a date as people type it, 19850303, 1985/3/3, 1985-03-03, 1985年3月3日, in digits of either width. Dates
// that do not exist or are before 1900 are none.
func ReadDate(s string) (time.Time, bool) {
	parts := numbers(s)
	if len(parts) == 1 && len(parts[0]) == 8 {
		p := parts[0]
		parts = []string{p[:4], p[4:6], p[6:]}
	}
	if len(parts) != 3 {
		return time.Time{}, false
	}
	var n [3]int
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil {
			return time.Time{}, false
		}
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	return t, n[0] >= 1900 && t.Year() == n[0] && int(t.Month()) == n[1] && t.Day() == n[2]
}
