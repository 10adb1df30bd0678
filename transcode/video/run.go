package video

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// wrap is what stands before a program: bounds, its place behind the pages, then the jail. Within it the working directory is the job's.
func (t *Tools) wrap(dir string) []string {
	l := t.Limits
	args := []string{t.prlimit, "--cpu=" + seconds(l.CPU), "--as=" + strconv.FormatInt(l.Memory, 10), "--fsize=" + strconv.FormatInt(l.Bytes, 10),
		"--nofile=64", "--core=0", "--"}
	if t.nice != "" { // pages come first
		args = append(args, t.nice, "-n", "10")
	}
	switch t.Jail {
	case Bubblewrap:
		// /etc/alternatives: Debian's ffmpeg finds libblas through it.
		args = append(args, t.jail, "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr",
			"--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
			"--dev", "/dev", "--tmpfs", "/tmp", "--bind", dir, "/job", "--chdir", "/job")
		if !t.noProc {
			args = append(args, "--proc", "/proc")
		}
		args = append(args, "--")
	case Unshare:
		args = append(args, t.jail, "-rn", "--")
	}
	return args
}

func seconds(d time.Duration) string {
	return strconv.FormatInt(int64(max(time.Second, d)/time.Second), 10)
}

// maxSaid is how much of what a program says is kept.
const maxSaid = 256 << 10

// run runs a program in the job's directory and returns its standard output. Lines of progress are told while it runs.
// When the context ends, or its time, the program ends with all it started; so it does when we die.
func (j *Job) run(ctx context.Context, program string, args ...string) ([]byte, error) {
	runtime.LockOSThread() // Pdeathsig watches the thread
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithTimeout(ctx, j.tools.Limits.Wall)
	defer cancel()
	argv := append(append(j.tools.wrap(j.dir), program), args...)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = j.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=/tmp", "LC_ALL=C.UTF-8", "GST_REGISTRY=/tmp/gst-registry", "AV_LOG_FORCE_NOCOLOR=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	out, errs := &clipped{tell: j.Progress}, &clipped{}
	cmd.Stdout, cmd.Stderr = out, errs
	err := cmd.Run()
	if err == nil {
		return out.b, nil
	}
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	if ctx.Err() != nil || stopped(cmd) {
		return nil, TooCostly
	}
	return nil, fmt.Errorf("video: %s: %w: %s", program[strings.LastIndexByte(program, '/')+1:], err, lastLine(errs.b))
}

// stopped says whether a bound ended the program: a signal, or a shell's way to tell of one (128 + 9, 24, 25).
func stopped(cmd *exec.Cmd) bool {
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		return false
	}
	signal := status.Signal()
	if status.Exited() {
		signal = syscall.Signal(status.ExitStatus() - 128)
	}
	return signal == syscall.SIGKILL || signal == syscall.SIGXCPU || signal == syscall.SIGXFSZ
}

func lastLine(b []byte) string {
	b = bytes.TrimSpace(b)
	return string(b[bytes.LastIndexByte(b, '\n')+1:])
}

// A clipped buffer keeps the end of what is written, half of maxSaid at least, and tells of progress.
type clipped struct {
	b    []byte // not a bytes.Buffer within: its ReadFrom would pass Write by
	tell func(time.Duration)
}

func (c *clipped) Write(b []byte) (int, error) {
	if c.tell != nil {
		for line := range strings.Lines(string(b)) {
			if us, ok := strings.CutPrefix(line, "out_time_us="); ok {
				if n, err := strconv.ParseInt(strings.TrimSpace(us), 10, 64); err == nil {
					c.tell(time.Duration(n) * time.Microsecond)
				}
			}
		}
	}
	if c.b = append(c.b, b...); len(c.b) > maxSaid {
		c.b = c.b[:copy(c.b, c.b[len(c.b)-maxSaid/2:])]
	}
	return len(b), nil
}
