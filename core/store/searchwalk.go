package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"musubi/core"
)

// Bounds of a walk.
const (
	walkBite     = 32   // candidates given at once
	walkPostings = 1200 // rows of postings read by one walk; it goes on later
	walkFetch    = 16   // of them read at once
)

// walk is core.SearchWalk: the young candidates and those of the blocks, merged by ID.
type walk struct {
	x        *searchIndex
	kind     core.SearchKind
	tokens   []*postings // none: there is nothing in the blocks
	block    int64       // the next block that may have candidates
	below    int64       // their numbers are smaller
	postings int         // read so far
	cutAt    core.ID     // it ended there; 0: not yet, or because there was nothing more

	young, old []core.SearchCandidate
	matched    []match // of the block, not yet in old
	matchedIn  int64   // block
	last       core.SearchKey
}

// postings is the rest of one token's rows, the highest block first.
type postings struct {
	token int64
	rows  []postingRow
	end   bool // there are no more after rows
	fetch int
}

type postingRow struct {
	block int64
	posting
}

func newestFirst(list []core.SearchCandidate) {
	slices.SortFunc(list, func(a, b core.SearchCandidate) int { return cmp.Compare(b.ID, a.ID) })
}

// Find implements core.SearchIndex.
func (x *searchIndex) Find(ctx context.Context, kind core.SearchKind, words []string, before core.ID) (core.SearchWalk, error) {
	tokens := queryTokens(kind, words)
	w := &walk{x: x, kind: kind}
	if len(tokens) == 0 {
		return w, nil
	}
	x.mu.RLock()
	w.young = x.young.find(tokens, before)
	s := x.shelves[kind]
	x.mu.RUnlock()
	if s.low == s.high {
		return w, nil
	}
	w.below = s.high << blockBits
	if before != newestID {
		var seq int64
		err := one(x.read.row(ctx, `SELECT seq FROM entry WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT 1`, kind, before).Scan(&seq))
		if err == core.ErrNotFound {
			return w, nil
		}
		if err != nil {
			return nil, err
		}
		w.below = seq + 1
	}
	w.block = (w.below - 1) >> blockBits
	for _, t := range tokens {
		w.tokens = append(w.tokens, &postings{token: t, fetch: 2})
	}
	return w, nil
}

// Next implements core.SearchWalk.
func (w *walk) Next(ctx context.Context) ([]core.SearchCandidate, error) {
	out := make([]core.SearchCandidate, 0, walkBite)
	for len(out) < walkBite {
		if len(w.old) == 0 && len(w.tokens) > 0 {
			if err := w.refill(ctx); err != nil {
				return nil, err
			}
		}
		from := &w.old
		if len(w.old) == 0 || len(w.young) > 0 && w.young[0].ID >= w.old[0].ID {
			from = &w.young
		}
		if len(*from) == 0 {
			break
		}
		c := (*from)[0]
		*from = (*from)[1:]
		if c.SearchKey != w.last { // young and old at once: it was changed
			out = append(out, c)
		}
		w.last = c.SearchKey
	}
	return out, nil
}

// Cut implements core.SearchWalk.
func (w *walk) Cut() (core.ID, bool) { return w.cutAt, w.cutAt != 0 }

// stop ends a walk that has become too long before its next block: what comes from memory must not be older.
func (w *walk) stop(ctx context.Context) error {
	w.tokens = nil
	err := one(w.x.read.row(ctx, `SELECT id FROM entry WHERE kind = $1 AND seq >= $2 ORDER BY seq LIMIT 1`, w.kind, (w.block+1)<<blockBits).Scan(&w.cutAt))
	if err == core.ErrNotFound {
		return nil
	}
	w.young = slices.DeleteFunc(w.young, func(c core.SearchCandidate) bool { return c.ID < w.cutAt })
	return err
}

// refill gets the next candidates out of the blocks; at their end there are no tokens any more.
func (w *walk) refill(ctx context.Context) error {
	for len(w.old) == 0 {
		for len(w.matched) == 0 {
			found, err := w.nextBlock(ctx)
			if err != nil {
				return err
			}
			if !found && w.postings >= walkPostings {
				return w.stop(ctx)
			}
			if !found {
				w.tokens = nil
				return nil
			}
		}
		n := min(len(w.matched), walkBite)
		if err := w.lookUp(ctx, w.matched[:n]); err != nil {
			return err
		}
		w.matched = w.matched[n:]
	}
	return nil
}

// nextBlock goes to the next block that has all the tokens and lists what matches.
func (w *walk) nextBlock(ctx context.Context) (found bool, err error) {
	for agreed := 0; agreed < len(w.tokens); {
		agreed = 0
		for _, p := range w.tokens {
			row, err := w.reach(ctx, p)
			if err != nil || row == nil {
				return false, err
			}
			if row.block < w.block {
				w.block = row.block
				break // the others must come down to it
			}
			agreed++
		}
	}
	var m matches
	for _, p := range w.tokens {
		m.and(&p.rows[0].posting)
	}
	for _, c := range m.places() {
		if w.block<<blockBits|int64(c.place) < w.below {
			w.matched = append(w.matched, c)
		}
	}
	w.matchedIn = w.block
	w.block--
	return true, nil
}

// reach goes down a token's rows to the block of the walk, or the next one that it has; nil: there is none.
func (w *walk) reach(ctx context.Context, p *postings) (*postingRow, error) {
	for {
		for len(p.rows) > 0 {
			if p.rows[0].block <= w.block {
				return &p.rows[0], nil
			}
			p.rows = p.rows[1:]
		}
		if p.end {
			return nil, nil
		}
		if w.postings >= walkPostings {
			return nil, nil
		}
		rows, err := list(ctx, w.x.read, func(r scanner) (row postingRow, err error) {
			return row, r.Scan(&row.block, &row.posting[0], &row.posting[1], &row.posting[2])
		}, `SELECT block, open, far, near FROM posting WHERE token = $1 AND block <= $2 ORDER BY block DESC LIMIT $3`, p.token, w.block, p.fetch)
		if err != nil {
			return nil, err
		}
		p.rows, p.end = rows, len(rows) < p.fetch
		p.fetch = min(2*p.fetch, walkFetch)
		w.postings += len(rows) + 1
	}
}

// lookUp finds the names of what matched in a block, those that were not forgotten.
func (w *walk) lookUp(ctx context.Context, found []match) error {
	args := make([]any, 0, walkBite+1)
	args = append(args, int64(w.kind))
	audiences := make(map[int64]core.Audience, len(found))
	for _, f := range found {
		seq := w.matchedIn<<blockBits | int64(f.place)
		audiences[seq] = f.audience
		args = append(args, seq)
	}
	for len(args) < cap(args) {
		args = append(args, int64(-1))
	}
	entries, err := list(ctx, w.x.read, func(r scanner) (c core.SearchCandidate, err error) {
		var seq int64
		err = r.Scan(&seq, &c.Owner, &c.ID)
		c.Audience = audiences[seq]
		return c, err
	}, lookUpQuery, args...)
	newestFirst(entries)
	w.old = entries
	return err
}

var lookUpQuery = `SELECT seq, owner, id FROM entry WHERE kind = ? AND seq IN (?` + strings.Repeat(`, ?`, walkBite-1) + `)`
