package main

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// need skips a test that needs a program, or fails where all services must be there.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("%s is missing; .ci/install brings it", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

// TestBuiltProgramIsStatic: what README's command builds needs no library, on a machine with a C compiler too, and serves in a root
// that has nothing else.
func TestBuiltProgramIsStatic(t *testing.T) {
	need(t, "make")
	need(t, "bwrap")
	readme, err := os.ReadFile("../../README.md")
	if err != nil || !regexp.MustCompile(`(?m)^make build\b`).Match(readme) {
		t.Errorf("README does not name the command that builds: %v", err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "musubi")
	build := exec.Command("make", "-C", "../..", "build", "OUT="+program)
	build.Env = append(os.Environ(), "CGO_ENABLED=1") // as a machine with a compiler has it
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program has a segment %v: it is not static", p.Type)
		}
	}
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bwrap", "--unshare-user", "--die-with-parent", "--clearenv", "--ro-bind", program, "/musubi", "--bind", data, "/data",
		"/musubi", "serve", "--data", "/data", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	var out, log bytes.Buffer
	stdout, err := cmd.StdoutPipe()
	cmd.Stderr = &log
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(syscall.SIGTERM)
	b := make([]byte, 4096)
	for began := time.Now(); !strings.Contains(out.String(), "/setup?t="); {
		n, err := stdout.Read(b)
		out.Write(b[:n])
		if err != nil || time.Since(began) > 30*time.Second {
			t.Fatalf("in an empty root: %v\n%s%s", err, &out, &log)
		}
	}
	url := regexp.MustCompile(`http://[0-9.:]+`).FindString(out.String())
	if page := newPhone(t, url, uaPC, true).get("/").must(200); !bytes.Contains(page.raw, []byte("<form")) {
		t.Errorf("no login form:\n%s", page.raw)
	}
}

// TestManualIsWhatTheFlagsAre: the manual and the shell know every setting.
func TestManualIsWhatTheFlagsAre(t *testing.T) {
	manual := strings.ReplaceAll(stdout(t, "man"), `\-`, "-")
	for _, s := range settingsOf(serverCommands...) {
		if !strings.Contains(manual, "--"+s.key) {
			t.Errorf("the manual does not know --%s", s.key)
		}
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "-c", `PATH="$1:$PATH"; source <(musubi completion bash); COMP_WORDS=(musubi gateway --up) COMP_CWORD=2; _musubi; echo "${COMPREPLY[@]}"`, "bash", filepath.Dir(path))
	if said, err := cmd.Output(); err != nil || strings.TrimSpace(string(said)) != "--upstream" {
		t.Errorf("the shell is told %q, %v", said, err)
	}
}
