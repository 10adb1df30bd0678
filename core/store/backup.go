package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
)

// Backup writes a whole, consistent copy of the database to a new file, while members go on reading and writing. The
// file gets mode 0600. It is an error when there is one already.
func (s *Store) Backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := s.read.db.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		return errors.Join(fmt.Errorf("store: backup: %w", err), os.Remove(path))
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

// A Migration is one numbered change of the schema.
type Migration struct {
	Name    string
	Applied bool
}

// Migrations tells which changes of the schema a database has; Open applies the missing ones.
func Migrations(ctx context.Context, path string) ([]Migration, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", Config{Path: path}.dsn("rw"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	p, err := schema(db)
	if err != nil {
		return nil, err
	}
	states, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	var list []Migration
	for _, st := range states {
		list = append(list, Migration{st.Source.Path, st.State == goose.StateApplied})
	}
	return list, nil
}
