package albums

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Films keeps the films in albums, and the making of their files.
type Films struct{ base.Area }

// SpareBlob implements album.FilmStore.
func (s Films) SpareBlob(ctx context.Context, hash string, since time.Time) error {
	return s.Change(ctx, spareBlob, hash, engine.Millis(since))
}

const spareBlob = `INSERT INTO spare_blob (hash, since) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET since = excluded.since`

// InsertFilm implements album.FilmStore.
func (s Films) InsertFilm(ctx context.Context, owner core.ID, n album.NewFilm, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO film (member, photo, source, bytes, length, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
				Args: []any{owner, n.Photo, n.Source, n.Bytes, n.Length.Milliseconds(), engine.Millis(at)}},
			engine.Step{Query: `UPDATE album_room SET films = films + 1, film_bytes = film_bytes + $2 WHERE member = $1`, Args: []any{owner, n.Bytes}}); err != nil {
			return err
		}
		return insertTags(ctx, q, owner, n.Photo, n.Tags)
	})
}

func insertTags(ctx context.Context, q engine.Querier, owner, photo core.ID, tags []string) error {
	for place, tag := range tags {
		_, err := q.Run(ctx, `INSERT INTO film_tag (member, photo, place, tag, folded) VALUES ($1, $2, $3, $4, $5)`, owner, photo, place, tag, core.Fold(tag))
		if err != nil {
			return err
		}
	}
	return nil
}

// SetFilmTags implements album.FilmStore.
func (s Films) SetFilmTags(ctx context.Context, owner, photo core.ID, tags []string) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, `DELETE FROM film_tag WHERE member = $1 AND photo = $2`, owner, photo); err != nil {
			return err
		}
		return insertTags(ctx, q, owner, photo, tags)
	})
}

// Film implements album.FilmStore.
func (s Films) Film(ctx context.Context, owner, photo core.ID) (f album.Film, err error) {
	f = album.Film{Owner: owner, ID: photo, FilmMark: album.FilmMark{Is: true}}
	q := s.On(ctx)
	err = base.One(q.Row(ctx, `SELECT f.state, f.reason, f.bytes, f.length, p.thing, a.password FROM film f
		JOIN photo p ON p.member = f.member AND p.id = f.photo AND p.kind = $3 JOIN album a ON a.member = p.owner AND a.id = p.thing
		WHERE f.member = $1 AND f.photo = $2`, owner, photo, album.InAlbum).Scan(&f.State, &f.Reason, &f.Bytes, span{&f.Length}, &f.Album, &f.Hidden))
	if err != nil {
		return f, err
	}
	if f.Tags, err = engine.List(ctx, q, func(r engine.Scanner) (tag string, err error) { return tag, r.Scan(&tag) },
		`SELECT tag FROM film_tag WHERE member = $1 AND photo = $2 ORDER BY place`, owner, photo); err != nil {
		return f, err
	}
	_, err = engine.List(ctx, q, func(r engine.Scanner) (p album.FilmPart, err error) {
		var way, kind string
		if err = r.Scan(&way, &kind, &p.Hash, &p.Bytes, span{&p.Length}); err != nil {
			return p, err
		}
		if n := len(f.Ways); n == 0 || f.Ways[n-1].Name != way {
			f.Ways = append(f.Ways, album.FilmWay{Name: way, Type: kind})
		}
		last := &f.Ways[len(f.Ways)-1]
		last.Parts = append(last.Parts, p)
		return p, nil
	}, `SELECT way, type, hash, bytes, length FROM film_part WHERE member = $1 AND photo = $2 ORDER BY way, part`, owner, photo)
	return f, err
}

// A span is a length in milliseconds.
type span struct{ to *time.Duration }

// Scan implements sql.Scanner.
func (s span) Scan(v any) error {
	n, _ := v.(int64)
	*s.to = time.Duration(n) * time.Millisecond
	return nil
}

// FilmsWaiting implements album.FilmStore.
func (s Films) FilmsWaiting(ctx context.Context, owner core.ID) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM film WHERE member = $1 AND state = $2`, owner, album.FilmWorking).Scan(&n)
	return n, err
}

// filmLines reads films of f with their pictures and albums.
const filmLines = albumColumns + `, p.member, p.id, p.hash, p.type, p.width, p.height, p.caption, p.comments, f.state, f.length`

const filmJoins = ` JOIN photo p ON p.member = f.member AND p.id = f.photo AND p.kind = $1 JOIN album a ON a.member = p.owner AND a.id = p.thing` + albumJoins

func filmLine(r engine.Scanner) (l album.FilmLine, err error) {
	l.Film.Is = true
	l.In, err = albumRow(more{r, []any{&l.Owner, &l.ID, &l.Hash, &l.Type, &l.Width, &l.Height, &l.Caption, &l.Comments, &l.Film.State, span{&l.Film.Length}}})
	l.Album = l.In.ID
	return l, err
}

// more scans further columns after those that a row function knows.
type more struct {
	engine.Scanner
	fields []any
}

// Scan implements engine.Scanner.
func (m more) Scan(dest ...any) error { return m.Scanner.Scan(append(dest, m.fields...)...) }

// Films implements album.FilmStore.
func (s Films) Films(ctx context.Context, owner core.ID, p core.Page) ([]album.FilmLine, error) {
	return engine.List(ctx, s.On(ctx), filmLine, filmLines+` FROM film f`+filmJoins+
		`WHERE f.member = $2 ORDER BY f.photo DESC LIMIT $3 OFFSET $4`, album.InAlbum, owner, p.Limit(), p.Offset())
}

// FriendsFilms implements album.FilmStore.
func (s Films) FriendsFilms(ctx context.Context, member, since core.ID, p core.Page) ([]album.FilmLine, error) {
	return engine.List(ctx, s.On(ctx), filmLine, filmLines+` FROM friend r JOIN film f ON f.member = r.friend AND f.photo > $3`+filmJoins+
		`WHERE r.member = $2 AND r.on_home = 1 AND a.visibility <= $4 ORDER BY f.photo DESC LIMIT $5 OFFSET $6`,
		album.InAlbum, member, since, core.Friends, p.Limit(), p.Offset())
}

// TaggedFilms implements album.FilmStore.
func (s Films) TaggedFilms(ctx context.Context, tag string, p core.Page) ([]album.FilmLine, error) {
	return engine.List(ctx, s.On(ctx), filmLine, filmLines+` FROM film_tag t JOIN film f ON f.member = t.member AND f.photo = t.photo`+filmJoins+
		`WHERE t.folded = $2 ORDER BY t.photo DESC LIMIT $3 OFFSET $4`, album.InAlbum, tag, p.Limit(), p.Offset())
}

// forgetFilms undoes what InsertFilm stored for films of owner $1 whose photo is one of those that a condition says, before the
// photos themselves go.
func forgetFilms(ctx context.Context, q engine.Querier, which string, args ...any) error {
	now := engine.Places(len(args)+1, 1)
	return engine.RunAll(ctx, q,
		engine.Step{Query: `UPDATE album_room SET films = films - (SELECT count(*) FROM film WHERE member = $1 AND photo ` + which + `),
			film_bytes = film_bytes - (SELECT coalesce(sum(bytes), 0) FROM film WHERE member = $1 AND photo ` + which + `) WHERE member = $1`, Args: args},
		engine.Step{Query: `INSERT INTO spare_blob (hash, since) SELECT DISTINCT source, ` + now + ` FROM film WHERE member = $1 AND photo ` + which +
			` AND source <> '' ON CONFLICT (hash) DO UPDATE SET since = excluded.since`, Args: append(args, time.Now().UnixMilli())},
		engine.Step{Query: `INSERT INTO spare_blob (hash, since) SELECT DISTINCT hash, ` + now + ` FROM film_part WHERE member = $1 AND photo ` + which +
			` ON CONFLICT (hash) DO UPDATE SET since = excluded.since`, Args: append(args, time.Now().UnixMilli())},
		engine.Step{Query: `DELETE FROM film_part WHERE member = $1 AND photo ` + which, Args: args},
		engine.Step{Query: `DELETE FROM film_tag WHERE member = $1 AND photo ` + which, Args: args},
		engine.Step{Query: `DELETE FROM film WHERE member = $1 AND photo ` + which, Args: args})
}
