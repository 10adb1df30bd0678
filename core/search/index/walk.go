package index

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"musubi/core/store/engine"
)

// Bounds of a walk.
const (
	walkBatch    = 32   // candidates given at once
	walkPostings = 1200 // rows of postings read by one walk; it goes on later
	walkFetch    = 16   // of them read at once
)

// A Walk gives the candidates of a search: those of the buffer and those of the segments, merged by ID.
type Walk struct {
	x        *Index
	kind     Kind
	tokens   []*postings // none: there is nothing in the segments
	segment  int64       // the next segment that may have candidates
	below    int64       // their numbers are smaller
	postings int         // read so far
	cutAt    int64       // it ended there; 0: not yet, or because there was nothing more

	fresh, old []Candidate
	matched    []match // of the segment, not yet in old
	matchedIn  int64   // segment
	last       Key
}

// postings is the rest of one token's rows, the highest segment first.
type postings struct {
	token int64
	rows  []postingRow
	end   bool // there are no more after rows
	fetch int
}

type postingRow struct {
	segment int64
	posting
}

func newestFirst(list []Candidate) {
	slices.SortFunc(list, func(a, b Candidate) int { return cmp.Compare(b.ID, a.ID) })
}

// Find begins a walk over the things that may have all the folded words and whose IDs come before one, newest first.
func (x *Index) Find(ctx context.Context, kind Kind, words []string, before int64) (*Walk, error) {
	tokens := queryTokens(kind, words)
	w := &Walk{x: x, kind: kind}
	if len(tokens) == 0 {
		return w, nil
	}
	x.mu.RLock()
	w.fresh = x.buffer.find(tokens, before)
	s := x.manifest(kind)
	x.mu.RUnlock()
	if s.low == s.high {
		return w, nil
	}
	w.below = s.high << segmentBits
	if before != Newest {
		var seq int64
		err := x.db.On(ctx).Row(ctx, `SELECT seq FROM entry WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT 1`, kind, before).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return w, nil
		}
		if err != nil {
			return nil, err
		}
		w.below = seq + 1
	}
	w.segment = (w.below - 1) >> segmentBits
	for _, t := range tokens {
		w.tokens = append(w.tokens, &postings{token: t, fetch: 2})
	}
	return w, nil
}

// Next gives the next candidates, newest first; none at the end.
func (w *Walk) Next(ctx context.Context) ([]Candidate, error) {
	out := make([]Candidate, 0, walkBatch)
	for len(out) < walkBatch {
		if len(w.old) == 0 && len(w.tokens) > 0 {
			if err := w.refill(ctx); err != nil {
				return nil, err
			}
		}
		from := &w.old
		if len(w.old) == 0 || len(w.fresh) > 0 && w.fresh[0].ID >= w.old[0].ID {
			from = &w.fresh
		}
		if len(*from) == 0 {
			break
		}
		c := (*from)[0]
		*from = (*from)[1:]
		if c.Key != w.last { // fresh and old at once: it was changed
			out = append(out, c)
		}
		w.last = c.Key
	}
	return out, nil
}

// Cut says whether the walk ended because it had become too long, and before which ID it goes on.
func (w *Walk) Cut() (before int64, cut bool) { return w.cutAt, w.cutAt != 0 }

// stop ends a walk that has become too long before its next segment: what comes from memory must not be older.
func (w *Walk) stop(ctx context.Context) error {
	w.tokens = nil
	err := w.x.db.On(ctx).Row(ctx, `SELECT id FROM entry WHERE kind = $1 AND seq >= $2 ORDER BY seq LIMIT 1`, w.kind, (w.segment+1)<<segmentBits).Scan(&w.cutAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	w.fresh = slices.DeleteFunc(w.fresh, func(c Candidate) bool { return c.ID < w.cutAt })
	return err
}

// refill gets the next candidates out of the segments; at their end there are no tokens any more.
func (w *Walk) refill(ctx context.Context) error {
	for len(w.old) == 0 {
		for len(w.matched) == 0 {
			found, err := w.nextSegment(ctx)
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
		n := min(len(w.matched), walkBatch)
		if err := w.lookUp(ctx, w.matched[:n]); err != nil {
			return err
		}
		w.matched = w.matched[n:]
	}
	return nil
}

// nextSegment goes to the next segment that has all the tokens and lists what matches.
func (w *Walk) nextSegment(ctx context.Context) (found bool, err error) {
	for agreed := 0; agreed < len(w.tokens); {
		agreed = 0
		for _, p := range w.tokens {
			row, err := w.reach(ctx, p)
			if err != nil || row == nil {
				return false, err
			}
			if row.segment < w.segment {
				w.segment = row.segment
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
		if w.segment<<segmentBits|int64(c.place) < w.below {
			w.matched = append(w.matched, c)
		}
	}
	w.matchedIn = w.segment
	w.segment--
	return true, nil
}

// reach goes down a token's rows to the segment of the walk, or the next one that it has; nil: there is none.
func (w *Walk) reach(ctx context.Context, p *postings) (*postingRow, error) {
	for {
		for len(p.rows) > 0 {
			if p.rows[0].segment <= w.segment {
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
		rows, err := engine.List(ctx, w.x.db.On(ctx), func(r engine.Scanner) (row postingRow, err error) {
			return row, r.Scan(&row.segment, &row.posting[0], &row.posting[1], &row.posting[2])
		}, `SELECT segment, open, far, near FROM posting WHERE token = $1 AND segment <= $2 ORDER BY segment DESC LIMIT $3`, p.token, w.segment, p.fetch)
		if err != nil {
			return nil, err
		}
		p.rows, p.end = rows, len(rows) < p.fetch
		p.fetch = min(2*p.fetch, walkFetch)
		w.postings += len(rows) + 1
	}
}

// lookUp finds the names of what matched in a segment, those that were not forgotten.
func (w *Walk) lookUp(ctx context.Context, found []match) error {
	args := make([]any, 0, walkBatch+1)
	args = append(args, int64(w.kind))
	audiences := make(map[int64]Audience, len(found))
	for _, f := range found {
		seq := w.matchedIn<<segmentBits | int64(f.place)
		audiences[seq] = f.audience
		args = append(args, seq)
	}
	for len(args) < cap(args) {
		args = append(args, int64(-1))
	}
	entries, err := engine.List(ctx, w.x.db.On(ctx), func(r engine.Scanner) (c Candidate, err error) {
		var seq int64
		err = r.Scan(&seq, &c.Owner, &c.ID)
		c.Audience = audiences[seq]
		return c, err
	}, lookUpQuery, args...)
	newestFirst(entries)
	w.old = entries
	return err
}

var lookUpQuery = `SELECT seq, owner, id FROM entry WHERE kind = ? AND seq IN (?` + strings.Repeat(`, ?`, walkBatch-1) + `)`
