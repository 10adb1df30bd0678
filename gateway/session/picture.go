package session

import (
	"context"
	"time"
)

// Bounds of the fitted pictures that gateways share. Redis itself should have a maxmemory and evict the least used.
const (
	pictureAge      = 24 * time.Hour
	maxPictureBytes = 256 << 10 // larger ones are made anew by each gateway
)

// Picture gives a fitted picture that some gateway has kept, or ErrUnknown.
func (r *Redis) Picture(ctx context.Context, key string) (b []byte, err error) {
	err = r.do(ctx, func(ctx context.Context) error {
		b, err = r.client.Get(ctx, pictureKey(key)).Bytes()
		return err
	})
	return b, err
}

// KeepPicture keeps a fitted picture for a day, for all gateways of this Redis.
func (r *Redis) KeepPicture(ctx context.Context, key string, b []byte) error {
	if len(b) > maxPictureBytes {
		return nil
	}
	return r.do(ctx, func(ctx context.Context) error { return r.client.Set(ctx, pictureKey(key), b, pictureAge).Err() })
}

func pictureKey(key string) string { return "musubi:picture:" + key }
