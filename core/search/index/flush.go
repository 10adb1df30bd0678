package index

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"musubi/core/store/engine"
)

// Flush puts on disk what waits in memory: the new things of each kind become a segment, and what has changed in older ones
// is merged into their segments. New things that are older than others on disk, to which a walk could not come in order, it
// forgets and returns, to be put in again.
func (x *Index) Flush(ctx context.Context) (late []Late, err error) {
	manifests, flushes := maps.Clone(x.manifests), x.filling.Flushes+1
	err = x.change(ctx, func(ctx context.Context, q engine.Querier) error {
		late = nil
		for _, kind := range x.buffer.kinds() {
			f := flush{q: q, buffer: x.buffer, kind: kind, manifest: x.manifest(kind), home: make(map[uint16]int64)}
			older, err := f.run(ctx)
			if err != nil {
				return err
			}
			late, manifests[kind] = append(late, older...), f.manifest
		}
		_, err := q.Run(ctx, `UPDATE filling SET flushes = $1`, flushes)
		return err
	})
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.manifests, x.filling.Flushes, x.buffer = manifests, flushes, newBuffer()
	return late, nil
}

// flush is the flush of one kind at work.
type flush struct {
	q        engine.Querier
	buffer   *buffer
	kind     Kind
	manifest manifest
	fresh    []uint16         // places in the buffer of new things, the oldest first
	home     map[uint16]int64 // the number on disk of what is in the buffer
}

func (f *flush) run(ctx context.Context) (late []Late, err error) {
	if late, err = f.sort(ctx); err != nil {
		return nil, err
	}
	if err := f.enter(ctx); err != nil || len(f.home) == 0 {
		return late, err
	}
	segments := f.segments()
	for segment, l := range segments {
		if segment == f.manifest.high {
			err = insertSegment(ctx, f.q, segment, l)
		} else {
			err = merge(ctx, f.q, segment, l)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(f.fresh) > 0 {
		f.manifest.high++
	}
	return late, putManifest(ctx, f.q, f.kind, f.manifest)
}

// sort tells what is new from what is on disk already, and from what came too late.
func (f *flush) sort(ctx context.Context) (late []Late, err error) {
	var newest int64
	if err := f.q.Row(ctx, `SELECT coalesce(max(id), 0) FROM entry WHERE kind = $1`, f.kind).Scan(&newest); err != nil {
		return nil, err
	}
	for place, e := range f.buffer.entries {
		if e.kind != f.kind || e.ID == 0 {
			continue
		}
		var seq int64
		err := f.q.Row(ctx, `SELECT seq FROM entry WHERE kind = $1 AND id = $2 AND owner = $3`, f.kind, e.ID, e.Owner).Scan(&seq)
		switch {
		case err == nil:
			f.home[uint16(place)] = seq
		case !errors.Is(err, sql.ErrNoRows):
			return nil, err
		case e.ID < newest:
			late = append(late, Late{Kind: f.kind, Key: e.Key})
		default:
			f.fresh = append(f.fresh, uint16(place))
		}
	}
	slices.SortFunc(f.fresh, func(a, b uint16) int { return cmp.Compare(f.buffer.entries[a].ID, f.buffer.entries[b].ID) })
	return late, nil
}

// enter gives the new things their numbers.
func (f *flush) enter(ctx context.Context) error {
	return engine.Insert(ctx, f.q, func(out *engine.Queue) {
		entries := out.Rows("entry", entryColumns)
		for i, place := range f.fresh {
			seq, e := f.manifest.high<<segmentBits|int64(i), f.buffer.entries[place]
			f.home[place] = seq
			entries.Add(int64(f.kind), seq, e.Owner, e.ID)
		}
		entries.End()
	})
}

// segments divides the lists of the buffer by the segments that the things are in.
func (f *flush) segments() map[int64]lists {
	segments := make(map[int64]lists)
	if len(f.fresh) > 0 {
		segments[f.manifest.high] = newLists(len(f.buffer.lists))
	}
	for key, places := range f.buffer.lists {
		if key.kind() != f.kind {
			continue
		}
		for _, place := range places {
			seq, ok := f.home[place]
			if !ok {
				continue // forgotten, or late
			}
			segment := seq >> segmentBits
			l := segments[segment]
			if l == nil {
				l = newLists(0)
				segments[segment] = l
			}
			l[key] = append(l[key], uint16(seq&(segmentSize-1)))
		}
	}
	return segments
}

// merge adds to the lists of a segment.
func merge(ctx context.Context, q engine.Querier, segment int64, l lists) error {
	for token, sets := range l.tokens() {
		var p posting
		err := q.Row(ctx, `SELECT open, far, near FROM posting WHERE token = $1 AND segment = $2`, token, segment).Scan(&p[0], &p[1], &p[2])
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		for a := range sets {
			var whole placeSet
			whole.unpack(p[a])
			for _, place := range sets[a] {
				whole.add(place)
			}
			sets[a] = whole.places()
		}
		if _, err := q.Run(ctx, `INSERT INTO posting (token, segment, open, far, near) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (token, segment) DO UPDATE SET open = excluded.open, far = excluded.far, near = excluded.near`,
			token, segment, pack(sets[0]), pack(sets[1]), pack(sets[2])); err != nil {
			return err
		}
	}
	return nil
}
