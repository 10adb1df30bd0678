package imaging

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"musubi/transcode/imaging/internal/testpic"
)

func TestGateLetsThroughInOrder(t *testing.T) {
	g := &Gate{Memory: 100, Workers: 3, Queue: 2}
	enter := func(cost int64, patience time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		return g.enter(ctx, cost)
	}
	if enter(60, time.Second) != nil || enter(40, time.Second) != nil {
		t.Fatal("100 of 100 do not fit")
	}
	if err := enter(1, 10*time.Millisecond); !errors.Is(err, ErrBusy) {
		t.Fatalf("one too many: %v", err)
	}
	large, small := make(chan error), make(chan error)
	go func() { large <- enter(90, time.Minute) }()
	for waiting := 0; waiting < 1; waiting = g.queued() {
		time.Sleep(time.Millisecond)
	}
	go func() { small <- enter(1, time.Minute) }()
	for waiting := 0; waiting < 2; waiting = g.queued() {
		time.Sleep(time.Millisecond)
	}
	if err := enter(1, time.Minute); !errors.Is(err, ErrBusy) {
		t.Errorf("a full queue: %v", err)
	}
	g.leave(40)
	select {
	case <-small:
		t.Error("the small one overtook the large one")
	case <-time.After(20 * time.Millisecond):
	}
	g.leave(60)
	if <-large != nil || <-small != nil {
		t.Error("those who waited were refused")
	}
	g.leave(90)
	g.leave(1)
	if g.held != 0 || g.working != 0 || len(g.waiting) != 0 {
		t.Errorf("left over: %d bytes, %d workers, %d waiting", g.held, g.working, len(g.waiting))
	}
	if enter(1000, time.Second) != nil {
		t.Error("one alone may pass the limit")
	}
}

func (g *Gate) queued() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}

func TestGateGivesUpInTheMiddle(t *testing.T) {
	g := &Gate{Workers: 1}
	if g.enter(t.Context(), 1) != nil {
		t.Fatal("the first")
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone, stays := make(chan error), make(chan error)
	go func() { gone <- g.enter(ctx, 1) }()
	for g.queued() < 1 {
		time.Sleep(time.Millisecond)
	}
	go func() { stays <- g.enter(context.Background(), 1) }()
	for g.queued() < 2 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-gone; !errors.Is(err, ErrBusy) {
		t.Errorf("gave up: %v", err)
	}
	g.leave(1)
	if err := <-stays; err != nil {
		t.Errorf("the next in line: %v", err)
	}
}

// TestGateConvertsTheSame: many at once give what one alone gives.
func TestGateConvertsTheSame(t *testing.T) {
	var g Gate
	src := photo(400, 300, 1, testpic.Options{})
	l := Limits{Width: 120, Height: 120, MaxBytes: 4000}
	want, _, err := Convert(nil, src, l)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if out, _, err := g.Convert(t.Context(), nil, src, l); err != nil || string(out) != string(want) {
				t.Errorf("other bytes than alone (%v)", err)
			}
		})
	}
	all.Wait()
	if _, _, err := g.Convert(t.Context(), nil, []byte("nothing"), l); !errors.Is(err, ErrFormat) {
		t.Error(err)
	}
	if out, info, err := g.Master(t.Context(), nil, src); err != nil || info.Width != 400 || len(out) == 0 {
		t.Errorf("master: %+v, %v", info, err)
	}
}

func TestKeyTellsEveryLimitApart(t *testing.T) {
	variants := []Limits{
		{}, {Width: 1}, {Height: 1}, {Fill: true}, {Crop: CropInterest}, {Enlarge: true}, {Formats: JPEG}, {MaxBytes: 1},
		{Quality: 1}, {Colors: 2}, {Cube332: true}, {Frames: 2}, {Flag: FlagAu}, {MaxInput: 1},
	}
	seen := map[string]Limits{}
	for _, l := range variants {
		for _, hash := range []string{"a", "b"} {
			key := l.Key(hash)
			if other, twice := seen[key]; twice || len(key) != 22 {
				t.Errorf("key %q of %+v is also that of %+v", key, l, other)
			}
			seen[key] = l
			if again := l; again.Key(hash) != key {
				t.Error("the key is not always the same")
			}
		}
	}
}
