package core

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// FlushEvery is how long what pages note waits to be stored. What came in a few seconds would take a processor and the writer
// for a tenth of a second and more, and the pages and forms of that moment would be late.
const FlushEvery = 500 * time.Millisecond

// MaxWaiting bounds what waits to be stored of one kind. One too many is not noted.
const MaxWaiting = 16384

// flushBatch is how many things that pages have noted are stored in one go, some milliseconds of the writer's time. Thousands
// wait after a rush; stored in one go they would keep everybody waiting who sends a form.
const flushBatch = 64

// WriteBehind is what pages note in passing until it is stored every FlushEvery, the newest of each key: no page waits for a disk.
// What waits when the process is killed is lost.
type WriteBehind[K comparable, V any] struct {
	mu      sync.Mutex
	waiting map[K]V
	storing map[K]V // still to be seen here until it can be seen there

	flushing sync.Mutex
}

// Put keeps v until the next flush.
func (p *WriteBehind[K, V]) Put(k K, v V) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == nil {
		p.waiting = make(map[K]V)
	}
	if _, known := p.waiting[k]; known || len(p.waiting) < MaxWaiting {
		p.waiting[k] = v
	}
}

// Pending gives what is not stored yet.
func (p *WriteBehind[K, V]) Pending(k K) (v V, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v, ok = p.waiting[k]; !ok {
		v, ok = p.storing[k]
	}
	return v, ok
}

// Flush calls store for what waits, batch by batch, and returns its first error. What it fails to store is lost.
func (p *WriteBehind[K, V]) Flush(store func(batch []V) error) error {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	p.mu.Lock()
	p.waiting, p.storing = nil, p.waiting
	list := slices.Collect(maps.Values(p.storing))
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.storing = nil
		p.mu.Unlock()
	}()
	return InBatches(list, store)
}

// InBatches calls store for one batch of the list after the other and returns the first error. What one fails to store does
// not keep back the rest.
func InBatches[T any](list []T, store func([]T) error) (first error) {
	for batch := range slices.Chunk(list, flushBatch) {
		if err := store(batch); first == nil {
			first = err
		}
	}
	return first
}
