package web

import (
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// openDB is the database of the site, beside the site's own connections.
func (w *world) openDB() *sql.DB {
	w.t.Helper()
	driver, name := "sqlite", "file:"+w.path+"?_pragma=busy_timeout(5000)"
	if w.url != "" {
		driver, name = "pgx", w.url
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { db.Close() })
	return db
}

// columns lists those of all tables as table.column, without the engine's own.
func (w *world) columns(db *sql.DB) []string {
	w.t.Helper()
	query := `SELECT group_concat(t.name || '.' || c.name, ' ') FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'`
	if w.url != "" {
		query = `SELECT string_agg(table_name || '.' || column_name, ' ') FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'musubi~_%' ESCAPE '~'`
	}
	return strings.Fields(one(w.t, db, query))
}

// tablesWith lists the tables of PostgreSQL that hold a text, once for each row.
func (w *world) tablesWith(text string) (found []string) {
	w.t.Helper()
	if !utf8.ValidString(text) {
		return nil // a picture: it has no columns of bytes
	}
	db := w.openDB()
	defer db.Close()
	tables := w.columns(db)
	for i, column := range tables {
		tables[i], _, _ = strings.Cut(column, ".")
	}
	slices.Sort(tables)
	for _, table := range slices.Compact(tables) {
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM `+table+` t WHERE strpos(CAST(t AS TEXT), $1) > 0`, text).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		found = append(found, slices.Repeat([]string{table}, n)...)
	}
	return found
}

// times counts how often the database, closed before, holds a text.
func (w *world) times(text string) int {
	w.t.Helper()
	if w.url != "" {
		return len(w.tablesWith(text))
	}
	content, err := os.ReadFile(w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Count(string(content), text)
}

// one is the only value of a query.
func one(t testing.TB, db *sql.DB, query string) (value string) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}
