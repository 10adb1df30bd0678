package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/talk"
)

// Rows move between pages as others come and go between them; no copy of them stays where they were.
func TestSEC122_NoTraceInTheFile(t *testing.T) {
	onFile(t)
	path := filepath.Join(t.TempDir(), "musubi.db")
	s := open(t, path)
	defer s.Close()
	ctx := context.Background()
	const members, entries, leaver = 60, 3000, 30
	for id := core.ID(1); id <= members; id++ {
		put(t, s, id)
	}
	r := rand.New(rand.NewPCG(1, 2))
	at := time.UnixMilli(1_200_000_000_000)
	for range entries / 50 {
		err := s.Atomic(ctx, func(ctx context.Context) error {
			for range 50 {
				owner, other := core.ID(r.IntN(members)+1), core.ID(r.IntN(members)+1)
				id := core.ID(r.IntN(1<<30) + 1)
				body := fmt.Sprintf("trace-of-%d. %s", owner, strings.Repeat("x", r.IntN(900)))
				if err := s.Journal.InsertDiary(ctx, journal.Diary{Owner: owner, ID: id, Title: "t", Body: body, CommentsOpen: true, CreatedAt: at}); err != nil {
					return err
				}
				comment := talk.Comment{Thread: journal.DiaryThread(owner, id), ID: id, Author: other, Body: fmt.Sprintf("trace-of-%d.", other), CreatedAt: at}
				if err := s.Talk.InsertComment(ctx, comment); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Chores.EndMembership(ctx, leaver, at); err != nil {
		t.Fatal(err)
	}
	for {
		n, err := s.Chores.Purge(ctx, leaver, at, 50)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	began := time.Now()
	if err := s.Chores.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	t.Logf("scrubbed in %v", time.Since(began))
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte(fmt.Sprintf("trace-of-%d.", leaver))); n > 0 {
			t.Errorf("%s of %d bytes still has %d traces", filepath.Base(name), len(content), n)
		}
		if name == path && !bytes.Contains(content, []byte("trace-of-29.")) {
			t.Error("the others' words are gone too, or were never there")
		}
	}
	if err := Check(ctx, path); err != nil {
		t.Error(err)
	}
}
