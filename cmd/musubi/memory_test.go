package main

import (
	"math"
	"runtime/debug"
	"testing"
)

// TestSEC80_MemoryLimitOfAnOperator: GOMEMLIMIT, where it is set, has the last word.
func TestSEC80_MemoryLimitOfAnOperator(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	debug.SetMemoryLimit(math.MaxInt64)
	t.Setenv("GOMEMLIMIT", "300MiB")
	limitMemory()
	if got := debug.SetMemoryLimit(-1); got != math.MaxInt64 { // the runtime reads the variable before main
		t.Errorf("the limit was overruled: %d", got)
	}
}
