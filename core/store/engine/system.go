package engine

import (
	"context"
	"database/sql"
	"fmt"
	"os"
)

// A system is what differs between the databases that the engine knows: SQLite's file and PostgreSQL. Everything else, the group
// commit above all, is written once.
type system interface {
	// text is a statement as the database reads it, and its parameters.
	text(query string, args []any) (string, []any)
	// troubled says of an error that it is one of the machine: see machine.
	troubled(err error) bool

	begin(w *writer) error                                                           // opens a transaction in which nobody else, in this process or another, writes what is its own: see locks
	shared() bool                                                                    // several processes serve from the database
	lock(ctx context.Context, w *writer, key int64, wait bool) (got bool, err error) // takes one more; with wait until it is free
	collided(err error) bool                                                         // two transactions waited for each other, and this one was to give way
	told(w *writer)                                                                  // after a COMMIT, once the Watcher knows
	standing(w *writer, failed error) transaction                                    // of the transaction, after a write that ended with failed
	commit(w *writer) error
	fragile() bool  // a statement that fails takes its transaction down unless it has a savepoint of its own
	rest(w *writer) // after each group
	close() error

	watch(w *writer, to *watching) error
	look(w *writer)                  // tells what other processes have written
	fresh(ctx context.Context) error // see DB.Fresh

	bulk(ctx context.Context, w *writer) (end func(), err error)        // see DB.Bulk
	damage(ctx context.Context, db *sql.DB, quick bool) (string, error) // see DB.Damage
	textColumns() string                                                // the statement of DB.TextColumns
	scrub(ctx context.Context, w *writer) error                         // see DB.Scrub
	backup(ctx context.Context, db *sql.DB, path string) error          // see DB.Backup
}

// transaction is how one is after a write.
type transaction int

const (
	open   transaction = iota // statements go on
	failed                    // the database takes no more before it is undone
	ended                     // it is undone already
)

// endProcess is what Config.Fatal is when nothing else is said.
func endProcess(path string) func(error) {
	return func(err error) {
		fmt.Fprintf(os.Stderr, "musubi: the disk could not take what was written to %s (%v). Nothing that was answered is lost. "+
			"The process ends, to be started again by its unit: read the kernel's log and look after the disk.\n", path, err)
		os.Exit(exitUnsynced)
	}
}
