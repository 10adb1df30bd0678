package engine

import (
	"database/sql"
	"errors"
	"fmt"
)

// A machine knows how errors of the machine are called: a full or read-only disk, one that does not answer, too many open
// files, a database that is closing. Nothing is stored then, and the same may go well later.
type machine struct {
	sys         system
	unavailable error // of which each is one; nil: they have no name
	fatal       func(error)
}

// name gives an error of the machine its name, and every other one as it is.
func (m machine) name(err error) error {
	if err == nil || m.unavailable == nil || errors.Is(err, m.unavailable) {
		return err
	}
	if m.sys.troubled(err) || errors.Is(err, ErrClosed) || errors.Is(err, sql.ErrConnDone) {
		return fmt.Errorf("%w: %w", m.unavailable, err)
	}
	return err
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
