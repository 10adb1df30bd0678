package inbound_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/gateway/inbound"
	"musubi/transcode/mail"
)

// program is a program that a test needs. Without it the test is left out, or fails when nothing may be (make test).
func program(t *testing.T, name string) string {
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

// runs runs a program and returns what it says.
func runs(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// TestSwaks: a mail program posts a diary with a photo, over SMTP and over LMTP, the mails of the corpus too.
func TestSwaks(t *testing.T) {
	swaks := program(t, "swaks")
	for _, protocol := range []string{"ESMTP", "LMTP"} {
		t.Run(protocol, func(t *testing.T) {
			office := &postOffice{}
			address := serve(t, inbound.Config{Receiver: office, LMTP: protocol == "LMTP"})
			send := func(args ...string) {
				runs(t, swaks, append([]string{"--protocol", protocol, "--server", address, "--helo", "phone.example", "--from", "a..b@docomo.ne.jp",
					"--to", "d-k5a7q2mfxw3ce6zt@musubi.example", "--suppress-data"}, args...)...)
			}
			send("--h-Subject", "from a shell", "--body", "text")
			corpus, err := filepath.Glob("../../testdata/mail/*-decorated.eml")
			if err != nil || len(corpus) < 5 {
				t.Fatal(corpus, err)
			}
			for _, file := range corpus {
				send("--data", "@"+file)
			}
			got := office.all()
			if len(got) != len(corpus)+1 {
				t.Fatalf("%d mails arrived of %d", len(got), len(corpus)+1)
			}
			if got[0].subject != "from a shell" || got[0].From.String() != "a..b@docomo.ne.jp" || got[0].text != "text" {
				t.Errorf("arrived: %+v", got[0])
			}
			for _, m := range got[1:] {
				if m.subject != "梅が咲いた" || !strings.HasPrefix(m.text, "庭の梅が咲いた。") {
					t.Errorf("arrived: %q %q", m.subject, m.text)
				}
			}
		})
	}
}

// TestSmtpSource: what a load generator sends over many sessions arrives, all of it, once.
func TestSmtpSource(t *testing.T) {
	source := program(t, "smtp-source")
	office := &postOffice{}
	address := serve(t, inbound.Config{Receiver: office})
	runs(t, source, "-c", "-d", "-N", "-s", "8", "-m", "400", "-l", "8000", "-f", "a@docomo.ne.jp", "-t", "d-1@musubi.example", address)
	got := office.all()
	keys := map[string]bool{}
	for _, m := range got {
		keys[m.key] = true
	}
	if len(got) != 400 || len(keys) != 400 {
		t.Errorf("%d messages arrived, %d different ones, of 400", len(got), len(keys))
	}
}

// TestPostfix: a private Postfix before us, by LMTP. Odd addresses arrive as phones have them, a recipient that nobody is bounces,
// and what must wait is sent again by itself.
func TestPostfix(t *testing.T) {
	postfix, swaks := program(t, "postfix"), program(t, "swaks")
	tries := map[string]int{}
	office := &postOffice{
		admits: func(a mail.Address) error {
			if a.Local == "nobody" {
				return inbound.ErrUnknown
			}
			return nil
		},
	}
	office.answer = func(_ inbound.Envelope, m *mail.Message) error {
		office.mu.Lock()
		defer office.mu.Unlock()
		if tries[m.Subject]++; m.Subject == "second try" && tries[m.Subject] == 1 {
			return fmt.Errorf("the database is not there yet")
		}
		return nil
	}
	lmtp := serve(t, inbound.Config{Receiver: office, LMTP: true})
	smtp := startPostfix(t, postfix, lmtp)
	send := func(from, to, subject string) {
		runs(t, swaks, "--server", smtp, "--from", from, "--to", to, "--h-Subject", subject, "--h-Message-Id", "<"+subject+"@docomo.ne.jp>", "--body", "text")
	}
	senders := []string{"a..b@docomo.ne.jp", "a.@ezweb.ne.jp", ".x@docomo.ne.jp", "a/b?c=d@softbank.ne.jp"}
	for i, from := range senders {
		send(from, "D-1@musubi.example", fmt.Sprint("odd ", i))
	}
	send("a@docomo.ne.jp", "d-1@musubi.example", "second try")
	send("a@docomo.ne.jp", "nobody@musubi.example", "unknown")
	for deadline := time.Now().Add(60 * time.Second); len(office.all()) < len(senders)+1; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("arrived: %s", office.subjects())
		}
	}
	from := map[string]string{}
	for _, m := range office.all() {
		from[m.subject] = m.From.String()
	}
	for i, want := range senders {
		if got := from[fmt.Sprint("odd ", i)]; got != want {
			t.Errorf("the mail of %s arrived from %q", want, got)
		}
	}
	if _, ok := from["unknown"]; ok || from["second try"] == "" {
		t.Errorf("arrived: %v", from)
	}
}

// startPostfix runs a Postfix with its own configuration and queue on loopback until the test ends, and returns the address
// of its SMTP server.
func startPostfix(t *testing.T, postfix, lmtp string) string {
	t.Helper()
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
	smtp := freeAddress(t)
	for _, sub := range []string{"conf", "queue", "data"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	runs(t, "chown", "postfix", filepath.Join(dir, "data"))
	replace := strings.NewReplacer("DIR", dir, "SMTP", smtp, "LMTP", lmtp)
	for name, text := range map[string]string{"main.cf": mainCF, "master.cf": masterCF} {
		if err := os.WriteFile(filepath.Join(dir, "conf", name), []byte(replace.Replace(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	conf := filepath.Join(dir, "conf")
	runs(t, postfix, "-c", conf, "start")
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

// freeAddress is one on loopback where nobody listens.
func freeAddress(t *testing.T) string {
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
