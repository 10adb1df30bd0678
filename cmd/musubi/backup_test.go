package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// do runs a command line in this process and returns what it printed and its exit status.
func do(t *testing.T, args ...string) (out, problem string, status int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(args, &std{strings.NewReader(""), &stdout, &stderr})
	return stdout.String(), stderr.String(), status
}

// TestBackupOfARunningDemo: the copy holds what was written before it, and a demo starts on what restore makes of it.
func TestBackupOfARunningDemo(t *testing.T) {
	dir := t.TempDir()
	data, copied, restored := filepath.Join(dir, "data"), filepath.Join(dir, "copy"), filepath.Join(dir, "restored")
	d := startDemo(t, data)
	entry := writeEntry(t, d)
	if _, problem, status := do(t, "backup", copied, "--data", data); status != 0 {
		t.Fatalf("backup: %d %s", status, problem)
	}
	if out, problem, status := do(t, "member", "hold", d.Members[1].Mail, "--data", data); status != 0 || !strings.Contains(out, "status held") {
		t.Fatalf("hold: %d %s%s", status, out, problem)
	}
	if s := newPhone(t, d.URL, uaPC, true).logIn(d.Members[1].Mail, d.Members[1].Password); strings.Contains(string(s.raw), "/diary/write") {
		t.Error("a held member got in")
	}
	d.stop()
	if out, problem, status := do(t, "restore", copied, "--data", restored); status != 0 {
		t.Fatalf("restore: %d %s%s", status, out, problem)
	}
	if out, _, status := do(t, "migrate", "--status", "--data", restored); status != 0 || strings.Contains(out, "missing") || !strings.Contains(out, "applied") {
		t.Errorf("migrate --status: %d\n%s", status, out)
	}
	again := startDemo(t, restored)
	defer again.stop()
	p := newPhone(t, again.URL, uaPC, true)
	p.logIn(again.Members[1].Mail, again.Members[1].Password).must(200, again.Members[1].Name) // the copy is from before
	p.get(entry).must(200, "durable")
}

// TestRestoreWantsAWholeCopy: no copy without a database that can be read and the secret is restored, and the newest one that is whole is taken.
func TestRestoreWantsAWholeCopy(t *testing.T) {
	dir := t.TempDir()
	data, all := filepath.Join(dir, "data"), filepath.Join(dir, "all")
	if _, problem, status := do(t, "seed", "--members", "20", "--data", data); status != 0 {
		t.Fatalf("seed: %d %s", status, problem)
	}
	newest := []string{"musubi-20261201T000000Z", "musubi-20261202T000000Z", "musubi-20261203T000000Z"}
	if err := os.Mkdir(all, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range newest {
		if _, problem, status := do(t, "backup", filepath.Join(all, name), "--data", data); status != 0 {
			t.Fatalf("backup: %d %s", status, problem)
		}
	}
	if err := os.Truncate(filepath.Join(all, newest[2], databaseFile), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(all, newest[1], "secret")); err != nil {
		t.Fatal(err)
	}
	for _, name := range newest[1:] {
		if _, problem, status := do(t, "restore", filepath.Join(all, name), "--data", filepath.Join(dir, "no")); status != 2 || !strings.Contains(problem, "is no whole backup") {
			t.Errorf("restore of %s: %d %s", name, status, problem)
		}
	}
	out, problem, status := do(t, "restore", all, "--data", filepath.Join(dir, "yes"))
	if status != 0 || !strings.Contains(out, newest[0]) || !strings.Contains(problem, newest[1]) || !strings.Contains(problem, newest[2]) {
		t.Errorf("restore of the newest: %d %s%s", status, out, problem)
	}
}

func TestChoresSayWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct{ args, want string }{
		{"backup " + dir + "/to --data " + dir + "/none", "holds no musubi database"},
		{"restore " + dir + " --data " + dir + "/new", "is no whole backup"},
		{"migrate --data " + dir, "holds no musubi database"},
		{"member show a@example.jp --data " + dir, "holds no musubi database"},
		{"member ask a@example.jp", "must be one of"},
	} {
		if _, problem, status := do(t, strings.Fields(row.args)...); status != 2 || !strings.Contains(problem, row.want) || strings.Count(problem, "\n") != 1 {
			t.Errorf("%s: status %d, %q, want one sentence with %q", row.args, status, problem, row.want)
		}
	}
}

// TestBackupCopiesNoRuin: a database that was emptied and a secret that is gone are no copy, leave nothing in the way of the next, and no
// older copy is deleted for them.
func TestBackupCopiesNoRuin(t *testing.T) {
	for name, ruin := range map[string]func(data string) error{
		"an empty database": func(data string) error { return os.Truncate(filepath.Join(data, databaseFile), 0) },
		"a lost database":   func(data string) error { return os.Remove(filepath.Join(data, databaseFile)) },
		"a lost secret":     func(data string) error { return os.Remove(filepath.Join(data, "secret")) },
		"an empty secret":   func(data string) error { return os.Truncate(filepath.Join(data, "secret"), 0) },
	} {
		dir := t.TempDir()
		data, all, to := filepath.Join(dir, "data"), filepath.Join(dir, "all"), filepath.Join(dir, "copy")
		old := filepath.Join(all, "musubi-20260101T000000Z")
		if _, problem, status := do(t, "seed", "--members", "20", "--data", data); status != 0 {
			t.Fatalf("seed: %d %s", status, problem)
		}
		if err := os.Mkdir(all, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, problem, status := do(t, "backup", old, "--data", data); status != 0 {
			t.Fatalf("backup: %d %s", status, problem)
		}
		if err := ruin(data); err != nil {
			t.Fatal(err)
		}
		if out, problem, status := do(t, "backup", to, "--data", data); status == 0 || exists(to) || strings.Contains(out, "copied") {
			t.Errorf("%s: status %d, a copy: %v\n%s%s", name, status, exists(to), out, problem)
		}
		c := backupCmd{Data: data, Every: time.Hour}
		c.Args.To = all
		if err := c.another(t.Context(), &std{strings.NewReader(""), io.Discard, io.Discard}); err == nil || !exists(old) {
			t.Errorf("%s, again and again: %v, the older copy is there: %v", name, err, exists(old))
		}
	}
}
