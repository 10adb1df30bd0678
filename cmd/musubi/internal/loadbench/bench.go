package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// bench is the measurement of one community.
type bench struct {
	options
	out     io.Writer
	dir     string
	members int
	last    bool // the largest community: also nginx beside it, and overload

	site  *site
	crowd *crowd
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format, args...) }

// run fills the community, starts the program, logs members in, and measures one thing after the other.
func (b *bench) run(ctx context.Context) (err error) {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	b.say("\n### %d members\n\n", b.members)
	seeded, err := fill(ctx, b.binary, b.dir, b.members)
	if err != nil {
		return err
	}
	b.say("Seed: %s", seeded)
	if b.site, err = serve(b.binary, b.dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.site.stop()) }()
	b.site.profiles = b.profiles
	if b.crowd, err = b.logIn(ctx); err != nil {
		return err
	}
	b.site.settle()
	if !b.brief {
		if err := b.pageKinds(ctx); err != nil {
			return err
		}
	}
	rate, err := b.mixed(ctx)
	if err != nil {
		return err
	}
	if !b.last {
		return nil
	}
	if !b.brief {
		if err := b.besideNginx(ctx); err != nil {
			return err
		}
	}
	if b.plays {
		if err := b.played(ctx, rate); err != nil {
			return err
		}
	}
	if b.overload {
		return b.overloaded(ctx, rate)
	}
	return nil
}

// logIn logs the members in and says what that cost.
func (b *bench) logIn(ctx context.Context) (*crowd, error) {
	before, began := b.site.used(), time.Now()
	c, err := gather(ctx, b.site, min(b.sessions, b.members), b.members)
	if err != nil {
		return nil, err
	}
	b.say("Logins: %d members through the login form and their first pages in %.1f s, %.0f ms of processor time each.\n",
		len(c.all), time.Since(began).Seconds(), (b.site.used()-before).Seconds()*1000/float64(len(c.all)))
	return c, nil
}

// pageKinds measures each kind of page alone, on a PC and on a handset.
func (b *bench) pageKinds(ctx context.Context) error {
	b.say("\n| page | client | pages/s | p50 ms | p99 ms | CPU-µs a page |\n|---|---|---:|---:|---:|---:|\n")
	for _, kind := range []kind{home, diary, board, square, person, list, search} {
		for _, client := range []int{0, 1} {
			requests := b.crowd.only(client, kind)
			if len(requests) == 0 {
				continue
			}
			before := b.site.used()
			r, err := b.wrk(ctx, requests, b.length/5, b.site.url)
			if err != nil {
				return err
			}
			b.say("| %s | %s | %.0f | %.1f | %.1f | %.0f |\n", kind, clients[client].name, r.rate(), r.P50, r.P99,
				float64((b.site.used()-before).Microseconds())/float64(r.Requests))
		}
	}
	return nil
}

// mixed measures the mix of pages: first without posts, to know how many will be needed, then with them. It returns how
// many pages a second were answered.
func (b *bench) mixed(ctx context.Context) (float64, error) {
	dry, err := b.wrk(ctx, b.crowd.mix(20_000, nil), b.length/5, b.site.url)
	if err != nil {
		return 0, err
	}
	needed := int(dry.rate() * b.length.Seconds() * 1.5)
	posts, err := b.crowd.posts(ctx, needed*share[post]/100)
	if err != nil {
		return 0, err
	}
	plan := b.crowd.mix(needed, posts)
	stored, err := b.site.stored()
	if err != nil {
		return 0, err
	}
	counted, before, began := b.site.counters(), b.site.used(), time.Now()
	profiled := make(chan stages, 1)
	go func() { profiled <- b.site.profile("mixed", b.length) }()
	r, err := b.wrk(ctx, plan, b.length, b.site.url)
	if err != nil {
		return 0, err
	}
	cpu, length, memory := b.site.used()-before, time.Since(began), b.site.memory()
	time.Sleep(200 * time.Millisecond) // what was under way when wrk hung up is answered and counted too
	answered := b.site.counters().since(counted)
	split := <-profiled
	b.say("\nMixed pages (%s; %s), wrk with %d connections for %.0f s beside it:\n\n", shares(), clientShares(), connections, b.length.Seconds())
	b.say("| pages/s | p50 ms | p90 ms | p99 ms | CPU-µs a page | processors used | by the load generator |\n|---:|---:|---:|---:|---:|---:|---:|\n")
	b.say("| %.0f | %.1f | %.1f | %.1f | %.0f | %.2f | %.2f |\n", r.rate(), r.P50, r.P90, r.P99, float64(cpu.Microseconds())/float64(r.Requests),
		cpu.Seconds()/length.Seconds(), r.cpu.Seconds()/length.Seconds())
	b.say("\nAnswers: %s; errors of connections: %d.\n", answered, r.Broken)
	b.say("\n| stage | CPU-µs a page |\n|---|---:|\n")
	for _, s := range split {
		b.say("| %s | %.1f |\n", s.name, s.time.Seconds()*1e6/float64(answered.all()))
	}
	b.say("\nMemory under load: %s.\n", memory)
	after, err := b.site.stored()
	if err != nil {
		return 0, err
	}
	sent := min(r.Requests, len(plan)) // after the end of the plan wrk begins again: forms that come twice store nothing
	b.say("Stored: %d comments and entries more than before; %d requests of the plan of %d were sent, some %d of them posts.\n",
		after-stored, sent, len(plan), sent*share[post]/100)
	return r.rate(), nil
}

// wrk replays requests for some time.
func (b *bench) wrk(ctx context.Context, requests [][]byte, length time.Duration, url string) (result, error) {
	return replay(ctx, filepath.Join(b.dir, "plan"), requests, length, url)
}
