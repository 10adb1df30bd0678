package mailpost

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/journal"
)

// How many photos and films one mail may bring.
const (
	maxAlbumMail   = 10
	maxDiaryPhotos = journal.MaxDiaryPhotos
	MaxFilms       = 3
)

// Films takes films that come by mail; the area of videos has it.
type Films interface {
	// KeepFilm stores a film of the owner that is in no album yet, outside of any write. core.ErrNotFound or Invalid when
	// it is none that can be taken.
	KeepFilm(ctx context.Context, owner core.ID, film io.ReadSeeker, format string) (core.ID, error)
	// HangFilm puts it into an album of the owner, within the write; album 0: into the one for films of diaries. quote is what an
	// entry says to show it.
	HangFilm(ctx context.Context, owner, album, film core.ID, title string) (quote string, err error)
}

// prepare looks whether anything can be posted and makes pictures of the files: outside of the write, because it takes long.
func (d *delivery) prepare(ctx context.Context) error {
	if err := d.mayPost(ctx); err != nil {
		return err
	}
	for _, f := range d.letter.Files {
		if err := d.keep(ctx, f); err != nil {
			return err
		}
	}
	if d.letter.Missed {
		d.remark(mistake{kind: mistakeMissed})
	}
	d.remarks = unique(d.remarks)
	if d.target.Purpose == ToAlbum || d.target.Purpose == ToProfile {
		return d.needsFiles()
	}
	return nil
}

// mayPost refuses what cannot be posted whatever it brings.
func (d *delivery) mayPost(ctx context.Context) error {
	if d.target.Purpose == ToAlbum {
		return d.Album.MayUpload(ctx, d.target.Member, d.target.On.Thing)
	}
	return nil
}

// needsFiles: a letter to an album or profile without a photo that could be read is a mistake.
func (d *delivery) needsFiles() error {
	switch {
	case len(d.photos) > 0 || len(d.films) > 0:
		return nil
	case len(d.remarks) > 0:
		return d.remarks[0]
	}
	return mistake{kind: mistakeNoPhoto}
}

// keep makes the stored picture of a photo, or stores a film. What cannot be taken is a remark; an error means to come again.
func (d *delivery) keep(ctx context.Context, f File) error {
	switch {
	case f.Film:
		return d.keepFilm(ctx, f)
	case d.target.Photos() == 0:
		d.remark(mistake{kind: mistakePhotosHere})
	case len(d.photos) == d.target.Photos():
		d.remark(mistake{kind: mistakePhotos, n: d.target.Photos()})
	default:
		p, err := d.AddPhoto(ctx, d.target.Member, f.Bytes(), time.Time{})
		if errors.Is(err, core.ErrPhoto) {
			d.remark(mistake{kind: mistakePhoto})
			return nil
		}
		d.photos = append(d.photos, p.ID)
		return err
	}
	return nil
}

func (d *delivery) keepFilm(ctx context.Context, f File) error {
	if d.Service.films == nil || d.target.Purpose != ToAlbum && d.target.Purpose != ToDiary {
		d.remark(mistake{kind: mistakeFilmsHere})
		return nil
	}
	if len(d.films) == MaxFilms {
		d.remark(mistake{kind: mistakeFilms, n: MaxFilms})
		return nil
	}
	id, err := d.Service.films.KeepFilm(ctx, d.target.Member, f.Open(), f.Format)
	if _, wrong := mistakeOf(err); wrong {
		d.remark(mistake{kind: mistakeFilm})
		return nil
	}
	d.films = append(d.films, id)
	return err
}

func (d *delivery) remark(m mistake) { d.remarks = append(d.remarks, m) }

// post writes what the letter is for, within the write. It may run twice.
func (d *delivery) post(ctx context.Context) (remarks []mistake, err error) {
	switch d.target.Purpose {
	case ToDiary:
		return d.postDiary(ctx)
	case ToAlbum:
		return d.postPhotos(ctx)
	case ToThread:
		return nil, d.postComment(ctx)
	}
	return d.postProfile(ctx)
}

// postDiary writes an entry: the subject is its title, and who may see it is what the member chose for entries.
func (d *delivery) postDiary(ctx context.Context) (remarks []mistake, err error) {
	title, body := core.Clean(d.letter.Subject, core.OneLine), core.Clean(d.letter.Text, core.ManyLines)
	if body == "" && len(d.photos) == 0 && len(d.films) == 0 {
		if len(d.remarks) > 0 {
			return nil, d.remarks[0]
		}
		return nil, mistake{kind: mistakeEmpty}
	}
	var quotes []string
	for _, id := range d.films {
		quote, err := d.Service.films.HangFilm(ctx, d.target.Member, 0, id, title)
		if err != nil {
			return nil, err
		}
		quotes = append(quotes, quote)
	}
	if body == "" {
		body = bodyOfPhotos
	}
	n := journal.NewDiary{Title: d.title(title), Body: strings.Join(append([]string{body}, quotes...), "\n"), Visibility: d.member.DiaryVisibility, Photos: d.photos}
	if d.letter.Denied && d.config.Held {
		n.Visibility, remarks = core.Private, []mistake{{kind: mistakeHeld}}
	}
	_, err = d.Journal.WriteDiary(ctx, d.target.Member, n)
	return remarks, err
}

// bodyOfPhotos is the text of an entry that has none: every carrier's first set of emoji has it.
const bodyOfPhotos = "📷"

// title is the title of an entry.
func (d *delivery) title(subject string) string {
	if subject == "" && d.Service.letters != nil {
		subject = d.Service.letters.Untitled(d.member)
	}
	return d.cut(subject, journal.MaxDiaryTitle)
}

// cut cuts a title, which the member is told.
func (d *delivery) cut(title string, most int) string {
	if core.Length(title) > most {
		d.remark(mistake{kind: mistakeTitle, n: most})
	}
	return cut(title, most)
}

// cut shortens a text to so many characters.
func cut(s string, most int) string {
	if core.Length(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// postPhotos puts photos and films into an album, as many as there is room for; what was written is their caption.
func (d *delivery) postPhotos(ctx context.Context) (remarks []mistake, err error) {
	caption := d.cut(d.caption(), album.MaxCaption)
	owner, to := d.target.Member, d.target.On.Thing
	var changes []album.PhotoChange
	for i, id := range d.photos {
		err := d.Album.HangPhoto(ctx, owner, to, id, time.Time{})
		if what, full := mistakeOf(err); full && i > 0 {
			return append(remarks, what), d.writeCaptions(ctx, owner, to, changes)
		}
		if err != nil {
			return nil, err
		}
		changes = append(changes, album.PhotoChange{Photo: id, Caption: caption})
	}
	for _, id := range d.films {
		if _, err := d.Service.films.HangFilm(ctx, owner, to, id, caption); err != nil {
			return nil, err
		}
	}
	return remarks, d.writeCaptions(ctx, owner, to, changes)
}

// writeCaptions writes the captions of photos that have some.
func (d *delivery) writeCaptions(ctx context.Context, owner, to core.ID, changes []album.PhotoChange) error {
	if len(changes) == 0 || changes[0].Caption == "" {
		return nil
	}
	return d.Album.ChangePhotos(ctx, owner, to, changes)
}

// caption is the subject, or else the first line of the text.
func (d *delivery) caption() string {
	if subject := core.Clean(d.letter.Subject, core.OneLine); subject != "" {
		return subject
	}
	first, _, _ := strings.Cut(core.Clean(d.letter.Own, core.ManyLines), "\n")
	return first
}

// postComment writes a comment: only what the member wrote, without what their answer quotes.
func (d *delivery) postComment(ctx context.Context) error {
	body := core.Clean(d.letter.Own, core.ManyLines)
	if body == "" {
		return mistake{kind: mistakeEmpty}
	}
	_, err := d.Talk.WriteComment(ctx, core.Viewer{Member: d.target.Member}, d.target.On, body, time.Time{})
	if errors.Is(err, core.ErrNotFound) {
		err = mistake{kind: mistakeGone}
	}
	return err
}

// postProfile puts photos on the profile.
func (d *delivery) postProfile(ctx context.Context) (remarks []mistake, err error) {
	for i, id := range d.photos {
		err := d.People.AddProfilePhoto(ctx, d.target.Member, id)
		if what, full := mistakeOf(err); full && i > 0 {
			return []mistake{what}, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}
