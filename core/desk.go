package core

import (
	"context"
	"errors"
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
	// AtomicOf is Atomic for what belongs to these members and communities: those that name one of them are serial, others run beside
	// it where the database can (PostgreSQL; docs/scale.md). So it names everybody of whom something is read to decide what is written. Within
	// a transaction it joins that one, which has these owners too from then on; Atomic there, without names, is everybody's, and takes
	// all others' turn. Name them where the transaction begins if they are known there.
	AtomicOf(ctx context.Context, owners Owners, f func(ctx context.Context) error) error
}

// Store is what the common nouns need of the database; core/store has it, core/cache in front. Every method is one atomic
// step. A lookup that finds nothing returns ErrNotFound.
type Store struct {
	Transactions
	MemberStore
	PermissionStore
	PhotoStore
	OnceStore
	AuditStore
	TaskStore
}

// DeskConfig is what [NewDesk] needs. Zero values mean the documented default.
type DeskConfig struct {
	Store  Store      // required
	Blobs  Blobs      // required: where the bytes of pictures live
	Photos PhotoMaker // required: what makes the stored picture of an upload
	Secret []byte     // required: at least 32 bytes from which every key is derived; see files.OpenSecret

	Node uint8            // of this process among several with one database, for IDs
	Now  func() time.Time // default time.Now
}

// A Desk is what every area works with: clock, IDs, keys, pictures, the log, and the one rule of who may see what. Safe for
// concurrent use.
type Desk struct {
	store   Store
	Blobs   Blobs // where the bytes of pictures live
	photos  PhotoMaker
	Keys    keys
	ids     ids
	now     func() time.Time
	gates   []PhotoGate
	conduct Conduct                                                      // nil: nobody is stopped
	house   House                                                        // nil: everybody may come
	limits  func(ctx context.Context, member ID, l Limit) (int64, error) // nil: there are no plans

	refusals refusals
	tasks    tasks
}

// NewDesk checks the configuration and returns the desk. UseGates has to follow before a picture is asked for.
func NewDesk(c DeskConfig) (*Desk, error) {
	switch {
	case c.Store.Transactions == nil || c.Blobs == nil || c.Photos == nil:
		return nil, errors.New("core: the configuration needs Store, Blobs and Photos")
	case len(c.Secret) < 32:
		return nil, errors.New("core: the secret needs at least 32 bytes")
	}
	d := &Desk{store: c.Store, Blobs: c.Blobs, photos: c.Photos, Keys: DeriveKeys(c.Secret), ids: ids{node: int64(c.Node)}, now: c.Now}
	if d.now == nil {
		d.now = time.Now
	}
	d.tasks.ids.node = int64(c.Node)
	if c.Store.TaskStore != nil && c.Store.Defers() {
		d.store.Transactions = deferring{c.Store.Transactions, d}
	}
	return d, nil
}

// Store is the database behind the common nouns.
func (s *Desk) Store() Store { return s.store }

// UseGates says who may see what hangs where: gates by their Kind, each there, Unattached among them. Call it once, before
// the desk is used.
func (s *Desk) UseGates(gates []PhotoGate) { s.gates = gates }

// AttachmentNames are the names of where photos hang, by their numbers, as exports write them.
func (s *Desk) AttachmentNames() (names []string) {
	for _, g := range s.gates {
		names = append(names, g.Name)
	}
	return names
}

// Page asks for a piece of a list: Size rows, skipping those of the pages before. Number counts from 1.
type Page struct{ Number, Size int }

// Limit is how many rows to ask the store for: one more than shown, to see whether there are more.
func (p Page) Limit() int { return p.Size + 1 }

// Offset is how many rows come before.
func (p Page) Offset() int { return max(p.Number-1, 0) * p.Size }

// Cut drops the row that Limit asked for in addition and says whether it was there.
func Cut[T any](rows []T, p Page) ([]T, bool) {
	if len(rows) > p.Size {
		return rows[:p.Size], true
	}
	return rows, false
}

// Now is the services' clock; core/web tells the time by it.
func (s *Desk) Now() time.Time { return s.now() }

// Bulk runs f as one transaction, for seeds and imports: thousands of service calls, one COMMIT. See Store.Atomic for
// what f must not do.
func (s *Desk) Bulk(ctx context.Context, f func(ctx context.Context) error) error {
	return s.store.Atomic(ctx, f)
}

// Stamp gives the time of a new row and its ID: at, or now when at is zero.
func (s *Desk) Stamp(at time.Time) (ID, time.Time) {
	if at.IsZero() {
		now := s.now()
		return s.ids.next(now), now
	}
	return s.ids.at(at), at
}

// NextID gives an ID of this moment.
func (s *Desk) NextID() ID { return s.ids.next(s.now()) }

// IDAt gives an ID of another moment.
func (s *Desk) IDAt(at time.Time) ID { return s.ids.at(at) }
