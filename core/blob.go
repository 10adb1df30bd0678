package core

import "context"

// Blobs keeps bytes under the hash of their content: the same picture twice is stored once, and a name never means
// something else later. Safe for concurrent use.
type Blobs interface {
	// Put stores b durably and returns its name, 64 hexadecimal digits. b is not kept.
	Put(ctx context.Context, b []byte) (name string, err error)
	// Get returns a copy of the bytes, or ErrNotFound.
	Get(ctx context.Context, name string) ([]byte, error)
	// Delete forgets the bytes; a name that is not there is no error.
	Delete(ctx context.Context, name string) error
}
