package gateway

import (
	"context"
	"time"

	"musubi/gateway/redis"
)

// SharedPictures keeps fitted pictures for several gateways; [PicturesIn] a Redis does. What it cannot give is made again, so
// its errors cost time and nothing else. Safe for concurrent use.
type SharedPictures interface {
	Picture(ctx context.Context, key string) ([]byte, error)
	KeepPicture(ctx context.Context, key string, b []byte) error
}

// Bounds of the fitted pictures that gateways share. Redis itself should have a maxmemory and evict the least used.
const (
	pictureAge      = 24 * time.Hour
	maxPictureBytes = 256 << 10 // larger ones are made anew by each gateway
)

// PicturesIn keeps fitted pictures in a Redis, for a day.
func PicturesIn(db *redis.DB) SharedPictures { return redisPictures{db} }

type redisPictures struct{ db *redis.DB }

func (r redisPictures) Picture(ctx context.Context, key string) ([]byte, error) {
	return r.db.Get(ctx, sharedKey(key))
}

func (r redisPictures) KeepPicture(ctx context.Context, key string, b []byte) error {
	if len(b) > maxPictureBytes {
		return nil
	}
	return r.db.Set(ctx, sharedKey(key), b, pictureAge)
}

func sharedKey(key string) string { return "musubi:picture:" + key }
