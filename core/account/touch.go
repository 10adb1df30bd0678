package account

import (
	"context"
	"time"

	"musubi/core"
)

// A touch is a sign of life of a session.
type touch struct {
	session string
	at      time.Time
}

// lastTouch is when a session was seen: the sign of life that waits, or what is stored. One that is lost matters little: the
// session's next page brings another.
func lastTouch(s *Service, session string, stored time.Time) time.Time {
	if waiting, ok := s.touches.Pending(session); ok {
		return waiting.at
	}
	return stored
}

// FlushTouches stores the signs of life that wait. Run does so every core.FlushEvery.
func (s *Service) FlushTouches(ctx context.Context) error {
	return s.touches.Flush(func(batch []touch) error {
		return s.store.AtomicOf(ctx, core.Of(), func(ctx context.Context) error {
			for _, t := range batch {
				if err := s.store.SetSessionSeen(ctx, t.session, t.at); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
