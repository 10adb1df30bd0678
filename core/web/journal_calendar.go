package web

import (
	"time"

	"musubi/core"
	"musubi/core/journal"
)

// monthForm is a month in an address.
const monthForm = "2006-01"

// A month is a calendar page of a member's entries.
type month struct {
	owner core.ID
	first time.Time    // its first day, in the service's zone
	wrote map[int]bool // days with entries that the visitor may see
	today int          // the day, 0 in another month
}

// maxMonthLines bounds the entries that a calendar looks at; further ones of a very busy month leave no mark.
const maxMonthLines = 200

// readMonth reads the month of the address, the present one when there is none or it makes no sense.
func (v journalPages) readMonth(owner core.ID) (month, error) {
	now := v.site.core.Now().In(zoneHere(v.visit))
	first, err := time.ParseInLocation(monthForm, v.query("month"), zoneHere(v.visit))
	if err != nil || first.Year() < 2000 || first.After(now) {
		first = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zoneHere(v.visit))
	}
	m := month{owner: owner, first: first, wrote: map[int]bool{}}
	if first.Year() == now.Year() && first.Month() == now.Month() {
		m.today = now.Day()
	}
	lines, _, err := v.site.core.Journal.Diaries(v.ctx, v.viewer(), owner, journal.DiaryFilter{From: first, To: m.next()}, core.Page{Number: 1, Size: maxMonthLines})
	for _, l := range lines {
		m.wrote[l.CreatedAt.In(zoneHere(v.visit)).Day()] = true
	}
	return m, err
}

func (m month) next() time.Time     { return m.first.AddDate(0, 1, 0) }
func (m month) previous() time.Time { return m.first.AddDate(0, -1, 0) }

// path is the list of the month that t lies in.
func (m month) path(t time.Time) string {
	return diaryListPath(m.owner) + "&month=" + t.Format(monthForm)
}

// weeks gives the days of the calendar, Sunday first; 0 stands for a day of another month.
func (m month) weeks() (weeks [][7]int) {
	var week [7]int
	for d := m.first; d.Month() == m.first.Month(); d = d.AddDate(0, 0, 1) {
		week[d.Weekday()] = d.Day()
		if d.Weekday() == time.Saturday {
			weeks, week = append(weeks, week), [7]int{}
		}
	}
	if week != [7]int{} {
		weeks = append(weeks, week)
	}
	return weeks
}
