package musicdb

import (
	"context"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// SetCover implements music.CoverStore.
func (db Links) SetCover(ctx context.Context, album core.ID, c music.Cover) error {
	return db.Change(ctx, `INSERT INTO music_cover (album, type, width, height, hash, data, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (album) DO UPDATE SET type = excluded.type, width = excluded.width, height = excluded.height, hash = excluded.hash, data = excluded.data, asked_at = excluded.asked_at`,
		album, c.Type, c.Width, c.Height, c.Hash, c.Data, engine.Millis(c.AskedAt))
}

// CoverOf implements music.CoverStore.
func (db Links) CoverOf(ctx context.Context, album core.ID) (c music.Cover, err error) {
	err = db.On(ctx).Row(ctx, `SELECT type, width, height, hash, asked_at FROM music_cover WHERE album = $1`, album).Scan(&c.Type, &c.Width, &c.Height, &c.Hash, engine.Moment(&c.AskedAt))
	return c, base.One(err)
}

// AlbumCover implements music.CoverStore.
func (db Links) AlbumCover(ctx context.Context, album core.ID) (c music.Cover, err error) {
	err = db.On(ctx).Row(ctx, `SELECT type, width, height, hash, data, asked_at FROM music_cover WHERE album = $1`, album).Scan(&c.Type, &c.Width, &c.Height, &c.Hash, &c.Data, engine.Moment(&c.AskedAt))
	return c, base.One(err)
}
