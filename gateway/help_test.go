package gateway

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"time"

	"musubi/carriers"
	"musubi/gateway/session"
)

func proxies(list ...string) carriers.Proxies {
	p, err := carriers.ParseProxies(list)
	if err != nil {
		panic(err)
	}
	return p
}

// A countingStore counts look-ups and is always empty.
type countingStore struct{ calls int }

func (s *countingStore) Load(context.Context, session.Key) ([]byte, error) {
	s.calls++
	return nil, session.ErrUnknown
}
func (s *countingStore) Save(context.Context, session.Key, []byte, time.Duration) error {
	s.calls++
	return nil
}
func (s *countingStore) Update(context.Context, session.Key, func([]byte) ([]byte, time.Duration, error)) error {
	s.calls++
	return session.ErrUnknown
}
func (s *countingStore) Delete(context.Context, session.Key) error { s.calls++; return nil }
func (s *countingStore) Ping(context.Context) error                { return nil }
func (s *countingStore) Close() error                              { return nil }

// A lockedBuffer collects log lines of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

func (b *lockedBuffer) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(b, nil)) }
