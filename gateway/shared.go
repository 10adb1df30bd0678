package gateway

import (
	"context"
	"time"

	"musubi/gateway/redis"
)

// Shared is what several gateways keep together for a while: fitted pictures, and what is held for handsets; [SharedIn] a Redis does. What
// it cannot give is made again or asked for again, so its errors cost time and nothing else. Safe for concurrent use.
type Shared interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Keep(ctx context.Context, key string, b []byte, age time.Duration) error
}

// Bounds of what gateways share. Redis itself should have a maxmemory and evict the least used.
const (
	pictureAge      = 24 * time.Hour
	maxPictureBytes = 256 << 10 // larger ones are made anew by each gateway
	maxSharedBytes  = 1 << 20   // larger answers are held by one gateway alone
)

// SharedIn shares by a Redis.
func SharedIn(db *redis.DB) Shared { return inRedis{db} }

type inRedis struct{ db *redis.DB }

func (r inRedis) Get(ctx context.Context, key string) ([]byte, error) { return r.db.Get(ctx, key) }

func (r inRedis) Keep(ctx context.Context, key string, b []byte, age time.Duration) error {
	if len(b) > maxSharedBytes {
		return nil
	}
	return r.db.Set(ctx, key, b, age)
}

func sharedKey(key string) string { return "musubi:picture:" + key }
