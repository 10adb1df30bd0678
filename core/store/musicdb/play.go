package musicdb

import (
	"context"
	"errors"
	"math"
	"time"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// putter stores the plays of one member.
type putter struct {
	ctx     context.Context
	q       engine.Querier
	member  core.ID
	counted bool
	id      func() core.ID
}

// PutPlays implements music.PlayStore.
func (db Store) PutPlays(ctx context.Context, member core.ID, received time.Time, plays []music.NewPlay, id func() core.ID) (verdicts []music.Verdict, err error) {
	err = db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		p := putter{ctx: ctx, q: q, member: member, id: id}
		verdicts = make([]music.Verdict, len(plays))
		today, err := p.begin(received, len(plays))
		if err != nil {
			return err
		}
		room, off := music.MaxDaily-(today-len(plays)), 0
		for i := range plays {
			if verdicts[i] = music.TooMany; room > 0 {
				if verdicts[i], err = p.put(&plays[i]); err != nil {
					return err
				}
			}
			if verdicts[i] == music.Taken {
				room--
			} else {
				off++
			}
		}
		if off == 0 {
			return nil
		}
		_, err = q.Run(ctx, `UPDATE music_member SET plays = plays - $2, today = today - $2 WHERE member = $1`, member, off)
		return err
	})
	return verdicts, err
}

// begin counts the plays for the member as if all were taken, and says how many they have today then.
func (p *putter) begin(received time.Time, n int) (today int, err error) {
	err = p.q.Row(p.ctx, `INSERT INTO music_member (member, visibility, counted, plays, day, today) VALUES ($1, 0, 1, $2, $3, $2)
		ON CONFLICT (member) DO UPDATE SET plays = music_member.plays + excluded.plays, today = CASE WHEN music_member.day = excluded.day THEN music_member.today ELSE 0 END + excluded.today, day = excluded.day
		RETURNING counted, today`, p.member, n, music.DayOf(received)).Scan(&p.counted, &today)
	return today, err
}

// known is what a play needs of its track.
type known struct {
	id, artist, album core.ID
	title, name       string
}

// put stores one play and counts it.
func (p *putter) put(n *music.NewPlay) (music.Verdict, error) {
	t, err := p.track(n)
	if err != nil {
		return 0, err
	}
	// The same track again before it can have ended is the same play: its player did not get our answer, or sends the end of
	// the play instead of its start. A second is left to lengths that are rounded up, so that one on repeat counts each time.
	near := max(n.Length.Milliseconds()-1000, 1)
	at := engine.Millis(n.At)
	stored, err := p.q.Run(p.ctx, `INSERT INTO music_play (member, at, track) SELECT $1, $2, $3
		WHERE NOT EXISTS (SELECT 1 FROM music_play WHERE member = $1 AND at > $2 - $4 AND at < $2 + $4 AND track = $3)`, p.member, at, t.id, near)
	if err != nil || stored == 0 {
		return music.Double, err
	}
	var plays int
	if err := p.q.Row(p.ctx, `INSERT INTO music_heard (member, track, artist, title, plays) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (member, track) DO UPDATE SET plays = music_heard.plays + 1 RETURNING plays`, p.member, t.id, n.Artist, n.Title).Scan(&plays); err != nil {
		return 0, err
	}
	if p.counted {
		if err := p.count(n.Counts, t.id, plays == 1); err != nil {
			return 0, err
		}
	}
	if plays == 1 {
		err = p.firstHeard(n, &t)
	} else if t.album == 0 && n.AlbumKey != "" {
		err = p.album(n, &t)
	}
	return music.Taken, err
}

// count moves the counters of all time and of the charts: day before week, whose row is there when the day's is.
func (p *putter) count(charts []music.Period, track core.ID, first bool) error {
	fresh := func(yes bool) int64 {
		if yes {
			return 1
		}
		return 0
	}
	var rows int64
	var err error
	switch len(charts) {
	case 0:
		_, err = p.q.Run(p.ctx, countUp1, track, fresh(first))
	case 1:
		if rows, err = p.q.Run(p.ctx, `INSERT INTO music_listener (period, track, member) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, charts[0], track, p.member); err == nil {
			_, err = p.q.Run(p.ctx, countUp2, track, fresh(first), charts[0], rows)
		}
	default:
		rows, err = p.q.Run(p.ctx, `INSERT INTO music_listener (period, track, member) VALUES ($1, $3, $4), ($2, $3, $4) ON CONFLICT DO NOTHING`,
			charts[0], charts[1], track, p.member)
		if err == nil {
			_, err = p.q.Run(p.ctx, countUp3, track, fresh(first), charts[0], fresh(rows > 0), charts[1], fresh(rows > 1))
		}
	}
	return err
}

const (
	countUp   = ` ON CONFLICT (period, track) DO UPDATE SET listeners = music_count.listeners + excluded.listeners, plays = music_count.plays + 1`
	countUp1  = `INSERT INTO music_count (period, track, listeners, plays) VALUES (0, $1, $2, 1)` + countUp
	countUp2  = `INSERT INTO music_count (period, track, listeners, plays) VALUES (0, $1, $2, 1), ($3, $1, $4, 1)` + countUp
	countUp3  = `INSERT INTO music_count (period, track, listeners, plays) VALUES (0, $1, $2, 1), ($3, $1, $4, 1), ($5, $1, $6, 1)` + countUp
	joinedKey = "\n" // between the parts of a key; folded names have none
)

// track finds the track of a play, or makes it.
func (p *putter) track(n *music.NewPlay) (t known, err error) {
	key := n.ArtistKey + joinedKey + n.TitleKey
	err = base.One(p.q.Row(p.ctx, `SELECT t.id, t.artist, t.album, t.title, a.name FROM music_name n JOIN music_track t ON t.id = n.thing JOIN music_artist a ON a.id = t.artist
		WHERE n.kind = 1 AND n.key = $1`, key).Scan(&t.id, &t.artist, &t.album, &t.title, &t.name))
	if !errors.Is(err, core.ErrNotFound) {
		return t, err
	}
	if t.artist, t.name, err = p.artist(n.ArtistKey, n.Artist); err != nil {
		return t, err
	}
	if again, err := p.spelled(trackName, t.artist, key, n.TitleKey); err != nil || again {
		if err != nil {
			return t, err
		}
		return p.track(n)
	}
	t.id, t.title = p.id(), n.Title
	err = engine.RunAll(p.ctx, p.q,
		engine.Step{Query: `INSERT INTO music_track (id, artist, title, length, mbid) VALUES ($1, $2, $3, $4, $5)`, Args: []any{t.id, t.artist, n.Title, n.Length.Milliseconds(), n.MBID}},
		engine.Step{Query: `INSERT INTO music_name (kind, key, thing) VALUES (1, $1, $2)`, Args: []any{key, t.id}})
	if err != nil {
		return t, err
	}
	return t, p.begins(trackName, t.id, n.Title)
}

// spelled notes a key for what the artist has already, under another of their names.
func (p *putter) spelled(kind int, artist core.ID, key, title string) (known bool, err error) {
	thing, err := bySpelling(p.ctx, p.q, kind, artist, title)
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		_, err = p.q.Run(p.ctx, `INSERT INTO music_name (kind, key, thing) VALUES ($1, $2, $3)`, kind, key, thing)
	}
	return err == nil, err
}

// artist finds an artist by a key, or makes one.
func (p *putter) artist(key, name string) (id core.ID, shown string, err error) {
	err = base.One(p.q.Row(p.ctx, `SELECT a.id, a.name FROM music_name n JOIN music_artist a ON a.id = n.thing WHERE n.kind = 0 AND n.key = $1`, key).Scan(&id, &shown))
	if !errors.Is(err, core.ErrNotFound) {
		return id, shown, err
	}
	id = p.id()
	err = engine.RunAll(p.ctx, p.q,
		engine.Step{Query: `INSERT INTO music_artist (id, name) VALUES ($1, $2)`, Args: []any{id, name}},
		engine.Step{Query: `INSERT INTO music_name (kind, key, thing) VALUES (0, $1, $2)`, Args: []any{key, id}})
	if err != nil {
		return id, name, err
	}
	return id, name, p.begins(artistName, id, name)
}

// begins notes where a search may begin in a name.
func (p *putter) begins(kind int, thing core.ID, name string) error {
	for _, start := range core.Starts(name) {
		if _, err := p.q.Run(p.ctx, `INSERT INTO music_start (kind, start, thing) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, kind, start, thing); err != nil {
			return err
		}
	}
	return nil
}

// firstHeard is what follows when a member hears a track for the first time: their spelling counts, and their album when the
// track has none.
func (p *putter) firstHeard(n *music.NewPlay, t *known) error {
	if n.Title != t.title {
		if err := p.spell(trackName, t.id, n.Title, `SELECT count(*) FROM music_heard WHERE track = $1`, `UPDATE music_track SET title = $2 WHERE id = $1`, t.title); err != nil {
			return err
		}
	}
	if n.Artist != t.name {
		if err := p.spell(artistName, t.artist, n.Artist, `SELECT count(*) FROM music_track t JOIN music_heard h ON h.track = t.id WHERE t.artist = $1`,
			`UPDATE music_artist SET name = $2 WHERE id = $1`, t.name); err != nil {
			return err
		}
	}
	if t.album == 0 && n.AlbumKey != "" {
		return p.album(n, t)
	}
	return nil
}

// spell counts another spelling than the one shown, and shows it when most use it. Those of the one shown are all others.
func (p *putter) spell(kind int, thing core.ID, spelling, all, show, shown string) error {
	var votes, others, total int
	if err := p.q.Row(p.ctx, `INSERT INTO music_spelling (kind, thing, spelling, votes) VALUES ($1, $2, $3, 1)
		ON CONFLICT (kind, thing, spelling) DO UPDATE SET votes = music_spelling.votes + 1 RETURNING votes`, kind, thing, spelling).Scan(&votes); err != nil {
		return err
	}
	if err := p.q.Row(p.ctx, `SELECT sum(votes) FROM music_spelling WHERE kind = $1 AND thing = $2`, kind, thing).Scan(&others); err != nil {
		return err
	}
	if err := p.q.Row(p.ctx, all, thing).Scan(&total); err != nil || votes <= total-others {
		return err
	}
	return engine.RunAll(p.ctx, p.q,
		engine.Step{Query: show, Args: []any{thing, spelling}},
		engine.Step{Query: `DELETE FROM music_spelling WHERE kind = $1 AND thing = $2 AND spelling = $3`, Args: []any{kind, thing, spelling}},
		engine.Step{Query: `INSERT INTO music_spelling (kind, thing, spelling, votes) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, thing, spelling) DO UPDATE SET votes = excluded.votes`,
			Args: []any{kind, thing, shown, total - others}})
}

// album puts a track on an album, which is made when it is not known.
func (p *putter) album(n *music.NewPlay, t *known) error {
	key := n.AlbumArtistKey + joinedKey + n.AlbumKey
	album, err := nameOf(p.ctx, p.q, albumName, key)
	if errors.Is(err, core.ErrNotFound) {
		album, err = p.newAlbum(n, key)
	}
	if err != nil {
		return err
	}
	_, err = p.q.Run(p.ctx, `UPDATE music_track SET album = $2 WHERE id = $1`, t.id, album)
	return err
}

// newAlbum makes an album that has no such key, unless its artist has it under another name.
func (p *putter) newAlbum(n *music.NewPlay, key string) (core.ID, error) {
	artist, _, err := p.artist(n.AlbumArtistKey, n.AlbumArtist)
	if err != nil {
		return 0, err
	}
	if known, err := p.spelled(albumName, artist, key, n.AlbumKey); err != nil || known {
		if err != nil {
			return 0, err
		}
		return nameOf(p.ctx, p.q, albumName, key)
	}
	album := p.id()
	return album, engine.RunAll(p.ctx, p.q,
		engine.Step{Query: `INSERT INTO music_album (id, artist, title) VALUES ($1, $2, $3)`, Args: []any{album, artist, n.Album}},
		engine.Step{Query: `INSERT INTO music_name (kind, key, thing) VALUES (2, $1, $2)`, Args: []any{key, album}})
}

// DeletePlays implements music.PlayStore.
func (db Store) DeletePlays(ctx context.Context, member core.ID, plays []music.PlayKey, charts []music.Period) (gone int, err error) {
	err = db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		gone = 0
		var counted bool
		if err := base.One(q.Row(ctx, `SELECT counted FROM music_member WHERE member = $1`, member).Scan(&counted)); err != nil {
			return err
		}
		for _, k := range plays {
			n, err := q.Run(ctx, `DELETE FROM music_play WHERE member = $1 AND at = $2 AND track = $3`, member, engine.Millis(k.At), k.Track)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			gone++
			if err := takeBack(ctx, q, member, k, counted, charts); err != nil {
				return err
			}
		}
		_, err := q.Run(ctx, `UPDATE music_member SET plays = plays - $2 WHERE member = $1`, member, gone)
		return err
	})
	return gone, err
}

// takeBack counts one play off that is no more.
func takeBack(ctx context.Context, q engine.Querier, member core.ID, k music.PlayKey, counted bool, charts []music.Period) error {
	if _, err := q.Run(ctx, `UPDATE music_heard SET plays = plays - 1 WHERE member = $1 AND track = $2`, member, k.Track); err != nil {
		return err
	}
	last, err := q.Run(ctx, `DELETE FROM music_heard WHERE member = $1 AND track = $2 AND plays <= 0`, member, k.Track)
	if err != nil || !counted {
		return err
	}
	if err := countDown(ctx, q, music.AllTime, k.Track, last); err != nil {
		return err
	}
	for _, p := range charts {
		if k.At.Before(p.Start()) || !k.At.Before(p.End()) {
			continue
		}
		left, err := q.Run(ctx, `DELETE FROM music_listener WHERE period = $1 AND track = $2 AND member = $3
			AND NOT EXISTS (SELECT 1 FROM music_play WHERE member = $3 AND at >= $4 AND at < $5 AND track = $2)`,
			p, k.Track, member, engine.Millis(p.Start()), engine.Millis(p.End()))
		if err != nil {
			return err
		}
		if err := countDown(ctx, q, p, k.Track, left); err != nil {
			return err
		}
	}
	return nil
}

func countDown(ctx context.Context, q engine.Querier, p music.Period, track core.ID, listeners int64) error {
	_, err := q.Run(ctx, `UPDATE music_count SET listeners = listeners - $3, plays = plays - 1 WHERE period = $1 AND track = $2`, p, track, listeners)
	return err
}

// Count implements music.PlayStore.
func (db Store) Count(ctx context.Context, member core.ID, count bool, charts []music.Period) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error { return recount(ctx, q, member, count, charts) })
}

// recount makes the plays of a member count, or not, in all time and the charts named.
func recount(ctx context.Context, q engine.Querier, member core.ID, count bool, charts []music.Period) error {
	n, err := q.Run(ctx, `UPDATE music_member SET counted = $2 WHERE member = $1 AND counted <> $2`, member, count)
	if err != nil || n == 0 {
		return err
	}
	sign := int64(-1)
	if count {
		sign = 1
	}
	if _, err := q.Run(ctx, countAll, member, sign); err != nil {
		return err
	}
	for _, p := range charts {
		from, to := engine.Millis(p.Start()), engine.Millis(p.End())
		steps := []engine.Step{{Query: countPeriod, Args: []any{member, sign, p, from, to}}}
		if count {
			steps = append(steps, engine.Step{Query: `INSERT INTO music_listener (period, track, member) SELECT DISTINCT $2, track, $1 FROM music_play
				WHERE member = $1 AND at >= $3 AND at < $4 ON CONFLICT DO NOTHING`, Args: []any{member, p, from, to}})
		} else {
			steps = append(steps, engine.Step{Query: `DELETE FROM music_listener WHERE period = $2 AND member = $1
				AND track IN (SELECT track FROM music_play WHERE member = $1 AND at >= $3 AND at < $4)`, Args: []any{member, p, from, to}})
		}
		if err := engine.RunAll(ctx, q, steps...); err != nil {
			return err
		}
	}
	return nil
}

const (
	countAll = `INSERT INTO music_count (period, track, listeners, plays) SELECT 0, track, $2, $2 * plays FROM music_heard WHERE member = $1 AND plays > 0
		ON CONFLICT (period, track) DO UPDATE SET listeners = music_count.listeners + excluded.listeners, plays = music_count.plays + excluded.plays`
	countPeriod = `INSERT INTO music_count (period, track, listeners, plays) SELECT $3, track, $2, $2 * count(*) FROM music_play WHERE member = $1 AND at >= $4 AND at < $5 GROUP BY track
		ON CONFLICT (period, track) DO UPDATE SET listeners = music_count.listeners + excluded.listeners, plays = music_count.plays + excluded.plays`
)

// present takes the plays of a member who is suspended or leaves out of what is counted, and back in for one who comes back and
// publishes them.
// Charts that have not been kept move: whoever leaves at five in the morning is in yesterday's or not, as it happens.
func present(ctx context.Context, q engine.Querier, member core.ID, there bool) error {
	var v core.Visibility
	err := base.One(q.Row(ctx, `SELECT visibility FROM music_member WHERE member = $1`, member).Scan(&v))
	if errors.Is(err, core.ErrNotFound) {
		return nil // they never told of a play
	}
	if err != nil {
		return err
	}
	charts, err := unkept(ctx, q, math.MaxInt64, math.MaxInt64)
	if err != nil {
		return err
	}
	return recount(ctx, q, member, there && v != core.Private, charts)
}

// Plays implements music.PlayStore.
func (db Store) Plays(ctx context.Context, member, track core.ID, p core.Page) ([]music.Heard, error) {
	return engine.List(ctx, db.On(ctx), heardRow, `SELECT p.at, `+trackColumns+` FROM music_play p`+trackJoins+`ON t.id = p.track`+trackNames+
		`WHERE p.member = $1 AND ($2 = 0 OR p.track = $2) ORDER BY p.at DESC LIMIT $3 OFFSET $4`, member, track, p.Limit(), p.Offset())
}

func heardRow(r engine.Scanner) (h music.Heard, err error) {
	err = r.Scan(append([]any{engine.Moment(&h.At)}, trackFields(&h.Track)...)...)
	return h, err
}

// SetNow implements music.PlayStore.
func (db Store) SetNow(ctx context.Context, member core.ID, p music.Play, until time.Time) error {
	return db.Change(ctx, `INSERT INTO music_member (member, visibility, counted, plays, day, today, now_artist, now_title, now_album, now_until) VALUES ($1, 0, 1, 0, 0, 0, $2, $3, $4, $5)
		ON CONFLICT (member) DO UPDATE SET now_artist = excluded.now_artist, now_title = excluded.now_title, now_album = excluded.now_album, now_until = excluded.now_until`,
		member, p.Artist, p.Title, p.Album, engine.Millis(until))
}

// SetLove implements music.PlayStore.
func (db Store) SetLove(ctx context.Context, member, track core.ID, love bool, at time.Time) error {
	if !love {
		return db.Change(ctx, `DELETE FROM music_love WHERE member = $1 AND track = $2`, member, track)
	}
	return db.Change(ctx, `INSERT INTO music_love (member, track, loved_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, member, track, engine.Millis(at))
}

// InsertKey implements music.KeyStore.
func (db Store) InsertKey(ctx context.Context, k music.PlayerKey) error {
	return db.Change(ctx, `INSERT INTO music_key (member, id, player, made_at, used_at) VALUES ($1, $2, $3, $4, 0)`, k.Member, k.ID, k.Player, engine.Millis(k.MadeAt))
}

const keyColumns = `SELECT member, id, player, made_at, used_at FROM music_key `

func keyRow(r engine.Scanner) (k music.PlayerKey, err error) {
	return k, r.Scan(&k.Member, &k.ID, &k.Player, engine.Moment(&k.MadeAt), engine.Moment(&k.UsedAt))
}

// Key implements music.KeyStore.
func (db Store) Key(ctx context.Context, id core.ID) (music.PlayerKey, error) {
	k, err := keyRow(db.On(ctx).Row(ctx, keyColumns+`WHERE id = $1`, id))
	return k, base.One(err)
}

// Keys implements music.KeyStore.
func (db Store) Keys(ctx context.Context, member core.ID) ([]music.PlayerKey, error) {
	return engine.List(ctx, db.On(ctx), keyRow, keyColumns+`WHERE member = $1 ORDER BY id DESC`, member)
}

// DeleteKey implements music.KeyStore.
func (db Store) DeleteKey(ctx context.Context, member, id core.ID) error {
	return db.changed(ctx, `DELETE FROM music_key WHERE member = $1 AND id = $2`, member, id)
}

// SetKeyUsed implements music.KeyStore.
func (db Store) SetKeyUsed(ctx context.Context, id core.ID, at time.Time) error {
	return db.Change(ctx, `UPDATE music_key SET used_at = $2 WHERE id = $1`, id, engine.Millis(at))
}
