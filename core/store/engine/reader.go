package engine

import (
	"context"
	"database/sql"
	"sync"
)

// reader runs SELECTs on the pool of reading connections, with each statement prepared once. They run to their end: each is
// short, and to be ready to break one off costs as much again as a small one (two goroutines that wait for a caller to give
// up). A caller who has given up is told so before.
type reader struct {
	machine
	db       *sql.DB
	prepared sync.Map // query text → *sql.Stmt
}

func newReader(db *sql.DB, m machine) *reader { return &reader{machine: m, db: db} }

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

func (r *reader) Row(ctx context.Context, query string, args ...any) Row {
	query, args = r.sys.text(query, args)
	s, err := r.statement(ctx, query)
	if err != nil {
		return Row{nil, err, r.machine}
	}
	return Row{s.QueryRowContext(patient(ctx), args...), nil, r.machine}
}

// patient is a context that ends only when it has ended already.
func patient(ctx context.Context) context.Context {
	if ctx.Err() != nil {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

func (r *reader) Rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	query, args = r.sys.text(query, args)
	s, err := r.statement(ctx, query)
	if err != nil {
		return nil, r.name(err)
	}
	rows, err := s.QueryContext(patient(ctx), args...)
	return rows, r.name(err)
}

// problem gives an error of reading rows its name.
func (r *reader) problem(err error) error { return r.name(err) }

func (r *reader) Run(ctx context.Context, query string, args ...any) (int64, error) {
	panic("store: write outside Atomic: " + query)
}

func (r *reader) close() {
	r.prepared.Range(func(_, s any) bool { s.(*sql.Stmt).Close(); return true })
}
