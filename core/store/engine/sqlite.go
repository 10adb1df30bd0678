package engine

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // and the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"musubi/core/disk"
)

// sqliteFile is the system of a database in one file, with one process or a few on one machine.
type sqliteFile struct {
	log    int // pages of the log of changes after which it is copied into the database
	groups int // since it was looked at
}

// openSQLite opens the file and makes it when it is not there.
func openSQLite(ctx context.Context, c Config, schema fs.FS) (*DB, error) {
	if c.Path == "" {
		return nil, errors.New("store: Config.Path is empty, expected the path of a SQLite file")
	}
	if c.Look && unwritable(c.Path) {
		return openUnwritable(ctx, c, schema)
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
	db, err := join(ctx, c, &sqliteFile{log: usualLog}, reading, writing)
	if err != nil {
		return nil, errors.Join(err, reading.Close(), writing.Close())
	}
	if c.Wrote != nil {
		db.write.wrote = c.Wrote
		err = db.write.outside(ctx, db.write.hear)
	}
	return db, err
}

// damaged names the file and the cure for an error that says that it is no database, or not a whole one.
func damaged(err error, path string) error {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code()&primary == sqlite3.SQLITE_CORRUPT || e.Code()&primary == sqlite3.SQLITE_NOTADB) {
		return fmt.Errorf("%s is damaged (%w): put it back from a backup (musubi restore)", path, err)
	}
	return err
}

// unwritable says whether a database, or its directory, where SQLite wants a log beside it, cannot be written.
func unwritable(path string) bool {
	return exists(path) && !(disk.Writable(path) && disk.Writable(filepath.Dir(path)))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// openUnwritable opens a file to be looked at: every write fails.
func openUnwritable(ctx context.Context, c Config, schema fs.FS) (*DB, error) {
	reading, err := sql.Open("sqlite", c.lookDSN())
	if err != nil {
		return nil, err
	}
	if schema != nil {
		err = c.upToDate(ctx, reading, schema)
	}
	if err == nil {
		var writing *sql.DB
		if writing, err = sql.Open("sqlite", c.lookDSN()); err == nil {
			var db *DB
			if db, err = join(ctx, c, &sqliteFile{log: usualLog}, reading, writing); err == nil {
				return db, nil
			}
			writing.Close()
		}
	}
	return nil, errors.Join(c.unread(damaged(err, c.Path)), reading.Close())
}

// upToDate has BeforeMigration refuse a schema that lacks changes: they cannot be made.
func (c Config) upToDate(ctx context.Context, db *sql.DB, schema fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, schema, anyOrder)
	if err != nil {
		return err
	}
	list, err := compare(ctx, p, db, c)
	if missing := namesOfMissing(list); err == nil && len(missing) > 0 {
		err = fmt.Errorf("store: %s lacks %d changes of the schema and cannot be written: copy it to a disk and run musubi migrate there", c.Path, len(missing))
		if c.BeforeMigration != nil {
			err = cmp.Or(c.BeforeMigration(missing, func(string) error { return err }), err)
		}
	}
	return err
}

// unread says what helps where a log of changes keeps a file from being read that cannot be written.
func (c Config) unread(err error) error {
	if err != nil && logged(c.Path) {
		return fmt.Errorf("%s-wal has changes that are not in the database yet, and nothing can be written there: copy both to a disk and look at them there: %w", c.Path, err)
	}
	return err
}

// logged says whether a database has a log of changes beside it that are not in it yet.
func logged(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
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
		"wal_autocheckpoint(0)", // the writer does it: see sqliteFile.rest
		fmt.Sprintf("mmap_size(%d)", mapped), fmt.Sprintf("cache_size(-%d)", cache),
	}}
	return "file:" + (&url.URL{Path: c.Path}).EscapedPath() + "?" + q.Encode()
}

// lookDSN is dsn for a file that cannot be written, which nobody else changes then, unless a log beside it says otherwise.
func (c Config) lookDSN() string {
	q := url.Values{"mode": {"ro"}, "_pragma": {"temp_store(MEMORY)", fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())}}
	if !logged(c.Path) {
		q.Set("immutable", "1")
	}
	return "file:" + (&url.URL{Path: c.Path}).EscapedPath() + "?" + q.Encode()
}

func (f *sqliteFile) text(query string, args []any) (string, []any) { return query, args }

func (f *sqliteFile) begin(w *writer) error {
	_, err := w.Run(context.Background(), `BEGIN IMMEDIATE`)
	if err == nil {
		f.look(w)
	}
	return err
}

// standing: a full disk, say, has SQLite undo the whole transaction, and what came after would be stored piece by piece.
func (f *sqliteFile) standing(w *writer, failed error) transaction {
	if failed == nil {
		return open
	}
	background := context.Background()
	if _, err := w.Run(background, `BEGIN`); err == nil {
		w.Run(background, `ROLLBACK`)
		return ended
	}
	return open
}

func (f *sqliteFile) commit(w *writer) error {
	_, err := w.Run(context.Background(), `COMMIT`)
	return err
}

func (f *sqliteFile) shared() bool { return false }

func (f *sqliteFile) lock(context.Context, *writer, int64, bool) (bool, error) { return true, nil }

func (f *sqliteFile) collided(error) bool { return false }

func (f *sqliteFile) told(*writer) {}

func (f *sqliteFile) fragile() bool { return false }

func (f *sqliteFile) close() error { return nil }

// looksAt is how many groups may be written between two looks at the length of the log.
const looksAt = 8

// rest copies the log of changes into the database when it has become long. SQLite would do so by itself in a COMMIT,
// and say nothing of an fsync that fails then. Any other failure leaves the log as it is, which is then copied later.
func (f *sqliteFile) rest(w *writer) {
	if f.groups++; f.groups < looksAt {
		return
	}
	f.groups = 0
	var busy, pages, moved int
	look := func(mode string) error {
		return w.conn.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(`+mode+`)`).Scan(&busy, &pages, &moved)
	}
	if look("NOOP") == nil && pages-moved >= f.log {
		w.mustBeSynced(look("PASSIVE"))
	}
}

// bulk lets the log of changes grow meanwhile.
func (f *sqliteFile) bulk(ctx context.Context, w *writer) (end func(), err error) {
	if err := f.setLog(ctx, w, bulkLog); err != nil {
		return nil, err
	}
	return func() { f.setLog(context.WithoutCancel(ctx), w, usualLog) }, nil // it fails when the database is closed, and then nobody needs it
}

// setLog says after how many pages the log of changes is copied into the database.
func (f *sqliteFile) setLog(ctx context.Context, w *writer, pages int) error {
	return w.outside(ctx, func() error {
		f.log, f.groups = pages, looksAt // the next write looks
		return nil
	})
}

func (f *sqliteFile) scrub(ctx context.Context, w *writer) error {
	return w.outside(ctx, func() error {
		// Nobody is to wait long for a reader that does not end.
		if _, err := w.conn.ExecContext(ctx, `PRAGMA busy_timeout = 200`); err != nil {
			return err
		}
		defer w.conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTimeout.Milliseconds()))
		var busy, frames, moved int
		err := w.conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
		w.mustBeSynced(err)
		if err == nil && busy != 0 {
			err = ErrBusy
		}
		return w.name(err)
	})
}

func (f *sqliteFile) damage(ctx context.Context, db *sql.DB, quick bool) (damage string, err error) {
	check := `PRAGMA integrity_check(1)`
	if quick {
		check = `PRAGMA quick_check(1)`
	}
	err = db.QueryRowContext(ctx, check).Scan(&damage)
	if damage == "ok" {
		damage = ""
	}
	return damage, err
}

func (f *sqliteFile) textColumns() string {
	return `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND upper(c.type) = 'TEXT'`
}

func (f *sqliteFile) backup(ctx context.Context, db *sql.DB, path string) error {
	return vacuumInto(ctx, db, path)
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

// primary is what a result code of SQLite has in common with its extended ones.
const primary = 0xff

// trouble are the primary result codes that say something of the machine and nothing of the database or the statement.
var trouble = map[int]bool{
	sqlite3.SQLITE_BUSY: true, sqlite3.SQLITE_LOCKED: true, sqlite3.SQLITE_NOMEM: true, sqlite3.SQLITE_READONLY: true,
	sqlite3.SQLITE_IOERR: true, sqlite3.SQLITE_FULL: true, sqlite3.SQLITE_CANTOPEN: true, sqlite3.SQLITE_PROTOCOL: true,
}

func (f *sqliteFile) troubled(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && trouble[e.Code()&primary]
}

// unsynced says whether an error is that of an fsync.
func unsynced(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_IOERR_FSYNC || e.Code() == sqlite3.SQLITE_IOERR_DIR_FSYNC)
}

// noted is called by SQLite for each row before it changes.
func (w *writer) noted(row sqlite.SQLitePreUpdateData) {
	if w.wrote != nil {
		c := Changed{row.TableName, make([]any, row.Count())}
		read := row.New
		if row.Op == sqlite3.SQLITE_DELETE {
			read = row.Old
		}
		if err := read(c.Columns...); err == nil {
			w.now.Rows = append(w.now.Rows, c)
		}
	}
	if w.watching != nil {
		w.watching.note(row)
	}
}

// hear has SQLite call noted.
func (w *writer) hear() error {
	return w.conn.Raw(func(conn any) error {
		hooks, ok := conn.(sqlite.HookRegisterer)
		if !ok {
			return fmt.Errorf("store: %T has no hooks", conn)
		}
		hooks.RegisterPreUpdateHook(w.noted)
		return nil
	})
}

// note takes a row that changes.
func (t *watching) note(row sqlite.SQLitePreUpdateData) {
	groups := t.groups[row.TableName]
	if len(groups) == 0 {
		return
	}
	columns := make([]any, t.columns[row.TableName])
	if row.Op != sqlite3.SQLITE_INSERT {
		t.err = errors.Join(t.err, row.Old(columns...))
		t.invalidate(groups, columns)
	}
	if row.Op != sqlite3.SQLITE_DELETE {
		t.err = errors.Join(t.err, row.New(columns...))
		t.invalidate(groups, columns)
	}
	if t.err != nil {
		t.Lost() // and once more after the COMMIT
	}
}

func (f *sqliteFile) watch(w *writer, t *watching) error {
	if err := w.Row(context.Background(), `PRAGMA data_version`).Scan(&t.version); err != nil {
		return err
	}
	w.watching = t
	return w.hear()
}

// look tells when another process has written since the last look. Within a transaction it is the last word: nobody
// else writes until its end.
func (f *sqliteFile) look(w *writer) {
	if w.watching == nil {
		return
	}
	var version int64
	err := w.Row(context.Background(), `PRAGMA data_version`).Scan(&version)
	if err != nil || version != w.watching.version {
		w.watching.version = version
		w.watching.Lost()
	}
}

// fresh: what another process writes is noticed within foreignLook, which is enough for an operator's command.
func (f *sqliteFile) fresh(context.Context) error { return nil }

// PagesRead counts the pages of the file that an idle reading connection has looked at so far, those that are not mapped into memory: with one
// reader and no map it says what a request costs, on however slow a machine.
func (db *DB) PagesRead(ctx context.Context) (pages int, err error) {
	c, err := db.read.db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	return pages, c.Raw(func(conn any) error {
		status, ok := conn.(sqlite.DBStatus)
		if !ok {
			return fmt.Errorf("store: %T counts no pages", conn)
		}
		for _, op := range []sqlite.DBStatusOp{sqlite.DBStatusCacheHit, sqlite.DBStatusCacheMiss} {
			n, _, err := status.Status(op, false)
			if err != nil {
				return err
			}
			pages += n
		}
		return nil
	})
}

// Check looks through a database file for damage. It changes nothing.
func Check(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if logged(path) {
		return fmt.Errorf("store: %s-wal beside it has changes that are not in it: the site ran while it was copied, or was killed; copy that one with musubi backup", path)
	}
	if info.Size() == 0 { // which SQLite takes for a database without tables
		return fmt.Errorf("store: %s is empty", path)
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
