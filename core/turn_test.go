package core

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func TestTurnsAreOneByOneAndForgotten(t *testing.T) {
	var all turns
	var wg sync.WaitGroup
	counts := [2]int{} // written without a lock: lost additions would show two at once
	for i := range 200 {
		wg.Go(func() {
			n := i % 2
			done, err := all.take(context.Background(), []string{"hanako", "taro"}[n])
			if err != nil {
				t.Error(err)
				return
			}
			counts[n]++
			done()
		})
	}
	wg.Wait()
	if counts != [2]int{100, 100} || len(all.line) != 0 {
		t.Errorf("%v had their turn, %d lines are left", counts, len(all.line))
	}
}

func TestTurnsEndWithTheContext(t *testing.T) {
	var all turns
	done, err := all.take(context.Background(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := all.take(ctx, "hanako"); !errors.Is(err, ErrThrottled) {
		t.Errorf("behind somebody, with no time left: %v", err)
	}
	done()
	if len(all.line) != 0 {
		t.Errorf("%d lines are left", len(all.line))
	}
}
