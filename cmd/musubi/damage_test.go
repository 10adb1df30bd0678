package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/chores"
)

// settled is a data directory with a member and every file that a serving process makes.
func settled(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	if err := startOn(t, data); err != nil {
		t.Fatal(err)
	}
	if err := (setup{room: &coreRoom{data: data}, set: community{Name: "x", SMTP: "x"}}).Save("むすび村", ""); err != nil {
		t.Fatal(err)
	}
	return data
}

// startOn opens core and gateway on a directory as serve does, has them work for a moment and closes them.
func startOn(t *testing.T, data string) error {
	t.Helper()
	set := defaults()
	set.Data, set.Listen, set.AdminListen = data, "127.0.0.1:0", "127.0.0.1:0"
	s, err := openSite(t.Context(), set, false, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	if err := s.core.services.Search.UpdateSearch(t.Context()); err != nil {
		t.Errorf("the search index: %v", err)
	}
	return s.Close()
}

// TestEveryFileDamagedInEveryWay: what can be made again is put aside or made again and the site starts; what cannot stops it with a
// sentence that names the file and the cure (issue 27, number 13).
func TestEveryFileDamagedInEveryWay(t *testing.T) {
	whole := settled(t)
	ways := map[string]func(name string, b []byte) error{
		"empty": func(name string, _ []byte) error { return os.WriteFile(name, nil, 0o600) },
		"cut":   func(name string, b []byte) error { return os.WriteFile(name, b[:len(b)/2], 0o600) },
		"noise": func(name string, b []byte) error {
			return os.WriteFile(name, bytes.Repeat([]byte{0xA5, 0x00, '\n'}, len(b)/3+40), 0o600)
		},
		"missing": func(name string, _ []byte) error { return os.Remove(name) },
	}
	truth := map[string]string{databaseFile: "musubi restore", "secret": "musubi restore", "login-keys": "backup", setupFile: "delete it"}
	// Any bytes may be a secret: only links and sessions of before say that they are others.
	starts := map[string]bool{"secret noise": true, "login-keys missing": true, setupFile + " missing": true, setupFile + " empty": true, setupFile + " cut": true}
	for _, file := range []string{databaseFile, "secret", "login-keys", setupFile, "sessions", "search.db"} {
		for way, damage := range ways {
			data := filepath.Join(t.TempDir(), "data")
			if err := copyTree(data, whole, ""); err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(data, file)
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatalf("%s is not there to be damaged: %v", file, err)
			}
			if file == databaseFile { // nothing of it may hide in the log of changes
				os.Remove(name + "-wal")
				os.Remove(name + "-shm")
			}
			if err := damage(name, b); err != nil {
				t.Fatal(err)
			}
			err = startOn(t, data)
			cure, matters := truth[file]
			switch {
			case !matters || starts[file+" "+way]:
				if err != nil {
					t.Errorf("%s %s: does not start: %v", file, way, err)
				}
			case err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), cure):
				t.Errorf("%s %s: %v, want a sentence with the file and %q", file, way, err, cure)
			}
		}
	}
}

// TestFilesAndRowsAreCompared: both ways (issue 27, number 16). A file without a row goes after a day, one that any table has stays; a
// photo without its file is counted, and mended by the same picture; an export without its file is made again.
func TestFilesAndRowsAreCompared(t *testing.T) {
	data, ctx := settled(t), t.Context()
	set := coreOptions{serving: serving{Data: data}, serves: true, log: slog.New(slog.DiscardHandler)}
	room, err := openCore(ctx, set)
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	m, err := room.services.Account.MemberByMail(ctx, "haruka@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	photo, err := room.services.AddPhoto(ctx, m.ID, onePixel(t), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	nobody, err := room.photos.Put(ctx, []byte("of nobody"))
	if err != nil {
		t.Fatal(err)
	}
	young := time.Now().Add(-orphanAge)
	if spared, lost, err := room.sweepFiles(ctx, young); spared != 0 || lost != 0 || err != nil {
		t.Errorf("young files: %d, %d, %v", spared, lost, err)
	}
	if spared, lost, err := room.sweepFiles(ctx, time.Now().Add(time.Minute)); spared != 1 || lost != 0 || err != nil {
		t.Errorf("old files: %d, %d, %v", spared, lost, err)
	}
	unused, err := room.store.Desk.UnusedBlobs(ctx, time.Now().Add(time.Minute), 10)
	if err != nil || len(unused) != 1 || unused[0] != nobody {
		t.Errorf("to be deleted: %v, %v, want %s", unused, err, nobody)
	}
	if err := room.photos.Delete(ctx, photo.Hash); err != nil {
		t.Fatal(err)
	}
	if _, lost, err := room.sweepFiles(ctx, young); lost != 1 || err != nil || room.lost.Load() != 1 {
		t.Errorf("a lost file: %d, %v", lost, err)
	}
	if _, err := room.services.AddPhoto(ctx, m.ID, onePixel(t), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, lost, err := room.sweepFiles(ctx, young); lost != 0 || err != nil {
		t.Errorf("after the same picture: %d, %v", lost, err)
	}

	gone := chores.Export{Member: m.ID, ID: room.services.NextID(), State: chores.ExportReady, AskedAt: time.Now(), ReadyAt: time.Now(), Bytes: 1, Language: "ja"}
	if err := room.store.Chores.PutExport(ctx, gone); err != nil {
		t.Fatal(err)
	}
	if err := room.services.Chores.Sweep(ctx); err != nil {
		t.Error(err)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		e, err := room.store.Chores.Export(ctx, m.ID)
		if err == nil && e.State == chores.ExportReady && e.Bytes > 1 {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("the lost export is not made again: %+v, %v", e, err)
		}
	}
}

// TestDiskNearlyFull: members can read and are told, nothing is stored, operators see it; and it comes back by itself.
func TestDiskNearlyFull(t *testing.T) {
	data := settled(t)
	room, err := openCore(t.Context(), coreOptions{serving: serving{Data: data}, serves: true, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	log := slog.New(slog.DiscardHandler)
	write := func() error {
		return room.store.Atomic(context.Background(), func(context.Context) error { return nil })
	}
	for _, step := range []struct {
		free uint64
		full bool
	}{{200, false}, {99, true}, {110, true}, {126, false}, {99, true}} {
		room.full.look(step.free, 100, log)
		if err := write(); errors.Is(err, core.ErrNotStored) != step.full {
			t.Errorf("%d free: a write gives %v", step.free, err)
		}
	}
	var metrics bytes.Buffer
	room.writeMetrics(&metrics)
	if !strings.Contains(metrics.String(), "musubi_read_only 1\n") {
		t.Errorf("operators do not see it:\n%s", &metrics)
	}
	if page := handled(room, "GET", "/"); !strings.Contains(page, "読むことだけ") {
		t.Errorf("members are not told:\n%s", page)
	}
	room.full.look(1000, 100, log)
	if page := handled(room, "GET", "/"); strings.Contains(page, "読むことだけ") {
		t.Error("it does not come back")
	}
}

// TestCheckAndCopies: copies are made one after the other and age out, a copy is whole and says so, what is damaged is found.
func TestCheckAndCopies(t *testing.T) {
	data := settled(t)
	room, err := openCore(t.Context(), onData(data, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	m, err := room.services.Account.MemberByMail(t.Context(), "haruka@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	photo, err := room.services.AddPhoto(t.Context(), m.ID, onePixel(t), time.Time{})
	if err = errors.Join(err, room.Close()); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copies")
	old := filepath.Join(to, time.Now().UTC().Add(-36*24*time.Hour).Format(copyName))
	if err := os.MkdirAll(old, 0o700); err != nil {
		t.Fatal(err)
	}
	c := &backupCmd{Data: data}
	c.Args.To = to
	var out bytes.Buffer
	io := &std{strings.NewReader(""), &out, &out}
	if err := c.another(t.Context(), io); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy of 36 days is still there: %v", err)
	}
	first := copiesIn(to)
	time.Sleep(1100 * time.Millisecond)
	if err := c.another(t.Context(), io); err != nil || len(copiesIn(to)) != 2 {
		t.Fatal(err, copiesIn(to))
	}
	a, errA := os.Stat(filepath.Join(to, first[0], "photos", photo.Hash[:2], photo.Hash[2:]))
	b, errB := os.Stat(filepath.Join(to, copiesIn(to)[1], "photos", photo.Hash[:2], photo.Hash[2:]))
	if errA != nil || errB != nil || !os.SameFile(a, b) {
		t.Errorf("the second copy has the picture again: %v, %v", errA, errB)
	}
	restored := filepath.Join(t.TempDir(), "elsewhere")
	stdout(t, "restore", filepath.Join(to, copiesIn(to)[1]), "--data", restored)
	for _, dir := range []string{data, restored} {
		if said := stdout(t, "check", "--data", dir); strings.Contains(said, "wrong") || !strings.Contains(said, "1 member,") {
			t.Errorf("%s: %s", dir, said)
		}
	}
	picture := filepath.Join(restored, "photos", photo.Hash[:2], photo.Hash[2:])
	for _, damage := range []struct{ what, want string }{{"picture", "photos whose file is damaged: 1"}, {"row", "members whose number of friends"}} {
		if damage.what == "picture" {
			err = os.WriteFile(picture, []byte("x"), 0o600)
		} else {
			edit(t, restored, `UPDATE member SET friends = 5`)
		}
		out.Reset()
		if status := run([]string{"check", "--data", restored}, io); err != nil || status != 1 || !strings.Contains(out.String(), damage.want) {
			t.Errorf("a damaged %s: status %d, %v\n%s", damage.what, status, err, &out)
		}
	}
}

// TestDoctor: what is wrong is named with its cure.
func TestDoctor(t *testing.T) {
	data := settled(t)
	ask := func(args ...string) (int, string) {
		var out bytes.Buffer
		status := run(append([]string{"doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, args...), &std{strings.NewReader(""), &out, &out})
		return status, out.String()
	}
	if status, said := ask(); status != 0 {
		t.Errorf("status %d\n%s", status, said)
	}
	for flag, want := range map[string]string{
		"--smtp=smtp://127.0.0.1:1?from=a@example.jp": "mail server", "--admin-listen=0.0.0.0:0": "127.0.0.1", "--easy-login=on": "--ranges", "--redis=redis://127.0.0.1:1": "sessions",
		"--trust-proxies=everybody": "--trust-proxies", "--min-free-mb=1000000000": "less than",
	} {
		if status, said := ask(flag); status != 1 || !strings.Contains(said, "wrong") || !strings.Contains(said, want) {
			t.Errorf("%s: status %d\n%s", flag, status, said)
		}
	}
	if err := os.Chmod(filepath.Join(data, "secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, said := ask(); status != 1 || !strings.Contains(said, "chmod 600") {
		t.Errorf("a secret for everybody: status %d\n%s", status, said)
	}
}

// TestReload: SIGHUP takes name, mail server and level of the log from the file, and leaves everything as it was when that is wrong.
func TestReload(t *testing.T) {
	data := settled(t)
	conf := filepath.Join(t.TempDir(), "musubi.conf")
	write := func(text string) {
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("name = 一の村\n")
	s := startServe(t, data, "--config", conf)
	shows := func(name string) {
		t.Helper()
		for began := time.Now(); !strings.Contains(fetchText(t, s.url+"/"), name); time.Sleep(20 * time.Millisecond) {
			if time.Since(began) > 10*time.Second {
				t.Fatalf("the name is not %s", name)
			}
		}
	}
	shows("一の村")
	write("name = 二の村\nlog-level = error\n")
	s.hangup()
	shows("二の村")
	write("nome = 三の村\n")
	if r, err := http.Post(s.admin+"/reload", "", nil); err != nil || r.StatusCode != http.StatusUnprocessableEntity { // as SIGHUP, with an answer
		t.Errorf("a wrong file: %v, %v", r, err)
	}
	shows("二の村")
	write("name = 四の村\n")
	s.hangup()
	shows("四の村")
	s.stop()
}
