package core

import (
	"context"
	"sync"
	"time"
)

// Refusals are logged one by one, from a buffer that is stored every FlushEvery: nobody who is refused waits for the disk or
// for the writer. A flood of them, which anybody can make, has bounds: so many lines at once and one more now and then; what is
// too much for that is counted, by kind and reason, and has a line together.
const (
	refusalLines = 2048             // at once
	refusalEvery = 10 * time.Second // one more
	foldedEvery  = 10 * time.Minute // the lines of what was counted together
	maxFolded    = 64               // kinds and reasons counted apart
)

// manyPeers stands for the address in a line about several.
const manyPeers = "many"

type refusalKey struct{ kind, reason string }

// refusals is what was refused and is not stored yet.
type refusals struct {
	mu      sync.Mutex
	waiting []Entry
	due     time.Time // up to when the room for single lines is used, one each refusalEvery
	folded  map[refusalKey]Entry
	since   time.Time // of the first in folded
}

// add takes a line for what was refused just now.
func (r *refusals) add(e Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	due := r.due
	if due.Before(e.At) {
		due = e.At
	}
	if due.Add(refusalEvery).Sub(e.At) <= refusalLines*refusalEvery && len(r.waiting) < refusalLines {
		r.due = due.Add(refusalEvery)
		r.waiting = append(r.waiting, e)
		return
	}
	r.fold(e)
}

func (r *refusals) fold(e Entry) {
	key := refusalKey{e.Kind, e.Reason}
	if r.folded == nil {
		r.folded, r.since = map[refusalKey]Entry{}, e.At
	}
	known, ok := r.folded[key]
	if !ok && len(r.folded) >= maxFolded {
		key.reason, e.Reason = "other", "other"
		known, ok = r.folded[key]
	}
	e.Subject, e.Member, e.Client, e.Object = "", 0, "", ""
	if ok {
		if e.Times += known.Times; e.Peer != known.Peer {
			e.Peer = manyPeers
		}
	}
	r.folded[key] = e
}

// take gives the lines to store at a time, those that were counted together when it is their time, or everything.
func (r *refusals) take(now time.Time, everything bool) []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.waiting
	r.waiting = nil
	if len(r.folded) > 0 && (everything || now.Sub(r.since) >= foldedEvery) {
		for _, e := range r.folded {
			list = append(list, e)
		}
		r.folded = nil
	}
	return list
}

// Refuse logs that something was refused to whoever asks in ctx. subject is the keyed hash of what was shown, or "".
func (s *Desk) Refuse(ctx context.Context, kind, reason string, member ID, subject string) {
	p := PeerOf(ctx)
	s.refusals.add(Entry{At: s.now(), Kind: kind, Reason: reason, Member: member, Client: p.Client, Peer: p.address(), Subject: shortHash(subject), Times: 1})
}

// shortHash is as much of a keyed hash as tells people apart in a log.
func shortHash(hash string) string { return hash[:min(len(hash), 16)] }

// FlushRefusals stores the refusals that wait; at the end, everything.
func (s *Desk) FlushRefusals(ctx context.Context, everything bool) error {
	return InBatches(s.refusals.take(s.now(), everything), func(batch []Entry) error { return s.auditAll(ctx, batch...) })
}
