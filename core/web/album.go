package web

import (
	"context"
	"errors"

	"musubi/core"
)

// Addresses of albums.
const (
	albumPath         = "/album"
	albumsPath        = "/album/list"
	friendsAlbumsPath = "/album/friends"
	albumPhotoPath    = "/album/photo"
	albumOpenPath     = "/album/open"
	albumCommentPath  = "/album/comment"
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

// Rows of lists.
const (
	albumRows    = 12 // albums
	photoRows    = 20 // photos of one album
	homeAlbums   = 4
	recentAlbums = 4 // on a profile
)

// albums lists a member's albums; without an owner one's own.
func (v *visit) albums() error {
	owner, err := v.idOrSelf("owner")
	if err != nil {
		return err
	}
	p := &albumsPage{frame: frame{v}, base: albumsOfPath(owner), page: v.page(albumRows)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	v.leaveFootprint(owner)
	p.heading = v.t("album.of", p.of.Name)
	if p.albums, p.more, err = v.site.core.Albums(v.ctx, v.viewer(), owner, p.page); err != nil {
		return err
	}
	if owner == v.member.ID {
		if p.room, err = v.site.core.AlbumRoom(v.ctx, owner); err != nil {
			return err
		}
	}
	return v.show(p)
}

// friendsAlbums lists the newest albums of one's friends.
func (v *visit) friendsAlbums() error {
	p := &albumsPage{frame: frame{v}, heading: v.t("album.friends"), base: friendsAlbumsPath, page: v.page(albumRows)}
	var err error
	if p.albums, p.more, err = v.site.core.FriendsAlbums(v.ctx, v.viewer(), p.page); err != nil {
		return err
	}
	return v.show(p)
}

// album shows the photos of an album and the comments on it, or asks for its password. With the ID of a photo it leads to that
// photo, wherever it has been moved: news of comments do not know where it is now.
func (v *visit) album() error {
	owner, err := v.id("owner")
	if err != nil {
		return err
	}
	id, err := v.id("id")
	if err != nil {
		return err
	}
	err = v.showAlbum(owner, id, "", nil)
	if !errors.Is(err, core.ErrNotFound) {
		return err
	}
	album, err := v.site.core.AlbumOfPhoto(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	v.redirect(albumPhotoIDPath(owner, album, id))
	return nil
}

// showAlbum is the page of an album; typed and wrong are those of a comment that could not be taken.
func (v *visit) showAlbum(owner, id core.ID, typed string, w wrong) error {
	a, err := v.site.core.Album(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	if a.Locked {
		return v.showAlbumLocked(a, 0, nil)
	}
	v.leaveFootprint(owner)
	if err := v.sawTalk(owner, id); err != nil {
		return err
	}
	p := &albumPage{frame: frame{v}, page: v.page(photoRows)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.photos, p.more, err = v.site.core.AlbumPhotos(v.ctx, v.viewer(), owner, id, p.page); err != nil {
		return err
	}
	if p.talk, err = v.albumTalk(a, 0, a.Comments, typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// albumPhoto shows one photo, its neighbours a key away, and the comments on it.
func (v *visit) albumPhoto() error {
	owner, err := v.id("owner")
	if err != nil {
		return err
	}
	id, err := v.id("id")
	if err != nil {
		return err
	}
	photo, err := v.id("photo")
	if err != nil {
		return err
	}
	return v.showAlbumPhoto(owner, id, photo, "", nil)
}

func (v *visit) showAlbumPhoto(owner, id, photo core.ID, typed string, w wrong) error {
	n, a, err := v.site.core.AlbumPhoto(v.ctx, v.viewer(), owner, id, photo)
	if errors.Is(err, core.ErrAlbumLocked) {
		return v.showAlbumLocked(a, photo, nil)
	}
	if err != nil {
		return err
	}
	v.leaveFootprint(owner)
	if err := v.sawTalk(owner, photo); err != nil {
		return err
	}
	p := &albumPhotoPage{frame: frame{v}, photo: n}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.talk, err = v.albumTalk(a, photo, n.Comments, typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// sawTalk notes that the owner sees the comments on an album or a photo of theirs.
func (v *visit) sawTalk(owner, thing core.ID) error {
	if owner != v.member.ID {
		return nil
	}
	return v.looked(core.AlbumNews, 0, thing)
}

// A talk is the comments under an album or a photo, and the form for one more.
type talk struct {
	album    core.Album
	photo    core.ID // 0: under the album itself
	count    int
	comments []core.Comment
	page     core.Page
	pages    int
	typed    string
	wrong    wrong
}

// albumTalk gives the newest page of the comments unless another is asked for, as "c": "page" is that of the photos.
func (v *visit) albumTalk(a core.Album, photo core.ID, count int, typed string, w wrong) (talk, error) {
	t := talk{album: a, photo: photo, count: count, typed: typed, wrong: w, pages: max((count+commentRows-1)/commentRows, 1)}
	t.page = core.Page{Number: t.pages, Size: commentRows}
	if n, ok := core.ParseID(v.query("c")); ok && int(n) <= t.pages {
		t.page.Number = int(n)
	}
	var err error
	t.comments, _, err = v.site.core.Comments(v.ctx, v.viewer(), core.AlbumThread(a.Owner, a.ID, photo), t.page)
	return t, err
}

// path is where the talk stands.
func (t *talk) path() string { return talkPath(t.album.Owner, t.album.ID, t.photo) }

func talkPath(owner, album, photo core.ID) string {
	if photo == 0 {
		return albumIDPath(owner, album)
	}
	return albumPhotoIDPath(owner, album, photo)
}

// showAlbumLocked asks for an album's password; photo is where the viewer wanted to go, 0: to the album.
func (v *visit) showAlbumLocked(a core.Album, photo core.ID, w wrong) error {
	p := &albumLockedPage{frame: frame{v}, album: a, photo: photo, wrong: w}
	var err error
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), a.Owner); err != nil {
		return err
	}
	return v.show(p)
}

// openAlbum takes the password.
func (v *visit) openAlbum() error {
	owner, err := v.formID("owner")
	if err != nil {
		return err
	}
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	photo, _ := core.ParseID(v.form.get("photo"))
	err = v.site.core.OpenAlbum(v.ctx, v.viewer(), owner, id, v.form.get("password"))
	if w, ok := invalid(err); ok {
		a, err := v.site.core.Album(v.ctx, v.viewer(), owner, id)
		if err != nil {
			return err
		}
		return v.showAlbumLocked(a, photo, w)
	}
	if err != nil {
		return err
	}
	v.redirect(talkPath(owner, id, photo))
	return nil
}

// talkIDs reads from a form where a comment stands.
func (v *visit) talkIDs() (owner, album, photo core.ID, err error) {
	if owner, err = v.formID("owner"); err != nil {
		return
	}
	album, err = v.formID("album")
	photo, _ = core.ParseID(v.form.get("photo"))
	return
}

// showTalk shows the page of an album or a photo with a comment that was not sent yet.
func (v *visit) showTalk(owner, album, photo core.ID, typed string, w wrong) error {
	if photo != 0 {
		return v.showAlbumPhoto(owner, album, photo, typed, w)
	}
	return v.showAlbum(owner, album, typed, w)
}

// writeAlbumComment stores a comment, or shows what it would look like when 確認 was pressed.
func (v *visit) writeAlbumComment() error {
	owner, album, photo, err := v.talkIDs()
	if err != nil {
		return err
	}
	body := v.form.get("body")
	if v.form.pressed("edit") {
		return v.showTalk(owner, album, photo, body, nil)
	}
	if v.form.pressed("confirm") {
		a, err := v.site.core.Album(v.ctx, v.viewer(), owner, album)
		if err != nil {
			return err
		}
		if w, ok := invalid(core.CheckComment(&body)); ok || a.Locked {
			return v.showTalk(owner, album, photo, body, w)
		}
		return v.show(&albumCommentPreviewPage{frame: frame{v}, album: a, photo: photo, body: body})
	}
	to, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, func(ctx context.Context) (string, error) {
		_, err := v.site.core.WriteComment(ctx, v.viewer(), core.AlbumThread(owner, album, photo), body, v.site.core.Now())
		return talkPath(owner, album, photo), err
	})
	if w, ok := invalid(err); ok {
		return v.showTalk(owner, album, photo, body, w)
	}
	if err != nil {
		return err
	}
	v.redirect(to + "#comments")
	return nil
}

// deleteAlbumComment removes a comment of one's own, or one on an album of one's own.
func (v *visit) deleteAlbumComment() error {
	owner, album, photo, err := v.talkIDs()
	if err != nil {
		return err
	}
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	to, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, func(ctx context.Context) (string, error) {
		return talkPath(owner, album, photo), v.site.core.DeleteComment(ctx, v.member.ID, core.AlbumThread(owner, album, photo), id)
	})
	if err != nil {
		return err
	}
	v.redirect(to)
	return nil
}
