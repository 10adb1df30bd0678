package disk

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// One at a time has a lock; whoever waits has it when the other leaves, and not before.
func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	first, err := Lock(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Lock(short, name); !errors.Is(err, ErrInUse) {
		t.Fatalf("a second one: %v", err)
	}
	got := make(chan error, 1)
	go func() {
		second, err := Lock(t.Context(), name)
		if err == nil {
			err = second()
		}
		got <- err
	}()
	if err := first(); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Errorf("who waited: %v", err)
	}
}
