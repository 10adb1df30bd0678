package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"musubi/core/store/pgtest"
)

// TestMove: a community moves from a file to PostgreSQL. The cookie of before opens it, each page of a member reads as before, and their
// photos are there; the old file starts nothing by mistake, and a database with members is not written over.
func TestMove(t *testing.T) {
	pg := pgtest.Start(t)
	pg.Run(t, `CREATE DATABASE musubi`)
	dir, db := t.TempDir(), pg.URL("musubi")
	data := filepath.Join(dir, "data")
	stdout(t, "seed", "--members", "30", "--photos", "--data", data)

	before := startServe(t, data)
	p := newPhone(t, before.url, uaPC, true)
	p.logIn("m1.1@example.jp", "musubi2007")
	pages := []string{"/home", "/diaries", "/friends", "/messages", "/albums", "/bookmarks", "/calendar", "/communities", "/notices", "/settings"}
	for _, l := range p.get("/home").must(200).links {
		if strings.HasPrefix(l.href, "/") && !strings.Contains(l.href, "logout") && len(pages) < 40 {
			pages = append(pages, l.href)
		}
	}
	read := func() map[string]string {
		read := map[string]string{}
		for _, page := range pages {
			s := p.get(page)
			read[page] = string(changing.ReplaceAll(s.raw, nil))
			for _, image := range s.images {
				if strings.HasPrefix(image, "/photo/") {
					read[image] = string(p.get(image).must(200).raw)
				}
			}
		}
		return read
	}
	read() // what a first visit changes, footprints and marks, is changed
	want := read()
	if _, problem, status := do(t, "move", "--from", data, "--to", db); status != 2 || !strings.Contains(problem, "stop it first") {
		t.Fatalf("while it is served: %d %s", status, problem)
	}
	before.stop()
	said := stdout(t, "move", "--from", data, "--to", db, "--blobs", filepath.Join(dir, "blobs"), "--secret-in-db", "plain")
	if !strings.Contains(said, "all there and equal") {
		t.Error(said)
	}
	if err := os.RemoveAll(filepath.Join(data, picturesDir)); err != nil {
		t.Fatal(err)
	}

	for _, node := range []string{data, filepath.Join(dir, "another")} { // which has no secret of its own
		after := startServe(t, node, "--db", db, "--blobs", filepath.Join(dir, "blobs"), "--secret-in-db", "plain")
		base := *p
		p.base = newPhone(t, after.url, uaPC, false).base
		for page, now := range read() {
			if was := want[page]; now != was {
				same := 0
				for same < min(len(now), len(was)) && now[same] == was[same] {
					same++
				}
				around := func(s string) string { return s[max(0, same-100):min(len(s), same+100)] }
				t.Errorf("%s reads\n…%s…\nit was\n…%s…", page, around(now), around(was))
			}
		}
		p.base = base.base
		after.stop()
	}
	photos := 0
	for page := range want {
		if strings.HasPrefix(page, "/photo/") {
			photos++
		}
	}
	if len(want) < 25 || photos < 3 || !strings.Contains(want["/home"], "/logout") {
		t.Errorf("%d pages, %d photos: the test says nothing", len(want), photos)
	}

	if _, problem, status := do(t, "move", "--from", data, "--to", db); status != 2 || !strings.Contains(problem, "was moved already") {
		t.Errorf("a second time: %d %s", status, problem)
	}
	if _, problem, status := do(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"); status == 0 || !strings.Contains(problem, "missing or empty") {
		t.Errorf("the old directory starts without --db: %d %s", status, problem)
	}
	other := filepath.Join(dir, "other")
	stdout(t, "seed", "--members", "3", "--seed", "2", "--data", other)
	if _, problem, status := do(t, "move", "--from", other, "--to", db); status != 2 || !strings.Contains(problem, "name an empty one") || !exists(filepath.Join(other, databaseFile)) {
		t.Errorf("over another community: %d %s", status, problem)
	}
}

// changing is what differs from one reading of a page to the next.
var changing = regexp.MustCompile(`name="k" value="[^"]*"`)

// A row that is not what it was is noticed, and nothing of the others is left: the target can be used again.
func TestMoveComparesAndLeavesNothing(t *testing.T) {
	pg := pgtest.Start(t)
	pg.Run(t, `CREATE DATABASE musubi`)
	db := pg.URL("musubi")
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "seed", "--members", "5", "--data", data)
	first := stdout(t, "migrate", "--data", filepath.Join(t.TempDir(), "m"), "--db", db)
	target, err := sql.Open("pgx", db)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	rows := func() (n int) {
		t.Helper()
		if err := target.QueryRow(`SELECT (SELECT count(*) FROM member) + (SELECT count(*) FROM diary)`).Scan(&n); err != nil {
			t.Fatal(err, first)
		}
		return n
	}
	for _, spoil := range []string{ // by a trigger, as nothing else could
		`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.title = NEW.title || $$.$$; RETURN NEW; END'`,
		`CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created_at = NEW.created_at + 1; RETURN NEW; END'`,
		`CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
	} {
		if _, err := target.Exec(spoil + `; CREATE OR REPLACE TRIGGER spoil BEFORE INSERT ON diary FOR EACH ROW EXECUTE FUNCTION spoil()`); err != nil {
			t.Fatal(err)
		}
		_, problem, status := do(t, "move", "--from", data, "--to", db)
		if status != 1 || !strings.Contains(problem, "table diary") || !strings.Contains(problem, "is not what it was") || rows() != 0 {
			t.Errorf("%s: %d %s, %d rows are there", spoil, status, problem, rows())
		}
	}
	if _, err := target.Exec(`DROP TRIGGER spoil ON diary`); err != nil {
		t.Fatal(err)
	}
	if stdout(t, "move", "--from", data, "--to", db); rows() < 10 {
		t.Errorf("%d rows after all", rows())
	}
}
