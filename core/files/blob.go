// Package files is what core keeps beside the database: pictures under the hash of their content, and the secret. How a file is
// written so that it stays is core/disk's.
package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
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

// Path is where a picture is.
func (d Blobs) Path(name string) string {
	path, _ := d.path(name)
	return path
}

// Put writes the file, so that a reader or a crash never sees half a picture and no power cut takes one that was answered. A
// file that is there and has other bytes was damaged: it is mended.
func (d Blobs) Put(_ context.Context, b []byte) (string, error) {
	sum := sha256.Sum256(b)
	name := hex.EncodeToString(sum[:])
	path, _ := d.path(name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
		return name, named(disk.SyncDir(filepath.Dir(path))) // who put it there may not have come so far
	}
	if err := disk.MakeDir(filepath.Dir(path)); err != nil {
		return "", named(err)
	}
	if err := disk.Write(path, b); err != nil {
		return "", named(err)
	}
	return name, nil
}

// named gives an error of the machine its name, as the database does: nothing is stored, and later it may be.
func named(err error) error {
	for _, trouble := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.EFBIG} {
		if errors.Is(err, trouble) {
			return fmt.Errorf("%w: %w", core.ErrNotStored, err)
		}
	}
	return err
}

// PutFrom writes the file, unless it is there whole: of its content the name is made.
func (d Blobs) PutFrom(_ context.Context, r io.ReadSeeker, tell func(name string) error) (string, error) {
	name, err := hashOf(r)
	if err == nil {
		err = tell(name)
	}
	if err != nil {
		return "", err
	}
	path, _ := d.path(name)
	if isWhole(path, name) {
		return name, named(disk.SyncDir(filepath.Dir(path)))
	}
	if err := disk.MakeDir(filepath.Dir(path)); err != nil {
		return "", named(err)
	}
	return name, named(disk.WriteTo(path, func(w *os.File) error { return copyFromStart(w, r) }))
}

// hashOf is the name of a content.
func hashOf(r io.ReadSeeker) (string, error) {
	h := sha256.New()
	err := copyFromStart(h, r)
	return hex.EncodeToString(h.Sum(nil)), err
}

// isWhole says whether a file has the content that its name says. One that is damaged is mended when the same comes again.
func isWhole(path, name string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	is, err := hashOf(f)
	return err == nil && is == name
}

func copyFromStart(w io.Writer, r io.ReadSeeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, r)
	return err
}

// Open opens the file.
func (d Blobs) Open(_ context.Context, name string) (io.ReadSeekCloser, int64, error) {
	path, ok := d.path(name)
	if !ok {
		return nil, 0, core.ErrNotFound
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, core.ErrNotFound
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
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
	return b, named(err)
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

// Each calls f with the names of all pictures that were last written before a time, directory by directory, until it gives an
// error.
func (d Blobs) Each(before time.Time, f func(names []string) error) error {
	dirs, err := filepath.Glob(filepath.Join(string(d), "[0-9a-f][0-9a-f]"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		var names []string
		for _, e := range entries {
			name := filepath.Base(dir) + e.Name()
			if info, err := e.Info(); err == nil && info.ModTime().Before(before) && len(name) == 2*sha256.Size {
				names = append(names, name)
			}
		}
		if err := f(names); err != nil {
			return err
		}
	}
	return nil
}

// Has says whether there is a picture of that name.
func (d Blobs) Has(name string) bool {
	path, ok := d.path(name)
	_, err := os.Stat(path)
	return ok && err == nil
}

// Whole says whether a picture's bytes are those that its name is made of.
func (d Blobs) Whole(ctx context.Context, name string) bool {
	b, err := d.Get(ctx, name)
	sum := sha256.Sum256(b)
	return err == nil && hex.EncodeToString(sum[:]) == name
}

// Sweep deletes files that were begun before a time and never finished: their writer was killed.
func (d Blobs) Sweep(before time.Time) error {
	dirs, err := filepath.Glob(filepath.Join(string(d), "[0-9a-f][0-9a-f]"))
	for _, dir := range dirs {
		err = errors.Join(err, disk.Sweep(dir, before))
	}
	return err
}
