// Command loadbench measures the running program as members meet it: it fills a community, starts `musubi serve` on it as
// a process of its own, logs hundreds of members in through the login form, from PCs and from four handsets, and lets
// them read and write. Requests that only differ in when they are sent are made beforehand and replayed by wrk; beside
// musubi, nginx serves the same bytes as a static file and through proxy_pass. Then three times as many requests as can
// be answered are sent, to see that those that are answered are answered soon.
//
// Everything happens on loopback and in a temporary directory. Results are printed as Markdown, for docs/benchmarks.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// options are what can be chosen on the command line.
type options struct {
	members  []int
	sessions int
	length   time.Duration // of one measurement
	overload bool
	plays    bool
	brief    bool
	binary   string
	profiles string // directory; empty: profiles are not kept
}

func main() {
	var o options
	sizes := flag.String("members", "1000,100000", "sizes of the communities to measure, the last one also under overload")
	flag.IntVar(&o.sessions, "sessions", 600, "members who log in; each login costs some 25 ms of processor time")
	flag.DurationVar(&o.length, "time", 10*time.Second, "how long to measure the mixed pages; others take a fraction of it")
	flag.BoolVar(&o.overload, "overload", true, "also send three times what can be answered")
	flag.BoolVar(&o.plays, "plays", true, "also send plays of music beside half of what can be answered")
	flag.BoolVar(&o.brief, "brief", false, "measure the mix and the overload only")
	flag.StringVar(&o.binary, "musubi", "", "the program to measure; empty: built from the working directory")
	flag.StringVar(&o.profiles, "profiles", "", "directory in which to keep the processor profiles, for go tool pprof; made if it is not there")
	flag.Parse()
	for field := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < 100 {
			fmt.Fprintf(os.Stderr, "loadbench: -members %q: expected numbers from 100, with commas between\n", *sizes)
			os.Exit(2)
		}
		o.members = append(o.members, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "loadbench:", err)
		os.Exit(1)
	}
}

// run measures one community after the other.
func run(ctx context.Context, o options, out io.Writer) error {
	os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin") // where Debian has nginx
	for _, program := range []string{"wrk", "nginx"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing; make bench installs the Debian package of that name when run as root", program)
		}
	}
	if o.profiles != "" {
		if err := os.MkdirAll(o.profiles, 0o755); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "musubi-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.binary == "" {
		o.binary = filepath.Join(dir, "musubi")
		build := exec.CommandContext(ctx, "go", "build", "-o", o.binary, "./cmd/musubi")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, said)
		}
	}
	fmt.Fprintf(out, "%s, commit %s, %s.\n", machine(), commit(), runtime.Version())
	for i, members := range o.members {
		b := &bench{options: o, out: out, dir: filepath.Join(dir, strconv.Itoa(members)), members: members, last: i == len(o.members)-1}
		if err := b.run(ctx); err != nil {
			return fmt.Errorf("%d members: %w", members, err)
		}
	}
	return nil
}

// machine says what the numbers were measured on.
func machine() string {
	model := "unknown processor"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.SplitSeq(string(info), "\n") {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	load := "?"
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ = strings.Cut(string(b), " ")
	}
	return fmt.Sprintf("%d cores (%s), load %s before the run", runtime.NumCPU(), model, load)
}

// commit is what git says the working directory is.
func commit() string {
	b, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(b))
}
