// Package files is what core keeps beside the database: pictures under the hash of their content, and the secret. How a file is
// written so that it stays is core/disk's.
package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"musubi/core"
	"musubi/core/disk"
)

// Blobs keeps blobs as files below a directory, two levels deep.
type Blobs string

func (d Blobs) path(name string) (string, bool) {
	if len(name) != 2*sha256.Size {
		return "", false
	}
	if _, err := hex.DecodeString(name); err != nil {
		return "", false // a name is only ever a hash: no path can be smuggled in
	}
	return filepath.Join(string(d), name[:2], name[2:]), true
}

// Put writes the file, so that a reader or a crash never sees half a picture and no power cut takes one that was answered. A
// file that is there and has other bytes was damaged: it is mended.
func (d Blobs) Put(_ context.Context, b []byte) (string, error) {
	sum := sha256.Sum256(b)
	name := hex.EncodeToString(sum[:])
	path, _ := d.path(name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
		return name, disk.SyncDir(filepath.Dir(path)) // who put it there may not have come so far
	}
	if err := disk.MakeDir(filepath.Dir(path)); err != nil {
		return "", err
	}
	if err := disk.Write(path, b); err != nil {
		return "", err
	}
	return name, nil
}

// Get reads the file.
func (d Blobs) Get(_ context.Context, name string) ([]byte, error) {
	path, ok := d.path(name)
	if !ok {
		return nil, core.ErrNotFound
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, core.ErrNotFound
	}
	return b, err
}

// Delete removes the file.
func (d Blobs) Delete(_ context.Context, name string) error {
	path, ok := d.path(name)
	if !ok {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Empty says whether there is no picture, or no directory yet.
func (d Blobs) Empty() bool {
	found, err := filepath.Glob(filepath.Join(string(d), "[0-9a-f][0-9a-f]", "[0-9a-f]*"))
	return err == nil && len(found) == 0
}

// Sweep deletes files that were begun before a time and never finished: their writer was killed.
func (d Blobs) Sweep(before time.Time) error {
	dirs, err := filepath.Glob(filepath.Join(string(d), "[0-9a-f][0-9a-f]"))
	for _, dir := range dirs {
		err = errors.Join(err, disk.Sweep(dir, before))
	}
	return err
}
