package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A Task is what a transaction leaves to be done with what is somebody else's: a row of its own, durable with it, and carried out by another
// transaction, which names that somebody, once.
type Task struct {
	Member ID // whose transaction it was
	ID     ID
	Whose  ID // with whose things it is done
	Kind   string
	Body   []byte
	Due    time.Time // when whoever finds it takes it up: the process that wrote it has not done so by then
	Tries  int
}

// TaskStore keeps tasks.
type TaskStore interface {
	// Defers says whether tasks are left at all: where one writer writes everybody's things they are done at once.
	Defers() bool
	InsertTask(ctx context.Context, t Task) error
	// DueTasks lists those that are due, in the order in which they were left.
	DueTasks(ctx context.Context, now time.Time, limit int) ([]Task, error)
	// ClaimTask moves when a task is due to until and counts the try, unless it is gone or somebody else has done so.
	ClaimTask(ctx context.Context, t Task, until time.Time) (bool, error)
	// BeginTask notes, with what is Whose, that a task is done; it says false when that was noted before.
	BeginTask(ctx context.Context, t Task, at time.Time) (bool, error)
	DropTasks(ctx context.Context, done []Task) error
	// DeleteTasksDoneBefore forgets that tasks were done before t.
	DeleteTasksDoneBefore(ctx context.Context, t time.Time) error
}

// Bounds of tasks.
const (
	taskLease  = 30 * time.Second // for who has written a task, or has claimed it, to carry it out
	tasksAtOne = 64               // carried out before a transaction is answered; what else it left follows within FlushEvery
	tasksTaken = 100              // due ones that are taken up at once
	taskTries  = 20               // then it is given up
	taskMemory = 7 * 24 * time.Hour
)

// tasks of a Desk.
type tasks struct {
	ids   ids // their own, so that others are the same whether anything is deferred or not
	kinds map[string]func(ctx context.Context, body []byte) error

	mu   sync.Mutex
	done []Task // whose rows are to go
}

// UseTask says how tasks of a kind are carried out, in a transaction that has named whose things it is done with. Call it before the desk is used.
func (s *Desk) UseTask(kind string, do func(ctx context.Context, body []byte) error) {
	if s.tasks.kinds == nil {
		s.tasks.kinds = map[string]func(context.Context, []byte) error{}
	}
	s.tasks.kinds[kind] = do
}

type leftKey struct{}

// left is what the transaction under way has left to do.
type left struct {
	owners Owners // whom it has named
	all    bool   // or it named nobody, and so everybody
	tasks  []Task
}

// Later has do done with what is whose: in the transaction under way when that has named them, else after it and before it is answered, as a task of
// that kind, by whoever is there when this process is not any more. Where nothing is deferred it is done at once.
func (s *Desk) Later(ctx context.Context, kind string, whose ID, task any, do func(ctx context.Context) error) error {
	l, _ := ctx.Value(leftKey{}).(*left)
	if l == nil || l.all || len(l.owners) == 0 || slices.Contains(l.owners, int64(whose)) {
		return s.store.AtomicOf(ctx, Of(whose), do)
	}
	body, err := json.Marshal(task)
	if err != nil {
		return err
	}
	t := Task{Member: ID(l.owners[0]), ID: s.tasks.ids.next(s.now()), Whose: whose, Kind: kind, Body: body, Due: s.now().Add(taskLease)}
	if err := s.store.InsertTask(ctx, t); err != nil {
		return err
	}
	l.tasks = append(l.tasks, t)
	return nil
}

// deferring are transactions that carry out what they have left to do.
type deferring struct {
	Transactions
	desk *Desk
}

// Atomic implements Transactions.
func (d deferring) Atomic(ctx context.Context, f func(ctx context.Context) error) error {
	return d.AtomicOf(ctx, nil, f)
}

// AtomicOf implements Transactions.
func (d deferring) AtomicOf(ctx context.Context, owners Owners, f func(ctx context.Context) error) error {
	if l, inside := ctx.Value(leftKey{}).(*left); inside {
		return d.Transactions.AtomicOf(ctx, owners, func(ctx context.Context) error {
			l.owners, l.all = append(l.owners, owners...), l.all || owners == nil
			return f(ctx)
		})
	}
	var l left
	if err := d.Transactions.AtomicOf(ctx, owners, func(ctx context.Context) error {
		l = left{owners: slices.Clone(owners), all: owners == nil}
		return f(context.WithValue(ctx, leftKey{}, &l))
	}); err != nil {
		return err
	}
	for _, t := range l.tasks[:min(len(l.tasks), tasksAtOne)] {
		if d.desk.carryOut(context.WithoutCancel(ctx), t) != nil {
			break // FlushTasks tries again, in this order, and says what is wrong
		}
	}
	return nil
}

// carryOut does a task, unless it was done.
func (s *Desk) carryOut(ctx context.Context, t Task) error {
	do := s.tasks.kinds[t.Kind]
	if do == nil {
		return fmt.Errorf("core: a task of kind %q, which this version does not know", t.Kind)
	}
	err := s.store.AtomicOf(ctx, Of(t.Whose), func(ctx context.Context) error {
		if fresh, err := s.store.BeginTask(ctx, t, s.now()); err != nil || !fresh {
			return err
		}
		return do(ctx, t.Body)
	})
	if err == nil {
		s.tasks.mu.Lock()
		s.tasks.done = append(s.tasks.done, t)
		s.tasks.mu.Unlock()
	}
	return err
}

// FlushTasks removes the rows of tasks that are done, and takes up those of processes that are gone. Every serving process does so every FlushEvery.
func (s *Desk) FlushTasks(ctx context.Context) error {
	if s.store.TaskStore == nil || !s.store.Defers() {
		return nil
	}
	list, err := s.store.DueTasks(ctx, s.now(), tasksTaken)
	for _, t := range list {
		mine, claimed := s.store.ClaimTask(ctx, t, s.now().Add(taskLease))
		if claimed != nil || !mine {
			err = errors.Join(err, claimed)
			continue
		}
		failed := s.carryOut(ctx, t)
		if failed != nil && t.Tries+1 >= taskTries {
			failed = errors.Join(fmt.Errorf("core: a task of kind %s was given up after %d tries", t.Kind, taskTries), failed, s.store.DropTasks(ctx, []Task{t}))
		}
		err = errors.Join(err, failed)
	}
	s.tasks.mu.Lock()
	done := s.tasks.done
	s.tasks.done = nil
	s.tasks.mu.Unlock()
	if len(done) == 0 {
		return err
	}
	return errors.Join(err, InBatches(done, func(some []Task) error {
		return s.store.AtomicOf(ctx, Of(), func(ctx context.Context) error { return s.store.DropTasks(ctx, some) })
	}))
}

// SweepTasks forgets what was done long ago.
func (s *Desk) SweepTasks(ctx context.Context, now time.Time) error {
	if s.store.TaskStore == nil {
		return nil
	}
	return s.store.DeleteTasksDoneBefore(ctx, now.Add(-taskMemory))
}
