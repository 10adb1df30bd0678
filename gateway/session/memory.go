package session

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// DefaultRecords is how many sessions the in-process store keeps when not told otherwise; at about 600 bytes each that is
// 60 MB. When it is full, the session unused for longest goes.
const DefaultRecords = 100_000

// A record is one entry of the in-process store.
type record struct {
	key     Key
	value   []byte
	expires time.Time
}

// table is a bounded map of records, least recently used last. All methods need the lock.
type table struct {
	mu    sync.Mutex
	max   int
	now   func() time.Time
	byKey map[Key]*list.Element
	used  *list.List // of *record
}

func newTable(limit int, now func() time.Time) *table {
	if limit <= 0 {
		limit = DefaultRecords
	}
	if now == nil {
		now = time.Now
	}
	return &table{max: limit, now: now, byKey: map[Key]*list.Element{}, used: list.New()}
}

func (t *table) get(k Key) ([]byte, bool) {
	e, ok := t.byKey[k]
	if !ok {
		return nil, false
	}
	r := e.Value.(*record)
	if !r.expires.After(t.now()) {
		t.drop(k)
		return nil, false
	}
	t.used.MoveToFront(e)
	return r.value, true
}

// put stores a record and returns the keys that had to leave for it.
func (t *table) put(k Key, value []byte, expires time.Time) (gone []Key) {
	if e, ok := t.byKey[k]; ok {
		r := e.Value.(*record)
		r.value, r.expires = value, expires
		t.used.MoveToFront(e)
		return nil
	}
	for t.used.Len() >= t.max {
		old := t.used.Back().Value.(*record).key
		t.drop(old)
		gone = append(gone, old)
	}
	t.byKey[k] = t.used.PushFront(&record{k, value, expires})
	return gone
}

func (t *table) drop(k Key) bool {
	e, ok := t.byKey[k]
	if ok {
		t.used.Remove(e)
		delete(t.byKey, k)
	}
	return ok
}

// sweep drops records whose time is over.
func (t *table) sweep() {
	now := t.now()
	for e := t.used.Back(); e != nil; {
		prev := e.Prev()
		if r := e.Value.(*record); !r.expires.After(now) {
			t.drop(r.key)
		}
		e = prev
	}
}

// A File is the in-process store: a bounded table in memory and a journal on disk, read again at the next start. Without
// a file name it is memory only.
type File struct {
	t *table
	j *journal // nil: memory only

	aside string // what the damaged file of before is called now

	stop chan struct{}
	done sync.WaitGroup
}

// Aside is the new name of a file that was no journal of sessions and stood in its place, "" if there was none. Whoever
// opens the store tells the operator: everybody has to log in again.
func (f *File) Aside() string { return f.aside }

// OpenFile opens the in-process store with its journal at name ("" for memory only) and room for limit records
// (0: DefaultRecords). now is the clock; nil means time.Now. The file is created with mode 0600. Opening never fails: what is
// damaged is put aside (Aside), and while the disk takes no file sessions are in memory and Ping says why.
func OpenFile(name string, limit int, now func() time.Time) *File {
	f := &File{t: newTable(limit, now), stop: make(chan struct{})}
	if name != "" {
		f.j, f.aside = openJournal(name, f.t)
	}
	f.done.Add(1)
	go f.keep()
	return f
}

// flushEvery is how much of the newest session changes a crash of the process may cost. A power cut may cost what the system
// has not written yet, half a minute or so: members log in again. The file stays readable.
const flushEvery = 200 * time.Millisecond

// keep flushes the journal, sweeps expired records and rewrites a journal that is mostly waste.
func (f *File) keep() {
	defer f.done.Done()
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-f.stop:
			return
		case <-tick.C:
		}
		f.t.mu.Lock()
		if n%300 == 0 {
			f.t.sweep()
		}
		if f.j != nil {
			f.j.tidy(f.t)
		}
		f.t.mu.Unlock()
	}
}

// Load implements Store.
func (f *File) Load(_ context.Context, k Key) ([]byte, error) {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	if v, ok := f.t.get(k); ok {
		return v, nil
	}
	return nil, ErrUnknown
}

// Save implements Store.
func (f *File) Save(_ context.Context, k Key, value []byte, ttl time.Duration) error {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return f.save(k, value, ttl)
}

func (f *File) save(k Key, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		return f.remove(k)
	}
	expires := f.t.now().Add(ttl)
	for _, gone := range f.t.put(k, value, expires) {
		if err := f.j.write(gone, nil, time.Time{}); err != nil {
			return err
		}
	}
	return f.j.write(k, value, expires)
}

func (f *File) remove(k Key) error {
	if !f.t.drop(k) {
		return nil
	}
	return f.j.write(k, nil, time.Time{})
}

// Update implements Store.
func (f *File) Update(_ context.Context, k Key, edit func([]byte) ([]byte, time.Duration, error)) error {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	old, ok := f.t.get(k)
	if !ok {
		return ErrUnknown
	}
	value, ttl, err := edit(old)
	if err != nil {
		return err
	}
	return f.save(k, value, ttl)
}

// Delete implements Store.
func (f *File) Delete(_ context.Context, k Key) error {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return f.remove(k)
}

// Ping implements Store.
func (f *File) Ping(context.Context) error {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return f.j.failed()
}

// Close flushes the journal and closes it.
func (f *File) Close() error {
	close(f.stop)
	f.done.Wait()
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return f.j.close()
}
