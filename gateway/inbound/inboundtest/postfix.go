// Package inboundtest starts the mail programs that tests of incoming mail have as peers.
package inboundtest

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Program is a program that a test needs. Without it the test is left out, or fails when nothing may be (make test).
func Program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("%s is not installed, and this run must not skip anything: .ci/install installs it", name)
		}
		t.Skipf("%s is not installed (.ci/install installs it)", name)
	}
	return path
}

// Run runs a program and returns what it says.
func Run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// StartPostfix runs a Postfix with its own configuration and queue on loopback until the test ends, and returns the address
// of its SMTP server.
func StartPostfix(t *testing.T, lmtp string) string {
	t.Helper()
	postfix := Program(t, "postfix")
	if os.Geteuid() != 0 {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal("a private Postfix is started by root only, and this run must not skip anything")
		}
		t.Skip("a private Postfix is started by root only")
	}
	dir, err := os.MkdirTemp("", "musubi-postfix-") // not t.TempDir: Postfix drops its rights, and others may not enter that
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	smtp := FreeAddress(t)
	for _, sub := range []string{"conf", "queue", "data"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	Run(t, "chown", "postfix", filepath.Join(dir, "data"))
	replace := strings.NewReplacer("DIR", dir, "SMTP", smtp, "LMTP", lmtp)
	for name, text := range map[string]string{"main.cf": mainCF, "master.cf": masterCF} {
		if err := os.WriteFile(filepath.Join(dir, "conf", name), []byte(replace.Replace(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	conf := filepath.Join(dir, "conf")
	Run(t, postfix, "-c", conf, "start")
	t.Cleanup(func() {
		if out, err := exec.Command(postfix, "-c", conf, "stop").CombinedOutput(); err != nil {
			t.Errorf("postfix stop: %v\n%s", err, out)
		}
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Logf("postfix:\n%s", bytes.TrimSpace(log))
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("tcp", smtp)
		if err == nil {
			conn.Close()
			return smtp
		}
		if time.Now().After(deadline) {
			t.Fatalf("postfix does not listen: %v", err)
		}
	}
}

// FreeAddress is one on loopback where nobody listens.
func FreeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

const mainCF = `compatibility_level = 3.6
queue_directory = DIR/queue
data_directory = DIR/data
maillog_file = DIR/log
maillog_file_prefixes = DIR
myhostname = mx.musubi.example
mydestination =
mynetworks = 192.0.2.0/24
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = musubi.example
virtual_transport = lmtp:inet:LMTP
smtpd_relay_restrictions = reject_unauth_destination
smtpd_forbid_bare_newline = yes
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
alias_maps =
alias_database =
`

const masterCF = `SMTP inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
