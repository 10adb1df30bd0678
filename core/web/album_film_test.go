package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/network"
)

// paperFilms is an album.FilmMaker that makes files of text; the real one is transcode/video. A film begins with "film", and one
// that cannot be read to its end with "film torn".
type paperFilms struct{ dir string }

func (m paperFilms) Look(_ context.Context, film io.Reader) (album.SeenFilm, error) {
	b, err := io.ReadAll(film)
	if err != nil || !bytes.HasPrefix(b, []byte("film")) {
		return album.SeenFilm{}, errors.Join(err, album.ErrFilm)
	}
	return album.SeenFilm{Length: 36 * time.Second, Picture: drawing(len(b))}, nil
}

func (m paperFilms) Make(_ context.Context, w album.FilmWork) error {
	b, err := io.ReadAll(w.Film)
	if err != nil || bytes.HasPrefix(b, []byte("film torn")) {
		return errors.Join(err, album.ErrFilm)
	}
	for _, way := range []struct {
		name, kind string
		parts      int
	}{{"mp4", "video/mp4", 1}, {"3gp-300", "video/3gpp", 2}, {"3g2-1500", "video/3gpp2", 1}} {
		var files []album.FilmFile
		for n := range way.parts {
			path := filepath.Join(m.dir, w.Name+"-"+way.name+fmt.Sprint(n))
			if err := os.WriteFile(path, fmt.Appendf(nil, "%s %d of %s", way.name, n+1, b), 0o600); err != nil {
				return err
			}
			files = append(files, album.FilmFile{Path: path, Length: 36 * time.Second / time.Duration(way.parts)})
		}
		if err := w.Keep(way.name, way.kind, files); err != nil {
			return err
		}
	}
	return nil
}

// film makes a film of a photo in an album.
func (s *scene) film(owner, photo core.ID, tag string) {
	ctx := s.t.Context()
	source, err := s.core.Blobs.Put(ctx, []byte("film "+photo.String()))
	if err == nil {
		err = s.store.Films.InsertFilm(ctx, owner, album.NewFilm{Photo: photo, Source: source, Bytes: 10, Length: time.Second, Tags: []string{tag}}, s.clock.Now())
	}
	if err == nil {
		_, err = s.core.Album.MakeFilm(ctx)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// memberOf is who has logged in there.
func (w *world) memberOf(b *browser) core.ID {
	session, _, err := w.core.Account.Session(w.t.Context(), b.cookies["musubi"])
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		w.t.Fatal(err)
	}
	return session.Member
}

// filmAddress is the address of a file that a page would have for who has logged in there, if it showed it to them.
func (s *scene) filmAddress(b *browser, photo core.ID, way string) string {
	f, err := s.store.Films.Film(s.t.Context(), s.owner.ID, photo)
	if err != nil {
		s.t.Fatal(err)
	}
	v := &visit{site: s.site, member: core.Member{ID: s.memberOf(b)}}
	return v.filmFilePath(&f, way, 1)
}

// studio is a member with an album, and a friend.
type studio struct {
	*world
	owner, friend     core.Member
	album             album.Album
	asOwner, asFriend *browser
}

func newStudio(t *testing.T) *studio {
	s := &studio{world: newWorld(t)}
	s.owner, s.friend = s.member("花子"), s.member("太郎")
	s.friends(s.owner, s.friend)
	s.asOwner, s.asFriend = s.as(s.owner), s.as(s.friend)
	n := album.NewAlbum{Title: "運動会", Visibility: core.Friends}
	if err := s.core.Album.PrepareAlbum(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.album, err = s.core.Album.WriteAlbum(t.Context(), s.owner.ID, n); err != nil {
		t.Fatal(err)
	}
	return s
}

// send sends films as the form does.
func (s *studio) send(values url.Values, films ...string) reply {
	s.t.Helper()
	form := s.asOwner.get(filmUploadPath + "?id=" + s.album.ID.String()).body
	values.Set("k", tokenOn(s.t, form, filmUploadPath))
	values.Set("id", s.album.ID.String())
	var files [][]byte
	for _, f := range films {
		files = append(files, []byte(f))
	}
	return s.asOwner.upload(filmUploadPath, values, files...)
}

// film is the newest film of the album.
func (s *studio) film() core.ID {
	s.t.Helper()
	films, _, err := s.core.Album.Films(s.t.Context(), core.Viewer{Member: s.owner.ID}, s.owner.ID, core.Page{Size: 9})
	if err != nil || len(films) == 0 {
		s.t.Fatal(films, err)
	}
	return films[0].ID
}

func (s *studio) make() {
	s.t.Helper()
	if did, err := s.core.Album.MakeFilm(s.t.Context()); !did || err != nil {
		s.t.Fatal(did, err)
	}
}

func (s *studio) page(b *browser) string {
	return b.get(albumPhotoIDPath(s.owner.ID, s.album.ID, s.film())).body
}

func contains(t *testing.T, what, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s: no %q in\n%s", what, w, body)
		}
	}
}

// A film from the form to the page: taken, waiting, made; with tags, lists, home, comments, and played by pieces.
func TestFilmStory(t *testing.T) {
	s := newStudio(t)
	contains(t, "album", s.asOwner.get(albumIDPath(s.owner.ID, s.album.ID)).body, "動画を追加する")
	r := s.send(url.Values{"caption": {"玉入れ"}, "tags": {"#運動会 秋　走る"}}, "film one")
	contains(t, "answer", r.body, "0.png", "入りました")
	contains(t, "waiting", s.page(s.asFriend), "玉入れ", "準備しています", "/photo/")
	s.make()
	page := s.page(s.asFriend)
	contains(t, "made", page, "<video controls", `type="video/mp4"`, "#運動会", "#秋", "#走る", "0:36")
	if strings.Contains(page, "準備しています") || strings.Index(page, "3gp") < strings.Index(page, "mp4") {
		t.Errorf("a browser's page:\n%s", page)
	}
	src := strings.ReplaceAll(strings.SplitN(strings.SplitN(page, `<source src="`, 2)[1], `"`, 2)[0], "&amp;", "&")
	whole := s.asFriend.get(src)
	if whole.status != 200 || whole.body != "mp4 1 of film one" || string(whole.header.ContentType()) != "video/mp4" || string(whole.header.Peek("Accept-Ranges")) != "bytes" {
		t.Errorf("the film: %d %q %s", whole.status, whole.body, whole.header.String())
	}
	for asked, want := range map[string]struct {
		status       int
		body, range_ string
	}{
		"bytes=0-2": {206, "mp4", "bytes 0-2/17"}, "bytes=-3": {206, "one", "bytes 14-16/17"}, "bytes=99-": {416, "", "bytes */17"},
		"bytes=0-1,3-4": {200, "mp4 1 of film one", ""}, "": {200, "mp4 1 of film one", ""},
	} {
		b := &browser{s.world, s.asFriend.cookies, map[string]string{"Range": asked}}
		if got := b.get(src); got.status != want.status || got.body != want.body || string(got.header.Peek("Content-Range")) != want.range_ {
			t.Errorf("range %q: %d %q %s", asked, got.status, got.body, got.header.Peek("Content-Range"))
		}
	}
	contains(t, "list", s.asFriend.get(filmsOfPath(s.owner.ID)).body, "玉入れ", "0:36")
	contains(t, "friends", s.asFriend.get(friendsFilmsPath).body, "玉入れ", "花子")
	contains(t, "home", s.asFriend.get(homePath).body, "友人の最新動画", "玉入れ")
	contains(t, "tag", s.asFriend.get(taggedPath("秋")).body, "玉入れ")
	contains(t, "albums", s.asFriend.get(albumsOfPath(s.owner.ID)).body, "動画")
	if got := s.press(s.asFriend, albumCommentPath, url.Values{"owner": {s.owner.ID.String()}, "album": {s.album.ID.String()}, "photo": {s.film().String()}, "body": {"速い！"}, "send": {"1"}}); got.status != 302 {
		t.Errorf("comment: %d", got.status)
	}
	contains(t, "comment", s.page(s.asOwner), "速い！")
	// On a handset: no session in the address, and it plays without one.
	s.asFriend.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Omit": "data-pc"}
	handset := s.asFriend.signed("GET", albumPhotoIDPath(s.owner.ID, s.album.ID, s.film()), nil).body
	s.asFriend.headers = nil
	contains(t, "handset", handset, `data-film="3gp-300"`, "その1 0:18", "その2 0:18", `data-film="3g2-1500"`, "動画を見る 0:36")
	if strings.Contains(handset, "mp4") {
		t.Error("a handset's page has the file for browsers")
	}
	src = strings.ReplaceAll(strings.SplitN(strings.SplitN(handset, `<source src="`, 2)[1], `"`, 2)[0], "&amp;", "&")
	if got := s.browser().get(src); got.status != 200 || !strings.HasPrefix(got.body, "3g") {
		t.Errorf("without a session: %d %q", got.status, got.body)
	}
	if got := s.browser().get(strings.Replace(src, "w=3g2-1500", "w=mp4", 1)); got.status != 404 {
		t.Errorf("a handset's address for the file of browsers: %d", got.status)
	}
	s.clock.advance(2*filmAge + time.Minute)
	if got := s.browser().get(src); got.status != 404 {
		t.Errorf("an hour later: %d", got.status)
	}
}

// An address dies with friendship, a new password, and the film.
func TestSEC83_FilmAddressesAskAgain(t *testing.T) {
	for name, end := range map[string]func(s *studio) error{
		"block": func(s *studio) error { return s.core.People.Block(s.t.Context(), s.owner.ID, s.friend.ID) },
		"password": func(s *studio) error {
			return s.store.Album.SetAlbumPassword(s.t.Context(), s.owner.ID, s.album.ID, "hash")
		},
		"deleted": func(s *studio) error {
			return s.core.Album.DeleteAlbumPhotos(s.t.Context(), s.owner.ID, s.album.ID, []core.ID{s.film()})
		},
		"held": func(s *studio) error { return s.store.Desk.SetStatus(s.t.Context(), s.friend.ID, core.Held) },
	} {
		s := newStudio(t)
		s.send(url.Values{}, "film one")
		s.make()
		f, err := s.store.Films.Film(t.Context(), s.owner.ID, s.film())
		if err != nil {
			t.Fatal(err)
		}
		v := &visit{site: s.site, member: s.friend}
		for _, way := range []string{"mp4", "3gp-300"} {
			b := s.asFriend
			if way != "mp4" {
				b = s.browser()
			}
			if got := b.get(v.filmFilePath(&f, way, 1)); got.status != 200 {
				t.Errorf("%s, %s before: %d", name, way, got.status)
			}
		}
		if err := end(s); err != nil {
			t.Fatal(err)
		}
		for _, way := range []string{"mp4", "3gp-300"} {
			if got := s.asFriend.get(v.filmFilePath(&f, way, 1)); got.status != 404 {
				t.Errorf("%s, %s after: %d", name, way, got.status)
			}
			if got := s.browser().get(v.filmFilePath(&f, way, 1)); got.status != 404 {
				t.Errorf("%s, %s after, without a session: %d", name, way, got.status)
			}
		}
	}
}

// What cannot be taken says why, and what was typed stays.
func TestFilmsAreRefused(t *testing.T) {
	s := newStudio(t)
	r := s.send(url.Values{"caption": {"題"}, "tags": {"秋"}}, "playlist")
	contains(t, "no film", r.body, "動画として読めませんでした", `value="題"`, `value="秋"`)
	r = s.send(url.Values{"tags": {"1 2 3 4 5 6 7 8 9 10 11"}}, "film one")
	contains(t, "eleven tags", r.body, "タグは10個まで")
	r = s.send(url.Values{"script": {"1"}}, "playlist")
	contains(t, "by script", r.body, `"ok":false`, `"token":"`)
	for i := range album.MaxFilmsWaiting + 1 {
		r = s.send(url.Values{}, fmt.Sprintf("film %d", i))
	}
	contains(t, "too many at once", r.body, "準備中の動画がたくさん")
	s.send(url.Values{}, "film torn")
	for range album.MaxFilmsWaiting {
		s.make()
	}
	s.send(url.Values{}, "film torn apart")
	s.make()
	contains(t, "torn", s.page(s.asOwner), "変換できませんでした", "動画として読めませんでした")
	if strings.Contains(s.page(s.asFriend), "動画として読めません") {
		t.Error("others are told why")
	}
}

// Without ffmpeg uploads of films say so, and albums are as they were.
func TestNoFilms(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) { c.Films.Maker = nil })
	m := w.member("花子")
	a := w.hang(m, album.NewAlbum{Title: "空"}, 0)
	b := w.as(m)
	contains(t, "form", b.get(filmUploadPath+"?id="+a.ID.String()).body, "このサーバーでは動画を受け付けていません")
	r := b.upload(filmUploadPath, url.Values{"k": {w.site.newToken(w.sessionKey(b), filmUploadPath)}, "id": {a.ID.String()}}, []byte("film"))
	contains(t, "sent", r.body, "このサーバーでは動画を受け付けていません")
	r = b.upload(albumUploadPath, url.Values{"k": {w.site.newToken(w.sessionKey(b), albumUploadPath)}, "id": {a.ID.String()}}, drawing(3))
	contains(t, "photo", r.body, "入りました")
}

// What films take is counted while they wait, then what is kept of them; what nobody uses is swept, with the original.
func TestFilmRoom(t *testing.T) {
	s := newStudio(t)
	room := func() album.AlbumRoom {
		r, err := s.core.Album.AlbumRoom(t.Context(), s.owner.ID)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	blobs := func() int {
		unused, err := s.store.Desk.UnusedBlobs(t.Context(), time.Now().Add(time.Minute), 99)
		if err != nil {
			t.Fatal(err)
		}
		for _, hash := range unused {
			s.core.Blobs.Delete(t.Context(), hash)
		}
		files, _ := filepath.Glob(filepath.Join(filepath.Dir(s.path), "blobs", "*", "*"))
		return len(files)
	}
	s.send(url.Values{}, "film one")
	if r := room(); r.Films != 1 || r.FilmBytes != 8 || r.Photos != 1 {
		t.Errorf("waiting: %+v", r)
	}
	if n := blobs(); n != 2 {
		t.Errorf("%d files while it waits, want the original and a picture", n)
	}
	s.make()
	if r := room(); r.Films != 1 || r.FilmBytes != int64(len("mp4 1 of film one")+2*len("3gp-300 1 of film one")+len("3g2-1500 1 of film one")) {
		t.Errorf("made: %+v", r)
	}
	if n := blobs(); n != 5 {
		t.Errorf("%d files when it is made, want four and a picture", n)
	}
	s.send(url.Values{}, "film two") // goes while it waits
	if err := s.core.Album.DeleteAlbum(t.Context(), s.owner.ID, s.album.ID); err != nil {
		t.Fatal(err)
	}
	if r := room(); r.Films != 0 || r.FilmBytes != 0 || r.Photos != 0 {
		t.Errorf("gone: %+v", r)
	}
	if did, err := s.core.Album.MakeFilm(t.Context()); did || err != nil {
		t.Errorf("a deleted film is made: %v, %v", did, err)
	}
	if n := blobs(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// A worker that is not heard of loses its film to another one, whose files count.
func TestFilmLease(t *testing.T) {
	s := newStudio(t)
	ctx := t.Context()
	s.send(url.Values{}, "film one")
	now := s.clock.Now()
	dead, err := s.store.Films.ClaimFilm(ctx, 1, now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if did, err := s.core.Album.MakeFilm(ctx); did || err != nil {
		t.Errorf("a film is made by two: %v, %v", did, err)
	}
	s.clock.advance(61 * time.Second)
	s.make()
	if err := s.store.Films.AddFilmWay(ctx, dead, album.FilmWay{Name: "mp4"}); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("the dead one stores files: %v", err)
	}
	if err := s.store.Films.EndFilm(ctx, dead, album.FilmFailed, "x"); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("the dead one ends the film: %v", err)
	}
	contains(t, "page", s.page(s.asFriend), "<video")
	// Four processes that die over one film are enough.
	s.send(url.Values{}, "film two")
	for range 3 {
		now := s.clock.Now()
		if _, err := s.store.Films.ClaimFilm(ctx, 1, now, now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		s.clock.advance(2 * time.Minute)
	}
	s.make()
	contains(t, "given up", s.page(s.asFriend), "変換できませんでした")
}

// An entry quotes up to three films of its author, as far as the reader sees them.
func TestQuotedFilms(t *testing.T) {
	s := newStudio(t)
	for i := range 4 {
		s.send(url.Values{"caption": {fmt.Sprintf("第%d話", i+1)}}, fmt.Sprintf("film %d", i))
	}
	films, _, err := s.core.Album.Films(t.Context(), core.Viewer{Member: s.owner.ID}, s.owner.ID, core.Page{Size: 9})
	if err != nil || len(films) != 4 {
		t.Fatal(len(films), err)
	}
	body := "[b]見て[/b]"
	for _, f := range films {
		body += album.Quote(f.ID)
	}
	contains(t, "form", s.asOwner.get("/diary/write?film="+films[0].ID.String()).body, album.Quote(films[0].ID))
	d, err := s.core.Journal.WriteDiary(t.Context(), s.owner.ID, journal.NewDiary{Title: "運動会", Body: body, Visibility: core.Everyone})
	if err != nil {
		t.Fatal(err)
	}
	page := s.asFriend.get(diaryPath(d.Owner, d.ID)).body
	contains(t, "friend", page, "<b>見て</b>", "第4話", "第3話", "第2話", album.Quote(films[3].ID))
	if strings.Contains(page, "第1話") {
		t.Error("a fourth film is quoted")
	}
	stranger := s.as(s.member("次郎")).get(diaryPath(d.Owner, d.ID)).body
	if strings.Contains(stranger, "話") || !strings.Contains(stranger, "見て") {
		t.Errorf("a stranger sees\n%s", stranger)
	}
}

// A film that came by mail is in an album, and what the entry says to quote it shows it.
func TestFilmsByMail(t *testing.T) {
	s := newStudio(t)
	ctx := t.Context()
	m := album.NewMailFilms(s.core.Album)
	if _, err := m.KeepFilm(ctx, s.owner.ID, strings.NewReader("no such"), "video/3gpp"); !errors.Is(err, album.ErrFilm) {
		t.Errorf("no film: %v", err)
	}
	id, err := m.KeepFilm(ctx, s.owner.ID, strings.NewReader("film by mail"), "video/3gpp")
	if err != nil {
		t.Fatal(err)
	}
	var quote string
	for _, undone := range []error{core.ErrBusy, nil} { // a write that is undone and made again
		err := s.core.Bulk(ctx, func(ctx context.Context) error {
			var err error
			quote, err = m.HangFilm(ctx, s.owner.ID, 0, id, "初節句")
			return errors.Join(err, undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
	}
	s.make()
	d, err := s.core.Journal.WriteDiary(ctx, s.owner.ID, journal.NewDiary{Title: "題", Body: "本文\n" + quote, Visibility: core.Everyone})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "entry", s.asFriend.get(diaryPath(d.Owner, d.ID)).body, `class="quoted"`, "初節句")
	contains(t, "albums", s.asFriend.get(albumsOfPath(s.owner.ID)).body, album.DiaryFilms)
}
