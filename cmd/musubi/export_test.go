package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core/store/pgtest"
)

// unpacked are the files of a whole site by their names.
func unpacked(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		in.Close()
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(b)
	}
	return all
}

// A whole site goes out and into another directory: table by table, picture by picture and key by key it is the same there, members log in with
// their passwords and see their pictures, and it goes nowhere where somebody is already.
func TestWholeSite(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	data, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	d := startDemo(t, data)
	d.waitForPictures()
	musubi := func(status int, args ...string) string {
		t.Helper()
		cmd := exec.Command(path, args...)
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != status {
			t.Fatalf("musubi %s: status %d, want %d\n%s", strings.Join(args, " "), cmd.ProcessState.ExitCode(), status, out)
		}
		return string(out)
	}
	musubi(0, "export", "--data", data, filepath.Join(dir, "served.zip")) // while it serves
	d.stop()
	file := filepath.Join(dir, "site.zip")
	musubi(0, "export", "--data", data, file)
	musubi(2, "export", "--data", data, file) // nothing is written over
	musubi(0, "import", "musubi", file, "--data", second)
	musubi(0, "check", "--data", second)
	again := filepath.Join(dir, "again.zip")
	musubi(0, "export", "--data", second, again)
	first, other := unpacked(t, file), unpacked(t, again)
	rows := 0
	for name, text := range first {
		if name != wholeIndex && other[name] != text {
			t.Errorf("%s: %d bytes became %d\n%.600s\n%.600s", name, len(text), len(other[name]), text, other[name])
		}
		if strings.HasPrefix(name, wholeTables) {
			for line := range strings.Lines(text) {
				rows++
				if !json.Valid([]byte(line)) {
					t.Fatalf("%s: %s", name, line)
				}
			}
		}
	}
	if len(first) != len(other) || rows < 500 || first["keys/secret"] == "" {
		t.Errorf("%d and %d files, %d rows", len(first), len(other), rows)
	}
	if !strings.Contains(first["tables/diary.jsonl"], `"comments_open":true`) || !strings.Contains(first["tables/diary.jsonl"], `"created_at":"20`) {
		t.Errorf("entries are written as %.400s", first["tables/diary.jsonl"])
	}
	for _, left := range []string{".site.zip.db", ".site.zip.db-wal"} {
		if _, err := os.Stat(filepath.Join(dir, left)); err == nil {
			t.Errorf("%s is left over", left)
		}
	}
	if out := musubi(2, "import", "musubi", file, "--data", second); !strings.Contains(out, "new directory") {
		t.Errorf("into a site: %s", out)
	}
	s := startServe(t, second)
	pc := newPhone(t, s.url, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	pc.get("/album/list").must(200, `class="folder"`)
	handset := newPhone(t, s.url, uaDoCoMo, false)
	handset.logIn(d.Members[1].Mail, d.Members[1].Password)
}

// What is no such file, or not whole, or of a program that knows more, is refused in a sentence, and nobody is half in.
func TestWholeSiteRefuses(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	made := func(name string, files map[string]string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for n, text := range files {
			w, _ := z.Create(n)
			w.Write([]byte(text))
		}
		z.Close()
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	index := func(table string) string {
		return `{"format":"musubi site","version":1,"tables":[` + table + `]}`
	}
	secret := strings.Repeat("s", 32)
	for want, file := range map[string]string{
		"expected what musubi export wrote": made("a.zip", map[string]string{"x": "y"}),
		"is of format 9":                    made("b.zip", map[string]string{wholeIndex: `{"format":"musubi site","version":9}`}),
		"no such table":                     made("c.zip", map[string]string{wholeIndex: index(`{"name":"more"}`), "keys/secret": secret}),
		"no column more":                    made("d.zip", map[string]string{wholeIndex: index(`{"name":"mail","columns":[{"name":"more"}]}`), "keys/secret": secret}),
		"expected 2: the file is not whole": made("e.zip", map[string]string{wholeIndex: index(`{"name":"mail","rows":2,"columns":[{"name":"address","kind":"text"},{"name":"member","kind":"id"}]}`), "keys/secret": secret, "tables/mail.jsonl": `{"address":"a@example.jp","member":"5"}` + "\n"}),
		"line 1, member":                    made("f.zip", map[string]string{wholeIndex: index(`{"name":"mail","rows":1,"columns":[{"name":"address","kind":"text"},{"name":"member","kind":"id"}]}`), "keys/secret": secret, "tables/mail.jsonl": `{"address":"a@example.jp","member":"five"}` + "\n"}),
		"is damaged":                        made("g.zip", map[string]string{wholeIndex: index(``), "keys/secret": secret, "photos/" + strings.Repeat("0", 64): "x"}),
	} {
		out, err := exec.Command(path, "import", "musubi", file, "--data", filepath.Join(dir, "data "+want[:4])).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v\n%s, want %s", err, out, want)
		}
	}
}

// Into PostgreSQL a site goes with its secret, so that keys of programs go on working; a database with members is refused as that; killed at
// any moment, nothing serves half a site and the same command begins again.
func TestWholeSiteIntoPostgreSQL(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	pg := pgtest.Start(t)
	pg.Run(t, `CREATE DATABASE musubi`)
	dir, db := t.TempDir(), pg.URL("musubi")
	from, to, file := filepath.Join(dir, "from"), filepath.Join(dir, "to"), filepath.Join(dir, "site.zip")
	stdout(t, "seed", "--members", "30", "--photos", "--data", from)
	stdout(t, "export", "--data", from, file)
	want := unpacked(t, file)

	kills := 0
	for {
		cmd := exec.Command(path, "import", "musubi", file, "--data", to, "--db", db)
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 4 {
			for !exists(filepath.Join(to, importMark)) {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(time.Duration(kills*kills*20) * time.Millisecond) // the first at once, so that no machine is too fast for it
			cmd.Process.Kill()
			cmd.Wait()
			if exists(filepath.Join(to, importMark)) {
				kills++
				for _, served := range [][]string{{"check", "--data", to, "--db", db}, {"export", "--data", to, "--db", db, filepath.Join(dir, "half.zip")}} {
					if _, problem, status := do(t, served...); status == 0 || !strings.Contains(problem, "did not come to its end") {
						t.Fatalf("%v of half a site: %d %s", served, status, problem)
					}
				}
				continue
			}
			break // it was faster
		}
		if err := cmd.Wait(); err != nil {
			t.Fatalf("after %d kills: %v\n%s", kills, err, &said)
		}
		break
	}
	if kills == 0 {
		t.Error("no import was killed: the test says nothing")
	}
	if secret, err := os.ReadFile(filepath.Join(to, "secret")); err != nil || string(secret) != want["keys/secret"] || exists(filepath.Join(to, freshSecret)) {
		t.Errorf("the secret is another one: %v", err)
	}
	again := filepath.Join(dir, "again.zip")
	stdout(t, "export", "--data", to, "--db", db, again)
	got := unpacked(t, again)
	for name, text := range want {
		if name != wholeIndex && got[name] != text {
			t.Errorf("%s: %d bytes became %d", name, len(text), len(got[name]))
		}
	}
	if _, problem, status := do(t, "import", "musubi", file, "--data", filepath.Join(dir, "third"), "--db", db); status != 2 || !strings.Contains(problem, "has members") {
		t.Errorf("into a database with members: %d %s", status, problem)
	}
}

// A file that lacks a picture or has one that is damaged names it, brings in all else, and does not say that all is well; killed beside a
// file the same command begins again.
func TestWholeSiteLacksAPicture(t *testing.T) {
	dir := t.TempDir()
	from, file := filepath.Join(dir, "from"), filepath.Join(dir, "site.zip")
	stdout(t, "seed", "--members", "12", "--photos", "--data", from)
	stdout(t, "export", "--data", from, file)
	files := unpacked(t, file)
	picture := ""
	for name := range files {
		if strings.HasPrefix(name, wholePhotos) {
			picture = name
		}
	}
	for what, change := range map[string]func(){"is not in": func() { delete(files, picture) }, "is damaged": func() { files[picture] = "no picture" }} {
		was := files[picture]
		change()
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range files {
			w, _ := z.Create(name)
			w.Write([]byte(text))
		}
		z.Close()
		files[picture] = was
		less, to := filepath.Join(dir, "less.zip"), filepath.Join(dir, what)
		if err := os.WriteFile(less, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		_, problem, status := do(t, "import", "musubi", less, "--data", to)
		if status != 1 || !strings.Contains(problem, picture) || !strings.Contains(problem, what) || !strings.Contains(problem, "1 picture or film") {
			t.Errorf("%d %s", status, problem)
		}
		again := filepath.Join(dir, what+".zip")
		stdout(t, "export", "--data", to, again)
		if got := unpacked(t, again); got["tables/photo.jsonl"] != files["tables/photo.jsonl"] || len(got) != len(files)-1 {
			t.Errorf("%s: the rest is not there: %d files, want %d", what, len(got), len(files)-1)
		}
	}
	// Half a site beside a file: begun again by the same command.
	half := filepath.Join(dir, "is damaged")
	if err := os.WriteFile(filepath.Join(half, importMark), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, problem, status := do(t, "check", "--data", half); status != 1 || !strings.Contains(problem, "give the same musubi import") {
		t.Errorf("half a site: %d %s", status, problem)
	}
	stdout(t, "import", "musubi", file, "--data", half)
	stdout(t, "check", "--data", half)
}
