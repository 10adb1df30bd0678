package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

// migrate brings the schema up to date, one change after the other.
func migrate(ctx context.Context, db *sql.DB, schema fs.FS, c Config) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema)
	if err != nil {
		return err
	}
	missing, has, err := missingOf(ctx, p)
	if err != nil || len(missing) == 0 {
		return notNewer(ctx, p, c.Path, err)
	}
	if err := notNewer(ctx, p, c.Path, nil); err != nil {
		return err
	}
	if has && c.BeforeMigration != nil {
		copyTo := func(path string) error { return vacuumInto(ctx, db, path) }
		if err := c.BeforeMigration(missing, copyTo); err != nil {
			return fmt.Errorf("store: the schema is not changed: %w", err)
		}
	}
	for {
		r, err := p.UpByOne(ctx)
		if errors.Is(err, goose.ErrNoNextVersion) {
			return nil
		}
		if err != nil {
			return err
		}
		if c.Migrated != nil && has {
			c.Migrated(r.Source.Path, r.Duration)
		}
	}
}

// missingOf tells which changes a database lacks, and whether it has any.
func missingOf(ctx context.Context, p *goose.Provider) (missing []string, has bool, err error) {
	states, err := p.Status(ctx)
	for _, st := range states {
		if st.State == goose.StateApplied {
			has = true
		} else {
			missing = append(missing, st.Source.Path)
		}
	}
	return missing, has, err
}

// ErrNewer is a database that a newer program has changed.
var ErrNewer = errors.New("the database was written by a newer musubi than this one; start that one, or restore the backup of before the upgrade")

// notNewer refuses a database with changes that this program does not know: what it would read and write might be wrong.
func notNewer(ctx context.Context, p *goose.Provider, path string, err error) error {
	if err != nil {
		return err
	}
	version, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	if known := sources[len(sources)-1].Version; version > known {
		return fmt.Errorf("%s: %w (its schema is %d, the newest that this program knows is %d)", path, ErrNewer, version, known)
	}
	return nil
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
	if err = notNewer(ctx, p, path, err); err != nil {
		return nil, err
	}
	var list []Migration
	for _, st := range states {
		list = append(list, Migration{st.Source.Path, st.State == goose.StateApplied})
	}
	return list, nil
}
