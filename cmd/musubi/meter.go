package main

import (
	"context"
	"time"

	"musubi/core/guard"
	"musubi/gateway/redis"
)

// sharedMeter counts tries of passwords in Redis, for all processes of a site.
type sharedMeter struct{ db *redis.DB }

func openMeter(url string) (*sharedMeter, error) {
	db, err := redis.Open(url)
	if err != nil {
		return nil, badUsage("--redis: %w", err)
	}
	return &sharedMeter{db}, nil
}

// Take implements guard.Meter.
func (m *sharedMeter) Take(ctx context.Context, now time.Time, limits []guard.Limit) (time.Duration, error) {
	return m.db.Take(ctx, now, limitsInRedis(limits))
}

// Return implements guard.Meter.
func (m *sharedMeter) Return(ctx context.Context, now time.Time, limits []guard.Limit) error {
	return m.db.Return(ctx, now, limitsInRedis(limits))
}

func limitsInRedis(limits []guard.Limit) (list []redis.Limit) {
	for _, l := range limits {
		list = append(list, redis.Limit(l))
	}
	return list
}

// Close ends the connections; a nil meter has none.
func (m *sharedMeter) Close() error {
	if m == nil {
		return nil
	}
	return m.db.Close()
}
