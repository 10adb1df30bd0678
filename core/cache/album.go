package cache

import (
	"context"
	"slices"

	"musubi/core"
	"musubi/core/album"
)

// albumBytes is what an album takes beside its texts.
const albumBytes = 320

// albumList is the first page of a list of albums, as it was asked for last.
type albumList struct {
	list []album.Album
	page core.Page
}

// sameAuthor says whether name and face of a member are as they were.
func (r reading) sameAuthor(id core.ID) bool {
	return r.same(memberRow, id, 0) && r.same(photosOf, id, 0)
}

// fresh looks at each album, and at its owner's name and the pictures that covers are chosen of.
func (l albumList) fresh(r reading) bool {
	for i := range l.list {
		a := &l.list[i]
		if !r.same(albumRow, a.Owner, a.ID) || !r.sameAuthor(a.Owner) {
			return false
		}
	}
	return true
}

// albums gives the first page of a list; other pages come from the store.
func (c *Cache) albums(ctx context.Context, k key, p core.Page, load func() ([]album.Album, error)) ([]album.Album, error) {
	if p.Offset() > 0 {
		return load()
	}
	if kept, ok := find[albumList](ctx, c, k); ok && kept.page == p {
		return slices.Clone(kept.list), nil
	}
	seq := c.versions.now()
	list, err := load()
	if err != nil {
		return nil, err
	}
	bytes := 48
	for i := range list {
		bytes += albumBytes + len(list[i].OwnerName) + len(list[i].Title) + len(list[i].Note) + len(list[i].Cover.Hash)
	}
	c.keep(ctx, k, seq, albumList{slices.Clone(list), p}, bytes)
	return list, nil
}

// Albums implements album.AlbumStore.
func (c Album) Albums(ctx context.Context, owner core.ID, reach core.Visibility, p core.Page) ([]album.Album, error) {
	return c.albums(ctx, key{kind: ownAlbums, a: owner, b: core.ID(reach)}, p, func() ([]album.Album, error) {
		return c.source.Album.Albums(ctx, owner, reach, p)
	})
}

// FriendsAlbums implements album.AlbumStore.
func (c Album) FriendsAlbums(ctx context.Context, member core.ID, p core.Page) ([]album.Album, error) {
	return c.albums(ctx, key{kind: friendsAlbums, a: member}, p, func() ([]album.Album, error) {
		return c.source.Album.FriendsAlbums(ctx, member, p)
	})
}
