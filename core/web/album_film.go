package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/album"
)

// Addresses of films. A film's own page is that of its photo.
const (
	filmUploadPath   = "/album/film"
	filmEditPath     = "/album/film/edit"
	filmsPath        = "/films"
	friendsFilmsPath = "/films/friends"
	tagPath          = "/films/tag"
	filmPath         = "/film/" // the files
)

const (
	filmRows    = 12
	homeFilms   = 4
	filmAge     = 30 * time.Minute // an address by which a handset's player fetches a film works for at least so long
	filmPageAge = photoAge
)

// IsWhole names the paths whose answers no gateway changes, and of which pieces may be asked for: gateway.Config.Whole.
func IsWhole(path string) bool { return strings.HasPrefix(path, filmPath) }

func filmsOfPath(owner core.ID) string { return filmsPath + "?owner=" + owner.String() }

func filmLinePath(l album.FilmLine) string { return albumPhotoIDPath(l.Owner, l.In.ID, l.ID) }

// films lists a member's films; without an owner one's own.
func (v filmPages) films() error {
	owner, err := v.idOrSelf("owner")
	if err != nil {
		return err
	}
	p := &filmsPage{frame: frame(v), base: filmsOfPath(owner), page: v.page(filmRows)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	v.leaveFootprint(owner)
	p.heading = v.t("film.of", p.of.Name)
	if p.films, p.more, err = v.site.core.Album.Films(v.ctx, v.viewer(), owner, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// friendsFilms lists the newest films of one's friends.
func (v filmPages) friendsFilms() (err error) {
	p := &filmsPage{frame: frame(v), heading: v.t("film.friends"), base: friendsFilmsPath, page: v.page(filmRows)}
	if p.films, p.more, err = v.site.core.Album.FriendsFilms(v.ctx, v.viewer(), p.page); err != nil {
		return err
	}
	return v.show(p)
}

// taggedFilms lists the films with a tag.
func (v filmPages) taggedFilms() (err error) {
	tag := core.Clean(v.query("tag"), core.OneLine)
	if tag == "" || core.Length(tag) > album.MaxTag {
		return core.ErrNotFound
	}
	p := &filmsPage{frame: frame(v), heading: v.t("film.tagged", tag), base: taggedPath(tag), page: v.page(filmRows)}
	if p.films, p.more, err = v.site.core.Album.TaggedFilms(v.ctx, v.viewer(), tag, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// ownFilm gives a film of one's own in an album of one's own.
func (v filmPages) ownFilm(id, photo core.ID) (album.AlbumPhoto, album.Film, error) {
	a, err := v.site.core.Album.Album(v.ctx, v.viewer(), v.member.ID, id)
	if err != nil {
		return album.AlbumPhoto{}, album.Film{}, err
	}
	n, err := v.site.core.Album.AlbumPhoto(v.ctx, a, photo)
	if err != nil {
		return n, album.Film{}, err
	}
	f, err := v.site.core.Album.FilmOf(v.ctx, a, photo)
	return n, f, err
}

// editForm is the form for caption and tags.
func (v filmPages) editForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	photo, err := v.id("photo")
	if err != nil {
		return err
	}
	n, f, err := v.ownFilm(id, photo)
	if err != nil {
		return err
	}
	return v.showEdit(n, strings.Join(f.Tags, " "), nil)
}

func (v filmPages) showEdit(n album.AlbumPhoto, tags string, w wrong) error {
	return v.show(&filmEditPage{frame: frame(v), photo: n, tags: tags, wrong: w})
}

// edit stores caption and tags.
func (v filmPages) edit() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	photo, err := v.formID("photo")
	if err != nil {
		return err
	}
	n, _, err := v.ownFilm(id, photo)
	if err != nil {
		return err
	}
	n.Caption = v.form.get("caption")
	tags := v.form.get("tags")
	again := func(w wrong) error { return v.showEdit(n, tags, captioned(w, photo)) }
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		if err := v.site.core.Album.ChangePhotos(ctx, v.member.ID, id, []album.PhotoChange{{Photo: photo, Caption: n.Caption}}); err != nil {
			return "", err
		}
		return albumPhotoIDPath(v.member.ID, id, photo), v.site.core.Album.SetFilmTags(ctx, v.member.ID, photo, []string{tags})
	})
}

// captioned puts what is wrong with the caption of a photo beside the field "caption".
func captioned(w wrong, photo core.ID) wrong {
	for i := range w {
		if w[i].Field == "caption"+photo.String() {
			w[i].Field = "caption"
		}
	}
	return w
}

// showFilm reads the film of a photo for its page.
func (v albumPages) showFilm(p *albumPhotoPage, in album.Seen) (err error) {
	if p.photo.Film.Is {
		p.film, err = v.site.core.Album.FilmOf(v.ctx, in, p.photo.ID)
	}
	return err
}

// A filmSource is a file as a page names it.
type filmSource struct {
	path, kind, way, words string
	bytes                  int64
}

// filmSources are the files of a film, each with the words of its link; what browsers play comes first, and handsets do without.
func (v *visit) filmSources(f *album.Film) (list []filmSource) {
	for _, browsers := range []bool{true, false} {
		for _, w := range f.Ways {
			if ofBrowsers(w.Name) == browsers && (!browsers || v.forPC()) {
				list = appendSources(v, list, f, w)
			}
		}
	}
	if i := slices.IndexFunc(list, func(s filmSource) bool { return s.way == album.FilmShown }); i > 0 {
		list[0], list[i] = list[i], list[0]
	}
	return list
}

func appendSources(v *visit, list []filmSource, f *album.Film, w album.FilmWay) []filmSource {
	for i, p := range w.Parts {
		words := v.t("film.play")
		if len(w.Parts) > 1 {
			words = v.t("film.part", i+1)
		}
		if p.Length > 0 {
			words += " " + minutes(p.Length)
		}
		list = append(list, filmSource{v.filmFilePath(f, w.Name, i+1), w.Type, w.Name, words + " (" + size(p.Bytes) + ")", p.Bytes})
	}
	return list
}

// ofBrowsers says whether a way is for what keeps a session of its own: such a file is sent to a session only.
func ofBrowsers(way string) bool { return way == album.FilmShown || way == "flv" }

// minutes is a length as players show it, 1:05.
func minutes(d time.Duration) string {
	s := int((d + time.Second/2) / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// filmFilePath is an address at which this member can fetch a file of a film for some time.
func (v *visit) filmFilePath(f *album.Film, way string, part int) string {
	age := filmAge
	if ofBrowsers(way) {
		age = filmPageAge
	}
	until := v.site.core.Now().Add(2 * age).Truncate(age)
	return filmPath + f.ID.String() + "?o=" + f.Owner.String() + "&m=" + v.member.ID.String() + "&e=" + strconv.FormatInt(until.Unix(), 36) +
		"&w=" + way + "&n=" + strconv.Itoa(part) + "&s=" + v.site.core.Album.FilmTicket(v.member.ID, f, until, ofBrowsers(way))
}

// film sends a file, or a piece of it, after asking whether this member may see it now (SEC-83). What plays it on a handset has no
// session: the address itself is proof, for a short time, of who got it. A browser has to have the session as well.
func (v openPages) film() error {
	photo, ok := core.ParseID(strings.TrimPrefix(string(v.ctx.Path()), filmPath))
	owner, err := v.id("o")
	if !ok || err != nil {
		return core.ErrNotFound
	}
	viewer, err := v.id("m")
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(v.query("e"), 36, 64)
	if err != nil {
		return core.ErrNotFound
	}
	way := v.query("w")
	if (ofBrowsers(way) || v.member.ID != 0) && v.member.ID != viewer {
		return core.ErrNotFound
	}
	f, err := v.site.core.Album.FilmByTicket(v.ctx, viewer, owner, photo, time.Unix(seconds, 0), v.query("s"), ofBrowsers(way))
	if err != nil {
		return err
	}
	if ofBrowsers(way) { // and to have given the album's password in this session
		if _, err := v.site.core.Album.Film(v.ctx, v.viewer(), owner, photo); err != nil {
			return err
		}
	}
	n, err := strconv.Atoi(v.query("n"))
	if w, ok := f.Way(way); ok && err == nil && n >= 1 && n <= len(w.Parts) {
		return v.sendFilm(w, n)
	}
	return core.ErrNotFound
}

// sendFilm sends a file whole, or the range that is asked for: browsers seek so, and handsets go on after a break.
func (v openPages) sendFilm(w album.FilmWay, n int) error {
	part := w.Parts[n-1]
	h := &v.ctx.Response.Header
	tag := `"` + part.Hash + `"`
	h.Set("ETag", tag)
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Disposition", fmt.Sprintf("inline; filename=film-%d.%s", n, suffixes[w.Type]))
	v.ctx.SetContentType(w.Type)
	from, to := int64(0), part.Bytes-1
	asked := v.ctx.Request.Header.Peek("Range")
	if when := v.ctx.Request.Header.Peek("If-Range"); len(asked) > 0 && (len(when) == 0 || string(when) == tag) {
		if a, b, err := fasthttp.ParseByteRange(asked, int(part.Bytes)); err == nil {
			from, to = int64(a), int64(b)
			v.ctx.SetStatusCode(fasthttp.StatusPartialContent)
			h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, part.Bytes))
		} else if bytes.HasPrefix(asked, []byte("bytes=")) && bytes.IndexByte(asked, ',') < 0 { // several pieces at once: the whole
			v.ctx.SetStatusCode(fasthttp.StatusRequestedRangeNotSatisfiable)
			h.Set("Content-Range", fmt.Sprintf("bytes */%d", part.Bytes))
			return nil
		}
	}
	if v.ctx.IsHead() {
		v.ctx.Response.SkipBody = true
		h.SetContentLength(int(to - from + 1))
		return nil
	}
	file, _, err := v.site.core.Album.FilmBytes(v.ctx, part)
	if err != nil {
		return err
	}
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return err
	}
	v.ctx.SetBodyStream(&unhurried{piece{io.LimitReader(file, to-from+1), file}, v.ctx.Conn()}, int(to-from+1))
	return nil
}

// A piece is a part of a file; to close it is to close the file.
type piece struct {
	io.Reader
	io.Closer
}

var suffixes = map[string]string{"video/mp4": "mp4", "video/x-flv": "flv", "video/3gpp": "3gp", "video/3gpp2": "3g2"}
