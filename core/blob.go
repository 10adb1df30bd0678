package core

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

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

// DiskBlobs keeps blobs as files below a directory, two levels deep.
type DiskBlobs string

func (d DiskBlobs) path(name string) (string, bool) {
	if len(name) != 2*sha256.Size {
		return "", false
	}
	if _, err := hex.DecodeString(name); err != nil {
		return "", false // a name is only ever a hash: no path can be smuggled in
	}
	return filepath.Join(string(d), name[:2], name[2:]), true
}

// Put writes to a temporary file and renames it, so that a reader or a crash never sees half a picture.
func (d DiskBlobs) Put(_ context.Context, b []byte) (string, error) {
	sum := sha256.Sum256(b)
	name := hex.EncodeToString(sum[:])
	path, _ := d.path(name)
	if _, err := os.Stat(path); err == nil {
		return name, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return name, nil
}

// Get reads the file.
func (d DiskBlobs) Get(_ context.Context, name string) ([]byte, error) {
	path, ok := d.path(name)
	if !ok {
		return nil, ErrNotFound
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return b, err
}

// Delete removes the file.
func (d DiskBlobs) Delete(_ context.Context, name string) error {
	path, ok := d.path(name)
	if !ok {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
