package engine

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"

	"musubi/core/disk"
)

// Backup writes a whole, consistent copy of the database to a new file, while members go on reading and writing. The
// file gets mode 0600. It is an error when there is one already.
func (db *DB) Backup(ctx context.Context, path string) error {
	return vacuumInto(ctx, db.read.db, path)
}

func vacuumInto(ctx context.Context, db *sql.DB, path string) error {
	err := disk.WriteNewTo(path, func(to *os.File) error { // SQLite writes into the empty file, and does not sync it
		_, err := db.ExecContext(ctx, `VACUUM INTO $1`, to.Name())
		return err
	})
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

// Check looks through a database file for damage. It changes nothing.
func Check(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("store: %s: %w", path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("store: %s is damaged: %s", path, verdict)
	}
	return nil
}
