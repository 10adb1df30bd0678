// Package door keeps a server from taking in more work than it can do. So many requests are inside at once; others wait
// in line; whoever would wait too long, as fast as the line moves now, is turned away at once, so that those who get in
// are answered in time. A server without a door answers everybody late when too many come, and goes on doing so for as
// long as they keep trying.
//
// Requests are let in by kinds, each with places and a line of its own. What waits for the one writer of a database, or
// for its turn to hash a password, waits inside, at a place; were places shared, a few hundred forms would hold all of them
// and nobody could read, although there is a processor free for it. So pages cannot keep forms out, nor forms pages, and
// each line moves at its own pace.
package door

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A Kind is what a request waits for once it is inside.
type Kind uint8

// Kinds of requests.
const (
	Free  Kind = iota // its answer costs next to nothing: it needs no place
	Page              // it reads
	Form              // it changes something: many of these wait for one writer
	Labor             // it needs a processor for long: a password to hash, pictures to fit
	kinds
)

// Kinds are those that need a place.
var Kinds = [...]Kind{Page, Form, Labor}

func (k Kind) String() string { return [kinds]string{"free", "page", "form", "labor"}[k] }

// Limits of a door. Zero fields mean the default named beside them.
//
// Few places are enough where answers are made of processor time, and few are better than many: who is let in shares the
// processors with everybody inside, with those who must be told to come back, and with the writer of the database, whose
// turn comes once in a round of all. Forms do not work but wait for the writer, who takes all that wait in one COMMIT: their
// places are counted in what a COMMIT takes, so that a slow disk makes larger groups, not refusals.
type Limits struct {
	Inside   int           // pages inside at once. 4 for each processor, but 8 at least
	Forms    int           // forms inside at once. Group, but 2 × Inside at least
	Labors   int           // forms inside at once that are labor. 2 × Inside
	Line     int           // requests of each kind that wait. 32 × Inside
	Wait     time.Duration // a page that would wait longer, as fast as the line moves now, may not join it. 30 ms
	FormWait time.Duration // the same for forms: what was typed is worth more than a page that can be asked for again. 3 × Wait
	Patience time.Duration // nobody waits longer, whatever was expected. 10 × Wait

	// A morning in which everybody logs in, or the evening of a feast, is no attack: who brings what takes a processor long waits
	// for it rather than be told to come back.
	LaborWait     time.Duration // FormWait of labor. 5 s
	LaborPatience time.Duration // Patience of labor. 10 s
}

// Group is how many forms wait inside at once where nothing else is said: as many as core/store's writer takes in one COMMIT.
const Group = 256

// fewPages is how many pages in line, for each one inside, are no rush: they may wait as long as their patience lasts. Forms
// are as many as are inside.
const fewPages = 4

// burst is how young a line is that may go away as it came, as after a moment in which the machine did something else. Half
// of the patience may be expected in it. A line that stays is a rush: there is no use in making everybody wait long.
const burst = 500 * time.Millisecond

// A Door counts who is inside. It is safe for concurrent use.
type Door struct{ gates [kinds]gate }

// New returns a door with nobody inside.
func New(l Limits) *Door {
	l = l.withDefaults()
	d := new(Door)
	d.gates[Page] = gate{places: l.Inside, few: fewPages * l.Inside, most: l.Line, wait: l.Wait, patience: l.Patience}
	d.gates[Form] = gate{places: l.Forms, few: l.Forms, most: l.Line, wait: l.FormWait, patience: l.Patience}
	d.gates[Labor] = gate{places: l.Labors, few: l.Labors, most: l.Line, wait: l.LaborWait, patience: l.LaborPatience}
	for k := range d.gates {
		d.gates[k].over = max(paceOver, 2*d.gates[k].places)
	}
	return d
}

func (l Limits) withDefaults() Limits {
	if l.Inside <= 0 {
		l.Inside = max(8, 4*runtime.GOMAXPROCS(0))
	}
	if l.Forms <= 0 {
		l.Forms = max(Group, 2*l.Inside)
	}
	if l.Labors <= 0 {
		l.Labors = 2 * l.Inside
	}
	if l.Line <= 0 {
		l.Line = 32 * l.Inside
	}
	if l.Wait <= 0 {
		l.Wait = 30 * time.Millisecond
	}
	if l.FormWait <= 0 {
		l.FormWait = 3 * l.Wait
	}
	if l.Patience <= 0 {
		l.Patience = 10 * l.Wait
	}
	if l.LaborWait <= 0 {
		l.LaborWait = 5 * time.Second
	}
	if l.LaborPatience <= 0 {
		l.LaborPatience = 2 * l.LaborWait
	}
	return l
}

// Enter waits for a place inside and says whether there was one; who is in must Leave with the same kind.
func (d *Door) Enter(k Kind) bool { return k == Free || d.gates[k].enter() }

// Leave gives the place to the next in line.
func (d *Door) Leave(k Kind) {
	if k != Free {
		d.gates[k].leave()
	}
}

// State is what a door shows of one kind of requests.
type State struct {
	Inside, Waiting int
	TurnedAway      uint64 // since the beginning
}

// State says how many of a kind are inside, wait, and were turned away.
func (d *Door) State(k Kind) State {
	g := &d.gates[k]
	g.mu.Lock()
	defer g.mu.Unlock()
	return State{g.inside, g.waiting, g.away.Load()}
}

// A gate is the door for one kind.
type gate struct {
	places, most   int // inside, in line
	few            int // in line that are no rush
	over           int // moves that the pace is the mean of, about
	wait, patience time.Duration

	mu      sync.Mutex
	inside  int
	line    []*waiter     // first come first; those who gave up stay in it until they would have been next
	waiting int           // in line who did not give up
	began   time.Time     // when the line was empty last
	moved   time.Time     // when the line last moved, or began
	pace    time.Duration // from one move of the line to the next, the mean of the last ones
	moves   int           // that the mean is made of, over at most

	away atomic.Uint64
}

// paceOver is over how many moves of the line its pace is the mean, at least. The writer of a database answers in groups, so
// that the line moves in leaps of all that are inside: the mean is taken over two of them.
const paceOver = 64

// A waiter is who stands in line. The channel is closed when they may go in.
type waiter struct {
	in     chan struct{}
	gaveUp bool
}

func (g *gate) enter() bool {
	g.mu.Lock()
	if g.inside < g.places { // then nobody waits
		g.inside++
		g.mu.Unlock()
		return true
	}
	w := g.join()
	g.mu.Unlock()
	if w == nil || !g.waits(w) {
		g.away.Add(1)
		return false
	}
	return true
}

// join takes a place in line, nil when that would be too long a wait as fast as the line moves, or when it has stood still for so
// long that everybody gives up.
func (g *gate) join() *waiter {
	now := time.Now()
	if g.waiting == 0 {
		g.line, g.moved, g.began = g.line[:0], now, now
	}
	bearable := g.wait
	if now.Sub(g.began) < burst {
		bearable = max(g.wait, g.patience/2)
	}
	tooLong := g.waiting >= g.few && time.Duration(g.waiting+1)*g.pace > bearable
	if tooLong || g.waiting >= g.most || now.Sub(g.moved) > g.patience {
		return nil
	}
	w := &waiter{in: make(chan struct{})}
	g.line = append(g.line, w)
	g.waiting++
	return w
}

// waits says whether there was a place for w before the end of their patience.
func (g *gate) waits(w *waiter) bool {
	end := time.NewTimer(g.patience)
	defer end.Stop()
	select {
	case <-w.in:
		// Who is woken runs next, before all that could run already, and wakes the next one when it leaves: in a rush a
		// processor would see nothing but a chain of requests from the line for ten milliseconds at a time, and new ones, who
		// must be told to come back, and the writer of the database would starve. So stand behind them once.
		runtime.Gosched()
		return true
	case <-end.C:
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.in: // the door opened at the same moment
		return true
	default:
	}
	w.gaveUp = true
	g.waiting--
	return false
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.line) > 0 {
		next := g.line[0]
		g.line[0] = nil
		g.line = g.line[1:]
		if next.gaveUp {
			continue
		}
		g.move(time.Now())
		g.waiting--
		close(next.in)
		return
	}
	g.inside--
}

// move takes a move of the line into the mean. How long a line stood still says no more than that it was too long: else it
// would be long before anybody may stand in it again.
func (g *gate) move(now time.Time) {
	g.moves = min(g.moves+1, g.over)
	g.pace += (min(now.Sub(g.moved), g.wait) - g.pace) / time.Duration(g.moves)
	g.moved = now
}
