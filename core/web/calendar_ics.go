package web

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"musubi/core"
	"musubi/core/calendar"
)

// Calendars as programs read them (RFC 5545). Times are in UTC, which every program understands without a zone of ours; days have
// none.

// What a feed has: days gone by, days to come, and things of each kind.
const (
	feedBack  = 31
	feedAhead = 366
	maxFeed   = 1000
)

// An entry is a VEVENT.
type calendarEntry struct {
	uid                string
	title, text, place string
	day, last          core.Day
	time               core.Clock
	zone               *time.Location // of day and time
	made, changed      time.Time
	edition            int
	cancelled          bool
	yearly             bool
	path               string // of its page
}

// planEntry is one of one's own dates, in the time in which the member reads and wrote it.
func planEntry(v *visit, p calendar.Plan) calendarEntry {
	return calendarEntry{zone: zoneHere(v), uid: "plan-" + p.ID.String(), title: p.Title, text: p.Note, day: p.Day, last: p.Last, time: p.Time, made: p.CreatedAt, changed: p.UpdatedAt,
		edition: p.Edition, path: planIDPath(p.ID)}
}

// newCalendar begins a calendar.
func (s *Site) newCalendar(name string) *ics.Calendar {
	c := ics.NewCalendarFor("musubi")
	c.SetProductId("-//musubi//musubi//JA")
	c.SetCalscale("GREGORIAN")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(name)
	c.SetRefreshInterval("PT6H") // writes VALUE=DURATION itself
	c.SetXPublishedTTL("PT6H")
	return c
}

// add puts an entry into a calendar.
func (s *Site) add(c *ics.Calendar, n calendarEntry) {
	host := strings.TrimPrefix(strings.TrimPrefix(s.link(""), "https://"), "http://")
	e := c.AddEvent(n.uid + "@" + host)
	e.SetDtStampTime(n.changed)
	e.SetCreatedTime(n.made)
	e.SetModifiedAt(n.changed)
	e.SetSequence(n.edition)
	e.SetSummary(n.title)
	if n.text != "" {
		e.SetDescription(n.text)
	}
	if n.place != "" {
		e.SetLocation(n.place)
	}
	if n.path != "" {
		e.SetURL(s.link(n.path))
	}
	switch {
	case n.time == 0:
		e.SetAllDayStartAt(n.day.In(time.UTC))
		e.SetAllDayEndAt(max(n.day, n.last).Add(1).In(time.UTC)) // the day after the last
	case n.last != 0:
		e.SetStartAt(n.time.On(n.day, n.zone))
		e.SetEndAt(n.last.Add(1).In(n.zone))
	default:
		e.SetStartAt(n.time.On(n.day, n.zone))
	}
	if n.yearly {
		e.AddRrule("FREQ=YEARLY")
		e.SetTimeTransparency(ics.TransparencyTransparent)
	}
	if n.cancelled {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
}

// sendCalendar answers with a calendar. Lines end as the standard says, whatever the machine.
func sendCalendar(v *visit, c *ics.Calendar, file string) error {
	v.ctx.Response.Header.Set("Content-Disposition", `attachment; filename="`+file+`.ics"`)
	return sendTagged(v, []byte(c.Serialize(ics.WithNewLineWindows)), "text/calendar; charset=utf-8")
}

// sendEntry answers with a calendar of one entry.
func sendEntry(v *visit, n calendarEntry) error {
	c := v.site.newCalendar(n.title)
	v.site.add(c, n)
	return sendCalendar(v, c, n.uid)
}

// planFile is one of one's own dates for a calendar program.
func (v calendarPages) planFile() error {
	p, err := v.ownPlanOf()
	if err != nil {
		return err
	}
	return sendEntry(v.visit, planEntry(v.visit, p))
}

// feedEntries is what the member's calendar has; made is when its address was, so that nothing in it changes by itself.
func feedEntries(v *visit, made time.Time) (entries []calendarEntry, err error) {
	today := v.today()
	if entries, err = feedEvents(v, today); err != nil {
		return nil, err
	}
	plans, err := v.site.core.Calendar.Plans(v.ctx, v.member.ID, today.Add(-feedBack), today.Add(feedAhead), maxFeed)
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		entries = append(entries, planEntry(v, p))
	}
	birthdays, err := v.site.core.People.BirthdaysFrom(v.ctx, v.member.ID, today, feedAhead)
	if err != nil {
		return nil, err
	}
	seen := map[core.ID]bool{} // a year and a day has some of them twice
	for _, b := range birthdays {
		if !seen[b.Friend.ID] {
			seen[b.Friend.ID] = true
			entries = append(entries, calendarEntry{uid: "birthday-" + b.Friend.ID.String(), title: v.t("calendar.birthdayof", b.Friend.Name),
				day: birthdayFrom(b.Month, b.Day, today), made: made, changed: made, yearly: true, path: memberPath(b.Friend.ID)})
		}
	}
	return entries, nil
}
