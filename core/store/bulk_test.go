package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/journal"
	"musubi/core/talk"
)

// crowd is a batch of members from…to-1, each with an entry and a comment of their own under it.
func crowd(from, to int) *chores.Batch {
	b := new(chores.Batch)
	for i := from; i < to; i++ {
		id, at := core.ID(i+1), time.UnixMilli(int64(i))
		b.Members = append(b.Members, chores.BatchMember{Member: core.Member{ID: id, Name: fmt.Sprint("member ", i), CreatedAt: at}, Mail: fmt.Sprintf("%d@example.jp", i)})
		b.Diaries = append(b.Diaries, chores.BatchDiary{Diary: journal.Diary{Owner: id, ID: id, Title: "題", Body: "本文", Comments: 1, CreatedAt: at}})
		b.Comments = append(b.Comments, talk.Comment{Thread: journal.DiaryThread(id, id), ID: id, Author: id, Body: "自分で", CreatedAt: at})
	}
	return b
}

func count(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	if err := s.on(context.Background()).Row(context.Background(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBatchIsAllOrNone: of a batch with one address that is taken nothing is stored, wherever the address stands.
func TestBatchIsAllOrNone(t *testing.T) {
	const n = 300 // several statements of many rows, and a rest
	s, ctx := fresh(t), context.Background()
	if err := s.Chores.InsertBatch(ctx, crowd(0, n)); err != nil {
		t.Fatal(err)
	}
	for _, taken := range []int{0, n / 2, n - 1} {
		b := crowd(n, 2*n)
		b.Members[taken].Mail = "7@example.jp"
		if err := s.Chores.InsertBatch(ctx, b); !errors.Is(err, core.ErrMailTaken) {
			t.Errorf("address %d is taken: %v", taken, err)
		}
	}
	b := crowd(n, 2*n)
	b.Comments[n-1] = b.Comments[0]
	if err := s.Chores.InsertBatch(ctx, b); err == nil || errors.Is(err, core.ErrMailTaken) {
		t.Errorf("a comment twice: %v", err)
	}
	for _, table := range []string{"member", "mail", "diary", "newest_diary", "comment"} {
		if got := count(t, s, table); got != n {
			t.Errorf("%d rows of %s, want %d", got, table, n)
		}
	}
	if err := s.Chores.InsertBatch(ctx, crowd(n, 2*n)); err != nil || count(t, s, "comment") != 2*n {
		t.Errorf("after the failures: %v", err)
	}
}

// TestBatchWithinAWrite: a batch joins the transaction that ctx carries, and goes with it.
func TestBatchWithinAWrite(t *testing.T) {
	s, ctx, stop := fresh(t), context.Background(), errors.New("stop")
	err := s.Atomic(ctx, func(ctx context.Context) error {
		if err := s.Chores.InsertBatch(ctx, crowd(0, 50)); err != nil {
			return err
		}
		if _, err := s.Desk.Member(ctx, 50); err != nil {
			t.Errorf("within the write: %v", err)
		}
		return stop
	})
	if !errors.Is(err, stop) || count(t, s, "member") != 0 {
		t.Errorf("%v, %d members", err, count(t, s, "member"))
	}
}

// TestBatchesPutOffTheCopying: what batches change stays in the log, and the next write has it copied into the database as
// it would have been without them.
func TestBatchesPutOffTheCopying(t *testing.T) {
	onFile(t)
	s, ctx := fresh(t), context.Background()
	size := func() int64 {
		t.Helper()
		info, err := os.Stat(s.db.Path())
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	const n, kept = 6000, 400_000
	before := size()
	for i := range 11 { // the log has more pages than usual after the tenth
		if err := s.Chores.InsertBatch(ctx, crowd(1000*n*i, 1000*n*i+n)); err != nil {
			t.Fatal(err)
		}
	}
	if log, err := os.Stat(s.db.Path() + "-wal"); err != nil || log.Size() < 4000*4096 {
		t.Fatalf("the batches are too small: %v, %v", log.Size(), err)
	}
	if grown := size() - before; grown > kept {
		t.Errorf("the database has %d bytes more after batches", grown)
	}
	put(t, s, 1<<40)
	put(t, s, 1<<40+1) // which waits for what follows on the first
	if grown := size() - before; grown < 2*kept {
		t.Errorf("the database has %d bytes more after a write", grown)
	}
}
