package cache

import (
	"sync"
	"sync/atomic"

	"musubi/core"
	"musubi/core/store/engine"
)

// versions knows the commit that changed each group of rows last. Groups share places by their hash: a false alarm costs
// a reading, and a change is never missed.
type versions struct {
	telling sync.Mutex    // who tells: the writers, and what hears of other processes
	seq     atomic.Uint64 // of the last commit that was told
	floor   atomic.Uint64 // entries from before are not true any more, whatever they are made of
	at      [versionPlaces]atomic.Uint64
	// under says which groups the transaction under way in a lane has changed. It belongs to the goroutine that writes there, on which
	// its transactions read, too.
	under [engine.Lanes][versionPlaces / 64]uint64
}

// versionPlaces, of 8 bytes each: 2 MB. With a million kept entries one change in four spoils another's by chance.
const versionPlaces = 1 << 18

func place(g group, a, b int64) int {
	h := uint64(a)*0x9E3779B97F4A7C15 ^ uint64(b)*0xC2B2AE3D27D4EB4F ^ uint64(g)*0x165667B19E3779F9
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return int(h >> 46)
}

// now is the number that a reading which begins now is sure to reach.
func (v *versions) now() uint64 { return v.seq.Load() }

// changing notes what the transaction under way in a lane changes.
func (v *versions) changing(lane int, t engine.Invalidation) {
	p := place(group(t.Group), t.A, t.B)
	v.under[lane][p/64] |= 1 << (p % 64)
}

// changed notes what a commit has changed, or one that failed might have. The number is given out last: who sees it finds
// what it stands for.
func (v *versions) changed(lane int, invalidations []engine.Invalidation) {
	v.telling.Lock()
	defer v.telling.Unlock()
	n := v.seq.Load() + 1
	for _, t := range invalidations {
		p := place(group(t.Group), t.A, t.B)
		v.at[p].Store(n)
		v.under[lane][p/64] = 0
	}
	v.seq.Store(n)
}

// elsewhere notes what another process has changed. What the transaction under way has changed is not its business.
func (v *versions) elsewhere(invalidations []engine.Invalidation) {
	v.telling.Lock()
	defer v.telling.Unlock()
	n := v.seq.Load() + 1
	for _, t := range invalidations {
		v.at[place(group(t.Group), t.A, t.B)].Store(n)
	}
	v.seq.Store(n)
}

// lost makes everything kept so far untrue.
func (v *versions) lost() {
	v.telling.Lock()
	defer v.telling.Unlock()
	n := v.seq.Load() + 1
	v.floor.Store(n)
	v.seq.Store(n)
}

// A reading asks what is still as it was when something was read: by now for everybody, and within a transaction for that.
type reading struct {
	of   *versions
	seq  uint64 // of what was read
	lane int    // of the transaction; outside: none
}

// same says whether a group of rows is as it was.
func (r reading) same(g group, a, b core.ID) bool {
	p := place(g, int64(a), int64(b))
	return r.of.at[p].Load() <= r.seq && !(r.lane != outside && r.of.under[r.lane][p/64]&(1<<(p%64)) != 0)
}

// true says whether all that the key and the value tell of is as it was.
func (r reading) true(k key, value any) bool {
	if r.seq < r.of.floor.Load() {
		return false
	}
	for _, d := range needs[k.kind] {
		a, b := d.of(k)
		if !r.same(d.group, a, b) {
			return false
		}
	}
	f, own := value.(freshness)
	return !own || f.fresh(r)
}
