package cache_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/people"
	"musubi/core/store/pgtest"
)

// A site is a node with the services on it.
type site struct {
	*node
	*network.Services
}

func openSite(t *testing.T, url string) site {
	t.Helper()
	n := openNode(t, url)
	number, err := n.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := network.New(network.Config{Stores: n.Kept, Blobs: files.Blobs(t.TempDir()), Photos: struct{ core.PhotoMaker }{}, Secret: make([]byte, 32), Node: number,
		Now: func() time.Time { return time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return site{n, s}
}

// A move is what a member does on a node.
type move struct{ Node, What, Who, Other int }

// Three nodes do at the same time what chance says: members ask each other to be friends, end it and block, take the few places of an
// event and leave them, vote, and several register one address. Whatever comes first, what must be true after any order is true, and every node
// says the same.
func TestNodesKeepWhatMustBeTrue(t *testing.T) {
	few := flag.Lookup("rapid.checks").Value.String()
	flag.Set("rapid.checks", "15") // each is some dozens of transactions
	t.Cleanup(func() { flag.Set("rapid.checks", few) })
	url := pgtest.Database(t, nil)
	sites := []site{openSite(t, url), openSite(t, url), openSite(t, url)}
	ctx, today := t.Context(), core.Day(20070303)
	const members, places, choices = 6, 2, 3
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		as := func(id core.ID) core.Viewer { return core.Viewer{Member: id} }
		var ids []core.ID
		for i := range members {
			m, err := sites[i%len(sites)].Account.CreateMember(ctx, account.NewMember{Name: fmt.Sprint("名", i), Mail: fmt.Sprintf("%d-%d@example.jp", round, i), PasswordHash: "none"})
			must(err)
			ids = append(ids, m.ID)
		}
		board := sites[0].Community
		c, err := board.Create(ctx, ids[0], community.NewCommunity{Name: fmt.Sprint("会", round), Description: "説明", Category: 111})
		must(err)
		for _, id := range ids[1:] {
			_, err := board.Join(ctx, as(id), c.ID, "")
			must(err)
		}
		event, err := board.OpenEvent(ctx, as(ids[0]), c.ID, community.NewThread{Title: "お花見", Body: "上野で"}, community.NewEvent{Day: 20070310, Capacity: places}, today)
		must(err)
		poll, err := board.OpenPoll(ctx, as(ids[0]), c.ID, community.NewThread{Title: "どれ", Body: "本文"}, community.NewPoll{Ends: 20070317}, []string{"一", "二", "三"}, today)
		must(err)

		moves := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) move {
			return move{rapid.IntRange(0, len(sites)-1).Draw(t, "node"), rapid.IntRange(0, 7).Draw(t, "what"), rapid.IntRange(0, members-1).Draw(t, "who"), rapid.IntRange(0, members-1).Draw(t, "other")}
		}), 12, 36).Draw(t, "moves")
		var mu sync.Mutex
		voted, registered, wrong := map[core.ID]bool{}, 0, []error(nil)
		do := func(m move) error {
			s, who, other := sites[m.Node], ids[m.Who], ids[m.Other]
			switch m.What {
			case 0, 1:
				_, err := s.People.RequestFriend(ctx, who, other, "")
				return err
			case 2:
				return s.People.RemoveFriend(ctx, who, other)
			case 3:
				return errors.Join(s.People.Block(ctx, who, other), s.People.Unblock(ctx, who, other))
			case 4, 5:
				_, err := s.Community.Attend(ctx, as(who), c.ID, event.ID, today)
				return err
			case 6:
				return s.Community.CancelAttendance(ctx, as(who), c.ID, event.ID, today)
			}
			err := s.Community.Vote(ctx, as(who), c.ID, poll.ID, []int{1 + m.Other%choices}, today)
			mu.Lock()
			defer mu.Unlock()
			voted[who] = voted[who] || err == nil
			return err
		}
		var all sync.WaitGroup
		for n, s := range sites {
			all.Go(func() {
				_, err := s.Account.CreateMember(ctx, account.NewMember{Name: "同", Mail: fmt.Sprintf("%d-same@example.jp", round), PasswordHash: "none"})
				mu.Lock()
				if err == nil {
					registered++
				} else if !errors.Is(err, core.ErrMailTaken) {
					wrong = append(wrong, err)
				}
				mu.Unlock()
				for _, m := range moves {
					if m.Node != n {
						continue
					}
					if err := do(m); err != nil && !errors.As(err, new(*core.Error)) {
						mu.Lock()
						wrong = append(wrong, fmt.Errorf("%+v: %w", m, err))
						mu.Unlock()
					}
				}
			})
		}
		all.Wait()
		must(errors.Join(wrong...))
		if registered != 1 {
			t.Fatalf("%d nodes registered one address", registered)
		}
		var said [][]any
		for _, s := range sites {
			must(s.Fresh(ctx))
			said = append(said, s.state(ctx, t, ids, c.ID, event.ID, poll.ID, len(voted), today))
		}
		for i := range said[1:] {
			if fmt.Sprint(said[0]) != fmt.Sprint(said[i+1]) {
				t.Fatalf("nodes say\n%v\n%v", said[0], said[i+1])
			}
		}
	})
}

// state reads what became of it all, and looks whether it can be.
func (s site) state(ctx context.Context, t *rapid.T, ids []core.ID, board, event, poll core.ID, voters int, today core.Day) (all []any) {
	friends := map[core.ID][]core.ID{}
	for _, id := range ids {
		m, err := s.Kept.Desk.Member(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		lines, _, err := s.People.Friends(ctx, core.Viewer{Member: id}, id, people.FriendOrders[0], core.Page{Number: 1, Size: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			friends[id] = append(friends[id], l.Member.ID)
		}
		if slices.Sort(friends[id]); m.Friends != len(friends[id]) {
			t.Fatalf("a member counts %d friends and has %d", m.Friends, len(friends[id]))
		}
		all = append(all, friends[id])
	}
	for id, list := range friends {
		for _, other := range list {
			if !slices.Contains(friends[other], id) {
				t.Fatal("a friendship of one side")
			}
		}
	}
	as := core.Viewer{Member: ids[0]}
	_, _, e, err := s.Community.Event(ctx, as, board, event)
	if err != nil {
		t.Fatal(err)
	}
	if e.Joined > e.Capacity || e.Waiting > 0 && e.Joined < e.Capacity {
		t.Fatalf("%d have places of %d, and %d wait", e.Joined, e.Capacity, e.Waiting)
	}
	_, _, p, err := s.Community.Poll(ctx, as, board, poll, today)
	if err != nil {
		t.Fatal(err)
	}
	votes := 0
	for _, c := range p.Choices {
		votes += c.Votes
	}
	if p.Voters != voters || votes != voters {
		t.Fatalf("%d members voted; the poll has %d voters and %d votes", voters, p.Voters, votes)
	}
	return append(all, e.Joined, e.Waiting, p.Choices)
}
