package engine

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"
)

// foreignLook is how often the writer looks for changes that another process made (an operator's musubi member, say).
const foreignLook = 250 * time.Millisecond

// A Group is a way in which the rows of a table are read together: all of them, or those with the same values in one
// or two columns: {"diary", []int{0}} by the member, {"diary", []int{0, 1}} each for itself.
type Group struct {
	Table   string
	Columns []int // ascending places in the table, at most two
}

// An Invalidation is a group of rows that a write changed: the place of its Group among those watched, and the values of the
// columns; a text is its TextValue.
type Invalidation struct {
	Group int
	A, B  int64
}

// TextValue stands for a text in an Invalidation. Two texts may have the same, which costs a cache a reading and nothing else.
func TextValue(s string) int64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return int64(h.Sum64())
}

// A Watcher learns what was written, exactly and in time: nobody has to remember to tell it.
type Watcher struct {
	Groups []Group
	// Changing is called for each change as it is made, inside the transaction of that Lane; it may yet be undone.
	Changing func(lane int, i Invalidation)
	// Changed is called after each COMMIT, or a try of one, and before its writers are answered, with all of which Changing
	// told. It owns nothing of invalidations.
	Changed func(lane int, invalidations []Invalidation)
	// Lost is called when another process has written: anything may be different. It comes before a transaction reads.
	Lost func()
	// Elsewhere is called with what other processes have changed, where the database tells it. It may come beside a transaction, from another
	// goroutine.
	Elsewhere func(invalidations []Invalidation)
}

// Watch begins to tell w. SQLite itself names every row that changes, so that there is no list of writes to keep. Call it
// once, before the database is shared.
func (db *DB) Watch(ctx context.Context, w Watcher) error {
	if err := db.write.watch(ctx, w); err != nil {
		return err
	}
	for _, lane := range db.lanes {
		if err := lane.do(ctx, nil, func(context.Context) error {
			t := *db.write.watching
			t.lane, t.invalidations = lane.lane, nil
			lane.watching = &t
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// watching is the writer's side of a Watcher.
type watching struct {
	Watcher
	lane          int
	groups        map[string][]int            // of a table
	columns       map[string]int              // of a table, that have to be read
	places        map[string]map[string]place // of a table's columns, where the database tells their names
	invalidations []Invalidation              // by the transaction under way
	version       int64                       // of the database, as far as others wrote it
	err           error                       // a row that could not be read: everything is taken for changed
}

func (w *writer) watch(ctx context.Context, to Watcher) error {
	if to.Elsewhere == nil {
		to.Elsewhere = func([]Invalidation) { to.Lost() }
	}
	t := &watching{Watcher: to, groups: make(map[string][]int), columns: make(map[string]int)}
	for i, g := range to.Groups {
		t.groups[g.Table] = append(t.groups[g.Table], i)
		for _, column := range g.Columns {
			t.columns[g.Table] = max(t.columns[g.Table], column+1)
		}
	}
	return w.do(ctx, nil, func(context.Context) error { return w.sys.watch(w, t) }) // on the writer's goroutine: nothing else runs there now
}

func (t *watching) invalidate(groups []int, columns []any) {
	t.each(groups, columns, t.invalidated)
}

// invalidated notes what the transaction under way has changed.
func (t *watching) invalidated(row Invalidation) {
	if n := len(t.invalidations); n == 0 || t.invalidations[n-1] != row {
		t.invalidations = append(t.invalidations, row)
		t.Changing(t.lane, row)
	}
}

// each gives the groups that a row belongs to.
func (t *watching) each(groups []int, columns []any, tell func(Invalidation)) {
	for _, g := range groups {
		row := Invalidation{Group: g}
		for i, column := range t.Groups[g].Columns {
			*[...]*int64{&row.A, &row.B}[i] = t.value(columns[column])
		}
		tell(row)
	}
}

func (t *watching) value(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case string:
		return TextValue(v)
	}
	t.err = fmt.Errorf("store: a watched column holds %T, expected an integer or a text", v)
	return 0
}

// tell is called after a COMMIT, or a try of one.
func (t *watching) tell() {
	if t == nil {
		return
	}
	if len(t.invalidations) > 0 {
		t.Changed(t.lane, t.invalidations)
	}
	if t.err != nil {
		t.Lost()
	}
	t.invalidations, t.err = t.invalidations[:0], nil
	if cap(t.invalidations) > maxKept {
		t.invalidations = nil
	}
}

// maxKept is how many invalidations the memory kept for the next transaction has room for.
const maxKept = 1 << 16
