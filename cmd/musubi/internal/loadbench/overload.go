package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Overload is three times what was answered without it, and then what is usual again.
const (
	overloadFactor = 3.0
	usualFactor    = 0.5
	arrivals       = 1024            // requests that may be under way at once; a member who waits does not ask again
	recovery       = 5 * time.Second // by when everything is as before
)

// overloaded sends more than can be answered, at a steady rate whatever comes back, and then what is usual. rate is how
// many pages a second were answered in the mix.
func (b *bench) overloaded(ctx context.Context, rate float64) error {
	phases := []phase{
		{"half of it before", usualFactor, b.length / 2}, {"three times", overloadFactor, b.length}, {"half of it after", usualFactor, max(b.length/2, recovery+2*time.Second)},
	}
	needed := 0
	for _, p := range phases {
		needed += int(rate * p.factor * p.length.Seconds())
	}
	posts, err := b.crowd.posts(ctx, needed*share[post]/100)
	if err != nil {
		return err
	}
	plan := b.crowd.mix(needed, posts)
	b.say("\nOverload: requests arrive at a steady rate, whatever becomes of the earlier ones; 1 is the %.0f pages/s of the mix. Times from when a request should have been sent.\n\n", rate)
	b.say("| load | sent/s | answered/s | p50 ms | p99 ms | turned away/s | p50 ms | p99 ms | forms turned away | failed | musubi's processors | load generator's |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	stored, err := b.site.stored()
	if err != nil {
		return err
	}
	redirects, rush := 0, stages(nil)
	for i, p := range phases {
		n := int(rate * p.factor * p.length.Seconds())
		used, own, began := b.site.used(), ownTime(), time.Now()
		var split chan stages
		if p.factor == overloadFactor {
			split = make(chan stages, 1)
			go func() { split <- b.site.profile("rush", p.length) }()
		}
		answers := arrive(ctx, strings.TrimPrefix(b.site.url, "http://"), plan[:n], rate*p.factor)
		plan = plan[n:]
		took := time.Since(began).Seconds()
		good, away := answers.times(func(a answer) bool { return a.status < 400 }), answers.times(func(a answer) bool { return a.status == 503 })
		lostForms := len(answers.times(func(a answer) bool { return a.status == 503 && a.post }))
		redirects += len(answers.times(func(a answer) bool { return a.status == 302 && a.post }))
		b.say("| %s | %.0f | %.0f | %.1f | %.1f | %.0f | %.1f | %.1f | %d | %d | %.2f | %.2f |\n", p.name, float64(n)/took,
			float64(len(good))/took, good.at(50), good.at(99), float64(len(away))/took, away.at(50), away.at(99), lostForms,
			n-len(good)-len(away), (b.site.used()-used).Seconds()/took, (ownTime()-own).Seconds()/took)
		if split != nil {
			rush = <-split
		}
		if i == len(phases)-1 {
			b.say("\nBack to normal: %s after the rush.\n", answers.normalAfter())
		}
	}
	b.say("Processor time in the rush:")
	for _, s := range rush {
		b.say(" %s %.2f s;", s.name, s.time.Seconds())
	}
	b.say("\nMemory: %s.\n", b.site.memory())
	time.Sleep(time.Second)
	after, err := b.site.stored()
	if err != nil {
		return err
	}
	b.say("Forms: %d were answered as stored, %d rows are there that were not.\n", redirects, after-stored)
	return nil
}

type phase struct {
	name   string
	factor float64
	length time.Duration
}

// An answer is what came of one request.
type answer struct {
	status int           // 0: none came
	due    time.Duration // after the beginning
	took   time.Duration
	post   bool
}

type answers []answer

// A series is times in milliseconds, in order.
type series []float64

func (all answers) times(of func(answer) bool) (s series) {
	for _, a := range all {
		if of(a) {
			s = append(s, a.took.Seconds()*1000)
		}
	}
	slices.Sort(s)
	return s
}

// at is a percentile, 0 of an empty series.
func (s series) at(percent int) float64 {
	if len(s) == 0 {
		return 0
	}
	return s[min(len(s)-1, len(s)*percent/100)]
}

// normalAfter says when the last request was due that was turned away or took more than half a second.
func (all answers) normalAfter() string {
	last := time.Duration(0)
	for _, a := range all {
		if a.status >= 400 || a.status == 0 || a.took > 500*time.Millisecond {
			last = max(last, a.due+a.took)
		}
	}
	return fmt.Sprintf("%.1f s", last.Seconds())
}

// arrive sends each request when it is due, on as many connections as it takes up to arrivals, and waits for all answers.
func arrive(ctx context.Context, host string, requests [][]byte, rate float64) answers {
	all := make(answers, len(requests))
	due := make(chan int, len(requests)) // those whose time has come, first come first
	var idle atomic.Int64
	var workers sync.WaitGroup
	open := 0
	began := time.Now()
	for i := range requests {
		at := time.Duration(float64(i) / rate * float64(time.Second))
		all[i] = answer{due: at, post: requests[i][0] == 'P'}
		if wait := at - time.Since(began); wait > time.Millisecond { // finer than that nothing sleeps
			time.Sleep(wait)
		}
		due <- i
		if idle.Load() < int64(len(due)) && open < arrivals {
			open++
			workers.Go(func() {
				c := &connection{host: host}
				defer c.close()
				for {
					idle.Add(1)
					i, ok := <-due
					idle.Add(-1)
					if !ok || ctx.Err() != nil {
						return
					}
					all[i].status = c.ask(requests[i])
					all[i].took = time.Since(began) - all[i].due
				}
			})
		}
	}
	close(due)
	workers.Wait()
	return all
}

// A connection is kept open from request to request.
type connection struct {
	host string
	conn net.Conn
	r    *bufio.Reader
}

func (c *connection) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// ask sends a request and reads its answer to the end; 0 when none came. On a connection that the server has closed
// meanwhile a request is sent once more, as clients do.
func (c *connection) ask(request []byte) int {
	for kept := c.conn != nil; ; kept = false {
		if c.conn == nil {
			conn, err := net.Dial("tcp", c.host)
			if err != nil {
				return 0
			}
			c.conn, c.r = conn, bufio.NewReaderSize(conn, 4<<10)
		}
		c.conn.SetDeadline(time.Now().Add(10 * time.Second))
		status, heard := c.exchange(request)
		if status != 0 || heard || !kept {
			return status
		}
	}
}

func (c *connection) exchange(request []byte) (status int, heard bool) {
	if _, err := c.conn.Write(request); err != nil {
		c.close()
		return 0, false
	}
	length, last := 0, false
	for line := 0; ; line++ {
		text, err := c.r.ReadSlice('\n')
		if err != nil {
			c.close()
			return 0, line > 0
		}
		s := strings.TrimRight(string(text), "\r\n")
		name, value, _ := strings.Cut(s, ":")
		switch {
		case line == 0 && len(s) > 12:
			status, _ = strconv.Atoi(s[9:12])
		case s == "":
			if _, err := io.CopyN(io.Discard, c.r, int64(length)); err != nil {
				status = 0
				last = true
			}
			if last {
				c.close()
			}
			return status, true
		case http.CanonicalHeaderKey(name) == "Content-Length":
			length, _ = strconv.Atoi(strings.TrimSpace(value))
		case http.CanonicalHeaderKey(name) == "Connection":
			last = strings.Contains(value, "close")
		}
	}
}

// ownTime is the processor time of this process.
func ownTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
