package core

import (
	"context"
	"io"
)

// Blobs keeps bytes under the hash of their content: the same picture twice is stored once, and a name never means
// something else later. Safe for concurrent use.
type Blobs interface {
	// Put stores b durably and returns its name, 64 hexadecimal digits. b is not kept.
	Put(ctx context.Context, b []byte) (name string, err error)
	// PutFrom is Put for what is too large to be held, such as a film; r is read twice from its beginning. named is told the
	// name before the bytes are there, so that somebody knows of them whatever happens; its error ends it.
	PutFrom(ctx context.Context, r io.ReadSeeker, named func(name string) error) (name string, err error)
	// Get returns a copy of the bytes, or ErrNotFound.
	Get(ctx context.Context, name string) ([]byte, error)
	// Open gives the bytes to be read piece by piece, and how many there are, or ErrNotFound. The caller closes it.
	Open(ctx context.Context, name string) (r io.ReadSeekCloser, size int64, err error)
	// Delete forgets the bytes; a name that is not there is no error.
	Delete(ctx context.Context, name string) error
}
