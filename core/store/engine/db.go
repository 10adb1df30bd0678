package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"time"

	"modernc.org/sqlite" // and the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"musubi/core/disk"
)

// Config says where the database is. Zero values mean the documented default.
type Config struct {
	Path      string // of the SQLite file; required. It is made with mode 0600.
	Readers   int    // connections for reading; default 4
	MapBytes  int64  // of the file that each connection maps into memory, which counts as resident for each; default 64 MiB
	CachePage int    // page cache of each connection in KiB; default 16384
	PageBytes int    // of a page of a new file; default 4096
	Rehearse  bool   // every write is made, undone, and made again: for tests of what Atomic demands

	// BeforeMigration is told which changes of the schema a database of before lacks, and given what copies it; an error stops the
	// start. Migrated is told of each change.
	BeforeMigration func(missing []string, copyTo func(path string) error) error
	Migrated        func(name string, took time.Duration)

	Refuse      func() error // asked before each write: an error, one of Unavailable, lets nothing be stored just now
	Unavailable error        // how errors of the machine are called, such as a full disk: each then is one (errors.Is)
	Fatal       func(error)  // is told of a failed fsync and does not return; default: ends the process with a sentence
}

// DB is an open database. Safe for concurrent use.
type DB struct {
	path   string
	refuse func() error // see Config
	read   *reader
	write  *writer
	pools  []*sql.DB

	closing sync.Once
	closed  error
}

// Open opens the database and makes it when it is not there. schema has the numbered changes that it still needs; nil: it
// has no schema that the engine knows.
func Open(ctx context.Context, c Config, schema fs.FS) (*DB, error) {
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
	if schema != nil {
		if err := migrate(ctx, writing, schema, c); err != nil {
			return nil, errors.Join(damaged(err, c.Path), writing.Close())
		}
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
	m := machine{unavailable: c.Unavailable, fatal: c.Fatal}
	if m.fatal == nil {
		m.fatal = endProcess(c.Path)
	}
	w, err := newWriter(ctx, writing, m, c.Rehearse)
	if err != nil {
		return nil, errors.Join(err, reading.Close(), writing.Close())
	}
	return &DB{path: c.Path, refuse: c.Refuse, read: newReader(reading, m), write: w, pools: []*sql.DB{reading, writing}}, nil
}

// damaged names the file and the cure for an error that says that it is no database, or not a whole one.
func damaged(err error, path string) error {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code()&primary == sqlite3.SQLITE_CORRUPT || e.Code()&primary == sqlite3.SQLITE_NOTADB) {
		return fmt.Errorf("%s is damaged: put it back from a backup (musubi restore): %w", path, err)
	}
	return err
}

// private makes the file so that only its owner may read it, and refuses one that others can read (SEC-125).
func private(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return disk.WriteNew(path, nil)
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fmt.Errorf("store: %s can be read by others (mode %o); run chmod 600 on it", path, info.Mode().Perm())
	}
	return err
}

// busyTimeout is how long a connection waits for another process that writes.
const busyTimeout = 10 * time.Second

// After so many pages the log of changes is copied into the database: usually, and while much is stored at once, each
// piece of which changes a thousand pages and many of them again. At SQLite's own 1,000 a post paid for copying the same
// pages.
const (
	usualLog = 4000
	bulkLog  = 16_000
)

// dsn is the data source name. PRAGMAs belong to a connection, so each carries them.
func (c Config) dsn(mode string) string {
	mapped, cache, page := c.MapBytes, c.CachePage, c.PageBytes
	if mapped <= 0 {
		mapped = 1 << 26
	}
	if cache <= 0 {
		cache = 16384
	}
	if page <= 0 {
		page = 4096
	}
	q := url.Values{"mode": {mode}, "_pragma": {
		fmt.Sprintf("page_size(%d)", page),
		"journal_mode(WAL)", "synchronous(FULL)", fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "temp_store(MEMORY)", "secure_delete(ON)",
		"wal_autocheckpoint(0)", // the writer does it: see writer.checkpoint
		fmt.Sprintf("mmap_size(%d)", mapped), fmt.Sprintf("cache_size(-%d)", cache),
	}}
	return "file:" + (&url.URL{Path: c.Path}).EscapedPath() + "?" + q.Encode()
}

// Path is that of the file.
func (db *DB) Path() string { return db.path }

// Close waits for the writes under way and closes the database. Further calls do nothing.
func (db *DB) Close() error {
	db.closing.Do(func() {
		db.closed = db.write.close()
		db.read.close()
		for _, pool := range db.pools {
			db.closed = errors.Join(db.closed, pool.Close())
		}
	})
	return db.closed
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.On(ctx).Row(ctx, `SELECT 1`).Scan(&one)
}

// Atomic runs f as one transaction: what it does with the ctx it is given is durable when Atomic returns nil and undone when
// it returns an error. f may be undone and run again.
func (db *DB) Atomic(ctx context.Context, f func(ctx context.Context) error) error {
	if db.refuse != nil && !Inside(ctx) {
		if err := db.refuse(); err != nil {
			return err
		}
	}
	return db.write.do(ctx, f)
}

// Inside says whether ctx carries a transaction.
func Inside(ctx context.Context) bool {
	_, inside := ctx.Value(transactionKey{}).(Querier)
	return inside
}

// On is what SQL runs on: the transaction that ctx carries, or a connection for reading.
func (db *DB) On(ctx context.Context) Querier {
	if t, ok := ctx.Value(transactionKey{}).(Querier); ok {
		return t
	}
	return db.read
}

// Exec runs statements as one atomic step; inside Atomic they join its transaction.
func (db *DB) Exec(ctx context.Context, f func(ctx context.Context, q Querier) error) error {
	return db.Atomic(ctx, func(ctx context.Context) error { return f(ctx, db.On(ctx)) })
}

// Bulk is Exec for much at once: the log of changes may grow meanwhile.
func (db *DB) Bulk(ctx context.Context, f func(ctx context.Context, q Querier) error) error {
	if !Inside(ctx) {
		if err := db.setLog(ctx, bulkLog); err != nil {
			return err
		}
		defer db.setLog(context.WithoutCancel(ctx), usualLog) // it fails when the database is closed, and then nobody needs it
	}
	return db.Exec(ctx, f)
}

// setLog says after how many pages the log of changes is copied into the database.
func (db *DB) setLog(ctx context.Context, pages int) error {
	return db.write.outside(ctx, func() error {
		db.write.log, db.write.groups = pages, looksAt // the next write looks
		return nil
	})
}

// ErrBusy is what Scrub gives while somebody reads an older state of the database, for example a backup.
var ErrBusy = errors.New("store: somebody reads an older state of the database")

// Scrub empties the log that writes go through first. Deleted rows leave their bytes in the file: secure_delete overwrites
// those of the row itself, and this its copies.
func (db *DB) Scrub(ctx context.Context) error {
	return db.write.outside(ctx, func() error {
		// Nobody is to wait long for a reader that does not end.
		if _, err := db.write.conn.ExecContext(ctx, `PRAGMA busy_timeout = 200`); err != nil {
			return err
		}
		defer db.write.conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTimeout.Milliseconds()))
		var busy, frames, moved int
		err := db.write.conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
		db.write.mustBeSynced(err)
		if err == nil && busy != 0 {
			err = ErrBusy
		}
		return db.write.name(err)
	})
}
