package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/album"
	"musubi/core/cache"
	"musubi/core/files"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/store"
	"musubi/core/store/pgtest"
	"musubi/core/store/shardtest"
)

// pngMaker is a core.PhotoMaker of the standard library: enough for pages; the real one is transcode/imaging.
type pngMaker struct{}

func (pngMaker) MakePhoto(_ context.Context, upload []byte) (core.MadePhoto, error) {
	img, err := png.Decode(bytes.NewReader(upload))
	if err != nil {
		return core.MadePhoto{}, core.ErrPhoto
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return core.MadePhoto{}, err
	}
	return core.MadePhoto{Bytes: b.Bytes(), Type: "image/png", Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}, nil
}

// drawing is a small picture, different for each seed.
func drawing(seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for i := range 120 {
		img.Set(i, i, color.RGBA{uint8(seed), uint8(i), 200, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestMain(m *testing.M) { os.Exit(shardtest.Main(m.Run(), true)) }

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a site over a real store with a few members, whose password is password.
type world struct {
	t     testing.TB
	site  *Site
	core  *network.Services
	store *store.Store
	clock *clock
	log   *bytes.Buffer
	hash  string
	path  string // of the database
	url   string // of one on PostgreSQL
}

const password = "correct horse 12"

var secret = bytes.Repeat([]byte("k"), 32)

// database is a PostgreSQL database of its own, with the triggers, where the suite runs on PostgreSQL.
func database(t testing.TB) string {
	return pgtest.Chosen(t, func(url string) error {
		st, err := store.Open(context.Background(), store.Config{URL: url})
		if err != nil {
			return err
		}
		_, err = cache.New(context.Background(), st, cache.Config{})
		return errors.Join(err, st.Close())
	})
}

func newWorld(t testing.TB) *world { t.Helper(); return newWorldWith(t, nil) }

// newWorldWith lets a test change the configuration.
func newWorldWith(t testing.TB, change func(c *network.Config)) *world {
	t.Helper()
	return newWorldOf(t, func(_ *store.Store, c *network.Config) {
		if change != nil {
			change(c)
		}
	}, nil)
}

// newWorldOf also joins areas of which the house does not know, with their tables and pages.
func newWorldOf(t testing.TB, change func(s *store.Store, c *network.Config), pages []area, tables ...store.Feature) *world {
	t.Helper()
	dir := t.TempDir()
	url, path := database(t), filepath.Join(dir, "musubi.db")
	st, err := store.Open(context.Background(), store.Config{Path: path, URL: url, Rehearse: true, Defer: os.Getenv(shardtest.Environment) != "", Wrote: shardtest.Wrote(path, store.Tables())}, tables...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := &world{t: t, store: st, clock: &clock{now: time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}, path: path, url: url}
	t.Cleanup(func() {
		for line := range strings.Lines(w.log.String()) {
			if t.Failed() && strings.Contains(line, "level=ERROR") {
				t.Log(line)
			}
		}
	})
	kept, err := cache.New(context.Background(), st, cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	c := network.Config{Stores: kept.Stores(), Blobs: files.Blobs(filepath.Join(dir, "blobs")), Photos: pngMaker{}, Secret: secret, Now: w.clock.Now, MailDomain: mailDomain,
		Films: album.FilmConfig{Maker: paperFilms{dir}}}
	change(st, &c)
	w.core, err = network.New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.site, err = New(w.core, Config{Secret: secret, GatewayKey: []byte("gateway"), Log: slog.New(slog.NewTextHandler(w.log, nil)), more: pages})
	if err != nil {
		t.Fatal(err)
	}
	w.hash, err = w.core.Guard.HashPassword(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) member(name string) core.Member { return w.memberWith(name, "") }

// memberWith makes a member with an introduction.
func (w *world) memberWith(name, intro string) core.Member {
	w.t.Helper()
	m, err := w.core.Account.CreateMember(context.Background(), account.NewMember{
		Name: name, Mail: fmt.Sprintf("%x@example.jp", name), PasswordHash: w.hash, DiaryVisibility: core.Friends,
		Profile: []core.ProfileValue{{Key: "intro", Value: intro}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func mailOf(m core.Member) string { return fmt.Sprintf("%x@example.jp", m.Name) }

// sessionKey is what form tokens of the browser are bound to; "" without a login.
func (w *world) sessionKey(b *browser) string {
	s, _, err := w.core.Account.Session(context.Background(), b.cookies["musubi"])
	if err != nil {
		return ""
	}
	return s.Key
}

func (w *world) friends(a, b core.Member) {
	w.t.Helper()
	if err := w.core.People.LinkFriends(context.Background(), a.ID, b.ID, w.clock.Now(), time.Time{}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) diary(m core.Member, title string, v core.Visibility, photos ...core.ID) journal.Diary {
	w.t.Helper()
	w.clock.advance(time.Second)
	d, err := w.core.Journal.WriteDiary(context.Background(), m.ID, journal.NewDiary{Title: title, Body: title + " の本文", Visibility: v, Photos: photos})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// A browser keeps cookies and asks the site.
type browser struct {
	w       *world
	cookies map[string]string
	headers map[string]string
}

func (w *world) browser() *browser {
	return &browser{w, map[string]string{}, map[string]string{}}
}

// as is a browser in which the member has logged in.
func (w *world) as(m core.Member) *browser {
	w.t.Helper()
	b := w.browser()
	r := b.post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}})
	if r.status != 302 || r.location != "/home" {
		w.t.Fatalf("login of %s: %d %s\n%s", m.Name, r.status, r.location, r.body)
	}
	return b
}

type reply struct {
	status         int
	location, body string
	header         *fasthttp.ResponseHeader
}

// sign adds the gateway's signature over the verdict in the headers.
func (b *browser) sign(method, target string) {
	var h fasthttp.RequestHeader
	h.SetMethod(method)
	h.SetRequestURI(target)
	for k, v := range b.headers {
		h.Set(k, v)
	}
	b.headers["X-Ktai-Sign"] = string(ktaiSign([]byte("gateway"), &h))
}

func (b *browser) do(method, target, kind string, body []byte) reply {
	var ctx fasthttp.RequestCtx
	var req fasthttp.Request
	req.Header.SetMethod(method)
	req.SetRequestURI(target)
	req.Header.SetHost("musubi.example")
	for k, v := range b.cookies {
		req.Header.SetCookie(k, v)
	}
	for k, v := range b.headers {
		req.Header.Set(k, v)
	}
	if body != nil {
		req.Header.SetContentType(kind)
		req.SetBody(body)
	}
	ctx.Init(&req, nil, nil)
	b.w.site.Handler(&ctx)
	for k, v := range ctx.Response.Header.Cookies() {
		var c fasthttp.Cookie
		if err := c.ParseBytes(v); err != nil {
			b.w.t.Fatal(err)
		}
		if b.cookies[string(k)] = string(c.Value()); len(c.Value()) == 0 {
			delete(b.cookies, string(k))
		}
	}
	h := &fasthttp.ResponseHeader{}
	ctx.Response.Header.CopyTo(h)
	return reply{ctx.Response.StatusCode(), string(h.Peek("Location")), string(ctx.Response.Body()), h}
}

func (b *browser) get(target string) reply { return b.do("GET", target, "", nil) }

func (b *browser) post(target string, values url.Values) reply {
	return b.do("POST", target, "application/x-www-form-urlencoded", []byte(values.Encode()))
}

// upload posts a form with files, all under the field "file".
func (b *browser) upload(target string, values url.Values, files ...[]byte) reply {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, list := range values {
		for _, v := range list {
			m.WriteField(k, v)
		}
	}
	for i, f := range files {
		p, _ := m.CreateFormFile("file", fmt.Sprintf("%d.png", i))
		p.Write(f)
	}
	m.Close()
	return b.do("POST", target, m.FormDataContentType(), body.Bytes())
}

var tokenPattern = regexp.MustCompile(`name="k" value="([^"]+)"`)

// tokenOn is the form token on a page, of the form that posts to action.
func tokenOn(t testing.TB, page, action string) string {
	t.Helper()
	_, form, ok := strings.Cut(page, `action="`+action+`"`)
	m := tokenPattern.FindStringSubmatch(form)
	if !ok || m == nil {
		t.Fatalf("no form to %s on the page:\n%s", action, page)
	}
	return m[1]
}

// hidden is the value of a hidden field.
func hidden(page, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

func (w *world) contains(r reply, want ...string) {
	w.t.Helper()
	for _, s := range want {
		if !strings.Contains(r.body, s) {
			w.t.Fatalf("status %d %s: no %q on the page:\n%s", r.status, r.location, s, r.body)
		}
	}
}

// The story of the walking whole, on the core alone: log in, read home, write an entry with emoji and a photo through the
// preview, read it as a friend, comment on it, see it on both homes.
func TestStory(t *testing.T) {
	w := newWorld(t)
	hanako, taro := w.member("花子"), w.member("太郎")
	w.friends(hanako, taro)

	pc := w.as(hanako)
	w.contains(pc.get("/home"), "花子さん、こんにちは", `accesskey="1"`, "友人の最新日記")

	form := pc.get("/diary/write")
	preview := pc.upload("/diary/write", url.Values{
		"k": {tokenOn(t, form.body, "/diary/write")}, "title": {"おにぎり🍙"}, "body": {"晴れ☀\n<b>太字</b>"}, "visibility": {"2"}, "confirm": {"確認"},
	}, drawing(1))
	w.contains(preview, "日記の確認", "おにぎり🍙", "晴れ☀<br>&lt;b&gt;太字", "送信", "修正する", `<img src="/photo/`)
	photoID := hidden(preview.body, "photo")

	sent := pc.post("/diary/write", url.Values{
		"k": {tokenOn(t, preview.body, "/diary/write")}, "title": {"おにぎり🍙"}, "body": {"晴れ☀\n<b>太字</b>"}, "visibility": {"2"}, "photo": {photoID}, "send": {"送信"},
	})
	if sent.status != 302 || !strings.HasPrefix(sent.location, "/diary?owner=") {
		t.Fatalf("sent: %d %s %s", sent.status, sent.location, sent.body)
	}

	friend := w.as(taro)
	w.contains(friend.get("/home"), "おにぎり🍙", "(花子)")
	page := friend.get(sent.location)
	w.contains(page, "おにぎり🍙", "コメントを書く")
	src := regexp.MustCompile(`<img src="(/photo/[^"]+)"`).FindStringSubmatch(page.body)
	if src == nil {
		t.Fatal("no photo on the page")
	}
	target := strings.ReplaceAll(src[1], "&amp;", "&")
	picture := friend.get(target)
	if picture.status != 200 || !strings.HasPrefix(picture.body, "\x89PNG") || string(picture.header.Peek("X-Ktai-Box")) != "180x180" {
		t.Fatalf("photo: %d %q", picture.status, picture.header)
	}
	friend.headers["If-None-Match"] = string(picture.header.Peek("ETag"))
	if r := friend.get(target); r.status != 304 || r.body != "" {
		t.Fatalf("photo again: %d, %d bytes", r.status, len(r.body))
	}
	delete(friend.headers, "If-None-Match")

	answer := friend.post("/diary/comment", url.Values{
		"k": {tokenOn(t, page.body, "/diary/comment")}, "owner": {hidden(page.body, "owner")}, "id": {hidden(page.body, "id")}, "body": {"おいしそう🐱"}, "send": {"送信"},
	})
	if answer.status != 302 {
		t.Fatalf("comment: %d %s", answer.status, answer.body)
	}
	w.contains(pc.get(sent.location), "おいしそう🐱", "太郎", "コメント (1)")
	w.contains(friend.get("/home"), "日記コメント記入履歴", "(1)")

	out := pc.post("/logout", url.Values{"k": {tokenOn(t, pc.get("/home").body, "/logout")}})
	if out.status != 302 || pc.cookies[sessionCookie] != "" {
		t.Fatalf("logout: %d, cookies %v", out.status, pc.cookies)
	}
	if r := pc.get("/home"); r.status != 302 || r.location != "/" {
		t.Fatalf("home after logout: %d %s", r.status, r.location)
	}
	if r := friend.get("/home"); r.status != 200 {
		t.Fatalf("the friend's session ended too: %d", r.status)
	}
	if w.log.Len() > 0 {
		t.Fatalf("logged:\n%s", w.log)
	}
}
