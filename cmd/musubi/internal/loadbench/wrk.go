package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// connections is how many wrk keeps open; it has one request under way on each.
const connections = 32

//go:embed wrk.lua
var script []byte

// A result is what wrk saw.
type result struct {
	Requests int
	Micros   int64 `json:"us"`
	Failed   int   // answers with a status of 400 and more
	Broken   int   // connections that broke or were slow
	P50, P90 float64
	P99      float64 // milliseconds

	cpu time.Duration // wrk's own
}

// rate is requests answered in a second, without errors.
func (r result) rate() float64 { return float64(r.Requests-r.Failed) / (float64(r.Micros) / 1e6) }

// badShare is which part of all answers may be errors, one of so many: on a machine that others use some are told to come back.
// More would be no measurement.
const badShare = 100

// replay lets wrk send the requests for some time; plan is where they are written for it.
func replay(ctx context.Context, plan string, requests [][]byte, length time.Duration, url string) (result, error) {
	lua := filepath.Join(filepath.Dir(plan), "wrk.lua")
	if err := os.WriteFile(lua, script, 0o600); err != nil {
		return result{}, err
	}
	if err := os.WriteFile(plan, append(bytes.Join(requests, []byte{0}), 0), 0o600); err != nil {
		return result{}, err
	}
	seconds := strconv.Itoa(max(1, int(length.Seconds()+0.5)))
	cmd := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(connections), "-d"+seconds+"s", "--timeout", "10s", "-s", lua, url, "--", plan)
	said, err := cmd.CombinedOutput()
	var r result
	if err == nil {
		err = json.Unmarshal(said[bytes.LastIndexByte(bytes.TrimSpace(said), '\n')+1:], &r)
	}
	if err == nil && r.Failed*badShare > r.Requests {
		err = fmt.Errorf("%d of %d answers were errors", r.Failed, r.Requests)
	}
	if err != nil {
		return result{}, fmt.Errorf("wrk: %w\n%s", err, said)
	}
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return r, nil
}
