package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/core/bucket"
)

// versity is the S3 server that tests use, a Go module.
const versity = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

// startBucket starts an S3 server with one bucket and gives its address.
func startBucket(t *testing.T) string {
	t.Helper()
	if os.Getenv("MUSUBI_TEST_SERVICES") == "" {
		t.Skip("needs an S3 server, which is built first; make test runs it")
	}
	bin := t.TempDir()
	build := exec.Command("go", "install", versity)
	build.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	build.Dir = bin // outside this module
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go install %s: %v\n%s", versity, err, out)
	}
	dir, listen := t.TempDir(), freeAddress(t)
	if err := os.MkdirAll(filepath.Join(dir, "data", "copies"), 0o700); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(filepath.Join(bin, "versitygw"), "--access", "key", "--secret", "secret-of-tests", "--port", listen, "--quiet",
		"posix", "--sidecar", dir, filepath.Join(dir, "data"))
	server.Dir = dir
	var said bytes.Buffer
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-of-tests")
	address := "s3://copies/site?region=us-east-1&endpoint=http://" + listen
	b, err := bucket.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err = b.Reach(t.Context()); err == nil {
			return address
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the S3 server does not answer: %v\n%s", err, said.String())
	return ""
}

// TestBackupIntoABucket: copies share their pictures, what is too old goes and nothing that another needs, a copy cut short is none, and
// a site comes back whole from any of them.
func TestBackupIntoABucket(t *testing.T) {
	address := startBucket(t)
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	picture := func(hash string) string { return filepath.Join(data, "photos", hash[:2], hash[2:]) }
	put := func(hash string) {
		if err := os.MkdirAll(filepath.Dir(picture(hash)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(picture(hash), []byte("picture "+hash), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("aabb")
	put("ccdd")
	if said := stdout(t, "backup", address, "--data", data); !strings.Contains(said, "copied") {
		t.Fatal(said)
	}
	b, err := openCopies(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	first, _, err := b.names(t.Context())
	if err != nil || len(first) != 1 {
		t.Fatal(first, err)
	}
	objects := func(begin string) (names []string) {
		for o, err := range b.Objects(t.Context(), begin) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, o.Name)
		}
		return names
	}
	if err := os.Remove(picture("aabb")); err != nil {
		t.Fatal(err)
	}
	put("eeff")
	time.Sleep(1100 * time.Millisecond) // names are by the second
	stdout(t, "backup", address, "--data", data)
	if got := objects("photos/"); !slices.Equal(got, []string{"photos/aa/bb", "photos/cc/dd", "photos/ee/ff"}) {
		t.Errorf("pictures in the bucket: %v", got)
	}
	// One that was cut short, of long ago.
	short := time.Now().UTC().Add(-40 * 24 * time.Hour).Format(copyName)
	if err := b.Put(t.Context(), short+"/"+databaseFile, strings.NewReader("half"), 4); err != nil {
		t.Fatal(err)
	}
	if said, problem, status := do(t, "restore", withName(address, short), "--data", filepath.Join(t.TempDir(), "x")); status != 2 || !strings.Contains(problem, "no whole copy") {
		t.Errorf("a copy cut short is restored: %d %s%s", status, said, problem)
	}
	if err := b.expire(t.Context(), 35*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if whole, cut, err := b.names(t.Context()); len(whole) != 2 || len(cut) != 0 || err != nil {
		t.Errorf("after expiry: %v %v %v", whole, cut, err)
	}
	for name, has := range map[string][2]string{first[0]: {"aabb", "eeff"}, "": {"eeff", "aabb"}} {
		restored := filepath.Join(t.TempDir(), "restored")
		stdout(t, "restore", withName(address, name), "--data", restored)
		if said := stdout(t, "member", "show", "haruka@example.jp", "--data", restored); !strings.Contains(said, "春香") {
			t.Errorf("%q: %s", name, said)
		}
		for i, hash := range has {
			body, err := os.ReadFile(filepath.Join(restored, "photos", hash[:2], hash[2:]))
			if want := "picture " + hash; i == 0 && (err != nil || string(body) != want) || i == 1 && err == nil {
				t.Errorf("%q: picture %s: %q %v", name, hash, body, err)
			}
		}
	}
	// Of no age at all the newest stays, with its pictures; what became spare just now stays for a day.
	if err := b.expire(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if whole, _, err := b.names(t.Context()); len(whole) != 1 || whole[0] == first[0] || err != nil || len(objects("photos/")) != 3 {
		t.Errorf("%v %v %v", whole, err, objects("photos/"))
	}
}

// withName is the address of one copy.
func withName(address, name string) string {
	place, query, _ := strings.Cut(address, "?")
	return place + "/" + name + "?" + query
}

// TestBucketsThatCannotBe says what is wrong with an address, in a sentence.
func TestBucketsThatCannotBe(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	for to, want := range map[string]string{
		"s3://":                     "expected s3://BUCKET/PREFIX",
		"s3://b/p?colour=red":       `has a setting "colour"`,
		"s3://b/p?endpoint=ftp://x": "expected https://HOST",
		"s3://bucket?region=r&endpoint=http://127.0.0.1:1": "refused",
	} {
		if _, problem, status := do(t, "backup", to, "--data", data); status != 2 || !strings.Contains(problem, want) {
			t.Errorf("%s: %d %q, want %q", to, status, problem, want)
		}
	}
}
