package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var errDown = errors.New("down")

// machined is a database whose errors of the machine are errDown.
func machined(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "test.db"), Unavailable: errDown}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	err = db.Exec(t.Context(), func(ctx context.Context, q Querier) error {
		return RunAll(ctx, q, Step{Query: `CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`}, Step{Query: `INSERT INTO thing VALUES (1, '')`})
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// What the machine does not let be stored is told apart from what is wrong with a statement (issue 27, number 15).
func TestErrorsOfTheMachineHaveAName(t *testing.T) {
	db, ctx := machined(t), t.Context()
	wrong := db.Exec(ctx, func(ctx context.Context, q Querier) error {
		_, err := q.Run(ctx, `INSERT INTO thing VALUES (1, 'twice')`)
		return err
	})
	if wrong == nil || errors.Is(wrong, errDown) {
		t.Errorf("a row twice: %v", wrong)
	}
	full(t, db, true)
	if err := setName(ctx, db, 1, strings.Repeat("文", 1<<20)); !errors.Is(err, errDown) {
		t.Errorf("on a full disk: %v", err)
	}
	full(t, db, false)
	only := db.write.outside(ctx, func() error {
		_, err := db.write.conn.ExecContext(ctx, `PRAGMA query_only = ON`)
		return err
	})
	if err := setName(ctx, db, 1, "read-only"); only != nil || !errors.Is(err, errDown) {
		t.Errorf("on a read-only disk: %v, %v", err, only)
	}
	db.Close()
	if err := setName(ctx, db, 1, "closed"); !errors.Is(err, errDown) {
		t.Errorf("closed: %v", err)
	}
}

const (
	unsyncedEnvironment = "MUSUBI_TEST_UNSYNCED"
	unsyncedWrites      = 6000
)

// A failed fsync ends the process with a sentence, whether it was that of the log or that of the database into which the log
// is copied, and every write that was answered before is there (issue 27, number 17). strace makes the fsync fail.
func TestFailedSyncEndsTheProcess(t *testing.T) {
	if path := os.Getenv(unsyncedEnvironment); path != "" {
		writeUntilTheEnd(t, path)
		return
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal(err)
		}
		t.Skip("strace is not there: ", err)
	}
	for _, which := range []struct{ name, file, when string }{
		{"log", "test.db-wal", "40"},
		{"database", "test.db", "2+"},
	} {
		t.Run(which.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			cmd := exec.Command(strace, "-f", "-qq", "--seccomp-bpf", "-o", os.DevNull, "-e", "trace=fsync,fdatasync", "-P", filepath.Join(filepath.Dir(path), which.file),
				"-e", "inject=fsync,fdatasync:error=EIO:when="+which.when, os.Args[0], "-test.run=^TestFailedSyncEndsTheProcess$")
			cmd.Env = append(os.Environ(), unsyncedEnvironment+"="+path)
			var said strings.Builder
			cmd.Stderr = &said
			out, err := cmd.Output()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != exitUnsynced || !strings.Contains(said.String(), "could not take what was written") {
				t.Fatalf("the process ended with %v and said %q", err, said.String())
			}
			answered := strings.Count(string(out), "stored\n")
			db, err := Open(t.Context(), Config{Path: path}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var rows int
			if err := db.On(t.Context()).Row(t.Context(), `SELECT count(*) FROM thing`).Scan(&rows); err != nil || rows < answered || answered == 0 {
				t.Errorf("%d writes were answered, %d rows are there, %v", answered, rows, err)
			}
			t.Logf("%d writes before the end", answered)
		})
	}
}

// writeUntilTheEnd is the process that ends: its writes are long enough to fill the log.
func writeUntilTheEnd(t *testing.T, path string) {
	db, err := Open(t.Context(), Config{Path: path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Exec(t.Context(), func(ctx context.Context, q Querier) error {
		_, err := q.Run(ctx, `CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
		return err
	})
	for id := range unsyncedWrites {
		if err != nil {
			t.Fatal(err)
		}
		err = db.Exec(t.Context(), func(ctx context.Context, q Querier) error {
			_, err := q.Run(ctx, `INSERT INTO thing VALUES ($1, $2)`, id, strings.Repeat("x", 1<<18))
			return err
		})
		if err == nil {
			fmt.Println("stored")
		}
	}
	fmt.Println("the end")
}
