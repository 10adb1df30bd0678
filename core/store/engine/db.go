package engine

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"sync"
	"time"
)

// Config says where the database is. Zero values mean the documented default.
type Config struct {
	Path      string // of the SQLite file; required unless URL is there. It is made with mode 0600.
	URL       string // of a PostgreSQL database, postgres://USER@HOST:PORT/DB?sslmode=…; then there is no file, and beside Path is what belongs to this process
	Readers   int    // connections for reading; default 4
	MapBytes  int64  // of the file that each connection maps into memory, which counts as resident for each; default 64 MiB
	CachePage int    // page cache of each connection in KiB; default 16384
	PageBytes int    // of a page of a new file; default 4096
	Look      bool   // it is only read, also where nothing can be written: a copy on a CD, or of somebody else
	Rehearse  bool   // every write is made, undone, and made again: for tests of what Atomic demands

	Defer bool        // on SQLite, too, tasks wait in their table, for tests
	Wrote func(Wrote) // is told, in tests on SQLite, of each write before its COMMIT

	// BeforeMigration is told which changes of the schema a database of before lacks, and given what copies it; an error stops the
	// start. Migrated is told of each change. Neither is asked while Lives, a table, has no row: nobody can lose anything there, and a first
	// start that was killed among its changes is gone on with.
	Lives           string
	BeforeMigration func(missing []string, copyTo func(path string) error) error
	Migrated        func(name string, took time.Duration)

	Refuse      func() error // asked before each write: an error, one of Unavailable, lets nothing be stored just now
	Unavailable error        // how errors of the machine are called, such as a full disk: each then is one (errors.Is)
	Fatal       func(error)  // is told of a failed fsync and does not return; default: ends the process with a sentence
}

// Wrote is what a write has changed.
type Wrote struct {
	Caller []uintptr // who asked for it, as runtime.Callers says it
	Of     []int64   // whose it named: see DB.AtomicOf
	All    bool      // it named nobody, and so everybody
	Grew   bool      // something within it did
	Rows   []Changed
}

// Changed is a row that a write has changed, as it is then, or was when it is gone.
type Changed struct {
	Table   string
	Columns []any
}

// DB is an open database. Safe for concurrent use.
type DB struct {
	path   string
	defers bool         // see Config
	refuse func() error // see Config
	system system
	read   *reader
	write  *writer
	lanes  []*writer // beside it, on PostgreSQL
	pools  []*sql.DB

	closing sync.Once
	closed  error
}

// Open opens the database and makes it when it is not there. schema has the numbered changes that it still needs; nil: it
// has no schema that the engine knows.
func Open(ctx context.Context, c Config, schema fs.FS) (*DB, error) {
	if c.URL != "" {
		return openPostgres(ctx, c, schema)
	}
	return openSQLite(ctx, c, schema)
}

// join makes a DB of the pools for reading and for writing.
func join(ctx context.Context, c Config, s system, reading, writing *sql.DB) (*DB, error) {
	readers := c.Readers
	if readers <= 0 {
		readers = 4
	}
	reading.SetMaxOpenConns(readers)
	reading.SetMaxIdleConns(readers)
	m := machine{sys: s, unavailable: c.Unavailable, fatal: c.Fatal}
	if m.fatal == nil {
		m.fatal = endProcess(c.Path)
	}
	w, err := newWriter(ctx, writing, m, 0, c.Rehearse)
	if err != nil {
		return nil, err
	}
	return &DB{path: c.Path, defers: c.Defer, refuse: c.Refuse, system: s, read: newReader(reading, m), write: w, pools: []*sql.DB{reading, writing}}, nil
}

// Path is that of the file; "" when there is none.
func (db *DB) Path() string { return db.path }

// Close waits for the writes under way and closes the database. Further calls do nothing.
func (db *DB) Close() error {
	db.closing.Do(func() {
		for _, w := range append(db.lanes, db.write) {
			db.closed = errors.Join(db.closed, w.close())
		}
		db.read.close()
		for _, pool := range db.pools {
			db.closed = errors.Join(db.closed, pool.Close())
		}
		db.closed = errors.Join(db.closed, db.system.close())
	})
	return db.closed
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.On(ctx).Row(ctx, `SELECT 1`).Scan(&one)
}

// Atomic runs f as one transaction: what it does with the ctx it is given is durable when Atomic returns nil and undone when
// it returns an error. f may be undone and run again. Nobody else writes meanwhile.
func (db *DB) Atomic(ctx context.Context, f func(ctx context.Context) error) error {
	return db.AtomicOf(ctx, nil, f)
}

// AtomicOf is Atomic for a write that decides about what belongs to certain owners, whoever they are: nobody who names one of them, or nobody, writes
// meanwhile, and others do. Called from within a write, f joins that write's transaction, which has these owners too from then on, and may begin
// again for it; the error of f is the caller's to return or to forgive.
func (db *DB) AtomicOf(ctx context.Context, owners []int64, f func(ctx context.Context) error) error {
	if w, inside := ctx.Value(transactionKey{}).(*writer); inside {
		if err := w.own(ctx, owners); err != nil {
			return err
		}
		return f(ctx)
	}
	if db.refuse != nil {
		if err := db.refuse(); err != nil {
			return err
		}
	}
	w := db.write
	if len(owners) > 0 && len(db.lanes) > 0 {
		w = db.lanes[uint64(owners[0])*0x9E3779B97F4A7C15>>32%uint64(len(db.lanes))]
	}
	return w.do(ctx, owners, f)
}

// Deferring is Config.Defer.
func (db *DB) Deferring() bool { return db.defers }

// Inside says whether ctx carries a transaction.
func Inside(ctx context.Context) bool { return Lane(ctx) >= 0 }

// On is what SQL runs on: the transaction that ctx carries, or a connection for reading.
func (db *DB) On(ctx context.Context) Querier {
	if w, ok := ctx.Value(transactionKey{}).(*writer); ok {
		return w
	}
	return db.read
}

// Exec runs statements as one atomic step; inside Atomic they join its transaction, and what they write is the business of whoever began it.
func (db *DB) Exec(ctx context.Context, f func(ctx context.Context, q Querier) error) error {
	if Inside(ctx) {
		return f(ctx, db.On(ctx))
	}
	return db.Atomic(ctx, func(ctx context.Context) error { return f(ctx, db.On(ctx)) })
}

// Bulk is Exec for much at once.
func (db *DB) Bulk(ctx context.Context, f func(ctx context.Context, q Querier) error) error {
	if !Inside(ctx) {
		end, err := db.system.bulk(ctx, db.write)
		if err != nil {
			return err
		}
		defer end()
	}
	return db.Exec(ctx, f)
}

// Fresh makes sure that a Watcher knows of everything that any process had written when Fresh was called. With an error it may not:
// what is kept in memory must not be shown. On SQLite, which one process serves from, it does nothing.
func (db *DB) Fresh(ctx context.Context) error { return db.read.name(db.system.fresh(ctx)) }

// Damage reads the whole database and says what is damaged; "" is nothing. quick leaves out whether indexes are those of their tables. Of
// PostgreSQL it says nothing: pg_amcheck does.
func (db *DB) Damage(ctx context.Context, quick bool) (string, error) {
	return db.system.damage(ctx, db.read.db, quick)
}

// TextColumns lists the columns of text in all tables, each with its table before it.
func (db *DB) TextColumns(ctx context.Context) ([][2]string, error) {
	return List(ctx, db.On(ctx), func(r Scanner) (c [2]string, err error) { return c, r.Scan(&c[0], &c[1]) }, db.system.textColumns())
}

// ErrBusy is what Scrub gives while somebody reads an older state of the database, for example a backup.
var ErrBusy = errors.New("store: somebody reads an older state of the database")

// Scrub empties the log that writes go through first. Deleted rows leave their bytes in the file: secure_delete overwrites
// those of the row itself, and this its copies. PostgreSQL has no equal: there they go when it vacuums and recycles its log.
func (db *DB) Scrub(ctx context.Context) error { return db.system.scrub(ctx, db.write) }

// Backup writes a whole, consistent copy of the database to a new file, while members go on reading and writing. The
// file gets mode 0600. It is an error when there is one already, and on PostgreSQL, which has tools of its own for it.
func (db *DB) Backup(ctx context.Context, path string) error {
	return db.system.backup(ctx, db.read.db, path)
}
