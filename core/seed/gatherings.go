package seed

import (
	"context"
	"fmt"
	"math"
	"time"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/community"
	"musubi/core/seed/dice"
)

// Habits of communities in a filled store: their sizes fall as their ranks rise, and what is written follows the size.
const (
	membersEach       = 20  // members of the store for each community
	largestShare      = 0.4 // of the members are in the first one
	fewestIn          = 3
	mostTopics        = 40
	membersPerTopic   = 15
	mostSaid          = 60
	meanSaid          = 9.0
	communitiesAtOnce = 50
	eventEvery        = 3 // topics for each event, and for each poll
	mostGuests        = 40
)

// gatherAll makes the communities of a filled store, once all members are there.
func (f *filler) gatherAll(ctx context.Context) error {
	all := max(f.Members/membersEach, 1)
	for low := 0; low < all; low += communitiesAtOnce {
		b := &chores.Batch{}
		for rank := low; rank < min(low+communitiesAtOnce, all); rank++ {
			if c := f.gathering(rank); len(c.In) > 0 {
				b.Communities = append(b.Communities, c)
			}
		}
		if err := f.s.Chores.InsertBatch(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// gathering makes the community of a rank. Its members are spread evenly over those of the store, whoever came first its administrator.
func (f *filler) gathering(rank int) community.Made {
	d := dice.New(f.Seed, uint64(rank)<<8|streamGatherings)
	size := min(max(int(largestShare*float64(f.Members)/math.Pow(float64(rank+1), 0.9)), fewestIn), f.Members)
	step := max(f.Members/size, 1)
	first := d.Between(0, step-1)
	p := NewPerson(f.Seed, first, f.now.Year())
	w := writer{Dice: d, person: &p}
	c := community.Made{Community: community.Community{Name: fmt.Sprintf("%s %d", w.append(nil, lists["title"]), rank+1), Description: string(w.appendBody(nil)),
		Category: core.ID(101 + d.Between(0, 25)), Administrator: f.ids[first], Approval: d.Chance(20), MembersOnly: d.Chance(30), CreatedAt: f.joined[first]}}
	var who []int
	for m := first; m < f.Members && len(who) < size; m += step {
		role := core.RoleMember
		if m == first {
			role = core.RoleAdministrator
		}
		who = append(who, m)
		c.In = append(c.In, community.MadeMember{Member: f.ids[m], Role: role, JoinedAt: f.joined[m]})
	}
	c.Members, c.TouchedAt = len(who), c.CreatedAt
	c.ID = f.s.Chores.NewID(c.CreatedAt)
	for n := range min(1+size/membersPerTopic, mostTopics) {
		t := f.topic(&w, c.ID, who, c.CreatedAt)
		switch n % (2 * eventEvery) {
		case 1:
			f.plans(&w, &t, who)
		case 1 + eventEvery:
			f.asks(&w, &t, who)
		}
		c.Threads = append(c.Threads, t)
		if t.LastAt.After(c.TouchedAt) {
			c.TouchedAt = t.LastAt
		}
	}
	return c
}

// topic makes a topic of one of the members, with comments of others.
func (f *filler) topic(w *writer, of core.ID, who []int, since time.Time) community.MadeThread {
	author := dice.Pick(w.Dice, who)
	if f.joined[author].After(since) {
		since = f.joined[author]
	}
	at := f.now.Add(-time.Duration(float64(f.now.Sub(since)) * math.Pow(w.Float64(), 2))).Truncate(time.Millisecond)
	t := community.MadeThread{Thread: community.Thread{Community: of, ID: f.s.Chores.NewID(at), Author: f.ids[author], CreatedAt: at, LastAt: at,
		Title: string(w.append(nil, lists["title"])), Body: string(w.appendBody(nil))}}
	for range min(int(-meanSaid*math.Log(1-w.Float64())), mostSaid) {
		at = at.Add(time.Duration(w.Between(60, 20*3600)) * time.Second)
		by := dice.Pick(w.Dice, who)
		if at.After(f.now) || f.joined[by].After(at) {
			break
		}
		t.Comments++
		t.LastAt = at
		t.Said = append(t.Said, community.Comment{Number: t.Comments, ID: f.s.Chores.NewID(at), Author: f.ids[by], Body: string(w.append(nil, lists["comment"])), CreatedAt: at})
	}
	return t
}

// guests are some members, each once.
func guests(w *writer, who []int) []int {
	n := min(w.Between(0, mostGuests), len(who))
	step := max(len(who)/max(n, 1), 1)
	var list []int
	for i := w.Between(0, step-1); i < len(who) && len(list) < n; i += step {
		list = append(list, who[i])
	}
	return list
}

// plans makes a thread an event, in the week after it was written or in the weeks to come, to which some come and some wait.
func (f *filler) plans(w *writer, t *community.MadeThread, who []int) {
	day := core.DayOf(t.CreatedAt).Add(w.Between(1, 7))
	if w.Chance(50) {
		day = core.DayOf(f.now).Add(w.Between(1, 30))
	}
	e := community.Event{NewEvent: community.NewEvent{Day: day, Time: core.ClockAt(w.Between(9, 20), 30*w.Between(0, 1)), Prefecture: w.Between(1, len(core.Prefectures)),
		Place: string(w.append(nil, lists["place"])), Capacity: w.Between(5, 30)}}
	for _, m := range guests(w, who) {
		s := community.Seat{Member: f.ids[m], Place: f.s.Chores.NewID(t.CreatedAt), Day: day, At: t.CreatedAt, Waits: e.Joined == e.Capacity}
		if s.Waits {
			e.Waiting++
		} else {
			e.Joined++
		}
		t.Seats = append(t.Seats, s)
	}
	t.Kind, t.Event = community.EventThread, &e
}

// asks makes a thread a poll, in which some have voted.
func (f *filler) asks(w *writer, t *community.MadeThread, who []int) {
	p := community.Poll{NewPoll: community.NewPoll{Named: w.Chance(30), Ends: core.DayOf(t.CreatedAt).Add(w.Between(7, 60))}}
	for n := range w.Between(community.MinChoices, 8) {
		p.Choices = append(p.Choices, community.Choice{Number: n + 1, Text: fmt.Sprintf("%s %d", w.append(nil, lists["place"]), n+1)})
	}
	for _, m := range guests(w, who) {
		c := &p.Choices[w.Between(0, len(p.Choices)-1)]
		c.Votes++
		t.Votes = append(t.Votes, community.Vote{Member: f.ids[m], Choice: c.Number, At: t.CreatedAt})
	}
	p.Voters = len(t.Votes)
	t.Kind, t.Poll = community.PollThread, &p
}
