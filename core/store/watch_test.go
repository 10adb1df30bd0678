package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// watched is a store that notes what its watcher is told.
type watched struct {
	*Store
	mu   sync.Mutex
	all  []engine.Invalidation
	lost int
}

// take gives what was told since the last time.
func (w *watched) take() (invalidations []engine.Invalidation, lost int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	invalidations, lost = w.all, w.lost
	w.all, w.lost = nil, 0
	return invalidations, lost
}

func watch(t *testing.T, s *Store, groups ...engine.Group) *watched {
	t.Helper()
	w := &watched{Store: s}
	err := s.Watch(t.Context(), engine.Watcher{
		Groups:   groups,
		Changing: func(int, engine.Invalidation) {},
		Changed: func(_ int, invalidations []engine.Invalidation) {
			w.mu.Lock()
			w.all = append(w.all, invalidations...)
			w.mu.Unlock()
		},
		Lost: func() { w.mu.Lock(); w.lost++; w.mu.Unlock() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWatchTellsEveryChangedRow(t *testing.T) {
	ctx := t.Context()
	w := watch(t, fresh(t), engine.Group{Table: "member", Columns: []int{0}}, engine.Group{Table: "session", Columns: []int{0}}, engine.Group{Table: "friend", Columns: []int{0}}, engine.Group{Table: "diary", Columns: []int{0}}, engine.Group{Table: "diary", Columns: []int{0, 1}})
	expect := func(what string, want ...engine.Invalidation) {
		t.Helper()
		got, lost := w.take()
		for _, row := range want {
			if !slices.Contains(got, row) {
				t.Errorf("%s: %v is not among %v", what, row, got)
			}
		}
		for _, row := range got {
			if !slices.Contains(want, row) {
				t.Errorf("%s: %v was not expected", what, row)
			}
		}
		if lost != 0 {
			t.Errorf("%s: taken for another process's", what)
		}
	}
	put(t, w.Store, 1)
	put(t, w.Store, 2)
	expect("two members", engine.Invalidation{Group: 0, A: 1}, engine.Invalidation{Group: 0, A: 2})

	if _, err := w.People.InsertFriends(ctx, 1, 2, time.UnixMilli(5), time.Time{}); err != nil {
		t.Fatal(err)
	}
	expect("a friendship", engine.Invalidation{Group: 2, A: 1}, engine.Invalidation{Group: 2, A: 2}, engine.Invalidation{Group: 0, A: 1}, engine.Invalidation{Group: 0, A: 2})

	for _, key := range []string{"one", "two"} {
		if err := w.Account.InsertSession(ctx, account.Session{Key: key, Member: 1}); err != nil {
			t.Fatal(err)
		}
	}
	w.take()
	if err := w.Account.DeleteSessions(ctx, 1); err != nil {
		t.Fatal(err)
	}
	expect("sessions that go by another column", engine.Invalidation{Group: 1, A: engine.TextValue("one")}, engine.Invalidation{Group: 1, A: engine.TextValue("two")})

	d := journal.Diary{Owner: 1, ID: 77, Title: "題", CreatedAt: time.UnixMilli(9)}
	if err := w.Journal.InsertDiary(ctx, d); err != nil {
		t.Fatal(err)
	}
	expect("an entry", engine.Invalidation{Group: 3, A: 1}, engine.Invalidation{Group: 4, A: 1, B: 77})
	if err := w.Talk.InsertComment(ctx, talk.Comment{Thread: journal.DiaryThread(1, 77), ID: 5, Author: 2, Body: "返", CreatedAt: time.UnixMilli(9)}); err != nil {
		t.Fatal(err)
	}
	expect("a comment moves its entry", engine.Invalidation{Group: 3, A: 1}, engine.Invalidation{Group: 4, A: 1, B: 77})

	if _, err := w.Desk.Member(ctx, 1); err != nil {
		t.Fatal(err)
	}
	expect("reading")
}

func TestWatchTellsBeforeTheWriterIsAnswered(t *testing.T) {
	w := watch(t, fresh(t), engine.Group{Table: "member", Columns: []int{0}})
	for id := core.ID(1); id < 200; id++ {
		put(t, w.Store, id)
		if got, _ := w.take(); !slices.Contains(got, engine.Invalidation{Group: 0, A: int64(id)}) {
			t.Fatalf("member %d is stored, and nobody was told", id)
		}
	}
}

func TestWatchAndAFailedWrite(t *testing.T) {
	w := watch(t, fresh(t), engine.Group{Table: "member", Columns: []int{0}})
	put(t, w.Store, 1)
	w.take()
	bad := errors.New("no")
	err := w.Atomic(t.Context(), func(ctx context.Context) error {
		return errors.Join(w.Desk.SetName(ctx, 1, "別"), bad)
	})
	if !errors.Is(err, bad) {
		t.Fatal(err)
	}
	w.take() // may say too much
	if err := w.Desk.SetName(t.Context(), 1, "名"); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.take(); !slices.Equal(got, []engine.Invalidation{{Group: 0, A: 1}}) {
		t.Errorf("after a failed write: %v", got)
	}
}

func TestWatchSeesOtherProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "musubi.db")
	here, there := open(t, path), open(t, path)
	defer here.Close()
	defer there.Close()
	w := watch(t, here, engine.Group{Table: "member", Columns: []int{0}})
	put(t, there, 1)
	for range 100 {
		if _, lost := w.take(); lost > 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("another connection has written, and nobody was told in two seconds")
}

func BenchmarkWatchedFanOut(b *testing.B) {
	for _, name := range []string{"alone", "watched"} {
		b.Run(name, func(b *testing.B) {
			s := fresh(b)
			for id := core.ID(1); id <= 200; id++ {
				put(b, s, id)
				if id > 1 {
					if _, err := s.People.InsertFriends(b.Context(), 1, id, time.UnixMilli(1), time.Time{}); err != nil {
						b.Fatal(err)
					}
				}
			}
			if name == "watched" {
				if err := s.Watch(b.Context(), engine.Watcher{Groups: []engine.Group{{Table: "friend_diary", Columns: []int{0}}}, Changing: func(int, engine.Invalidation) {}, Changed: func(int, []engine.Invalidation) {}, Lost: func() {}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			id := core.ID(1000)
			for b.Loop() {
				id++
				if err := s.Journal.InsertDiary(b.Context(), journal.Diary{Owner: 1, ID: id, Title: "題", CreatedAt: time.UnixMilli(9)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
