package store

import (
	"context"
	"database/sql"
	"sync"
)

// reader runs SELECTs on the pool of reading connections, with each statement prepared once.
type reader struct {
	db       *sql.DB
	prepared sync.Map // query text → *sql.Stmt
}

func newReader(db *sql.DB) *reader { return &reader{db: db} }

func (r *reader) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := r.prepared.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if other, loaded := r.prepared.LoadOrStore(query, s); loaded {
		s.Close()
		return other.(*sql.Stmt), nil
	}
	return s, nil
}

func (r *reader) row(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := r.statement(ctx, query)
	if err != nil {
		return r.db.QueryRowContext(ctx, query, args...) // gives the same error to Scan
	}
	return s.QueryRowContext(ctx, args...)
}

func (r *reader) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := r.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (r *reader) run(ctx context.Context, query string, args ...any) (int64, error) {
	panic("store: write outside Atomic: " + query)
}

func (r *reader) close() {
	r.prepared.Range(func(_, s any) bool { s.(*sql.Stmt).Close(); return true })
}
