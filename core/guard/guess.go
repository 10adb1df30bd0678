package guard

import (
	"context"
	"musubi/core"
	"net/netip"
	"time"
)

// A Limit bounds tries under a key: Burst of them at once, and one more each Every.
type Limit struct {
	Key   string // names no address and no member: a keyed hash
	Burst int
	Every time.Duration
}

// A Meter counts tries for all processes of a site.
type Meter interface {
	// Take counts one try under each of the limits. If one of them is used up it counts none, and wait is how long until
	// that one takes another.
	Take(ctx context.Context, now time.Time, limits []Limit) (wait time.Duration, err error)
	// Return takes a try back that proved right.
	Return(ctx context.Context, now time.Time, limits []Limit) error
}

// Tries of passwords by who has no session and shows no mark of an earlier login (SEC-102): for each address, its network,
// and the whole site. Only wrong ones count in the end, so that many members behind one address get in; a carrier's
// gateways have limits of their own, since a whole town may be behind one.
var (
	addressTries = Limit{"address", 20, 3 * time.Second}
	networkTries = Limit{"network", 100, 600 * time.Millisecond}
	siteTries    = Limit{"site", 1000, 60 * time.Millisecond}

	gatewayTries  = Limit{"gateway", 300, 200 * time.Millisecond}
	gatewaysTries = Limit{"gateways", 1000, 60 * time.Millisecond}
)

// atOnceFrom is how many tries from one address are looked at at the same time; the others wait in line, so that members
// who log in from one house at the same moment are not taken for somebody who guesses.
const atOnceFrom = 10

// guessLimits are the limits of a peer.
func (s *Service) guessLimits(p core.Peer) []Limit {
	of := func(l Limit, where string) Limit {
		l.Key = s.Keyed(s.Keys.Mail, "tries "+l.Key+" "+where)
		return l
	}
	if p.Carrier {
		return []Limit{of(gatewayTries, p.Addr.String()), of(gatewaysTries, "")}
	}
	if !p.Addr.IsValid() {
		return []Limit{of(siteTries, "")}
	}
	own, net := networks(p.Addr)
	return []Limit{of(addressTries, own.String()), of(networkTries, net.String()), of(siteTries, "")}
}

// networks are what one holder of an address has, and what one customer of a provider may have.
func networks(a netip.Addr) (own, net netip.Prefix) {
	a = a.Unmap().WithZone("")
	bits, wide := 32, 24
	if a.Is6() {
		bits, wide = 64, 48
	}
	own, _ = a.Prefix(bits)
	net, _ = a.Prefix(wide)
	return own, net
}

// A guess is a try of a password by somebody who is not known here.
type Guess struct {
	s      *Service
	meter  Meter // that counted it
	limits []Limit
	done   func()
}

// guess counts a try of whoever is at the other end of ctx, in the line of their address: a [TooSoon] when they have to wait.
// The caller calls right after a password that was right, and end in any case.
func (s *Service) guess(ctx context.Context) (*Guess, error) {
	limits := s.guessLimits(core.PeerOf(ctx))
	g := &Guess{s: s, meter: s.meter, limits: limits, done: func() {}}
	if len(limits) > 2 {
		done, err := s.turns.take(ctx, limits[0].Key, atOnceFrom)
		if err != nil {
			return nil, err
		}
		g.done = done
	}
	wait, err := g.meter.Take(ctx, s.Now(), limits)
	if err != nil && s.spare != nil {
		g.meter = s.spare
		wait, err = g.meter.Take(ctx, s.Now(), limits)
	}
	if err == nil && wait > 0 {
		err = core.TooSoon{Wait: wait}
	}
	if err != nil {
		g.done()
		return nil, err
	}
	return g, nil
}

func (g *Guess) end() { g.done() }

// Right takes the try back; a nil guess was none.
func (g *Guess) Right(ctx context.Context) error {
	if g == nil {
		return nil
	}
	err := g.meter.Return(ctx, g.s.Now(), g.limits)
	if err != nil && g.meter != g.s.spare && g.s.spare != nil {
		return nil // it is lost with what counted it; nobody who knew the password is kept out for that
	}
	return err
}

// storedMeter counts in the database, beside the tries of each account: what it counts outlives the process, and is shared
// by all that use the database. Of a limit it keeps one time, before which all tries so far would have been in time had they
// come one each Every (the generic cell rate algorithm).
type storedMeter struct{ store meterStore }

type meterStore interface {
	core.Transactions
	TriesStore
}

// Take implements Meter. Whoever has to wait is told after some reads, without the writer.
func (m storedMeter) Take(ctx context.Context, now time.Time, limits []Limit) (wait time.Duration, err error) {
	if wait, _, err = m.look(ctx, now, limits); wait > 0 || err != nil {
		return wait, err
	}
	err = m.store.AtomicOf(ctx, counted(limits), func(ctx context.Context) (err error) {
		var due []time.Time
		if wait, due, err = m.look(ctx, now, limits); wait > 0 || err != nil {
			return err
		}
		for i, l := range limits {
			if err := m.store.SetTries(ctx, l.Key, 1, due[i].Add(l.Every)); err != nil {
				return err
			}
		}
		return nil
	})
	return wait, err
}

// counted names what is counted.
func counted(limits []Limit) (of core.Owners) {
	for _, l := range limits {
		of = of.Named(l.Key)
	}
	return of
}

// look gives the longest wait among the limits, and the time that is kept of each.
func (m storedMeter) look(ctx context.Context, now time.Time, limits []Limit) (wait time.Duration, due []time.Time, err error) {
	for _, l := range limits {
		_, at, err := m.store.Tries(ctx, l.Key)
		if err != nil {
			return 0, nil, err
		}
		if at.Before(now) {
			at = now
		}
		wait = max(wait, at.Add(l.Every).Sub(now)-time.Duration(l.Burst)*l.Every)
		due = append(due, at)
	}
	return wait, due, nil
}

// Return implements Meter.
func (m storedMeter) Return(ctx context.Context, now time.Time, limits []Limit) error {
	return m.store.AtomicOf(ctx, counted(limits), func(ctx context.Context) error {
		for _, l := range limits {
			_, at, err := m.store.Tries(ctx, l.Key)
			if err != nil {
				return err
			}
			failed := 1
			if at = at.Add(-l.Every); !at.After(now) {
				failed = 0 // as if nothing had been
			}
			if err := m.store.SetTries(ctx, l.Key, failed, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// WrongKey counts a key of a program that opened nothing, in the way of wrong passwords (SEC-102): a [TooSoon] when whoever
// shows it has shown too many. Programs run on PCs: of who comes through a carrier's gateway one address is one address, too.
func (s *Service) WrongKey(ctx context.Context) error {
	p := core.PeerOf(ctx)
	p.Carrier = false
	g, err := s.guess(context.WithValue(ctx, core.PeerKey{}, p))
	if err == nil {
		g.end()
	}
	return err
}

// Pace counts one use under a limit for all processes of the site; shared is false when nothing counts for all of them, or cannot
// be asked: the caller counts its own then.
func (s *Service) Pace(ctx context.Context, l Limit) (wait time.Duration, shared bool) {
	if s.spare == nil {
		return 0, false
	}
	wait, err := s.meter.Take(ctx, s.Now(), []Limit{l})
	return wait, err == nil
}
