package video

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Jails below the directory end, those elsewhere go on.
func TestEndOrphans(t *testing.T) {
	jail, err := exec.LookPath("bwrap")
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal(err)
		}
		t.Skip("bubblewrap is not installed")
	}
	start := func(dir string) chan error {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(jail, "--ro-bind", "/", "/", "--bind", dir, "/tmp", "--", "/bin/sleep", "60")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		return ended
	}
	root := t.TempDir()
	dir := filepath.Join(root, "films")
	ours, other := start(filepath.Join(dir, "1-2")), start(filepath.Join(root, "films of others"))
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) { // until it is a jail, and no copy of this process
		EndOrphans(dir)
		select {
		case <-ours:
		case <-other:
			t.Fatal("a jail elsewhere has ended")
		default:
			if time.Since(began) > 10*time.Second {
				t.Fatal("the jail goes on")
			}
			continue
		}
		return
	}
}
