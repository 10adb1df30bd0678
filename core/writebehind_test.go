package core

import (
	"errors"
	"slices"
	"testing"
)

func TestPassing(t *testing.T) {
	var p WriteBehind[int, string]
	see := func(when string, k int, want string) {
		t.Helper()
		if v, ok := p.Pending(k); v != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", when, v, ok)
		}
	}
	p.Put(1, "old")
	p.Put(1, "new")
	p.Put(2, "two")
	see("waiting", 1, "new")
	see("never noted", 3, "")
	bad := errors.New("bad")
	err := p.Flush(func(bite []string) error {
		slices.Sort(bite)
		if !slices.Equal(bite, []string{"new", "two"}) {
			t.Errorf("to be stored: %v", bite)
		}
		see("while it is stored", 1, "new")
		p.Put(1, "newer")
		see("noted again meanwhile", 1, "newer")
		return bad
	})
	if err != bad {
		t.Error(err)
	}
	see("stored", 2, "")
	see("noted while it was stored", 1, "newer")
}

func TestPassingIsBounded(t *testing.T) {
	var p WriteBehind[int, int]
	for i := range MaxWaiting + 10 {
		p.Put(i, i)
	}
	p.Put(0, 7)
	var bites, all int
	err := p.Flush(func(bite []int) error {
		bites, all = max(bites, len(bite)), all+len(bite)
		return nil
	})
	if err != nil || bites != flushBatch || all != MaxWaiting {
		t.Errorf("%d stored in bites of up to %d, %v", all, bites, err)
	}
	if _, ok := p.Pending(0); ok {
		t.Error("noted after it was stored")
	}
}

// TestInBites: everything is stored, in bites, whatever one of them comes to, and the first error is told.
func TestInBites(t *testing.T) {
	list := make([]int, 3*flushBatch+1)
	for i := range list {
		list[i] = i
	}
	var stored []int
	bites := 0
	err := InBites(list, func(bite []int) error {
		if bites++; len(bite) > flushBatch {
			t.Errorf("a bite of %d", len(bite))
		}
		stored = append(stored, bite...)
		return [...]error{nil, errors.New("first"), errors.New("second"), nil}[bites-1]
	})
	if err == nil || err.Error() != "first" || !slices.Equal(stored, list) {
		t.Errorf("%v, %d stored", err, len(stored))
	}
	if err := InBites(nil, func([]int) error { return errors.New("called") }); err != nil {
		t.Error(err)
	}
}
