// Command chaos attacks musubi in all the ways in which the world may: hostile HTTP (requests cut anywhere, bare line ends, changed
// bytes), kill -9 under load, the k-th fsync, write, open or rename that fails, and power cuts, after which the disk has of what was
// not synced whatever it likes. It builds the program, starts it on loopback, and fails when the server goes where it should stay,
// when it panics, when a malformed or unfinished request is answered as if it were one, when it does not start again by itself, or
// when a write that was acknowledged is gone.
//
//	go run ./cmd/musubi/internal/chaos -for 1m
//	go run ./cmd/musubi/internal/chaos -for 10m -only power -seed 7
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	long := flag.Duration("for", time.Minute, "how long to attack")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of all that is left to chance, to see a failure again")
	only := flag.String("only", "http,kill,faults,power", "kinds of attack")
	program := flag.String("program", "", "what to attack; empty: it is built from here")
	flag.Parse()
	if err := run(*program, *long, *seed, strings.Split(*only, ",")); err != nil {
		fmt.Fprintf(os.Stderr, "chaos: seed %d: %v\n", *seed, err)
		os.Exit(1)
	}
}

// A bench is where the program is attacked.
type bench struct {
	dir, program string
	random       *rand.Rand
	kinds        []string
	done         map[string]int // what was tried, how often
}

func run(program string, long time.Duration, seed uint64, kinds []string) error {
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir, program: program, random: rand.New(rand.NewPCG(seed, 0)), kinds: kinds, done: map[string]int{}}
	if program == "" {
		b.program = filepath.Join(dir, "musubi")
		err = build(b.program)
	}
	if err == nil {
		err = b.attack(time.Now().Add(long))
	}
	for _, what := range slices.Sorted(mapKeys(b.done)) {
		fmt.Printf("%6d %s\n", b.done[what], what)
	}
	return err
}

func build(program string) error {
	build := exec.Command("go", "build", "-o", program, "musubi/cmd/musubi")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // static, as it is given away
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %v\n%s", err, out)
	}
	return nil
}

func mapKeys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// attack goes round the kinds until the time has come; each is tried once at least.
func (b *bench) attack(end time.Time) error {
	var d *demo
	for round := 0; round == 0 || time.Now().Before(end); round++ {
		if slices.Contains(b.kinds, "http") {
			if d == nil {
				started, err := startDemo(b)
				if err != nil {
					return err
				}
				d = started
			}
			n, err := d.attack(5*time.Second, b.random)
			if b.done["hostile requests, and the server answers"] += n; err != nil {
				return err
			}
		}
		for _, kind := range []struct {
			name string
			try  func() error
		}{{"kill", b.kill}, {"faults", b.fault}, {"faults", b.fault}, {"power", b.power}} {
			if !slices.Contains(b.kinds, kind.name) || round > 0 && time.Now().After(end) {
				continue
			}
			if err := kind.try(); err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
		}
	}
	if d != nil {
		return d.stop()
	}
	return nil
}
