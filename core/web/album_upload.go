package web

import (
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
	return v.showUpload(a, nil)
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
	p := &uploadPage{frame: frame(v), album: a, answers: answers}
	var err error
	if p.room, err = v.site.core.Album.AlbumRoom(v.ctx, v.member.ID); err != nil {
		return err
	}
	v.allowScript()
	return v.show(p)
}

// allowScript lets the page run scripts of our own host, and no others.
func (v uploadPages) allowScript() {
	h := &v.ctx.Response.Header
	h.Set("Content-Security-Policy", strings.Replace(string(h.Peek("Content-Security-Policy")), "script-src 'none'", "script-src 'self'", 1))
}

// fileTaken is the answer to a file that is in the album; every other is a key of the catalogue.
const fileTaken = "ok"

// upload takes files into an album, each on its own: what can be read and has room is in, whatever becomes of the others. A
// form that comes again gets the first one's answer.
func (v uploadPages) upload() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	if _, err := (albumPages(v)).ownAlbum(id); err != nil {
		return err
	}
	files, names := v.form.files["file"], v.form.names["file"]
	photos, says := make([]core.ID, len(files)), make([]string, len(files))
	for i, file := range files {
		if photos[i], says[i], err = v.takeFile(id, file); err != nil {
			return err
		}
	}
	result, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, func(ctx context.Context) (string, error) {
		for i := range says {
			if says[i] == fileTaken {
				var err error
				if says[i], err = fileSays(v.site.core.Album.HangPhoto(ctx, v.member.ID, id, photos[i], time.Time{})); err != nil {
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

// takeFile makes the picture of a file and says fileTaken, or why not.
func (v uploadPages) takeFile(album core.ID, file []byte) (photo core.ID, says string, err error) {
	if says, err = fileSays(v.site.core.Album.MayUpload(v.ctx, v.member.ID, album)); says != fileTaken {
		return 0, says, err
	}
	p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, file, time.Time{})
	says, err = fileSays(err)
	return p.ID, says, err
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
		return v.showUpload(a, answers)
	}
	room, err := v.site.core.Album.AlbumRoom(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	v.ctx.SetContentType("application/json; charset=UTF-8")
	return json.NewEncoder(v.ctx).Encode(map[string]any{
		"ok": answers[0].ok, "text": answers[0].says, "room": roomWords(room),
		"token": v.site.newToken(v.session.Key, albumUploadPath),
	})
}

func (v uploadPages) fileWords(says string) string {
	switch says {
	case fileTaken:
		return v.t("upload.taken")
	case core.ErrPhoto.Key:
		return v.t(says, core.MaxUpload>>20)
	}
	return v.t(says)
}

// roomWords is the meter in words: 12.3MB / 200MB.
func roomWords(r album.AlbumRoom) string {
	if r.Bytes < 1<<20 {
		return fmt.Sprintf("%dKB / %dMB", (r.Bytes+1<<10-1)>>10, r.Limit>>20)
	}
	return fmt.Sprintf("%.1fMB / %dMB", float64(r.Bytes)/(1<<20), r.Limit>>20)
}

// uploadWords are what the script says, by the end of their keys.
var uploadWords = []string{"waiting", "lost", "again", "large", "progress"}

// uploadScript names the content of the script.
var uploadScript = version(assets["/album.js"].body)
