package imaging

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// ErrBusy means that too many conversions wait already, or that the caller's patience ended while waiting.
var ErrBusy = errors.New("too many pictures at once: try again")

// A Gate bounds what all conversions that go through it hold and use at one time. The zero value is ready and has the
// defaults stated; set fields before the first use. Safe for concurrent use.
type Gate struct {
	Memory  int64 // bytes of pixels in work; 0: 96 MiB. One picture alone may pass it
	Workers int   // conversions at one time; 0: one for each CPU
	Queue   int   // callers that may wait; 0: 256

	mu      sync.Mutex
	held    int64
	working int
	waiting []*ticket // first come, first served
}

// A ticket is one waiting caller.
type ticket struct {
	cost  int64
	ready chan struct{} // closed when it may go on
}

// Convert is imaging.Convert behind the gate. It waits for its turn until ctx ends. What is refused by its header
// never waits.
func (g *Gate) Convert(ctx context.Context, dst, src []byte, l Limits) ([]byte, Info, error) {
	h, err := inspect(src, l.MaxInput)
	if err != nil {
		return dst, Info{}, err
	}
	cost := h.cost(len(src), &l)
	if err := g.enter(ctx, cost); err != nil {
		return dst, Info{}, err
	}
	defer g.leave(cost)
	return convert(dst, src, h, &l)
}

// Master is imaging.Master behind the gate.
func (g *Gate) Master(ctx context.Context, dst, src []byte) ([]byte, Info, error) {
	return g.Convert(ctx, dst, src, masterLimits)
}

// fits says whether one more conversion may begin. The lock is held.
func (g *Gate) fits(cost int64) bool {
	memory, workers := g.Memory, g.Workers
	if memory == 0 {
		memory = 96 << 20
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return g.working == 0 || g.working < workers && g.held+cost <= memory
}

func (g *Gate) enter(ctx context.Context, cost int64) error {
	queue := g.Queue
	if queue == 0 {
		queue = 256
	}
	g.mu.Lock()
	if len(g.waiting) == 0 && g.fits(cost) {
		g.take(cost)
		g.mu.Unlock()
		return nil
	}
	if len(g.waiting) >= queue {
		g.mu.Unlock()
		return ErrBusy
	}
	t := &ticket{cost, make(chan struct{})}
	g.waiting = append(g.waiting, t)
	g.mu.Unlock()
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
		return g.giveUp(t)
	}
}

// giveUp takes a ticket back, unless its turn came at the same moment.
func (g *Gate) giveUp(t *ticket) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, w := range g.waiting {
		if w == t {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			g.admit()
			return ErrBusy
		}
	}
	return nil
}

func (g *Gate) leave(cost int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held -= cost
	g.working--
	g.admit()
}

func (g *Gate) take(cost int64) {
	g.held += cost
	g.working++
}

// admit lets in as many of those who wait as fit, in their order. The lock is held.
func (g *Gate) admit() {
	for len(g.waiting) > 0 && g.fits(g.waiting[0].cost) {
		t := g.waiting[0]
		g.waiting = g.waiting[1:]
		g.take(t.cost)
		close(t.ready)
	}
}
