package core

import (
	"errors"
	"slices"
	"testing"
)

func TestPassing(t *testing.T) {
	var p passing[int, string]
	see := func(when string, k int, want string) {
		t.Helper()
		if v, ok := p.noted(k); v != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", when, v, ok)
		}
	}
	p.note(1, "old")
	p.note(1, "new")
	p.note(2, "two")
	see("waiting", 1, "new")
	see("never noted", 3, "")
	bad := errors.New("bad")
	err := p.flush(func(bite []string) error {
		slices.Sort(bite)
		if !slices.Equal(bite, []string{"new", "two"}) {
			t.Errorf("to be stored: %v", bite)
		}
		see("while it is stored", 1, "new")
		p.note(1, "newer")
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
	var p passing[int, int]
	for i := range maxPassing + 10 {
		p.note(i, i)
	}
	p.note(0, 7)
	var bites, all int
	err := p.flush(func(bite []int) error {
		bites, all = max(bites, len(bite)), all+len(bite)
		return nil
	})
	if err != nil || bites != storeBite || all != maxPassing {
		t.Errorf("%d stored in bites of up to %d, %v", all, bites, err)
	}
	if _, ok := p.noted(0); ok {
		t.Error("noted after it was stored")
	}
}

// TestInBites: everything is stored, in bites, whatever one of them comes to, and the first error is told.
func TestInBites(t *testing.T) {
	list := make([]int, 3*storeBite+1)
	for i := range list {
		list[i] = i
	}
	var stored []int
	bites := 0
	err := inBites(list, func(bite []int) error {
		if bites++; len(bite) > storeBite {
			t.Errorf("a bite of %d", len(bite))
		}
		stored = append(stored, bite...)
		return [...]error{nil, errors.New("first"), errors.New("second"), nil}[bites-1]
	})
	if err == nil || err.Error() != "first" || !slices.Equal(stored, list) {
		t.Errorf("%v, %d stored", err, len(stored))
	}
	if err := inBites(nil, func([]int) error { return errors.New("called") }); err != nil {
		t.Error(err)
	}
}
