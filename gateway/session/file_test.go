package session

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func openFile(t *testing.T, name string, limit int, c *clock) *File {
	t.Helper()
	f := OpenFile(name, limit, c.now)
	return f
}

func TestFileKeepsSessionsAcrossRestarts(t *testing.T) {
	name, c := filepath.Join(t.TempDir(), "sessions"), newClock()
	f := openFile(t, name, 0, c)
	m := NewManager(f, Terms{}, c.now)
	kept := mustCreate(t, m, InURL, Jar{{Name: "sid", Value: "1", Path: "/"}})
	ended := mustCreate(t, m, InURL, Jar{{Name: "sid", Value: "2", Path: "/"}})
	if err := m.End(bg, ended); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for restart := range 3 {
		f = openFile(t, name, 0, c)
		m = NewManager(f, Terms{}, c.now)
		s, err := m.Open(bg, InURL, site, kept.ID, p903i)
		if err != nil || s.Jar[0].Value != "1" {
			t.Fatalf("restart %d: %v", restart, err)
		}
		if _, err := m.Open(bg, InURL, site, ended.ID, p903i); !errors.Is(err, ErrUnknown) {
			t.Errorf("restart %d: an ended session is back: %v", restart, err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A process that is killed leaves a file cut anywhere: every session before the cut must still be there.
func TestFileCutAtEveryByte(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	name := filepath.Join(dir, "sessions")
	f := openFile(t, name, 0, c)
	var keys [3]Key
	for i := range keys {
		keys[i][0] = byte(i + 1)
		if err := f.Save(bg, keys[i], []byte{1, 2, 3}, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	f.Close()
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	entry := entryHead + 3
	for cut := range whole {
		if err := os.WriteFile(name, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		f := OpenFile(name, 0, c.now)
		if damaged := cut > 0 && cut < len(journalHead); damaged != (f.Aside() != "") || f.Ping(bg) != nil {
			t.Fatalf("cut at %d: put aside as %q, %v", cut, f.Aside(), f.Ping(bg))
		}
		want := max(0, (cut-len(journalHead))/entry)
		for i, k := range keys {
			if _, err := f.Load(bg, k); (err == nil) != (i < want) {
				t.Fatalf("cut at %d: record %d: %v", cut, i, err)
			}
		}
		f.Close()
	}
}

func TestFileIsBounded(t *testing.T) {
	name, c := filepath.Join(t.TempDir(), "sessions"), newClock()
	f := openFile(t, name, 10, c)
	var first Key
	for i := range 100 {
		if _, err := f.Load(bg, first); i > 0 && err != nil { // a session in use stays
			t.Fatalf("after %d: %v", i, err)
		}
		if err := f.Save(bg, Key{byte(i)}, []byte("x"), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if n := f.t.used.Len(); n != 10 || len(f.t.byKey) != 10 {
		t.Errorf("%d records kept", n)
	}
	f.Close()
	f = openFile(t, name, 10, c)
	defer f.Close()
	if _, err := f.Load(bg, first); err != nil || f.t.used.Len() != 10 {
		t.Errorf("after a restart: %v, %d records", err, f.t.used.Len())
	}
}

func TestFileForgets(t *testing.T) {
	c := newClock()
	f := openFile(t, filepath.Join(t.TempDir(), "sessions"), 0, c)
	defer f.Close()
	f.Save(bg, Key{1}, []byte("x"), time.Minute)
	c.step(time.Hour)
	if _, err := f.Load(bg, Key{1}); !errors.Is(err, ErrUnknown) {
		t.Errorf("an expired record: %v", err)
	}
	f.Save(bg, Key{2}, []byte("x"), time.Minute)
	c.step(time.Hour)
	f.t.mu.Lock()
	f.t.sweep()
	n := f.t.used.Len()
	f.t.mu.Unlock()
	if n != 0 {
		t.Errorf("%d records after the sweep", n)
	}
}

func TestForeignFileIsNotOverwritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(name, []byte("a letter to my grandmother"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := OpenFile(name, 0, nil)
	if err := errors.Join(f.Ping(bg), f.Close()); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(f.Aside()); string(b) != "a letter to my grandmother" {
		t.Error("the file was overwritten")
	}
}

// Sessions can be begun again: whatever stands in the journal's place is put aside, and while there can be no file they are
// in memory and Ping says so (issue 27, number 13).
func TestDamagedJournalsDoNotStopTheStart(t *testing.T) {
	for what, damage := range map[string]func(name string) error{
		"zeros": func(name string) error { return os.WriteFile(name, make([]byte, 9000), 0o600) },
		"text":  func(name string) error { return os.WriteFile(name, []byte("text"), 0o600) },
		"half":  func(name string) error { return os.Truncate(name, int64(len(journalHead)/2)) },
		"a folder": func(name string) error {
			return errors.Join(os.Remove(name), os.Mkdir(name, 0o700))
		},
		"a link to nowhere": func(name string) error { return errors.Join(os.Remove(name), os.Symlink("nowhere", name)) },
	} {
		name := filepath.Join(t.TempDir(), "sessions")
		if err := errors.Join(OpenFile(name, 0, nil).Close(), damage(name)); err != nil {
			t.Fatal(what, err)
		}
		f := OpenFile(name, 0, nil)
		mustCreate(t, NewManager(f, Terms{}, nil), InURL, nil)
		if err := errors.Join(f.Ping(bg), f.Close()); err != nil || f.Aside() == "" {
			t.Errorf("%s: %v, put aside as %q", what, err, f.Aside())
		}
		again := OpenFile(name, 0, nil)
		if again.Aside() != "" || again.t.used.Len() != 1 {
			t.Errorf("%s: after another start %d sessions, put aside as %q", what, again.t.used.Len(), again.Aside())
		}
		again.Close()
	}
	f := OpenFile(filepath.Join(t.TempDir(), "missing", "sessions"), 0, nil)
	s := mustCreate(t, NewManager(f, Terms{}, nil), InURL, nil)
	if _, err := NewManager(f, Terms{}, nil).Open(bg, InURL, site, s.ID, p903i); err != nil || f.Ping(bg) == nil {
		t.Errorf("without a disk: %v, Ping %v", err, f.Ping(bg))
	}
	f.Close()
}

func BenchmarkOpen(b *testing.B) {
	f := OpenFile("", 0, nil)
	defer f.Close()
	m := NewManager(f, Terms{}, nil)
	s, err := m.Create(bg, InURL, site, p903i, Jar{{Name: "sid", Value: "0123456789abcdef0123456789abcdef", Path: "/"}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Open(bg, InURL, site, s.ID, p903i); err != nil {
			b.Fatal(err)
		}
	}
}
