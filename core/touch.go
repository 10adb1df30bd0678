package core

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxPendingTouches bounds the signs of life that wait to be stored. One too many is not noted; the session's next page
// brings another.
const maxPendingTouches = 16384

// A touch is a sign of life of a session.
type touch struct {
	session string
	at      time.Time
}

// touches holds those of the last seconds: a page that shows a session alive must not wait for the writer. Those of a process
// that is killed are lost.
type touches struct {
	mu      sync.Mutex
	pending map[string]touch
}

func (t *touches) add(session string, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending == nil {
		t.pending = make(map[string]touch)
	}
	if _, known := t.pending[session]; known || len(t.pending) < maxPendingTouches {
		t.pending[session] = touch{session, at}
	}
}

// last is when a session was seen: the sign of life that waits, or what is stored.
func (t *touches) last(session string, stored time.Time) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if waiting, ok := t.pending[session]; ok {
		return waiting.at
	}
	return stored
}

func (t *touches) take() []touch {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := slices.Collect(maps.Values(t.pending))
	t.pending = nil
	return list
}

// FlushTouches stores the signs of life that wait. Run does so every few seconds.
func (s *Services) FlushTouches(ctx context.Context) error {
	return inBites(s.touches.take(), func(bite []touch) error {
		return s.store.Atomic(ctx, func(ctx context.Context) error {
			for _, t := range bite {
				if err := s.store.SetSessionSeen(ctx, t.session, t.at); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
