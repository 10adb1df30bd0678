package core

import (
	"context"
	"time"
)

// Transactions make several calls of a store one.
type Transactions interface {
	// Atomic runs f as one transaction: all store calls made with the ctx given to f see and make its changes, which
	// are durable when Atomic returns nil and undone when it returns an error. f runs on the single writer, so it must
	// not wait for the network, hash passwords or make pictures, and must make its store calls with the ctx it is given:
	// a write with another one would wait for itself. f may be undone and run again from its beginning, so what it leaves
	// outside it sets anew each time.
	Atomic(ctx context.Context, f func(ctx context.Context) error) error
}

// Page asks for a piece of a list: Size rows, skipping those of the pages before. Number counts from 1.
type Page struct{ Number, Size int }

// Limit is how many rows to ask the store for: one more than shown, to see whether there are more.
func (p Page) Limit() int { return p.Size + 1 }

// Offset is how many rows come before.
func (p Page) Offset() int { return max(p.Number-1, 0) * p.Size }

// cut drops the row that Limit asked for in addition and says whether it was there.
func cut[T any](rows []T, p Page) ([]T, bool) {
	if len(rows) > p.Size {
		return rows[:p.Size], true
	}
	return rows, false
}

// Now is the services' clock; core/web tells the time by it.
func (s *Services) Now() time.Time { return s.now() }

// Bulk runs f as one transaction, for seeds and imports: thousands of service calls, one COMMIT. See Store.Atomic for
// what f must not do.
func (s *Services) Bulk(ctx context.Context, f func(ctx context.Context) error) error {
	return s.store.Atomic(ctx, f)
}

// stamp gives the time of a new row and its ID: at, or now when at is zero.
func (s *Services) stamp(at time.Time) (ID, time.Time) {
	if at.IsZero() {
		now := s.now()
		return s.ids.next(now), now
	}
	return s.ids.at(at), at
}

// newID gives an ID of this moment.
func (s *Services) newID() ID { return s.ids.next(s.now()) }

// idAt gives an ID of another moment.
func (s *Services) idAt(at time.Time) ID { return s.ids.at(at) }
