package album

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// Limits of films.
const (
	MaxTags         = 10 // of one film
	MaxTag          = 20 // characters
	MaxQuoted       = 3  // films in a diary
	MaxFilmsWaiting = 5  // of one member: the others wait for them
	// recentFilms is how old the films in the list of the friends' newest may be: it is read of all friends at once.
	recentFilms = 180 * 24 * time.Hour
)

// FilmShown is the way that browsers play, which is what an export has of a film.
const FilmShown = "mp4"

// Refusals of films.
var (
	ErrNoFilms      = &core.Error{Code: core.Refused, Key: "error.nofilms"} // ffmpeg is not installed
	ErrFilm         = &core.Error{Code: core.Refused, Key: "error.film"}    // no film that is read
	ErrFilmLarge    = &core.Error{Code: core.Refused, Key: "error.filmlarge"}
	ErrFilmLong     = &core.Error{Code: core.Refused, Key: "error.filmlong"}
	ErrFilmCostly   = &core.Error{Code: core.Refused, Key: "error.filmcostly"} // pictures too large or too many, or too much work
	ErrFilmSpace    = &core.Error{Code: core.Full, Key: "error.filmspace"}
	ErrFilmsWaiting = &core.Error{Code: core.Throttled, Key: "error.filmswaiting"}
	ErrTags         = core.Invalid{{Field: "tags", Key: "field.tags", N: MaxTags}}
)

// A FilmState says how far a film is.
type FilmState uint8

// States.
const (
	FilmWorking FilmState = iota // waiting, or files of it are being made
	FilmReady
	FilmFailed // it could not be read to its end
)

// A FilmMark is what lists say of a photo that is a film. The zero FilmMark: it is none.
type FilmMark struct {
	Is     bool
	State  FilmState
	Length time.Duration
}

// A Film is a photo of an album that moves: whoever sees the photo sees it. Comments, caption, place and album are the photo's.
type Film struct {
	FilmMark
	Owner, ID core.ID // of the photo
	Bytes     int64   // kept
	Reason    string  // key of the sentence why it failed
	Tags      []string
	Ways      []FilmWay // that there are by now
	Album     core.ID
	Hidden    string // of the album's password: what an address is bound to
}

// Way gives the files of one way to show it.
func (f *Film) Way(name string) (FilmWay, bool) {
	for _, w := range f.Ways {
		if w.Name == name {
			return w, true
		}
	}
	return FilmWay{}, false
}

// A FilmWay is the files for some handsets, or for browsers.
type FilmWay struct {
	Name, Type string
	Parts      []FilmPart
}

// A FilmPart is one file.
type FilmPart struct {
	Hash   string
	Bytes  int64
	Length time.Duration
}

// A FilmLine is a film in a list, with its album, which says who may see it.
type FilmLine struct {
	AlbumPhoto
	In Album
}

// A NewFilm is a film on its way into an album.
type NewFilm struct {
	Photo   core.ID // its picture, which belongs to nothing yet
	Source  string  // blob
	Bytes   int64
	Length  time.Duration
	Caption string
	Tags    []string
}

// FilmStore keeps films.
type FilmStore interface {
	// SpareBlob remembers that a blob may be in nobody's use, from a time on.
	SpareBlob(ctx context.Context, hash string, since time.Time) error
	// InsertFilm makes a film of a photo in an album of the owner, and counts it.
	InsertFilm(ctx context.Context, owner core.ID, n NewFilm, at time.Time) error
	// Film gives a film with all there is of it.
	Film(ctx context.Context, owner, photo core.ID) (Film, error)
	// FilmsWaiting counts those of a member that are not made yet.
	FilmsWaiting(ctx context.Context, owner core.ID) (int, error)
	SetFilmTags(ctx context.Context, owner, photo core.ID, tags []string) error
	// Films lists a member's films, the newest first; FriendsFilms those of friends since an ID; TaggedFilms those with a tag.
	Films(ctx context.Context, owner core.ID, p core.Page) ([]FilmLine, error)
	FriendsFilms(ctx context.Context, member, since core.ID, p core.Page) ([]FilmLine, error)
	TaggedFilms(ctx context.Context, tag string, p core.Page) ([]FilmLine, error)
	FilmWorkStore
}

// SeenFilm is what a FilmMaker finds out at once.
type SeenFilm struct {
	Length  time.Duration
	Picture []byte // a JPEG
}

// A FilmMaker makes of a film what browsers and handsets play. Its refusals are those above. Safe for concurrent use.
type FilmMaker interface {
	// Look says what a film is, within seconds, or refuses it.
	Look(ctx context.Context, film io.Reader) (SeenFilm, error)
	// Make makes files of a film in every way but those that there are.
	Make(ctx context.Context, w FilmWork) error
}

// MayFilm refuses a film for an album of the owner before any work is spent on it.
func (s *Service) MayFilm(ctx context.Context, owner, album core.ID, bytes int64) error {
	switch {
	case s.films.Maker == nil:
		return ErrNoFilms
	case bytes > s.films.UploadBytes:
		return ErrFilmLarge
	}
	if album != 0 { // 0: it is not settled yet
		if err := s.MayUpload(ctx, owner, album); err != nil {
			return err
		}
	}
	room, err := s.AlbumRoom(ctx, owner)
	if err != nil {
		return err
	}
	if room.FilmBytes+bytes > room.FilmLimit {
		return ErrFilmSpace
	}
	n, err := s.store.FilmsWaiting(ctx, owner)
	if err == nil && n >= MaxFilmsWaiting {
		err = ErrFilmsWaiting
	}
	return err
}

// TakeFilm looks at a film for an album of the owner and stores it; HangFilm puts it there. It takes a second: never inside Once.
// Tags and caption are cleaned; core.Invalid when they are wrong.
func (s *Service) TakeFilm(ctx context.Context, owner, album core.ID, film io.ReadSeeker, n NewFilm) (NewFilm, error) {
	var err error
	if n.Bytes, err = film.Seek(0, io.SeekEnd); err != nil {
		return n, err
	}
	if n.Tags, err = CleanTags(n.Tags); err != nil {
		return n, err
	}
	var c core.Check
	c.Text("caption", &n.Caption, core.OneLine, false, MaxCaption)
	if err := c.Err(); err != nil {
		return n, err
	}
	if err := s.MayFilm(ctx, owner, album, n.Bytes); err != nil {
		return n, err
	}
	if _, err = film.Seek(0, io.SeekStart); err != nil {
		return n, err
	}
	seen, err := s.films.Maker.Look(ctx, film)
	if err != nil {
		return n, err
	}
	n.Length = seen.Length
	p, err := s.AddPhoto(ctx, owner, seen.Picture, time.Time{})
	if err != nil {
		return n, err
	}
	n.Photo = p.ID
	n.Source, err = s.Blobs.PutFrom(ctx, film, s.spare(ctx))
	return n, err
}

// spare remembers a blob before it is there: whatever ends us now, it is swept when nobody uses it.
func (s *Service) spare(ctx context.Context) func(name string) error {
	return func(name string) error { return s.store.SpareBlob(ctx, name, s.Now().Add(spareFor)) }
}

// spareFor is how long a film may be on its way between its blob and its row.
const spareFor = time.Hour

// HangFilm puts a film of TakeFilm at the end of an album of the owner; its files are made from now on. When there is no room
// for it the error is as of MayFilm. at zero means now.
func (s *Service) HangFilm(ctx context.Context, owner, album core.ID, n NewFilm, at time.Time) error {
	if at.IsZero() {
		at = s.Now()
	}
	err := s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if err := s.MayFilm(ctx, owner, album, n.Bytes); err != nil {
			return err
		}
		if err := s.HangPhoto(ctx, owner, album, n.Photo, at); err != nil {
			return err
		}
		if err := s.store.SetCaption(ctx, owner, album, n.Photo, n.Caption); err != nil {
			return err
		}
		return errors.Join(s.store.InsertFilm(ctx, owner, n, at), s.search.Reindex(ctx, SearchAlbums, owner, album))
	})
	s.wakeFilms()
	return err
}

// AddVideo takes a film of the member into an album of theirs, all in one: for what comes otherwise than by a form, such as
// mail. The film is read to its end.
func (s *Service) AddVideo(ctx context.Context, member, album core.ID, film io.Reader, caption string) (core.ID, error) {
	b, err := io.ReadAll(io.LimitReader(film, s.films.UploadBytes+1))
	if err != nil {
		return 0, err
	}
	n, err := s.TakeFilm(ctx, member, album, bytes.NewReader(b), NewFilm{Caption: caption})
	if err != nil {
		return 0, err
	}
	return n.Photo, s.HangFilm(ctx, member, album, n, time.Time{})
}

// TakesFilms says whether films are taken here at all.
func (s *Service) TakesFilms() bool { return s.films.Maker != nil }

// FilmLimits are those of one film: bytes and length.
func (s *Service) FilmLimits() (bytes int64, length time.Duration) {
	return s.films.UploadBytes, s.films.Length
}

// CleanTags makes a list of what was typed, with spaces or commas between: without marks before them, each once.
func CleanTags(typed []string) (tags []string, err error) {
	split := func(r rune) bool { return strings.ContainsRune(" 　,、，\n", r) }
	known := map[string]bool{}
	for _, t := range strings.FieldsFunc(core.Clean(strings.Join(typed, " "), core.ManyLines), split) {
		t = strings.TrimLeft(t, "#＃")
		folded := core.Fold(t)
		if folded == "" || known[folded] {
			continue
		}
		if core.Length(t) > MaxTag || len(tags) == MaxTags {
			return typed, ErrTags
		}
		known[folded] = true
		tags = append(tags, t)
	}
	return tags, nil
}

// SetFilmTags replaces the tags of a film of the owner.
func (s *Service) SetFilmTags(ctx context.Context, owner, photo core.ID, typed []string) error {
	tags, err := CleanTags(typed)
	if err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if _, err := s.store.Film(ctx, owner, photo); err != nil {
			return err
		}
		return s.store.SetFilmTags(ctx, owner, photo, tags)
	})
}

// Film gives the film behind a photo that the viewer may see; ErrNotFound when it is none.
func (s *Service) Film(ctx context.Context, viewer core.Viewer, owner, photo core.ID) (Film, error) {
	f, err := s.store.Film(ctx, owner, photo)
	if err == nil {
		_, err = s.openAlbum(ctx, viewer, owner, f.Album)
	}
	if errors.Is(err, ErrAlbumLocked) {
		err = core.ErrNotFound
	}
	if err != nil {
		return Film{}, err
	}
	return f, nil
}

// FilmOf gives the film behind a photo of an album; ErrNotFound when it is none. ErrAlbumLocked before the password.
func (s *Service) FilmOf(ctx context.Context, a Seen, photo core.ID) (Film, error) {
	if a.Locked {
		return Film{}, ErrAlbumLocked
	}
	f, err := s.store.Film(ctx, a.Owner, photo)
	if err == nil && f.Album != a.ID { // moved meanwhile
		return Film{}, core.ErrNotFound
	}
	return f, err
}

// FilmLine gives a film as lists have it, if the viewer may see it now.
func (s *Service) FilmLine(ctx context.Context, viewer core.Viewer, owner, photo core.ID) (FilmLine, error) {
	f, err := s.store.Film(ctx, owner, photo)
	if err != nil {
		return FilmLine{}, err
	}
	a, err := s.Album(ctx, viewer, owner, f.Album)
	if err != nil {
		return FilmLine{}, err
	}
	n, err := s.AlbumPhoto(ctx, a, photo)
	if errors.Is(err, ErrAlbumLocked) {
		err = core.ErrNotFound
	}
	if err != nil {
		return FilmLine{}, err
	}
	return FilmLine{n, a.Album}, nil
}

// FilmTicket is the signature of an address at which the viewer, who may see the film, can fetch it until a time: by the address
// alone, because what plays a film on a handset sends no cookie and another name. It is worth nothing after a new password of
// the album. bound is part of it: whether a session has to come along.
func (s *Service) FilmTicket(viewer core.ID, f *Film, until time.Time, bound bool) string {
	return s.Keyed(s.Keys.Link, strings.Join([]string{"film", strconv.FormatBool(bound), viewer.String(), f.Owner.String(), f.ID.String(), f.Album.String(), f.Hidden,
		strconv.FormatInt(until.Unix(), 10)}, "\n"))[:22]
}

// FilmByTicket gives the film to who holds such an address, and asks once more whether the member may see it now. That they gave
// the album's password is what the ticket says.
func (s *Service) FilmByTicket(ctx context.Context, member, owner, photo core.ID, until time.Time, ticket string, bound bool) (Film, error) {
	f, err := s.store.Film(ctx, owner, photo)
	if err != nil {
		return Film{}, err
	}
	if s.Now().After(until) || !hmac.Equal([]byte(ticket), []byte(s.FilmTicket(member, &f, until, bound))) {
		return Film{}, core.ErrNotFound
	}
	a, err := s.store.Album(ctx, owner, f.Album)
	if err == nil {
		_, err = s.Require(ctx, core.Viewer{Member: member}, owner, a.Visibility)
	}
	if err != nil {
		return Film{}, err
	}
	return f, nil
}

// Films lists the films of a member that the viewer may see, the newest first.
func (s *Service) Films(ctx context.Context, viewer core.Viewer, owner core.ID, p core.Page) ([]FilmLine, bool, error) {
	if _, err := s.Require(ctx, viewer, owner, core.Everyone); err != nil {
		return nil, false, err
	}
	rows, err := s.store.Films(ctx, owner, p)
	return s.seenFilms(ctx, viewer, rows, p, err)
}

// FriendsFilms lists the newest films of the viewer's friends.
func (s *Service) FriendsFilms(ctx context.Context, viewer core.Viewer, p core.Page) ([]FilmLine, bool, error) {
	rows, err := s.store.FriendsFilms(ctx, viewer.Member, s.IDAt(s.Now().Add(-recentFilms)), p)
	return s.seenFilms(ctx, viewer, rows, p, err)
}

// TaggedFilms lists the newest films with a tag.
func (s *Service) TaggedFilms(ctx context.Context, viewer core.Viewer, tag string, p core.Page) ([]FilmLine, bool, error) {
	rows, err := s.store.TaggedFilms(ctx, core.Fold(tag), p)
	return s.seenFilms(ctx, viewer, rows, p, err)
}

// seenFilms keeps of a list what the viewer may see now, nothing of an album whose password they have not given.
func (s *Service) seenFilms(ctx context.Context, viewer core.Viewer, rows []FilmLine, p core.Page, err error) ([]FilmLine, bool, error) {
	if err != nil {
		return nil, false, err
	}
	rows, more := core.Cut(rows, p)
	g := s.Sight(viewer)
	films := rows[:0]
	for _, l := range rows {
		if s.seeAlbum(ctx, g, &l.In) == nil && !l.In.Locked {
			films = append(films, l)
		}
	}
	return films, more, nil
}

// FilmBytes opens a file of a film; the caller closes it.
func (s *Service) FilmBytes(ctx context.Context, p FilmPart) (io.ReadSeekCloser, int64, error) {
	return s.Blobs.Open(ctx, p.Hash)
}
