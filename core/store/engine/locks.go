package engine

import (
	"context"
	"errors"
	"slices"
)

// Lanes is how many writers a process has on PostgreSQL. The first takes what is everybody's, one group at a time over all processes of the
// database; the others write beside each other what is said to belong to somebody (DB.AtomicOf). SQLite has the first only.
const Lanes = 5

// locks are those of the transaction under way.
type locks struct {
	all   bool    // everything is its own
	need  []int64 // to be taken when it begins, ascending
	held  []int64 // ascending
	short bool    // it has to begin again, with what need has now
}

// errShort is returned when a group has to begin again, because it lacked a lock that it could not wait for, or two groups waited for each
// other's rows.
var errShort = errors.New("store: a write has to begin again with more locks")

// maxShort is how often a group begins again before it takes everything.
const maxShort = 4

// want is what the group has named itself.
func (l *locks) want(group []*write) {
	*l = locks{need: l.need[:0]}
	for _, job := range group {
		if l.all = l.all || job.of == nil; l.all {
			return
		}
		l.need = append(l.need, job.of...)
	}
	l.settle()
}

func (l *locks) settle() {
	slices.Sort(l.need)
	l.need = slices.Compact(l.need)
}

// locked runs a group until it has all the locks that its writes ask for. Locks are waited for in ascending order only: whoever waits has none that
// somebody with a higher one can wait for, so that there is no ring.
func (w *writer) locked(group []*write, results []error, run func(job *write) error) error {
	for range maxShort {
		if err := w.together(group, results, run); err != errShort {
			return err
		}
	}
	w.locks.all = true
	return w.together(group, results, run)
}

// own takes the locks of a transaction within the one under way; nil: everything. With errShort all is undone and begun again.
func (w *writer) own(ctx context.Context, of []int64) error {
	l := &w.locks
	if w.wrote != nil {
		w.now.Of, w.now.Grew = append(slices.Clip(w.now.Of), of...), w.now.Grew || of == nil
	}
	switch {
	case l.all || !w.sys.shared():
		return nil
	case of == nil:
		l.all, l.short = true, true
		return errShort
	}
	for _, key := range of {
		at, has := slices.BinarySearch(l.held, key)
		if has {
			continue
		}
		got, err := w.sys.lock(ctx, w, key, at == len(l.held))
		if err != nil {
			return err
		}
		if !got {
			l.need, l.short = append(append(l.need, l.held...), of...), true
			l.settle()
			return errShort
		}
		l.held = slices.Insert(l.held, at, key)
	}
	return nil
}

// Lane is the number of the writer whose transaction ctx carries; -1: none.
func Lane(ctx context.Context) int {
	if w, inside := ctx.Value(transactionKey{}).(*writer); inside {
		return w.lane
	}
	return -1
}
