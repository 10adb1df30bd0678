package web

import (
	"context"
	"slices"
	"strconv"

	"musubi/core"
	"musubi/core/album"
)

// ownAlbum gives an album of one's own.
func (v albumPages) ownAlbum(id core.ID) (album.Seen, error) {
	return v.site.core.Album.Album(v.ctx, v.viewer(), v.member.ID, id)
}

// ownAlbumOf gives the one that the address names.
func (v albumPages) ownAlbumOf(name string) (album.Seen, error) {
	id, err := v.id(name)
	if err != nil {
		return album.Seen{}, err
	}
	return v.ownAlbum(id)
}

// albumForm is the form for a new album, or (id) for one of one's own.
func (v albumPages) albumForm() error {
	if v.query("id") == "" {
		return v.showAlbumForm(album.Album{}, album.NewAlbum{Visibility: v.member.DiaryVisibility}, nil)
	}
	a, err := v.ownAlbumOf("id")
	if err != nil {
		return err
	}
	return v.showAlbumForm(a.Album, album.NewAlbum{Title: a.Title, Note: a.Note, Visibility: a.Visibility, Protected: a.Protected, CommentsClosed: !a.CommentsOpen}, nil)
}

// showAlbumForm shows the form with what was typed; a is the album that is changed, the zero one when it is new.
func (v albumPages) showAlbumForm(a album.Album, n album.NewAlbum, w wrong) error {
	return v.show(&albumFormPage{frame: frame(v), album: a, entry: n, wrong: w})
}

// editAlbum makes an album, and leads to its first photos, or changes one.
func (v albumPages) editAlbum() error {
	n := album.NewAlbum{Title: v.form.get("title"), Note: v.form.get("note"), Password: v.form.get("password"),
		NoPassword: v.form.pressed("nopassword"), Protected: v.form.pressed("protected"), CommentsClosed: v.form.pressed("closed")}
	var a album.Album
	if id, ok := core.ParseID(v.form.get("album")); ok {
		own, err := v.ownAlbum(id)
		if err != nil {
			return err
		}
		a = own.Album
	}
	var ok bool
	if n.Visibility, ok = core.ParseVisibility(v.form.get("visibility")); !ok {
		n.Visibility = v.member.DiaryVisibility
	}
	if v.form.pressed("edit") {
		return v.showAlbumForm(a, n, nil)
	}
	again := func(w wrong) error { return v.showAlbumForm(a, n, w) }
	if err := v.site.core.Album.PrepareAlbum(v.ctx, &n); err != nil {
		if w, ok := invalid(err); ok {
			return again(w)
		}
		return err
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		if a.ID != 0 {
			return albumIDPath(a.Owner, a.ID), v.site.core.Album.EditAlbum(ctx, v.member.ID, a.ID, n)
		}
		made, err := v.site.core.Album.WriteAlbum(ctx, v.member.ID, n)
		return albumUploadPath + "?id=" + made.ID.String(), err
	})
}

// deleteAlbumForm asks before an album goes.
func (v albumPages) deleteAlbumForm() error {
	a, err := v.ownAlbumOf("id")
	if err != nil {
		return err
	}
	return v.show(&askPage{frame: frame(v), heading: v.t("album.delete"), question: v.t("album.deleteask", a.Title, a.Photos, a.AllComments),
		action: albumDeletePath, fields: []hiddenValue{{"id", a.ID.String()}}, button: "delete", back: albumIDPath(a.Owner, a.ID)})
}

// deleteAlbum removes an album of one's own.
func (v albumPages) deleteAlbum() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return albumsPath, v.site.core.Album.DeleteAlbum(ctx, v.member.ID, id)
	})
}

// moveChoices is how many other albums a form offers to move photos to: a handset's page has to hold them.
const moveChoices = 30

// arrangeForm is the form for captions, order and cover of a page of photos, or of one (photo): there a handset does it.
func (v albumPages) arrangeForm() error {
	a, err := v.ownAlbumOf("id")
	if err != nil {
		return err
	}
	photo, _ := core.ParseID(v.query("photo"))
	return v.showArrangeForm(a, photo, v.page(photoRows), nil, nil)
}

// showArrangeForm shows the form with what was typed and what is wrong with it.
func (v albumPages) showArrangeForm(a album.Seen, photo core.ID, page core.Page, typed []album.PhotoChange, w wrong) error {
	p := &arrangePage{frame: frame(v), album: a.Album, single: photo, page: page, wrong: w}
	var err error
	if photo != 0 {
		var n album.AlbumPhoto
		if n, err = v.site.core.Album.AlbumPhoto(v.ctx, a, photo); err != nil {
			return err
		}
		p.photos = []album.AlbumPhoto{n}
	} else if p.photos, p.more, err = v.site.core.Album.AlbumPhotos(v.ctx, a, page); err != nil {
		return err
	}
	for i := range p.photos {
		n := &p.photos[i]
		if photo == 0 {
			n.Number = page.Offset() + i + 1
		}
		for _, t := range typed {
			if t.Photo == n.ID {
				n.Caption = t.Caption
			}
		}
	}
	others, _, err := v.site.core.Album.Albums(v.ctx, v.viewer(), a.Owner, core.Page{Size: moveChoices})
	p.others = slices.DeleteFunc(others, func(o album.Album) bool { return o.ID == a.ID })
	if err != nil {
		return err
	}
	return v.show(p)
}

// arrange takes the form: captions, numbers and cover are stored whatever button was pressed; 削除 asks first.
func (v albumPages) arrange() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	a, err := v.ownAlbum(id)
	if err != nil {
		return err
	}
	single, _ := core.ParseID(v.form.get("photo"))
	page := core.Page{Number: 1, Size: photoRows}
	if n, ok := core.ParseID(v.form.get("page")); ok && n <= album.MaxAlbumPhotos/photoRows {
		page.Number = int(n)
	}
	picked := v.pickedPhotos(single)
	if v.form.pressed("sure") {
		return v.deletePhotos(a.Album, picked)
	}
	changes := v.readChanges(picked)
	to, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, func(ctx context.Context) (string, error) {
		to := pagePath(albumArrangePath+"?id="+id.String(), page.Number)
		if single != 0 {
			to = albumPhotoIDPath(a.Owner, id, single)
			if v.form.pressed("move") {
				to = albumIDPath(a.Owner, id)
			}
		}
		return to, v.site.core.Album.ChangePhotos(ctx, v.member.ID, id, changes)
	})
	if w, ok := invalid(err); ok {
		return v.showArrangeForm(a, single, page, changes, w)
	}
	if err != nil {
		return err
	}
	if v.form.pressed("delete") && len(picked) > 0 {
		return v.askDeletePhotos(a, picked)
	}
	v.redirect(to)
	return nil
}

// pickedPhotos are those that a button means: the only one, or the ticked ones.
func (v albumPages) pickedPhotos(single core.ID) []core.ID {
	if single != 0 {
		return []core.ID{single}
	}
	return v.form.ids("pick", album.MaxAlbumPhotos)
}

// readChanges reads what the form says of each photo.
func (v albumPages) readChanges(picked []core.ID) (changes []album.PhotoChange) {
	cover, _ := core.ParseID(v.form.get("cover"))
	to, _ := core.ParseID(v.form.get("to"))
	for _, s := range v.form.values["p"] {
		id, ok := core.ParseID(s)
		if !ok || len(changes) == photoRows {
			continue
		}
		n := album.PhotoChange{Photo: id, Caption: v.form.get("caption" + s), Cover: id == cover}
		n.Number, _ = strconv.Atoi(core.Fold(v.form.get("number" + s)))
		switch {
		case v.form.pressed("up"):
			n.Number = max(n.Number-1, 1)
		case v.form.pressed("down"):
			n.Number++
		case v.form.pressed("move") && slices.Contains(picked, id):
			n.MoveTo = to
		}
		changes = append(changes, n)
	}
	return changes
}

// askDeletePhotos asks before photos go.
func (v albumPages) askDeletePhotos(a album.Seen, picked []core.ID) error {
	p := &askPage{frame: frame(v), heading: v.t("photo.delete"), question: v.t("photo.deleteask", len(picked)),
		action: albumArrangePath, fields: []hiddenValue{{"id", a.ID.String()}}, button: "sure", back: albumIDPath(a.Owner, a.ID)}
	for _, id := range picked {
		n, err := v.site.core.Album.AlbumPhoto(v.ctx, a, id)
		if err != nil {
			return err
		}
		p.photos, p.fields = append(p.photos, n), append(p.fields, hiddenValue{"pick", id.String()})
	}
	return v.show(p)
}

func (v albumPages) deletePhotos(a album.Album, picked []core.ID) error {
	return v.once(func(ctx context.Context) (string, error) {
		return albumIDPath(a.Owner, a.ID), v.site.core.Album.DeleteAlbumPhotos(ctx, v.member.ID, a.ID, picked)
	})
}
