package musicdb

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// trackColumns go with trackJoins, a condition that ties t, and trackNames.
const (
	trackColumns = `t.id, t.title, t.artist, a.name, t.album, coalesce(b.title, ''), t.length, coalesce(c.listeners, 0), coalesce(c.plays, 0), t.merged`
	trackJoins   = ` JOIN music_track t `
	trackNames   = ` JOIN music_artist a ON a.id = t.artist LEFT JOIN music_album b ON b.id = t.album LEFT JOIN music_count c ON c.period = 0 AND c.track = t.id `
)

func trackFields(t *music.Track) []any {
	return []any{&t.ID, &t.Title, &t.ArtistID, &t.ArtistName, &t.AlbumID, &t.AlbumTitle, milliseconds{&t.Length}, &t.Listeners, &t.Plays, &t.MergedInto}
}

func trackRow(r engine.Scanner) (t music.Track, err error) { return t, r.Scan(trackFields(&t)...) }

// milliseconds reads a length.
type milliseconds struct{ to *time.Duration }

// Scan implements sql.Scanner.
func (m milliseconds) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return errors.New("musicdb: a length is no integer")
	}
	*m.to = time.Duration(ms) * time.Millisecond
	return nil
}

// Track implements music.CatalogueStore.
func (db Store) Track(ctx context.Context, id core.ID) (t music.Track, err error) {
	for range 3 { // merged into one that was merged itself
		t, err = trackRow(db.On(ctx).Row(ctx, `SELECT `+trackColumns+` FROM music_track t`+trackNames+`WHERE t.id = $1`, id))
		if err != nil || t.MergedInto == 0 {
			break
		}
		id = t.MergedInto
	}
	return t, base.One(err)
}

// TrackNamed implements music.CatalogueStore.
func (db Store) TrackNamed(ctx context.Context, artistKey, titleKey string) (id core.ID, err error) {
	q := db.On(ctx)
	id, err = nameOf(ctx, q, trackName, artistKey+joinedKey+titleKey)
	if errors.Is(err, core.ErrNotFound) {
		var artist core.ID
		if artist, err = nameOf(ctx, q, artistName, artistKey); err == nil {
			id, err = bySpelling(ctx, q, trackName, artist, titleKey)
		}
	}
	return id, err
}

// nameOf gives what players call by a key.
func nameOf(ctx context.Context, q engine.Querier, kind int, key string) (id core.ID, err error) {
	err = q.Row(ctx, `SELECT thing FROM music_name WHERE kind = $1 AND key = $2`, kind, key).Scan(&id)
	return id, base.One(err)
}

// bySpelling gives what has a title under any name of an artist: one that others were merged into has several.
func bySpelling(ctx context.Context, q engine.Querier, kind int, artist core.ID, title string) (id core.ID, err error) {
	err = q.Row(ctx, `SELECT k.thing FROM music_name a JOIN music_name k ON k.kind = $1 AND k.key = a.key || $2 WHERE a.kind = 0 AND a.thing = $3 ORDER BY k.thing LIMIT 1`,
		kind, joinedKey+title, artist).Scan(&id)
	return id, base.One(err)
}

const (
	artistFields = `SELECT a.id, a.name, a.genre, a.merged, a.fact,
	(SELECT count(DISTINCT h.member) FROM music_track t JOIN music_heard h ON h.track = t.id JOIN music_member m ON m.member = h.member AND m.counted = 1 WHERE t.artist = a.id),
	(SELECT coalesce(sum(c.plays), 0) FROM music_track t JOIN music_count c ON c.period = 0 AND c.track = t.id WHERE t.artist = a.id)`
	artistFrom    = ` FROM music_artist a `
	artistColumns = artistFields + artistFrom
)

func artistRow(r engine.Scanner) (a music.Artist, err error) {
	err = r.Scan(&a.ID, &a.Name, &a.Genre, &a.MergedInto, &a.Fact.ID, &a.Listeners, &a.Plays)
	return a, err
}

// Artist implements music.CatalogueStore.
func (db Store) Artist(ctx context.Context, id core.ID) (a music.Artist, err error) {
	for range 3 {
		if a, err = artistRow(db.On(ctx).Row(ctx, artistColumns+`WHERE a.id = $1`, id)); err != nil || a.MergedInto == 0 {
			break
		}
		id = a.MergedInto
	}
	if err != nil || a.Fact.ID == 0 {
		return a, base.One(err)
	}
	a.Fact, err = db.Fact(ctx, a.ID, a.Fact.ID)
	return a, err
}

// ArtistTracks implements music.CatalogueStore.
func (db Store) ArtistTracks(ctx context.Context, artist core.ID, p core.Page) ([]music.Track, error) {
	return engine.List(ctx, db.On(ctx), trackRow, `SELECT `+trackColumns+` FROM music_track t`+trackNames+`WHERE t.artist = $1 AND t.merged = 0 AND c.listeners >= $2
		ORDER BY c.listeners DESC, c.plays DESC, t.id LIMIT $3 OFFSET $4`, artist, music.MinListeners, p.Limit(), p.Offset())
}

const albumColumns = `SELECT b.id, b.title, b.artist, a.name, coalesce(max(c.listeners), 0), coalesce(sum(c.plays), 0) FROM music_album b JOIN music_artist a ON a.id = b.artist
	LEFT JOIN music_track t ON t.album = b.id LEFT JOIN music_count c ON c.period = 0 AND c.track = t.id `

func albumRow(r engine.Scanner) (b music.Album, err error) {
	return b, r.Scan(&b.ID, &b.Title, &b.ArtistID, &b.ArtistName, &b.Listeners, &b.Plays)
}

// Album implements music.CatalogueStore.
func (db Store) Album(ctx context.Context, id core.ID) (music.Album, error) {
	b, err := albumRow(db.On(ctx).Row(ctx, albumColumns+`WHERE b.id = (SELECT CASE WHEN merged > 0 THEN merged ELSE id END FROM music_album WHERE id = $1) GROUP BY b.id, a.id`, id))
	return b, base.One(err)
}

// ArtistAlbums implements music.CatalogueStore.
func (db Store) ArtistAlbums(ctx context.Context, artist core.ID, p core.Page) ([]music.Album, error) {
	return engine.List(ctx, db.On(ctx), albumRow, albumColumns+`WHERE b.artist = $1 GROUP BY b.id, a.id HAVING max(c.listeners) >= $2 ORDER BY max(c.listeners) DESC, b.id LIMIT $3 OFFSET $4`,
		artist, music.MinListeners, p.Limit(), p.Offset())
}

// AlbumTracks implements music.CatalogueStore.
func (db Store) AlbumTracks(ctx context.Context, album core.ID) ([]music.Track, error) {
	return engine.List(ctx, db.On(ctx), trackRow, `SELECT `+trackColumns+` FROM music_track t`+trackNames+`WHERE t.album = $1 AND t.album > 0 ORDER BY c.listeners DESC, t.id LIMIT 200`, album)
}

// looked bounds what a search reads of the index of names.
const looked = 400

// FindArtists implements music.CatalogueStore.
func (db Store) FindArtists(ctx context.Context, words []string, limit int) (found []music.Artist, err error) {
	type named struct {
		music.Artist
		others string
	}
	all, err := engine.List(ctx, db.On(ctx), func(r engine.Scanner) (a named, err error) {
		return a, r.Scan(&a.ID, &a.Name, &a.Genre, &a.MergedInto, &a.Fact.ID, &a.Listeners, &a.Plays, &a.others)
	}, artistFields+`, `+otherNames("a", artistName)+artistFrom+`WHERE a.id IN (`+lookUp+`) AND a.merged = 0`, artistName, words[0], after(words[0]), looked)
	for _, a := range all {
		if len(found) < limit && a.Listeners >= music.MinListeners && core.HasWords(core.Fold(a.Name+" "+a.others), words) {
			found = append(found, a.Artist)
		}
	}
	return found, err
}

// otherNames selects everything that players call a thing, with what was merged into it: who looks for the old spelling finds it.
func otherNames(alias string, kind int) string {
	return `coalesce((SELECT group_concat(n.key, ' ') FROM music_name n WHERE n.thing = ` + alias + `.id AND n.kind = ` + strconv.Itoa(kind) + `), '')`
}

// FindTracks implements music.CatalogueStore. One of the words begins in the title, the others may be the artist's.
func (db Store) FindTracks(ctx context.Context, words []string, limit int) (found []music.Track, err error) {
	type named struct {
		music.Track
		others string
	}
	for _, word := range words {
		all, err := engine.List(ctx, db.On(ctx), func(r engine.Scanner) (t named, err error) {
			return t, r.Scan(append(trackFields(&t.Track), &t.others)...)
		}, `SELECT `+trackColumns+`, `+otherNames("t", trackName)+` FROM music_track t`+trackNames+
			`WHERE t.id IN (`+lookUp+`) AND t.merged = 0 AND c.listeners >= $5 ORDER BY c.listeners DESC, t.id`, trackName, word, after(word), looked, music.MinListeners)
		if err != nil {
			return nil, err
		}
		for _, t := range all {
			if len(found) < limit && core.HasWords(core.Fold(t.ArtistName+" "+t.Title+" "+t.others), words) {
				found = append(found, t.Track)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

const lookUp = `SELECT thing FROM music_start WHERE kind = $1 AND start >= $2 AND start < $3 LIMIT $4`

// after is the end of what begins with a word.
func after(word string) string { return word + "\U0010FFFF" }

const factColumns = `SELECT f.artist, f.id, f.member, coalesce(m.name, ''), f.text, f.genre, f.written_at FROM music_fact f LEFT JOIN member m ON m.id = f.member `

func factRow(r engine.Scanner) (f music.Fact, err error) {
	return f, r.Scan(&f.Artist, &f.ID, &f.Member, &f.MemberName, &f.Text, &f.Genre, engine.Moment(&f.At))
}

// Fact implements music.CatalogueStore.
func (db Store) Fact(ctx context.Context, artist, id core.ID) (music.Fact, error) {
	f, err := factRow(db.On(ctx).Row(ctx, factColumns+`WHERE f.artist = $1 AND f.id = $2`, artist, id))
	return f, base.One(err)
}

// Facts implements music.CatalogueStore.
func (db Store) Facts(ctx context.Context, artist core.ID, p core.Page) ([]music.Fact, error) {
	return engine.List(ctx, db.On(ctx), factRow, factColumns+`WHERE f.artist = $1 ORDER BY f.id DESC LIMIT $2 OFFSET $3`, artist, p.Limit(), p.Offset())
}

// FactsSince implements music.CatalogueStore.
func (db Store) FactsSince(ctx context.Context, member core.ID, since time.Time) (n int, err error) {
	return n, db.On(ctx).Row(ctx, `SELECT count(*) FROM music_fact WHERE member = $1 AND written_at > $2`, member, engine.Millis(since)).Scan(&n)
}

// InsertFact implements music.CatalogueStore.
func (db Store) InsertFact(ctx context.Context, f music.Fact) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO music_fact (artist, id, member, text, genre, written_at) VALUES ($1, $2, $3, $4, $5, $6)`, Args: []any{f.Artist, f.ID, f.Member, f.Text, f.Genre, engine.Millis(f.At)}},
			engine.Step{Query: `UPDATE music_artist SET fact = $2, genre = $3 WHERE id = $1`, Args: []any{f.Artist, f.ID, f.Genre}})
	})
}

// SetFeatured implements music.CatalogueStore.
func (db Store) SetFeatured(ctx context.Context, place int, album core.ID, note string) error {
	if album == 0 {
		return db.Change(ctx, `DELETE FROM music_featured WHERE n = $1`, place)
	}
	return db.Change(ctx, `INSERT INTO music_featured (n, album, note) VALUES ($1, $2, $3) ON CONFLICT (n) DO UPDATE SET album = excluded.album, note = excluded.note`, place, album, note)
}

// Featured implements music.ChartStore.
func (db Store) Featured(ctx context.Context) ([]music.FeaturedAlbum, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (f music.FeaturedAlbum, err error) {
		return f, r.Scan(&f.Place, &f.Note, &f.Album.ID, &f.Album.Title, &f.Album.ArtistID, &f.Album.ArtistName, &f.Cover.Width, &f.Cover.Height, &f.Cover.Hash)
	}, `SELECT f.n, f.note, b.id, b.title, b.artist, a.name, coalesce(c.width, 0), coalesce(c.height, 0), coalesce(c.hash, '') FROM music_featured f JOIN music_album b ON b.id = f.album
		JOIN music_artist a ON a.id = b.artist LEFT JOIN music_cover c ON c.album = b.id ORDER BY f.n`)
}

// Merge implements music.CatalogueStore: tracks and albums of the same title become one, the others change hands.
func (db Store) Merge(ctx context.Context, from, into core.ID, charts []music.Period) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		var found int
		if err := q.Row(ctx, `SELECT count(*) FROM music_artist WHERE id IN ($1, $2) AND merged = 0`, from, into).Scan(&found); err != nil || found != 2 {
			return errors.Join(err, core.ErrNotFound)
		}
		err := mergeNamed(ctx, q, trackName, from, into, func(track, same core.ID) error { return mergeTrack(ctx, q, track, same, charts) })
		if err == nil {
			err = mergeNamed(ctx, q, albumName, from, into, func(album, same core.ID) error { return mergeAlbum(ctx, q, album, same) })
		}
		if err != nil {
			return err
		}
		both := []any{from, into}
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE music_track SET artist = $2 WHERE artist = $1`, Args: both},
			engine.Step{Query: `UPDATE music_album SET artist = $2 WHERE artist = $1`, Args: both},
			engine.Step{Query: `UPDATE music_name SET thing = $2 WHERE kind = 0 AND thing = $1`, Args: both},
			engine.Step{Query: `INSERT INTO music_link (community, artist, linked_at) SELECT community, $2, linked_at FROM music_link WHERE artist = $1 ON CONFLICT DO NOTHING`, Args: both},
			engine.Step{Query: `DELETE FROM music_link WHERE artist = $1`, Args: both[:1]},
			engine.Step{Query: `UPDATE music_picture SET artist = $2 WHERE artist = $1 AND NOT EXISTS (SELECT 1 FROM music_picture WHERE artist = $2)`, Args: both},
			engine.Step{Query: `DELETE FROM music_picture WHERE artist = $1`, Args: both[:1]},
			// What members wrote of both is one history; of two pages that of the artist who stays is shown, and the other can be brought back.
			engine.Step{Query: `UPDATE music_fact SET artist = $2 WHERE artist = $1`, Args: both},
			engine.Step{Query: `UPDATE music_artist SET fact = (SELECT fact FROM music_artist WHERE id = $1), genre = (SELECT genre FROM music_artist WHERE id = $1) WHERE id = $2 AND fact = 0`, Args: both},
			engine.Step{Query: `INSERT INTO music_start (kind, start, thing) SELECT kind, start, $2 FROM music_start WHERE kind = 0 AND thing = $1 ON CONFLICT DO NOTHING`, Args: both},
			engine.Step{Query: `DELETE FROM music_start WHERE kind = 0 AND thing = $1`, Args: both[:1]},
			engine.Step{Query: `UPDATE music_artist SET merged = $2 WHERE id = $1 OR merged = $1`, Args: both})
	})
}

// mergeNamed calls merge with each track or album of one artist that another has under the same title, and with that of the other.
func mergeNamed(ctx context.Context, q engine.Querier, kind int, from, into core.ID, merge func(thing, same core.ID) error) error {
	type row struct {
		key   string
		thing core.ID
	}
	of := `music_track`
	if kind == albumName {
		of = `music_album`
	}
	rows, err := engine.List(ctx, q, func(r engine.Scanner) (n row, err error) { return n, r.Scan(&n.key, &n.thing) },
		`SELECT n.key, t.id FROM `+of+` t JOIN music_name n ON n.thing = t.id AND n.kind = $1 WHERE t.artist = $2 AND t.merged = 0`, kind, from)
	if err != nil {
		return err
	}
	gone := map[core.ID]bool{} // a thing with several names is merged once
	for _, n := range rows {
		_, title, _ := strings.Cut(n.key, joinedKey)
		same, err := bySpelling(ctx, q, kind, into, title)
		if errors.Is(err, core.ErrNotFound) || same == n.thing || gone[n.thing] {
			continue
		}
		if err == nil {
			err = merge(n.thing, same)
		}
		if err != nil {
			return err
		}
		gone[n.thing] = true
	}
	return nil
}

// mergeAlbum makes the tracks of one album those of another, which is featured in its place and has its cover unless it has one.
func mergeAlbum(ctx context.Context, q engine.Querier, from, into core.ID) error {
	both := []any{from, into}
	return engine.RunAll(ctx, q,
		engine.Step{Query: `UPDATE music_track SET album = $2 WHERE album = $1 AND album > 0`, Args: both},
		engine.Step{Query: `UPDATE music_name SET thing = $2 WHERE thing = $1`, Args: both},
		engine.Step{Query: `DELETE FROM music_featured WHERE album = $1 AND EXISTS (SELECT 1 FROM music_featured WHERE album = $2)`, Args: both},
		engine.Step{Query: `UPDATE music_featured SET album = $2 WHERE album = $1`, Args: both},
		engine.Step{Query: `DELETE FROM music_cover WHERE album = $2 AND hash = '' AND EXISTS (SELECT 1 FROM music_cover WHERE album = $1 AND hash <> '')`, Args: both},
		engine.Step{Query: `UPDATE music_cover SET album = $2 WHERE album = $1 AND NOT EXISTS (SELECT 1 FROM music_cover WHERE album = $2)`, Args: both},
		engine.Step{Query: `DELETE FROM music_cover WHERE album = $1`, Args: both[:1]},
		engine.Step{Query: `UPDATE music_album SET merged = $2 WHERE id = $1 OR merged = $1`, Args: both})
}

// mergeTrack makes the plays of one track those of another, and counts what both have anew.
func mergeTrack(ctx context.Context, q engine.Querier, from, into core.ID, charts []music.Period) error {
	both := []any{from, into}
	steps := []engine.Step{
		{Query: `INSERT INTO music_play (member, at, track) SELECT p.member, p.at, $2 FROM music_heard h JOIN music_play p ON p.member = h.member AND p.track = h.track
			WHERE h.track = $1 ON CONFLICT DO NOTHING`, Args: both},
		{Query: `DELETE FROM music_play WHERE track = $1 AND member IN (SELECT member FROM music_heard WHERE track = $1)`, Args: both[:1]},
		{Query: `INSERT INTO music_heard (member, track, artist, title, plays) SELECT h.member, $2, h.artist, h.title, (SELECT count(*) FROM music_play p WHERE p.member = h.member AND p.track = $2) FROM music_heard h
			WHERE h.track = $1 ON CONFLICT (member, track) DO UPDATE SET plays = excluded.plays`, Args: both},
		{Query: `DELETE FROM music_heard WHERE track = $1`, Args: both[:1]},
		{Query: `INSERT INTO music_love (member, track, loved_at) SELECT member, $2, loved_at FROM music_love WHERE track = $1 ON CONFLICT DO NOTHING`, Args: both},
		{Query: `DELETE FROM music_love WHERE track = $1`, Args: both[:1]},
		{Query: `UPDATE music_playlist_track SET track = $2 WHERE track = $1`, Args: both},
		{Query: `UPDATE music_name SET thing = $2 WHERE thing = $1`, Args: both},
		{Query: `UPDATE music_track SET album = (SELECT album FROM music_track WHERE id = $1) WHERE id = $2 AND album = 0`, Args: both},
		{Query: `UPDATE music_track SET album = 0 WHERE id = $1`, Args: both[:1]},
		{Query: `UPDATE music_track SET merged = $2 WHERE id = $1 OR merged = $1`, Args: both},
		{Query: `INSERT INTO music_start (kind, start, thing) SELECT kind, start, $2 FROM music_start WHERE kind = 1 AND thing = $1 ON CONFLICT DO NOTHING`, Args: both},
		{Query: `DELETE FROM music_start WHERE kind = 1 AND thing = $1`, Args: both[:1]},
		{Query: `DELETE FROM music_count WHERE period = 0 AND track IN ($1, $2)`, Args: both},
		{Query: `INSERT INTO music_count (period, track, listeners, plays) SELECT 0, $1, count(*), coalesce(sum(h.plays), 0) FROM music_heard h
			JOIN music_member m ON m.member = h.member AND m.counted = 1 WHERE h.track = $1`, Args: both[1:]},
	}
	for _, p := range charts {
		steps = append(steps,
			engine.Step{Query: `INSERT INTO music_listener (period, track, member) SELECT period, $2, member FROM music_listener WHERE period = $3 AND track = $1 ON CONFLICT DO NOTHING`, Args: append(both[:2:2], p)},
			engine.Step{Query: `DELETE FROM music_listener WHERE period = $2 AND track = $1`, Args: []any{from, p}},
			engine.Step{Query: `INSERT INTO music_count (period, track, listeners, plays) SELECT period, $2, 0, plays FROM music_count WHERE period = $3 AND track = $1
				ON CONFLICT (period, track) DO UPDATE SET plays = music_count.plays + excluded.plays`, Args: append(both[:2:2], p)},
			engine.Step{Query: `UPDATE music_count SET listeners = (SELECT count(*) FROM music_listener WHERE period = $2 AND track = $1) WHERE period = $2 AND track = $1`, Args: []any{into, p}},
			engine.Step{Query: `DELETE FROM music_count WHERE period = $2 AND track = $1`, Args: []any{from, p}})
	}
	return engine.RunAll(ctx, q, steps...)
}
