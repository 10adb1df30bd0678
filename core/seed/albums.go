package seed

import (
	"math"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/chores"
	"musubi/core/seed/dice"
)

// Habits of members with albums.
const (
	albumPercent    = 30 // of members have some
	mostAlbums      = 3
	fewestHung      = 2 // photos in an album of a store that has pictures
	mostHung        = 12
	noted, captured = 70, 55 // of a hundred albums have a note, of a hundred photos a caption
	passedOn        = 95     // of a hundred albums may be passed on from handsets
	uploadPause     = 5 * time.Minute
)

var (
	aboutAlbum = chatter{10, 1, lists["albumcomment"], lists["albumanswer"]}
	aboutEmpty = chatter{2, 0.4, lists["albumwait"], lists["albumanswer"]}
	aboutPhoto = chatter{3, 0.3, lists["albumcomment"], lists["albumanswer"]}
)

// plannedAlbum is what is settled about an album before its text: friends' lists need it.
type plannedAlbum struct {
	id         core.ID
	visibility core.Visibility
	hung       []time.Time // when each of its photos came; none in a store without pictures
	updated    time.Time
}

// planAlbums settles who put up albums, and when. Without pictures they stay empty, and wait for those of their owners.
func (f *filler) planAlbums() {
	f.firstAlbum = make([]int32, f.Members+1)
	var times []time.Time
	for m := range f.Members {
		d := dice.New(f.Seed, uint64(m)<<8|streamAlbums)
		times = times[:0]
		if d.Chance(albumPercent) {
			for range d.Between(1, mostAlbums) {
				times = append(times, f.now.Add(-time.Duration(float64(f.now.Sub(f.joined[m]))*math.Sqrt(d.Float64()))).Truncate(time.Millisecond))
			}
		}
		slices.SortFunc(times, time.Time.Compare)
		for _, at := range times {
			a := plannedAlbum{f.s.Chores.NewID(at), dice.Pick(d, visibilities), nil, at}
			photos := d.Between(fewestHung, mostHung)
			for range min(photos, len(f.album.scenes)) {
				if next := a.updated.Add(time.Duration(d.Int64N(int64(uploadPause)))).Truncate(time.Millisecond); !next.After(f.now) {
					a.hung, a.updated = append(a.hung, next), next
				}
			}
			f.albums = append(f.albums, a)
		}
		f.firstAlbum[m+1] = int32(len(f.albums))
	}
	f.made.Albums = len(f.albums)
}

// albumsOf lists the albums of m, oldest first.
func (f *filler) albumsOf(m int) []plannedAlbum { return f.albums[f.firstAlbum[m]:f.firstAlbum[m+1]] }

// exhibit lists the albums of the friends of m, in the order of the keys.
func (f *filler) exhibit(b *chores.Batch, m int) {
	for _, friend := range f.graph.friends(m) {
		for _, a := range f.albumsOf(int(friend)) {
			if len(a.hung) > 0 && a.visibility <= core.Friends {
				b.Exhibited = append(b.Exhibited, chores.Exhibit{Member: f.ids[m], Owner: f.ids[friend], Album: a.id, At: a.updated})
			}
		}
	}
}

// hang makes the albums of m with their photos, and the comments on both.
func (f *filler) hang(b *chores.Batch, m int, p *Person) {
	albums := f.albumsOf(m)
	if len(albums) == 0 {
		return
	}
	w := writer{Dice: dice.New(f.Seed, uint64(m)<<8|streamAlbumText), person: p}
	for _, planned := range albums {
		a := chores.BatchAlbum{Album: album.Album{Owner: f.ids[m], ID: planned.id, Visibility: planned.visibility, CommentsOpen: true,
			CreatedAt: planned.id.Time(), UpdatedAt: planned.updated, Title: string(w.append(nil, lists["albumtitle"])), Protected: !w.Chance(passedOn)}}
		if w.Chance(noted) {
			a.Note = string(w.append(nil, lists["albumnote"]))
		}
		about := &aboutAlbum
		if len(planned.hung) == 0 {
			about = &aboutEmpty
		}
		a.Comments, _ = f.discuss(b, &w, m, album.AlbumThread(a.Owner, a.ID, 0), a.UpdatedAt, about)
		a.AllComments = a.Comments
		order := w.Perm(len(f.album.scenes))
		for i, at := range planned.hung {
			photo := album.AlbumPhoto{Photo: f.album.scenes[order[i]], Album: a.ID}
			f.own(&photo.Photo, a.Owner, at)
			if w.Chance(captured) {
				photo.Caption = string(w.append(nil, lists["caption"]))
			}
			photo.Comments, _ = f.discuss(b, &w, m, album.AlbumThread(a.Owner, a.ID, photo.ID), a.UpdatedAt, &aboutPhoto)
			a.AllComments += photo.Comments
			a.Hung = append(a.Hung, photo)
		}
		b.Albums = append(b.Albums, a)
	}
}
