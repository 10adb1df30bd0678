package web

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
)

// What the stream is made of: of each kind so many, and of all together so many are shown.
const (
	streamOf     = 12
	streamRows   = 24
	streamPhotos = 4 // the newest of an album
)

// viewCookie remembers how home looks in this browser: as lists, as it was made for, or as a stream.
const (
	viewCookie = "musubi-home"
	viewStream = "stream"
	viewLists  = "lists"
	viewAge    = 365 * 24 * time.Hour
)

// A streamItem is something that a friend or a community has new. One of entry, album, film and post is set.
type streamItem struct {
	at      time.Time
	who     core.Member // zero: has left
	entry   *journal.DiaryLine
	preview journal.Preview
	album   *album.Album
	film    *album.FilmLine
	photos  []album.AlbumPhoto // of the album
	post    *community.Thread
}

// asStream says whether home is to be a stream: the switch says so, or said so last time. Handsets have the lists.
func (v chorePages) asStream() bool {
	if !v.forPC() {
		return false
	}
	switch view := v.query("view"); view {
	case viewStream, viewLists:
		v.setCookie(viewCookie, view, viewAge)
		return view == viewStream
	}
	return v.cookie(viewCookie) == viewStream
}

// stream fills home as one stream: the same lists that home has, each as far as their own rules show it to this viewer, put
// together by time. A fixed number of rows is read, however much there is.
func (v chorePages) stream(p *homePage) error {
	var items []streamItem
	for _, kind := range []func() ([]streamItem, error){v.streamEntries, v.streamAlbums, v.streamFilms, v.streamPosts} {
		more, err := kind()
		if err != nil {
			return err
		}
		items = append(items, more...)
	}
	slices.SortStableFunc(items, func(a, b streamItem) int { return b.at.Compare(a.at) })
	p.stream = items[:min(len(items), streamRows)]
	p.streamed, p.mark = true, watchOf(v.visit).mark(v.ctx)
	v.allowScript()
	return nil
}

func (v chorePages) streamEntries() (items []streamItem, err error) {
	lines, _, err := v.site.core.Journal.FriendsDiaries(v.ctx, v.member.ID, core.Page{Size: streamOf})
	if err != nil {
		return nil, err
	}
	seen, err := v.site.core.Journal.Previews(v.ctx, lines)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		items = append(items, streamItem{at: lines[i].CreatedAt, who: seen[i].Author, entry: &lines[i], preview: seen[i]})
	}
	return items, nil
}

func (v chorePages) streamAlbums() (items []streamItem, err error) {
	albums, _, err := v.site.core.Album.FriendsAlbums(v.ctx, v.viewer(), core.Page{Size: streamOf})
	if err != nil {
		return nil, err
	}
	for i := range albums {
		a := &albums[i]
		item := streamItem{at: a.UpdatedAt, album: a}
		if item.who, err = v.streamAuthor(a.Owner); err != nil {
			return nil, err
		}
		if !a.Locked {
			if item.photos, err = v.lastPhotos(a); err != nil && !errors.Is(err, core.ErrNotFound) {
				return nil, err
			}
		}
		items = append(items, item)
	}
	return items, nil
}

// lastPhotos are the last of an album.
func (v chorePages) lastPhotos(a *album.Album) ([]album.AlbumPhoto, error) {
	seen, err := v.site.core.Album.Album(v.ctx, v.viewer(), a.Owner, a.ID)
	if err != nil {
		return nil, err
	}
	photos, _, err := v.site.core.Album.AlbumPhotos(v.ctx, seen, core.Page{Number: max((a.Photos+streamPhotos-1)/streamPhotos, 1), Size: streamPhotos})
	return photos, err
}

func (v chorePages) streamFilms() (items []streamItem, err error) {
	films, _, err := v.site.core.Album.FriendsFilms(v.ctx, v.viewer(), core.Page{Size: streamOf})
	if err != nil {
		return nil, err
	}
	for i := range films {
		item := streamItem{at: films[i].ID.Time(), film: &films[i]}
		if item.who, err = v.streamAuthor(films[i].In.Owner); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (v chorePages) streamPosts() (items []streamItem, err error) {
	threads, _, err := v.site.core.Community.Newest(v.ctx, v.member.ID, core.Page{Size: streamOf})
	if err != nil {
		return nil, err
	}
	for i := range threads {
		item := streamItem{at: threads[i].LastAt, post: &threads[i]}
		_, whole, err := v.site.core.Community.Thread(v.ctx, v.viewer(), threads[i].Community, threads[i].ID)
		if err != nil && !errors.Is(err, core.ErrNotFound) {
			return nil, err
		}
		item.post.Body, item.post.Photos = whole.Body, whole.Photos
		if item.who, err = v.streamAuthor(threads[i].Author); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// streamAuthor is a member beside what they have new; who has left or may not be seen is nobody.
func (v chorePages) streamAuthor(id core.ID) (core.Member, error) {
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if errors.Is(err, core.ErrNotFound) {
		return core.Member{}, nil
	}
	return m, err
}

// title is what the item is called, path where it is, says what it is.
func (i *streamItem) title(v *visit) string {
	switch {
	case i.entry != nil:
		return i.entry.Title
	case i.album != nil:
		return i.album.Title
	case i.film != nil:
		return cmp.Or(i.film.Caption, v.t("film.in", i.film.In.Title))
	}
	return i.post.Title
}

func (i *streamItem) path() string {
	switch {
	case i.entry != nil:
		return linePath(*i.entry)
	case i.album != nil:
		return albumIDPath(i.album.Owner, i.album.ID)
	case i.film != nil:
		return filmLinePath(*i.film)
	}
	return threadLinePath(i.post)
}

func (i *streamItem) says(v *visit) string {
	switch {
	case i.entry != nil:
		return v.t("stream.entry", i.entry.OwnerName)
	case i.album != nil:
		return v.t("stream.album", i.album.OwnerName)
	case i.film != nil:
		return v.t("stream.film", i.film.In.OwnerName)
	}
	return v.t("stream.post", i.post.CommunityName)
}

// text is how it begins.
func (i *streamItem) text() string {
	switch {
	case i.entry != nil:
		return excerptOf(i.preview.Body)
	case i.album != nil:
		return excerptOf(i.album.Note)
	case i.film != nil:
		return ""
	}
	return excerptOf(i.post.Body)
}

// comments is how many there are.
func (i *streamItem) comments() int {
	switch {
	case i.entry != nil:
		return i.entry.Comments
	case i.album != nil:
		return i.album.AllComments
	case i.film != nil:
		return i.film.Comments
	}
	return i.post.Comments
}

// pictures are those shown beside it.
func (i *streamItem) pictures() (list []core.Photo) {
	switch {
	case i.entry != nil && i.preview.Photo.ID != 0:
		return []core.Photo{i.preview.Photo}
	case i.film != nil:
		return []core.Photo{i.film.Photo}
	case i.post != nil:
		return i.post.Photos
	}
	for _, p := range i.photos {
		list = append(list, p.Photo)
	}
	return list
}
