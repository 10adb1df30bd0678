package engine

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A machine knows how errors of the machine are called: a full or read-only disk, one that does not answer, too many open
// files, a database that is closing. Nothing is stored then, and the same may go well later.
type machine struct {
	unavailable error // of which each is one; nil: they have no name
	fatal       func(error)
}

// primary is what a result code of SQLite has in common with its extended ones.
const primary = 0xff

// trouble are the primary result codes that say something of the machine and nothing of the database or the statement.
var trouble = map[int]bool{
	sqlite3.SQLITE_BUSY: true, sqlite3.SQLITE_LOCKED: true, sqlite3.SQLITE_NOMEM: true, sqlite3.SQLITE_READONLY: true,
	sqlite3.SQLITE_IOERR: true, sqlite3.SQLITE_FULL: true, sqlite3.SQLITE_CANTOPEN: true, sqlite3.SQLITE_PROTOCOL: true,
}

// name gives an error of the machine its name, and every other one as it is.
func (m machine) name(err error) error {
	if err == nil || m.unavailable == nil || errors.Is(err, m.unavailable) {
		return err
	}
	var e *sqlite.Error
	if errors.As(err, &e) && trouble[e.Code()&primary] || errors.Is(err, ErrClosed) || errors.Is(err, sql.ErrConnDone) {
		return fmt.Errorf("%w: %w", m.unavailable, err)
	}
	return err
}

// unsynced says whether an error is that of an fsync.
func unsynced(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_IOERR_FSYNC || e.Code() == sqlite3.SQLITE_IOERR_DIR_FSYNC)
}

// mustBeSynced ends the process when err is that of an fsync. The kernel may have dropped the pages that it could not write, and
// call them written the next time: only what a new process reads from the disk is true.
func (m machine) mustBeSynced(err error) {
	if unsynced(err) {
		m.fatal(err)
	}
}

// exitUnsynced is the status of a process that ended because the disk did not take what was written.
const exitUnsynced = 74 // EX_IOERR

// endProcess is what Config.Fatal is when nothing else is said.
func endProcess(path string) func(error) {
	return func(err error) {
		fmt.Fprintf(os.Stderr, "musubi: the disk could not take what was written to %s (%v). Nothing that was answered is lost. "+
			"The process ends, to be started again by its unit: read the kernel's log and look after the disk.\n", path, err)
		os.Exit(exitUnsynced)
	}
}
