package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"musubi/core"
)

//go:embed migrations
var migrations embed.FS

// Config says where the database is. Zero values mean the documented default.
type Config struct {
	Path      string // of the SQLite file; required. It is made with mode 0600.
	Readers   int    // connections for reading; default 4
	MapBytes  int64  // of the file that each connection maps into memory, which counts as resident for each; default 64 MiB
	CachePage int    // page cache of each connection in KiB; default 16384
	Rehearse  bool   // every write is made, undone, and made again: for tests of what Atomic demands
}

// Store is an open database. Safe for concurrent use.
type Store struct {
	read  *reader
	write *writer
	db    []*sql.DB

	closing sync.Once
	closed  error

	path      string
	searching sync.Mutex
	search    *searchIndex // nil: not opened yet
}

var _ core.Store = (*Store)(nil)

// Open opens the database, makes it when it is not there, and brings its schema up to date.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Path == "" {
		return nil, errors.New("store: Config.Path is empty, expected the path of a SQLite file")
	}
	if err := private(c.Path); err != nil {
		return nil, err
	}
	writing, err := sql.Open("sqlite", c.dsn("rwc"))
	if err != nil {
		return nil, err
	}
	writing.SetMaxOpenConns(1)
	if err := migrate(ctx, writing); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	reading, err := sql.Open("sqlite", c.dsn("ro"))
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	readers := c.Readers
	if readers <= 0 {
		readers = 4
	}
	reading.SetMaxOpenConns(readers)
	reading.SetMaxIdleConns(readers)
	w, err := newWriter(ctx, writing, c.Rehearse)
	if err != nil {
		return nil, errors.Join(err, reading.Close(), writing.Close())
	}
	return &Store{path: c.Path, read: newReader(reading), write: w, db: []*sql.DB{reading, writing}}, nil
}

// private makes the file so that only its owner may read it, and refuses one that others can read (SEC-125).
func private(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		return f.Close()
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fmt.Errorf("store: %s can be read by others (mode %o); run chmod 600 on it", path, info.Mode().Perm())
	}
	return err
}

// busyTimeout is how long a connection waits for another process that writes.
const busyTimeout = 10 * time.Second

// dsn is the data source name. PRAGMAs belong to a connection, so each carries them.
func (c Config) dsn(mode string) string {
	mapped, cache := c.MapBytes, c.CachePage
	if mapped <= 0 {
		mapped = 1 << 26
	}
	if cache <= 0 {
		cache = 16384
	}
	q := url.Values{"mode": {mode}, "_pragma": {
		"journal_mode(WAL)", "synchronous(FULL)", fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "temp_store(MEMORY)", "secure_delete(ON)",
		fmt.Sprintf("wal_autocheckpoint(%d)", usualLog),
		fmt.Sprintf("mmap_size(%d)", mapped), fmt.Sprintf("cache_size(-%d)", cache),
	}}
	return "file:" + (&url.URL{Path: c.Path}).EscapedPath() + "?" + q.Encode()
}

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := schema(db)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// schema knows the numbered changes that make the tables.
func schema(db *sql.DB) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, folder)
}

// Close waits for the writes under way and closes the database. Further calls do nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closed = s.write.close()
		s.searching.Lock()
		if s.search != nil {
			s.closed = errors.Join(s.closed, s.search.close())
		}
		s.searching.Unlock()
		s.read.close()
		for _, db := range s.db {
			s.closed = errors.Join(s.closed, db.Close())
		}
	})
	return s.closed
}

// Ping says whether the database answers, for the readiness check.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.on(ctx).row(ctx, `SELECT 1`).Scan(&one)
}

// Atomic implements core.Store.
func (s *Store) Atomic(ctx context.Context, f func(ctx context.Context) error) error {
	return s.write.do(ctx, f)
}

// on is what a method runs its SQL on: the transaction that ctx carries, or a connection for reading.
func (s *Store) on(ctx context.Context) querier {
	if t, ok := ctx.Value(transactionKey{}).(querier); ok {
		return t
	}
	return s.read
}

// exec runs statements as one atomic step; inside Atomic they join its transaction.
func (s *Store) exec(ctx context.Context, f func(ctx context.Context, q querier) error) error {
	return s.Atomic(ctx, func(ctx context.Context) error { return f(ctx, s.on(ctx)) })
}

// change runs one statement as one atomic step.
func (s *Store) change(ctx context.Context, query string, args ...any) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		_, err := q.run(ctx, query, args...)
		return err
	})
}

// A querier runs SQL: the pool of readers, or the writer's transaction.
type querier interface {
	row(ctx context.Context, query string, args ...any) *sql.Row
	rows(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	// run executes a statement and says how many rows it changed.
	run(ctx context.Context, query string, args ...any) (int64, error)
}

// one maps "no row" to the error that the services know.
func one(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return core.ErrNotFound
	}
	return err
}

// scanner is a row that can be read: *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// list reads all rows of a query with scan.
func list[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.rows(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is a time column.
type moment struct{ to *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return fmt.Errorf("store: time column holds %T, expected an integer", v)
	}
	if *m.to = (time.Time{}); ms != 0 {
		*m.to = time.UnixMilli(ms)
	}
	return nil
}
