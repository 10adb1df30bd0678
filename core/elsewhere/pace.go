package elsewhere

import (
	"context"
	"sync"
	"time"

	"musubi/core"
	"musubi/core/guard"
)

// How often a key may be used: so many times at once, and once more each paceEvery.
const (
	paceBurst = 60
	paceEvery = time.Second
	mostPaced = 10_000 // keys that are remembered; beyond it all begin anew
)

// paced counts one use of a key and gives how long to wait when it is one too many: in Redis for all processes of the site where there
// is one, else in this one.
func (s *Service) paced(ctx context.Context, key core.ID, now time.Time) time.Duration {
	wait, shared := s.guard.Pace(ctx, guard.Limit{Key: s.Keyed(s.Keys.Feed, "pace "+key.String()), Burst: paceBurst, Every: paceEvery})
	if shared {
		return wait
	}
	return s.pace.take(key, now)
}

// A pace bounds how often each key is used in one process: it keeps a program that has run wild from the others, no more.
type pace struct {
	mu   sync.Mutex
	full map[core.ID]time.Time // when the key has all of its burst again
}

// take counts one use and gives how long to wait when it is one too many, which is not counted.
func (p *pace) take(key core.ID, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.full == nil || len(p.full) > mostPaced {
		p.full = map[core.ID]time.Time{}
	}
	full := latest(now, p.full[key]).Add(paceEvery)
	if over := full.Sub(now) - paceBurst*paceEvery; over > 0 {
		return over
	}
	p.full[key] = full
	return 0
}
