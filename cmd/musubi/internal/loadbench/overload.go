package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
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
	b.say("\nOverload: requests arrive at a steady rate, whatever becomes of the earlier ones; 1 is the %.0f pages/s of the mix, %d %% of them forms. Times from when a request should have been sent.\n\n", rate, share[post])
	b.say("| load | sent/s | answered/s | of the mix | pages/s | p50 ms | p99 ms | forms/s | p50 ms | p99 ms | failed | musubi's processors | load generator's | idle |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	stored, err := b.site.stored()
	if err != nil {
		return err
	}
	redirects, away, profiles := 0, "", map[string]chan stages{}
	for i, p := range phases {
		n := int(rate * p.factor * p.length.Seconds())
		used, own, idle, began := b.site.used(), ownTime(), idleTime(), time.Now()
		if name := [...]string{"", "rush", "after"}[i]; name != "" {
			profiles[name] = make(chan stages, 1)
			go func() { profiles[name] <- b.site.profile(name, p.length-time.Second/2) }()
		}
		answers := arrive(ctx, strings.TrimPrefix(b.site.url, "http://"), plan[:n], rate*p.factor)
		plan = plan[n:]
		took := time.Since(began).Seconds()
		pages, forms := answers.times(page, answered), answers.times(form, answered)
		pagesAway, formsAway := answers.times(page, turnedAway), answers.times(form, turnedAway)
		good := len(pages) + len(forms)
		redirects += len(answers.times(form, stored302))
		b.say("| %s | %.0f | %.0f | %.0f %% | %.0f | %.1f | %.1f | %.0f | %.1f | %.1f | %d | %.2f | %.2f | %.2f |\n", p.name, float64(n)/took,
			float64(good)/took, float64(good)/took/rate*100, float64(len(pages))/took, pages.at(50), pages.at(99), float64(len(forms))/took, forms.at(50), forms.at(99),
			n-good-len(pagesAway)-len(formsAway), (b.site.used()-used).Seconds()/took, (ownTime()-own).Seconds()/took, (idleTime()-idle).Seconds()/took)
		away += fmt.Sprintf("| %s | %.0f | %.1f | %.1f | %.0f | %.1f | %.1f | %d |\n", p.name, float64(len(pagesAway))/took, pagesAway.at(50), pagesAway.at(99),
			float64(len(formsAway))/took, formsAway.at(50), formsAway.at(99), len(formsAway))
		if i == len(phases)-1 {
			b.say("\n| turned away | pages/s | p50 ms | p99 ms | forms/s | p50 ms | p99 ms | forms |\n|---|---:|---:|---:|---:|---:|---:|---:|\n%s", away)
			b.say("\nBack to normal: %s.\n", answers.normalAfter())
		}
	}
	for _, name := range []string{"rush", "after"} {
		b.say("Processor time, %s:", name)
		for _, s := range <-profiles[name] {
			b.say(" %s %.2f s;", s.name, s.time.Seconds())
		}
		b.say("\n")
	}
	b.say("Memory: %s.\n", b.site.memory())
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

func page(a answer) bool { return !a.post }
func form(a answer) bool { return a.post }

func answered(a answer) bool   { return a.status != 0 && a.status < 400 }
func turnedAway(a answer) bool { return a.status == 503 }
func stored302(a answer) bool  { return a.status == 302 }

type answers []answer

// A series is times in milliseconds, in order.
type series []float64

// times are those of the answers that are all of what is asked for.
func (all answers) times(of ...func(answer) bool) (s series) {
	for _, a := range all {
		if !slices.ContainsFunc(of, func(is func(answer) bool) bool { return !is(a) }) {
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

// slow is what no answer should take as soon as all is as before.
const slow = 500 * time.Millisecond

// normalAfter says when the last request ended that was turned away, failed or was slow, and how many there were.
func (all answers) normalAfter() string {
	unusual, last := 0, answer{}
	for _, a := range all {
		if answered(a) && a.took <= slow {
			continue
		}
		unusual++
		if a.due+a.took > last.due+last.took {
			last = a
		}
	}
	if unusual == 0 {
		return "at once; not one of the requests after the rush was turned away or took " + slow.String()
	}
	what := "page"
	if last.post {
		what = "form"
	}
	return fmt.Sprintf("%.1f s after the rush; %d requests of %d were turned away, failed or took more than %s, the last a %s with status %d in %d ms",
		(last.due + last.took).Seconds(), unusual, len(all), slow, what, last.status, last.took.Milliseconds())
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
	for first := true; ; first = false {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			c.close()
			return 0, !first
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first && len(line) > 12:
			status, _ = strconv.Atoi(string(line[9:12]))
		case len(line) == 0:
			if _, err := c.r.Discard(length); err != nil {
				status, last = 0, true
			}
			if last {
				c.close()
			}
			return status, true
		default:
			if value, is := field(line, "Content-Length:"); is {
				length, _ = strconv.Atoi(string(value))
			} else if value, is := field(line, "Connection:"); is {
				last = bytes.Contains(value, []byte("close"))
			}
		}
	}
}

// field returns the value of a line of the head that begins with name and colon. Made to cost nothing: the load generator
// shares the processors with what it measures.
func field(line []byte, name string) (value []byte, is bool) {
	if len(line) < len(name) || !strings.EqualFold(string(line[:len(name)]), name) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name):]), true
}

// idleTime is for how long the processors of the machine have done nothing, waited for disks included: what neither the
// program nor the load generator used is either this, or others used it.
func idleTime() time.Duration {
	b, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(b), "\n")
	fields := strings.Fields(line) // cpu user nice system idle iowait …, hundredths of a second
	if len(fields) < 6 {
		return 0
	}
	idle, _ := strconv.Atoi(fields[4])
	waiting, _ := strconv.Atoi(fields[5])
	return time.Duration(idle+waiting) * 10 * time.Millisecond
}

// ownTime is the processor time of this process.
func ownTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
