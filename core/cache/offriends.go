package cache

import (
	"context"
	"slices"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/music"
	"musubi/core/review"
	"musubi/core/store"
	"musubi/core/store/albums"
	"musubi/core/store/musicdb"
	"musubi/core/store/reviews"
)

// What home shows of friends that most of them do not have: films, playlists, reviews. Each is one question to the store, which
// is kept as long as no friend has got or lost any.

// Bytes that values take beside their texts.
const (
	filmBytes     = albumBytes + 240
	playlistBytes = 200
	reviewBytes   = 420
)

type (
	// Films keeps the newest films of friends.
	Films struct {
		storedFilms
		*Cache
	}
	// Music keeps the newest playlists of friends, and what a member is as a listener.
	Music struct {
		musicdb.Store
		*Cache
	}
	// Review keeps the newest reviews of friends.
	Review struct {
		reviews.Store
		*Cache
	}
)

// storedFilms is a name that hides no method.
type storedFilms = albums.Films

// ofFriends are the newest things of a member's friends, as they were asked for last.
type ofFriends[T any] struct {
	list    []T
	page    core.Page
	since   core.ID
	friends []store.FriendRow // shared
	groups  []group           // by friend, in which nothing has changed
	more    func(r reading, of *T) bool
}

// fresh looks at every friend's, and at what the list has of each thing from elsewhere.
func (l *ofFriends[T]) fresh(r reading) bool {
	for i := range l.friends {
		for _, g := range l.groups {
			if !r.same(g, l.friends[i].ID, 0) {
				return false
			}
		}
	}
	for i := range l.list {
		if !l.more(r, &l.list[i]) {
			return false
		}
	}
	return true
}

// newestOf gives the first page of such a list; other pages come from the store. like says what it is made of.
func newestOf[T any](ctx context.Context, c *Cache, k kind, member core.ID, like ofFriends[T], bytes func(*T) int, load func() ([]T, error)) ([]T, error) {
	if like.page.Offset() > 0 {
		return load()
	}
	at := key{kind: k, a: member}
	if kept, ok := find[*ofFriends[T]](ctx, c, at); ok && kept.page == like.page && kept.since <= like.since {
		return slices.Clone(kept.list), nil
	}
	seq := c.versions.now()
	var err error
	if like.friends, err = c.friends(ctx, member); err != nil {
		return nil, err
	}
	list, err := load()
	if err != nil {
		return list, err
	}
	size := 96
	for i := range list {
		size += bytes(&list[i])
	}
	like.list = slices.Clone(list)
	c.keep(ctx, at, seq, &like, size)
	return list, nil
}

// FriendsFilms implements album.FilmStore. A kept list may have films from before since, at its end.
func (c Films) FriendsFilms(ctx context.Context, member, since core.ID, p core.Page) ([]album.FilmLine, error) {
	list, err := newestOf(ctx, c.Cache, friendsFilms, member, ofFriends[album.FilmLine]{page: p, since: since,
		groups: []group{filmsOf, albumsOf, photosOf}, more: func(r reading, l *album.FilmLine) bool { return r.sameAuthor(l.In.Owner) }},
		func(l *album.FilmLine) int {
			return filmBytes + len(l.In.OwnerName) + len(l.In.Title) + len(l.In.Note) + len(l.Caption)
		},
		func() ([]album.FilmLine, error) { return c.source.Films.FriendsFilms(ctx, member, since, p) })
	return slices.DeleteFunc(list, func(l album.FilmLine) bool { return l.ID <= since }), err
}

// FriendsPlaylists implements music.PlaylistStore.
func (c Music) FriendsPlaylists(ctx context.Context, member core.ID, limit int) ([]music.Playlist, error) {
	return newestOf(ctx, c.Cache, friendsPlaylists, member, ofFriends[music.Playlist]{page: core.Page{Number: 1, Size: limit},
		groups: []group{playlistsOf}, more: func(r reading, l *music.Playlist) bool { return r.sameAuthor(l.Owner) }},
		func(l *music.Playlist) int { return playlistBytes + len(l.OwnerName) + len(l.Title) + len(l.Note) },
		func() ([]music.Playlist, error) { return c.source.Music.FriendsPlaylists(ctx, member, limit) })
}

// FriendsReviews implements review.ReviewStore.
func (c Review) FriendsReviews(ctx context.Context, member core.ID, p core.Page) ([]review.Review, error) {
	return newestOf(ctx, c.Cache, friendsReviews, member, ofFriends[review.Review]{page: p,
		groups: []group{reviewsOf}, more: func(r reading, v *review.Review) bool {
			return r.sameAuthor(v.Owner) && r.same(productRow, v.Product.ID, 0)
		}},
		func(v *review.Review) int {
			return reviewBytes + len(v.OwnerName) + len(v.Body) + len(v.Product.Title) + len(v.Product.Maker)
		},
		func() ([]review.Review, error) { return c.source.Review.FriendsReviews(ctx, member, p) })
}

// Listener implements music.ListenerStore.
func (c Music) Listener(ctx context.Context, member core.ID) (music.Listener, error) {
	return through(ctx, c.Cache, key{kind: aListener, a: member},
		func(l music.Listener) int { return 160 + len(l.Now.Artist) + len(l.Now.Title) + len(l.Now.Album) },
		func() (music.Listener, error) { return c.source.Music.Listener(ctx, member) })
}
