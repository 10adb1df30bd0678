package engine

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"

	"musubi/core/store/pgtest"
)

var things = fstest.MapFS{"00001_thing.sql": {Data: []byte(`-- +goose Up
CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO thing VALUES (1, 'first');
`)}}

// A write that goes on after a statement of its own has failed, and then returns an error that it made of what it read, is as right on
// PostgreSQL, which takes nothing after such a statement, as on SQLite.
func TestAWriteReadsOnAfterItsStatementFailed(t *testing.T) {
	for name, url := range map[string]string{"SQLite": "", "PostgreSQL": pgtest.Database(t, nil)} {
		t.Run(name, func(t *testing.T) {
			db, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "test.db"), URL: url}, things)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			has := ""
			taken := errors.New("taken")
			err = db.Exec(t.Context(), func(ctx context.Context, q Querier) error {
				if _, err := q.Run(ctx, `INSERT INTO thing VALUES ($1, $2)`, 2, "before"); err != nil {
					return err
				}
				if _, err := q.Run(ctx, `INSERT INTO thing VALUES ($1, $2)`, 1, "second"); err == nil {
					t.Error("one key twice")
				}
				if err := q.Row(ctx, `SELECT name FROM thing WHERE id = $1`, 1).Scan(&has); err != nil {
					return err
				}
				return taken
			})
			if !errors.Is(err, taken) || has != "first" {
				t.Errorf("%v, read %q: expected %v and what the first wrote", err, has, taken)
			}
			if err := db.On(t.Context()).Row(t.Context(), `SELECT name FROM thing WHERE id = $1`, 2).Scan(&has); !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("what stood before was not undone: %q, %v", has, err)
			}
		})
	}
}
