package main

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckChangesNothing: who looks through a copy of an older program's database finds it as it was, and reads what to do.
func TestCheckChangesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	db, err := sql.Open("sqlite", filepath.Join(data, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`); err != nil {
		t.Fatal(err)
	}
	if out, problem, status := do(t, "check", "--data", data); status == 0 || !strings.Contains(problem, "musubi migrate") || strings.Contains(out, "ok") {
		t.Errorf("%d %s%s", status, out, problem)
	}
	if left, err := filepath.Glob(filepath.Join(data, upgradeCopy+"*")); len(left) > 0 || err != nil {
		t.Errorf("it was about to be changed: %v %v", left, err)
	}
}
