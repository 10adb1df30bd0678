package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/elsewhere"
	"musubi/core/journal"
	"musubi/core/news"
)

// The API for scripts (docs/api.md): a key for each purpose, the services that pages ask, JSON in and out.
const (
	apiPath        = "/api/1/"
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
		return v.refuse(err)
	}
}

// refuse says what is wrong.
func (v apiPages) refuse(err error) error {
	v.ctx.Response.ResetBody()
	status, says := programSays(v.visit, err)
	if status == http.StatusUnauthorized {
		v.ctx.Response.Header.Set("WWW-Authenticate", `Bearer realm="`+v.site.host()+`"`)
	}
	return sendJSON(v.visit, status, map[string]string{"error": says})
}

// forScript says whether a path is one of the API, also one that is none of its own.
func forScript(path string) bool { return strings.HasPrefix(path, apiPath) }

// nowhere tells a script what there is instead of what it asked for.
func (v apiPages) nowhere() error {
	path := pathOf(v.ctx)
	for _, other := range []string{get, post} {
		if _, there := routes.find(other, path); there {
			v.ctx.Response.Header.Set("Allow", other)
			return programError{http.StatusMethodNotAllowed, path + " takes " + other + ", not " + string(v.ctx.Method()) + "."}
		}
	}
	return programError{http.StatusNotFound, "There is no such address. There are GET " + apiNoticesPath + ", POST " + apiDiaryPath + ", GET " + apiAlbumsPath + " and POST " + apiPhotosPath + "."}
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
	var title, body, visibility string
	if err := v.readTexts(map[string]*string{"title": &title, "body": &body, "visibility": &visibility}); err != nil {
		return err
	}
	n := journal.NewDiary{Title: title, Body: body, Visibility: v.member.DiaryVisibility}
	if visibility != "" {
		var ok bool
		if n.Visibility, ok = apiVisibilities[visibility]; !ok {
			return badJSON("visibility is one of everyone, friends_of_friends, friends and private")
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

func badJSON(says string) error { return programError{http.StatusBadRequest, says} }

// readTexts reads one object of texts with no field that we do not know: a misspelt one would be lost without a word.
func (v apiPages) readTexts(fields map[string]*string) error {
	body := v.ctx.Request.Body()
	_, kind, _ := mime.ParseMediaType(string(v.ctx.Request.Header.ContentType()))
	switch {
	case len(body) > maxForm:
		return programError{http.StatusRequestEntityTooLarge, "the body is too long"}
	case kind["charset"] != "" && !strings.EqualFold(kind["charset"], "utf-8"):
		return programError{http.StatusUnsupportedMediaType, "JSON is in UTF-8, not in " + kind["charset"]}
	case !utf8.Valid(body):
		return badJSON("the body is not in UTF-8")
	}
	names := strings.Join(slices.Sorted(maps.Keys(fields)), ", ")
	var in map[string]json.RawMessage
	if err := json.Unmarshal(body, &in); errors.As(err, new(*json.UnmarshalTypeError)) || err == nil && in == nil {
		return badJSON("a JSON object with " + names + " is expected, not another kind of value")
	} else if err != nil {
		return badJSON("one JSON object is expected, and nothing after it: " + err.Error())
	}
	for name, value := range in {
		to, known := fields[name]
		if !known {
			return badJSON("there is no field " + strconv.Quote(name) + ": " + names + " are expected")
		}
		if !bytes.HasPrefix(value, []byte(`"`)) || json.Unmarshal(value, to) != nil {
			return badJSON(name + " is a text, in quotes")
		}
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
