// Package door keeps a server from taking in more work than it can do. So many requests are inside at once; others wait
// in line; whoever would wait too long, as fast as the line moves now, is turned away at once, so that those who get in
// are answered in time. A server without a door answers everybody late when too many come, and goes on doing so for as
// long as they keep trying.
//
// Forms stand in a line of their own, in front: what a member has typed is worth more than a page that can be asked for
// again.
package door

import (
	"runtime"
	"slices"
	"sync"
	"time"
)

// Limits of a door. Zero fields mean the default named beside them.
type Limits struct {
	Inside   int           // requests inside at once. 32 for each processor, but 64 at least
	Line     int           // requests that wait, and as many forms. 16 × Inside
	Wait     time.Duration // a page that would wait longer, as fast as the line moves now, may not join it. 50 ms
	Patience time.Duration // nobody waits longer, whatever was expected. 200 ms
}

// A Door counts who is inside. It is safe for concurrent use.
type Door struct {
	limits Limits

	mu            sync.Mutex
	inside        int
	forms, others line
	left          time.Time     // when the line last moved, or began
	pace          time.Duration // from one move of the line to the next, the mean of the last ones
}

// paceOver is over how many moves of the line its pace is the mean, about.
const paceOver = 16

// A line is who waits, first come first. Each channel is closed when its request may go in.
type line []chan struct{}

// New returns a door with nobody inside.
func New(l Limits) *Door {
	if l.Inside <= 0 {
		l.Inside = max(64, 32*runtime.GOMAXPROCS(0))
	}
	if l.Line <= 0 {
		l.Line = 16 * l.Inside
	}
	if l.Patience <= 0 {
		l.Patience = 200 * time.Millisecond
	}
	if l.Wait <= 0 {
		l.Wait = 50 * time.Millisecond
	}
	return &Door{limits: l}
}

// Enter waits for a place inside and says whether there was one; who is in must Leave.
func (d *Door) Enter(form bool) bool {
	d.mu.Lock()
	if d.inside < d.limits.Inside { // nobody waits as long as there is a place
		d.inside++
		d.mu.Unlock()
		return true
	}
	in := d.join(form)
	d.mu.Unlock()
	if in == nil {
		return false
	}
	patience := time.NewTimer(d.limits.Patience)
	defer patience.Stop()
	select {
	case <-in:
		return true
	case <-patience.C:
		return !d.giveUp(in)
	}
}

// join takes a place in line, nil when the line is too long. Forms are let in first, and may wait until their patience ends.
func (d *Door) join(form bool) chan struct{} {
	l, before, most := &d.others, len(d.forms)+len(d.others), d.limits.Wait
	if form {
		l, before, most = &d.forms, len(d.forms), d.limits.Patience
	}
	now := time.Now()
	if len(d.forms)+len(d.others) == 0 {
		d.left = now
	}
	expected := time.Duration(before+1)*d.pace + now.Sub(d.left) // at the usual pace, once a line that stands still moves again
	if len(*l) >= d.limits.Line || expected > most {
		return nil
	}
	in := make(chan struct{})
	*l = append(*l, in)
	return in
}

// giveUp leaves the line; false when the door opened at the same moment.
func (d *Door) giveUp(in chan struct{}) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range []*line{&d.forms, &d.others} {
		if i := slices.Index(*l, in); i >= 0 {
			*l = slices.Delete(*l, i, i+1)
			return true
		}
	}
	return false
}

// Leave makes room for the next in line.
func (d *Door) Leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := &d.forms
	if len(*l) == 0 {
		l = &d.others
	}
	if len(*l) == 0 {
		d.inside--
		return
	}
	now := time.Now()
	d.pace += (now.Sub(d.left) - d.pace) / paceOver
	d.left = now
	close((*l)[0])
	*l = slices.Delete(*l, 0, 1)
}

// State says how many are inside and how many wait.
func (d *Door) State() (inside, waiting int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inside, len(d.forms) + len(d.others)
}
