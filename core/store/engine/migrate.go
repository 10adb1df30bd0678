package engine

import (
	"context"
	"database/sql"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

// migrate brings the schema up to date.
func migrate(ctx context.Context, db *sql.DB, schema fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// A Migration is one numbered change of the schema.
type Migration struct {
	Name    string
	Applied bool
}

// Migrations tells which changes of the schema a database has; Open applies the missing ones.
func Migrations(ctx context.Context, path string, schema fs.FS) ([]Migration, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", Config{Path: path}.dsn("rw"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema)
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
