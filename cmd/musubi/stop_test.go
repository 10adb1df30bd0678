package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A service that is stopped while it starts, at any moment after its database is there, has done what it was asked: status 0.
func TestStopWhileItStarts(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		data := t.TempDir()
		cmd := exec.Command(path, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
		var log bytes.Buffer
		cmd.Stderr = &log
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(time.Millisecond) {
			if _, err := os.Stat(filepath.Join(data, "musubi.db")); err == nil {
				break
			}
		}
		time.Sleep(time.Duration(i*i) * 3 * time.Millisecond)
		cmd.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			t.Errorf("stopped %d ms after its database was there: %v\n%s", i*i*3, err, log.Bytes())
		}
		late.Stop()
	}
}
