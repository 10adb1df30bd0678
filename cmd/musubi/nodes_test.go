package main

import (
	"database/sql"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/core/store/pgtest"
)

// TestNodesOfOneDatabase: two processes serve from one PostgreSQL. The cookie of one opens on the other, which has no secret of its own;
// what is written on one is read on the other at once; kill -9 of one, and of PostgreSQL, in the midst of comments loses none that was
// answered and doubles none, and both answer again within five seconds.
func TestNodesOfOneDatabase(t *testing.T) {
	pg := pgtest.Start(t)
	pg.Run(t, `CREATE DATABASE musubi`)
	dir, db := t.TempDir(), pg.URL("musubi")
	shared := []string{"--db", db, "--blobs", filepath.Join(dir, "blobs"), "--secret-in-db", "plain"}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, append([]string{"seed", "--members", "20", "--data", filepath.Join(dir, "a")}, shared...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
	node := func(name string) *server { return startServe(t, filepath.Join(dir, name), shared...) }
	a, b := node("a"), node("b")
	on := func(s *server) *demo {
		d := &demo{t: t, URL: s.url}
		for i := range 3 {
			d.Members = append(d.Members, struct{ Mail, Password, Name string }{fmt.Sprintf("m%d.1@example.jp", i), "musubi2007", ""})
		}
		return d
	}
	entry := writeEntry(t, on(a))
	p := newPhone(t, a.url, uaPC, true)
	p.logIn(on(a).Members[0].Mail, on(a).Members[0].Password)
	to := func(s *server) *phone {
		base, err := url.Parse(s.url)
		if err != nil {
			t.Fatal(err)
		}
		moved := *p // with its cookie
		moved.base = base
		return &moved
	}
	for i := range 20 {
		from, other := a, b
		if i%2 == 1 {
			from, other = b, a
		}
		text := fmt.Sprintf("on-the-other-%d.", i)
		if !comment(to(from), entry, text) {
			t.Fatalf("%s was not taken\n%s", text, from.log)
		}
		if s := to(other).get(entry).must(200); !strings.Contains(string(s.raw), text) {
			t.Fatalf("%s is not on the other node", text)
		}
	}

	var mu sync.Mutex
	var said []string
	crowd := func(s *server, name string, stop <-chan struct{}) {
		one := to(s)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if text := fmt.Sprintf("said-%s-%d.", name, n); comment(one, entry, text) {
				mu.Lock()
				said = append(said, text)
				mu.Unlock()
			}
		}
	}
	during := func(name string, on []*server, harm func()) {
		stop := make(chan struct{})
		var all sync.WaitGroup
		for i, s := range on {
			all.Go(func() { crowd(s, fmt.Sprint(name, i), stop) })
		}
		time.Sleep(700 * time.Millisecond)
		harm()
		time.Sleep(300 * time.Millisecond)
		close(stop)
		all.Wait()
	}
	well := func(s *server, since time.Time) {
		for n := 0; !comment(to(s), entry, fmt.Sprintf("again-%p-%d.", s, n)); n++ {
			if time.Since(since) > 5*time.Second {
				t.Fatalf("does not take comments after %v\n%s", time.Since(since), s.log)
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Logf("well after %v", time.Since(since).Round(10*time.Millisecond))
	}
	during("node", []*server{a, b}, func() { b.cmd.Process.Kill() })
	b.cmd.Wait()
	well(a, time.Now())
	b = node("b")
	during("pg", []*server{a, b}, func() { pg.Kill(t) })
	pg.Begin(t)
	back := time.Now()
	well(a, back)
	well(b, back)

	rows, err := sql.Open("pgx", db)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, text := range said {
		var n int
		if err := rows.QueryRow(`SELECT count(*) FROM comment WHERE strpos(body, $1) > 0`, text).Scan(&n); err != nil || n != 1 {
			t.Errorf("%s was answered and is there %d times (%v)", text, n, err)
		}
	}
	if len(said) < 20 {
		t.Fatalf("only %d comments were answered: the test says nothing", len(said))
	}
	t.Logf("%d comments answered", len(said))
	a.stop()
	b.stop()
}
