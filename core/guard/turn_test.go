package guard

import (
	"context"
	"errors"
	"musubi/core"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTurnsAreFewAndForgotten(t *testing.T) {
	var all turns
	var wg sync.WaitGroup
	var inside, tooMany atomic.Int32
	for range 200 {
		wg.Go(func() {
			done, err := all.take(context.Background(), "hanako", freeTries-1)
			if err != nil {
				t.Error(err)
				return
			}
			if inside.Add(1) >= freeTries {
				tooMany.Add(1)
			}
			runtime.Gosched()
			inside.Add(-1)
			done()
		})
	}
	wg.Wait()
	if tooMany.Load() > 0 || len(all.line) != 0 {
		t.Errorf("%d times %d or more had their turn at once; %d lines are left", tooMany.Load(), freeTries, len(all.line))
	}
}

func TestTurnsEndWithTheContext(t *testing.T) {
	var all turns
	var leave []func()
	for range freeTries - 1 {
		done, err := all.take(context.Background(), "hanako", freeTries-1)
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, done)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := all.take(ctx, "hanako", freeTries-1); !errors.Is(err, core.ErrThrottled) {
		t.Errorf("behind somebody, with no time left: %v", err)
	}
	for _, done := range leave {
		done()
	}
	if len(all.line) != 0 {
		t.Errorf("%d lines are left", len(all.line))
	}
}
