package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/album"
)

// uploadForm is the form for photos of an album of one's own.
func (v uploadPages) uploadForm() error {
	a, err := albumPages(v).ownAlbumOf("id")
	if err != nil {
		return err
	}
	return v.showUpload(a.Album, nil)
}

// A fileAnswer is what became of one uploaded file.
type fileAnswer struct {
	name string
	ok   bool
	says string
}

// showUpload shows the form, under what became of the files before. This page alone may run our script; handsets, which cannot
// choose a file, are sent neither form nor script (SEC-18).
func (v uploadPages) showUpload(a album.Album, answers []fileAnswer) error {
	p := &uploadPage{frame: frame(v), album: a, answers: answers, film: v.takesFilms()}
	p.path = albumUploadPath
	if p.film {
		p.path, p.takes = filmUploadPath, v.site.core.Album.TakesFilms()
	}
	var err error
	if p.room, err = v.site.core.Album.AlbumRoom(v.ctx, v.member.ID); err != nil {
		return err
	}
	v.allowScript()
	return v.show(p)
}

// Answers to files: fileTaken is of one that is in the album, every other a key of the catalogue.
const (
	fileTaken     = "ok"
	noRoomForFile = "field.shed" // of one that was let go
)

// upload takes files into an album, each on its own: what can be read and has room is in, whatever becomes of the others. A
// form that comes again gets the first one's answer.
func (v uploadPages) upload() error {
	return v.takeFiles(func(album core.ID, file []byte) (hang, error) {
		if err := v.site.core.Album.MayUpload(v.ctx, v.member.ID, album); err != nil {
			return nil, err
		}
		p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, file, time.Time{})
		return func(ctx context.Context) error {
			return v.site.core.Album.HangPhoto(ctx, v.member.ID, album, p.ID, time.Time{})
		}, err
	})
}

// uploadFilm takes films.
func (v uploadPages) uploadFilm() error {
	return v.takeFiles(func(id core.ID, file []byte) (hang, error) {
		n, err := v.site.core.Album.TakeFilm(v.ctx, v.member.ID, id, bytes.NewReader(file), album.NewFilm{Caption: v.form.get("caption"), Tags: []string{v.form.get("tags")}})
		return func(ctx context.Context) error {
			return v.site.core.Album.HangFilm(ctx, v.member.ID, id, n, time.Time{})
		}, err
	})
}

// A hang puts into its album what was made of a file.
type hang func(ctx context.Context) error

// takeFiles makes of each file what take makes of it, and then hangs them all.
func (v uploadPages) takeFiles(take func(album core.ID, file []byte) (hang, error)) error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	if _, err := (albumPages(v)).ownAlbum(id); err != nil {
		return err
	}
	files, names := v.form.files["file"], v.form.names["file"]
	hangs, says := make([]hang, len(files)), make([]string, len(files))
	for i, file := range files {
		if v.form.letGo(file) {
			says[i] = noRoomForFile
			continue
		}
		hangs[i], err = take(id, file)
		if says[i], err = fileSays(err); err != nil {
			return err
		}
	}
	result, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, func(ctx context.Context) (string, error) {
		for i := range says {
			if says[i] == fileTaken {
				var err error
				if says[i], err = fileSays(hangs[i](ctx)); err != nil {
					return "", err
				}
			}
		}
		return strings.Join(says, " "), nil
	})
	if err != nil {
		return err
	}
	return v.answerFiles(id, names, strings.Fields(result))
}

// fileSays turns a refusal into its key; other errors stay errors.
func fileSays(err error) (string, error) {
	if err == nil {
		return fileTaken, nil
	}
	var refusal *core.Error
	if errors.As(err, &refusal) && refusal.Code != core.NotFound {
		return refusal.Key, nil
	}
	var wrong core.Invalid
	if errors.As(err, &wrong) {
		return wrong[0].Key, nil
	}
	return "", err
}

// answerFiles answers each file by name: as a page, or as JSON for the script, with the token of its next form.
func (v uploadPages) answerFiles(album core.ID, names, says []string) error {
	a, err := albumPages(v).ownAlbum(album)
	if err != nil {
		return err
	}
	answers := make([]fileAnswer, 0, len(names))
	for i, name := range names {
		if i < len(says) {
			answers = append(answers, fileAnswer{name, says[i] == fileTaken, v.fileWords(says[i])})
		}
	}
	if len(answers) == 0 {
		answers = []fileAnswer{{says: v.t("upload.nothing")}}
	}
	if !v.form.pressed("script") {
		return v.showUpload(a.Album, answers)
	}
	room, err := v.site.core.Album.AlbumRoom(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	v.ctx.SetContentType("application/json; charset=UTF-8")
	return json.NewEncoder(v.ctx).Encode(map[string]any{
		"ok": answers[0].ok, "text": answers[0].says, "room": v.roomOf(room), "kb": v.usedKB(room), "count": v.countOf(room),
		"token": v.site.newToken(v.session.Key, string(v.ctx.Path())),
	})
}

func (v uploadPages) fileWords(says string) string {
	switch says {
	case fileTaken:
		return v.t("upload.taken")
	case core.ErrPhotoLarge.Key:
		return v.t(says, core.MaxUpload>>20)
	case album.ErrFilmLarge.Key:
		return v.t(says, v.filmMB())
	case album.ErrFilmLong.Key:
		return v.t(says, v.filmMinutes())
	case album.ErrTags[0].Key:
		return v.t(says, album.MaxTags)
	case "field.toolong":
		return v.t(says, album.MaxCaption)
	case noRoomForFile:
		return v.t(says, 1)
	}
	return v.t(says)
}

// filmMB and filmMinutes are the limits of one film.
func (v uploadPages) filmMB() int {
	bytes, _ := v.site.core.Album.FilmLimits()
	return int(bytes >> 20)
}

func (v uploadPages) filmMinutes() int {
	_, length := v.site.core.Album.FilmLimits()
	return int(length.Minutes())
}

// takesFilms says whether this form is for films.
func (v uploadPages) takesFilms() bool { return string(v.ctx.Path()) == filmUploadPath }

// roomOf is the meter of what this form takes.
func (v uploadPages) roomOf(r album.AlbumRoom) string {
	if v.takesFilms() {
		r.Bytes, r.Limit = r.FilmBytes, r.FilmLimit
	}
	return roomWords(r)
}

// usedKB is the value of that meter, and countOf how many things take it up.
func (v uploadPages) usedKB(r album.AlbumRoom) int64 {
	if v.takesFilms() {
		return r.FilmBytes >> 10
	}
	return r.Bytes >> 10
}

func (v uploadPages) countOf(r album.AlbumRoom) string {
	if v.takesFilms() {
		return v.t("film.count", r.Films)
	}
	return v.t("album.roomphotos", r.Albums, r.Photos)
}

// roomWords is the meter in words: 12.3MB / 200MB.
func roomWords(r album.AlbumRoom) string {
	if r.Bytes < 1<<20 {
		return fmt.Sprintf("%dKB / %dMB", (r.Bytes+1<<10-1)>>10, r.Limit>>20)
	}
	return fmt.Sprintf("%.1fMB / %dMB", float64(r.Bytes)/(1<<20), r.Limit>>20)
}

// uploadWords are what the script says, by the end of their keys.
var uploadWords = []string{"waiting", "lost", "again", "large", "progress", "cancel", "cancelled", "checking"}

// uploadScript names the content of the script.
var uploadScript = version(assets["/album.js"].body)
