// Package store is the database behind core's services: one set of SQL that SQLite runs now and PostgreSQL can run
// ($1 parameters, BIGINT and TEXT, ON CONFLICT, no engine's own functions), with the schema in migrations/.
//
// The file, its one writer and its readers are core/store/engine. Here are the nouns: a type per area of the community
// ([Journal], say) with the files of its prefix (journal….go), each implementing the interfaces that core declares beside
// the nouns. Start reading at store.go.
package store
