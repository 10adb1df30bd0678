package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"musubi/core/files"
)

// nobody runs the program as somebody who owns nothing, whoever runs the tests: root may do everything. What lies above the directory is
// opened for them.
func nobody(t *testing.T, dir string, args ...string) (out, problem string, status int) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Dir = &stdout, &stderr, "/"
	if os.Getuid() == 0 {
		const id = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
		for _, from := range []string{dir, path} {
			for at := filepath.Dir(from); at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
				if err := os.Chmod(at, 0o755); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// modes sets the modes of all files and directories below one.
func modes(t *testing.T, dir string, file, directory os.FileMode) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(name, file)
	})
	if err == nil {
		err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(name, directory)
			}
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// seeded is a data directory with photos, and a copy of it.
func seeded(t *testing.T) (data, copied string) {
	t.Helper()
	dir := t.TempDir()
	data, copied = filepath.Join(dir, "data"), filepath.Join(dir, "copy")
	stdout(t, "seed", "--members", "3", "--photos", "--data", data)
	stdout(t, "backup", copied, "--data", data)
	return data, copied
}

// TestCopiesWhereNothingCanBeWritten: a copy on a medium for reading, or of somebody else, is checked, copied and restored as any other.
func TestCopiesWhereNothingCanBeWritten(t *testing.T) {
	data, copied := seeded(t)
	modes(t, copied, 0o444, 0o555)
	defer modes(t, copied, 0o600, 0o700)
	to := t.TempDir()
	if err := os.Chmod(to, 0o777); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"check --data " + copied: "ok     the database is whole", "migrate --plan --data " + copied: "up to date",
		"member show m0.1@example.jp --data " + copied: "status active", "audit verify --data " + copied: "the chain is whole", "audit query --kind none --data " + copied: "",
		"backup " + to + "/again --data " + copied: "copied", "restore " + copied + " --data " + to + "/restored": "restored",
	} {
		if out, problem, status := nobody(t, copied, strings.Fields(args)...); status != 0 || !strings.Contains(out, want) || problem != "" {
			t.Errorf("musubi %s: %d %s%s", args, status, out, problem)
		}
	}
	for _, name := range []string{"-wal", "-shm"} {
		if exists(filepath.Join(copied, databaseFile+name)) {
			t.Errorf("%s was made beside it", name)
		}
	}
	older := filepath.Join(t.TempDir(), "older") // what cannot be changed and lacks something is left alone, with the cure
	if err := copyTree(older, copied, ""); err != nil {
		t.Fatal(err)
	}
	edit(t, older, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	modes(t, older, 0o444, 0o555)
	if _, problem, status := nobody(t, older, "check", "--data", older); status != 1 || !strings.Contains(problem, "run musubi migrate") {
		t.Errorf("an older one: %d %s", status, problem)
	}
	modes(t, older, 0o600, 0o700)
	modes(t, data, 0o600, 0o700) // whose log of changes has what is not in it yet
	if err := os.WriteFile(filepath.Join(older, databaseFile+"-wal"), []byte("changes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, problem, status := do(t, "restore", older, "--data", filepath.Join(to, "no")); status != 2 || !strings.Contains(problem, "copy that one with musubi backup") || exists(filepath.Join(to, "no")) {
		t.Errorf("a copy of files of a site that ran: %d %s", status, problem)
	}
}

// TestDoctorReadsEveryPage: a page that is damaged is found, with the cure, though a start is quick and does not look.
func TestDoctorReadsEveryPage(t *testing.T) {
	data := settled(t)
	name := filepath.Join(data, databaseFile)
	doctor := []string{"doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}
	if out, _, _ := do(t, doctor...); !regexp.MustCompile(`(?m)^ok     pages of the database: \d+ MB are whole, read in`).MatchString(out) {
		t.Errorf("of a whole one:\n%s", out)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = f.WriteAt(bytes.Repeat([]byte{0xA5}, 4096), info.Size()-4096); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if out, problem, status := do(t, doctor...); status != 1 || !regexp.MustCompile(`(?m)^wrong  pages of the database: damaged \(.*musubi restore`).MatchString(out) {
		t.Errorf("of a damaged one: %d\n%s%s", status, out, problem)
	}
	if _, problem, status := do(t, "check", "--data", data); status != 1 || !strings.Contains(problem, "is damaged (") || strings.Count(problem, "\n") != 1 {
		t.Errorf("check: %d %s", status, problem)
	}
}

// TestDoctorGoesOn: what cannot be read is one thing that is wrong, and all the others are told too; who reads a copy is told that it cannot
// be read, and not that there is none.
func TestDoctorGoesOn(t *testing.T) {
	dir := t.TempDir()
	file, closed := put(t, filepath.Join(dir, "file"), "", 0o600), filepath.Join(dir, "closed")
	if err := copyTree(closed, settled(t), ""); err != nil {
		t.Fatal(err)
	}
	modes(t, closed, 0o400, 0o700)
	if os.Getuid() != 0 {
		modes(t, closed, 0, 0o500)
		defer modes(t, closed, 0o600, 0o700)
	}
	for data, want := range map[string]string{file: "is a file", closed: "permission denied"} {
		out, problem, status := nobody(t, file, "doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
		if lines := strings.Count(out, "\n"); status != 1 || lines < 15 || !strings.Contains(out, want) {
			t.Errorf("doctor on %s: %d, %d lines\n%s%s", data, status, lines, out, problem)
		}
		for _, args := range []string{"check", "backup " + filepath.Join(dir, "to"), "migrate --plan", "audit verify"} {
			if _, problem, status := nobody(t, file, append(strings.Fields(args), "--data", data)...); status != 2 || !strings.Contains(problem, want) || strings.Contains(problem, "holds no") {
				t.Errorf("musubi %s on %s: %d %s", args, data, status, problem)
			}
		}
	}
}

// TestANewerCopyIsNotRestored: it is refused before anything is written.
func TestANewerCopyIsNotRestored(t *testing.T) {
	_, copied := seeded(t)
	edit(t, copied, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99990101000000, 1)`)
	to := filepath.Join(t.TempDir(), "to")
	if _, problem, status := do(t, "restore", copied, "--data", to); status != 1 || !strings.Contains(problem, "newer") || exists(to) {
		t.Errorf("%d %s, is something there? %v", status, problem, exists(to))
	}
}

// TestRestoreReadsThePhotos: one whose bytes are others than they were is named.
func TestRestoreReadsThePhotos(t *testing.T) {
	_, copied := seeded(t)
	var names []string
	err := files.Blobs(filepath.Join(copied, picturesDir)).Each(time.Now().Add(time.Hour), func(of []string) error { names = append(names, of...); return nil })
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	name := files.Blobs(filepath.Join(copied, picturesDir)).Path(names[0])
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	put(t, name, string(b), 0o600)
	to := filepath.Join(t.TempDir(), "to")
	if _, problem, status := do(t, "restore", copied, "--data", to); status != 1 || !strings.Contains(problem, "all but 1 photo came back") || !strings.Contains(problem, "1 photo is damaged in the copy: "+files.Blobs(filepath.Join(to, picturesDir)).Path(names[0])) {
		t.Errorf("%d %s", status, problem)
	}
}

// TestNoCopyWithin: a copy in what is copied is lost with it.
func TestNoCopyWithin(t *testing.T) {
	data, _ := seeded(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(data, link); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{data + "/copy", data + "/photos/../new/copy", link + "/copy", data} {
		if _, problem, status := do(t, "backup", to, "--data", data); status != 2 || !strings.Contains(problem, "elsewhere") {
			t.Errorf("to %s: %d %s", to, status, problem)
		}
	}
}

// curvePair is a certificate with an ECDSA key, and the key, in PEM.
func curvePair(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"a.example"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}

// TestRedirectsKeepThePort: who comes without TLS is sent to where TLS is spoken, whatever port the name came with.
func TestRedirectsKeepThePort(t *testing.T) {
	pair := put(t, filepath.Join(t.TempDir(), "pair"), curvePair(t), 0o600)
	for _, row := range []struct{ flags, asked, to string }{
		{"--hosts a.example", "a.example", "https://a.example:PORT/x?y=1"}, {"--hosts a.example", "a.example:HTTP", "https://a.example:PORT/x?y=1"},
		{"--hosts a.example,a.example:443", "a.example", "https://a.example/x?y=1"}, {"--hosts a.example --trust-proxies 192.0.2.0/24", "a.example", "https://a.example/x?y=1"},
	} {
		s := &server{t: t, log: new(safeBuffer)}
		path, err := binary()
		if err != nil {
			t.Fatal(err)
		}
		line := s.start(path, append([]string{"serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0",
			"--tls-cert", pair, "--tls-key", pair}, strings.Fields(row.flags)...)...)
		ask, err := http.NewRequest("GET", s.url+"/x?y=1", nil)
		if err != nil {
			t.Fatal(err)
		}
		ask.Host = strings.Replace(row.asked, "HTTP", s.url[strings.LastIndexByte(s.url, ':')+1:], 1)
		r, err := http.DefaultTransport.RoundTrip(ask)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if want := strings.Replace(row.to, "PORT", strconv.Itoa(httpsAt(t, line)[0]), 1); r.Header.Get("Location") != want {
			t.Errorf("%s asked as %s: to %q, want %q", row.flags, row.asked, r.Header.Get("Location"), want)
		}
		s.stop()
	}
}

// TestOneSetupLinkIsOpen: a second start prints another address; the first opens nothing, says so, and has no form.
func TestOneSetupLinkIsOpen(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	address := regexp.MustCompile(`http://[^/]+(/setup\?t=\S+)`)
	s := startServe(t, data)
	first := address.FindStringSubmatch(s.line())
	s.stop()
	s = startServe(t, data)
	second := address.FindStringSubmatch(s.line())
	if first == nil || second == nil || first[1] == second[1] {
		t.Fatal(first, second)
	}
	for _, ua := range []string{uaPC, uaDoCoMo} {
		old := newPhone(t, s.url, ua, ua == uaPC).get(first[1])
		if said := bytes.Contains(old.raw, []byte("このリンクは使えません")) || bytes.Contains(old.raw, []byte(sjis("このリンクは使えません"))); old.status != http.StatusNotFound || !said || bytes.Contains(bytes.ToLower(old.raw), []byte("<form")) {
			t.Errorf("the first address: %d\n%s", old.status, old.raw)
		}
		if now := newPhone(t, s.url, ua, ua == uaPC).get(second[1]).must(200); !bytes.Contains(bytes.ToLower(now.raw), []byte("<form")) {
			t.Errorf("the second address:\n%s", now.raw)
		}
	}
	s.stop()
}

// TestSettingsNobodyMeant: two ways to set one, a variable that sets nothing, a day that is over, and addresses that are none.
func TestSettingsNobodyMeant(t *testing.T) {
	dir := t.TempDir()
	file := put(t, filepath.Join(dir, "smtp"), "smtp://h:25?from=a@b.example\n", 0o600)
	conf := put(t, filepath.Join(dir, "conf"), "smtp = smtp://h:25?from=a@b.example\nsmtp-file = "+file+"\n", 0o600)
	data := filepath.Join(dir, "data")
	if _, problem, status := do(t, "serve", "--config", conf, "--data", data); status != 2 || !strings.Contains(problem, "line 2: smtp-file, and line 1 sets smtp") || exists(data) {
		t.Errorf("both in a file: %d %s", status, problem)
	}
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	if _, problem, status := do(t, "member", "hold", "haruka@example.jp", "--until", "2007-01-31", "--data", data); status != 2 || !strings.Contains(problem, "that day is over") {
		t.Errorf("held until a day of long ago: %d %s", status, problem)
	}
	if said := stdout(t, "member", "show", "haruka@example.jp", "--data", data); !strings.Contains(said, "status active") {
		t.Errorf("all the same: %s", said)
	}
	if stray := strayNames([]string{"MUSUBI_DATA=x", "MUSUBI_SMTP_FILE=y", "MUSUBI_HOST=z", "HOME=/", "MUSUBI_SMPT="}); !slices.Equal(stray, []string{"MUSUBI_HOST", "MUSUBI_SMPT"}) {
		t.Errorf("stray: %q", stray)
	}
	t.Setenv("MUSUBI_SMPT", "x")
	said, _, _ := do(t, "doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	if !strings.Contains(said, "mind   settings: $MUSUBI_SMPT") {
		t.Errorf("doctor: %s", said)
	}
	s := startServe(t, data, "--trust-proxies", "127.0.0.0/8")
	ask, err := http.NewRequest("GET", s.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("X-Forwarded-For", "nonsense")
	if r, err := http.DefaultClient.Do(ask); err != nil || r.StatusCode != 200 {
		t.Errorf("%v, %v", r, err)
	}
	s.stop()
	if log := s.log.String(); strings.Contains(log, "invalid IP") || !strings.Contains(log, "unknown") || !strings.Contains(log, "MUSUBI_SMPT") {
		t.Errorf("the log:\n%s", log)
	}
	t.Setenv("MUSUBI_SMTP", "smtp://h:25?from=a@b.example")
	t.Setenv("MUSUBI_SMTP_FILE", file)
	if _, problem, status := do(t, "doctor", "--data", data); status != 2 || !strings.Contains(problem, "$MUSUBI_SMTP and $MUSUBI_SMTP_FILE") {
		t.Errorf("both in the environment: %d %s", status, problem)
	}
}

// TestDoctorOnAFullDisk asks for room, and for no copy to be put back.
func TestDoctorOnAFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	_, copied := seeded(t)
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16m", "none", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	defer exec.Command("umount", disk).Run()
	data := filepath.Join(disk, "data")
	if err := copyTree(data, copied, ""); err != nil {
		t.Fatal(err)
	}
	exec.Command("sh", "-c", "head -c 20m /dev/zero >"+disk+"/fill").Run() // until nothing more fits
	said, _, status := do(t, "doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	if status != 1 || !strings.Contains(said, "wrong  disk: 0 MB") || strings.Contains(said, "restore") {
		t.Errorf("%d\n%s", status, said)
	}
}

// TestWrongSettingsAreRefused: each before anything is made, with exit status 2 and one sentence that names the flag and what is expected.
func TestWrongSettingsAreRefused(t *testing.T) {
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	dir := t.TempDir()
	none, text := filepath.Join(dir, "none"), put(t, filepath.Join(dir, "text"), "text\n", 0o600)
	curve := put(t, filepath.Join(dir, "curve"), curvePair(t), 0o600)
	mail := " --smtp-listen 127.0.0.1:0 --mail-domain musubi.example"
	for args, want := range map[string]string{
		"--message-days 999999": "36500", "--film-minutes 999999999999": "--film-minutes", "--film-mb 9999999999999": "--film-mb",
		"--dkim-key " + none: "private key in PEM", "--dkim-key " + text: "private key in PEM", "--pay-url https://pay.example/": "{reference}", "--pay-url {reference}": "expected an address",
		"--smtp ftp://x": "smtp://", "--smtp smtp://h:25": "from=", "--hosts http://x/": "no name of a host", "--hosts x..y": "host name", "--admin-hosts a/b": "--admin-hosts", "--trust-proxies 300.1.1.1": "--trust-proxies",
		"--mail-peers x": "--mail-peers", "--mail-cert " + none + " --mail-key " + none: "--mail-cert", "--mail-cert " + text + " --mail-key " + text + mail: "--mail-cert",
		"--ranges " + none: "--ranges", "--carriers " + none: "--carriers", "--carriers " + text: "--carriers", "--blobs " + text: "--blobs", "--redis foo": "--redis", "--music-shops foo": "--music-shops",
		"--review-shops a=b": "--review-shops", "--products-url https://x.example/": "{words}", "--covers nobody": "--covers", "--push-reach x": "--push-reach", "--traces x": "--traces",
		"--tls-listen 127.0.0.1:0 --hosts a.example --tls-cert " + none + " --tls-key " + none: "--tls-cert", "--acme-roots " + none: "--acme-roots",
		"--tls-listen 127.0.0.1:0 --hosts a.example --acme --acme-roots " + none: "--acme-roots", "--tls-listen 127.0.0.1:0 --hosts a.example --acme --acme-server x": "--acme-server",
		"--tls-listen 127.0.0.1:0 --hosts a.example --acme --acme-mail x": "--acme-mail",
		"--db postgres://x/y --secret-in-db sealed --seal " + none:        "--seal", "--db postgres://x/y --secret-in-db sealed --seal " + text: "at least 32", "--film-mb -1": "--film-mb", "--at-once -1": "--at-once",
		"--smtp-listen " + held.Addr().String() + " --mail-domain musubi.example": "name another address", "--listen " + held.Addr().String(): "name another address", "--tls-listen 192.0.2.1:1 --hosts a.example --tls-cert " + none + " --tls-key " + none: "--tls",
		"--push-reach h:99999": "--push-reach", "--push-reach h:0": "--push-reach", "--dkim-selector a..b": "--dkim-selector", "--dkim-selector -a": "--dkim-selector", "--name " + strings.Repeat("結", 41): "40 characters",
		"--review-shops a=https://shop.example/{bogus}": "{bogus}", "--review-shops a=https://shop.example/{artist}": "{artist}", "--music-shops a=https://shop.example/": "same place", "--music-shops a=https://shop.example/{title": "same place",
		"--tls-listen 127.0.0.1:0 --old-tls-listen 127.0.0.1:0 --hosts a.example --tls-cert " + curve + " --tls-key " + curve: "RSA key",
		"--nope": `"musubi serve --help"`,
	} {
		data := filepath.Join(dir, "data")
		_, problem, status := do(t, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, strings.Fields(args)...)...)
		said := problem[strings.LastIndex(strings.TrimSpace(problem), "\n")+1:]
		if status != 2 || !strings.Contains(said, want) {
			t.Errorf("serve %s: %d %s", args, status, problem)
		}
		if exists(data) {
			t.Errorf("serve %s left %s behind", args, data)
			os.RemoveAll(data)
		}
	}
	for args, want := range map[string]string{
		"core --listen " + held.Addr().String(): "name another address", "gateway --upstream http://127.0.0.1:1 --listen " + held.Addr().String(): "name another address",
		"core --dkim-key " + none: "private key", "gateway --upstream http://127.0.0.1:1 --ranges " + none: "--ranges", "gateway --upstream http://127.0.0.1:1 --rules " + none: "--rules",
		"gateway --upstream x": "upstream", "gateway --proxy --bookmarks " + none: "--bookmarks", "gateway --proxy --proxy-ca " + none: "none", "gateway --archive " + none: "none",
		"gateway --upstream http://127.0.0.1:1 --core-secret " + none: "--core-secret", "config init --nope": `"musubi config init --help"`, "nope": `"musubi --help"`,
	} {
		data := filepath.Join(dir, "data")
		all := strings.Fields(args)
		if all[0] == "core" || all[0] == "gateway" {
			if all = append(all, "--data", data, "--admin-listen", "127.0.0.1:0"); !strings.Contains(args, "--listen") {
				all = append(all, "--listen", "127.0.0.1:0")
			}
		}
		if _, problem, status := do(t, all...); status != 2 || !strings.Contains(problem, want) || exists(data) {
			t.Errorf("%s: %d, left something? %v, %s", args, status, exists(data), problem)
			os.RemoveAll(data)
		}
	}
}

// TestOddMethodsAreTheClients: whoever asks with a method of their own raises no alarm, of a site or of a core alone.
func TestOddMethodsAreTheClients(t *testing.T) {
	s := startServe(t, settled(t))
	core, admin := startPair(t, "core", "--data", filepath.Join(t.TempDir(), "core"))
	for address, admin := range map[string]string{s.url: s.admin, core: admin} {
		for _, line := range []string{"BREW / HTTP/1.1", "get / HTTP/1.1", "PROPFIND /diary/1 HTTP/1.1", "GET / HTTP/1.1"} {
			host := strings.TrimPrefix(address, "http://")
			c, err := net.Dial("tcp", host)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(c, line+"\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
			io.Copy(io.Discard, c)
			c.Close()
		}
		page := fetchText(t, admin+"/metrics")
		if !strings.Contains(page, `status="4xx"`) || strings.Contains(page, `status="5xx"`) {
			t.Errorf("%s counts\n%s", address, strings.Join(regexp.MustCompile(`(?m)^musubi_requests_total.*$`).FindAllString(page, -1), "\n"))
		}
		if empty := regexp.MustCompile(`(?m)^# HELP \S+\s*$`).FindString(page); empty != "" {
			t.Errorf("%s: help without words: %s", address, empty)
		}
	}
	s.stop()
}

// TestFewOfEverything: no line speaks of 1 photos, and who never logged in did not in the year 1.
func TestFewOfEverything(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	said := stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data) + stdout(t, "check", "--data", data) + stdout(t, "member", "show", "haruka@example.jp", "--data", data) + stdout(t, "audit", "verify", "--data", data)
	edit(t, data, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	said += stdout(t, "migrate", "--plan", "--data", data)
	if odd := regexp.MustCompile(`\b1 [a-z]+s\b|0001-01-01`).FindString(said); odd != "" || !strings.Contains(said, "last login never") {
		t.Errorf("%q in\n%s", odd, said)
	}
}

// TestTheNameIsNotAskedInVain: where the settings say how the site is called, its first page says so and asks for no name.
func TestTheNameIsNotAskedInVain(t *testing.T) {
	s := startServe(t, filepath.Join(t.TempDir(), "data"), "--name", "霞村")
	link := regexp.MustCompile(`http://\S+`).FindString(s.line())
	page := newPhone(t, s.url, uaPC, true).get(strings.TrimPrefix(link, s.url)).must(200, "霞村", "起動時の設定")
	if strings.Contains(string(page.raw), `name="site"`) {
		t.Errorf("the page asks for a name:\n%s", page.raw)
	}
	page.submit(page.formWith("name"), map[string]string{"name": "春香", "mail": "haruka@example.jp", "password": "hutatsu-no-ito", "+send": "1"}).must(200, "霞村", "春香")
	if said := stdout(t, "member", "show", "haruka@example.jp", "--data", s.data()); !strings.Contains(said, "春香") {
		t.Error(said)
	}
	s.stop()
}

// TestAFullDiskKeepsNobodyFromServing: a site that starts, or takes over, where nothing can be stored serves what can be read, and says why
// there is no address for the first member.
func TestAFullDiskKeepsNobodyFromServing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	next := startServe(t, data, "--take-over", "--min-free-mb", "10000000")
	if err := first.cmd.Wait(); err != nil || next.url != first.url {
		t.Fatal(err, next.url)
	}
	line := next.line()
	if !strings.Contains(line, "make room") && !strings.Contains(line, "/setup?t=") { // the disk is looked at beside
		t.Errorf("it says %s", line)
	}
	for began := time.Now(); !strings.Contains(fetchText(t, next.admin+"/metrics"), "musubi_read_only 1"); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("it does not notice")
		}
	}
	newPhone(t, next.url, uaPC, true).get("/").must(200)
	last := startServe(t, data, "--take-over", "--min-free-mb", "10000000")
	last.stop()
	if err := next.cmd.Wait(); err != nil {
		t.Error(err)
	}
	room, err := openCore(t.Context(), onData(filepath.Join(t.TempDir(), "data"), slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	room.full.on.Store(true)
	if line, err := room.offerFirst(t.Context(), ""); err != nil || !strings.Contains(line, "make room") {
		t.Errorf("%q, %v", line, err)
	}
}

// data is the directory that it serves.
func (s *server) data() string {
	for i, a := range s.cmd.Args {
		if a == "--data" {
			return s.cmd.Args[i+1]
		}
	}
	return ""
}
