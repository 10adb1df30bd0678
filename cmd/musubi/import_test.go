package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/core/bring/openpne/openpnetest"
	"musubi/core/store"
	"musubi/core/store/engine"
)

// dumped writes a dump and its key, as an operator has them.
func dumped(t *testing.T, version, members int) (args []string) {
	t.Helper()
	dir, p := t.TempDir(), openpnetest.Make(members, 9)
	dump, text := filepath.Join(dir, "dump.sql.gz"), p.Dump3()
	args = []string{"import", "openpne3", "--dump", dump}
	if version == 2 {
		text = p.Dump2()
		args = []string{"import", "openpne2", "--dump", dump, "--key-file", filepath.Join(dir, "config.php")}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(text)
	z.Close()
	for name, b := range map[string][]byte{"dump.sql.gz": packed.Bytes(), "config.php": []byte("<?php\ndefine('ENCRYPT_KEY', '" + openpnetest.Key + "');\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return args
}

// contents are all rows of the tables that an import writes, without what differs by chance: the salt of passwords.
func contents(t *testing.T, data string) (all []string) {
	t.Helper()
	st, err := store.Open(context.Background(), store.Config{Path: filepath.Join(data, databaseFile)})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, q := range []string{"SELECT id || name || status || photo || friends FROM member", "SELECT address || member FROM mail", "SELECT member || id || title || body || visibility || photos FROM diary", "SELECT id || author || body FROM comment",
		"SELECT member || id || hash || kind || thing FROM photo", "SELECT member || id || folder || body FROM message", "SELECT member || friend FROM friend", "SELECT id || name || members FROM community", "SELECT thread || number || body FROM community_comment"} {
		rows, err := engine.List(context.Background(), st.Engine().On(context.Background()), func(r engine.Scanner) (s string, err error) { return s, r.Scan(&s) }, q)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
	}
	slices.Sort(all)
	return all
}

// With the built program: a dry run stores nothing; an import that is killed again and again and begun again ends with what one ends with
// that was not; a site is whole after it, and what was there is not brought in twice.
func TestImportIsKilled(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{2, 3} {
		args := dumped(t, version, 50)
		whole, data := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "killed")
		dry, err := exec.Command(path, append(args, "--data", data, "--dry-run")...).CombinedOutput()
		if err != nil || !bytes.Contains(dry, []byte("      50 members\n")) || !bytes.Contains(dry, []byte("left out: comments of those who have left")) {
			t.Fatalf("dry run: %v\n%s", err, dry)
		}
		if _, err := os.Stat(data); err == nil {
			t.Error("a dry run has made a directory")
		}
		if out, err := exec.Command(path, append(args, "--data", whole)...).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("50 members and 3 communities brought in")) {
			t.Fatalf("%v\n%s", err, out)
		}
		r, kills := rand.New(rand.NewPCG(3, uint64(version))), 0
		for {
			cmd := exec.Command(path, append(args, "--data", data)...)
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &said, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			var err error
			select {
			case err = <-ended:
			case <-time.After(time.Duration(60+100*kills+r.IntN(400)) * time.Millisecond): // later each time: a slow machine gets on, a fast one is met
				cmd.Process.Kill()
				if err = <-ended; err != nil {
					kills++
				}
			}
			if err == nil {
				break
			}
			if cmd.ProcessState.Exited() {
				t.Fatalf("%v\n%s", err, &said)
			}
			if kills > 200 {
				t.Fatal("it gets nowhere")
			}
		}
		if got, want := contents(t, data), contents(t, whole); kills == 0 || len(want) < 300 || !slices.Equal(got, want) {
			t.Errorf("after %d kills %d rows, want %d as they are", kills, len(got), len(want))
		}
		if out, err := exec.Command(path, append(args, "--data", whole)...).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("0 members and 0 communities brought in")) {
			t.Errorf("a second time: %v\n%s", err, out)
		}
		if out, err := exec.Command(path, "check", "--data", data).CombinedOutput(); err != nil {
			t.Errorf("musubi check: %v\n%s", err, out)
		}
		s := startServe(t, data)
		pc := newPhone(t, s.url, uaPC, true)
		pc.logIn(openpnetest.Mail(1), openpnetest.Password)
		pc.get("/friends").must(200)
		handset := newPhone(t, s.url, uaDoCoMo, false)
		handset.logIn(openpnetest.Mail(2), openpnetest.Password)
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
}

// Tokens of emoji are those of the carriers' lists.
func TestImportEmojiTokens(t *testing.T) {
	find := tokenEmoji()
	for token, want := range map[string]string{"i1": "☀", "i2": "☁", "i176": "⏰", "e44": "☀", "e1": "⚠", "s74": "☀", "s1": "👦", "i0": "", "i253": "", "s486": "", "x1": ""} {
		var set byte
		var n int
		fmt.Sscanf(token, "%c%d", &set, &n)
		if got := find(set, n); strings.TrimSuffix(got, "\uFE0F") != want {
			t.Errorf("%s: %q, want %q", token, got, want)
		}
	}
	for n := range 252 {
		if find('i', n+1) == "" {
			t.Errorf("i-mode's emoji %d is none", n+1)
		}
	}
	for n := range 485 {
		if find('s', n+1) == "" {
			t.Errorf("SoftBank's emoji %d is none", n+1)
		}
	}
}
