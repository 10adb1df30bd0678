package gateway

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"musubi/carriers"
)

// clientKey names the client for rate limiting: its subscriber ID if one is believed, else its network. A carrier's
// gateway hides thousands of handsets behind few addresses, so those addresses are not limited, and neither is this
// machine itself.
func (x *exchange) clientKey() string {
	switch {
	case x.verdict.subscriber != "":
		return x.verdict.subscriber
	case !x.peer.addr.IsValid():
		return "unknown"
	case x.hs.Class == carriers.ClassHandset || x.peer.addr.IsLoopback():
		return ""
	}
	return network(x.peer.addr)
}

// network is the block of addresses that one client may have: /24 of IPv4, /64 of IPv6.
func network(a netip.Addr) string {
	bits := 64
	if a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // the address is valid and has that many bits
	return p.String()
}

// A rateTable is a token bucket per client, bounded in clients: when a shard is full it starts anew, which can only be
// generous.
type rateTable struct {
	rate, burst float64
	seed        maphash.Seed
	shards      [32]rateShard
}

type rateShard struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// maxBuckets bounds one shard: 32 × 4,096 clients of some 150 bytes each, 20 MB.
const maxBuckets = 4096

func newRateTable(rate, burst float64) *rateTable {
	return &rateTable{rate: rate, burst: burst, seed: maphash.MakeSeed()}
}

// take spends one token of the client and says whether there was one. The empty key is never limited.
func (t *rateTable) take(key string, now time.Time) bool { return t.spend(key, now, 1) }

// left says whether the client has a token.
func (t *rateTable) left(key string, now time.Time) bool { return t.spend(key, now, 0) }

func (t *rateTable) spend(key string, now time.Time, cost float64) bool {
	if key == "" {
		return true
	}
	s := &t.shards[maphash.String(t.seed, key)%uint64(len(t.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[key]
	if b == nil {
		if s.buckets == nil || len(s.buckets) >= maxBuckets {
			s.buckets = make(map[string]*bucket)
		}
		b = &bucket{t.burst, now}
		s.buckets[key] = b
	}
	b.tokens = min(t.burst, b.tokens+now.Sub(b.at).Seconds()*t.rate)
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens -= cost
	return true
}
