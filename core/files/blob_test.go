package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"musubi/core"
)

func TestBlobs(t *testing.T) {
	ctx := context.Background()
	d := Blobs(t.TempDir())
	want := []byte("写真")
	name, err := d.Put(ctx, want)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.Put(ctx, want); err != nil || again != name {
		t.Fatalf("the same bytes got the name %s, %v; want %s", again, err, name)
	}
	if got, err := d.Get(ctx, name); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("Get = %q, %v", got, err)
	}
	files := 0
	filepath.WalkDir(string(d), func(_ string, e os.DirEntry, _ error) error {
		if !e.IsDir() {
			files++
		}
		return nil
	})
	if files != 1 {
		t.Fatalf("%d files, want 1: no leftovers, no doubles (SEC-86)", files)
	}
}

// A picture or film whose file was damaged is whole again when it comes again.
func TestSEC86_DamagedBlobIsMended(t *testing.T) {
	ctx, d, want := t.Context(), Blobs(t.TempDir()), []byte("写真")
	for how, put := range map[string]func() (string, error){
		"at once": func() (string, error) { return d.Put(ctx, want) },
		"piece by piece": func() (string, error) {
			return d.PutFrom(ctx, bytes.NewReader(want), func(string) error { return nil })
		},
	} {
		name, err := put()
		if err != nil {
			t.Fatal(err)
		}
		path, _ := d.path(name)
		for _, damage := range []string{"", "写", "真写"} {
			if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := put(); err != nil {
				t.Fatal(err)
			}
			if got, err := d.Get(ctx, name); err != nil || !bytes.Equal(got, want) {
				t.Errorf("damaged to %q and put again %s: %q, %v", damage, how, got, err)
			}
		}
	}
}

// failing is read once; then the disk fails.
type failing struct {
	*bytes.Reader
	times int
}

func (f *failing) Seek(offset int64, whence int) (int64, error) {
	f.times++
	return f.Reader.Seek(offset, whence)
}

func (f *failing) Read(b []byte) (int, error) {
	if f.times > 1 {
		return 0, syscall.EIO
	}
	return f.Reader.Read(b)
}

func (f *failing) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, struct{ io.Reader }{f}) }

// What the disk does not take is not stored, and said so: of a film, too (issue 27, number 15).
func TestBlobsOnAFailingDisk(t *testing.T) {
	d := Blobs(t.TempDir())
	if _, err := d.PutFrom(t.Context(), &failing{Reader: bytes.NewReader([]byte("映画"))}, func(string) error { return nil }); !errors.Is(err, core.ErrNotStored) {
		t.Errorf("a film on a failing disk: %v, want ErrNotStored", err)
	}
}

func TestSEC86_BlobNames(t *testing.T) {
	d := Blobs(t.TempDir())
	for _, name := range []string{"", "../../etc/passwd", "ab", string(make([]byte, 64)), filepath.Join("..", "..", "x")} {
		if _, err := d.Get(context.Background(), name); !errors.Is(err, core.ErrNotFound) {
			t.Errorf("Get(%q) = %v, want core.ErrNotFound", name, err)
		}
	}
}

func TestSEC125_OpenSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	first, err := OpenSecret(path)
	if err != nil || len(first) != 32 {
		t.Fatalf("first run: %d bytes, %v", len(first), err)
	}
	second, err := OpenSecret(path)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("second run: another secret, %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSecret(path); err == nil {
		t.Fatal("a secret that others can read must be refused")
	}
}

// What a killed process began and never finished goes; what is whole stays, and what is being written now.
func TestBlobsAreSweptOfUnfinishedFiles(t *testing.T) {
	d := Blobs(t.TempDir())
	if !d.Empty() {
		t.Fatal("a new directory is not empty")
	}
	name, err := d.Put(t.Context(), []byte("写真"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	write := func(file string, age time.Duration) string {
		path := filepath.Join(string(d), name[:2], file)
		if err := errors.Join(os.WriteFile(path, []byte("写"), 0o600), os.Chtimes(path, now.Add(-age), now.Add(-age))); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old, young := write("new-1", 2*time.Hour), write("new-2", time.Minute)
	if err := d.Sweep(now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an old unfinished file: %v, want it gone", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("a file that is being written: %v", err)
	}
	if b, err := d.Get(t.Context(), name); err != nil || string(b) != "写真" || d.Empty() {
		t.Errorf("the picture: %q, %v; empty %v", b, err, d.Empty())
	}
}
