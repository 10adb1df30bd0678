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
