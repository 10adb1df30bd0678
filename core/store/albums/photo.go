package albums

import (
	"context"
	"time"

	"musubi/core"
	albums "musubi/core/album"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// nextPlace is behind the last photo of album $2 of owner $1.
const nextPlace = `(SELECT coalesce(max(place) + 1, 0) FROM photo WHERE owner = $1 AND thing = $2 AND kind = $4)`

// PutAlbumPhoto implements album.AlbumPhotoStore.
func (s Store) PutAlbumPhoto(ctx context.Context, owner, album, photo core.ID, show bool, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE photo SET kind = $4, owner = $1, thing = $2, place = `+nextPlace+` WHERE member = $1 AND id = $3 AND kind = $5`,
			owner, album, photo, albums.InAlbum, core.Unattached)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		_, err = q.Run(ctx, `UPDATE album SET photos = photos + 1, cover = CASE WHEN cover = 0 THEN $3 ELSE cover END,
			updated_at = CASE WHEN updated_at < $4 THEN $4 ELSE updated_at END WHERE member = $1 AND id = $2`, owner, album, photo, engine.Millis(at))
		if err != nil {
			return err
		}
		_, err = q.Run(ctx, `UPDATE album_room SET photos = photos + 1, bytes = bytes + (SELECT bytes FROM photo WHERE member = $1 AND id = $2),
			uploads = CASE WHEN hour = $3 THEN uploads + 1 ELSE 1 END, hour = $3 WHERE member = $1`, owner, photo, at.Unix()/3600)
		if err != nil || !show {
			return err
		}
		return showAlbum(ctx, q, owner, album, at)
	})
}

// albumLoses counts a photo, which is still there, off its album, with the comments on it.
func albumLoses(ctx context.Context, q engine.Querier, owner, album, photo core.ID) error {
	_, err := q.Run(ctx, `UPDATE album SET photos = photos - 1, all_comments = all_comments - (SELECT comments FROM photo WHERE member = $1 AND id = $3),
		cover = CASE WHEN cover = $3 THEN coalesce((SELECT id FROM photo WHERE owner = $1 AND thing = $2 AND kind = $4 AND id <> $3 ORDER BY place LIMIT 1), 0)
		ELSE cover END WHERE member = $1 AND id = $2`, owner, album, photo, albums.InAlbum)
	return err
}

// albumPhotos counts the photos of an album; PutAlbumPhoto counts them on.
var albumPhotos = base.PhotoCount{Kind: albums.InAlbum, Leaves: func(ctx context.Context, q engine.Querier, owner, photo core.ID, from core.Attached) error {
	return forgetAlbumPhoto(ctx, q, owner, from.Thing, photo)
}}

// hiddenPhotos were counted off their album when they were hidden.
var hiddenPhotos = base.PhotoCount{Kind: albums.HiddenPhoto, Leaves: func(ctx context.Context, q engine.Querier, owner, photo core.ID, from core.Attached) error {
	return forgetPhoto(ctx, q, owner, from.Thing, photo)
}}

// SetPhotoHidden implements album.AlbumPhotoStore.
func (s Store) SetPhotoHidden(ctx context.Context, owner, album, photo core.ID, hidden bool) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		from, to := albums.HiddenPhoto, albums.InAlbum
		if hidden {
			from, to = to, from
			if err := albumLoses(ctx, q, owner, album, photo); err != nil {
				return err
			}
		}
		n, err := q.Run(ctx, `UPDATE photo SET kind = $1 WHERE member = $2 AND id = $3 AND owner = $2 AND thing = $4 AND kind = $5`, to, owner, photo, album, from)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		if err != nil || hidden {
			return err
		}
		_, err = q.Run(ctx, `UPDATE album SET photos = photos + 1, all_comments = all_comments + (SELECT comments FROM photo WHERE member = $1 AND id = $3),
			cover = CASE WHEN cover = 0 THEN $3 ELSE cover END WHERE member = $1 AND id = $2`, owner, album, photo)
		return err
	})
}

// forgetAlbumPhoto undoes what PutAlbumPhoto counted, before the photo itself goes.
func forgetAlbumPhoto(ctx context.Context, q engine.Querier, owner, album, photo core.ID) error {
	if err := albumLoses(ctx, q, owner, album, photo); err != nil {
		return err
	}
	return forgetPhoto(ctx, q, owner, album, photo)
}

// forgetPhoto takes along what hangs at a photo of an album that goes.
func forgetPhoto(ctx context.Context, q engine.Querier, owner, album, photo core.ID) error {
	if err := forgetFilms(ctx, q, `= $2`, owner, photo); err != nil {
		return err
	}
	_, err := q.Run(ctx, `UPDATE album_room SET photos = photos - 1, bytes = bytes - (SELECT bytes FROM photo WHERE member = $1 AND id = $2) WHERE member = $1`,
		owner, photo)
	if err != nil {
		return err
	}
	if _, err = q.Run(ctx, `DELETE FROM news WHERE member = $1 AND kind IN ($2, $4) AND thing = $3`, owner, albums.CommentNews, photo, albums.LikeNews); err != nil {
		return err
	}
	if _, err = q.Run(ctx, `DELETE FROM liked WHERE owner = $1 AND kind = 1 AND thing = $2 AND piece = $3`, owner, album, photo); err != nil {
		return err
	}
	_, err = q.Run(ctx, `DELETE FROM album_comment WHERE owner = $1 AND album = $2 AND photo = $3`, owner, album, photo)
	return err
}

// filmMark is what lists say of a photo p that is a film.
const filmMark = `f.photo IS NOT NULL, coalesce(f.state, 0), coalesce(f.length, 0) FROM photo p LEFT JOIN film f ON f.member = p.member AND f.photo = p.id`

// AlbumPhotos implements album.AlbumPhotoStore.
func (s Store) AlbumPhotos(ctx context.Context, owner, album core.ID, p core.Page) ([]albums.AlbumPhoto, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (albums.AlbumPhoto, error) {
		n := albums.AlbumPhoto{Album: album}
		err := r.Scan(&n.Owner, &n.ID, &n.Hash, &n.Type, &n.Width, &n.Height, &n.Bytes, &n.Wide.Hash, &n.Wide.Width, &n.Wide.Height, &n.Original.Hash, &n.Original.Type, &n.Caption, &n.Comments,
			&n.Film.Is, &n.Film.State, span{&n.Film.Length})
		return n, err
	}, `SELECT p.member, p.id, p.hash, p.type, p.width, p.height, p.bytes, p.wide, p.wide_width, p.wide_height, p.original, p.original_type, p.caption, p.comments, `+filmMark+` WHERE p.owner = $1 AND p.thing = $2 AND p.kind = $3
		ORDER BY p.place LIMIT $4 OFFSET $5`, owner, album, albums.InAlbum, p.Limit(), p.Offset())
}

// AlbumPhoto implements album.AlbumPhotoStore.
func (s Store) AlbumPhoto(ctx context.Context, owner, album, photo core.ID) (albums.AlbumPhoto, error) {
	n := albums.AlbumPhoto{Album: album}
	err := s.On(ctx).Row(ctx, `SELECT p.member, p.id, p.hash, p.type, p.width, p.height, p.bytes, p.wide, p.wide_width, p.wide_height, p.original, p.original_type, p.caption, p.comments,
			(SELECT count(*) FROM photo b WHERE b.owner = $1 AND b.thing = $2 AND b.kind = $4 AND b.place <= p.place),
			coalesce((SELECT b.id FROM photo b WHERE b.owner = $1 AND b.thing = $2 AND b.kind = $4 AND b.place < p.place ORDER BY b.place DESC LIMIT 1), 0),
			coalesce((SELECT b.id FROM photo b WHERE b.owner = $1 AND b.thing = $2 AND b.kind = $4 AND b.place > p.place ORDER BY b.place LIMIT 1), 0),
			`+filmMark+` WHERE p.member = $1 AND p.id = $3 AND p.owner = $1 AND p.thing = $2 AND p.kind = $4`, owner, album, photo, albums.InAlbum).
		Scan(&n.Owner, &n.ID, &n.Hash, &n.Type, &n.Width, &n.Height, &n.Bytes, &n.Wide.Hash, &n.Wide.Width, &n.Wide.Height, &n.Original.Hash, &n.Original.Type, &n.Caption, &n.Comments, &n.Number, &n.Previous, &n.Next,
			&n.Film.Is, &n.Film.State, span{&n.Film.Length})
	return n, base.One(err)
}

// AlbumOrder implements album.AlbumPhotoStore.
func (s Store) AlbumOrder(ctx context.Context, owner, album core.ID) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM photo WHERE owner = $1 AND thing = $2 AND kind = $3 ORDER BY place`, owner, album, albums.InAlbum)
}

// SetAlbumOrder implements album.AlbumPhotoStore.
func (s Store) SetAlbumOrder(ctx context.Context, owner, album core.ID, order []core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for place, id := range order {
			_, err := q.Run(ctx, `UPDATE photo SET place = $5 WHERE member = $1 AND id = $3 AND owner = $1 AND thing = $2 AND kind = $4 AND place <> $5`,
				owner, album, id, albums.InAlbum, place)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SetCaption implements album.AlbumPhotoStore.
func (s Store) SetCaption(ctx context.Context, owner, album, photo core.ID, caption string) error {
	return s.Change(ctx, `UPDATE photo SET caption = $5 WHERE member = $1 AND id = $3 AND owner = $1 AND thing = $2 AND kind = $4`,
		owner, album, photo, albums.InAlbum, caption)
}

// SetCover implements album.AlbumPhotoStore.
func (s Store) SetCover(ctx context.Context, owner, album, photo core.ID) error {
	return s.Change(ctx, `UPDATE album SET cover = $3 WHERE member = $1 AND id = $2
		AND EXISTS (SELECT 1 FROM photo WHERE member = $1 AND id = $3 AND owner = $1 AND thing = $2 AND kind = $4)`, owner, album, photo, albums.InAlbum)
}

// MoveAlbumPhoto implements album.AlbumPhotoStore.
func (s Store) MoveAlbumPhoto(ctx context.Context, owner, from, to, photo core.ID, show bool, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := albumLoses(ctx, q, owner, from, photo); err != nil {
			return err
		}
		n, err := q.Run(ctx, `UPDATE photo SET thing = $2, place = `+nextPlace+` WHERE member = $1 AND id = $3 AND owner = $1 AND thing = $5 AND kind = $4`,
			owner, to, photo, albums.InAlbum, from)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		_, err = q.Run(ctx, `UPDATE album SET photos = photos + 1, all_comments = all_comments + (SELECT comments FROM photo WHERE member = $1 AND id = $3),
			cover = CASE WHEN cover = 0 THEN $3 ELSE cover END WHERE member = $1 AND id = $2`, owner, to, photo)
		if err != nil {
			return err
		}
		if _, err = q.Run(ctx, `UPDATE liked SET thing = $2 WHERE owner = $1 AND kind = 1 AND thing = $4 AND piece = $3`, owner, to, photo, from); err != nil {
			return err
		}
		_, err = q.Run(ctx, `UPDATE album_comment SET album = $2 WHERE owner = $1 AND album = $4 AND photo = $3`, owner, to, photo, from)
		if err != nil || !show {
			return err
		}
		return showAlbum(ctx, q, owner, to, at)
	})
}
