package web

import (
	"errors"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/report"
)

// Addresses of albums.
const (
	albumPath         = "/album"
	albumsPath        = "/album/list"
	friendsAlbumsPath = "/album/friends"
	albumPhotoPath    = "/album/photo"
	albumOpenPath     = "/album/open"
	albumEditPath     = "/album/edit"
	albumDeletePath   = "/album/delete"
	albumUploadPath   = "/album/upload"
	albumArrangePath  = "/album/arrange"
)

func albumIDPath(owner, id core.ID) string {
	return albumPath + "?owner=" + owner.String() + "&id=" + id.String()
}

func albumsOfPath(owner core.ID) string { return albumsPath + "?owner=" + owner.String() }

func albumPhotoIDPath(owner, album, photo core.ID) string {
	return albumPhotoPath + "?owner=" + owner.String() + "&id=" + album.String() + "&photo=" + photo.String()
}

// albumThingPath is the page of an album, or (photo not 0) of a photo in it.
func albumThingPath(owner, album, photo core.ID) string {
	if photo == 0 {
		return albumIDPath(owner, album)
	}
	return albumPhotoIDPath(owner, album, photo)
}

// Rows of lists.
const (
	albumRows    = 12 // albums
	photoRows    = 20 // photos of one album
	homeAlbums   = 4
	recentAlbums = 4 // on a profile
)

// albumReport is what a report of an album, or of a photo in it, is about.
func albumReport(a *album.Album, photo core.ID) report.Thing {
	return report.Thing{Kind: album.ReportedAlbum, Owner: a.Owner, ID: a.ID, Piece: photo}
}

// albums lists a member's albums; without an owner one's own.
func (v albumPages) albums() error {
	owner, err := v.idOrSelf("owner")
	if err != nil {
		return err
	}
	p := &albumsPage{frame: frame(v), base: albumsOfPath(owner), page: v.page(albumRows)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	v.leaveFootprint(owner)
	p.heading = v.t("album.of", p.of.Name)
	if p.albums, p.more, err = v.site.core.Album.Albums(v.ctx, v.viewer(), owner, p.page); err != nil {
		return err
	}
	if owner == v.member.ID {
		if p.room, err = v.site.core.Album.AlbumRoom(v.ctx, owner); err != nil {
			return err
		}
	}
	return v.show(p)
}

// friendsAlbums lists the newest albums of one's friends.
func (v albumPages) friendsAlbums() error {
	p := &albumsPage{frame: frame(v), heading: v.t("album.friends"), base: friendsAlbumsPath, page: v.page(albumRows)}
	var err error
	if p.albums, p.more, err = v.site.core.Album.FriendsAlbums(v.ctx, v.viewer(), p.page); err != nil {
		return err
	}
	return v.show(p)
}

// album shows the photos of an album and the comments on it, or asks for its password. With the ID of a photo it leads to that
// photo, wherever it has been moved: news of comments do not know where it is now.
func (v albumPages) album() error {
	owner, id, err := v.ownedID()
	if err != nil {
		return err
	}
	err = v.showAlbum(owner, id, "", nil)
	if !errors.Is(err, core.ErrNotFound) {
		return err
	}
	album, err := v.site.core.Album.AlbumOfPhoto(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	v.redirect(albumPhotoIDPath(owner, album, id))
	return nil
}

// showAlbum is the page of an album; typed and wrong are those of a comment that could not be taken.
func (v albumPages) showAlbum(owner, id core.ID, typed string, w wrong) error {
	a, err := v.site.core.Album.Album(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	if a.Locked {
		return v.showAlbumLocked(a.Album, 0, nil)
	}
	v.leaveFootprint(owner)
	if err := v.sawTalk(owner, id); err != nil {
		return err
	}
	p := &albumPage{frame: frame(v), album: a.Album, page: v.page(photoRows)}
	if p.hidden, err = v.concealed(albumReport(&a.Album, 0), a.Visibility); err != nil {
		return err
	}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.photos, p.more, err = v.site.core.Album.AlbumPhotos(v.ctx, a, p.page); err != nil {
		return err
	}
	if p.talk, err = v.talk(a.Talk(), typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// albumPhoto shows one photo, its neighbours a key away, and the comments on it.
func (v albumPages) albumPhoto() error {
	owner, id, err := v.ownedID()
	if err != nil {
		return err
	}
	photo, err := v.id("photo")
	if err != nil {
		return err
	}
	return v.showAlbumPhoto(owner, id, photo, "", nil)
}

// showHiddenPhoto shows the owner of a photo that an operator has taken out of its album why that is so.
func (v albumPages) showHiddenPhoto(id, photo core.ID) error {
	why, err := v.concealed(report.Thing{Kind: album.ReportedAlbum, Owner: v.member.ID, ID: id, Piece: photo}, core.Private)
	if err != nil {
		return err
	}
	if why == "" {
		return core.ErrNotFound
	}
	p, err := v.site.core.Photo(v.ctx, v.viewer(), v.member.ID, photo)
	if err != nil {
		return err
	}
	return v.show(&hiddenPhotoPage{frame(v), id, p, why})
}

func (v albumPages) showAlbumPhoto(owner, id, photo core.ID, typed string, w wrong) error {
	a, err := v.site.core.Album.Album(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	if a.Locked {
		return v.showAlbumLocked(a.Album, photo, nil)
	}
	n, err := v.site.core.Album.AlbumPhoto(v.ctx, a, photo)
	if errors.Is(err, core.ErrNotFound) && owner == v.member.ID {
		return v.showHiddenPhoto(id, photo)
	}
	if err != nil {
		return err
	}
	v.leaveFootprint(owner)
	if err := v.sawTalk(owner, photo); err != nil {
		return err
	}
	p := &albumPhotoPage{frame: frame(v), album: a.Album, photo: n}
	v.allowScript()
	if err := v.showFilm(p, a); err != nil {
		return err
	}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.talk, err = v.talk(a.TalkOf(n), typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// sawTalk notes that the owner sees the comments on an album or a photo of theirs, or somebody else those that name them.
func (v albumPages) sawTalk(owner, thing core.ID) error {
	if owner != v.member.ID {
		return v.looked(album.MentionNews, owner, thing)
	}
	return errors.Join(v.looked(album.CommentNews, 0, thing), v.looked(album.LikeNews, 0, thing))
}

// showAlbumLocked asks for an album's password; photo is where the viewer wanted to go, 0: to the album.
func (v albumPages) showAlbumLocked(a album.Album, photo core.ID, w wrong) error {
	p := &albumLockedPage{frame: frame(v), album: a, photo: photo, wrong: w}
	var err error
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), a.Owner); err != nil {
		return err
	}
	return v.show(p)
}

// openAlbum takes the password.
func (v albumPages) openAlbum() error {
	to, err := talkPages(v).thread(album.OnAlbum, "id") // where the viewer wanted to go
	if err != nil {
		return err
	}
	err = v.site.core.Album.OpenAlbum(v.ctx, v.viewer(), to.Owner, to.Thing, v.form.get("password"))
	if w, ok := invalid(err); ok {
		a, err := v.site.core.Album.Album(v.ctx, v.viewer(), to.Owner, to.Thing)
		if err != nil {
			return err
		}
		return v.showAlbumLocked(a.Album, to.Piece, w)
	}
	if err != nil {
		return err
	}
	v.redirect(threadPath(to))
	return nil
}
