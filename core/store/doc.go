// Package store is the database behind core's services: one set of SQL that SQLite runs now and PostgreSQL can run
// ($1 parameters, BIGINT and TEXT, ON CONFLICT, no engine's own functions), with the schema in migrations/.
//
// Reads go through a small pool of connections. Writes go to one goroutine ([writer]) that runs those that wait
// together as one transaction and answers each after COMMIT with synchronous=FULL: an acknowledged write survives
// kill -9 and a power cut, and fifty writers share one disk flush. A failed write takes no
// other down.
//
// One file per noun, each implementing the interface that core declares beside the noun. Start reading at store.go.
package store
