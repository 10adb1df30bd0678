package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// fresh is a database with a table of so many named rows.
func fresh(t testing.TB, rows int) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "test.db")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	err = db.Exec(t.Context(), func(ctx context.Context, q Querier) error {
		_, err := q.Run(ctx, `CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
		for id := 1; id <= rows && err == nil; id++ {
			_, err = q.Run(ctx, `INSERT INTO thing (id, name) VALUES ($1, '')`, id)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// setName is a small write.
func setName(ctx context.Context, db *DB, id int, name string) error {
	return db.Exec(ctx, func(ctx context.Context, q Querier) error {
		_, err := q.Run(ctx, `UPDATE thing SET name = $1 WHERE id = $2`, name, id)
		return err
	})
}

// full leaves the database no room to grow, or gives it much.
func full(t testing.TB, db *DB, on bool) {
	t.Helper()
	ctx := t.Context()
	err := db.write.outside(ctx, func() error {
		var pages, limit int
		if err := db.write.conn.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
			return err
		}
		if !on {
			pages += 100_000
		}
		return db.write.conn.QueryRowContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&limit)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFullDiskLosesNoAcknowledgedWrite: SQLite undoes a whole transaction when the disk is full. Of the writes that shared it,
// those that were told so are stored, and of the others nothing is.
func TestFullDiskLosesNoAcknowledgedWrite(t *testing.T) {
	const rows = 8
	db, ctx := fresh(t, rows), t.Context()
	full(t, db, true)
	// While the writer is held up, the others come together in one group; the one in the middle needs more room than there is.
	// Another fails half-way, so that the group is made again with savepoints.
	for _, spoil := range []bool{false, true} {
		started, release := make(chan struct{}), make(chan struct{})
		var hold sync.WaitGroup
		hold.Go(func() {
			db.Atomic(ctx, func(context.Context) error {
				close(started)
				<-release
				return nil
			})
		})
		<-started
		results := make([]error, rows+1)
		name := fmt.Sprint("new ", spoil)
		for id := 1; id <= rows; id++ {
			hold.Go(func() {
				results[id] = db.Atomic(ctx, func(ctx context.Context) error {
					switch id {
					case 3:
						if spoil {
							return errors.Join(setName(ctx, db, 3, name), errors.New("half-way"))
						}
					case 5:
						return setName(ctx, db, 5, strings.Repeat("文", 1<<20))
					}
					return setName(ctx, db, id, name)
				})
			})
			for len(db.write.queue) < id {
				time.Sleep(time.Millisecond)
			}
		}
		close(release)
		hold.Wait()
		if results[5] == nil {
			t.Fatal("there was room")
		}
		for id := 1; id <= rows; id++ {
			var has string
			if err := db.On(ctx).Row(ctx, `SELECT name FROM thing WHERE id = $1`, id).Scan(&has); err != nil {
				t.Fatal(err)
			}
			if stored := has == name; id != 5 && stored != (results[id] == nil) {
				t.Errorf("spoil %v, row %d was answered %v; stored: %v", spoil, id, results[id], stored)
			}
		}
	}
	full(t, db, false)
	if err := setName(ctx, db, 1, "room again"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
