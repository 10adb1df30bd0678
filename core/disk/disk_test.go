package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// names lists what is in a directory.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// A file is replaced whole, for its owner only, and a writer that fails leaves the old one and nothing beside it.
func TestSEC125_WriteIsWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := Write(name, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := WriteTo(name, func(w *os.File) error {
		w.WriteString("half")
		if got := read(t, name); got != "one" {
			t.Errorf("while it is written a reader sees %q", got)
		}
		return broken
	})
	if !errors.Is(err, broken) || read(t, name) != "one" || len(names(t, dir)) != 1 {
		t.Errorf("after a failure: %v, %q, %v", err, read(t, name), names(t, dir))
	}
	if err := Write(name, []byte("two")); err != nil || read(t, name) != "two" {
		t.Errorf("replaced: %v, %q", err, read(t, name))
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// Of many that make the same new file one succeeds, and its content stays.
func TestWriteNewHasOneWinner(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := WriteNew(name, []byte{byte('a' + i)})
			switch {
			case err == nil:
				won.Store(int32('a' + i))
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := read(t, name); got != string(rune(won.Load())) || len(names(t, dir)) != 1 {
		t.Errorf("the file has %q, the winner wrote %q; %v", got, won.Load(), names(t, dir))
	}
}

func TestMakeDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b", "c")
	for range 2 {
		if err := MakeDir(dir); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Dir(dir)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := MakeDir("/proc/nowhere/below"); err == nil {
		t.Error("made a directory where none can be")
	}
	file := filepath.Join(dir, "file")
	if err := errors.Join(Write(file, nil)); err != nil {
		t.Fatal(err)
	}
	if err := MakeDir(file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
}

// Only what a killed writer left goes, and only when it is old.
func TestSweepTakesUnfinishedFiles(t *testing.T) {
	dir := t.TempDir()
	long := time.Now().Add(-time.Hour)
	for _, name := range []string{"new-old", "new-young", "kept"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if name != "new-young" {
			if err := os.Chtimes(path, long, long); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := Sweep(dir, time.Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 2 || got[0] != "kept" || got[1] != "new-young" {
		t.Errorf("left: %v", got)
	}
	if err := Sweep(filepath.Join(dir, "nowhere"), time.Now()); err != nil {
		t.Errorf("of a directory that is not there: %v", err)
	}
}

func TestAsideKeepsAFew(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	var last string
	for i := range 8 {
		if err := Write(name, []byte{byte('a' + i)}); err != nil {
			t.Fatal(err)
		}
		to, err := Aside(name)
		if err != nil {
			t.Fatal(err)
		}
		last = to
	}
	if got := names(t, dir); len(got) != maxAside || read(t, last) != "h" || read(t, name+".damaged") != "a" {
		t.Errorf("%v, the last has %q", got, read(t, last))
	}
}
