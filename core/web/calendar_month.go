package web

import (
	"cmp"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/calendar"
)

// Addresses of the calendar.
const (
	calendarPath     = "/calendar"
	planPath         = "/calendar/plan"
	planFilePath     = "/calendar/plan.ics"
	planEditPath     = "/calendar/edit"
	planDeletePath   = "/calendar/delete"
	calendarFeedPath = "/calendar/feed"
)

func planIDPath(id core.ID) string { return planPath + "?id=" + id.String() }

func monthPath(d core.Day) string {
	return calendarPath + "?month=" + d.In(time.UTC).Format(monthForm)
}

// What stands in a calendar.
type calendarKind uint8

const (
	ownPlan calendarKind = iota
	joinedEvent
	otherEvent
	birthday
)

// calendarMarks stand before what a calendar has, and calendarWordsOf say what they mean: emoji of every carrier's first set.
var (
	calendarMarks   = [...]string{ownPlan: "📝", joinedEvent: "🎫", otherEvent: "🚩", birthday: "🎂"}
	calendarWordsOf = [...]string{ownPlan: "calendar.plan", joinedEvent: "calendar.joined", otherEvent: "calendar.event", birthday: "calendar.birthday"}
)

// A calendarItem is what a day of the calendar has.
type calendarItem struct {
	kind  calendarKind
	day   core.Day
	last  core.Day // zero: it has one day
	time  core.Clock
	title string
	path  string
}

// maxMonthItems bounds what a month shows of each kind.
const maxMonthItems = 200

// monthItems collects what the areas have of the days from first to last.
func monthItems(v *visit, first, last core.Day) (items []calendarItem, err error) {
	plans, err := v.site.core.Calendar.Plans(v.ctx, v.member.ID, first, last, maxMonthItems)
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		items = append(items, calendarItem{ownPlan, p.Day, p.Last, p.Time, p.Title, planIDPath(p.ID)})
	}
	days := int(last.In(time.UTC).Sub(first.In(time.UTC))/(24*time.Hour)) + 1
	birthdays, err := v.site.core.People.BirthdaysFrom(v.ctx, v.member.ID, first, days)
	if err != nil {
		return nil, err
	}
	for _, b := range birthdays {
		items = append(items, calendarItem{birthday, birthdayFrom(b.Month, b.Day, first), 0, 0, v.t("calendar.birthdayof", b.Friend.Name), memberPath(b.Friend.ID)})
	}
	return monthEvents(v, items, first, last)
}

// birthdayFrom is the first such birthday from a day on.
func birthdayFrom(month time.Month, day int, from core.Day) core.Day {
	year := int(from) / 10000
	d := core.DayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)) // in other years, February 29 is March 1
	if d < from {
		d = core.DayOf(time.Date(year+1, month, day, 0, 0, 0, 0, time.UTC))
	}
	return d
}

// A monthDay is a day of the calendar with what it has.
type monthDay struct {
	core.Day
	items []calendarItem
}

// month shows a month: what one attends and could attend, birthdays, and one's own dates.
func (v calendarPages) month() error {
	today := v.today()
	first, err := time.ParseInLocation(monthForm, v.query("month"), time.UTC)
	if err != nil || first.Year() < 2000 || first.Year() > 2199 {
		first = (today - today%100 + 1).In(time.UTC)
	}
	p := &calendarPage{frame: frame(v), first: core.DayOf(first), today: today}
	p.last = core.DayOf(first.AddDate(0, 1, -1))
	items, err := monthItems(v.visit, p.first, p.last)
	if err != nil {
		return err
	}
	p.any = len(items) > 0
	p.days = layDays(items, p.first, p.last)
	return v.show(p)
}

// layDays puts items under each of their days, in the order of their times.
func layDays(items []calendarItem, first, last core.Day) (days []monthDay) {
	for d := first; d <= last; d = d.Add(1) {
		day := monthDay{Day: d}
		for _, i := range items {
			if i.day <= d && d <= max(i.day, i.last) {
				day.items = append(day.items, i)
			}
		}
		slices.SortStableFunc(day.items, func(a, b calendarItem) int {
			return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(b.kind, a.kind))
		})
		days = append(days, day)
	}
	return days
}

// weekday is the number of a day in its week, 0 for Sunday.
func weekday(d core.Day) int { return int(d.In(time.UTC).Weekday()) }

// weekdayOf is a day with the year, and which of the week it is.
func weekdayOf(v *visit, d core.Day) string {
	return d.In(time.UTC).Format(v.t("date.day")) + "(" + v.t("date.weekday"+string(rune('0'+weekday(d)))) + ")"
}

// planWhen says when a plan is.
func planWhen(v *visit, p calendar.Plan) string {
	s := weekdayOf(v, p.Day)
	if p.Last != 0 {
		s += " - " + weekdayOf(v, p.Last)
	}
	if p.Time != 0 {
		s += " " + p.Time.String()
	}
	return s
}

// dayValue is a day as the field of a form has it: browsers take this form for a date, handsets have digits.
func dayValue(v *visit, d core.Day) string {
	if v.forPC() {
		return d.String()
	}
	return d.Digits()
}

// clockValue is the same for a time of day.
func clockValue(v *visit, c core.Clock) string {
	s := c.String()
	if s == "" || v.forPC() {
		return s
	}
	return s[:2] + s[3:]
}

// formDay reads a day from a form. An empty field is no day; what cannot be read is added to what is wrong.
func (v *visit) formDay(name string, w *wrong) core.Day {
	return readField(v.form.get(name), name, "field.day", w, core.ReadDay)
}

// formClock does the same for a time of day.
func (v *visit) formClock(name string, w *wrong) core.Clock {
	return readField(v.form.get(name), name, "field.time", w, core.ReadClock)
}

func readField[T any](typed, name, problem string, w *wrong, read func(string) (T, bool)) (value T) {
	typed = core.Clean(typed, core.OneLine)
	if typed == "" {
		return value
	}
	got, ok := read(typed)
	if !ok {
		*w = append(*w, core.FieldError{Field: name, Key: problem})
		return value
	}
	return got
}

// withWrong adds what a service finds to what could not be read: for each field the first is said.
func withWrong(w wrong, err error) wrong {
	more, _ := invalid(err)
	for _, f := range more {
		if !slices.ContainsFunc(w, func(known core.FieldError) bool { return known.Field == f.Field }) {
			w = append(w, f)
		}
	}
	return w
}
