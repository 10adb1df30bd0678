// Package pgtest starts real PostgreSQL servers for tests. One serves all tests of a package; it ends with the test's process.
package pgtest

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Environment names the database that the suites of the store and of what stands on it run on: "postgres", or nothing for SQLite.
const Environment = "MUSUBI_TEST_DB"

// Chosen is a database of its own for a test where the environment wants PostgreSQL, and "" where it does not. prepare makes the first one
// ready, and the others are copies of it.
func Chosen(t testing.TB, prepare func(url string) error) string {
	t.Helper()
	switch os.Getenv(Environment) {
	case "":
		return ""
	case "postgres":
		return Database(t, prepare)
	}
	t.Fatalf("%s=%s, expected postgres or nothing", Environment, os.Getenv(Environment))
	return ""
}

// shared is the server of all tests of this process.
var shared struct {
	sync.Mutex
	*Server
	next  int
	ready bool // the template is
}

// Database is an empty one, or with prepare a copy of what that made, on the server that tests share.
func Database(t testing.TB, prepare func(url string) error) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.Server == nil {
		shared.Server = start(t, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	s := shared.Server
	from := "template0"
	if prepare != nil {
		from = "ready"
		if !shared.ready {
			s.Run(t, `CREATE DATABASE ready TEMPLATE template0`)
			if err := prepare(s.URL("ready")); err != nil {
				t.Fatal(err)
			}
			shared.ready = true
		}
	}
	shared.next++
	name := fmt.Sprint("test", shared.next)
	s.Run(t, `CREATE DATABASE `+name+` TEMPLATE `+from+` STRATEGY FILE_COPY`)
	t.Cleanup(func() {
		shared.Lock()
		defer shared.Unlock()
		s.Run(t, `DROP DATABASE `+name+` WITH (FORCE)`)
	})
	return s.URL(name)
}

// A Server is a PostgreSQL of its own.
type Server struct {
	folder, data, program string
	port                  int
	options               []string
	cmd                   *exec.Cmd
	hold                  io.Closer // the server ends when it is closed
	admin                 *sql.DB
}

// Start starts a server that ends with the test. It writes to the disk as one that is in use does.
func Start(t testing.TB) *Server {
	s := start(t)
	t.Cleanup(s.Stop)
	return s
}

// bin is where Debian has the programs of the server.
const bin = "/usr/lib/postgresql/15/bin"

// program finds one of the server.
func program(t testing.TB, name string) string {
	t.Helper()
	if path := filepath.Join(bin, name); exists(path) {
		return path
	}
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("%s is not installed: it is in Debian's postgresql-15", name)
		}
		t.Skipf("%s is not installed: it is in Debian's postgresql-15", name)
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// servant is whom the server runs as: it refuses root.
func servant(t testing.TB) *syscall.SysProcAttr {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		}
	}
	t.Fatal("PostgreSQL refuses root, and there is no user postgres or nobody")
	return nil
}

func start(t testing.TB, options ...string) *Server {
	t.Helper()
	initdb, postgres := program(t, "initdb"), program(t, "postgres")
	folder, err := os.MkdirTemp("", "musubi-pg")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{folder: folder, data: filepath.Join(folder, "data"), program: postgres, options: options}
	as := servant(t)
	if as.Credential != nil {
		if err := os.Chown(folder, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(initdb, "-D", s.data, "-U", "musubi", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	cmd.SysProcAttr, cmd.Dir = as, folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	s.Begin(t)
	return s
}

// Begin starts the server, at first or again.
func (s *Server) Begin(t testing.TB) {
	t.Helper()
	args := slices.Concat([]string{s.program, "-D", s.data, "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-k", s.folder, "-c", "max_connections=300", "-c", "shared_buffers=64MB"}, s.options)
	// The shell ends the server and what it wrote when the test's process is gone, however it ended.
	script := `"$@" >>"$0/log" 2>&1 </dev/null & pid=$!; echo $pid; read line; kill -INT $pid 2>/dev/null; wait $pid; [ "$line" = keep ] || rm -rf "$0"`
	s.cmd = exec.Command("/bin/sh", append([]string{"-c", script, s.folder}, args...)...)
	s.cmd.SysProcAttr, s.cmd.Dir = servant(t), s.folder
	in, err := s.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.hold = in
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscan(out, new(int)); err != nil {
		t.Fatal(err)
	}
	if s.admin, err = sql.Open("pgx", s.URL("postgres")); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); s.admin.Ping() != nil; time.Sleep(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			t.Fatalf("PostgreSQL does not answer:\n%s", log)
		}
	}
}

// Kill ends the server at once, with all its processes, as a power cut of its machine would; Begin starts it again.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	first, err := os.ReadFile(filepath.Join(s.data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(first), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	syscall.Kill(pid, syscall.SIGKILL)
	for child := range strings.FieldsSeq(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
	s.admin.Close()
	io.WriteString(s.hold.(io.Writer), "keep\n")
	s.cmd.Wait()
	os.Remove(filepath.Join(s.data, "postmaster.pid"))
}

// Stop ends the server and removes what it wrote.
func (s *Server) Stop() {
	s.admin.Close()
	s.hold.Close()
	s.cmd.Wait()
}

// URL is the address of one of its databases.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://musubi@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Run runs a statement of the administrator.
func (s *Server) Run(t testing.TB, statement string) {
	t.Helper()
	if _, err := s.admin.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
