package main

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core/seed"
)

// TestSeedCommand fills a store, refuses to do it twice, and says what is wrong with its flags.
func TestSeedCommand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	rows := []struct {
		name   string
		args   []string
		status int
		out    string // pattern
		err    string // part
	}{
		{"fill", []string{"--members", "30"}, 0,
			`^30 members, \d+ friendships, \d+ diaries, \d+ albums, \d+ comments in \d+\.\d s \(\d+ members/s\)\nlog in as m0\.1@example\.jp … m29\.1@example\.jp with password musubi2007\n$`, ""},
		{"again", []string{"--members", "30"}, 2, `^$`, "choose another --seed"},
		{"other seed", []string{"--members", "5", "--seed", "2", "--password", "kyoto-no-neko"}, 0, `m4\.2@example\.jp with password kyoto-no-neko`, ""},
		{"nobody", []string{"--members", "0"}, 2, `^$`, "expected a number from 1 to"},
		{"too many", []string{"--members", "99999999"}, 2, `^$`, "expected a number from 1 to"},
		{"not a number", []string{"--members", "many"}, 2, `^$`, "many"},
		{"missing", nil, 2, `^$`, "--members"},
		{"short password", []string{"--members", "5", "--password", "short"}, 2, `^$`, "8 to 64"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			status := run(append([]string{"seed", "--data", data}, r.args...), &std{strings.NewReader(""), &out, &errs})
			if status != r.status || !regexp.MustCompile(r.out).MatchString(out.String()) || !strings.Contains(errs.String(), r.err) {
				t.Errorf("status %d, stdout %q, stderr %q", status, out.String(), errs.String())
			}
			if r.status == 0 && errs.Len() > 0 {
				t.Errorf("stderr %q, want silence without a terminal", errs.String())
			}
		})
	}
}

// TestKillInTheMiddleOfASeed kills the program (kill -9) while it fills a store. The database is sound, the members stored so
// far are whole, and work goes on with it.
func TestKillInTheMiddleOfASeed(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	const members = 40_000
	data := filepath.Join(t.TempDir(), "data")
	cmd := exec.Command(path, "seed", "--members", "40000", "--data", data)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stored := 0
	for deadline := time.Now().Add(time.Minute); stored == 0; time.Sleep(5 * time.Millisecond) {
		if db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "musubi.db")+"?mode=ro"); err == nil {
			db.QueryRow(`SELECT count(*) FROM member`).Scan(&stored) // fails while there is no table
			db.Close()
		}
		if time.Now().After(deadline) {
			t.Error("no batch was stored within a minute")
			break
		}
	}
	cmd.Process.Kill()
	cmd.Wait()

	db, err := sql.Open("sqlite", filepath.Join(data, "musubi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var sound string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("integrity_check: %q, %v", sound, err)
	}
	var friends int
	if err := db.QueryRow(`SELECT count(*), coalesce(sum(friends), 0) FROM member`).Scan(&stored, &friends); err != nil || stored == 0 || stored == members || stored%2000 != 0 {
		t.Errorf("%d members are there (%v)", stored, err)
	}
	var rows, comments, counted int
	if err := db.QueryRow(`SELECT (SELECT count(*) FROM friend), (SELECT count(*) FROM comment), (SELECT coalesce(sum(comments), 0) FROM diary)`).Scan(&rows, &comments, &counted); err != nil || rows != friends || comments != counted {
		t.Errorf("%d rows for %d friends, %d comments where %d were counted (%v)", rows, friends, comments, counted, err)
	}
	t.Logf("%d of %d members were stored", stored, members)

	ctx := context.Background()
	room, err := openCore(ctx, onData(data, logger(os.Stderr, slog.LevelError)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := room.services.Account.Login(ctx, seed.Mail(1, stored-1), "musubi2007", ""); err != nil {
		t.Errorf("the last member stored logs in: %v", err)
	}
	if _, err := seed.Fill(ctx, room.services, seed.FillOptions{Members: 50, Seed: 2, Password: "musubi2007"}); err != nil {
		t.Errorf("another seed: %v", err)
	}
	if err := room.Close(); err != nil {
		t.Error(err)
	}
}
