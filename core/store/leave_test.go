package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/talk"
)

const purgeEnvironment = "MUSUBI_TEST_PURGE"

// village is a member with friends, entries and comments on both sides: rows that count each other.
func village(t testing.TB, s *Store, friends, entries int) {
	t.Helper()
	ctx := context.Background()
	at := time.UnixMilli(1_200_000_000_000)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for id := core.ID(1); id <= core.ID(friends+1); id++ {
		put(t, s, id)
	}
	must(s.Atomic(ctx, func(ctx context.Context) error {
		for id := core.ID(2); id <= core.ID(friends+1); id++ {
			_, err := s.People.InsertFriends(ctx, 1, id, at, at)
			must(err)
			must(s.Journal.InsertDiary(ctx, journal.Diary{Owner: id, ID: id * 1000, Title: "t", Visibility: core.Friends, CommentsOpen: true, CreatedAt: at}))
			must(s.Talk.InsertComment(ctx, talk.Comment{Thread: journal.DiaryThread(id, id*1000), ID: id*1000 + 1, Author: 1, Body: "b", CreatedAt: at}))
			must(s.Talk.InsertComment(ctx, talk.Comment{Thread: journal.DiaryThread(id, id*1000), ID: id*1000 + 2, Author: id, Body: "b", CreatedAt: at}))
		}
		for n := range entries {
			d := journal.Diary{Owner: 1, ID: core.ID(n + 1), Title: "t", Body: strings.Repeat("x", 300), CommentsOpen: true, CreatedAt: at}
			must(s.Journal.InsertDiary(ctx, d))
			must(s.Talk.InsertComment(ctx, talk.Comment{Thread: journal.DiaryThread(1, d.ID), ID: core.ID(n + 1), Author: 2, Body: "b", CreatedAt: at}))
		}
		return nil
	}))
}

// counted compares what is counted with what is there.
func counted(t *testing.T, s *Store, when string) {
	t.Helper()
	for name, query := range map[string]string{
		"friends":            `SELECT count(*) FROM member m WHERE friends <> (SELECT count(*) FROM friend f WHERE f.member = m.id)`,
		"comments":           `SELECT count(*) FROM diary d WHERE comments <> (SELECT count(*) FROM comment c WHERE c.owner = d.member AND c.diary = d.id)`,
		"one-sided friends":  `SELECT count(*) FROM friend f WHERE NOT EXISTS (SELECT 1 FROM friend g WHERE g.member = f.friend AND g.friend = f.member)`,
		"entries of nobody":  `SELECT count(*) FROM friend_diary l WHERE NOT EXISTS (SELECT 1 FROM diary d WHERE d.member = l.owner AND d.id = l.diary)`,
		"newest of nobody":   `SELECT count(*) FROM newest_diary l WHERE NOT EXISTS (SELECT 1 FROM diary d WHERE d.member = l.owner AND d.id = l.diary)`,
		"comments on nobody": `SELECT count(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM diary d WHERE d.member = c.owner AND d.id = c.diary)`,
	} {
		var n int
		if err := s.on(context.Background()).Row(context.Background(), query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %s: %d wrong (%v)", when, name, n, err)
		}
	}
}

// A purge that is killed (kill -9) again and again leaves a database in order each time, goes on where it was, and ends.
func TestSEC115_PurgeSurvivesKills(t *testing.T) {
	if path := os.Getenv(purgeEnvironment); path != "" {
		purgeInPieces(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "musubi.db")
	s := open(t, path)
	village(t, s, 40, 60)
	if err := s.Chores.EndMembership(context.Background(), 1, time.UnixMilli(1)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	kills := 0
	for {
		ended := killAfter(t, path, 10)
		s = open(t, path)
		counted(t, s, fmt.Sprintf("after kill %d", kills))
		if ended {
			break
		}
		s.Close()
		if kills++; kills > 200 {
			t.Fatal("the purge does not come to an end")
		}
	}
	defer s.Close()
	if kills < 3 {
		t.Fatalf("killed %d times: the test says nothing", kills)
	}
	if _, err := s.Desk.Member(context.Background(), 1); err != core.ErrNotFound {
		t.Errorf("the member is still there: %v", err)
	}
	var others int
	if err := s.on(context.Background()).Row(context.Background(), `SELECT count(*) FROM diary`).Scan(&others); err != nil || others != 40 {
		t.Errorf("the others have %d entries, want 40 (%v)", others, err)
	}
	t.Logf("killed %d times", kills)
}

// killAfter purges in a process of its own and kills it after so many pieces; ended says that it was done before.
func killAfter(t *testing.T, path string, pieces int) (ended bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSEC115_PurgeSurvivesKills$")
	cmd.Env = append(os.Environ(), purgeEnvironment+"="+path, urlEnvironment+"="+databaseOf(t, path))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		switch lines.Text() {
		case "done":
			return true
		case "piece":
			if n++; n == pieces {
				cmd.Process.Kill()
			}
		}
	}
	return false
}

// purgeInPieces is the process that is killed.
func purgeInPieces(t *testing.T, path string) {
	s := open(t, path)
	for {
		n, err := s.Chores.Purge(context.Background(), 1, time.UnixMilli(2), 7)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			fmt.Println("done")
			return
		}
		fmt.Println("piece")
	}
}

// How long one transaction of a purge is: other writes wait for so long.
func BenchmarkPurge(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := open(b, filepath.Join(b.TempDir(), "musubi.db"))
		village(b, s, 300, 300)
		b.StartTimer()
		var longest time.Duration
		for {
			began := time.Now()
			n, err := s.Chores.Purge(context.Background(), 1, time.Now(), 100)
			if err != nil {
				b.Fatal(err)
			}
			longest = max(longest, time.Since(began))
			if n == 0 {
				break
			}
		}
		b.StopTimer()
		b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
		s.Close()
		b.StartTimer()
	}
}
