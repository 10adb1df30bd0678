package seed

import (
	"testing"

	"musubi/core"
	"musubi/core/community"
)

// The demo has an event next week that is full, with two who wait, and polls that have been answered, once however often it starts; the dates
// noted are their owners'.
func TestDemoMeets(t *testing.T) {
	ctx := t.Context()
	s, c, _ := openDemo(t, t.TempDir())
	for range 2 {
		viewer := core.Viewer{Member: c.ids["haruka"]}
		today := core.DayOf(c.now)
		walk, err := s.Community.Look(ctx, viewer, c.communities["walk"])
		if err != nil {
			t.Fatal(err)
		}
		cats, err := s.Community.Look(ctx, viewer, c.communities["cats"])
		if err != nil {
			t.Fatal(err)
		}
		events, _, err := s.Community.EventsOf(ctx, &walk, today, false, core.Page{Size: 9})
		if err != nil || len(events) != 1 || events[0].Joined != 5 || events[0].Waiting != 2 || events[0].Day <= today || events[0].Day > today.Add(10) {
			t.Fatalf("events: %+v, %v", events, err)
		}
		next, err := s.Community.Attended(ctx, viewer.Member, today, today.Add(30), 9)
		if err != nil || len(next) != 2 {
			t.Errorf("haruka attends %+v, %v", next, err)
		}
		polls, _, err := s.Community.Threads(ctx, &cats, community.PollThread, core.Page{Size: 9})
		if err != nil || len(polls) != 1 {
			t.Fatalf("polls: %+v, %v", polls, err)
		}
		_, _, p, err := s.Community.Poll(ctx, viewer, c.communities["cats"], polls[0].ID, today)
		if err != nil || p.Voters != 8 || p.Choices[0].Votes != 3 {
			t.Errorf("the poll: %+v, %v", p, err)
		}
		if albums, err := s.Music.Featured(ctx); err != nil || len(albums) != featured || albums[0].Note == "" {
			t.Errorf("featured: %+v, %v", albums, err)
		}
		plans, err := s.Calendar.Plans(ctx, viewer.Member, today, today.Add(30), 9)
		if err != nil || len(plans) != 2 {
			t.Errorf("dates: %+v, %v", plans, err)
		}
		if c, err = Demo(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
}
