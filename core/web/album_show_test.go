package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/network"
	talks "musubi/core/talk"
)

// hang makes an album with so many photos, each with a caption.
func (w *world) hang(m core.Member, n album.NewAlbum, photos int) album.Album {
	w.t.Helper()
	ctx := context.Background()
	w.clock.advance(time.Second)
	if err := w.core.Album.PrepareAlbum(ctx, &n); err != nil {
		w.t.Fatal(err)
	}
	a, err := w.core.Album.WriteAlbum(ctx, m.ID, n)
	if err != nil {
		w.t.Fatal(err)
	}
	var changes []album.PhotoChange
	for i := range photos {
		p, err := w.core.AddPhoto(ctx, m.ID, drawing(i), time.Time{})
		if err == nil {
			err = w.core.Album.HangPhoto(ctx, m.ID, a.ID, p.ID, time.Time{})
		}
		if err != nil {
			w.t.Fatal(err)
		}
		changes = append(changes, album.PhotoChange{Photo: p.ID, Caption: fmt.Sprintf("%sの%d", n.Title, i+1)})
	}
	if err := w.core.Album.ChangePhotos(ctx, m.ID, a.ID, changes); err != nil {
		w.t.Fatal(err)
	}
	seen, err := w.core.Album.Album(ctx, core.Viewer{Member: m.ID}, m.ID, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return seen.Album
}

// noise is a picture that does not get smaller by packing: three bytes a pixel.
func noise(seed, width, height int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	for i := range img.Pix {
		if img.Pix[i] = 255; i%4 != 3 {
			img.Pix[i] = uint8(r.Uint32())
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// shots are the IDs of an album's photos in its order.
func (w *world) shots(a album.Album) []core.ID {
	w.t.Helper()
	order, err := w.store.Album.AlbumOrder(context.Background(), a.Owner, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return order
}

// captions are the captions of an album in its order.
func (w *world) captions(a album.Album) (list []string) {
	w.t.Helper()
	photos, err := w.store.Album.AlbumPhotos(context.Background(), a.Owner, a.ID, core.Page{Size: album.MaxAlbumPhotos})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range photos {
		list = append(list, p.Caption)
	}
	return list
}

// room checks that what is counted of a member's albums is what is there.
func (w *world) room(m core.Member) album.AlbumRoom {
	w.t.Helper()
	ctx := context.Background()
	room, err := w.core.Album.AlbumRoom(ctx, m.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	counted := album.AlbumRoom{Limit: room.Limit, FilmLimit: room.FilmLimit, Hour: room.Hour, Uploads: room.Uploads}
	albums, err := w.store.Album.Albums(ctx, m.ID, core.Private, core.Page{Size: album.MaxAlbums})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range albums {
		photos, err := w.store.Album.AlbumPhotos(ctx, a.Owner, a.ID, core.Page{Size: album.MaxAlbumPhotos})
		if err != nil {
			w.t.Fatal(err)
		}
		talk, comments := a.Comments, 0
		for _, p := range photos {
			counted.Bytes += int64(p.Bytes)
			talk += p.Comments
		}
		for _, photo := range append(w.shots(a), 0) {
			list, err := w.store.Talk.Comments(ctx, album.AlbumThread(a.Owner, a.ID, photo), core.Page{Size: talks.MaxComments})
			if err != nil {
				w.t.Fatal(err)
			}
			comments += len(list)
		}
		if a.Photos != len(photos) || a.AllComments != talk || talk != comments || (a.Cover.ID == 0) != (len(photos) == 0) {
			w.t.Fatalf("album %q counts %d photos and %d comments, has %d and %d; cover %d", a.Title, a.Photos, a.AllComments, len(photos), comments, a.Cover.ID)
		}
		counted.Albums++
		counted.Photos += len(photos)
	}
	counted.MostAlbums = album.MaxAlbums
	if room != counted {
		w.t.Fatalf("counted %+v, there is %+v", room, counted)
	}
	return room
}

// The whole of it on the core: an album, files good and bad, captions, order, cover, comments, moving, deleting.
func TestAlbumStory(t *testing.T) {
	w := newWorld(t)
	hanako, taro := w.member("花子"), w.member("太郎")
	w.friends(hanako, taro)
	pc, friend := w.as(hanako), w.as(taro)

	form := pc.get(albumEditPath)
	made := pc.post(albumEditPath, url.Values{"k": {tokenOn(t, form.body, albumEditPath)}, "title": {"夏休み🏖"}, "note": {"海へ\n山へ"}, "visibility": {"2"}, "send": {"1"}})
	if made.status != 302 || !strings.HasPrefix(made.location, albumUploadPath+"?id=") {
		t.Fatalf("made: %d %s %s", made.status, made.location, made.body)
	}
	upload := pc.get(made.location)
	w.contains(upload, `multiple`, `src="/album.js?v=`, `data-pc`, "写真の追加はパソコンから", "0KB / 2000MB")
	if friends := friend.get("/home").body; strings.Contains(friends, "夏休み") {
		t.Error("an empty album is among the friends' newest")
	}
	id := hidden(upload.body, "id")

	done := pc.upload(albumUploadPath, url.Values{"k": {tokenOn(t, upload.body, albumUploadPath)}, "id": {id}, "send": {"1"}},
		drawing(1), []byte("<script>alert(1)</script>"), drawing(2), nil, drawing(3))
	w.contains(done, "<strong>0.png</strong>: 入りました。", "<strong>1.png</strong>: 写真を読み込めませんでした", "<strong>2.png</strong>: 入りました。", "<strong>3.png</strong>: 写真を読み込めませんでした", "<strong>4.png</strong>: 入りました。")
	parsed, _ := core.ParseID(id)
	a, err := w.core.Album.Album(t.Context(), core.Viewer{Member: hanako.ID}, hanako.ID, parsed)
	if err != nil || a.Photos != 3 || a.Cover.ID != w.shots(a.Album)[0] {
		t.Fatalf("%+v, %v", a, err)
	}
	w.room(hanako)

	home := friend.get("/home")
	w.contains(home, "友人の最新アルバム", "夏休み🏖", "3枚", "(花子)")
	w.contains(friend.get(memberPath(hanako.ID)), "花子さんのアルバム", "夏休み🏖")
	page := friend.get(albumIDPath(hanako.ID, a.ID))
	w.contains(page, "夏休み🏖", "海へ<br>山へ", "写真1", "写真3", "アルバムへのコメント")
	if strings.Contains(page.body, albumEditPath) || strings.Contains(page.body, albumArrangePath) {
		t.Error("a friend is offered the owner's links")
	}

	// Captions, the order and the cover from one form.
	order := w.shots(a.Album)
	arrange := pc.get(albumArrangePath + "?id=" + id)
	values := url.Values{"k": {tokenOn(t, arrange.body, albumArrangePath)}, "id": {id}, "page": {"1"}, "cover": {order[1].String()}, "save": {"1"}}
	for i, shot := range order {
		values.Add("p", shot.String())
		values.Set("caption"+shot.String(), fmt.Sprintf("説明%d", i+1))
		values.Set("number"+shot.String(), []string{"１", "2", "1"}[i]) // full width, as handsets type; the third becomes the first
	}
	if r := pc.post(albumArrangePath, values); r.status != 302 {
		t.Fatalf("arrange: %d %s", r.status, r.body)
	}
	if got := strings.Join(w.captions(a.Album), " "); got != "説明3 説明1 説明2" {
		t.Fatalf("order %s", got)
	}
	if b, _ := w.core.Album.Album(t.Context(), core.Viewer{Member: hanako.ID}, hanako.ID, a.ID); b.Cover.ID != order[1] {
		t.Errorf("cover %d, want %d", b.Cover.ID, order[1])
	}

	// A caption that is too long is said beside its field and not lost, and nothing else is changed.
	long := strings.Repeat("あ", album.MaxCaption+1)
	values.Set("k", w.site.newToken(w.sessionKey(pc), albumArrangePath))
	values.Set("caption"+order[0].String(), long)
	values.Set("caption"+order[1].String(), "変わらない")
	w.contains(pc.post(albumArrangePath, values), "140文字以内", long, "変わらない")
	if got := strings.Join(w.captions(a.Album), " "); got != "説明3 説明1 説明2" {
		t.Fatalf("captions %s", got)
	}

	// One photo, its neighbours on keys, and moving it by one.
	shot := w.shots(a.Album)[1]
	one := friend.get(albumPhotoIDPath(hanako.ID, a.ID, shot))
	w.contains(one, "2/3枚", "説明1", `accesskey="4" rel="prev"`, `accesskey="5"`, `accesskey="6" rel="next"`, "待受画面サイズで保存")
	first := friend.get(albumPhotoIDPath(hanako.ID, a.ID, w.shots(a.Album)[0]))
	if strings.Contains(first.body, `accesskey="4" rel="prev"`) || !strings.Contains(first.body, `accesskey="6" rel="next"`) {
		t.Error("the first photo has one before it, or none after it")
	}
	single := pc.get(albumArrangePath + "?id=" + id + "&photo=" + shot.String())
	w.contains(single, "一つ前へ", "説明1")
	up := url.Values{"k": {tokenOn(t, single.body, albumArrangePath)}, "id": {id}, "photo": {shot.String()}, "p": {shot.String()}, "caption" + shot.String(): {"浜"}, "number" + shot.String(): {"2"}, "up": {"1"}}
	if r := pc.post(albumArrangePath, up); r.location != albumPhotoIDPath(hanako.ID, a.ID, shot) {
		t.Fatalf("up: %d %s", r.status, r.location)
	}
	if got := strings.Join(w.captions(a.Album), " "); got != "浜 説明3 説明2" {
		t.Fatalf("order %s", got)
	}

	// Comments on the album and on a photo, deleted by author and by owner.
	say := func(b *browser, photo core.ID, body string) reply {
		v := url.Values{"owner": {hanako.ID.String()}, "album": {id}, "body": {body}, "send": {"1"}}
		if photo != 0 {
			v.Set("photo", photo.String())
		}
		return w.press(b, albumCommentPath, v)
	}
	if r := say(friend, 0, "いいね"); r.location != albumIDPath(hanako.ID, a.ID)+"#comments" {
		t.Fatalf("comment: %d %s %s", r.status, r.location, r.body)
	}
	say(friend, shot, "どこの浜？")
	say(pc, shot, "由比ヶ浜")
	w.contains(pc.get(albumIDPath(hanako.ID, a.ID)), "アルバムへのコメント (1)", "いいね", "📝2")
	w.contains(pc.get(albumPhotoIDPath(hanako.ID, a.ID, shot)), "写真へのコメント (2)", "どこの浜？", "由比ヶ浜")
	w.contains(say(friend, shot, ""), "入力してください")
	w.contains(friend.get("/home"), "📝3")
	w.room(hanako)
	comments, _ := w.store.Talk.Comments(t.Context(), album.AlbumThread(hanako.ID, a.ID, shot), core.Page{Size: 9})
	remove := func(b *browser, c talks.Comment) int {
		return w.press(b, "/album/comment/delete", url.Values{"owner": {hanako.ID.String()}, "album": {id}, "photo": {shot.String()}, "id": {c.ID.String()}}).status
	}
	if remove(friend, comments[1]) != 404 || remove(friend, comments[0]) != 302 || remove(pc, comments[1]) != 302 {
		t.Error("comments are deleted by others than their author and the album's owner, or not by these")
	}
	say(friend, shot, "きれい")
	w.room(hanako)

	// Another album: the photo moves with its comment.
	other := w.hang(hanako, album.NewAlbum{Title: "別館", Visibility: core.Friends}, 0)
	move := url.Values{"id": {id}, "photo": {shot.String()}, "p": {shot.String()}, "caption" + shot.String(): {"浜"}, "number" + shot.String(): {"1"}, "to": {other.ID.String()}, "move": {"1"}}
	if r := w.press(pc, albumArrangePath, move); r.location != albumIDPath(hanako.ID, a.ID) {
		t.Fatalf("move: %d %s", r.status, r.location)
	}
	w.contains(friend.get(albumPhotoIDPath(hanako.ID, other.ID, shot)), "きれい", "1/1枚", "浜")
	w.contains(friend.get("/home"), "別館", "夏休み")
	w.room(hanako)
	if r := friend.get(albumPhotoIDPath(hanako.ID, a.ID, shot)); r.status != 404 {
		t.Errorf("the moved photo is still in its old album: %d", r.status)
	}

	// Deleting asks first; then the picture, its page and its bytes are gone.
	address := w.addressFor(friend, taro, core.Photo{Owner: hanako.ID, ID: shot})
	if r := friend.get(address); r.status != 200 {
		t.Fatalf("picture: %d", r.status)
	}
	pick := url.Values{"id": {other.ID.String()}, "page": {"1"}, "p": {shot.String()}, "caption" + shot.String(): {"浜"}, "number" + shot.String(): {"1"}, "pick": {shot.String()}, "delete": {"1"}}
	w.contains(w.press(pc, albumArrangePath, pick), "この1枚の写真をコメントごと削除しますか")
	if friend.get(address).status != 200 {
		t.Error("the picture went before it was asked for")
	}
	w.press(pc, albumArrangePath, url.Values{"id": {other.ID.String()}, "pick": {shot.String(), shot.String()}, "sure": {"1"}})
	if friend.get(address).status != 404 || friend.get(albumPhotoIDPath(hanako.ID, other.ID, shot)).status != 404 {
		t.Error("a deleted photo is still there")
	}
	w.room(hanako)
	w.contains(pc.get(albumDeletePath+"?id="+id), "写真2枚とコメント1件を削除しますか")
	if r := w.press(pc, albumDeletePath, url.Values{"id": {id}}); r.location != albumsPath {
		t.Fatalf("delete: %d %s", r.status, r.location)
	}
	if room := w.room(hanako); room.Albums != 1 || room.Photos != 0 || room.Bytes != 0 {
		t.Errorf("after deleting all: %+v", room)
	}
	if strings.Contains(friend.get("/home").body, "夏休み") || friend.get(albumIDPath(hanako.ID, a.ID)).status != 404 {
		t.Error("the deleted album is still shown")
	}
	if w.log.Len() > 0 {
		t.Fatalf("logged:\n%s", w.log)
	}
}

// addressFor is a picture's address signed for a member.
func (w *world) addressFor(b *browser, m core.Member, p core.Photo) string {
	v := visit{site: w.site}
	v.member.ID = m.ID
	return v.photoPath(p, "medium")
}

// A form that comes twice, or whose answer was lost and that is sent again, brings its photos once (SEC-39); the script gets
// each file's answer as JSON and a token for the next.
func TestSEC39_UploadsComeOnce(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	pc := w.as(m)
	a := w.hang(m, album.NewAlbum{Title: "夏"}, 0)
	token := w.site.newToken(w.sessionKey(pc), albumUploadPath)
	var last struct {
		OK                bool
		Text, Room, Token string
	}
	send := func(token string, file []byte) {
		t.Helper()
		r := pc.upload(albumUploadPath, url.Values{"k": {token}, "id": {a.ID.String()}, "script": {"1"}}, file)
		if err := json.Unmarshal([]byte(r.body), &last); err != nil || r.status != 200 || !strings.HasPrefix(string(r.header.ContentType()), "application/json") {
			t.Fatalf("%d %s: %v", r.status, r.body, err)
		}
	}
	send(token, drawing(1))
	if !last.OK || last.Text != "入りました。" || last.Room == "" {
		t.Errorf("%+v", last)
	}
	first := last.Token
	send(token, drawing(1))
	if !last.OK || len(w.shots(a)) != 1 {
		t.Errorf("the same form again: %+v, %d photos", last, len(w.shots(a)))
	}
	send(first, []byte("GIF89a no picture"))
	if last.OK || !strings.Contains(last.Text, "読み込めませんでした") {
		t.Errorf("no picture: %+v", last)
	}
	send(last.Token, drawing(2))
	if !last.OK || len(w.shots(a)) != 2 {
		t.Errorf("the next form: %+v, %d photos", last, len(w.shots(a)))
	}
	w.room(m)
}

// Only pages that a script helps with let one run, and only ours (SEC-74).
func TestSEC18_SEC74_ScriptOnOnePage(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	pc := w.as(m)
	a := w.hang(m, album.NewAlbum{Title: "夏"}, 1)
	for path, may := range map[string]bool{
		albumUploadPath + "?id=" + a.ID.String(): true, albumIDPath(m.ID, a.ID): true, albumsPath: false, albumArrangePath + "?id=" + a.ID.String(): false,
		albumPhotoIDPath(m.ID, a.ID, a.Cover.ID): true, "/diary/write": true, diaryListPath(m.ID): false, albumEditPath: false, albumUploadPath + "?id=1": false,
	} {
		r := pc.get(path)
		csp := string(r.header.Peek("Content-Security-Policy"))
		if strings.Contains(csp, "script-src 'self'") != may || strings.Contains(csp, "script-src 'none'") == may || strings.Contains(r.body, "<script") != may {
			t.Errorf("%s: %s", path, csp)
		}
		if strings.Contains(r.body, "<script>") || strings.Contains(r.body, "onclick") {
			t.Errorf("%s has script of its own", path)
		}
	}
}

// Every limit is kept, is said, and takes nothing from what is there already (SEC-86).
func TestSEC86_AlbumLimits(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) { c.AlbumMB = 1 })
	m := w.member("花子")
	ctx := context.Background()
	pc := w.as(m)
	a := w.hang(m, album.NewAlbum{Title: "夏"}, 1)
	big := func(seed int) []byte { return noise(seed, 300, 400) } // as PNG about 360 kB
	for i, want := range []string{"入りました", "入りました", "容量がいっぱいです", "容量がいっぱいです"} {
		r := pc.upload(albumUploadPath, url.Values{"k": {w.site.newToken(w.sessionKey(pc), albumUploadPath)}, "id": {a.ID.String()}}, big(i))
		w.contains(r, want)
	}
	room := w.room(m)
	if room.Photos != 3 || room.Bytes > room.Limit {
		t.Errorf("%+v", room)
	}
	// What was refused is nowhere: the picture of one photo too many is not kept as one that belongs to nothing.
	p, err := w.core.AddPhoto(ctx, m.ID, big(9), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.core.Album.HangPhoto(ctx, m.ID, a.ID, p.ID, time.Time{}); err != album.ErrAlbumSpace {
		t.Errorf("no space: %v", err)
	}
	if _, err := w.core.UnattachedPhoto(ctx, m.ID, p.ID); err != core.ErrNotFound {
		t.Errorf("the refused photo: %v", err)
	}
	// A small one still fits, to the last byte.
	w.hang(m, album.NewAlbum{Title: "秋"}, 1)
	w.room(m)

	// The hour, and that the next one begins anew.
	w = newWorld(t)
	m = w.member("太郎")
	a = w.hang(m, album.NewAlbum{Title: "冬"}, 0)
	for i := range album.MaxHourlyUploads {
		p := core.Photo{Owner: m.ID, ID: core.ID(i + 1), Hash: "x", Type: "image/png", Width: 1, Height: 1, Bytes: 10}
		if err := w.store.Desk.InsertPhoto(ctx, p, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if err := w.store.Album.PutAlbumPhoto(ctx, m.ID, a.ID, p.ID, false, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.core.Album.MayUpload(ctx, m.ID, a.ID); err != album.ErrUploads {
		t.Errorf("photo %d of an hour: %v", album.MaxHourlyUploads+1, err)
	}
	w.clock.advance(time.Hour)
	if err := w.core.Album.MayUpload(ctx, m.ID, a.ID); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	for i := album.MaxHourlyUploads; i < album.MaxAlbumPhotos; i++ {
		p := core.Photo{Owner: m.ID, ID: core.ID(i + 1), Hash: "x", Type: "image/png", Width: 1, Height: 1, Bytes: 10}
		if err := w.store.Desk.InsertPhoto(ctx, p, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if err := w.store.Album.PutAlbumPhoto(ctx, m.ID, a.ID, p.ID, false, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.advance(time.Hour)
	if err := w.core.Album.MayUpload(ctx, m.ID, a.ID); err != album.ErrAlbumFull {
		t.Errorf("photo %d of an album: %v", album.MaxAlbumPhotos+1, err)
	}
	w.room(m)
	for i := 1; i < album.MaxAlbums; i++ {
		w.hang(m, album.NewAlbum{Title: "題"}, 0)
	}
	if _, err := w.core.Album.WriteAlbum(ctx, m.ID, album.NewAlbum{Title: "題"}); err != album.ErrAlbumsFull {
		t.Errorf("album %d: %v", album.MaxAlbums+1, err)
	}
}

// An album's password: asked for once in a session, of nobody but its owner's visitors; kept as a hash; wrong tries wait; a
// new one is asked for again.
func TestAlbumPassword(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	m, taro, jiro := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(m, taro)
	w.friends(m, jiro)
	a := w.hang(m, album.NewAlbum{Title: "内緒", Note: "ひみつの説明", Visibility: core.Friends, Password: "合言葉です"}, 2)
	if hash, err := w.store.Album.AlbumPassword(ctx, m.ID, a.ID); err != nil || !strings.HasPrefix(hash, "$argon2id$") || strings.Contains(hash, "合言葉") {
		t.Errorf("stored as %q, %v", hash, err)
	}
	page := albumIDPath(m.ID, a.ID)
	w.contains(w.as(m).get(page), "ひみつの説明")

	b := w.as(taro)
	asked := b.get(page)
	w.contains(asked, "内緒", "パスワードが必要です", `type="password"`)
	for _, secret := range []string{"ひみつの説明", "内緒の1", "2枚", "/photo/"} {
		for _, path := range []string{page, albumsOfPath(m.ID), memberPath(m.ID), "/home", friendsAlbumsPath} {
			if shows(b, path, secret) {
				t.Errorf("%s shows %q before the password", path, secret)
			}
		}
	}
	give := func(b *browser, password string) reply {
		return w.press(b, albumOpenPath, url.Values{"owner": {m.ID.String()}, "id": {a.ID.String()}, "password": {password}})
	}
	w.contains(give(b, "ちがいます"), "パスワードが違います")
	if r := give(b, "合言葉です"); r.location != page {
		t.Fatalf("right password: %d %s %s", r.status, r.location, r.body)
	}
	w.contains(b.get(page), "ひみつの説明", "内緒の1")
	w.contains(b.get(albumsOfPath(m.ID)), "2枚")

	if !shows(w.as(taro), page, "パスワードが必要です") {
		t.Error("another session of the same member is not asked")
	}
	other := w.as(jiro)
	if !shows(other, albumPhotoIDPath(m.ID, a.ID, a.Cover.ID), "パスワードが必要です") {
		t.Error("the photo's page does not ask")
	}
	r := w.press(other, albumOpenPath, url.Values{"owner": {m.ID.String()}, "id": {a.ID.String()}, "photo": {a.Cover.ID.String()}, "password": {"合言葉です"}})
	if r.location != albumPhotoIDPath(m.ID, a.ID, a.Cover.ID) {
		t.Errorf("back to the photo: %d %s", r.status, r.location)
	}

	// A new password, and none.
	n := album.NewAlbum{Title: "内緒", Note: "ひみつの説明", Visibility: core.Friends, Password: "あたらしい"}
	if err := w.core.Album.PrepareAlbum(ctx, &n); err != nil {
		t.Fatal(err)
	}
	if err := w.core.Album.EditAlbum(ctx, m.ID, a.ID, n); err != nil {
		t.Fatal(err)
	}
	if !shows(b, page, "パスワードが必要です") {
		t.Error("a changed password is not asked for")
	}
	if err := w.core.Album.EditAlbum(ctx, m.ID, a.ID, album.NewAlbum{Title: "内緒", Note: "ひみつの説明", Visibility: core.Friends}); err != nil || !shows(b, page, "パスワードが必要です") {
		t.Errorf("an edit without a password took it away: %v", err)
	}

	// Tries: five are free, then even the right one waits.
	for range 5 {
		give(b, "でたらめ")
	}
	w.contains(give(b, "あたらしい"), "しばらくたってから")
	w.clock.advance(20 * time.Minute)
	if r := give(b, "あたらしい"); r.location != page {
		t.Errorf("after the wait: %d %s", r.status, r.body)
	}
	if err := w.core.Album.EditAlbum(ctx, m.ID, a.ID, album.NewAlbum{Title: "内緒", Note: "ひみつの説明", Visibility: core.Friends, NoPassword: true}); err != nil {
		t.Fatal(err)
	}
	w.contains(w.as(jiro).get(page), "ひみつの説明")

	// Whoever may not see the album at all is never asked.
	stranger := w.as(w.member("他人"))
	if r := stranger.get(page); r.status != 404 {
		t.Errorf("a stranger: %d", r.status)
	}
	if r := give(stranger, "あたらしい"); r.status != 404 {
		t.Errorf("a stranger's try: %d", r.status)
	}
}

// A comment on a photo is told of, leads to the photo even after it was moved, and is told no more when it, its photo or its
// album has gone.
func TestNewsOfPhotoComments(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	m, taro := w.member("花子"), w.member("太郎")
	w.friends(m, taro)
	me := w.as(m)
	const told = "アルバムに新しいコメントが1件あります"
	for _, way := range []string{"look", "delete the comment", "delete the photo", "delete the album"} {
		a, b := w.hang(m, album.NewAlbum{Title: "夏", Visibility: core.Friends}, 2), w.hang(m, album.NewAlbum{Title: "秋", Visibility: core.Friends}, 0)
		shot := w.shots(a)[1]
		c, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, album.AlbumThread(m.ID, a.ID, shot), "いいね", w.clock.Now())
		if err == nil {
			err = w.core.Album.ChangePhotos(ctx, m.ID, a.ID, []album.PhotoChange{{Photo: shot, MoveTo: b.ID}})
		}
		if err != nil {
			t.Fatal(err)
		}
		w.contains(me.get("/home"), told)
		w.contains(me.get(noticesPath), "あなたのアルバム「秋」にコメントを書きました")
		switch way {
		case "look":
			r := me.get(albumIDPath(m.ID, shot))
			if r.location != albumPhotoIDPath(m.ID, b.ID, shot) {
				t.Fatalf("leads to %d %s", r.status, r.location)
			}
			w.contains(me.get(r.location), "いいね")
		case "delete the comment":
			err = w.core.Talk.DeleteComment(ctx, taro.ID, album.AlbumThread(m.ID, b.ID, shot), c.ID)
		case "delete the photo":
			err = w.core.Album.DeleteAlbumPhotos(ctx, m.ID, b.ID, []core.ID{shot})
		case "delete the album":
			err = w.core.Album.DeleteAlbum(ctx, m.ID, b.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		if shows(me, "/home", told) {
			t.Errorf("%s: still told", way)
		}
		w.room(m)
	}
}

// Where the owner asks for it, handsets are told not to pass pictures on, in every size (SEC-84); the gateway adds each
// carrier's way of saying it (cmd/musubi, TestAlbumFourScreens).
func TestSEC84_ProtectedAlbum(t *testing.T) {
	w := newWorld(t)
	m, taro := w.member("花子"), w.member("太郎")
	w.friends(m, taro)
	b := w.as(taro)
	for _, protected := range []bool{true, false} {
		a := w.hang(m, album.NewAlbum{Title: "夏", Visibility: core.Friends, Protected: protected}, 1)
		page := b.get(albumPhotoIDPath(m.ID, a.ID, a.Cover.ID)).body
		addresses := regexp.MustCompile(`(?:src|href)="(/photo/[^"]+)"`).FindAllStringSubmatch(page, -1)
		if len(addresses) < 3 || strings.Contains(page, "転送できません") != protected {
			t.Fatalf("%d pictures on\n%s", len(addresses), page)
		}
		for _, m := range addresses {
			target := strings.ReplaceAll(m[1], "&amp;", "&")
			for _, tag := range []string{"", `"` + a.Cover.Hash + `"`} {
				b.headers["If-None-Match"] = tag
				box := string(b.get(target).header.Peek("X-Ktai-Box"))
				if strings.HasSuffix(box, ";nocopy") != protected {
					t.Errorf("protected %v, tag %q: box %q", protected, tag, box)
				}
			}
			delete(b.headers, "If-None-Match")
		}
	}
}

// What changes works on the next request, for pages, lists and pictures alike (SEC-83).
func TestSEC83_AlbumChangesWorkAtOnce(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	m, taro := w.member("花子"), w.member("太郎")
	w.friends(m, taro)
	b := w.as(taro)
	a := w.hang(m, album.NewAlbum{Title: "夏休み", Visibility: core.Friends}, 2)
	picture := w.addressFor(b, taro, a.Cover)
	sees := func() (n int) {
		for _, ok := range []bool{
			b.get(picture).status == 200, b.get(albumIDPath(m.ID, a.ID)).status == 200, b.get(albumPhotoIDPath(m.ID, a.ID, a.Cover.ID)).status == 200,
			shows(b, "/home", "夏休み"), shows(b, albumsOfPath(m.ID), "夏休み"), shows(b, memberPath(m.ID), "夏休み"),
		} {
			if ok {
				n++
			}
		}
		return n
	}
	edit := func(v core.Visibility) {
		if err := w.core.Album.EditAlbum(ctx, m.ID, a.ID, album.NewAlbum{Title: "夏休み", Visibility: v}); err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		name string
		do   func() error
		want int
	}{
		{"at first", func() error { return nil }, 6},
		{"private", func() error { edit(core.Private); return nil }, 0},
		{"friends again", func() error { edit(core.Friends); return nil }, 6},
		{"blocked", func() error { return w.core.People.Block(ctx, m.ID, taro.ID) }, 0},
		{"unblocked", func() error { return w.core.People.Unblock(ctx, m.ID, taro.ID) }, 6},
		{"no friends", func() error { return w.core.People.RemoveFriend(ctx, m.ID, taro.ID) }, 0},
		{"friends anew", func() error { return w.core.People.LinkFriends(ctx, m.ID, taro.ID, w.clock.Now(), time.Time{}) }, 6},
		{"deleted", func() error { return w.core.Album.DeleteAlbum(ctx, m.ID, a.ID) }, 0},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			t.Fatal(err)
		}
		if got := sees(); got != s.want {
			t.Errorf("%s: sees %d of 6, want %d", s.name, got, s.want)
		}
	}
}
