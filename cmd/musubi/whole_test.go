package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"musubi/core/files"
)

// A directory that has lost its database is refused with the file and the cure; a new one and a whole one are opened (issue 27,
// number 13).
func TestDataWithoutItsDatabaseIsRefused(t *testing.T) {
	data := t.TempDir()
	open := func() error {
		r, err := openCore(t.Context(), onData(data, nil))
		if err == nil {
			err = r.Close()
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatalf("a new directory: %v", err)
	}
	if _, err := files.Blobs(filepath.Join(data, "photos")).Put(t.Context(), []byte("写真")); err != nil {
		t.Fatal(err)
	}
	if err := open(); err != nil {
		t.Fatalf("a whole directory: %v", err)
	}
	database := filepath.Join(data, "musubi.db")
	for what, lose := range map[string]func() error{
		"missing": func() error { return os.Remove(database) },
		"empty":   func() error { return os.WriteFile(database, nil, 0o600) },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		if err := open(); err == nil || !strings.Contains(err.Error(), database) || !strings.Contains(err.Error(), "musubi restore") {
			t.Errorf("%s: %v, want a sentence with the file and the cure", what, err)
		}
		if err := os.WriteFile(database, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
