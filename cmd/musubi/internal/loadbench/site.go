package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// fill fills a data directory and returns what the command says about it.
func fill(ctx context.Context, binary, dir string, members int) (string, error) {
	cmd := exec.CommandContext(ctx, binary, "seed", "--members", strconv.Itoa(members), "--password", password, "--data", dir)
	said, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("musubi seed: %w\n%s", err, said)
	}
	first, _, _ := strings.Cut(string(said), "\n")
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return fmt.Sprintf("%s; %.1f s of processor time, %.0f members for each second of one core.\n", first, cpu.Seconds(), float64(members)/cpu.Seconds()), nil
}

// A site is `musubi serve` at work in a process of its own.
type site struct {
	cmd        *exec.Cmd
	dir        string
	log        *os.File
	url, admin string
	profiles   string // directory to keep them in; empty: they are not kept

	mu   sync.Mutex
	most holding // that was seen
	done chan struct{}
}

// settle waits until the program has nothing to do any more, a minute and a half at most: after a fill it makes the index of
// the search beside the pages.
func (s *site) settle() {
	for range 90 {
		before := s.used()
		time.Sleep(time.Second)
		if s.used()-before < 100*time.Millisecond {
			return
		}
	}
}

// serve starts the program on a data directory and waits until it answers.
func serve(binary, dir string) (*site, error) {
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	s := &site{cmd: exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data", dir), dir: dir, log: log, done: make(chan struct{})}
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	found := regexp.MustCompile(`(http://\S+), operators on (http://\S+)`).FindStringSubmatch(line)
	if found == nil {
		why, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("musubi serve said %q\n%s", line, why), s.stop())
	}
	s.url, s.admin = found[1], found[2]
	go s.watch()
	return s, nil
}

// stop ends the program as its operator does, and makes sure it ended well.
func (s *site) stop() error {
	close(s.done)
	s.cmd.Process.Signal(syscall.SIGTERM)
	return errors.Join(s.cmd.Wait(), s.log.Close())
}

// used is the processor time the process has used.
func (s *site) used() time.Duration { return processTime(s.cmd.Process.Pid) }

// processTime reads a process's own account: user and system time in hundredths of a second.
func processTime(pid int) time.Duration {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// A holding is what a process holds in memory, MiB. The database file is mapped, and its pages, which the kernel may take
// back at any time, count as resident too: those of files are told apart.
type holding struct{ own, files int }

var resident = regexp.MustCompile(`Rss(Anon|File):\s+(\d+) kB`)

func (s *site) holds() (h holding) {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for _, m := range resident.FindAllSubmatch(b, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		if string(m[1]) == "Anon" {
			h.own = n >> 10
		} else {
			h.files = n >> 10
		}
	}
	return h
}

// watch notes the most that the process has held, until it ends.
func (s *site) watch() {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-tick.C:
		}
		h := s.holds()
		s.mu.Lock()
		s.most = holding{max(s.most.own, h.own), max(s.most.files, h.files)}
		s.mu.Unlock()
	}
}

func (s *site) memory() string {
	h := s.holds()
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%d MiB resident, of which %d MiB its own and %d MiB pages of mapped files (program and database); its own at most %d MiB so far",
		h.own+h.files, h.own, h.files, s.most.own)
}

// stored counts comments and entries in the database.
func (s *site) stored() (n int, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "musubi.db")+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRow(`SELECT (SELECT count(*) FROM comment) + (SELECT count(*) FROM diary)`).Scan(&n)
	return n, err
}

// get asks the operators' listener.
func (s *site) get(path string) ([]byte, error) {
	resp, err := http.Get(s.admin + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d: %s", path, resp.StatusCode, b)
	}
	return b, err
}

// counts are answers of the gateway by class of status.
type counts map[string]int

var requestsTotal = regexp.MustCompile(`(?m)^musubi_requests_total\{.*status="(\dxx)"\} (\d+)$`)

// counters reads the gateway's metrics.
func (s *site) counters() counts {
	b, _ := s.get("/metrics")
	return countsOf(b)
}

func countsOf(metrics []byte) counts {
	c := counts{}
	for _, m := range requestsTotal.FindAllSubmatch(metrics, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		c[string(m[1])] += n
	}
	return c
}

func (c counts) since(before counts) counts {
	d := counts{}
	for class, n := range c {
		if n > before[class] {
			d[class] = n - before[class]
		}
	}
	return d
}

func (c counts) all() (n int) {
	for _, m := range c {
		n += m
	}
	return n
}

func (c counts) String() string {
	var parts []string
	for class, n := range c {
		parts = append(parts, fmt.Sprintf("%d × %s", n, class))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
