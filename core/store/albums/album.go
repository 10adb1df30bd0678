// Package albums is the SQL of albums, of the photos and films in them, and of the making of films.
package albums

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Store keeps albums and the photos in them.
type Store struct{ base.Area }

// InsertAlbum implements album.AlbumStore.
func (s Store) InsertAlbum(ctx context.Context, a album.Album, passwordHash string) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO album (member, id, title, note, visibility, password, protected, comments_open, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
			a.Owner, a.ID, a.Title, a.Note, a.Visibility, passwordHash, a.Protected, a.CommentsOpen, engine.Millis(a.CreatedAt))
		if err != nil {
			return err
		}
		_, err = q.Run(ctx, `INSERT INTO album_room (member, albums, photos, bytes, hour, uploads) VALUES ($1, 1, 0, 0, 0, 0)
			ON CONFLICT (member) DO UPDATE SET albums = album_room.albums + 1`, a.Owner)
		return err
	})
}

const albumColumns = `SELECT a.member, a.id, m.name, a.title, a.note, a.visibility, a.password <> '', a.protected, a.comments_open,
	a.photos, a.comments, a.all_comments, a.created_at, a.updated_at,
	coalesce(c.id, 0), coalesce(c.hash, ''), coalesce(c.type, ''), coalesce(c.width, 0), coalesce(c.height, 0)`

const albumJoins = ` JOIN member m ON m.id = a.member LEFT JOIN photo c ON c.member = a.member AND c.id = a.cover `

func albumRow(r engine.Scanner) (a album.Album, err error) {
	err = r.Scan(&a.Owner, &a.ID, &a.OwnerName, &a.Title, &a.Note, &a.Visibility, &a.HasPassword, &a.Protected, &a.CommentsOpen,
		&a.Photos, &a.Comments, &a.AllComments, engine.Moment(&a.CreatedAt), engine.Moment(&a.UpdatedAt),
		&a.Cover.ID, &a.Cover.Hash, &a.Cover.Type, &a.Cover.Width, &a.Cover.Height)
	a.Cover.Owner = a.Owner
	return a, err
}

// Album implements album.AlbumStore.
func (s Store) Album(ctx context.Context, owner, id core.ID) (album.Album, error) {
	a, err := albumRow(s.On(ctx).Row(ctx, albumColumns+` FROM album a`+albumJoins+`WHERE a.member = $1 AND a.id = $2`, owner, id))
	return a, base.One(err)
}

// Albums implements album.AlbumStore.
func (s Store) Albums(ctx context.Context, owner core.ID, reach core.Visibility, p core.Page) ([]album.Album, error) {
	return engine.List(ctx, s.On(ctx), albumRow, albumColumns+` FROM album a`+albumJoins+
		`WHERE a.member = $1 AND a.visibility <= $2 ORDER BY a.updated_at DESC, a.id DESC LIMIT $3 OFFSET $4`, owner, reach, p.Limit(), p.Offset())
}

// FriendsAlbums implements album.AlbumStore.
func (s Store) FriendsAlbums(ctx context.Context, member core.ID, p core.Page) ([]album.Album, error) {
	return engine.List(ctx, s.On(ctx), albumRow, albumColumns+` FROM friend_album l
		JOIN friend f ON f.member = l.member AND f.friend = l.owner AND f.on_home = 1
		JOIN album a ON a.member = l.owner AND a.id = l.album`+albumJoins+
		`WHERE l.member = $1 AND a.photos > 0 ORDER BY l.updated_at DESC, l.owner DESC, l.album DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// showAlbum brings an album to the top of the newest of each friend, when its visibility lets them see it.
func showAlbum(ctx context.Context, q engine.Querier, owner, id core.ID, at time.Time) error {
	_, err := q.Run(ctx, `INSERT INTO friend_album (member, owner, album, updated_at)
		SELECT f.friend, a.member, a.id, $3 FROM album a JOIN friend f ON f.member = a.member WHERE a.member = $1 AND a.id = $2 AND a.visibility <= $4
		ON CONFLICT (member, owner, album) DO UPDATE SET updated_at = excluded.updated_at`, owner, id, engine.Millis(at), core.Friends)
	return err
}

// hideAlbum takes an album out of the newest of friends.
func hideAlbum(ctx context.Context, q engine.Querier, owner, id core.ID) error {
	_, err := q.Run(ctx, `DELETE FROM friend_album WHERE owner = $1 AND album = $2 AND member IN (SELECT friend FROM friend WHERE member = $1)`, owner, id)
	return err
}

// Back puts the newest albums of a new friend, so many at most, among those of the member's friends.
func Back(ctx context.Context, q engine.Querier, member, friend core.ID, most int) error {
	_, err := q.Run(ctx, `INSERT INTO friend_album (member, owner, album, updated_at)
		SELECT $1, member, id, updated_at FROM album WHERE member = $2 AND visibility <= $3 AND photos > 0 ORDER BY updated_at DESC LIMIT $4
		ON CONFLICT (member, owner, album) DO NOTHING`, member, friend, core.Friends, most)
	return err
}

// UpdateAlbum implements album.AlbumStore.
func (s Store) UpdateAlbum(ctx context.Context, a album.Album) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE album SET title = $1, note = $2, visibility = $3, protected = $4, comments_open = $5 WHERE member = $6 AND id = $7`,
			a.Title, a.Note, a.Visibility, a.Protected, a.CommentsOpen, a.Owner, a.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		if a.Visibility == core.Private || a.Photos == 0 {
			return hideAlbum(ctx, q, a.Owner, a.ID)
		}
		return showAlbum(ctx, q, a.Owner, a.ID, a.UpdatedAt)
	})
}

// SetAlbumPassword implements album.AlbumStore.
func (s Store) SetAlbumPassword(ctx context.Context, owner, id core.ID, hash string) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE album SET password = $1 WHERE member = $2 AND id = $3`, hash, owner, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		_, err = q.Run(ctx, `DELETE FROM album_open WHERE owner = $1 AND album = $2`, owner, id)
		return err
	})
}

// AlbumPassword implements album.AlbumStore.
func (s Store) AlbumPassword(ctx context.Context, owner, id core.ID) (hash string, err error) {
	err = s.On(ctx).Row(ctx, `SELECT password FROM album WHERE member = $1 AND id = $2`, owner, id).Scan(&hash)
	return hash, base.One(err)
}

// DeleteAlbum implements album.AlbumStore.
func (s Store) DeleteAlbum(ctx context.Context, owner, id core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM album WHERE member = $1 AND id = $2`, owner, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		if err := forgetFilms(ctx, q, `IN (SELECT id FROM photo WHERE owner = $1 AND thing = $2 AND kind IN ($3, $4))`, owner, id, album.InAlbum, album.HiddenPhoto); err != nil {
			return err
		}
		steps := []struct {
			query string
			args  []any
		}{
			{`UPDATE album_room SET albums = albums - 1,
				photos = photos - (SELECT count(*) FROM photo WHERE owner = $1 AND thing = $2 AND kind IN ($3, $4)),
				bytes = bytes - (SELECT coalesce(sum(bytes), 0) FROM photo WHERE owner = $1 AND thing = $2 AND kind IN ($3, $4)) WHERE member = $1`,
				[]any{owner, id, album.InAlbum, album.HiddenPhoto}},
			{base.SparePhotos(5, `photo WHERE owner = $1 AND thing = $2 AND kind IN ($3, $4)`), []any{owner, id, album.InAlbum, album.HiddenPhoto, time.Now().UnixMilli()}},
			{`DELETE FROM news WHERE member = $1 AND kind IN ($4, $5) AND (thing = $2 OR thing IN (SELECT id FROM photo WHERE owner = $1 AND thing = $2 AND kind IN ($3, $6)))`,
				[]any{owner, id, album.InAlbum, album.CommentNews, album.LikeNews, album.HiddenPhoto}},
			{`DELETE FROM photo WHERE owner = $1 AND thing = $2 AND kind IN ($3, $4)`, []any{owner, id, album.InAlbum, album.HiddenPhoto}},
			{`DELETE FROM album_comment WHERE owner = $1 AND album = $2`, []any{owner, id}},
			{`DELETE FROM album_open WHERE owner = $1 AND album = $2`, []any{owner, id}},
			{`DELETE FROM liked WHERE owner = $1 AND kind = 1 AND thing = $2`, []any{owner, id}},
		}
		for _, step := range steps {
			if _, err := q.Run(ctx, step.query, step.args...); err != nil {
				return err
			}
		}
		return hideAlbum(ctx, q, owner, id)
	})
}

// AlbumRoom implements album.AlbumStore.
func (s Store) AlbumRoom(ctx context.Context, member core.ID) (r album.AlbumRoom, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT albums, photos, bytes, hour, uploads, films, film_bytes FROM album_room WHERE member = $1`, member).
		Scan(&r.Albums, &r.Photos, &r.Bytes, &r.Hour, &r.Uploads, &r.Films, &r.FilmBytes))
	if errors.Is(err, core.ErrNotFound) {
		err = nil // no album yet
	}
	return r, err
}

// OpenAlbum implements album.AlbumStore.
func (s Store) OpenAlbum(ctx context.Context, member core.ID, session string, owner, album core.ID) error {
	return s.Change(ctx, `INSERT INTO album_open (member, session, owner, album) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, session, owner, album) DO NOTHING`, member, session, owner, album)
}

// AlbumOpen implements album.AlbumStore.
func (s Store) AlbumOpen(ctx context.Context, member core.ID, session string, owner, album core.ID) (open bool, err error) {
	err = s.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM album_open WHERE member = $1 AND session = $2 AND owner = $3 AND album = $4)`,
		member, session, owner, album).Scan(&open)
	return open, err
}
