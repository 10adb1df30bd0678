package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/engine"
	"musubi/core/store/pgtest"
	"musubi/core/store/shardtest"
	"musubi/core/talk"
)

func TestMain(m *testing.M) { os.Exit(shardtest.Main(m.Run(), false)) }

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), Config{Path: path, URL: databaseOf(t, path), Wrote: shardtest.Wrote(path, Tables())})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// databaseOf is the PostgreSQL database that stands for a file where the suite runs on PostgreSQL.
func databaseOf(t testing.TB, path string) string {
	t.Helper()
	if url := os.Getenv(urlEnvironment); url != "" { // of the process that started this one
		return url
	}
	url, ok := databases.Load(path)
	if !ok {
		url = pgtest.Chosen(t, func(url string) error {
			s, err := Open(context.Background(), Config{URL: url})
			if err != nil {
				return err
			}
			return s.Close()
		})
		databases.Store(path, url)
	}
	return url.(string)
}

var databases sync.Map

const urlEnvironment = "MUSUBI_TEST_DB_URL"

// onFile skips what is asked of SQLite's file and has no meaning elsewhere.
func onFile(t *testing.T) {
	t.Helper()
	if os.Getenv(pgtest.Environment) != "" {
		t.Skip("asks SQLite's file")
	}
}

func fresh(t testing.TB) *Store {
	t.Helper()
	s := open(t, filepath.Join(t.TempDir(), "musubi.db"))
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t testing.TB, s *Store, id core.ID) {
	t.Helper()
	m := core.Member{ID: id, Name: fmt.Sprint("member ", id), CreatedAt: time.UnixMilli(int64(id))}
	if err := s.Desk.InsertMember(context.Background(), m, fmt.Sprintf("%d@example.jp", id), "hash"); err != nil {
		t.Fatal(err)
	}
}

func TestReopenKeepsTheData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "musubi.db")
	s := open(t, path)
	put(t, s, 7)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	m, err := s.Desk.Member(context.Background(), 7)
	if err != nil || m.Name != "member 7" || m.CreatedAt.UnixMilli() != 7 {
		t.Fatalf("Member = %+v, %v", m, err)
	}
	if err := s.Desk.InsertMember(context.Background(), core.Member{ID: 8}, "7@example.jp", ""); !errors.Is(err, core.ErrMailTaken) {
		t.Fatalf("second member of one address: %v, want ErrMailTaken", err)
	}
	if _, err := s.Desk.Member(context.Background(), 8); !errors.Is(err, core.ErrNotFound) {
		t.Fatalf("half a member was stored: %v", err)
	}
}

func TestSEC125_FileMode(t *testing.T) {
	onFile(t)
	path := filepath.Join(t.TempDir(), "musubi.db")
	open(t, path).Close()
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o, expected nobody else to read it", name, info.Mode().Perm())
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(context.Background(), Config{Path: path}); err == nil {
		s.Close()
		t.Fatal("a database that others can read must be refused")
	}
}

// A write that fails undoes itself, whole, and none of those that share its COMMIT.
func TestFailedWritesStandAlone(t *testing.T) {
	s := fresh(t)
	broken := errors.New("broken")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			id := core.ID(i + 1)
			err := s.Atomic(context.Background(), func(ctx context.Context) error {
				if err := s.Desk.InsertMember(ctx, core.Member{ID: id, Name: "m"}, fmt.Sprintf("%d@example.jp", id), ""); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return broken
				case 2:
					panic("in a write")
				}
				return nil
			})
			if want := i%4 == 1 || i%4 == 2; (err != nil) != want {
				t.Errorf("write %d: error %v, want one: %v", i, err, want)
			}
		})
	}
	wg.Wait()
	for i := range 200 {
		_, err := s.Desk.Member(context.Background(), core.ID(i+1))
		if want := i%4 == 1 || i%4 == 2; errors.Is(err, core.ErrNotFound) != want {
			t.Errorf("member %d: %v, want missing: %v", i+1, err, want)
		}
	}
}

// A write that was answered can be read by everybody, at once.
func TestReadYourWrites(t *testing.T) {
	s := fresh(t)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				id := core.ID(g*1000 + i + 1)
				put(t, s, id)
				if _, err := s.Desk.Member(context.Background(), id); err != nil {
					t.Errorf("member %d after its write was answered: %v", id, err)
				}
			}
		})
	}
	wg.Wait()
}

// What Atomic writes is seen inside it and by nobody else before it ends.
func TestAtomicIsIsolated(t *testing.T) {
	s := fresh(t)
	err := s.Atomic(context.Background(), func(ctx context.Context) error {
		if err := s.Desk.InsertMember(ctx, core.Member{ID: 1, Name: "m"}, "1@example.jp", ""); err != nil {
			return err
		}
		if _, err := s.Desk.Member(ctx, 1); err != nil {
			t.Errorf("inside: %v", err)
		}
		if _, err := s.Desk.Member(context.Background(), 1); !errors.Is(err, core.ErrNotFound) {
			t.Errorf("outside: %v, want ErrNotFound", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWritesAfterClose(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "musubi.db"))
	s.Close()
	if err := s.Account.SetLastLogin(context.Background(), 1, time.Now()); !errors.Is(err, engine.ErrClosed) {
		t.Fatalf("write after Close: %v", err)
	}
}

func TestWriteOfAGoneCallerIsDropped(t *testing.T) {
	s := fresh(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Desk.InsertMember(ctx, core.Member{ID: 1}, "1@example.jp", ""); !errors.Is(err, context.Canceled) {
		t.Fatalf("write with a cancelled context: %v", err)
	}
}

func BenchmarkMember(b *testing.B) {
	s := fresh(b)
	for i := range 1000 {
		put(b, s, core.ID(i+1))
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := s.Desk.Member(b.Context(), core.ID(i%1000+1)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFriendsDiaryLines(b *testing.B) {
	s := fresh(b)
	ctx := context.Background()
	for i := range 100 {
		put(b, s, core.ID(i+1))
	}
	err := s.Atomic(ctx, func(ctx context.Context) error {
		for i := range 100 {
			id := core.ID(i + 1)
			if i > 0 {
				if _, err := s.People.InsertFriends(ctx, 1, id, time.Now(), time.Time{}); err != nil {
					return err
				}
			}
			for n := range 20 {
				d := journal.Diary{Owner: id, ID: core.ID(n*1000 + i + 1), Title: "題", Body: "本文", Visibility: core.Friends, CreatedAt: time.Now()}
				if err := s.Journal.InsertDiary(ctx, d); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		lines, err := s.Journal.FriendsDiaryLines(ctx, 1, core.Page{Size: 10})
		if err != nil || len(lines) != 11 {
			b.Fatal(len(lines), err)
		}
	}
}

// BenchmarkWrite writes comments: alone, and with sixty-four at once, which share a COMMIT.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s := fresh(b)
			put(b, s, 1)
			if err := s.Journal.InsertDiary(context.Background(), journal.Diary{Owner: 1, ID: 1, CreatedAt: time.Now()}); err != nil {
				b.Fatal(err)
			}
			var mu sync.Mutex
			next := core.ID(0)
			b.ReportAllocs()
			b.SetParallelism(writers / 2) // times GOMAXPROCS
			if writers == 1 {
				b.SetParallelism(1)
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					mu.Lock()
					next++
					id := next
					mu.Unlock()
					if err := s.Talk.InsertComment(context.Background(), talk.Comment{Thread: journal.DiaryThread(1, 1), ID: id, Author: 1, Body: "コメント", CreatedAt: time.Now()}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
