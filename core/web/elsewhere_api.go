package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/elsewhere"
	"musubi/core/journal"
	"musubi/core/news"
)

// The API for scripts (docs/api.md): a key for each purpose, the services that pages ask, JSON in and out.
const (
	apiNoticesPath = "/api/1/notices"
	apiDiaryPath   = "/api/1/diary"
	apiAlbumsPath  = "/api/1/albums"
	apiPhotosPath  = "/api/1/photos"
	apiRows        = 20
	maxRepeat      = 100 // characters of an Idempotency-Key
)

// asked answers a script with a key for the purpose, in the service's words when something is wrong.
func asked(purpose elsewhere.Purpose, answer func(v apiPages) error) func(v apiPages) error {
	return func(v apiPages) error {
		m, err := byKey(v.visit, purpose)
		if err == nil {
			err = answer(apiPages{&visit{site: v.site, ctx: v.ctx, member: m, words: languageOf(m)}})
		}
		if err == nil {
			return nil
		}
		v.ctx.Response.ResetBody()
		status, says := programSays(v.visit, err)
		if status == http.StatusUnauthorized {
			v.ctx.Response.Header.Set("WWW-Authenticate", `Bearer realm="`+v.site.host()+`"`)
		}
		return sendJSON(v.visit, status, map[string]string{"error": says})
	}
}

// An apiNotice is what a member is told of.
type apiNotice struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Text  string    `json:"text"`
	URL   string    `json:"url"`
	Count int       `json:"count"`
	Seen  bool      `json:"seen"`
}

// A cursor leads on from a row: rows come with falling ranks, and key tells those of one rank apart. Near which page it stood saves looking
// through all before it.
type cursor struct {
	page int
	rank int64
	key  string
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(c.page) + " " + strconv.FormatInt(c.rank, 10) + " " + c.key))
}

// cursor reads where a script goes on.
func (v apiPages) cursor() (c cursor, err error) {
	text := v.query("cursor")
	if text == "" {
		return cursor{page: 1, rank: math.MaxInt64}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.SplitN(string(b), " ", 3)
	if err == nil && len(parts) == 3 {
		var wrongPage, wrongRank error
		c.page, wrongPage = strconv.Atoi(parts[0])
		c.rank, wrongRank = strconv.ParseInt(parts[1], 10, 64)
		c.key = parts[2]
		if wrongPage == nil && wrongRank == nil && c.page >= 1 && c.page <= lastPage {
			return c, nil
		}
	}
	return c, programError{http.StatusBadRequest, "cursor is none of ours: begin without one"}
}

// follow gives the rows after the cursor, whatever has come before them meanwhile, and the cursor of those that follow; "": there are none.
func follow[T any](c cursor, read func(core.Page) ([]T, bool, error), rank func(*T) (int64, string)) (rows []T, next string, err error) {
	pages := []int{} // on which each row stood
	for page := max(c.page-1, 1); page <= lastPage && len(rows) <= apiRows; page++ {
		list, more, err := read(core.Page{Number: page, Size: apiRows})
		if err != nil {
			return nil, "", err
		}
		for i := range list {
			switch at, key := rank(&list[i]); {
			case at > c.rank:
				continue
			case at == c.rank && key == c.key: // what was put beside it stood before it
				rows, pages = rows[:0], pages[:0]
				continue
			}
			rows, pages = append(rows, list[i]), append(pages, page)
		}
		if !more {
			break
		}
	}
	if len(rows) > apiRows {
		rows = rows[:apiRows]
		at, key := rank(&rows[apiRows-1])
		next = cursor{pages[apiRows-1], at, key}.String()
	}
	return rows, next, nil
}

// notices lists what the member is told of, what waits first. Reading it looks at nothing: it waits on.
func (v apiPages) notices() error {
	c, err := v.cursor()
	if err != nil {
		return err
	}
	lines, next, err := follow(c, func(p core.Page) ([]news.Line, bool, error) { return v.site.core.News.NewsLines(v.ctx, v.member.ID, p) }, func(n *news.Line) (int64, string) {
		rank := n.At.UnixMilli()
		if !n.Seen {
			rank += waitsFirst
		}
		return rank, strconv.Itoa(int(n.Kind)) + "/" + n.Actor.String() + "/" + n.Thing.String()
	})
	if err != nil {
		return err
	}
	list := []apiNotice{}
	for _, n := range lines {
		list = append(list, apiNotice{v.site.tagURI(n.At, "notice", core.ID(n.Kind), n.Actor, n.Thing), n.At.UTC().Truncate(time.Second), v.words.newsSentence(n), v.site.link(newsPath(n.News)), n.N, n.Seen})
	}
	return sendJSON(v.visit, http.StatusOK, struct {
		Notices []apiNotice `json:"notices"`
		Next    string      `json:"next"`
	}{list, next})
}

// waitsFirst ranks what waits before all that was looked at.
const waitsFirst = 1 << 50

// apiVisibilities are the words for who may see a thing.
var apiVisibilities = map[string]core.Visibility{"everyone": core.Everyone, "friends_of_friends": core.FriendsOfFriends, "friends": core.Friends, "private": core.Private}

// postDiary writes an entry.
func (v apiPages) postDiary() error {
	var in struct {
		Title      string `json:"title"`
		Body       string `json:"body"`
		Visibility string `json:"visibility"`
	}
	if err := v.readJSON(&in); err != nil {
		return err
	}
	n := journal.NewDiary{Title: in.Title, Body: in.Body, Visibility: v.member.DiaryVisibility}
	if in.Visibility != "" {
		var ok bool
		if n.Visibility, ok = apiVisibilities[in.Visibility]; !ok {
			return programError{http.StatusBadRequest, "visibility is one of everyone, friends_of_friends, friends and private"}
		}
	}
	id, err := v.repeated(func(ctx context.Context) (core.ID, error) {
		d, err := v.site.core.Journal.WriteDiary(ctx, v.member.ID, n)
		return d.ID, err
	})
	if err != nil {
		return err
	}
	return v.created(id, diaryPath(v.member.ID, id))
}

// readJSON reads one object with no field that we do not know: a misspelt one would be lost without a word.
func (v apiPages) readJSON(to any) error {
	body := v.ctx.Request.Body()
	if len(body) > maxForm {
		return programError{http.StatusRequestEntityTooLarge, "the body is too long"}
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return programError{http.StatusBadRequest, "a JSON object is expected: " + err.Error()}
	}
	return nil
}

// repeated does something once for each Idempotency-Key of the script, and again for each request without one.
func (v apiPages) repeated(do func(ctx context.Context) (core.ID, error)) (core.ID, error) {
	key, err := v.repeatKey()
	if err != nil {
		return 0, err
	}
	if key == "" {
		return do(v.ctx)
	}
	said, err := v.site.core.Once(v.ctx, v.member.ID, key, func(ctx context.Context) (string, error) {
		id, err := do(ctx)
		return id.String(), err
	})
	id, _ := core.ParseID(said)
	return id, err
}

// created answers with what is there now, and where.
func (v apiPages) created(id core.ID, path string) error {
	v.ctx.Response.Header.Set("Location", v.site.link(path))
	return sendJSON(v.visit, fasthttp.StatusCreated, map[string]string{"id": id.String(), "url": v.site.link(path)})
}

// An apiAlbum is one of the member's albums.
type apiAlbum struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Photos int    `json:"photos"`
	URL    string `json:"url"`
}

// albums lists the member's own albums, the last changed first.
func (v apiPages) albums() error {
	c, err := v.cursor()
	if err != nil {
		return err
	}
	albums, next, err := follow(c, func(p core.Page) ([]album.Album, bool, error) {
		return v.site.core.Album.Albums(v.ctx, v.viewer(), v.member.ID, p)
	}, func(a *album.Album) (int64, string) { return a.UpdatedAt.UnixMilli(), a.ID.String() })
	if err != nil {
		return err
	}
	list := []apiAlbum{}
	for i := range albums {
		a := &albums[i]
		list = append(list, apiAlbum{a.ID.String(), a.Title, a.Photos, v.site.link(albumIDPath(a.Owner, a.ID))})
	}
	return sendJSON(v.visit, http.StatusOK, struct {
		Albums []apiAlbum `json:"albums"`
		Next   string     `json:"next"`
	}{list, next})
}

// postPhoto puts the photo that is the body into the album that the address names.
func (v apiPages) postPhoto() error {
	in, ok := core.ParseID(v.query("album"))
	if !ok {
		return programError{http.StatusBadRequest, "album is the ID of one of your albums: see " + apiAlbumsPath}
	}
	id, err := v.photoOnce(in)
	if err != nil {
		return err
	}
	return v.created(id, albumPhotoIDPath(v.member.ID, in, id))
}

// photoOnce puts the photo into an album, once for each Idempotency-Key and album. A picture is made before anything is stored, so
// what came already is asked for before and again within the transaction.
func (v apiPages) photoOnce(in core.ID) (id core.ID, err error) {
	key, err := v.repeatKey()
	if err != nil {
		return 0, err
	}
	if key == "" {
		return addToAlbum(v.visit, in)
	}
	key += " " + in.String()
	if said, err := v.site.core.SentForm(v.ctx, v.member.ID, key); !errors.Is(err, core.ErrNotFound) {
		id, _ = core.ParseID(said)
		return id, err
	}
	if err := v.site.core.Album.MayUpload(v.ctx, v.member.ID, in); err != nil {
		return 0, err
	}
	p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, v.ctx.Request.Body(), time.Time{})
	if err != nil {
		return 0, err
	}
	err = v.site.core.Bulk(v.ctx, func(ctx context.Context) error {
		said, err := v.site.core.SentForm(ctx, v.member.ID, key)
		if !errors.Is(err, core.ErrNotFound) { // another request was faster: this picture hangs nowhere, and is swept away
			id, _ = core.ParseID(said)
			return err
		}
		id = p.ID
		if err := v.site.core.Album.HangPhoto(ctx, v.member.ID, in, p.ID, time.Time{}); err != nil {
			return err
		}
		return v.site.core.NoteSentForm(ctx, v.member.ID, key, p.ID.String())
	})
	return id, err
}

// repeatKey names what a script may send again, by its Idempotency-Key; "" when it gives none.
func (v apiPages) repeatKey() (string, error) {
	key := string(v.ctx.Request.Header.Peek("Idempotency-Key"))
	if len(key) > maxRepeat {
		return "", programError{http.StatusBadRequest, "Idempotency-Key has at most 100 characters"}
	}
	if key == "" {
		return "", nil
	}
	return "api " + string(v.ctx.Path()) + " " + key, nil
}
