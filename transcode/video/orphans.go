package video

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// EndOrphans ends the jails that an earlier process, which was killed, left below a directory that nobody else works in. A jail dies with
// its parent once it has begun; one whose parent was killed just before waits for its word for ever.
func EndOrphans(dir string) {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return
	}
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil { // it has ended
			continue
		}
		program, _, _ := bytes.Cut(line, []byte{0})
		if filepath.Base(string(program)) != "bwrap" || !bytes.Contains(line, []byte("\x00"+dir+string(filepath.Separator))) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			syscall.Kill(pid, syscall.SIGKILL) // of another user: it is not ours, and stays
		}
	}
}
