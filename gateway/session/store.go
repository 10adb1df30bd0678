package session

import (
	"context"
	"time"
)

// A Store keeps sealed records by key. Implementations are safe for concurrent use, bound their size, and forget a
// record when its time is over. Load and Update give ErrUnknown for a record that is not there. Byte slices passed in
// belong to the store afterwards; those given out must not be modified.
type Store interface {
	Load(ctx context.Context, k Key) ([]byte, error)
	Save(ctx context.Context, k Key, record []byte, ttl time.Duration) error
	// Update replaces a record by what edit makes of it. No other change of the record comes between; edit may be
	// called several times. A ttl of zero or less removes the record.
	Update(ctx context.Context, k Key, edit func(record []byte) ([]byte, time.Duration, error)) error
	Delete(ctx context.Context, k Key) error
	// Ping says whether the store can be used now.
	Ping(ctx context.Context) error
	Close() error
}
