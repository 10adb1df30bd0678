package gateway

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"musubi/gateway/redis"
	"musubi/gateway/redis/redistest"
	"musubi/transcode/imaging"
)

// shelf is a Shared in memory.
type shelf map[string][]byte

func (s shelf) Get(_ context.Context, key string) ([]byte, error) {
	if b, ok := s[key]; ok {
		return b, nil
	}
	return nil, errors.New("not there")
}

func (s shelf) Keep(_ context.Context, key string, b []byte, _ time.Duration) error {
	s[key] = b
	return nil
}

// TestSharedPictures: what one gateway has fitted, another does not fit again.
func TestSharedPictures(t *testing.T) {
	shared := shelf{}
	open := func() *pictureCache {
		return openPictures(t.TempDir(), 1<<20, shared, slog.New(slog.DiscardHandler))
	}
	one, other := open(), open()
	want := picture{imaging.JPEG, "no-store", []byte("picture")}
	if _, err := one.once("k", func() (picture, error) { return want, nil }); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from a file of its own
		if p, ok := other.get("k"); !ok || string(p.body) != "picture" || p.copyright != want.copyright || p.format != want.format {
			t.Fatalf("the other gateway got %+v, %v", p, ok)
		}
		delete(shared, sharedKey("k"))
	}
	shared[sharedKey("bad")] = []byte{1}
	if _, ok := other.get("bad"); ok {
		t.Error("half a picture was taken")
	}
	if _, ok := other.get(""); ok {
		t.Error("a picture without a key was found")
	}
}

// What is in a Redis is found by the gateways of it, too much is not kept, and a lost one gives nothing.
func TestSharedInRedis(t *testing.T) {
	addr, stop := redistest.Server(t)
	open := func() Shared {
		db, err := redis.Open("redis://" + addr + "/0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return SharedIn(db)
	}
	one, other, ctx := open(), open(), t.Context()
	if _, err := other.Get(ctx, "a"); !errors.Is(err, redis.ErrNone) {
		t.Errorf("a picture that nobody kept: %v", err)
	}
	if err := one.Keep(ctx, "a", []byte("bytes"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if b, err := other.Get(ctx, "a"); err != nil || string(b) != "bytes" {
		t.Errorf("%q, %v", b, err)
	}
	if err := one.Keep(ctx, "large", make([]byte, maxSharedBytes+1), time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Get(ctx, "large"); !errors.Is(err, redis.ErrNone) {
		t.Errorf("a picture over the limit: %v", err)
	}
	stop()
	if _, err := other.Get(ctx, "a"); err == nil {
		t.Error("a lost Redis gave a picture")
	}
}
