package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// A stage is a part of the program and the processor time spent in it.
type stage struct {
	name string
	time time.Duration
}

type stages []stage

// stageOf says which stage a function belongs to, "" for one that works for its caller. The first match counts.
var stageOf = []struct{ part, stage string }{
	{"musubi/gateway/wire.(*Conn)", "read and write of the sockets"},
	{"musubi/gateway.(*exchange).identifyHandset", "identify"},
	{"musubi/carriers", "identify"},
	{"musubi/gateway.(*exchange).openSession", "session of the handset"},
	{"musubi/gateway/session", "session of the handset"},
	{"musubi/gateway.(*exchange).finish", "count and log"},
	{"musubi/gateway.(*exchange).log", "count and log"},
	{"musubi/gateway.(*meters)", "count and log"},
	{"musubi/gateway", "gateway, the rest"},
	{"musubi/transcode", "transcode"},
	{"musubi/core/store", "core/store"},
	{"musubi/core/cache", "core/cache"},
	{"musubi/core/web", "core/web"},
	{"musubi/core", "core"},
	{"github.com/valyala/fasthttp.(*Server)", "read and write of the sockets"},
	{"runtime.gcBgMarkWorker", "garbage collector"},
	{"runtime.bgsweep", "garbage collector"},
	{"runtime.bgscavenge", "garbage collector"},
}

// profile lets the program measure itself for some time and splits the result by stage, the largest first. With --profiles
// the whole of it is kept under the name, for go tool pprof.
func (s *site) profile(name string, length time.Duration) stages {
	b, err := s.get(fmt.Sprintf("/debug/pprof/profile?seconds=%d", max(1, int(length.Seconds()+0.5))))
	if err == nil && s.profiles != "" {
		err = os.WriteFile(filepath.Join(s.profiles, name+".pprof"), b, 0o644)
	}
	if err == nil {
		var p *profile.Profile
		if p, err = profile.Parse(bytes.NewReader(b)); err == nil {
			return split(p)
		}
	}
	fmt.Fprintln(os.Stderr, "loadbench: no profile:", err)
	return nil
}

func split(p *profile.Profile) stages {
	sums := map[string]time.Duration{}
	for _, sample := range p.Sample {
		sums[stageOfSample(sample)] += time.Duration(sample.Value[1])
	}
	var all stages
	for name, t := range sums {
		all = append(all, stage{name, t})
	}
	slices.SortFunc(all, func(a, b stage) int { return int(b.time - a.time) })
	return all
}

// stageOfSample looks from the innermost function outwards for the first that belongs to a stage.
func stageOfSample(sample *profile.Sample) string {
	for _, location := range sample.Location {
		for _, line := range location.Line {
			for _, s := range stageOf {
				if line.Function != nil && strings.HasPrefix(line.Function.Name, s.part) {
					return s.stage
				}
			}
		}
	}
	return "scheduler and the rest of the runtime"
}
