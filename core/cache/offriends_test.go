package cache

import (
	"errors"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/review"
	"musubi/core/talk"
)

// things are what the town has of films, playlists and reviews.
type things struct {
	products []review.Product
	reviews  []review.Review
	lists    []music.Playlist
	films    []core.Photo
}

// thingDeed is one write at random to what home shows of friends.
func (w *town) thingDeed() error {
	a, b := w.two()
	t := &w.things
	if len(t.products) == 0 || w.chance(12) {
		p := review.Product{ID: w.id(), Category: 1, Title: w.word("品"), AddedBy: a, AddedAt: w.time()}
		t.products = append(t.products, p)
		return w.cached.Review.InsertProduct(w.ctx, p, w.word("k"), nil)
	}
	written := func() review.Review {
		return review.Review{Owner: a, ID: w.id(), Product: pick(w, t.products), Stars: 1 + w.dice.IntN(5), Body: w.word("評"), Visibility: core.Visibility(w.dice.IntN(4)), CreatedAt: w.time()}
	}
	if len(t.reviews) == 0 || len(t.lists) == 0 {
		r := written()
		l := music.Playlist{Owner: a, ID: w.id(), Title: w.word("曲"), CreatedAt: w.time(), UpdatedAt: w.time()}
		t.reviews, t.lists = append(t.reviews, r), append(t.lists, l)
		return errors.Join(w.cached.Review.InsertReview(w.ctx, r), w.cached.Music.InsertPlaylist(w.ctx, l))
	}
	r, l := pick(w, t.reviews), pick(w, t.lists)
	switch w.dice.IntN(12) {
	case 0, 1:
		r := written()
		if _, err := w.store.Review.ReviewOf(w.ctx, r.Owner, r.Product.ID); err == nil {
			return nil // one of each product
		}
		t.reviews = append(t.reviews, r)
		return w.cached.Review.InsertReview(w.ctx, r)
	case 2:
		r.Body, r.Visibility = w.word("改"), core.Visibility(w.dice.IntN(4))
		return w.cached.Review.UpdateReview(w.ctx, r)
	case 3:
		return w.cached.Review.DeleteReview(w.ctx, r.Owner, r.ID)
	case 4:
		return w.cached.Review.SetHelpful(w.ctx, r.Owner, r.ID, b, w.chance(2), w.time())
	case 5:
		p := pick(w, t.products)
		p.Title = w.word("品")
		return w.cached.Review.UpdateProduct(w.ctx, p, w.word("k"), nil)
	case 6:
		l := music.Playlist{Owner: a, ID: w.id(), Title: w.word("曲"), Visibility: core.Visibility(w.dice.IntN(4)), CreatedAt: w.time(), UpdatedAt: w.time()}
		t.lists = append(t.lists, l)
		return errors.Join(w.cached.Music.InsertPlaylist(w.ctx, l), w.cached.Music.SetPlaylistTracks(w.ctx, a, l.ID, []core.ID{1, 2}, w.time()))
	case 7:
		if w.chance(3) {
			return w.cached.Music.DeletePlaylist(w.ctx, l.Owner, l.ID)
		}
		l.Title, l.Visibility, l.UpdatedAt = w.word("改"), core.Visibility(w.dice.IntN(4)), w.time()
		return w.cached.Music.UpdatePlaylist(w.ctx, l)
	case 8:
		return w.cached.Music.SetPlaylistTracks(w.ctx, l.Owner, l.ID, make([]core.ID, 0, 2)[:w.dice.IntN(2)], w.time())
	case 9:
		return errors.Join(w.cached.Music.SetNow(w.ctx, a, music.Play{Artist: w.word("歌"), Title: "題"}, w.time()), w.cached.Music.SetVisibility(w.ctx, b, core.Visibility(w.dice.IntN(4))))
	case 10:
		if len(t.films) == 0 {
			return nil
		}
		p := pick(w, t.films)
		_, at, err := w.store.Desk.Photo(w.ctx, p.Owner, p.ID)
		if err != nil {
			return err
		}
		return w.cached.Talk.InsertComment(w.ctx, talk.Comment{Thread: album.AlbumThread(at.Owner, at.Thing, p.ID), ID: w.id(), Author: b, Body: w.word("返"), CreatedAt: w.time()})
	default:
		n := pick(w, w.albums)
		p := core.Photo{Owner: n.Owner, ID: w.id(), Hash: w.word("h"), Type: "image/png", Width: 1, Height: 1}
		w.photos, t.films = append(w.photos, p), append(t.films, p)
		return errors.Join(w.cached.Desk.InsertPhoto(w.ctx, p, w.time()), w.cached.Album.PutAlbumPhoto(w.ctx, n.Owner, n.ID, p.ID, true, w.time()),
			w.cached.Album.InsertFilm(w.ctx, p.Owner, album.NewFilm{Photo: p.ID, Source: "s", Bytes: 9}, w.time()))
	}
}

// compareThings asks for the same page of a few members each time, so that it is kept as a rule.
func (w *town) compareThings() {
	w.Helper()
	for _, a := range w.members[:4] {
		since := max(w.next-core.ID(w.dice.IntN(800)), 0)
		w.same("FriendsFilms", func(s network.Stores) (any, error) {
			return s.Album.FriendsFilms(w.ctx, a, since, core.Page{Number: 1, Size: 3})
		})
		w.same("FriendsReviews", func(s network.Stores) (any, error) {
			return s.Review.FriendsReviews(w.ctx, a, core.Page{Number: 1, Size: 3})
		})
		w.same("FriendsPlaylists", func(s network.Stores) (any, error) { return s.Music.FriendsPlaylists(w.ctx, a, 3) })
		w.same("Listener", func(s network.Stores) (any, error) { return s.Music.Listener(w.ctx, a) })
	}
}
