package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// migrate brings the schema up to date, one change after the other.
func migrate(ctx context.Context, db *sql.DB, schema fs.FS, c Config) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema, anyOrder)
	if err != nil {
		return err
	}
	copyTo := func(path string) error { return vacuumInto(ctx, db, path) }
	return up(ctx, p, db, c, copyTo)
}

// anyOrder: a change that was begun earlier and landed later is made all the same.
var anyOrder = goose.WithAllowOutofOrder(true)

// up makes the changes that are missing.
func up(ctx context.Context, p *goose.Provider, db *sql.DB, c Config, copyTo func(path string) error) error {
	list, err := compare(ctx, p, db, c)
	if err != nil {
		return err
	}
	missing := namesOfMissing(list)
	has := len(missing) > 0 && len(missing) < len(list) && lived(ctx, db, c.Lives)
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

// lived says whether a table has rows. One that cannot be read may have some; one that is not there has none.
func lived(ctx context.Context, db *sql.DB, table string) bool {
	if table == "" {
		return true
	}
	var one int
	err := db.QueryRowContext(ctx, `SELECT 1 FROM `+table+` LIMIT 1`).Scan(&one)
	var missing *pgconn.PgError
	gone := errors.As(err, &missing) && missing.Code == "42P01" || err != nil && strings.Contains(err.Error(), "no such table")
	return !errors.Is(err, sql.ErrNoRows) && !gone
}

func namesOfMissing(list []Migration) (names []string) {
	for _, m := range list {
		if !m.Applied {
			names = append(names, m.Name)
		}
	}
	return names
}

// A Migration is one numbered change of the schema.
type Migration struct {
	Name    string
	Applied bool
}

// A database that this program does not understand: it was changed by a newer one, or by one of another line.
var (
	ErrNewer = errors.New("the database was written by a newer musubi than this one; start that one, or restore the backup of before the upgrade")
	ErrOther = errors.New("the database was changed by a musubi of another line than this one; start that one, or restore a backup of before that change")
)

// Migrations tells which changes of the schema a database has; Open makes the missing ones. It changes nothing.
func Migrations(ctx context.Context, c Config, schema fs.FS) ([]Migration, error) {
	dialect, open := goose.DialectPostgres, connectPostgres
	if c.URL == "" {
		if _, err := os.Stat(c.Path); err != nil {
			return nil, err
		}
		dsn := c.dsn("rw")
		if unwritable(c.Path) {
			dsn = c.lookDSN()
		}
		dialect, open = goose.DialectSQLite3, func(Config) (*sql.DB, error) { return sql.Open("sqlite", dsn) }
	}
	db, err := open(c)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	p, err := goose.NewProvider(dialect, db, schema)
	if err != nil {
		return nil, err
	}
	list, err := compare(ctx, p, db, c)
	return list, unreached(c.unread(damaged(err, c.Path)))
}

// compare refuses a database with changes that this program does not know: what it would read and write might be wrong.
func compare(ctx context.Context, p *goose.Provider, db *sql.DB, c Config) (list []Migration, err error) {
	name, listed := c.Path, `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if c.URL != "" {
		name, listed = "the database", `SELECT count(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')`
	}
	var has int
	if err := db.QueryRowContext(ctx, listed).Scan(&has); err != nil {
		return nil, err
	}
	applied := map[int64]bool{}
	if has > 0 {
		rows, err := db.QueryContext(ctx, `SELECT version_id FROM goose_db_version WHERE version_id > 0 AND is_applied`)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var version int64
			if err := rows.Scan(&version); err != nil {
				return nil, err
			}
			applied[version] = true
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	newest := int64(0)
	for _, s := range p.ListSources() {
		list = append(list, Migration{s.Path, applied[s.Version]})
		delete(applied, s.Version)
		newest = s.Version
	}
	if unknown := slices.Sorted(maps.Keys(applied)); len(unknown) > 0 {
		refusal, last := ErrOther, unknown[len(unknown)-1]
		if last > newest {
			refusal = ErrNewer
		}
		return nil, fmt.Errorf("%s: %w (it has the change %d, the newest that this program knows is %d)", name, refusal, last, newest)
	}
	return list, nil
}

// unreached says in one line, and with the cure, that PostgreSQL does not answer.
func unreached(err error) error {
	if errors.As(err, new(*pgconn.ConnectError)) {
		return lost{err}
	}
	return err
}

type lost struct{ error }

func (l lost) Unwrap() error { return l.error }

func (l lost) Error() string {
	return "PostgreSQL does not answer: " + strings.Join(strings.Fields(l.error.Error()), " ") + "; start it, or correct host, port, user, password and database in --db"
}

// connectPostgres opens a database for one question.
func connectPostgres(c Config) (*sql.DB, error) {
	config, err := parsePostgres(c.URL)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(stdlib.GetConnector(*config)), nil
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
	p, err := goose.NewProvider(goose.DialectPostgres, db, postgresSchema{schema}, anyOrder)
	if err != nil {
		return err
	}
	return up(ctx, p, db, c, func(string) error { return errBackup })
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
