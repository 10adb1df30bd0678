package core

import (
	"slices"
	"sync"
	"testing"
	"time"
)

func TestIDsGrowAndDiffer(t *testing.T) {
	g := ids{node: 255}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	var all []ID
	for i := range 40000 { // more than one millisecond holds, and a clock that steps back
		at := now
		if i > 30000 {
			at = now.Add(-time.Second)
		}
		all = append(all, g.next(at))
	}
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Fatal("IDs of one node must grow")
	}
	if got := all[0].Time(); !got.Equal(now) {
		t.Fatalf("Time() = %v, want %v", got, now)
	}
	if all[0] <= 0 || ID(1<<62) < all[0] && all[0] < 0 {
		t.Fatalf("ID %d does not fit 63 bits", all[0])
	}
}

func TestIDsOfNodesDiffer(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	a, b := ids{node: 1}, ids{node: 2}
	if a.next(now) == b.next(now) {
		t.Fatal("two nodes gave one ID")
	}
}

func TestIDsFromManyGoroutines(t *testing.T) {
	var g ids
	var mu sync.Mutex
	seen := map[ID]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				id := g.next(time.Now())
				mu.Lock()
				if seen[id] {
					t.Errorf("ID %d twice", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// Whatever the time, an ID is one that addresses have, in the order of age, and tells about when; a range of times finds it.
func TestIDsOfAnyTime(t *testing.T) {
	var g ids
	last := ID(0)
	for _, at := range []time.Time{{}, time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1969, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(1999, 12, 31, 23, 30, 0, 0, time.UTC),
		time.Date(2003, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2004, 1, 1, 0, 30, 0, 0, time.UTC), time.Date(2004, 1, 1, 1, 0, 0, 0, time.UTC), time.Date(2007, 3, 3, 12, 34, 56, 0, time.UTC), time.Date(2099, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		for _, id := range []ID{g.at(at), IDFrom(at, 7)} {
			if read, ok := ParseID(id.String()); !ok || read != id || id>>idTimeShift < last>>idTimeShift {
				t.Errorf("%v: %d after %d", at, id, last)
			}
			if said := id.Time(); at.Year() >= 1900 && at.Year() < 2070 && (said.After(at) || at.Sub(said) > 16*time.Minute) {
				t.Errorf("%v: its ID says %v", at, said)
			}
			if first, end := IdsWithin(at, at.Add(time.Second)); !at.IsZero() && at.Year() < 2070 && (id < first || id >= end) {
				t.Errorf("%v: %d is not in [%d, %d)", at, id, first, end)
			}
			last = id
		}
	}
}

func TestParseID(t *testing.T) {
	rows := map[string]bool{
		"1": true, "9223372036854775807": true, "": false, "0": false, "-1": false, "+1": false, " 1": false, "1 ": false,
		"9223372036854775808": false, "0x10": false, "１": false, "1_000": false, "1e3": false,
	}
	for s, want := range rows {
		if id, ok := ParseID(s); ok != want {
			t.Errorf("ParseID(%q) = %d, %v; want %v", s, id, ok, want)
		}
	}
}
