package session

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"musubi/gateway/redis"
)

// A Shared is the store for several gateways: what one keeps, all find.
type Shared struct{ db *redis.DB }

// OpenShared keeps sessions in a Redis, which Close closes.
func OpenShared(db *redis.DB) *Shared { return &Shared{db} }

func sharedKey(k Key) string { return "musubi:session:" + hex.EncodeToString(k[:]) }

// known puts the error of a record that is not there in the words of this room.
func known(err error) error {
	if errors.Is(err, redis.ErrNone) {
		return ErrUnknown
	}
	return err
}

// Load implements Store.
func (s *Shared) Load(ctx context.Context, k Key) ([]byte, error) {
	v, err := s.db.Get(ctx, sharedKey(k))
	return v, known(err)
}

// Save implements Store.
func (s *Shared) Save(ctx context.Context, k Key, record []byte, ttl time.Duration) error {
	return s.db.Set(ctx, sharedKey(k), record, ttl)
}

// Update implements Store.
func (s *Shared) Update(ctx context.Context, k Key, edit func([]byte) ([]byte, time.Duration, error)) error {
	return known(s.db.Update(ctx, sharedKey(k), edit))
}

// Delete implements Store.
func (s *Shared) Delete(ctx context.Context, k Key) error { return s.db.Delete(ctx, sharedKey(k)) }

// Ping implements Store.
func (s *Shared) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

// Close implements Store.
func (s *Shared) Close() error { return s.db.Close() }
