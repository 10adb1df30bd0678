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

// Listener implements music.ListenerStore.
func (db Store) Listener(ctx context.Context, member core.ID) (music.Listener, error) {
	l := music.Listener{Member: member}
	err := base.One(db.On(ctx).Row(ctx, `SELECT visibility, counted, plays, now_artist, now_title, now_album, now_until FROM music_member WHERE member = $1`, member).
		Scan(&l.Visibility, &l.Counted, &l.Plays, &l.Now.Artist, &l.Now.Title, &l.Now.Album, engine.Moment(&l.NowUntil)))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return l, err
}

// SetVisibility implements music.ListenerStore.
func (db Store) SetVisibility(ctx context.Context, member core.ID, v core.Visibility) error {
	return db.Change(ctx, `INSERT INTO music_member (member, visibility, counted, plays, day, today) VALUES ($1, $2, 1, 0, 0, 0)
		ON CONFLICT (member) DO UPDATE SET visibility = excluded.visibility`, member, v)
}

// until is the end of a span; the zero time is open.
func until(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return engine.Millis(t)
}

// heardSince are a member's plays by track in a span. All time is counted already.
func heardSince(from, to time.Time) string {
	if from.IsZero() && to.IsZero() {
		return `(SELECT track, plays FROM music_heard WHERE member = $1 AND $2 < $3)`
	}
	return `(SELECT track, count(*) AS plays FROM music_play WHERE member = $1 AND at >= $2 AND at < $3 GROUP BY track)`
}

// TopTracks implements music.ListenerStore.
func (db Store) TopTracks(ctx context.Context, member core.ID, from, to time.Time, limit int) ([]music.Top, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (t music.Top, err error) {
		err = r.Scan(append([]any{&t.Plays}, trackFields(&t.Track)...)...)
		t.Artist, t.Name = t.Track.ArtistID, t.Track.ArtistName
		return t, err
	}, `SELECT h.plays, `+trackColumns+` FROM `+heardSince(from, to)+` h JOIN music_track t ON t.id = h.track`+trackNames+`ORDER BY h.plays DESC, t.id LIMIT $4`,
		member, engine.Millis(from), until(to), limit)
}

// TopArtists implements music.ListenerStore.
func (db Store) TopArtists(ctx context.Context, member core.ID, from, to time.Time, limit int) ([]music.Top, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (t music.Top, err error) { return t, r.Scan(&t.Artist, &t.Name, &t.Plays) },
		`SELECT a.id, a.name, sum(h.plays) AS plays FROM `+heardSince(from, to)+` h JOIN music_track t ON t.id = h.track JOIN music_artist a ON a.id = t.artist
		GROUP BY a.id ORDER BY plays DESC, a.id LIMIT $4`, member, engine.Millis(from), until(to), limit)
}

const fanColumns = `m.id, m.name, m.friends, coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0), l.visibility`

const fanJoins = ` JOIN music_member l ON l.member = m.id LEFT JOIN photo p ON p.member = m.id AND p.id = m.photo `

func fanFields(f *music.Fan) []any {
	ph := &f.Member.Photo
	return []any{&f.Member.ID, &f.Member.Name, &f.Member.Friends, &ph.ID, &ph.Hash, &ph.Type, &ph.Width, &ph.Height, &f.Visibility}
}

func fanRow(r engine.Scanner) (f music.Fan, err error) {
	err = r.Scan(append(fanFields(&f), &f.Plays, &f.Same)...)
	f.Member.Photo.Owner = f.Member.ID
	return f, err
}

// FriendsWhoHear implements music.ListenerStore.
func (db Store) FriendsWhoHear(ctx context.Context, member, artist, track core.ID, limit int) ([]music.Fan, error) {
	if track != 0 {
		return engine.List(ctx, db.On(ctx), fanRow, `SELECT `+fanColumns+`, h.plays, 0 FROM friend f JOIN music_heard h ON h.member = f.friend AND h.track = $2 JOIN member m ON m.id = f.friend`+fanJoins+
			`WHERE f.member = $1 ORDER BY h.plays DESC, m.id LIMIT $3`, member, track, limit)
	}
	return engine.List(ctx, db.On(ctx), fanRow, `SELECT `+fanColumns+`, sum(h.plays) AS plays, 0 FROM friend f JOIN music_track t ON t.artist = $2
		JOIN music_heard h ON h.member = f.friend AND h.track = t.id JOIN member m ON m.id = f.friend`+fanJoins+
		`WHERE f.member = $1 GROUP BY m.id, l.member, p.member, p.id ORDER BY plays DESC, m.id LIMIT $3`, member, artist, limit)
}

// FriendsPlays implements music.ListenerStore.
func (db Store) FriendsPlays(ctx context.Context, member core.ID, since time.Time, limit int) ([]music.Fan, error) {
	return engine.List(ctx, db.On(ctx), fanRow, `SELECT `+fanColumns+`, (SELECT count(*) FROM music_play y WHERE y.member = f.friend AND y.at >= $2) AS plays, 0
		FROM friend f JOIN member m ON m.id = f.friend`+fanJoins+`WHERE f.member = $1 AND l.plays > 0 ORDER BY plays DESC, m.id LIMIT $3`, member, engine.Millis(since), limit)
}

// Bounds of a look for members who hear the same.
const (
	alikeTracks  = 40   // of the member's, those heard most
	alikeMembers = 2000 // who heard one of them
)

// Alike implements music.ListenerStore. Of a track that a whole town heard some listeners are looked at.
func (db Store) Alike(ctx context.Context, member core.ID, limit int) ([]music.Fan, error) {
	return engine.List(ctx, db.On(ctx), fanRow, `WITH own AS (SELECT track FROM music_heard WHERE member = $1 ORDER BY plays DESC LIMIT $2),
		near AS (SELECT h.member, h.plays FROM own CROSS JOIN music_heard h ON h.track = own.track WHERE h.member <> $1 LIMIT $3)
		SELECT `+fanColumns+`, sum(n.plays), count(*) AS same FROM near n JOIN member m ON m.id = n.member`+fanJoins+`GROUP BY m.id, l.member, p.member, p.id ORDER BY same DESC, m.id LIMIT $4`,
		member, alikeTracks, alikeMembers, limit)
}

// Hearers implements music.ListenerStore.
func (db Store) Hearers(ctx context.Context, artist, album, track core.ID, limit int) ([]music.Fan, error) {
	where, id := `t.id = $1`, track
	switch {
	case artist != 0:
		where, id = `t.artist = $1`, artist
	case album != 0:
		where, id = `t.album = $1 AND t.album > 0`, album
	}
	return engine.List(ctx, db.On(ctx), fanRow, `SELECT `+fanColumns+`, h.plays, 0 FROM music_track t JOIN music_heard h ON h.track = t.id JOIN member m ON m.id = h.member`+fanJoins+
		`WHERE `+where+` LIMIT $2`, id, limit)
}

// Loves implements music.ListenerStore.
func (db Store) Loves(ctx context.Context, member core.ID, p core.Page) ([]music.Heard, error) {
	return engine.List(ctx, db.On(ctx), heardRow, `SELECT v.loved_at, `+trackColumns+` FROM music_love v JOIN music_track t ON t.id = v.track`+trackNames+
		`WHERE v.member = $1 ORDER BY v.loved_at DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// Loved implements music.ListenerStore.
func (db Store) Loved(ctx context.Context, member, track core.ID) (loved bool, err error) {
	return loved, db.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM music_love WHERE member = $1 AND track = $2)`, member, track).Scan(&loved)
}

const playlistColumns = `SELECT l.member, l.id, m.name, l.title, l.note, l.visibility, l.closed, l.tracks, l.comments, l.created_at, l.updated_at FROM music_playlist l JOIN member m ON m.id = l.member `

func playlistRow(r engine.Scanner) (l music.Playlist, err error) {
	return l, r.Scan(&l.Owner, &l.ID, &l.OwnerName, &l.Title, &l.Note, &l.Visibility, &l.Closed, &l.Tracks, &l.Comments, engine.Moment(&l.CreatedAt), engine.Moment(&l.UpdatedAt))
}

// InsertPlaylist implements music.PlaylistStore.
func (db Store) InsertPlaylist(ctx context.Context, l music.Playlist) error {
	return db.Change(ctx, `INSERT INTO music_playlist (member, id, title, note, visibility, closed, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		l.Owner, l.ID, l.Title, l.Note, l.Visibility, l.Closed, engine.Millis(l.CreatedAt))
}

// UpdatePlaylist implements music.PlaylistStore.
func (db Store) UpdatePlaylist(ctx context.Context, l music.Playlist) error {
	return db.changed(ctx, `UPDATE music_playlist SET title = $3, note = $4, visibility = $5, closed = $6, updated_at = $7 WHERE member = $1 AND id = $2`,
		l.Owner, l.ID, l.Title, l.Note, l.Visibility, l.Closed, engine.Millis(l.UpdatedAt))
}

// Playlist implements music.PlaylistStore.
func (db Store) Playlist(ctx context.Context, owner, id core.ID) (music.Playlist, error) {
	l, err := playlistRow(db.On(ctx).Row(ctx, playlistColumns+`WHERE l.member = $1 AND l.id = $2`, owner, id))
	return l, base.One(err)
}

// Playlists implements music.PlaylistStore.
func (db Store) Playlists(ctx context.Context, owner core.ID, reach core.Visibility, limit int) ([]music.Playlist, error) {
	return engine.List(ctx, db.On(ctx), playlistRow, playlistColumns+`WHERE l.member = $1 AND l.visibility <= $2 ORDER BY l.updated_at DESC, l.id DESC LIMIT $3`, owner, reach, limit)
}

// FriendsPlaylists implements music.PlaylistStore.
func (db Store) FriendsPlaylists(ctx context.Context, member core.ID, limit int) ([]music.Playlist, error) {
	return engine.List(ctx, db.On(ctx), playlistRow, playlistColumns+`JOIN friend f ON f.friend = l.member AND f.on_home = 1
		WHERE f.member = $1 AND l.visibility <= $2 AND l.tracks > 0 ORDER BY l.updated_at DESC, l.id DESC LIMIT $3`, member, core.Friends, limit)
}

// DeletePlaylist implements music.PlaylistStore.
func (db Store) DeletePlaylist(ctx context.Context, owner, id core.ID) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM music_playlist WHERE member = $1 AND id = $2`, owner, id)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		if err != nil {
			return err
		}
		return engine.RunAll(ctx, q,
			engine.Step{Query: `DELETE FROM music_playlist_track WHERE member = $1 AND playlist = $2`, Args: []any{owner, id}},
			engine.Step{Query: `DELETE FROM liked WHERE owner = $1 AND kind = 2 AND thing = $2`, Args: []any{owner, id}},
			engine.Step{Query: `DELETE FROM music_playlist_comment WHERE owner = $1 AND playlist = $2`, Args: []any{owner, id}})
	})
}

// PlaylistTracks implements music.PlaylistStore.
func (db Store) PlaylistTracks(ctx context.Context, owner, id core.ID) ([]music.Track, error) {
	return engine.List(ctx, db.On(ctx), trackRow, `SELECT `+trackColumns+` FROM music_playlist_track l JOIN music_track t ON t.id = l.track`+trackNames+
		`WHERE l.member = $1 AND l.playlist = $2 ORDER BY l.n`, owner, id)
}

// SetPlaylistTracks implements music.PlaylistStore.
func (db Store) SetPlaylistTracks(ctx context.Context, owner, id core.ID, tracks []core.ID, at time.Time) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		steps := []engine.Step{
			{Query: `DELETE FROM music_playlist_track WHERE member = $1 AND playlist = $2`, Args: []any{owner, id}},
			{Query: `UPDATE music_playlist SET tracks = $3, updated_at = $4 WHERE member = $1 AND id = $2`, Args: []any{owner, id, len(tracks), engine.Millis(at)}},
		}
		for n, track := range tracks {
			steps = append(steps, engine.Step{Query: `INSERT INTO music_playlist_track (member, playlist, n, track) VALUES ($1, $2, $3, $4)`, Args: []any{owner, id, n + 1, track}})
		}
		return engine.RunAll(ctx, q, steps...)
	})
}
