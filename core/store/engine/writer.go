package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Bounds of the writer.
const (
	maxGroup = 256  // writes that share one COMMIT
	maxLane  = 16   // and in a lane beside others, who may wait for one of its owners
	maxQueue = 4096 // writes that wait; further callers wait to get in line
)

// ErrClosed is what a write gets after Close.
var ErrClosed = errors.New("store: closed")

// writer changes the database: on SQLite it is the only one, on PostgreSQL there are Lanes. It takes the write that came first and all
// that came while the disk was busy with the last group, runs them as one transaction, and then answers them all.
type writer struct {
	machine
	lane     int // its number, see Lanes
	pool     *sql.DB
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	queue    chan *write
	between  chan func()   // what must run outside a transaction
	quit     chan struct{} // closed by close
	done     chan struct{} // closed when the goroutine has ended
	watching *watching     // nil: nobody wants to know
	changed  bool          // whether the write under way has changed anything, or may have
	careful  bool          // each statement has a savepoint of its own: see system.fragile
	wrote    func(Wrote)   // see Config
	now      Wrote         // of the write under way, if somebody wants to know
	rehearse bool          // every write is made and undone first, for tests: it must be one that can be made again
	locks    locks
	xid      int64 // of the transaction under way, where the database has such numbers
}

// write is one caller's step.
type write struct {
	ctx   context.Context
	of    []int64 // see DB.AtomicOf; nil: everybody's
	run   func(ctx context.Context) error
	reply chan error // buffered, so that a caller who gave up blocks nobody
	from  []uintptr  // who asked for it, if somebody wants to know
}

type transactionKey struct{}

func newWriter(ctx context.Context, db *sql.DB, m machine, lane int, rehearse bool) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		machine: m, lane: lane, pool: db, rehearse: rehearse, conn: conn, prepared: make(map[string]*sql.Stmt),
		queue: make(chan *write, maxQueue), between: make(chan func()), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

// do hands f to the writer and waits for its COMMIT.
func (w *writer) do(ctx context.Context, of []int64, f func(ctx context.Context) error) error {
	job := &write{ctx: ctx, of: of, run: f, reply: make(chan error, 1)}
	if w.wrote != nil {
		job.from = make([]uintptr, 32)
		job.from = job.from[:runtime.Callers(2, job.from)]
	}
	select {
	case w.queue <- job:
	case <-w.quit:
		return w.name(ErrClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-job.reply:
		return err
	case <-w.done:
		return w.name(ErrClosed)
	}
}

// outside runs f on the writing connection while no transaction is open.
func (w *writer) outside(ctx context.Context, f func() error) error {
	reply := make(chan error, 1)
	select {
	case w.between <- func() { reply <- f() }:
		return <-reply
	case <-w.quit:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) loop() {
	defer close(w.done)
	look := time.NewTicker(foreignLook)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if w.lane == 0 {
				w.sys.look(w)
			}
		case first := <-w.queue:
			w.commit(w.group(first))
		case f := <-w.between:
			f()
		case <-w.quit:
			for len(w.queue) > 0 {
				w.commit(w.group(<-w.queue))
			}
			return
		}
	}
}

// group collects what waits already; it never waits for more, because the next group gathers during this one's flush.
func (w *writer) group(first *write) []*write {
	group, most := []*write{first}, maxGroup
	if w.lane > 0 {
		most = maxLane
	}
	for len(group) < most {
		select {
		case next := <-w.queue:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// commit runs a group and answers each of its writes after the COMMIT. Nearly every group succeeds, so it is run without
// savepoints first, for which SQLite would copy each page before it changes. When a write fails that has changed something,
// all are undone and made again, now each under a savepoint.
func (w *writer) commit(group []*write) {
	results := make([]error, len(group))
	w.locks.want(group)
	if w.rehearse {
		w.locked(group, results, w.undone)
	}
	err := w.locked(group, results, w.attempt)
	switch {
	case err == errRefused, err == errSpoiled && (len(group) > 1 || results[0] == nil):
		err = w.locked(group, results, w.step)
	case err == errSpoiled:
		err = nil
	}
	w.mustBeSynced(err)
	w.watching.tell()
	w.sys.told(w)
	for i, job := range group {
		if err != nil {
			results[i] = fmt.Errorf("store: commit: %w", err)
		}
		job.reply <- w.name(results[i])
	}
	w.sys.rest(w)
}

// errSpoiled is returned when a write failed that had changed something.
var errSpoiled = errors.New("store: a write failed half-way")

// errRefused is returned when a statement failed, and with it all that came after: what the write made of that, even its error, is not
// what it would have made of a transaction that goes on.
var errRefused = errors.New("store: a statement failed, and the transaction took no other")

// errEnded is returned when the transaction did not outlive a write that failed.
var errEnded = errors.New("the database has undone all writes of the group")

// together runs a group as one transaction and notes what became of each write. With an error all are undone.
func (w *writer) together(group []*write, results []error, run func(job *write) error) error {
	background := context.Background()
	w.locks.short = false
	w.locks.held = append(w.locks.held[:0], w.locks.need...)
	if err := w.sys.begin(w); err != nil {
		return err
	}
	for i, job := range group {
		w.changed = false
		results[i] = run(job)
		spoiled := w.changed
		if w.locks.short || w.sys.collided(results[i]) {
			w.Run(background, `ROLLBACK`)
			return errShort
		}
		switch standing := w.sys.standing(w, results[i]); {
		case standing == ended:
			w.Run(background, `ROLLBACK`)
			return errors.Join(errEnded, results[i])
		case standing == failed:
			w.Run(background, `ROLLBACK`)
			return errRefused
		case results[i] != nil && spoiled:
			w.Run(background, `ROLLBACK`)
			return errSpoiled
		}
	}
	err := w.sys.commit(w)
	if err != nil {
		w.Run(background, `ROLLBACK`)
	}
	return err
}

// step runs a write under a savepoint, so that its failure undoes only itself.
func (w *writer) step(job *write) error {
	background := context.Background()
	if _, err := w.Run(background, `SAVEPOINT step`); err != nil {
		return err
	}
	w.careful = w.sys.fragile()
	held := slices.Clone(w.locks.held)
	err := w.attempt(job)
	w.careful = false
	if err == nil && w.sys.standing(w, nil) == failed {
		err = errors.New("store: a question of the write failed, and it went on")
	}
	if err != nil {
		w.Run(background, `ROLLBACK TO step`)
		w.locks.held = held // those taken since went with it
	}
	if _, released := w.Run(background, `RELEASE step`); released != nil {
		return errors.Join(err, released)
	}
	w.changed = false // nothing is left of one that failed
	return err
}

// undone runs a write and undoes it.
func (w *writer) undone(job *write) error {
	background := context.Background()
	if _, err := w.Run(background, `SAVEPOINT step`); err != nil {
		return err
	}
	held := slices.Clone(w.locks.held)
	w.attempt(job)
	w.Run(background, `ROLLBACK TO step`)
	w.locks.held = held
	_, err := w.Run(background, `RELEASE step`)
	w.changed = false
	return err
}

// attempt runs one write. A panic in it counts as a failure.
func (w *writer) attempt(job *write) (err error) {
	if err := job.ctx.Err(); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("store: panic in a write: %v", r)
		}
	}()
	if w.wrote != nil {
		w.now = Wrote{Caller: job.from, Of: job.of, All: job.of == nil}
		defer func() { w.wrote(w.now) }()
	}
	// The statements run without the caller's deadline: an interrupted one would roll back the whole group.
	return job.run(context.WithValue(context.WithoutCancel(job.ctx), transactionKey{}, Querier(w)))
}

func (w *writer) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := w.prepared[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.prepared[query] = s
	}
	return s, err
}

// mayChange notes that a query with an answer is more than a question: DELETE … RETURNING, say.
func (w *writer) mayChange(query string) {
	w.changed = w.changed || !strings.HasPrefix(query, "SELECT")
}

func (w *writer) Row(ctx context.Context, query string, args ...any) Row {
	w.mayChange(query)
	query, args = w.sys.text(query, args)
	s, err := w.statement(ctx, query)
	if err != nil {
		return Row{nil, err, w.machine}
	}
	return Row{s.QueryRowContext(ctx, args...), nil, w.machine}
}

func (w *writer) Rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	w.mayChange(query)
	query, args = w.sys.text(query, args)
	s, err := w.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// rowOf and rowsOf ask for the engine itself, in the midst of beginning a transaction.
func (w *writer) rowOf(ctx context.Context, query string, args ...any) Row {
	return w.Row(ctx, query, args...)
}

func (w *writer) rowsOf(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return w.Rows(ctx, query, args...)
}

func (w *writer) problem(err error) error { return w.name(err) }

func (w *writer) Run(ctx context.Context, query string, args ...any) (n int64, err error) {
	if !w.careful {
		return w.exec(ctx, query, args)
	}
	if _, err := w.exec(ctx, `SAVEPOINT statement`, nil); err != nil {
		return 0, err
	}
	if n, err = w.exec(ctx, query, args); err != nil {
		w.exec(ctx, `ROLLBACK TO statement`, nil)
	}
	if _, released := w.exec(ctx, `RELEASE statement`, nil); released != nil {
		return 0, errors.Join(err, released)
	}
	return n, err
}

func (w *writer) exec(ctx context.Context, query string, args []any) (int64, error) {
	query, args = w.sys.text(query, args)
	s, err := w.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	w.changed = w.changed || n > 0
	return n, err
}

// close ends the goroutine after the writes that wait.
func (w *writer) close() error {
	close(w.quit)
	<-w.done
	for _, s := range w.prepared {
		s.Close()
	}
	return w.conn.Close()
}
