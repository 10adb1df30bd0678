package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// restarts is how often a server is restarted under load: a few times here, MUSUBI_RESTARTS=100 for the whole measure.
func restarts(t *testing.T) int {
	if text := os.Getenv("MUSUBI_RESTARTS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 3
}

// A load asks a server for pages and sends it forms, on kept connections and on new ones, until it is ended. What is not answered
// whole counts: nothing is asked twice, as browsers do.
type load struct {
	address       string
	ended         atomic.Bool
	asked, failed atomic.Int64
	mu            sync.Mutex
	first         error
	clients       sync.WaitGroup
}

func begin(address string) *load {
	l := &load{address: address}
	for i := range 6 {
		l.clients.Go(func() {
			for !l.ended.Load() {
				if err := l.connection(i); err != nil {
					l.failed.Add(1)
					l.mu.Lock()
					if l.first == nil {
						l.first = err
					}
					l.mu.Unlock()
				}
			}
		})
	}
	return l
}

// connection sends requests on one connection until the server says that it was the last. Some clients keep none.
func (l *load) connection(i int) error {
	c, err := net.DialTimeout("tcp", l.address, time.Minute)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * time.Minute))
	r := bufio.NewReader(c)
	for n := 0; n < 200 && !l.ended.Load(); n++ {
		kept := "keep-alive"
		if i%3 == 0 {
			kept = "close"
		}
		text := "GET / HTTP/1.1\r\nHost: " + l.address + "\r\nConnection: " + kept + "\r\n\r\n"
		if n%4 == 3 {
			form := "mail=nobody%40example.jp"
			text = fmt.Sprintf("POST /reset HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", l.address, kept, len(form), form)
		}
		if _, err := io.WriteString(c, text); err != nil {
			return fmt.Errorf("sending request %d of a connection: %w", n, err)
		}
		l.asked.Add(1)
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			return fmt.Errorf("the answer to request %d of a connection: %w", n, err)
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if answer.Body.Close(); err != nil {
			return fmt.Errorf("the rest of answer %d: %w", n, err)
		}
		if answer.StatusCode >= 500 && answer.StatusCode != 503 { // 503: too many for a busy machine, an answer all the same
			return fmt.Errorf("answer %d: %s", n, answer.Status)
		}
		if answer.Close {
			return nil
		}
	}
	return nil
}

// end stops the load and wants every request answered.
func (l *load) end(t *testing.T, what string) {
	t.Helper()
	l.ended.Store(true)
	l.clients.Wait()
	if l.failed.Load() > 0 || l.asked.Load() == 0 {
		t.Errorf("%s: %d of %d requests failed, the first: %v", what, l.failed.Load(), l.asked.Load(), l.first)
	}
	t.Logf("%s: %d requests, %d failed", what, l.asked.Load(), l.failed.Load())
}

// TestTakeOver: one process after the other takes the place of the one before, under load. No request fails, what was written before
// is there, and the one before ends well.
func TestTakeOver(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	l := begin(strings.TrimPrefix(first.url, "http://"))
	at := first
	for range restarts(t) {
		next := startServe(t, data, "--take-over") // its listening addresses are those that it is given
		if next.url != first.url || next.admin != first.admin {
			t.Fatalf("the next one listens on %s and %s", next.url, next.admin)
		}
		if err := at.cmd.Wait(); err != nil {
			t.Fatalf("the one before: %v\n%s", err, at.log)
		}
		at = next
	}
	l.end(t, "take-overs")
	at.stop()
}

// TestTakeOversAtOnce: several that want the same place get it one after the other, in the order in which they asked, each when it is
// ready; one that is killed meanwhile, or asks for what cannot be, keeps nobody out. No request fails, and the last one serves.
func TestTakeOversAtOnce(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	l := begin(strings.TrimPrefix(first.url, "http://"))
	running := []*exec.Cmd{first.cmd}
	var logs []*safeBuffer
	for i := range 4 * restarts(t) {
		args := []string{"serve", "--data", data, "--take-over"}
		if i%4 == 2 {
			args = append(args, "--smtp", "ftp://x")
		}
		cmd, log := exec.Command(path, args...), new(safeBuffer)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Process.Kill()
		running, logs = append(running, cmd), append(logs, log)
		switch i % 4 {
		case 1:
			time.AfterFunc(100*time.Millisecond, func() { cmd.Process.Kill() }) // it is not its turn yet
		case 3:
			time.Sleep(200 * time.Millisecond)
		}
	}
	type end struct {
		of  int
		err error
	}
	ends, limit := make(chan end, len(running)), time.After(3*time.Minute)
	last := map[int]bool{} // who has not ended; who asked last stays, and on a busy machine that is not who was started last
	for i, cmd := range running {
		last[i] = true
		go func() { ends <- end{i, cmd.Wait()} }()
	}
	for len(last) > 1 {
		select {
		case e := <-ends:
			delete(last, e.of)
			if fine := e.of == 0 || e.of%4 == 1 || e.of%4 == 0; (e.err == nil) != fine { // the others were killed, or had wrong settings
				t.Errorf("number %d: %v", e.of, e.err)
			}
		case <-limit:
			t.Fatalf("%d of %d have not ended", len(last), len(running))
		}
	}
	l.end(t, "take-overs at once")
	for i := range last {
		if i == 0 {
			t.Fatal("nobody has taken over")
		}
		if !strings.Contains(logs[i-1].String(), "musubi serves "+first.url) {
			t.Errorf("the last one does not say that it serves:\n%s", logs[i-1])
		}
		running[i].Process.Signal(syscall.SIGTERM)
		if e := <-ends; e.err != nil {
			t.Errorf("the last one: %v\n%s", e.err, logs[i-1])
		}
	}
}

// TestATakeOverThatFailsLate: who got the sockets and is killed before it serves, as by a machine without memory, leaves no site that
// nobody answers: the one before serves again.
func TestATakeOverThatFailsLate(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	l := begin(strings.TrimPrefix(first.url, "http://"))
	c, err := net.Dial("unix", filepath.Join(data, communitySeat+".socket"))
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(time.Minute))
	if n, err := c.Read(make([]byte, 64)); err != nil || n != len(wordTurn) {
		t.Fatal(n, err)
	}
	io.WriteString(c, wordReady)
	if _, err := readSockets(c.(*net.UnixConn)); err != nil {
		t.Fatal(err)
	}
	ours.closeRest()
	c.Close()
	for began := time.Now(); !strings.Contains(first.log.String(), "serves again"); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatalf("it does not come back:\n%s", first.log)
		}
	}
	newPhone(t, first.url, uaPC, true).get("/").must(200)
	l.end(t, "a take-over that failed")
	next := startServe(t, data, "--take-over") // and its place can be taken again
	if err := first.cmd.Wait(); err != nil || next.url != first.url {
		t.Errorf("%v, %s\n%s", err, next.url, first.log)
	}
	next.stop()
}

// TestATakeOverWithWrongSettingsIsNone: what is wrong with the settings of the next one is told, and the one before goes on.
func TestATakeOverWithWrongSettingsIsNone(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][]string{
		{"--redis", "foo"}, {"--smtp", "ftp://x"}, {"--hosts", "http://x/"}, {"--carriers", "nope"}, {"--trust-proxies", "300.1.1.1"}, {"--music-shops", "foo"},
		{"--tls-listen", "127.0.0.1:0", "--tls-cert", "no.pem", "--tls-key", "no.key"}, {"--smtp-listen", "127.0.0.1:0"},
	} {
		began := time.Now()
		out, err := exec.Command(path, append([]string{"serve", "--data", data, "--take-over"}, wrong...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "who serves now goes on") {
			t.Errorf("%v: %v\n%s", wrong, err, out)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%v: it took %v to say so", wrong, took)
		}
		if answer, err := http.Get(first.url + "/"); err != nil {
			t.Fatalf("after %v nobody serves: %v", wrong, err)
		} else if answer.Body.Close(); answer.StatusCode != http.StatusOK {
			t.Fatalf("after %v: %d", wrong, answer.StatusCode)
		}
	}
	first.stop()
}

// TestASecondOneIsRefused: two processes on one data directory would not know of each other's writes.
func TestASecondOneIsRefused(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(path, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0").CombinedOutput()
	if err == nil || !bytes.Contains(said, []byte("--take-over")) {
		t.Errorf("a second one: %v\n%s", err, said)
	}
	newPhone(t, first.url, uaPC, true).get("/").must(200)
	first.stop()
}

// activated starts serve with sockets that the test keeps, as a unit does: they are given by LISTEN_FDS. More environment may follow.
func activated(t *testing.T, data string, sockets []*os.File, names string, env ...string) *server {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, log: new(safeBuffer)}
	s.cmd = exec.Command("sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`, path, "serve", "--data", data)
	s.cmd.Env = append(append(os.Environ(), "LISTEN_FDS="+strconv.Itoa(len(sockets)), "LISTEN_FDNAMES="+names), env...)
	s.cmd.ExtraFiles, s.cmd.Stderr = sockets, s.log
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
	s.line()
	return s
}

// TestRestartsOfAUnit: SIGTERM and a new start, as systemctl restart does it, with the sockets in the unit's hands. No request fails.
// The unit is told when the process is ready, that it lives, and when it stops.
func TestRestartsOfAUnit(t *testing.T) {
	var sockets []*os.File
	address := ""
	for range 2 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		f, err := ln.(*net.TCPListener).File()
		ln.Close()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if sockets = append(sockets, f); address == "" {
			address = ln.Addr().String()
		}
	}
	unit := filepath.Join(t.TempDir(), "notify")
	heard, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: unit, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer heard.Close()
	words := make(chan string, 1000)
	go func() {
		for b := make([]byte, 512); ; {
			n, err := heard.Read(b)
			if err != nil {
				return
			}
			words <- string(b[:n])
		}
	}()
	hear := func(want string) {
		t.Helper()
		for end := time.After(time.Minute); ; {
			select {
			case got := <-words:
				if got == want {
					return
				}
			case <-end:
				t.Fatalf("the unit does not hear %s", want)
			}
		}
	}
	data := filepath.Join(t.TempDir(), "data")
	env := []string{"NOTIFY_SOCKET=" + unit, "WATCHDOG_USEC=300000"}
	s := activated(t, data, sockets, "musubi.socket:admin-listen", env...)
	hear("READY=1")
	hear("WATCHDOG=1")
	l := begin(address)
	for range restarts(t) {
		s.cmd.Process.Signal(syscall.SIGTERM)
		hear("STOPPING=1")
		io.Copy(io.Discard, s.lines)
		if err := s.cmd.Wait(); err != nil {
			t.Fatalf("after SIGTERM: %v\n%s", err, s.log)
		}
		s = activated(t, data, sockets, "musubi.socket:admin-listen", env...)
		hear("READY=1")
	}
	l.end(t, "restarts of a unit")
	s.stop()
}
