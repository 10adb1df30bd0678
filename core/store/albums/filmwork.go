package albums

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// ClaimFilm implements album.FilmWorkStore.
func (s Films) ClaimFilm(ctx context.Context, worker core.ID, now, until time.Time) (j album.FilmJob, err error) {
	j.Worker = worker
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		err := base.One(q.Row(ctx, `UPDATE film SET worker = $1, claimed_until = $2, tries = tries + 1 WHERE (member, photo) IN
			(SELECT member, photo FROM film WHERE state = 0 AND claimed_until <= $3 ORDER BY photo LIMIT 1) RETURNING member, photo, source, tries`,
			worker, engine.Millis(until), engine.Millis(now)).Scan(&j.Owner, &j.Photo, &j.Source, &j.Tries))
		if err != nil {
			return err
		}
		j.Have, err = engine.List(ctx, q, func(r engine.Scanner) (way string, err error) { return way, r.Scan(&way) },
			`SELECT DISTINCT way FROM film_part WHERE member = $1 AND photo = $2`, j.Owner, j.Photo)
		return err
	})
	return j, err
}

// ours is a film that this worker still makes.
const ours = ` WHERE member = $1 AND photo = $2 AND worker = $3 AND state = 0`

// RenewFilm implements album.FilmWorkStore.
func (s Films) RenewFilm(ctx context.Context, j album.FilmJob, until time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error { return holdFilm(ctx, q, j, until) })
}

func holdFilm(ctx context.Context, q engine.Querier, j album.FilmJob, until time.Time) error {
	n, err := q.Run(ctx, `UPDATE film SET claimed_until = $4`+ours, j.Owner, j.Photo, j.Worker, engine.Millis(until))
	if err == nil && n == 0 {
		err = core.ErrNotFound
	}
	return err
}

// AddFilmWay implements album.FilmWorkStore.
func (s Films) AddFilmWay(ctx context.Context, j album.FilmJob, w album.FilmWay) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE film SET worker = worker`+ours, j.Owner, j.Photo, j.Worker)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		if _, err := q.Run(ctx, `DELETE FROM film_part WHERE member = $1 AND photo = $2 AND way = $3`, j.Owner, j.Photo, w.Name); err != nil {
			return err
		}
		for i, p := range w.Parts {
			_, err := q.Run(ctx, `INSERT INTO film_part (member, photo, way, part, type, hash, bytes, length) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				j.Owner, j.Photo, w.Name, i+1, w.Type, p.Hash, p.Bytes, p.Length.Milliseconds())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// EndFilm implements album.FilmWorkStore. A file that serves several kinds of handsets is kept once, and counts once.
func (s Films) EndFilm(ctx context.Context, j album.FilmJob, state album.FilmState, reason string) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		var had, has int64
		var source string
		if err := base.One(q.Row(ctx, `SELECT bytes, source FROM film`+ours, j.Owner, j.Photo, j.Worker).Scan(&had, &source)); err != nil {
			return err
		}
		if state == album.FilmFailed { // half a film is none
			if err := engine.RunAll(ctx, q,
				engine.Step{Query: `INSERT INTO spare_blob (hash, since) SELECT DISTINCT hash, $3 FROM film_part WHERE member = $1 AND photo = $2
					ON CONFLICT (hash) DO UPDATE SET since = excluded.since`, Args: []any{j.Owner, j.Photo, time.Now().UnixMilli()}},
				engine.Step{Query: `DELETE FROM film_part WHERE member = $1 AND photo = $2`, Args: []any{j.Owner, j.Photo}}); err != nil {
				return err
			}
		}
		err := q.Row(ctx, `SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT hash, bytes FROM film_part WHERE member = $1 AND photo = $2) f`,
			j.Owner, j.Photo).Scan(&has)
		if err != nil {
			return err
		}
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE film SET state = $3, reason = $4, bytes = $5, source = '', worker = 0, claimed_until = 0 WHERE member = $1 AND photo = $2`,
				Args: []any{j.Owner, j.Photo, state, reason, has}},
			engine.Step{Query: `UPDATE album_room SET film_bytes = film_bytes + $2 WHERE member = $1`, Args: []any{j.Owner, has - had}},
			engine.Step{Query: spareBlob, Args: []any{source, time.Now().UnixMilli()}})
	})
}
