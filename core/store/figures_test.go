package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/figures"
	"musubi/core/people"
	"musubi/core/premium"
)

// A hit is a line of the access log that this test keeps for itself.
type hit struct {
	at      time.Time
	member  int
	mobile  bool
	carrier string
}

// A subject is a member as this test remembers them.
type subject struct {
	id         core.ID
	made, left time.Time // left zero: not
	birthday   string
	said       map[string]string // by profile field, what is chosen of a list
	login      time.Time
	plan       [2]time.Time // from, until; zero: none
}

// A club is a community as this test remembers it: its members by their place in the year, and when something was written there.
type club struct {
	id, thread    core.ID
	made, deleted time.Time
	members       map[int]bool
	posts         []time.Time
}

// year is a simulated year of 10,000 members, with the service that counts it and what the test has written down besides.
type year struct {
	t       *testing.T
	ctx     context.Context
	st      *Store
	s       *figures.Service
	now     time.Time
	members []subject
	clubs   []club
	log     []hit
	dice    *rand.Rand
}

const yearMembers = 10_000

// noPictures is what a desk asks for and figures do not.
type noPictures struct {
	core.Blobs
	core.PhotoMaker
}

func newYear(t *testing.T) *year {
	y := &year{t: t, ctx: t.Context(), now: time.Date(2006, 1, 1, 0, 0, 0, 0, figures.Tokyo), dice: rand.New(rand.NewPCG(7, 7))}
	y.st = fresh(t)
	desk, err := core.NewDesk(core.DeskConfig{Store: y.st.Stores().Desk, Blobs: noPictures{}, Photos: noPictures{}, Secret: make([]byte, 32), Now: func() time.Time { return y.now }})
	y.must(err)
	y.s = figures.New(desk, y.st.Stores().Figures)
	y.must(y.st.Atomic(y.ctx, func(ctx context.Context) error {
		for i := range yearMembers {
			m := subject{made: y.now.Add(time.Duration(y.dice.Int64N(int64(364 * 24 * time.Hour)))).Truncate(time.Second)}
			m.id = desk.IDAt(m.made)
			m.birthday, m.said = fmt.Sprintf("%d-%02d-%02d", 1940+y.dice.IntN(55), 1+y.dice.IntN(12), 1+y.dice.IntN(28)), map[string]string{}
			values := []core.ProfileValue{{Key: "birthday", Value: m.birthday}}
			for field, choices := range map[string]core.Choices{"sex": people.Sexes, "prefecture": core.Prefectures, "occupation": people.Occupations} {
				if n := y.dice.IntN(len(choices) + 1); n > 0 {
					m.said[field] = choices[n-1].Key
				}
				values = append(values, core.ProfileValue{Key: field, Value: m.said[field]})
			}
			if err := y.st.Desk.InsertMember(ctx, core.Member{ID: m.id, Name: "m", CreatedAt: m.made}, fmt.Sprintf("m%d@example.jp", i), "x"); err != nil {
				return err
			}
			if err := y.st.People.SetProfile(ctx, m.id, values); err != nil {
				return err
			}
			if y.dice.IntN(50) == 0 {
				m.plan = [2]time.Time{m.made.Add(time.Hour), m.made.Add(time.Duration(1+y.dice.IntN(200)) * 24 * time.Hour)}
				if err := y.st.Console.Premium.PutEntitlement(ctx, premium.Entitlement{Member: m.id, ID: m.id, Plan: premium.Premium, Since: m.plan[0], Until: m.plan[1], Source: premium.ByHook}); err != nil {
					return err
				}
			}
			y.members = append(y.members, m)
		}
		return nil
	}))
	return y
}

func (y *year) must(err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatal(err)
	}
}

// live goes through a day: some members look at some pages, counts are stored now and then, a few leave.
func (y *year) live() {
	day := y.now
	var hits []hit
	for range 120 {
		who := y.dice.IntN(yearMembers)
		m := &y.members[who]
		at := day.Add(time.Duration(y.dice.IntN(23*3600)) * time.Second)
		if m.made.After(at) || !m.left.IsZero() {
			continue
		}
		mobile := y.dice.IntN(3) == 0
		carrier := "pc"
		if mobile {
			carrier = []string{"docomo", "au", "softbank"}[y.dice.IntN(3)]
		}
		for range 1 + y.dice.IntN(8) {
			hits = append(hits, hit{at, who, mobile, carrier})
			at = at.Add(time.Duration(y.dice.IntN(2400)) * time.Second) // pauses shorter and longer than figures.MaxGap
			if figures.DayOf(at) != figures.DayOf(day) {
				break
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.at.Compare(b.at) })
	for i, h := range hits {
		y.now = h.at
		y.s.View(y.members[h.member].id, h.mobile, h.carrier)
		if i%100 == 99 {
			y.must(y.s.Flush(y.ctx, true))
		}
	}
	for _, h := range hits {
		if y.dice.IntN(4) == 0 {
			y.members[h.member].login = h.at
			y.must(y.st.Account.SetLastLogin(y.ctx, y.members[h.member].id, h.at))
		}
	}
	y.log = append(y.log, hits...)
	y.gather(day)
	y.now = day.Add(24*time.Hour - time.Second)
	y.must(y.s.Flush(y.ctx, true))
	if who := y.dice.IntN(yearMembers); y.members[who].left.IsZero() && y.members[who].made.Before(y.now) {
		y.members[who].left = y.now
		y.must(y.st.Chores.EndMembership(y.ctx, y.members[who].id, y.now))
	}
	y.now = day.AddDate(0, 0, 1)
}

// gather goes through a day of communities: one is made or deleted, members come and go and write.
func (y *year) gather(day time.Time) {
	at := func() time.Time { return day.Add(time.Duration(y.dice.IntN(86_000)) * time.Second) }
	here := func() (int, bool) {
		who := y.dice.IntN(yearMembers)
		return who, y.members[who].made.Before(day) && y.members[who].left.IsZero()
	}
	y.must(y.st.Atomic(y.ctx, func(ctx context.Context) error {
		if who, ok := here(); ok {
			c := club{id: core.ID(1<<60 + len(y.clubs)), thread: core.ID(1<<61 + len(y.clubs)), made: at(), members: map[int]bool{who: true}}
			c.posts = []time.Time{c.made}
			founder := y.members[who].id
			y.must(errors.Join(
				y.st.Community.InsertCommunity(ctx, community.Community{ID: c.id, Name: "会", Administrator: founder, CreatedAt: c.made, TouchedAt: c.made}),
				y.st.Community.PutMembership(ctx, c.id, founder, core.RoleAdministrator, "", c.made),
				y.st.Community.InsertThread(ctx, community.Thread{Community: c.id, ID: c.thread, Author: founder, Title: "題", CreatedAt: c.made, LastAt: c.made})))
			y.clubs = append(y.clubs, c)
		}
		for range 20 {
			who, ok := here()
			if !ok || len(y.clubs) == 0 {
				continue
			}
			c := &y.clubs[y.dice.IntN(len(y.clubs))]
			if !c.deleted.IsZero() || c.made.After(day) {
				continue
			}
			switch id := y.members[who].id; {
			case y.dice.IntN(200) == 0:
				c.deleted = at()
				y.must(y.st.Community.SetCommunityDeleted(ctx, c.id, c.deleted))
			case c.members[who]:
				delete(c.members, who)
				y.must(y.st.Community.DeleteMembership(ctx, c.id, id, at()))
			default:
				c.members[who] = true
				t := at()
				n, err := y.st.Community.TakeNumber(ctx, c.id, c.thread, 1000, t)
				y.must(errors.Join(err, y.st.Community.PutMembership(ctx, c.id, id, core.RoleMember, "", t),
					y.st.Community.InsertNumbered(ctx, community.Comment{Community: c.id, Thread: c.thread, Number: n, ID: core.ID(int64(c.id)*2000 + int64(n)), Author: id, Body: "文", CreatedAt: t})))
				c.posts = append(c.posts, t)
			}
		}
		return nil
	}))
}

// recount makes a table from nothing but what the test wrote down.
func (y *year) recount(table string, m figures.Month) map[string]int64 {
	sums, end := map[string]int64{}, m.Next().Begin()
	in := func(t time.Time) bool { return figures.MonthOf(t) == m }
	here := func(s *subject) bool { return s.made.Before(end) && (s.left.IsZero() || !s.left.Before(end)) }
	switch table {
	case figures.Traffic, "carrier":
		for _, h := range y.log {
			label := h.carrier
			if table == figures.Traffic {
				label = map[bool]string{false: figures.PC, true: figures.Mobile}[h.mobile]
			}
			if in(h.at) {
				sums[label]++
			}
		}
	case "daily":
		type visit struct{ day, member int }
		last, days := map[visit]time.Time{}, map[int]bool{}
		for _, h := range y.log {
			if !in(h.at) {
				continue
			}
			k := visit{int(figures.DayOf(h.at)), h.member}
			if before, ok := last[k]; !ok {
				sums["visits"]++
			} else if gap := h.at.Sub(before); gap <= 30*time.Minute {
				sums["seconds"] += int64(gap / time.Second)
			}
			last[k], days[k.day] = h.at, true
			sums[map[bool]string{false: figures.PC, true: figures.Mobile}[h.mobile]]++
		}
		sums["days"] = int64(len(days))
	case "communities":
		for _, c := range y.clubs {
			for _, t := range c.posts {
				if in(t) {
					sums["posts"]++
				}
			}
			if c.made.Before(end) && c.deleted.IsZero() {
				sums["communities"]++
				for who := range c.members {
					if y.members[who].left.IsZero() {
						sums["memberships"]++
					}
				}
			}
		}
	default:
		for i := range y.members {
			s := &y.members[i]
			if !here(s) {
				continue
			}
			switch table {
			case "members":
				sums["registered"]++
				if !s.plan[0].IsZero() && s.plan[0].Before(end) && !s.plan[1].Before(end) {
					sums["premium"]++
				} else {
					sums["free"]++
				}
				if !s.login.Before(end.Add(-72 * time.Hour)) {
					sums["active"]++
				}
			case "sex", "prefecture", "occupation":
				sums[s.said[table]]++
			case "age":
				born, _ := time.Parse(time.DateOnly, s.birthday)
				sums[band(core.Age(born, end.Add(-time.Second)))]++
			}
		}
	}
	return sums
}

// band is the band of an age, written down apart from the code.
func band(age int) string {
	for _, b := range [][2]int{{15, 17}, {18, 19}, {20, 24}, {25, 29}, {30, 34}, {35, 39}, {40, 44}, {45, 49}, {50, 54}, {55, 59}} {
		if age >= b[0] && age <= b[1] {
			return fmt.Sprintf("%d-%d", b[0], b[1])
		}
	}
	if age >= 60 {
		return "60+"
	}
	return ""
}

// A year of 10,000 members, month by month: every table is what a recount from the access log and the members says, and what is written
// down when a month is over never changes again, whoever joins, leaves or reads afterwards.
func TestTablesByRecount(t *testing.T) {
	y := newYear(t)
	frozen := map[string]map[string]int64{}
	tables := append([]string{figures.Traffic}, figures.Tables...)
	read := func(table string, m figures.Month) map[string]int64 {
		list, err := y.s.Table(y.ctx, table, m)
		y.must(err)
		got := map[string]int64{}
		for _, f := range list {
			if f.N > 0 {
				got[f.Label] = f.N
			}
		}
		return got
	}
	for m := figures.MonthOf(y.now); m <= 200612; m = m.Next() {
		for figures.MonthOf(y.now) == m {
			y.live()
		}
		y.must(y.s.Close(y.ctx))
		for _, table := range tables {
			got, want := read(table, m), y.recount(table, m)
			for label := range want {
				if want[label] == 0 {
					delete(want, label)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s of %d: %v, the recount says %v", table, m, got, want)
			}
			frozen[fmt.Sprint(table, m)] = got
		}
	}
	y.must(y.s.Close(y.ctx))
	for m := figures.Month(200601); m <= 200612; m = m.Next() {
		for _, table := range tables {
			if got := read(table, m); fmt.Sprint(got) != fmt.Sprint(frozen[fmt.Sprint(table, m)]) {
				t.Errorf("%s of %d changed after it was written down", table, m)
			}
		}
	}
	if len(y.log) < 50_000 {
		t.Errorf("only %d views in the year", len(y.log))
	}
}

// BenchmarkView is what counting adds to a page, the view itself and its part of what is stored, of 5,000 members who look at a page
// every twenty seconds.
func BenchmarkView(b *testing.B) {
	st := fresh(b)
	now := time.Date(2007, 1, 1, 0, 0, 0, 0, figures.Tokyo)
	desk, err := core.NewDesk(core.DeskConfig{Store: st.Stores().Desk, Blobs: noPictures{}, Photos: noPictures{}, Secret: make([]byte, 32), Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	s := figures.New(desk, st.Stores().Figures)
	const members = 5000
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		s.View(core.ID(n*7919%members+1)<<20, n%3 == 0, "docomo")
		if n++; n%(members/4) == 0 {
			now = now.Add(5 * time.Second)
			if err := s.Flush(b.Context(), false); err != nil {
				b.Fatal(err)
			}
		}
	}
}
