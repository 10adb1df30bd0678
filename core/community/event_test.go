package community_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
)

const today core.Day = 20070303

// plans makes an event of the owner.
func (w *town) plans(id core.ID, e community.NewEvent) core.ID {
	w.Helper()
	t, err := w.Community.OpenEvent(w.Context(), as(w.owner), id, community.NewThread{Title: "お花見", Body: "上野で"}, e, today)
	w.must(err)
	return t.ID
}

// crowd makes members of the community.
func (w *town) crowd(id core.ID, n int) (list []core.ID) {
	w.Helper()
	for i := range n {
		m, err := w.Account.CreateMember(w.Context(), account.NewMember{Name: fmt.Sprintf("客%d", i), Mail: fmt.Sprintf("guest%d@example.jp", i), PasswordHash: "none"})
		w.must(err)
		_, err = w.Community.Join(w.Context(), as(m.ID), id, "")
		w.must(err)
		list = append(list, m.ID)
	}
	return list
}

// attends says who has a place at the event, and who waits, by name, and checks that what is counted is there.
func (w *town) attends(id, event core.ID) string {
	w.Helper()
	c, t, e, err := w.Community.Event(w.Context(), as(w.owner), id, event)
	w.must(err)
	list, _, err := w.Community.Attendees(w.Context(), &c, &t, core.Page{Size: 200})
	w.must(err)
	var in, waits []string
	for _, a := range list {
		if a.Waits {
			waits = append(waits, a.Member.Name)
		} else {
			in = append(in, a.Member.Name)
		}
	}
	if e.Joined != len(in) || e.Waiting != len(waits) {
		w.Errorf("counted %d and %d, there are %d and %d", e.Joined, e.Waiting, len(in), len(waits))
	}
	return strings.Join(in, " ") + "|" + strings.Join(waits, " ")
}

// told are the sentences that wait for a member, by their keys.
func (w *town) told(member core.ID) (list []string) {
	w.Helper()
	lines, _, err := w.News.NewsLines(w.Context(), member, core.Page{Size: 50})
	w.must(err)
	for _, l := range lines {
		list = append(list, fmt.Sprint(l.Kind, " ", l.Title))
	}
	return list
}

func moved(title string) string { return fmt.Sprint(community.PlaceNews, " ", title) }

func TestEventWaitingList(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.sub, w.anna, w.ben)
	e := w.plans(id, community.NewEvent{Day: 20070310, Capacity: 1})
	if got := w.attends(id, e); got != "|" {
		t.Errorf("the planner takes a place: %s", got)
	}
	attend := func(m core.ID) bool {
		t.Helper()
		waits, err := s.Attend(ctx, as(m), id, e, today)
		w.must(err)
		return waits
	}
	if attend(w.anna) || !attend(w.ben) || !attend(w.sub) || !attend(w.ben) || !attend(w.owner) {
		t.Error("who has a place and who waits is wrong")
	}
	if got := w.attends(id, e); got != "anna|ben sub owner" {
		t.Errorf("attend: %s", got)
	}
	_, err := s.Attend(ctx, as(w.cleo), id, e, today)
	w.want(err, community.ErrNotMember, "one who is no member attends")
	w.must(s.CancelAttendance(ctx, as(w.anna), id, e, today))
	w.must(s.CancelAttendance(ctx, as(w.anna), id, e, today))
	if got := w.attends(id, e); got != "ben|sub owner" {
		t.Errorf("after one cancelled: %s", got)
	}
	if got := w.told(w.ben); !slices.Equal(got, []string{moved("お花見")}) {
		t.Errorf("who moved up is told %v", got)
	}
	if got := append(w.told(w.sub), w.told(w.anna)...); len(got) > 0 {
		t.Errorf("others are told %v", got)
	}
	w.must(s.Leave(ctx, as(w.ben), id)) // the community, and so the event
	if got := w.attends(id, e); got != "sub|owner" || len(w.told(w.ben)) != 0 {
		t.Errorf("after one left the community: %s, told %v", got, w.told(w.ben))
	}
	w.must(s.Expel(ctx, as(w.owner), id, w.sub, false)) // the planner moves up, and is told as anybody
	if got := w.attends(id, e); got != "owner|" || !slices.Equal(w.told(w.owner), []string{moved("お花見")}) {
		t.Errorf("after one was put out: %s, told %v", got, w.told(w.owner))
	}
}

// More places, or none counted, let who waits move up; fewer than are taken is refused.
func TestEventCapacity(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{})
	e := w.plans(id, community.NewEvent{Day: 20070310, Capacity: 2})
	guests := w.crowd(id, 60)
	for _, m := range guests {
		_, err := s.Attend(ctx, as(m), id, e, today)
		w.must(err)
	}
	edit := func(n community.NewEvent) error {
		return s.EditEvent(ctx, as(w.owner), id, e, community.NewThread{Title: "お花見", Body: "上野で"}, n, today)
	}
	var wrong core.Invalid
	if err := edit(community.NewEvent{Day: 20070310, Capacity: 1}); !errors.As(err, &wrong) || wrong[0].Field != "capacity" || wrong[0].N != 2 {
		t.Errorf("fewer places than are taken: %v", err)
	}
	w.must(edit(community.NewEvent{Day: 20070310, Capacity: 4}))
	if got := w.attends(id, e); !strings.HasPrefix(got, "客0 客1 客2 客3|客4 ") || len(w.told(guests[3])) != 1 || len(w.told(guests[4])) != 0 {
		t.Errorf("four places: %s", got)
	}
	w.must(edit(community.NewEvent{Day: 20070310})) // 56 move up: more than one transaction takes
	w.must(s.Settle(ctx))
	if got := w.attends(id, e); !strings.HasSuffix(got, " 客59|") || len(w.told(guests[59])) != 1 {
		t.Errorf("places for all: %s", got)
	}
	w.must(s.Settle(ctx))
	if got := w.told(guests[0]); len(got) != 0 {
		t.Errorf("one with a place is told %v", got)
	}
}

func TestEventDays(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna, w.ben)
	for _, n := range []struct {
		e     community.NewEvent
		field string
	}{
		{community.NewEvent{}, "day"}, {community.NewEvent{Day: 20070302}, "day"}, {community.NewEvent{Day: 20070310, Deadline: 20070311}, "deadline"},
		{community.NewEvent{Day: 20070310, Deadline: today.Add(-1)}, "deadline"}, // nobody could ever join

		{community.NewEvent{Day: 20070310, Capacity: -1}, "capacity"}, {community.NewEvent{Day: 20070310, Capacity: 5001}, "capacity"},
		{community.NewEvent{Day: 20070310, Prefecture: 49}, "prefecture"}, {community.NewEvent{Day: 20070310, Place: strings.Repeat("場", 101)}, "place"},
	} {
		_, err := s.OpenEvent(ctx, as(w.owner), id, community.NewThread{Title: "題", Body: "文"}, n.e, today)
		var wrong core.Invalid
		if !errors.As(err, &wrong) || wrong[0].Field != n.field {
			t.Errorf("%+v: %v, want %s", n.e, err, n.field)
		}
	}
	e := w.plans(id, community.NewEvent{Day: 20070310, Deadline: 20070305})
	_, err := s.Attend(ctx, as(w.anna), id, e, 20070305) // the last day counts
	w.must(err)
	_, err = s.Attend(ctx, as(w.ben), id, e, 20070306)
	w.want(err, community.ErrEventDeadline, "after the deadline")
	w.must(s.EditEvent(ctx, as(w.owner), id, e, community.NewThread{Title: "題", Body: "文"}, community.NewEvent{Day: 20070310, Deadline: 20070305}, 20070306)) // it stays closed
	open := w.plans(id, community.NewEvent{Day: 20070310})
	_, err = s.Attend(ctx, as(w.ben), id, open, 20070310)
	w.must(err)
	_, err = s.Attend(ctx, as(w.anna), id, open, 20070311)
	w.want(err, community.ErrEventPast, "after the event")
	w.want(s.CancelAttendance(ctx, as(w.ben), id, open, 20070311), community.ErrEventPast, "cancelling after the event")
	w.must(s.CancelAttendance(ctx, as(w.anna), id, e, 20070310))
	w.want(s.EditEvent(ctx, as(w.anna), id, e, community.NewThread{Title: "題", Body: "文"}, community.NewEvent{Day: 20070310}, today), core.ErrNotFound, "another edits")
}

// Who leaves the service leaves its events; their place goes to who waits, who is told.
func TestEventWhenAMemberLeavesTheService(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna, w.ben)
	e := w.plans(id, community.NewEvent{Day: 20070310, Capacity: 1})
	for _, m := range []core.ID{w.anna, w.ben} {
		_, err := s.Attend(ctx, as(m), id, e, today)
		w.must(err)
	}
	w.must(w.Chores.Remove(ctx, w.anna, ""))
	for range 3 {
		w.now = w.now.Add(time.Minute)
		w.must(w.Chores.PurgeLeft(ctx))
	}
	w.must(s.Settle(ctx))
	if got := w.attends(id, e); got != "ben|" || !slices.Equal(w.told(w.ben), []string{moved("お花見")}) {
		t.Errorf("after one left the service: %s, told %v", got, w.told(w.ben))
	}
	// The planner goes: the event stays, without who planned it.
	w.must(w.Chores.Remove(ctx, w.owner, ""))
	for range 3 {
		w.now = w.now.Add(time.Minute)
		w.must(w.Chores.PurgeLeft(ctx))
	}
	_, thread, event, err := s.Event(ctx, as(w.ben), id, e)
	if err != nil || thread.Author != 0 || event.Mine != community.Attending {
		t.Errorf("the event of one who left: %+v, %+v, %v", thread, event, err)
	}
}

// What the planner writes reaches those who attend, and nobody else, also when there are more than one transaction takes and the process
// ends in between.
func TestEventWords(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna, w.ben)
	e := w.plans(id, community.NewEvent{Day: 20070310, Capacity: 70})
	guests := w.crowd(id, 72)
	for _, m := range guests {
		_, err := s.Attend(ctx, as(m), id, e, today)
		w.must(err)
	}
	w.want(s.WriteToAttendees(ctx, as(w.anna), id, e, "勝手に", false), core.ErrNotFound, "one who did not plan it writes")
	w.must(s.WriteToAttendees(ctx, as(w.owner), id, e, "駅に集合", false))
	said := fmt.Sprint(community.EventNews, " お花見")
	reached := func() (n int) {
		for _, m := range guests {
			if slices.Contains(w.told(m), said) {
				n++
			}
		}
		return n
	}
	w.must(s.Settle(ctx))
	if n := reached(); n != 50 {
		t.Errorf("after one piece %d are told", n)
	}
	w.must(s.Settle(ctx))
	w.must(s.Settle(ctx))
	if n := reached(); n != 70 || len(w.told(w.owner))+len(w.told(w.anna)) > 0 {
		t.Errorf("%d are told, and the planner %v", n, w.told(w.owner))
	}
	read := func(m core.ID) int {
		c, thread, event, err := s.Event(ctx, as(m), id, e)
		w.must(err)
		list, err := s.EventWords(ctx, &c, &thread, &event)
		w.must(err)
		return len(list)
	}
	if read(guests[0]) != 1 || read(guests[71]) != 0 || read(w.anna) != 0 || read(w.owner) != 1 {
		t.Error("the words are read by others than they are for")
	}
	w.must(s.EditEvent(ctx, as(w.owner), id, e, community.NewThread{Title: "お花見", Body: "上野で"}, community.NewEvent{Day: 20070311, Capacity: 70}, today))
	if read(guests[71]) != 1 {
		t.Error("who waits does not learn of another day")
	}
	lines, err := s.Attended(ctx, guests[0], 20070311, 20070311, 10)
	if err != nil || len(lines) != 1 || lines[0].Mine != community.Attending {
		t.Errorf("on the new day: %+v, %v", lines, err)
	}
	w.must(s.CallOff(ctx, as(w.owner), id, e, "雨です", true))
	_, err = s.Attend(ctx, as(w.anna), id, e, today)
	w.want(err, community.ErrEventOff, "joining what does not take place")
	for range community.MaxEventDaily - 1 {
		w.must(s.WriteToAttendees(ctx, as(w.owner), id, e, "もう一言", true))
	}
	w.want(s.WriteToAttendees(ctx, as(w.owner), id, e, "多すぎ", true), community.ErrEventWords, "too many")
	w.must(s.DeleteThread(ctx, as(w.owner), id, e))
	w.must(s.Settle(ctx))
	if got := w.told(guests[0]); len(got) != 0 {
		t.Errorf("of a deleted event %v", got)
	}
}

// at once runs f for each of them at the same time.
func atOnce(list []core.ID, f func(member core.ID)) {
	var all sync.WaitGroup
	for _, m := range list {
		all.Go(func() { f(m) })
	}
	all.Wait()
}

// 64 at once for the last place: one has it, the others wait.
func TestEventLastPlaceAtOnce(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{})
	guests := w.crowd(id, 64)
	e := w.plans(id, community.NewEvent{Day: 20070310, Capacity: 1})
	var places, waits sync.Map
	atOnce(guests, func(m core.ID) {
		for range 2 { // a second press changes nothing
			wait, err := s.Attend(ctx, as(m), id, e, today)
			if err != nil {
				t.Error(err)
			}
			if wait {
				waits.Store(m, true)
			} else {
				places.Store(m, true)
			}
		}
	})
	count := func(m *sync.Map) (n int) { m.Range(func(any, any) bool { n++; return true }); return n }
	if count(&places) != 1 || count(&waits) != 63 {
		t.Errorf("%d have a place, %d wait", count(&places), count(&waits))
	}
	w.attends(id, e)
	// All give up at once: nobody is left, and nobody is counted.
	atOnce(guests, func(m core.ID) {
		if err := s.CancelAttendance(ctx, as(m), id, e, today); err != nil {
			t.Error(err)
		}
	})
	if got := w.attends(id, e); got != "|" {
		t.Errorf("after all gave up: %s", got)
	}
}

// polls makes a poll of the owner.
func (w *town) polls(id core.ID, p community.NewPoll, choices ...string) core.ID {
	w.Helper()
	t, err := w.Community.OpenPoll(w.Context(), as(w.owner), id, community.NewThread{Title: "どこへ行く？"}, p, choices, today)
	w.must(err)
	return t.ID
}

// voters are who made a choice, as a member sees them.
func (w *town) voters(by, id, poll core.ID, choice int) ([]core.Member, error) {
	w.Helper()
	c, _, p, err := w.Community.Poll(w.Context(), as(by), id, poll, today)
	w.must(err)
	list, _, err := w.Community.Voters(w.Context(), &c, &p, choice, today, community.Stretch{Size: 20})
	return list, err
}

// votes are those of each choice as a member sees them, and who has voted.
func (w *town) votes(by, id, poll core.ID, on core.Day) string {
	w.Helper()
	_, _, p, err := w.Community.Poll(w.Context(), as(by), id, poll, on)
	w.must(err)
	var b strings.Builder
	for _, c := range p.Choices {
		fmt.Fprint(&b, c.Votes, " ")
	}
	return fmt.Sprint(b.String(), "of ", p.Voters)
}

func TestPoll(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna, w.ben)
	many := strings.Fields(strings.Repeat("x ", 21))
	for i := range many {
		many[i] += fmt.Sprint(i)
	}
	for name, bad := range map[string]struct {
		p       community.NewPoll
		choices []string
		field   string
	}{
		"one choice": {community.NewPoll{Ends: today}, []string{"海", " "}, "choice"}, "21 choices": {community.NewPoll{Ends: today}, many, "choice"},
		"twice": {community.NewPoll{Ends: today}, []string{"海", "山", " 海"}, "choice"}, "no end": {community.NewPoll{}, []string{"海", "山"}, "ends"},
		"over": {community.NewPoll{Ends: 20070302}, []string{"海", "山"}, "ends"}, "far": {community.NewPoll{Ends: 20080310}, []string{"海", "山"}, "ends"},
	} {
		_, err := s.OpenPoll(ctx, as(w.owner), id, community.NewThread{Title: "問"}, bad.p, bad.choices, today)
		var wrong core.Invalid
		if !errors.As(err, &wrong) || wrong[0].Field != bad.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	one := w.polls(id, community.NewPoll{Ends: 20070305}, "海", "", "山", "家")
	w.want(s.Vote(ctx, as(w.cleo), id, one, []int{1}, today), community.ErrNotMember, "one who is no member votes")
	for _, wrong := range [][]int{nil, {0}, {4}, {1, 2}} {
		var v core.Invalid
		if err := s.Vote(ctx, as(w.anna), id, one, wrong, today); !errors.As(err, &v) {
			t.Errorf("voting %v: %v", wrong, err)
		}
	}
	w.must(s.Vote(ctx, as(w.anna), id, one, []int{2}, today))
	w.must(s.Vote(ctx, as(w.ben), id, one, []int{2}, 20070305))
	w.must(s.Vote(ctx, as(w.anna), id, one, []int{3}, today)) // the answer changes
	if got := w.votes(w.cleo, id, one, today); got != "0 1 1 of 2" {
		t.Errorf("votes: %s", got)
	}
	w.want(s.Vote(ctx, as(w.anna), id, one, []int{1}, 20070306), community.ErrPollOver, "voting after the end")
	_, err := w.voters(w.owner, id, one, 2)
	w.want(err, core.ErrNotFound, "who voted, of an open poll")

	several := w.polls(id, community.NewPoll{Ends: 20070305, Several: true, Named: true, Result: community.ResultAfterVote}, "海", "山", "家")
	w.must(s.Vote(ctx, as(w.anna), id, several, []int{3, 1, 3}, today))
	if got := w.votes(w.ben, id, several, today); got != "0 0 0 of 0" {
		t.Errorf("before voting one sees %s", got)
	}
	_, err = w.voters(w.ben, id, several, 3)
	w.want(err, core.ErrNotFound, "who voted, before voting")
	if got := w.votes(w.anna, id, several, today); got != "1 0 1 of 1" {
		t.Errorf("after voting one sees %s", got)
	}
	list, err := w.voters(w.anna, id, several, 3)
	if w.must(err); len(list) != 1 || list[0].ID != w.anna {
		t.Errorf("who voted: %+v", list)
	}
	end := w.polls(id, community.NewPoll{Ends: 20070305, Result: community.ResultAtEnd}, "海", "山")
	w.must(s.Vote(ctx, as(w.anna), id, end, []int{1}, today))
	if got := w.votes(w.anna, id, end, 20070305) + ", " + w.votes(w.cleo, id, end, 20070306); got != "0 0 of 0, 1 0 of 1" {
		t.Errorf("a result at the end: %s", got)
	}

	// Words and end may change, the choices only while nobody has voted.
	w.must(s.EditPoll(ctx, as(w.owner), id, end, community.NewThread{Title: "どこへ？"}, community.NewPoll{Ends: 20070308, Several: true}, []string{"空", "陸"}, today))
	_, thread, p, err := s.Poll(ctx, as(w.owner), id, end, today)
	if w.must(err); thread.Title != "どこへ？" || p.Ends != 20070308 || p.Several || p.Choices[0].Text != "海" {
		t.Errorf("edited: %+v %+v", thread, p)
	}
	// Who leaves the service takes the vote along.
	w.must(w.Chores.Remove(ctx, w.anna, ""))
	for range 3 {
		w.now = w.now.Add(time.Minute)
		w.must(w.Chores.PurgeLeft(ctx))
	}
	if got := w.votes(w.owner, id, several, 20070306) + ", " + w.votes(w.owner, id, one, today); got != "0 0 0 of 0, 0 1 0 of 1" {
		t.Errorf("after one left: %s", got)
	}
}

// 64 at once, each several times and with another answer: each counts once.
func TestPollAtOnce(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{})
	guests := w.crowd(id, 64)
	poll := w.polls(id, community.NewPoll{Ends: 20070305, Several: true}, "海", "山", "家")
	atOnce(guests, func(m core.ID) {
		for i := range 4 {
			if err := s.Vote(ctx, as(m), id, poll, []int{i%3 + 1, (i+1)%3 + 1}, today); err != nil {
				t.Error(err)
			}
		}
	})
	_, _, p, err := s.Poll(ctx, as(w.owner), id, poll, today)
	if w.must(err); p.Voters != 64 || p.Choices[0].Votes+p.Choices[1].Votes+p.Choices[2].Votes != 128 {
		t.Errorf("64 members, two answers each: %+v", p)
	}
	atOnce([]core.ID{guests[0], guests[0], guests[0], guests[0]}, func(m core.ID) { // one member from four screens
		if err := s.Vote(ctx, as(m), id, poll, []int{1}, today); err != nil {
			t.Error(err)
		}
	})
	if _, _, p, _ = s.Poll(ctx, as(w.owner), id, poll, today); p.Voters != 64 {
		t.Errorf("one member counts %d times", p.Voters-63)
	}
}
