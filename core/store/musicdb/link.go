package musicdb

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Links keeps which communities are about which artists, and the pictures of artists.
type Links struct{ base.Area }

// InsertLink implements music.LinkStore.
func (db Links) InsertLink(ctx context.Context, community, artist core.ID, at time.Time) error {
	return db.Change(ctx, `INSERT INTO music_link (community, artist, linked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, community, artist, engine.Millis(at))
}

// DeleteLink implements music.LinkStore.
func (db Links) DeleteLink(ctx context.Context, community, artist core.ID) error {
	return db.Change(ctx, `DELETE FROM music_link WHERE community = $1 AND artist = $2`, community, artist)
}

// LinkedArtists implements music.LinkStore.
func (db Links) LinkedArtists(ctx context.Context, community core.ID) ([]music.Artist, error) {
	return engine.List(ctx, db.On(ctx), artistRow, artistColumns+`JOIN music_link l ON l.artist = a.id WHERE l.community = $1 ORDER BY l.linked_at, a.id`, community)
}

// LinkedCommunities implements music.LinkStore.
func (db Links) LinkedCommunities(ctx context.Context, artist core.ID, limit int) ([]core.ID, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
		`SELECT community FROM music_link WHERE artist = $1 ORDER BY linked_at, community LIMIT $2`, artist, limit)
}

// SetArtistPicture implements music.LinkStore.
func (db Links) SetArtistPicture(ctx context.Context, artist core.ID, p music.Picture) error {
	if p.Data == "" {
		return db.Change(ctx, `DELETE FROM music_picture WHERE artist = $1`, artist)
	}
	return db.Change(ctx, `INSERT INTO music_picture (artist, type, width, height, hash, data) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (artist) DO UPDATE SET type = excluded.type, width = excluded.width, height = excluded.height, hash = excluded.hash, data = excluded.data`,
		artist, p.Type, p.Width, p.Height, p.Hash, p.Data)
}

// ArtistPicture implements music.LinkStore.
func (db Links) ArtistPicture(ctx context.Context, artist core.ID) (p music.Picture, err error) {
	err = db.On(ctx).Row(ctx, `SELECT type, width, height, hash, data FROM music_picture WHERE artist = $1`, artist).Scan(&p.Type, &p.Width, &p.Height, &p.Hash, &p.Data)
	return p, base.One(err)
}

// PictureOf implements music.LinkStore.
func (db Links) PictureOf(ctx context.Context, artist core.ID) (p music.Picture, err error) {
	err = db.On(ctx).Row(ctx, `SELECT type, width, height, hash FROM music_picture WHERE artist = $1`, artist).Scan(&p.Type, &p.Width, &p.Height, &p.Hash)
	return p, base.One(err)
}
