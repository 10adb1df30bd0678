package main

import (
	"bytes"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"musubi/core/files"
)

// edit opens a database apart from the program and changes it.
func edit(t *testing.T, data, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, databaseFile))
	if err == nil {
		_, err = db.Exec(query)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestANewerStoreIsRefused: by every command that opens it, within seconds and with the cure; nothing is changed.
func TestANewerStoreIsRefused(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	edit(t, data, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99990101000000, 1)`)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"serve --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0", "core --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0", "demo --json", "member show haruka@example.jp",
		"backup " + filepath.Join(t.TempDir(), "copy"), "migrate", "migrate --plan", "migrate --status", "audit query", "seed --members 1"} {
		cmd := exec.Command(path, append(strings.Fields(args), "--data", data)...)
		began := time.Now()
		said, err := cmd.CombinedOutput()
		if err == nil || time.Since(began) > 15*time.Second || !bytes.Contains(said, []byte("newer")) || !bytes.Contains(said, []byte("restore")) {
			t.Errorf("musubi %s: %v after %v\n%s", args, err, time.Since(began), said)
		}
	}
}

// TestUpgradesFromEverySchema: a database as each landed schema left it is copied, changed one by one, and serves; and a copy that
// cannot be made stops the start before anything is changed.
func TestUpgradesFromEverySchema(t *testing.T) {
	schema := os.DirFS("../../core/store/migrations/sqlite")
	entries, err := os.ReadDir("../../core/store/migrations/sqlite")
	if err != nil || len(entries) < 10 {
		t.Fatal(entries, err)
	}
	for i := range entries {
		if testing.Short() && i%4 != 0 {
			continue
		}
		data := t.TempDir()
		os.Chmod(data, 0o700)
		name := filepath.Join(data, databaseFile)
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := goose.NewProvider(goose.DialectSQLite3, db, schema)
		if err != nil {
			t.Fatal(err)
		}
		at := p.ListSources()[i].Version
		if _, err := p.UpTo(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := files.OpenSecret(filepath.Join(data, "secret")); err != nil { // which such a store had
			t.Fatal(err)
		}
		edit(t, data, `INSERT INTO member (id, name, diary_visibility, created_at) VALUES (7, '春香', 1, 1170000000000)`)
		edit(t, data, `INSERT INTO mail (address, member) VALUES ('haruka@example.jp', 7)`)
		missing := len(entries) - 1 - i
		if plan := stdout(t, "migrate", "--plan", "--data", data); strings.Count(plan, "missing") != missing {
			t.Errorf("%d: the plan is\n%s", at, plan)
		}
		var out, problems bytes.Buffer
		if missing > 0 {
			inTheWay := filepath.Join(data, upgradeCopy+".new", "x")
			if err := os.MkdirAll(inTheWay, 0o700); err != nil {
				t.Fatal(err)
			}
			if status := run([]string{"migrate", "--data", data}, &std{strings.NewReader(""), &out, &problems}); status != 1 || strings.Contains(stdout(t, "migrate", "--status", "--data", data), "\nmissing") == false && missing > 1 {
				t.Errorf("%d: without a copy, status %d\n%s", at, status, &problems)
			}
			os.RemoveAll(filepath.Join(data, upgradeCopy+".new"))
		}
		out.Reset()
		problems.Reset()
		if status := run([]string{"migrate", "--data", data}, &std{strings.NewReader(""), &out, &problems}); status != 0 || strings.Contains(out.String(), "missing") {
			t.Errorf("%d: status %d, %s%s", at, status, &out, &problems)
		}
		if said := stdout(t, "member", "show", "haruka@example.jp", "--data", data); !strings.Contains(said, "春香") {
			t.Errorf("%d: %s", at, said)
		}
		if got := strings.Count(problems.String(), "the schema was changed"); got != missing {
			t.Errorf("%d: %d changes are logged, %d were made\n%s", at, got, missing, &problems)
		}
		if exists(filepath.Join(data, upgradeCopy)) != (missing > 0) {
			t.Errorf("%d: is there a copy? %v", at, missing == 0)
		}
	}
}
