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
	err := p.Flush(func(batch []string) error {
		slices.Sort(batch)
		if !slices.Equal(batch, []string{"new", "two"}) {
			t.Errorf("to be stored: %v", batch)
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
	var batches, all int
	err := p.Flush(func(batch []int) error {
		batches, all = max(batches, len(batch)), all+len(batch)
		return nil
	})
	if err != nil || batches != flushBatch || all != MaxWaiting {
		t.Errorf("%d stored in batches of up to %d, %v", all, batches, err)
	}
	if _, ok := p.Pending(0); ok {
		t.Error("noted after it was stored")
	}
}

// TestInBatches: everything is stored, in batches, whatever one of them comes to, and the first error is told.
func TestInBatches(t *testing.T) {
	list := make([]int, 3*flushBatch+1)
	for i := range list {
		list[i] = i
	}
	var stored []int
	batches := 0
	err := InBatches(list, func(batch []int) error {
		if batches++; len(batch) > flushBatch {
			t.Errorf("a batch of %d", len(batch))
		}
		stored = append(stored, batch...)
		return [...]error{nil, errors.New("first"), errors.New("second"), nil}[batches-1]
	})
	if err == nil || err.Error() != "first" || !slices.Equal(stored, list) {
		t.Errorf("%v, %d stored", err, len(stored))
	}
	if err := InBatches(nil, func([]int) error { return errors.New("called") }); err != nil {
		t.Error(err)
	}
}
