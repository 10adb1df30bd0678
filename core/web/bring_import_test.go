package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net/url"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/bring"
	"musubi/core/bring/mtformat"
	"musubi/core/files"
	"musubi/core/journal"
	"musubi/core/network"
)

// newBringing is a world in which members bring things; brought is what a serving process does.
func newBringing(t testing.TB) *world {
	return newWorldWith(t, func(c *network.Config) {
		c.ImportDir = filepath.Join(filepath.Dir(string(c.Blobs.(files.Blobs))), "imports")
		c.ExportDir = filepath.Join(filepath.Dir(string(c.Blobs.(files.Blobs))), "exports")
	})
}

func (w *world) worked() {
	w.t.Helper()
	if err := w.core.Bring.Work(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// shows uploads a file and gives the import that the page asks about.
func (w *world) shows(b *browser, file []byte) (page reply, id string) {
	w.t.Helper()
	r := b.upload(importPath, url.Values{"k": {w.site.newToken(w.sessionKey(b), importPath)}}, file)
	if r.location != importPath {
		w.t.Fatalf("uploading: %d\n%s", r.status, r.body)
	}
	page = b.get(importPath)
	return page, hidden(page.body, "id")
}

// brings says yes to a file and waits until it is in.
func (w *world) brings(b *browser, file []byte, values url.Values) {
	w.t.Helper()
	_, id := w.shows(b, file)
	values.Set("id", id)
	values.Set("bring", "1")
	if r := w.press(b, importDoPath, values); r.location != importPath {
		w.t.Fatalf("%d\n%s", r.status, r.body)
	}
	w.worked()
}

// mine is the member's diary: title, body, visibility and category of each entry, newest first.
func (w *world) mine(m core.ID) (all []string) {
	w.t.Helper()
	self := core.Viewer{Member: m}
	for n := 1; ; n++ {
		lines, more, err := w.core.Journal.Diaries(w.t.Context(), self, m, journal.DiaryFilter{}, core.Page{Number: n, Size: 100})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, l := range lines {
			d, err := w.core.Journal.Diary(w.t.Context(), self, m, l.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%s|%s|%d|%d|%s", d.Title, d.Body, d.Visibility, len(d.Photos), d.CreatedAt.UTC().Format(time.RFC3339)))
		}
		if !more {
			return all
		}
	}
}

const blogFile = "TITLE: 海へ\nSTATUS: Publish\nCONVERT BREAKS: 0\nDATE: 08/01/2006 21:15:00\nPRIMARY CATEGORY: 旅\n-----\nBODY:\n<p>はじめの行<br />\nつぎの行<img src=\"a.jpg\"></p>\n-----\nCOMMENT:\nAUTHOR: 太郎\nDATE: 08/02/2006 08:00:00\nいいね\n-----\n--------\n" +
	"TITLE: まだ\nSTATUS: Draft\nDATE: 08/03/2006 10:00:00\n-----\nBODY:\n下書き\n-----\n--------\n"

func TestBlogIsBroughtIn(t *testing.T) {
	w := newBringing(t)
	m, friend := w.member("花子"), w.member("太郎")
	w.friends(m, friend)
	b := w.as(m)
	page, id := w.shows(b, []byte(blogFile))
	w.contains(page, "海へ", "うち下書き", "本文にはられた画像 1枚", "2006")
	if len(w.mine(m.ID)) != 0 {
		t.Fatal("a preview has stored something")
	}
	w.press(b, importDoPath, url.Values{"id": {id}, "bring": {"1"}, "visibility": {"2"}, "comments": {"1"}})
	w.contains(b.get(importPath), "読み込み中です(0 / 2)")
	w.worked()
	want := []string{"まだ|下書き|3|0|2006-08-03T01:00:00Z", "海へ|はじめの行\nつぎの行\n\n■ 太郎 2006-08-02 08:00\nいいね|2|0|2006-08-01T12:15:00Z"}
	if got := w.mine(m.ID); !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	w.contains(b.get(importPath), "新しく入ったもの:2", "2007年03月17日")
	w.contains(w.as(friend).get("/diary/list?owner="+m.ID.String()), "海へ")
	if strings.Contains(w.as(friend).get("/diary/list?owner="+m.ID.String()).body, "まだ") {
		t.Error("a draft is shown to a friend")
	}

	// The same file again doubles nothing, whatever is said to it.
	w.brings(b, []byte(blogFile), url.Values{"visibility": {"0"}})
	if got := w.mine(m.ID); !reflect.DeepEqual(got, want) {
		t.Errorf("again: %q", got)
	}
	w.contains(b.get(importPath), "すでにあったもの:2")

	// An entry of the member's own stays when the import is taken back.
	if _, err := w.core.Journal.WriteDiary(t.Context(), m.ID, journal.NewDiary{Title: "今日", Body: "x"}); err != nil {
		t.Fatal(err)
	}
	if r := b.post(importDoPath, url.Values{"k": {w.site.newToken(w.sessionKey(b), importDoPath)}, "id": {id}, "delete": {"1"}}); !strings.Contains(r.body, sureField) {
		t.Error("taking back does not ask first")
	}
	w.press(b, importDoPath, url.Values{"id": {id}, "delete": {"1"}})
	w.worked()
	if got := w.mine(m.ID); len(got) != 1 || !strings.HasPrefix(got[0], "今日") {
		t.Errorf("after taking back: %q", got)
	}
	if list, err := w.core.Journal.DiaryCategories(t.Context(), core.Viewer{Member: m.ID}, m.ID); err != nil || len(list) != 0 {
		t.Errorf("categories: %v %v", list, err)
	}
	w.contains(b.get(importPath), "取り消しました")

	// Nobody decides about another's, and after the days it stays.
	w.brings(b, []byte(blogFile), url.Values{"visibility": {"3"}})
	list, _ := w.core.Bring.Imports(t.Context(), m.ID)
	if r := w.press(w.as(friend), importDoPath, url.Values{"id": {list[0].ID.String()}, "delete": {"1"}}); r.status != 404 {
		t.Errorf("another's: %d", r.status)
	}
	w.clock.advance(bring.Undoable)
	if err := w.core.Bring.Undo(t.Context(), m.ID, list[0].ID); err != bring.ErrImport {
		t.Error(err)
	}
	if err := w.core.Bring.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, _ := w.core.Bring.Imports(t.Context(), m.ID); len(list) != 0 {
		t.Errorf("%d imports are left", len(list))
	}
}

// Entries of any date are there to read under their own date; what says that it is of tomorrow comes as of now, and stands before nothing
// that is written later. What has no date that can be read is told apart from what has none.
func TestImportTakesAnyDate(t *testing.T) {
	w := newBringing(t)
	m := w.member("花子")
	b := w.as(m)
	var file strings.Builder
	for title, date := range map[string]string{"戦後": "08/15/1946 12:00:00", "古い": "01/02/1969 03:04:05", "零": "01/01/1970 09:00:00", "世紀末": "12/31/1999 23:59:59", "未来": "01/02/2099 03:04:05", "遠い未来": "01/02/2500 03:04:05", "悪い日": "13/45/2007 99:99:99"} {
		fmt.Fprintf(&file, "TITLE: %s\nDATE: %s\n-----\nBODY:\n%sの本文\n-----\n--------\n", title, date, title)
	}
	page, id := w.shows(b, []byte(file.String()))
	w.contains(page, "日付がこれからの記事(日付は今になります)</dt><dd>2</dd>", "日付が読めない記事 1件", "1946年08月15日")
	w.press(b, importDoPath, url.Values{"id": {id}, "bring": {"1"}, "visibility": {"2"}})
	w.worked()
	w.contains(b.get(importPath), "新しく入ったもの:6、すでにあったもの:0、入らなかったもの:0")
	_, err := w.core.Journal.WriteDiary(t.Context(), m.ID, journal.NewDiary{Title: "あとで", Body: "x"})
	w.must(err)
	now := w.clock.Now().In(w.site.zone).Format("2006-01-02")
	want := map[string]string{"戦後": "1946-08-15", "古い": "1969-01-02", "零": "1970-01-01", "世紀末": "1999-12-31", "未来": now, "遠い未来": now, "あとで": now}
	lines, _, err := w.core.Journal.Diaries(t.Context(), core.Viewer{Member: m.ID}, m.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 20})
	w.must(err)
	var order []string
	for _, l := range lines {
		order = append(order, l.Title)
		r := b.get(diaryPath(l.Owner, l.ID))
		if got := l.CreatedAt.In(w.site.zone).Format("2006-01-02"); r.status != 200 || got != want[l.Title] || !strings.Contains(r.body, l.CreatedAt.In(w.site.zone).Format(japanese.t("date"))) {
			t.Errorf("%s: %d, of %s, want %s", l.Title, r.status, got, want[l.Title])
		}
	}
	if len(order) != 7 || order[0] != "あとで" || !reflect.DeepEqual(order[3:], []string{"世紀末", "零", "古い", "戦後"}) {
		t.Errorf("in the order %q", order)
	}
	may1969 := time.Date(1969, 1, 1, 0, 0, 0, 0, w.site.zone)
	lines, _, err = w.core.Journal.Diaries(t.Context(), core.Viewer{Member: m.ID}, m.ID, journal.DiaryFilter{From: may1969, To: may1969.AddDate(0, 1, 0)}, core.Page{Number: 1, Size: 20})
	if err != nil || len(lines) != 1 || lines[0].Title != "古い" {
		t.Errorf("of January 1969: %+v %v", lines, err)
	}
	w.brings(b, []byte(file.String()), url.Values{"visibility": {"2"}})
	w.contains(b.get(importPath), "すでにあったもの:6")
	if strings.Contains(w.log.String(), "ERROR") {
		t.Errorf("the log says %s", w.log)
	}
}

// picturesOf makes a ZIP.
func zipOf(t testing.TB, of ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(of); i += 2 {
		f, err := z.Create(of[i])
		if err == nil {
			_, err = f.Write([]byte(of[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	return b.Bytes()
}

func dot(t testing.TB, n uint8) string {
	t.Helper()
	p := image.NewGray(image.Rect(0, 0, 2, 2))
	p.SetGray(0, 0, color.Gray{n})
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPicturesAreBroughtIn(t *testing.T) {
	w := newBringing(t)
	m := w.member("花子")
	b := w.as(m)
	file := zipOf(t, "../../etc/夏の海.png", dot(t, 1), "trip/IMG_2.PNG", dot(t, 2), "yama/IMG_2.PNG", dot(t, 4), "trip/IMG_3.jpg", "no picture", "captions.csv", "./trip/IMG_2.PNG,\"港, 夕方\"\nyama\\IMG_2.PNG,山\n", "note.txt", "x", "__MACOSX/._a.png", "x")
	page, id := w.shows(b, file)
	w.contains(page, "写真でないファイル 1個", "アルバムのタイトル")
	if r := w.press(b, importDoPath, url.Values{"id": {id}, "bring": {"1"}, "visibility": {"2"}, "title": {""}}); r.location != "" {
		t.Errorf("without a title: %q", r.location)
	}
	w.press(b, importDoPath, url.Values{"id": {id}, "bring": {"1"}, "visibility": {"2"}, "title": {"夏休み"}})
	w.worked()
	again := func() (captions []string) {
		albums, _, err := w.core.Album.Albums(t.Context(), core.Viewer{Member: m.ID}, m.ID, core.Page{Number: 1, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range albums {
			seen, err := w.core.Album.Album(t.Context(), core.Viewer{Member: m.ID}, m.ID, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			photos, _, err := w.core.Album.AlbumPhotos(t.Context(), seen, core.Page{Number: 1, Size: 10})
			if err != nil {
				t.Fatal(err)
			}
			captions = append(captions, fmt.Sprintf("%s %d", a.Title, a.Visibility))
			for _, p := range photos {
				captions = append(captions, p.Caption)
			}
		}
		return captions
	}
	want := []string{"夏休み 2", "夏の海", "港, 夕方", "山"}
	if got := again(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	w.contains(b.get(importPath), "新しく入ったもの:4、すでにあったもの:0、入らなかったもの:1")
	w.brings(b, file, url.Values{"title": {"夏休み"}, "visibility": {"2"}})
	if got := again(); !reflect.DeepEqual(got, want) {
		t.Errorf("again: %q", got)
	}
	w.press(b, importDoPath, url.Values{"id": {id}, "delete": {"1"}})
	w.worked()
	if got := again(); len(got) != 0 {
		t.Errorf("taken back: %q", got)
	}
}

// What is no import, or is larger than it says, is refused with a sentence.
func TestSEC80_ImportsAreBounded(t *testing.T) {
	w := newBringing(t)
	b := w.as(w.member("花子"))
	for name, file := range map[string][]byte{"text": []byte("hello"), "no ZIP": []byte("PK\x03\x04xxxx"), "no pictures": zipOf(t, "a.txt", "x"), "broken export": zipOf(t, "diaries.json", "{")} {
		r := b.upload(importPath, url.Values{"k": {w.site.newToken(w.sessionKey(b), importPath)}}, file)
		if r.status != 422 || !strings.Contains(r.body, "読み込めるファイルではありません") {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	bomb := zipOf(t, "diaries.json", "["+strings.Repeat(" ", 65<<20)+"]")
	if r := b.upload(importPath, url.Values{"k": {w.site.newToken(w.sessionKey(b), importPath)}}, bomb); r.status != 422 {
		t.Errorf("a bomb: %d", r.status)
	}
}

// What a musubi gives a member to take along is read by another one: no wider than it was, and once.
func TestExportIsReadElsewhere(t *testing.T) {
	from, to := newBringing(t), newBringing(t)
	m := from.memberWith("花子", "よろしく")
	ctx := t.Context()
	photo, err := from.core.AddPhoto(ctx, m.ID, []byte(dot(t, 7)), time.Time{})
	from.must(err)
	from.must(from.core.Journal.AddCategory(ctx, m.ID, "旅"))
	for v := core.Everyone; v <= core.Private; v++ {
		n := journal.NewDiary{Title: fmt.Sprint("記事", v), Body: "<本文>\n二行目", Visibility: v, At: from.clock.Now().Add(-time.Duration(core.Private-v) * time.Hour)}
		if v == core.Everyone {
			n.Photos = []core.ID{photo.ID}
		}
		_, err := from.core.Journal.WriteDiary(ctx, m.ID, n)
		from.must(err)
	}
	made, err := from.core.Album.WriteAlbum(ctx, m.ID, album.NewAlbum{Title: "春", Visibility: core.Friends})
	from.must(err)
	hung, err := from.core.AddPhoto(ctx, m.ID, []byte(dot(t, 8)), time.Time{})
	from.must(err)
	from.must(from.core.Album.HangPhoto(ctx, m.ID, made.ID, hung.ID, time.Time{}))
	var file bytes.Buffer
	from.must(from.core.Chores.ExportTo(ctx, m.ID, "ja", &file, func(int, int) {}))

	// The same in a form that others read: nothing that not everybody saw is published, and every picture of a page is in the ZIP.
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	from.must(err)
	mt, err := mtformat.Parse(unzip(t, z, "diary.mt.txt"), time.UTC)
	if err != nil || len(mt.Entries) != 4 {
		t.Fatal(mt, err)
	}
	for _, e := range mt.Entries {
		if e.Draft != (e.Title != "記事0") || e.Body != "<本文>\n二行目" {
			t.Errorf("%+v", e)
		}
	}
	shown := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "html/") {
			for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(string(unzip(t, z, f.Name)), -1) {
				unzip(t, z, path.Join(path.Dir(f.Name), m[1]))
				shown++
			}
		}
	}
	if shown < 10 {
		t.Errorf("pages lead to %d files", shown)
	}

	n := to.member("花子")
	b := to.as(n)
	page, _ := to.shows(b, file.Bytes())
	to.contains(page, "アルバムのパスワード")
	to.brings(b, file.Bytes(), url.Values{"visibility": {"1"}})
	got := to.mine(n.ID)
	want := from.mine(m.ID)
	for i := range want { // all of it, seen by friends of friends at most
		want[i] = strings.Replace(want[i], "二行目|0|", "二行目|1|", 1)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	profile, err := to.core.People.Profile(ctx, core.Viewer{Member: n.ID}, n.ID)
	if err != nil || len(profile) != 1 || profile[0].Value != "よろしく" {
		t.Errorf("%v %v", profile, err)
	}
	albums, _, err := to.core.Album.Albums(ctx, core.Viewer{Member: n.ID}, n.ID, core.Page{Number: 1, Size: 10})
	if err != nil || len(albums) != 1 || albums[0].Photos != 1 || albums[0].Visibility != core.Friends {
		t.Errorf("%+v %v", albums, err)
	}

	// Where it was made nothing is doubled either.
	from.brings(from.as(m), file.Bytes(), url.Values{"visibility": {"0"}})
	if got := from.mine(m.ID); len(got) != 4 {
		t.Errorf("%q", got)
	}
}

// An import that is stopped at any moment and goes on is the same as one that nobody stopped.
func TestImportGoesOn(t *testing.T) {
	var file strings.Builder
	for n := range 300 {
		fmt.Fprintf(&file, "TITLE: 記事%d\nDATE: 01/%02d/2005 10:00:%02d\nPRIMARY CATEGORY: 組%d\n-----\nBODY:\n本文%d\n-----\n--------\n", n, 1+n/60, n%60, n%5, n)
	}
	run := func(stopped bool) []string {
		w := newBringing(t)
		m := w.member("花子")
		i, err := w.core.Bring.Show(t.Context(), m.ID, "blog.txt", []byte(file.String()))
		w.must(err)
		w.must(w.core.Bring.Bring(t.Context(), m.ID, i.ID, bring.Choice{Visibility: core.Friends}))
		for times := 0; ; times++ {
			ctx, end := context.WithCancel(t.Context())
			if stopped && times < 100 {
				ctx, end = context.WithTimeout(t.Context(), time.Duration(rand.IntN(40))*time.Millisecond)
			}
			err := w.core.Bring.Work(ctx)
			over := ctx.Err() != nil
			end()
			if err != nil && !over {
				t.Fatal(err)
			}
			if list, _ := w.core.Bring.Imports(t.Context(), m.ID); list[0].State == bring.Brought {
				if list[0].New != 300 || list[0].Failed != 0 || list[0].Same != 0 {
					t.Errorf("%+v", list[0])
				}
				return w.mine(m.ID)
			}
		}
	}
	if a, b := run(true), run(false); !reflect.DeepEqual(a, b) {
		t.Errorf("%d and %d entries", len(a), len(b))
	}
}
