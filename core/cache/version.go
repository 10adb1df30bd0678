package cache

import (
	"sync/atomic"

	"musubi/core"
	"musubi/core/store"
)

// versions knows the commit that changed each group of rows last. Groups share places by their hash: a false alarm costs
// a reading, and a change is never missed.
type versions struct {
	seq   atomic.Uint64 // of the last commit that was told
	floor atomic.Uint64 // entries from before are not true any more, whatever they are made of
	at    [versionPlaces]atomic.Uint64
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

// changed notes what a commit has changed. The number is given out last: who sees it finds what it stands for.
func (v *versions) changed(touched []store.Touch) {
	n := v.seq.Load() + 1
	for _, t := range touched {
		v.at[place(group(t.Group), t.A, t.B)].Store(n)
	}
	v.seq.Store(n)
}

// lost makes everything kept so far untrue.
func (v *versions) lost() {
	n := v.seq.Load() + 1
	v.floor.Store(n)
	v.seq.Store(n)
}

// same says whether a group of rows is as it was at seq.
func (v *versions) same(seq uint64, g group, a, b core.ID) bool {
	return v.at[place(g, int64(a), int64(b))].Load() <= seq
}

// true says whether all that the key tells of is as it was at seq.
func (v *versions) true(k key, seq uint64) bool {
	if seq < v.floor.Load() {
		return false
	}
	for _, d := range needs[k.kind] {
		a, b := d.of(k)
		if !v.same(seq, d.group, a, b) {
			return false
		}
	}
	return true
}
