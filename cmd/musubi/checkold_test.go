package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// older is a data directory whose database lacks the last change of the schema, as far as it knows.
func older(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	edit(t, data, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	return data
}

// TestOnlyAStartChangesTheSchema: a command for a moment finds an older program's database as it was and says what to do; a backup copies
// it as it is.
func TestOnlyAStartChangesTheSchema(t *testing.T) {
	data := older(t)
	for _, args := range []string{"check", "member show haruka@example.jp", "member add natsuki@example.jp --name 夏希", "invite natsuki@example.jp", "audit query", "audit verify",
		"operator list", "operator add Aki", "music find x", "product find x", "seed --members 1"} {
		if out, problem, status := do(t, append(strings.Fields(args), "--data", data)...); status == 0 || !strings.Contains(problem, "run musubi migrate first") || strings.Contains(out, "ok") {
			t.Errorf("musubi %s: %d %s%s", args, status, out, problem)
		}
	}
	to := filepath.Join(t.TempDir(), "copy")
	stdout(t, "backup", to, "--data", data)
	restored := filepath.Join(t.TempDir(), "restored")
	stdout(t, "restore", to, "--data", restored)
	for _, dir := range []string{data, to, restored} {
		if said := stdout(t, "migrate", "--status", "--data", dir); strings.Count(said, "missing") != 1 {
			t.Errorf("%s was changed:\n%s", dir, said)
		}
		if left, err := filepath.Glob(filepath.Join(dir, upgradeCopy+"*")); len(left) > 0 || err != nil {
			t.Errorf("it was about to be changed: %v %v", left, err)
		}
	}
}

// TestChangesOfAnotherLine: an older change that this program does not know is refused by the plan as by a start; one that it knows and the
// database has not is made, though later ones are there.
func TestChangesOfAnotherLine(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	edit(t, data, `DROP TABLE brought; DROP TABLE import; DELETE FROM goose_db_version WHERE version_id = 20261130090000`)
	if plan := stdout(t, "migrate", "--plan", "--data", data); !strings.Contains(plan, "missing  20261130090000_import.sql\n1 change;") {
		t.Errorf("the plan is\n%s", plan)
	}
	if done := stdout(t, "migrate", "--data", data); strings.Contains(done, "missing") {
		t.Errorf("not made:\n%s", done)
	}
	stdout(t, "member", "show", "haruka@example.jp", "--data", data)
	edit(t, data, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (20070101000000, 1)`)
	for _, args := range []string{"migrate --plan", "migrate --status", "migrate", "member show haruka@example.jp", "check"} {
		if _, problem, status := do(t, append(strings.Fields(args), "--data", data)...); status != 1 || !strings.Contains(problem, "another line") || !strings.Contains(problem, "20070101000000") {
			t.Errorf("musubi %s: %d %s", args, status, problem)
		}
	}
}
