package musicdb

import (
	"context"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/shop"
	"musubi/core/store/engine"
)

// The counters of a chart stand apart from those of all time, which trackNames has.
const (
	chartColumns = `SELECT k.listeners, k.plays, ` + trackColumns
	chartOrder   = ` ORDER BY k.listeners DESC, k.plays DESC, t.id `
)

func chartRow(r engine.Scanner) (row music.Row, err error) {
	return row, r.Scan(append([]any{&row.Listeners, &row.Plays}, trackFields(&row.Track)...)...)
}

// Counted implements music.ChartStore.
func (db Store) Counted(ctx context.Context, p music.Period, genre music.Genre, limit int) ([]music.Row, error) {
	return counted(ctx, db.On(ctx), p, genre, limit)
}

func counted(ctx context.Context, q engine.Querier, p music.Period, genre music.Genre, limit int) ([]music.Row, error) {
	return engine.List(ctx, q, chartRow, chartColumns+` FROM music_count k JOIN music_track t ON t.id = k.track`+trackNames+
		`WHERE k.period = $1 AND k.listeners >= 2 AND ($2 = 0 OR a.genre = $2)`+chartOrder+`LIMIT $3`, p, genre, limit)
}

// Kept implements music.ChartStore.
func (db Store) Kept(ctx context.Context, p music.Period, genre music.Genre) ([]music.Row, error) {
	return engine.List(ctx, db.On(ctx), chartRow, chartColumns+` FROM music_chart k JOIN music_track t ON t.id = k.track`+trackNames+
		`WHERE k.period = $1 AND k.genre = $2 ORDER BY k.n`, p, genre)
}

// IsKept implements music.ChartStore.
func (db Store) IsKept(ctx context.Context, p music.Period) (kept bool, err error) {
	return kept, db.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM music_kept WHERE period = $1)`, p).Scan(&kept)
}

// Keep implements music.ChartStore.
func (db Store) Keep(ctx context.Context, p music.Period, limit int) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, g := range append([]music.Genre{music.AnyGenre}, music.Genres()...) {
			rows, err := counted(ctx, q, p, g, limit)
			if err != nil {
				return err
			}
			for n := range rows {
				if _, err := q.Run(ctx, `INSERT INTO music_chart (period, genre, n, track, listeners, plays) VALUES ($1, $2, $3, $4, $5, $6)`,
					p, g, n+1, rows[n].Track.ID, rows[n].Listeners, rows[n].Plays); err != nil {
					return err
				}
			}
		}
		_, err := q.Run(ctx, `INSERT INTO music_kept (period, cleared) VALUES ($1, 0)`, p)
		return err
	})
}

func periodRow(r engine.Scanner) (p music.Period, err error) { return p, r.Scan(&p) }

// KeptPeriods implements music.ChartStore.
func (db Store) KeptPeriods(ctx context.Context, from, to music.Period) ([]music.Period, error) {
	return engine.List(ctx, db.On(ctx), periodRow, `SELECT period FROM music_kept WHERE period >= $1 AND period <= $2 ORDER BY period DESC`, from, to)
}

// Unkept implements music.ChartStore. It skips from one period to the next, so that it reads as many rows as there are periods.
func (db Store) Unkept(ctx context.Context, day, week music.Period) ([]music.Period, error) {
	return unkept(ctx, db.On(ctx), day, week)
}

func unkept(ctx context.Context, q engine.Querier, day, week music.Period) ([]music.Period, error) {
	return engine.List(ctx, q, periodRow, `WITH RECURSIVE has (period) AS (
			SELECT min(period) FROM music_count WHERE period > 0
			UNION ALL SELECT (SELECT min(period) FROM music_count WHERE period > has.period) FROM has WHERE has.period IS NOT NULL)
		SELECT period FROM has WHERE (period < $1 AND period < $3 OR period >= $3 AND period < $2) AND period NOT IN (SELECT period FROM music_kept)`, day, week, music.FirstWeek)
}

// Uncleared implements music.ChartStore.
func (db Store) Uncleared(ctx context.Context) ([]music.Period, error) {
	return engine.List(ctx, db.On(ctx), periodRow, `SELECT period FROM music_kept WHERE cleared = 0`)
}

// Clear implements music.ChartStore.
func (db Store) Clear(ctx context.Context, p music.Period, limit int) (n int, err error) {
	err = db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		rows, err := q.Run(ctx, `DELETE FROM music_listener WHERE period = $1 AND (track, member) IN (SELECT track, member FROM music_listener WHERE period = $1 LIMIT $2)`, p, limit)
		if err == nil && rows < int64(limit) {
			var more int64
			more, err = q.Run(ctx, `DELETE FROM music_count WHERE period = $1 AND track IN (SELECT track FROM music_count WHERE period = $1 LIMIT $2)`, p, int64(limit)-rows)
			rows += more
		}
		if n = int(rows); err != nil || n == limit {
			return err
		}
		_, err = q.Run(ctx, `UPDATE music_kept SET cleared = 1 WHERE period = $1`, p)
		return err
	})
	return n, err
}

// Click implements music.ChartStore.
func (db Store) Click(ctx context.Context, day music.Period, shop string, track core.ID) error {
	return db.Change(ctx, `INSERT INTO music_click (day, shop, track, clicks) VALUES ($1, $2, $3, 1) ON CONFLICT (day, shop, track) DO UPDATE SET clicks = music_click.clicks + 1`, day, shop, track)
}

// Clicks implements music.ChartStore.
func (db Store) Clicks(ctx context.Context, from music.Period) ([]shop.Clicks, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (c shop.Clicks, err error) { return c, r.Scan(&c.Shop, &c.Clicks) },
		`SELECT shop, sum(clicks) FROM music_click WHERE day >= $1 GROUP BY shop ORDER BY shop`, from)
}
