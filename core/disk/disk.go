// Package disk writes files that a power cut leaves whole: there is the old content or the new one, and after the answer it
// is the new one. It is the only place of the program that makes files which are to stay.
//
// The steps are those that a file system asks for: a temporary file in the same directory, fsync, rename, fsync of the
// directory, and of the one above for every directory that is new. A file whose writing was cut short keeps a name that
// [Unfinished] knows; [Sweep] throws such files away. Files are for their owner only (SEC-125).
//
// Start reading at [WriteTo].
package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// unfinished is how the names of temporary files begin.
const unfinished = "new-"

// Unfinished says whether a file of that name is one whose writing has not ended.
func Unfinished(name string) bool { return strings.HasPrefix(filepath.Base(name), unfinished) }

// Write puts b into the file called name, in place of what was there.
func Write(name string, b []byte) error {
	return WriteTo(name, func(w *os.File) error { return writeAll(w, b) })
}

// WriteNew is Write for a file that must not be there yet: when it is, the error is fs.ErrExist, and of several that try at
// once one succeeds.
func WriteNew(name string, b []byte) error {
	return put(name, func(w *os.File) error { return writeAll(w, b) }, os.Link)
}

// WriteNewTo is WriteNew with what write writes.
func WriteNewTo(name string, write func(w *os.File) error) error { return put(name, write, os.Link) }

// WriteTo puts what write writes into the file called name, in place of what was there. When write fails nothing is left.
func WriteTo(name string, write func(w *os.File) error) error { return put(name, write, os.Rename) }

func writeAll(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}

// put writes a temporary file and has it take its place.
func put(name string, write func(w *os.File) error, place func(from, to string) error) error {
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, unfinished+"*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // it is gone already when it was renamed
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := place(f.Name(), name); err != nil {
		return err
	}
	return SyncDir(dir)
}

// Place has a finished file, which its maker has synced, take the place of another in the same directory.
func Place(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(to))
}

// MakeDir makes a directory and those above it that are not there, for their owner only.
func MakeDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	switch {
	case err == nil:
		return SyncDir(filepath.Dir(dir))
	case errors.Is(err, fs.ErrExist):
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			err = &fs.PathError{Op: "mkdir", Path: dir, Err: fs.ErrExist}
		}
		return err
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := MakeDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) { // some file systems say "not there" for ever
		return err
	}
	return SyncDir(filepath.Dir(dir))
}

// SyncDir makes the names in a directory durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Sweep deletes the unfinished files in a directory that were last written before a time: their writers were killed.
func Sweep(dir string, before time.Time) error {
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range list {
		if !Unfinished(f.Name()) || f.IsDir() {
			continue
		}
		info, gone := f.Info()
		if gone == nil && info.ModTime().Before(before) {
			err = errors.Join(err, ifThere(os.Remove(filepath.Join(dir, f.Name()))))
		}
	}
	return err
}

func ifThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Aside renames a damaged file, so that it can be looked at and a new one takes its place, and gives its new name:
// NAME.damaged, or NAME.damaged-2 and so on. At most maxAside are kept; after that the last is overwritten.
func Aside(name string) (to string, err error) {
	to = name + ".damaged"
	for n := 2; n <= maxAside; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		to = name + ".damaged-" + strconv.Itoa(n)
	}
	return to, Place(name, to)
}

const maxAside = 5
