package main

import (
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is the share of its cgroup's memory that the Go heap and stacks may grow to before the collector works
// harder. The rest is for SQLite, which allocates beside the heap, and for the kernel's buffers.
const memoryShare = 0.7

// limitMemory tells the collector what the container or unit may use (SEC-80): without it the heap may double past a
// limit of which it knows nothing, and the kernel ends the process. GOMEMLIMIT, where it is set, has the last word; no
// limit of the cgroup means none here.
func limitMemory() {
	memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.FromCgroup),
		memlimit.WithLogger(slog.New(slog.DiscardHandler)))
}
