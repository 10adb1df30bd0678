package main

import (
	"bufio"
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// A server is a running `musubi serve` of whose lines a test reads what it needs.
type server struct {
	t          *testing.T
	cmd        *exec.Cmd
	lines      *bufio.Reader
	log        *safeBuffer
	url, admin string
}

// A safeBuffer is read while a process writes into it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// startServe starts musubi serve on a data directory with further arguments.
func startServe(t *testing.T, data string, args ...string) *server {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, log: new(safeBuffer)}
	s.start(path, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, args...)...)
	return s
}

// start runs a command line and reads the line that says where it listens, which it returns.
func (s *server) start(path string, args ...string) string {
	t := s.t
	t.Helper()
	s.cmd = exec.Command(path, args...)
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill()
			s.cmd.Wait()
		}
	})
	s.lines = bufio.NewReader(out)
	line := s.line()
	found := regexp.MustCompile(`http://\S+`).FindAllString(strings.ReplaceAll(line, ",", " "), -1)
	if len(found) != 2 {
		t.Fatalf("no addresses: %v\n%s", found, s.log)
	}
	s.url, s.admin = found[0], found[1]
	return line
}

// line is the next line of its output.
func (s *server) line() string {
	s.t.Helper()
	line, err := s.lines.ReadString('\n')
	if err != nil {
		s.t.Fatalf("no line: %q, %v\n%s", line, err, s.log)
	}
	return line
}

// stop ends it as its unit does, and gives what was left of its output.
func (s *server) stop() string {
	s.t.Helper()
	s.cmd.Process.Signal(syscall.SIGTERM)
	var rest bytes.Buffer
	rest.ReadFrom(s.lines)
	if err := s.cmd.Wait(); err != nil {
		s.t.Fatalf("after SIGTERM: %v\n%s", err, s.log)
	}
	return rest.String()
}

// TestFirstMember: a new site prints one address, once; the first member comes in there, names the site, invites on a handset, and
// whoever opens the address later is told so.
func TestFirstMember(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := startServe(t, data)
	line := s.line()
	setup := regexp.MustCompile(`http://\S+`).FindString(line)
	if !strings.HasPrefix(setup, s.url+"/setup?t=") {
		t.Fatalf("no address of the first page in %q", line)
	}
	if got := newPhone(t, s.url, uaPC, true).get("/setup?t=guessed"); got.status != http.StatusNotFound {
		t.Errorf("a guessed token: %d", got.status)
	}
	p := newPhone(t, s.url, uaDoCoMo, false) // the poorest of them
	page := p.get(strings.TrimPrefix(setup, s.url)).must(200)
	page = page.submit(page.formWith("site"), map[string]string{"site": sjis("むすび村"), "name": sjis("春香"), "mail": "haruka@example.jp", "password": "short", "+send": "1"}).must(200)
	if !bytes.Contains(page.raw, []byte(sjis("むすび村"))) {
		t.Errorf("what was typed is lost:\n%s", page.raw)
	}
	page = page.submit(page.formWith("site"), map[string]string{"password": "hutatsu-no-ito", "+send": "1"}).must(200)
	if !bytes.Contains(page.raw, []byte(sjis("春香"))) || !bytes.Contains(page.raw, []byte(sjis("むすび村"))) {
		t.Errorf("not at home:\n%s", page.raw)
	}
	for range 2 {
		for _, ua := range []string{uaPC, uaDoCoMo} {
			late := newPhone(t, s.url, ua, ua == uaPC).get(strings.TrimPrefix(setup, s.url))
			if late.status != http.StatusGone || bytes.Contains(bytes.ToLower(late.raw), []byte("<form")) {
				t.Errorf("the address opened again: %d\n%s", late.status, late.raw)
			}
		}
	}
	if rest := s.stop(); rest != "" {
		t.Errorf("it said more: %q", rest)
	}

	stdout(t, "invite", "natsuki@example.jp", "--data", data)
	again := startServe(t, data)
	outbox := fetchText(t, again.admin+"/outbox")
	link := regexp.MustCompile(regexp.QuoteMeta(again.url) + `/register\?t=[\w-]+`).FindString(outbox)
	if link == "" {
		t.Fatalf("the waiting letter does not lead to where the site is now, %s:\n%s", again.url, outbox)
	}
	if got := newPhone(t, again.url, uaPC, true).get(strings.TrimPrefix(link, again.url)).must(200); !bytes.Contains(got.raw, []byte("春香")) || !bytes.Contains(got.raw, []byte("むすび村")) {
		t.Errorf("the invitation does not say who invites and where:\n%s", got.raw)
	}
	if rest := again.stop(); strings.Contains(rest, "http") {
		t.Errorf("a site with members says %q", rest)
	}
}

// TestMembersAddedFromTheShell: without a browser.
func TestMembersAddedFromTheShell(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	said := stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	password := regexp.MustCompile(`password (\S+),`).FindStringSubmatch(said)
	if password == nil {
		t.Fatal(said)
	}
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("hutatsu-no-ito\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := stdout(t, "member", "add", "natsuki@example.jp", "--name", "夏希", "--password-file", secret, "--data", data); strings.Contains(said, "hutatsu") {
		t.Errorf("prints a password that it was given: %s", said)
	}
	link := regexp.MustCompile(`https://village\.example(/register\S+)`).FindStringSubmatch(stdout(t, "member", "invite", "aki@example.jp", "--from", "natsuki@example.jp", "--url", "https://village.example/", "--data", data))
	if link == nil {
		t.Fatal("no link")
	}
	for args, want := range map[string]string{
		"member add natsuki@example.jp --name 夏": "member already", "member add nobody --name 誰": "mail", "invite haruka@example.jp": "member already",
		"invite aki@example.jp --from nobody@example.jp": "no member", "member add x@example.jp": "--name",
	} {
		var out, problems bytes.Buffer
		if status := run(append(strings.Fields(args), "--data", data), &std{strings.NewReader(""), &out, &problems}); status != 2 || !strings.Contains(problems.String(), want) {
			t.Errorf("musubi %s: status %d, %s", args, status, &problems)
		}
	}
	s := startServe(t, data)
	newPhone(t, s.url, uaPC, true).logIn("haruka@example.jp", password[1])
	newPhone(t, s.url, uaAu, true).logIn("natsuki@example.jp", "hutatsu-no-ito")
	if page := newPhone(t, s.url, uaPC, true).get(link[1]).must(200); !bytes.Contains(page.raw, []byte("夏希")) {
		t.Errorf("the invitation does not say who invites:\n%s", page.raw)
	}
	began := time.Now()
	if rest := s.stop(); strings.Contains(rest, "setup") || time.Since(began) > 15*time.Second {
		t.Errorf("says %q", rest)
	}
}

// hangup has it read its settings again.
func (s *server) hangup() { s.cmd.Process.Signal(syscall.SIGHUP) }

// handled is the page that a core answers with, without a server between.
func handled(room *coreRoom, method, path string) string {
	var ctx fasthttp.RequestCtx
	var req fasthttp.Request
	req.Header.SetMethod(method)
	req.SetRequestURI(path)
	req.Header.SetHost("localhost")
	ctx.Init(&req, nil, nil)
	room.site.Handler(&ctx)
	return string(ctx.Response.Body())
}

// onePixel is a small picture.
func onePixel(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 32, 24)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// throughSocket asks for the first page at a Unix socket, as soon as somebody listens there.
func throughSocket(t *testing.T, socket, host string, log *bytes.Buffer) string {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		r, err := client.Get("http://" + host + "/")
		if err == nil {
			defer r.Body.Close()
			b, _ := io.ReadAll(r.Body)
			return string(b)
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("%v\n%s", err, log)
		}
	}
}
