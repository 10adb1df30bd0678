package redis

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"musubi/gateway/redis/redistest"
)

// However many processes count at the same moment, a limit lets through what it says, counts under all limits or under none,
// and takes back what was right (SEC-102).
func TestSEC102_Tries(t *testing.T) {
	addr, _ := redistest.Server(t)
	ctx, now := t.Context(), time.Now()
	narrow, wide := Limit{"narrow", 20, 3 * time.Second}, Limit{"wide", 30, time.Second}
	var looked atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		d := open(t, addr)
		all.Go(func() {
			for range 25 {
				if wait, err := d.Take(ctx, now, []Limit{narrow, wide}); err != nil {
					t.Error(err)
				} else if wait == 0 {
					looked.Add(1)
				}
			}
		})
	}
	all.Wait()
	if looked.Load() != 20 {
		t.Errorf("%d of 100 tries by four processes, want 20", looked.Load())
	}
	d := open(t, addr)
	takes := func(name string, want int, limits ...Limit) {
		t.Helper()
		n := 0
		for range 100 {
			if wait, err := d.Take(ctx, now, limits); err != nil {
				t.Fatal(err)
			} else if wait == 0 {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d tries, want %d", name, n, want)
		}
	}
	takes("what the narrow one refused was not counted under the wide one", 10, wide)
	if wait, err := d.Take(ctx, now, []Limit{narrow}); wait != 3*time.Second || err != nil {
		t.Errorf("the wait is %v, %v, want 3s", wait, err)
	}
	if err := d.Return(ctx, now, []Limit{narrow}); err != nil {
		t.Fatal(err)
	}
	takes("one was right", 1, narrow)
	now = now.Add(6 * time.Second)
	takes("six seconds later", 2, narrow)
	for range 30 {
		if err := d.Return(ctx, now, []Limit{narrow, wide}); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := d.client.Keys(ctx, "*").Result(); err != nil || len(keys) != 0 {
		t.Errorf("tries that were all right leave %q, %v", keys, err)
	}
}

// The limits of one try are on one node of a cluster, and what is counted goes away by itself.
func TestSEC102_TriesLeaveNothing(t *testing.T) {
	d, err := Open(redistest.Cluster(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	limits := []Limit{{"a", 5, 50 * time.Millisecond}, {"b", 5, 60 * time.Millisecond}, {"c", 5, 70 * time.Millisecond}}
	redistest.WaitFor(t, func() bool {
		_, err := d.Take(t.Context(), time.Now(), limits)
		return err == nil
	})
	redistest.WaitFor(t, func() bool {
		n, err := d.client.Exists(t.Context(), triesIn+"a", triesIn+"b", triesIn+"c").Result()
		return err == nil && n == 0
	})
}
