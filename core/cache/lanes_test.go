package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/store/pgtest"
)

// crowd is how many do something at once, on three nodes.
const crowd = 64

// atOnce has all do something at the same time, and gives their errors.
func atOnce(do func(i int) error) []error {
	errs := make([]error, crowd)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range crowd {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// Members write beside each other on PostgreSQL, each behind the locks of whom they decide about. What only holds when one comes after the other
// holds: the places of an event, the numbers of comments, one vote for each, one friendship for two who ask each other, one member for an
// address, one deed for a form.
func TestManyAtOnceKeepWhatMustBeTrue(t *testing.T) {
	url := pgtest.Database(t, nil)
	sites := []site{openSite(t, url), openSite(t, url), openSite(t, url)}
	at := func(i int) site { return sites[i%len(sites)] }
	ctx, today := t.Context(), core.Day(20070303)
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	as := func(id core.ID) core.Viewer { return core.Viewer{Member: id} }
	ids := make([]core.ID, crowd)
	must(atOnce(func(i int) error {
		m, err := at(i).Account.CreateMember(ctx, account.NewMember{Name: fmt.Sprint("名", i), Mail: fmt.Sprintf("%d@example.jp", i), PasswordHash: "none"})
		ids[i] = m.ID
		return err
	})...)
	board := sites[0].Community
	c, err := board.Create(ctx, ids[0], community.NewCommunity{Name: "会", Description: "説明", Category: 111})
	must(err)
	must(atOnce(func(i int) error {
		if i == 0 {
			return nil
		}
		_, err := at(i).Community.Join(ctx, as(ids[i]), c.ID, "")
		return err
	})...)
	fresh := func() {
		t.Helper()
		for _, s := range sites {
			must(s.Fresh(ctx))
		}
	}
	fresh()
	if seen, err := board.Look(ctx, as(ids[0]), c.ID); err != nil || seen.Members != crowd {
		t.Errorf("%d are counted in the community, %v: expected %d", seen.Members, err, crowd)
	}

	const places = 10
	event, err := board.OpenEvent(ctx, as(ids[0]), c.ID, community.NewThread{Title: "お花見", Body: "上野で"}, community.NewEvent{Day: 20070310, Capacity: places}, today)
	must(err)
	waits := make([]bool, crowd)
	must(atOnce(func(i int) (err error) {
		waits[i], err = at(i).Community.Attend(ctx, as(ids[i]), c.ID, event.ID, today)
		return err
	})...)
	fresh()
	have := crowd
	for _, w := range waits {
		if w {
			have--
		}
	}
	if _, _, e, err := sites[1].Community.Event(ctx, as(ids[0]), c.ID, event.ID); err != nil || have != places || e.Joined != places || e.Waiting != crowd-places {
		t.Errorf("%d were told that they have a place, %d are counted and %d wait, %v: expected %d of %d", have, e.Joined, e.Waiting, err, places, crowd)
	}
	must(atOnce(func(i int) error {
		if i%2 == 0 {
			return nil
		}
		return at(i).Community.CancelAttendance(ctx, as(ids[i]), c.ID, event.ID, today)
	})...)
	fresh()
	if _, _, e, err := sites[1].Community.Event(ctx, as(ids[0]), c.ID, event.ID); err != nil || e.Joined != places || e.Waiting != crowd/2-places {
		t.Errorf("after half of them left %d attend and %d wait, %v", e.Joined, e.Waiting, err)
	}

	topic, err := board.Open(ctx, as(ids[0]), c.ID, community.NewThread{Title: "話", Body: "本文"}, nil)
	must(err)
	numbers := make([]int, crowd)
	must(atOnce(func(i int) error {
		m, err := at(i).Community.WriteComment(ctx, as(ids[i]), c.ID, topic.ID, community.NewComment{Body: "はい"})
		numbers[i] = m.Number
		return err
	})...)
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != i+1 {
			t.Fatalf("comments are numbered %v", numbers)
		}
	}

	poll, err := board.OpenPoll(ctx, as(ids[0]), c.ID, community.NewThread{Title: "どれ", Body: "本文"}, community.NewPoll{Ends: 20070317}, []string{"一", "二", "三"}, today)
	must(err)
	must(atOnce(func(i int) error { // eight members, each from three nodes at once
		return at(i).Community.Vote(ctx, as(ids[i%8]), c.ID, poll.ID, []int{1 + i%3}, today)
	})...)
	fresh()
	votes := 0
	_, _, p, err := sites[2].Community.Poll(ctx, as(ids[0]), c.ID, poll.ID, today)
	must(err)
	for _, choice := range p.Choices {
		votes += choice.Votes
	}
	if votes != 8 {
		t.Errorf("eight members have %d votes", votes)
	}

	must(atOnce(func(i int) error { // both of each pair ask
		_, err := at(i).People.RequestFriend(ctx, ids[i], ids[i^1], "")
		return err
	})...)
	fresh()
	for i, id := range ids {
		m, err := at(i).Kept.Desk.Member(ctx, id)
		must(err)
		friends, err := at(i).Store.People.FriendIDs(ctx, id)
		must(err)
		waiting, _, err := at(i).People.Requests(ctx, id, true, core.Page{Number: 1, Size: 5})
		must(err)
		if m.Friends != 1 || len(friends) != 1 || len(waiting) != 0 {
			t.Fatalf("member %d is said to have %d friends, has %v, and %d requests wait", i, m.Friends, friends, len(waiting))
		}
	}

	made := 0
	for _, err := range atOnce(func(i int) error {
		_, err := at(i).Account.CreateMember(ctx, account.NewMember{Name: "同", Mail: "same@example.jp", PasswordHash: "none"})
		return err
	}) {
		if err == nil {
			made++
		} else if !errors.Is(err, core.ErrMailTaken) {
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("one address was registered %d times", made)
	}

	must(atOnce(func(i int) error { // one form, sent again and again
		_, err := at(i).Once(ctx, ids[1], "nonce", func(ctx context.Context) (string, error) {
			_, err := at(i).Journal.WriteDiary(ctx, ids[1], journal.NewDiary{Title: "一度", Body: "だけ"})
			return "/", err
		})
		return err
	})...)
	lines, _, err := sites[0].Journal.Diaries(ctx, as(ids[1]), ids[1], journal.DiaryFilter{}, core.Page{Number: 1, Size: 10})
	if must(err); len(lines) != 1 {
		t.Errorf("one form made %d entries", len(lines))
	}

	// Everybody comments everybody's entry and is blocked meanwhile: what begins after a block was answered is refused.
	entries := make([]core.ID, crowd)
	must(atOnce(func(i int) error {
		d, err := at(i).Journal.WriteDiary(ctx, ids[i], journal.NewDiary{Title: "題", Body: "本文", Visibility: core.Everyone})
		entries[i] = d.ID
		return err
	})...)
	written := make([]int, crowd)
	must(atOnce(func(i int) error {
		writer := (i + 5) % crowd
		on := journal.DiaryThread(ids[i], entries[i])
		blocked, stopped := make(chan struct{}), make(chan error, 1)
		go func() {
			for late := false; ; {
				select {
				case <-blocked:
					late = true
				default:
				}
				if late {
					if err := at(i + 1).Fresh(ctx); err != nil {
						stopped <- err
						return
					}
				}
				_, err := at(i+1).Talk.WriteComment(ctx, as(ids[writer]), on, "あ", time.Time{})
				if err == nil {
					written[i]++
				}
				if late {
					if err == nil {
						err = fmt.Errorf("a comment of %d stands with %d after the block", writer, i)
					} else if errors.Is(err, core.ErrNotFound) {
						err = nil
					}
					stopped <- err
					return
				}
				if err != nil && !errors.Is(err, core.ErrNotFound) {
					stopped <- err
					return
				}
			}
		}()
		err := at(i).People.Block(ctx, ids[i], ids[writer])
		close(blocked)
		return errors.Join(err, <-stopped)
	})...)
	for i, id := range ids {
		d, err := at(i).Journal.Diary(ctx, as(id), id, entries[i])
		if must(err); d.Comments != written[i] {
			t.Errorf("entry %d counts %d comments of %d", i, d.Comments, written[i])
		}
	}
	if lines, err := sites[0].VerifyAudit(ctx); err != nil || lines < crowd {
		t.Errorf("the log has %d lines, %v", lines, err)
	}
}

// Who names an owner waits for those who name the same one, on any node, and for nobody else; who names nobody waits for all.
func TestOwnersAreLockedAndOthersAreNot(t *testing.T) {
	url := pgtest.Database(t, nil)
	a, b := openNode(t, url), openNode(t, url)
	ctx := t.Context()
	nothing := func(context.Context) error { return nil }
	inside, leave := make(chan struct{}), make(chan struct{})
	held := make(chan error, 1)
	go func() {
		var once sync.Once
		held <- a.AtomicOf(ctx, core.Of(7), func(context.Context) error {
			once.Do(func() { close(inside) })
			<-leave
			return nil
		})
	}()
	<-inside
	for id := core.ID(8); id < 40; id++ {
		if err := b.AtomicOf(ctx, core.Of(id), nothing); err != nil {
			t.Fatal(err)
		}
	}
	same, all := make(chan error, 1), make(chan error, 1)
	go func() { same <- b.AtomicOf(ctx, core.Of(9, 7), nothing) }()
	go func() { all <- b.Atomic(ctx, nothing) }()
	select {
	case <-same:
		t.Error("two of one owner at once")
	case <-all:
		t.Error("everybody's beside one of an owner")
	case <-time.After(200 * time.Millisecond):
	}
	close(leave)
	for _, c := range []chan error{held, same, all} {
		if err := <-c; err != nil {
			t.Error(err)
		}
	}
}

// Who needs another owner's lock on the way begins again rather than wait for one who may wait for them: all come through, each once.
func TestOwnersNamedOnTheWay(t *testing.T) {
	url := pgtest.Database(t, nil)
	nodes := []*node{openNode(t, url), openNode(t, url)}
	ctx := t.Context()
	const owners = 5
	for id := range core.ID(owners) {
		if err := nodes[0].Store.Desk.InsertMember(ctx, core.Member{ID: id + 1, Name: "0", CreatedAt: time.UnixMilli(1)}, fmt.Sprintf("%d@example.jp", id), ""); err != nil {
			t.Fatal(err)
		}
	}
	add := func(ctx context.Context, n *node, id core.ID) error { // what is read of an owner decides what is written
		m, err := n.Kept.Desk.Member(ctx, id)
		if err != nil {
			return err
		}
		var had int
		fmt.Sscan(m.Name, &had)
		return n.Store.Desk.SetName(ctx, id, fmt.Sprint(had+1))
	}
	const rounds = 5
	for _, err := range atOnce(func(i int) error {
		n := nodes[i%2]
		for r := range rounds {
			first, second := core.ID((i+r)%owners+1), core.ID((i*3+r+1)%owners+1)
			if err := n.Kept.Desk.AtomicOf(ctx, core.Of(first), func(ctx context.Context) error {
				if err := add(ctx, n, first); err != nil {
					return err
				}
				return n.Kept.Desk.AtomicOf(ctx, core.Of(second), func(ctx context.Context) error { return add(ctx, n, second) })
			}); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	sum := 0
	for id := range core.ID(owners) {
		m, err := nodes[0].Store.Desk.Member(ctx, id+1)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		fmt.Sscan(m.Name, &n)
		sum += n
	}
	if sum != 2*rounds*crowd {
		t.Errorf("%d of %d were added", sum, 2*rounds*crowd)
	}
}
