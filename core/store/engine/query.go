package engine

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Querier runs SQL: the pool of readers, or the writer's transaction.
type Querier interface {
	Row(ctx context.Context, query string, args ...any) Row
	Rows(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	// Run executes a statement and says how many rows it changed. It panics outside a transaction.
	Run(ctx context.Context, query string, args ...any) (int64, error)
	// problem gives an error of the machine its name (Config.Unavailable).
	problem(err error) error
}

// A Row is the answer of a query that has one row.
type Row struct {
	row *sql.Row
	err error // that there is none
	machine
}

// Scan reads it; sql.ErrNoRows when there is none.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.name(r.err)
	}
	return r.name(r.row.Scan(dest...))
}

// A Scanner is a row that can be read: Row or *sql.Rows.
type Scanner interface{ Scan(dest ...any) error }

// List reads all rows of a query with scan.
func List[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.Rows(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, q.problem(err)
		}
		out = append(out, v)
	}
	return out, q.problem(rows.Err())
}

// A Step is a statement with its parameters.
type Step struct {
	Query string
	Args  []any
}

// RunAll executes steps one after the other.
func RunAll(ctx context.Context, q Querier, steps ...Step) error {
	for _, step := range steps {
		if _, err := q.Run(ctx, step.Query, step.Args...); err != nil {
			return err
		}
	}
	return nil
}

// Places writes n numbered parameters from $first on.
func Places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}

// Millis is a time as columns hold it: 0 is none, so the first moment of 1970 is the one after it.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return cmp.Or(t.UnixMilli(), 1)
}

// Moment reads a column that Millis wrote.
func Moment(to *time.Time) sql.Scanner { return moment{to} }

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
