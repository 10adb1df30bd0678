package guard

import (
	"context"
	"musubi/core"
	"sync"
	"time"
)

// turns lets a few tries for one account, or from one address, happen at once: for an account fewer than are free (freeTries). A try counts as failed until its
// password has proved right (countTry); without turns, a member who logs in from several screens at the same moment would
// be taken for somebody who guesses. Whoever really guesses is refused on their turn, at once and without hashing.
type turns struct {
	mu   sync.Mutex
	line map[string]*turn // by account; only those with somebody in line
}

type turn struct {
	taken chan struct{} // holds one for everybody who has their turn
	users int           // in line or having their turn; under turns.mu
}

// turnWait bounds waiting in line.
const turnWait = time.Minute

// take waits for a turn at the account, of which so many have theirs at once, until ctx ends or turnWait has passed, and then gives ErrThrottled. The caller has to
// call done.
func (t *turns) take(ctx context.Context, account string, atOnce int) (done func(), err error) {
	t.mu.Lock()
	u := t.line[account]
	if u == nil {
		if t.line == nil {
			t.line = map[string]*turn{}
		}
		u = &turn{taken: make(chan struct{}, atOnce)}
		t.line[account] = u
	}
	u.users++
	t.mu.Unlock()

	wait, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	select {
	case u.taken <- struct{}{}:
		return func() { <-u.taken; t.leave(account, u) }, nil
	case <-wait.Done():
		t.leave(account, u)
		return nil, core.ErrThrottled
	}
}

// leave takes one user out of the line and forgets the line behind the last.
func (t *turns) leave(account string, u *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if u.users--; u.users == 0 {
		delete(t.line, account)
	}
}
