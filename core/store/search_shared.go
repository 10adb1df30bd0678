package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/search"
	"musubi/core/store/engine"
)

// What the indexes of several processes on one database have to agree on. Each has a row of its own in search_filling, named by its
// filling, and a note stays until every one has it on its disk.

// forgottenAfter is how long the notes wait for an index of which nothing is heard; it is filled anew when it comes back.
const forgottenAfter = 24 * time.Hour

// own is the filling of this process's index; 0: there is none yet.
func (s Search) own() int64 {
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	if s.file.index == nil {
		return 0
	}
	return s.file.index.Filling().ID
}

// putSharedNote numbers a note itself: the clocks of several machines do not agree.
func (s Search) putSharedNote(ctx context.Context, n search.Note) error {
	return s.change(ctx, `INSERT INTO search_note (member, kind, id, n) VALUES ($1, $2, $3, nextval('musubi_number'))
		ON CONFLICT (member, kind, id) DO UPDATE SET n = excluded.n`, n.Owner, n.Kind, n.ID)
}

// sharedNotes passes over none that is stored a moment later with a lower number.
func (s Search) sharedNotes(ctx context.Context, after core.ID, limit int) ([]search.Note, error) {
	var any int64
	if err := s.on(ctx).Row(ctx, `SELECT n FROM search_note WHERE n > $1 LIMIT 1`, after).Scan(&any); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return nil, err
	}
	upTo, err := s.db.Settled(ctx)
	if err != nil {
		return nil, err
	}
	return engine.List(ctx, s.on(ctx), searchNote, searchNotes+` AND n <= $3 ORDER BY n LIMIT $2`, after, limit, upTo)
}

func (s Search) sharedFilling(ctx context.Context) (f search.Filling, err error) {
	err = one(s.on(ctx).Row(ctx, `SELECT id, seals FROM search_filling WHERE one = $1`, s.own()).Scan(&f.ID, &f.Seals))
	if err == core.ErrNotFound {
		err = nil
	}
	return f, err
}

func (s Search) setSharedFilling(ctx context.Context, f search.Filling) error {
	if f.ID == 0 {
		return s.change(ctx, `DELETE FROM search_filling WHERE one = $1`, s.own())
	}
	return s.change(ctx, `INSERT INTO search_filling (one, id, seals, seen) VALUES ($1, $1, $2, $3)
		ON CONFLICT (one) DO UPDATE SET seals = excluded.seals, seen = excluded.seen`, f.ID, f.Seals, engine.Millis(time.Now()))
}

// deleteSharedNotes notes what this index has, and deletes what all have.
func (s Search) deleteSharedNotes(ctx context.Context, upTo core.ID, limit int) (removed int, err error) {
	now := time.Now()
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		err := engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE search_filling SET sealed = max(sealed, $1), seen = $2 WHERE one = $3`, Args: []any{upTo, engine.Millis(now), s.own()}},
			engine.Step{Query: `DELETE FROM search_filling WHERE seen < $1`, Args: []any{engine.Millis(now.Add(-forgottenAfter))}})
		if err != nil {
			return err
		}
		n, err := q.Run(ctx, `DELETE FROM search_note WHERE (member, kind, id) IN
			(SELECT member, kind, id FROM search_note WHERE n <= (SELECT min(sealed) FROM search_filling) ORDER BY n LIMIT $1)`, limit)
		removed = int(n)
		return err
	})
	return removed, err
}
