package files

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

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

// A picture whose file was damaged is whole again when it comes again.
func TestSEC86_DamagedBlobIsMended(t *testing.T) {
	ctx, d, want := t.Context(), Blobs(t.TempDir()), []byte("写真")
	name, err := d.Put(ctx, want)
	if err != nil {
		t.Fatal(err)
	}
	path, _ := d.path(name)
	for _, damage := range []string{"", "写", "真写"} {
		if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Put(ctx, want); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Get(ctx, name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("damaged to %q and put again: %q, %v", damage, got, err)
		}
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
