package cache_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/cache"
	"musubi/core/network"
	"musubi/core/store"
	"musubi/core/store/pgtest"
)

// A node is one process on the database, as far as store and cache go.
type node struct {
	*store.Store
	Kept network.Stores
}

func openNode(t *testing.T, url string) *node {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	kept, err := cache.New(t.Context(), st, cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &node{st, kept.Stores()}
}

// A block and a suspension that one node has answered count on the other from its next request on: of 1,000 each,
// none is asked about in vain. So is a transaction that decides by what it has read.
func TestNodesNeverShowWhatIsOld(t *testing.T) {
	url := pgtest.Database(t, nil)
	a, b := openNode(t, url), openNode(t, url)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for id := range core.ID(2) {
		must(a.Kept.Desk.InsertMember(ctx, core.Member{ID: id + 1, Name: "名", CreatedAt: time.UnixMilli(1)}, fmt.Sprintf("%d@example.jp", id), ""))
	}
	here, there := a, b
	old := 0
	for i := range 1000 {
		blocked := i%2 == 0
		if blocked {
			must(here.Kept.People.InsertBlock(ctx, 1, 2, time.UnixMilli(int64(i))))
		} else {
			must(here.Kept.People.DeleteBlock(ctx, 1, 2))
		}
		must(there.Fresh(ctx))
		ties, err := there.Kept.Desk.Ties(ctx, 2, 1)
		must(err)
		if ties.Blocked != blocked {
			old++
		}
		status := [...]core.Status{core.Active, core.Held}[i/2%2]
		must(here.Store.Desk.SetStatus(ctx, 1, status))
		must(there.Store.Atomic(ctx, func(context.Context) error { return nil }))
		must(there.Fresh(ctx))
		m, err := there.Kept.Desk.Member(ctx, 1)
		must(err)
		if m.Status != status {
			old++
		}
		if i%7 == 0 {
			here, there = there, here
		}
	}
	if old != 0 {
		t.Errorf("%d of 2,000 answers were old", old)
	}
	// What is decided in a transaction is decided on what others have written before it.
	for i := range 200 {
		must(a.Store.Atomic(ctx, func(ctx context.Context) error {
			m, err := a.Kept.Desk.Member(ctx, 2)
			if err == nil {
				err = a.Store.Desk.SetStatus(ctx, 2, core.Held-m.Status)
			}
			return err
		}))
		must(b.Store.Atomic(ctx, func(ctx context.Context) error {
			m, err := b.Kept.Desk.Member(ctx, 2)
			if err == nil && (m.Status == core.Held) != (i%2 == 0) {
				err = fmt.Errorf("round %d: %d", i, m.Status)
			}
			return err
		}))
	}
}

// Each process has a number of its own, and what only one may do, one does: another a moment after that one is gone.
func TestNodesHaveNumbersAndOneDoesTheChores(t *testing.T) {
	url := pgtest.Database(t, nil)
	a, b := openNode(t, url), openNode(t, url)
	first, err := a.Lease(t.Context())
	second, other := b.Lease(t.Context())
	if err := errors.Join(err, other); err != nil || first == second {
		t.Fatalf("numbers %d and %d, %v", first, second, err)
	}
	began := make(chan string, 9)
	work := func(name string) func(ctx context.Context) {
		return func(ctx context.Context) { began <- name; <-ctx.Done() }
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go a.Alone(ctx, "test", work("a"))
	if got := <-began; got != "a" {
		t.Fatal(got)
	}
	go b.Alone(t.Context(), "test", work("b"))
	select {
	case got := <-began:
		t.Fatalf("%s as well", got)
	case <-time.After(2500 * time.Millisecond):
	}
	stop()
	select {
	case <-began:
	case <-time.After(5 * time.Second):
		t.Fatal("nobody goes on")
	}
}
