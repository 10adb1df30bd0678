package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// migrate brings the schema up to date, one change after the other.
func migrate(ctx context.Context, db *sql.DB, schema fs.FS, c Config) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema)
	if err != nil {
		return err
	}
	copyTo := func(path string) error { return vacuumInto(ctx, db, path) }
	return up(ctx, p, c, c.Path, copyTo)
}

// up makes the changes that are missing. name is that of the database.
func up(ctx context.Context, p *goose.Provider, c Config, name string, copyTo func(path string) error) error {
	missing, has, err := missingOf(ctx, p)
	if err != nil || len(missing) == 0 {
		return notNewer(ctx, p, name, err)
	}
	if err := notNewer(ctx, p, name, nil); err != nil {
		return err
	}
	if has && c.BeforeMigration != nil {
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
func Migrations(ctx context.Context, file string, schema fs.FS) ([]Migration, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", Config{Path: file}.dsn("rw"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema)
	if err != nil {
		return nil, err
	}
	states, err := p.Status(ctx)
	if err = notNewer(ctx, p, file, err); err != nil {
		return nil, err
	}
	var list []Migration
	for _, st := range states {
		list = append(list, Migration{st.Source.Path, st.State == goose.StateApplied})
	}
	return list, nil
}

// migratePostgres does the same with PostgreSQL, one process after the other. A change is written once, for SQLite, and read as
// [postgresText] says.
func migratePostgres(ctx context.Context, db *sql.DB, schema fs.FS, c Config) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for { // lock_timeout ends a wait; another process may have much to change
		var has bool
		if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1, $2)`, int64(lockClass), int64(lockMigrating)).Scan(&has); err != nil {
			return err
		}
		if has {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, $2)`, int64(lockClass), int64(lockMigrating))
	if _, err := conn.ExecContext(ctx, ground, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, postgresSchema{schema})
	if err != nil {
		return err
	}
	return up(ctx, p, c, "the database", func(string) error { return errBackup })
}

// postgresSchema reads the changes of a schema for PostgreSQL.
type postgresSchema struct{ fs.FS }

// Open implements fs.FS.
func (s postgresSchema) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	return adapted{strings.NewReader(postgresText(string(text))), info}, err
}

// adapted is a file whose text was changed.
type adapted struct {
	*strings.Reader
	info fs.FileInfo
}

func (a adapted) Stat() (fs.FileInfo, error) { return a.info, nil }
func (a adapted) Close() error               { return nil }

// ReadDir implements fs.ReadDirFS.
func (s postgresSchema) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(s.FS, name) }

var textColumn = regexp.MustCompile(`(?m)^(.*?[a-z_] +)TEXT\b`)

// postgresText is a change of the schema as PostgreSQL reads it. The rule: WITHOUT ROWID goes; a column of texts is compared byte by
// byte, as on SQLite, whatever the database's own order is. There are BIGINT and TEXT, and nothing else.
func postgresText(change string) string {
	change = strings.ReplaceAll(change, " WITHOUT ROWID", "")
	return textColumn.ReplaceAllString(change, `${1}TEXT COLLATE "C"`)
}
