package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/community"
)

// Addresses of events.
const (
	eventsPath       = "/community/events"
	eventWritePath   = "/community/event/write"
	eventAttendPath  = "/community/event/attend"
	eventMembersPath = "/community/event/members"
	eventTellPath    = "/community/event/tell"
	eventFilePath    = "/community/event.ics"
)

// Rows of lists: a handset has as many without pictures.
const (
	attendeeRows = 20
	eventRows    = 20
)

// threadSub is a page about a thread.
func threadSub(path string, of, id core.ID) string {
	return path + "?community=" + of.String() + "&id=" + id.String()
}

// today is the day where the service is.
func (v *visit) today() core.Day { return core.DayOf(v.site.core.Now().In(v.site.zone)) }

// threadOf reads from the address which thread it is about. News knows its ID alone.
func threadOf(v *visit) (of, id core.ID, err error) {
	if id, err = v.id("id"); err != nil {
		return 0, 0, err
	}
	if of, known := core.ParseID(v.query("community")); known {
		return of, id, nil
	}
	t, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), id)
	return t.Community, id, err
}

// event shows an event.
func (v eventPages) event() error {
	of, id, err := threadOf(v.visit)
	if err != nil {
		return err
	}
	return v.showEvent(of, id, community.NewComment{}, nil)
}

// showEvent is the page of an event; typed and wrong are those of a comment that was not sent yet, or of a press that was refused.
func (v eventPages) showEvent(of, id core.ID, typed community.NewComment, w wrong) error {
	c, t, err := v.openThread(of, id, community.EventThread)
	if err != nil {
		return err
	}
	p := &eventPage{frame: frame(v), today: v.today()}
	if typed.Body == "" && w.of(v.visit, "") != "" { // it belongs to the button
		p.refused, w = w, nil
	}
	if p.event, err = v.site.core.Community.EventOf(v.ctx, &c, &t); err != nil {
		return err
	}
	if p.event.Mine != community.NotAttending {
		if err := v.looked(community.PlaceNews, 0, id); err != nil {
			return err
		}
		if err := v.looked(community.EventNews, 0, id); err != nil {
			return err
		}
	}
	if p.words, err = v.site.core.Community.EventWords(v.ctx, &c, &t, &p.event); err != nil {
		return err
	}
	if p.board, err = v.board(c, t, typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// events lists the events of a community: those to come, the next first, or (past) those that have been.
func (v eventPages) events() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p := &eventsPage{frame: frame(v), page: v.page(eventRows), past: v.query("past") != "", today: v.today()}
	if p.seen, err = v.site.core.Community.Read(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.EventsOf(v.ctx, &p.seen, p.today, p.past, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// attendees lists who has a place, then who waits.
func (v eventPages) attendees() error {
	of, id, err := threadOf(v.visit)
	if err != nil {
		return err
	}
	p := &attendeesPage{frame: frame(v), page: v.page(attendeeRows)}
	if p.seen, p.thread, p.event, err = v.site.core.Community.Event(v.ctx, v.viewer(), of, id); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.Attendees(v.ctx, &p.seen, &p.thread, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// attend takes a place or waits for one; cancel gives it up.
func (v eventPages) attend() error {
	of, id, err := topicPages(v).formThread()
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showEvent(of, id, community.NewComment{}, w) }, func(ctx context.Context) (string, error) {
		to := threadIDPath(community.EventThread, of, id)
		if v.form.pressed("cancel") {
			return to, v.site.core.Community.CancelAttendance(ctx, v.viewer(), of, id, v.today())
		}
		_, err := v.site.core.Community.Attend(ctx, v.viewer(), of, id, v.today())
		return to, err
	})
}

// An eventDraft is an event on its way through form and preview, as it was typed; id is 0 for a new one.
type eventDraft struct {
	of, id core.ID
	community.NewThread
	event                         community.NewEvent
	day, time, deadline, capacity string
}

// eventForm is the form of a new event, or of one's own.
func (v eventPages) eventForm() error {
	of, err := v.id("community")
	if err != nil {
		return err
	}
	d := eventDraft{of: of}
	if id, ok := core.ParseID(v.query("id")); ok {
		c, t, e, err := v.site.core.Community.Event(v.ctx, v.viewer(), of, id)
		if err == nil && !c.MayEdit(&t) {
			err = core.ErrNotFound
		}
		if err != nil {
			return err
		}
		d.id, d.Title, d.Body, d.event = id, t.Title, t.Body, e.NewEvent
		for _, p := range t.Photos {
			d.Photos = append(d.Photos, p.ID)
		}
	}
	d.day, d.time, d.deadline = dayValue(v.visit, d.event.Day), clockValue(v.visit, d.event.Time), dayValue(v.visit, d.event.Deadline)
	if d.event.Capacity > 0 {
		d.capacity = strconv.Itoa(d.event.Capacity)
	}
	return v.showForm(d, nil)
}

// mayOpen gives the community of a draft when the viewer may open threads there, or, when there is one already, read it.
func mayOpen(v *visit, of, id core.ID) (community.Seen, error) {
	c, err := v.site.core.Community.Read(v.ctx, v.viewer(), of)
	if err == nil && !c.MayOpenTopics() && id == 0 {
		err = v.site.core.Community.WhyNot(&c)
	}
	return c, err
}

func (v eventPages) showForm(d eventDraft, w wrong) error {
	c, err := mayOpen(v.visit, d.of, d.id)
	if err != nil {
		return err
	}
	p := &eventFormPage{frame: frame(v), seen: c, draft: d, wrong: w}
	if p.photos, err = v.ownPhotos(d.Photos); err != nil {
		return err
	}
	return v.show(p)
}

// readEvent reads an event from the form, and what is wrong with it.
func (v eventPages) readEvent() (d eventDraft, w wrong, err error) {
	get := v.form.get
	d = eventDraft{NewThread: community.NewThread{Kind: community.EventThread, Title: get("title"), Body: get("body")},
		day: get("day"), time: get("time"), deadline: get("deadline"), capacity: get("capacity")}
	if d.of, err = v.formID("community"); err != nil {
		return d, nil, err
	}
	d.id, _ = core.ParseID(get("event"))
	if d.Photos, w, err = v.readPhotos(community.MaxPhotos); err != nil {
		return d, nil, err
	}
	prefecture, _ := strconv.Atoi(get("prefecture"))
	d.event = community.NewEvent{Day: v.formDay("day", &w), Time: v.formClock("time", &w), Words: get("words"), Prefecture: prefecture, Place: get("place"),
		Deadline: v.formDay("deadline", &w), Capacity: readField(d.capacity, "capacity", "field.number", &w, readCount)}
	if d.event.Capacity < 1 && core.Clean(d.capacity, core.OneLine) != "" && w.of(v.visit, "capacity") == "" { // none is an empty field
		w = append(w, core.FieldError{Field: "capacity", Key: "field.capacity", N: community.MaxAttendees})
	}
	if v.form.pressed("edit") {
		return d, w, nil
	}
	earliest := v.today()
	if d.id != 0 {
		earliest = 0 // it may have been; the service knows
	}
	w = withWrong(w, community.CheckThread(&d.NewThread))
	return d, withWrong(w, community.CheckEvent(&d.event, earliest, earliest, v.today())), nil
}

// readCount reads how many, as people type it: 30, ３０人.
func readCount(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimRight(core.Fold(s), " 人名"))
	return n, err == nil
}

// write takes the form on its way: 確認 shows a preview, 修正する goes back to the form, 送信 sends.
func (v eventPages) write() error {
	d, w, err := v.readEvent()
	if err != nil {
		return err
	}
	if len(w) > 0 || v.form.pressed("edit") {
		return v.showForm(d, w)
	}
	if !v.form.pressed("send") {
		return v.preview(d)
	}
	return v.onceOr(func(w wrong) error { return v.showForm(d, w) }, func(ctx context.Context) (string, error) {
		if d.id != 0 {
			return threadIDPath(d.Kind, d.of, d.id), v.site.core.Community.EditEvent(ctx, v.viewer(), d.of, d.id, d.NewThread, d.event, v.today())
		}
		t, err := v.site.core.Community.OpenEvent(ctx, v.viewer(), d.of, d.NewThread, d.event, v.today())
		return communityThreadPath(&t), err
	})
}

func (v eventPages) preview(d eventDraft) error {
	c, err := mayOpen(v.visit, d.of, d.id)
	if err != nil {
		return err
	}
	photos, err := v.ownPhotos(d.Photos)
	if err != nil {
		return err
	}
	return v.show(&eventPreviewPage{frame(v), c, d, photos})
}

// tellForm is the form in which the planner writes to those who attend.
func (v eventPages) tellForm() error {
	of, id, err := threadOf(v.visit)
	if err != nil {
		return err
	}
	return v.showTell(of, id, nil)
}

func (v eventPages) showTell(of, id core.ID, w wrong) error {
	c, t, e, err := v.site.core.Community.Event(v.ctx, v.viewer(), of, id)
	if err == nil && !c.MayTell(&t) {
		err = core.ErrNotFound
	}
	if err != nil {
		return err
	}
	return v.show(&eventTellPage{frame(v), c, t, e, v.form.get("body"), v.form.pressed("waiting"), v.form.pressed("off"), w})
}

// tell sends it, calls the event off, or takes that back.
func (v eventPages) tell() error {
	of, id, err := topicPages(v).formThread()
	if err != nil {
		return err
	}
	again := func(w wrong) error { return v.showTell(of, id, w) }
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		to, body := threadIDPath(community.EventThread, of, id), v.form.get("body")
		switch {
		case v.form.pressed("undo"):
			return to, v.site.core.Community.CallOff(ctx, v.viewer(), of, id, "", false)
		case v.form.pressed("off"):
			return to, v.site.core.Community.CallOff(ctx, v.viewer(), of, id, body, true)
		}
		return to, v.site.core.Community.WriteToAttendees(ctx, v.viewer(), of, id, body, v.form.pressed("waiting"))
	})
}

// file is the event for a calendar program.
func (v eventPages) file() error {
	of, id, err := threadOf(v.visit)
	if err != nil {
		return err
	}
	_, t, e, err := v.site.core.Community.Event(v.ctx, v.viewer(), of, id)
	if err != nil {
		return err
	}
	n := eventEntry(v.visit, community.EventLine{Event: e, Title: t.Title})
	n.text, n.made = t.Body, t.CreatedAt
	return sendEntry(v.visit, n)
}

// eventEntry is an event as calendar programs read it.
func eventEntry(v *visit, l community.EventLine) calendarEntry {
	return calendarEntry{zone: v.site.zone, uid: "event-" + l.ID.String(), title: l.Title, text: l.Words, place: eventPlace(v, &l.NewEvent), day: l.Day, time: l.Time, made: l.ID.Time(), changed: l.ChangedAt,
		edition: l.Edition, cancelled: !l.CancelledAt.IsZero(), path: threadIDPath(community.EventThread, l.Community, l.ID)}
}

// eventPlace is where an event is.
func eventPlace(v *visit, e *community.NewEvent) string {
	place := e.Place
	if e.Prefecture > 0 && e.Prefecture <= len(core.Prefectures) {
		place = strings.TrimSpace(v.t("choice."+core.Prefectures[e.Prefecture-1].Key) + " " + place)
	}
	return place
}

// eventWhen is when an event is.
func eventWhen(v *visit, e *community.NewEvent) string {
	s := weekdayOf(v, e.Day)
	if e.Time != 0 {
		s += " " + e.Time.String()
	}
	if e.Words != "" {
		s += " " + e.Words
	}
	return s
}

// eventItem is an event in a calendar.
func eventItem(v *visit, kind calendarKind, l *community.EventLine) calendarItem {
	title := l.Title
	if !l.CancelledAt.IsZero() {
		title = v.t("event.offtitle", title)
	} else if l.Mine == community.OnWaitingList {
		title = v.t("event.waitstitle", title)
	}
	return calendarItem{kind, l.Day, 0, l.Time, title, threadIDPath(community.EventThread, l.Community, l.ID)}
}

// monthEvents adds the events of the member's communities to what a month has.
func monthEvents(v *visit, items []calendarItem, first, last core.Day) ([]calendarItem, error) {
	joined, err := v.site.core.Community.Attended(v.ctx, v.member.ID, first, last, maxMonthItems)
	if err != nil {
		return nil, err
	}
	others, err := v.site.core.Community.OtherEvents(v.ctx, v.member.ID, first, last, maxMonthItems)
	if err != nil {
		return nil, err
	}
	for i := range joined {
		items = append(items, eventItem(v, joinedEvent, &joined[i]))
	}
	for i := range others {
		items = append(items, eventItem(v, otherEvent, &others[i]))
	}
	return items, nil
}

// feedEvents are those that the member attends, for a calendar program; who waits has them when they move up.
func feedEvents(v *visit, today core.Day) (entries []calendarEntry, err error) {
	lines, err := v.site.core.Community.Attended(v.ctx, v.member.ID, today.Add(-feedBack), today.Add(feedAhead), maxFeed)
	for _, l := range lines {
		if l.Mine == community.Attending {
			entries = append(entries, eventEntry(v, l))
		}
	}
	return entries, err
}

// homeEvents is how many events home shows: today's, and the next.
const homeEvents = 3

// nextEvents are the next that the member attends or waits for.
func nextEvents(v *visit) ([]community.EventLine, error) {
	today := v.today()
	return v.site.core.Community.Attended(v.ctx, v.member.ID, today, today.Add(feedAhead), homeEvents)
}

// dayUntil says how far a day is from today.
func dayUntil(v *visit, d, today core.Day) string {
	switch n := int(d.In(time.UTC).Sub(today.In(time.UTC)).Hours() / 24); n {
	case 0:
		return v.t("event.today")
	case 1:
		return v.t("event.tomorrow")
	default:
		return v.t("event.indays", n)
	}
}

// shortDay is a day without its year, and which of the week it is.
func shortDay(v *visit, d core.Day) string {
	return d.In(time.UTC).Format(v.t("date.short")) + "(" + v.t("date.weekday"+strconv.Itoa(weekday(d))) + ")"
}
