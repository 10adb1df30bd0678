package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the directory of the program under test, once binary has been called.
var built string

// binary builds the program once for all end-to-end tests and returns its path.
var binary = sync.OnceValues(func() (path string, err error) {
	if built, err = os.MkdirTemp("", "musubi-test-"); err != nil {
		return "", err
	}
	path = filepath.Join(built, "musubi")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	if theDemo.dir != "" {
		os.RemoveAll(filepath.Dir(theDemo.dir))
	}
	os.Exit(code)
}

// demo is a running `musubi demo --json` in a process of its own.
type demo struct {
	Operator demoOperator
	t        *testing.T
	cmd      *exec.Cmd
	log      *bytes.Buffer

	URL     string `json:"url"`
	Admin   string `json:"admin_url"`
	SMTP    string `json:"smtp"`
	Members []struct{ Mail, Password, Name string }
}

// startDemo starts a demo on a data directory (a new one for "") and waits for its line. A directory that is not there yet is a
// copy of a demo that was made once for all tests: painting its pictures takes longer than most of them.
func startDemo(t *testing.T, data string, args ...string) *demo {
	t.Helper()
	if data == "" {
		data = filepath.Join(t.TempDir(), "demo")
	}
	if _, err := os.Stat(data); errors.Is(err, fs.ErrNotExist) {
		made, err := madeDemo(t)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(copier, "-a", made, data).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return freshDemo(t, data, args...)
}

// copier is cp, whatever a test does to PATH later.
var copier, _ = exec.LookPath("cp")

var theDemo struct {
	sync.Once
	dir string
	err error
}

// madeDemo is the data of a demo that was started, finished its film and was stopped.
func madeDemo(t *testing.T) (string, error) {
	theDemo.Do(func() {
		root, err := os.MkdirTemp("", "musubi-made-")
		if err != nil {
			theDemo.err = err
			return
		}
		theDemo.dir = filepath.Join(root, "demo")
		d := freshDemo(t, theDemo.dir)
		if theDemo.err = d.cmd.Process.Signal(syscall.SIGTERM); theDemo.err == nil {
			theDemo.err = d.cmd.Wait()
		}
	})
	return theDemo.dir, theDemo.err
}

// freshDemo starts a demo whose community it makes itself, if there is none.
func freshDemo(t *testing.T, data string, args ...string) *demo {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{t: t, log: new(bytes.Buffer)}
	d.cmd = exec.Command(path, append([]string{"demo", "--json", "--data", data}, args...)...)
	d.cmd.Stderr = d.log
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.cmd.ProcessState == nil {
			d.cmd.Process.Kill()
			d.cmd.Wait()
		}
	})
	ready := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(out).ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, d)
		}
		ready <- err
	}()
	select {
	case err := <-ready:
		if err != nil {
			t.Fatalf("the demo's line: %v\n%s", err, d.log)
		}
	case <-time.After(5 * time.Minute): // a machine that does much else is slow
		t.Fatalf("the demo was not ready after five minutes\n%s", d.log)
	}
	return d
}

// waitForPictures waits until the demo has painted what the first member may see of its albums, which come last.
func (d *demo) waitForPictures() {
	d.t.Helper()
	p := newPhone(d.t, d.URL, uaPC, true)
	p.logIn(d.Members[0].Mail, d.Members[0].Password)
	for began := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		albums := 0
		for _, path := range []string{"/album/list", "/album/friends"} {
			albums += bytes.Count(p.get(path).must(200).raw, []byte(`class="folder"`))
		}
		if albums >= demoAlbums {
			return
		}
		if time.Since(began) > time.Minute {
			d.t.Fatalf("a minute after its start the demo has %d albums of %d", albums, demoAlbums)
		}
	}
}

// demoAlbums is how many albums of the demo its first member finds: one of their own, two of friends.
const demoAlbums = 3

// stop presses Ctrl-C and wants status 0.
func (d *demo) stop() {
	d.t.Helper()
	d.cmd.Process.Signal(syscall.SIGINT)
	done := make(chan error, 1)
	go func() { done <- d.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			d.t.Fatalf("after Ctrl-C: %v\n%s", err, d.log)
		}
	case <-time.After(20 * time.Second):
		d.t.Fatalf("still running 20 s after Ctrl-C\n%s", d.log)
	}
}

// kill is kill -9.
func (d *demo) kill() {
	d.cmd.Process.Kill()
	d.cmd.Wait()
}
