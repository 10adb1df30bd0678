package web

import (
	"context"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/valyala/quicktemplate"

	"musubi/core"
	"musubi/core/journal"
)

func TestEditDiary(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, friend := w.member("甲"), w.member("乙")
	w.friends(me, friend)
	photo, err := w.core.AddPhoto(ctx, me.ID, drawing(1), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	d := w.diary(me, "はじめ", core.Everyone, photo.ID)
	b, other := w.as(me), w.as(friend)
	form := b.get("/diary/edit?id=" + d.ID.String())
	w.contains(form, "はじめ", photo.ID.String(), "日記を編集する")

	second, err := w.core.AddPhoto(ctx, me.ID, drawing(2), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{"entry": {d.ID.String()}, "title": {"なおした"}, "body": {"本文も☀"}, "visibility": {"2"}, "photo": {photo.ID.String(), second.ID.String()}}
	w.contains(w.press(b, "/diary/write", values), "なおした", d.ID.String()) // preview
	values.Set("send", "1")
	if got := w.press(b, "/diary/write", values); got.location != diaryPath(me.ID, d.ID) {
		t.Fatalf("sending: %d to %q", got.status, got.location)
	}
	got, err := w.core.Journal.Diary(ctx, core.Viewer{Member: friend.ID}, me.ID, d.ID)
	if err != nil || got.Title != "なおした" || got.Visibility != core.Friends || len(got.Photos) != 2 || got.Photos[1].ID != second.ID {
		t.Fatalf("after editing: %+v, %v", got, err)
	}
	if strings.Contains(other.get("/diary/newest").body, "なおした") {
		t.Error("an entry for friends is still in everyone's list")
	}
	w.contains(other.get("/home"), "なおした")

	values["photo"] = []string{second.ID.String()} // the first one goes
	w.press(b, "/diary/write", values)
	if _, err := w.core.Photo(ctx, core.Viewer{Member: me.ID}, me.ID, photo.ID); err != core.ErrNotFound {
		t.Errorf("a picture that was taken out is still there: %v", err)
	}
	w.contains(b.get(diaryListPath(me.ID)), "📷")
	if got := w.press(other, "/diary/write", values); got.status == 302 && got.location == diaryPath(me.ID, d.ID) {
		t.Error("another member changed the entry")
	}
}

func TestDeleteDiary(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, friend := w.member("甲"), w.member("乙")
	w.friends(me, friend)
	d := w.diary(me, "消える", core.Everyone)
	if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: friend.ID}, journal.DiaryThread(me.ID, d.ID), "コメントも", time.Time{}); err != nil {
		t.Fatal(err)
	}
	b, other := w.as(me), w.as(friend)
	w.contains(b.get("/diary/delete?id="+d.ID.String()), "消える", "コメント1件")
	if got := w.press(other, "/diary/delete", url.Values{"id": {d.ID.String()}}); got.status != 404 {
		t.Errorf("another member deleting it: %d", got.status)
	}
	if got := w.press(b, "/diary/delete", url.Values{"id": {d.ID.String()}}); got.location != diaryListPath(me.ID) {
		t.Fatalf("deleting: %d to %q", got.status, got.location)
	}
	for _, page := range []string{"/home", "/diary/friends", "/diary/newest", "/diary/commented", diaryListPath(me.ID)} {
		if strings.Contains(other.get(page).body, "消える") {
			t.Errorf("%s still shows it", page)
		}
	}
}

// With the last comment that one wrote under an entry it leaves the history of the entries one commented on.
func TestCommentHistory(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, friend := w.member("甲"), w.member("乙")
	w.friends(me, friend)
	d := w.diary(me, "題", core.Everyone)
	comment := func(m core.Member) url.Values {
		c, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: m.ID}, journal.DiaryThread(me.ID, d.ID), "言葉", time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return url.Values{"owner": {me.ID.String()}, "diary": {d.ID.String()}, "id": {c.ID.String()}}
	}
	path := "/diary/comment/delete"
	one, two := comment(friend), comment(friend)
	w.press(w.as(friend), path, one)
	w.contains(w.as(friend).get("/diary/commented"), "題")
	w.press(w.as(me), path, two)
	if strings.Contains(w.as(friend).get("/diary/commented").body, "題") {
		t.Error("the history still has an entry without a comment of one's own")
	}
	if got, _ := w.core.Journal.Diary(ctx, core.Viewer{Member: me.ID}, me.ID, d.ID); got.Comments != 0 {
		t.Errorf("%d comments are counted", got.Comments)
	}
}

func TestCategoriesAndMonths(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me := w.member("甲")
	b := w.as(me)
	w.contains(w.press(b, categoriesPath, url.Values{"name": {""}, "add": {"1"}}), "入力してください")
	w.press(b, categoriesPath, url.Values{"name": {"ごはん"}, "add": {"1"}})
	list, err := w.core.Journal.DiaryCategories(ctx, core.Viewer{Member: me.ID}, me.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if _, err := w.core.Journal.WriteDiary(ctx, me.ID, journal.NewDiary{Title: "中", Body: "x", Category: list[0].ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.core.Journal.WriteDiary(ctx, me.ID, journal.NewDiary{Title: "外", Body: "x", At: w.core.Now().AddDate(0, -2, 0)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.core.Journal.WriteDiary(ctx, me.ID, journal.NewDiary{Title: "x", Body: "x", Category: 12345}); err == nil {
		t.Error("an entry in a category that is not one's own was taken")
	}
	page := b.get(diaryListPath(me.ID) + "&category=" + list[0].ID.String())
	w.contains(page, "中")
	if strings.Contains(page.body, ">外<") {
		t.Error("the list of a category shows an entry of none")
	}
	page = b.get(diaryListPath(me.ID) + "&month=" + w.core.Now().AddDate(0, -2, 0).In(w.site.zone).Format(monthForm))
	w.contains(page, "外")
	if strings.Contains(page.body, ">中<") {
		t.Error("the list of a month shows an entry of another")
	}
	w.contains(w.press(b, categoriesPath, url.Values{"id": {list[0].ID.String()}, "name": {"食事"}, "rename": {"1"}}))
	w.contains(b.get(categoriesPath), "食事")
	w.press(b, categoriesPath, url.Values{"id": {list[0].ID.String()}, "delete": {"1"}})
	w.contains(b.get(diaryListPath(me.ID)), "中")
}

func TestUnread(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, friend := w.member("甲"), w.member("乙")
	w.friends(me, friend)
	d := w.diary(friend, "題", core.Friends)
	b := w.as(me)
	unread := func() bool { return strings.Contains(b.get("/diary/friends").body, `class="new"`) }
	if !unread() {
		t.Error("an entry that was never opened is not marked")
	}
	b.get(diaryPath(friend.ID, d.ID))
	if unread() {
		t.Error("an entry that was opened is still marked")
	}
	if err := w.core.Journal.FlushReads(ctx); err != nil {
		t.Fatal(err)
	}
	if unread() {
		t.Error("the mark did not survive being stored")
	}
	if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: friend.ID}, journal.DiaryThread(friend.ID, d.ID), "続き", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if !unread() {
		t.Error("an entry with a new comment is not marked")
	}
}

// What a member typed survives an expired login and an expired page.
func TestTypedTextSurvivesExpiry(t *testing.T) {
	w := newWorld(t)
	m := w.member("甲")
	b := w.as(m)
	typed := url.Values{"title": {"長い一日"}, "body": {"書いた<b>こと☀"}, "visibility": {"1"}, "confirm": {"1"}, "k": {"old"}}
	stale := b.post("/diary/write", typed)
	if stale.status != 403 {
		t.Errorf("a form of an expired page: %d", stale.status)
	}
	w.contains(stale, "長い一日", "書いた&lt;b&gt;こと☀")

	visitor := w.browser()
	login := visitor.post("/diary/write", typed)
	w.contains(login, "ログインの有効期限が切れました", "ログイン")
	kept := html.UnescapeString(hidden(login.body, "kept"))
	again := visitor.post("/login", url.Values{"mail": {mailOf(m)}, "password": {"wrong word"}, "kept": {kept}})
	if html.UnescapeString(hidden(again.body, "kept")) != kept {
		t.Error("a wrong password loses what was typed")
	}
	form := visitor.post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}, "kept": {kept}})
	w.contains(form, "長い一日", "書いた&lt;b&gt;こと☀", "日記を書く")
	if list, _, _ := w.core.Journal.Diaries(context.Background(), core.Viewer{Member: m.ID}, m.ID, journal.DiaryFilter{}, core.Page{Size: 5}); len(list) != 0 {
		t.Error("something was stored without being sent")
	}
	if got := visitor.post("/login", url.Values{"mail": {mailOf(m)}, "password": {password}, "kept": {"/logout?x=1"}}); got.location != homePath {
		t.Errorf("another form was carried over a login: %d to %q", got.status, got.location)
	}
}

func TestDecorated(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"a[b]太[/b]c", "a<b>太</b>c"},
		{"[b][i]x[/b][/i]", "<b>[i]x</b>[/i]"},
		{"[b]x", "[b]x"},
		{"x[/b]", "x[/b]"},
		{"[script]x[/script]", "[script]x[/script]"},
		{"[red]<b>&[/red]", `<span style="color:#C02020">&lt;b&gt;&amp;</span>`},
		{"一\n二", "一<br>二"},
		{"見て http://a.example/x?y=1&z=2。", `見て <a href="http://a.example/x?y=1&amp;z=2" rel="noopener noreferrer nofollow">http://a.example/x?y=1&amp;z=2</a>。`},
		{"(https://a.example/).", `(<a href="https://a.example/" rel="noopener noreferrer nofollow">https://a.example/</a>).`},
		{"javascript:alert(1) http:// httpx://", "javascript:alert(1) http:// httpx://"},
		{`http://a.example/"onclick="x`, `<a href="http://a.example/" rel="noopener noreferrer nofollow">http://a.example/</a>&quot;onclick=&quot;x`},
	} {
		if got := decoratedText(row.in); got != row.want {
			t.Errorf("%q\n got %s\nwant %s", row.in, got, row.want)
		}
	}
}

func decoratedText(s string) string {
	b := quicktemplate.AcquireByteBuffer()
	defer quicktemplate.ReleaseByteBuffer(b)
	qw := quicktemplate.AcquireWriter(b)
	defer quicktemplate.ReleaseWriter(qw)
	streamdecorated(qw, s)
	return string(b.B)
}

// FuzzDecorated: no text brings markup of its own, and what is opened is closed.
func FuzzDecorated(f *testing.F) {
	for _, s := range []string{"[b]x[/b]", "[b][i][/b][/i]", "http://x.example/[b]y[/b]", "<script>", "[red][/red]\n[[b]][/b]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := decoratedText(s)
		for _, d := range decorations {
			out = strings.ReplaceAll(out, d.open, "")
			out = strings.ReplaceAll(out, d.close, "")
		}
		out = strings.ReplaceAll(strings.ReplaceAll(out, "<br>", ""), "</a>", "")
		for strings.Contains(out, `<a href="`) {
			_, after, _ := strings.Cut(out, `<a href="`)
			_, rest, ok := strings.Cut(after, `" rel="noopener noreferrer nofollow">`)
			if !ok {
				t.Fatalf("%q: a link that is not ours: %s", s, out)
			}
			out = rest
		}
		if strings.ContainsAny(out, "<>\"") {
			t.Fatalf("%q gives markup: %s", s, out)
		}
	})
}

// A draft that was begun on one device is finished on another: title, photo and all; once sent it is no draft any more, and
// nobody else knows of it.
func TestDraftStory(t *testing.T) {
	w := newWorld(t)
	hanako, taro := w.member("花子"), w.member("太郎")
	pc, phone, other := w.as(hanako), w.as(hanako), w.as(taro)
	w.contains(pc.get("/diary/write"), `<button type="submit" name="draft" value="1">下書き保存</button>`)
	save := func(b *browser, values url.Values) reply {
		values.Set("k", w.site.newToken(w.sessionKey(b), "/diary/write"))
		values.Set("draft", "1")
		return b.post("/diary/write", values)
	}
	photo, err := w.core.AddPhoto(t.Context(), hanako.ID, drawing(3), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if r := save(pc, url.Values{"body": {"書きかけの<話>"}, "visibility": {"2"}, "photo": {photo.ID.String()}}); r.location != draftsPath {
		t.Fatalf("saving leads to %d %q:\n%s", r.status, r.location, r.body)
	}
	list, err := w.core.Journal.Drafts(t.Context(), hanako.ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("drafts: %v %v", list, err)
	}
	path := draftPath(list[0].ID)
	w.contains(phone.get(draftsPath), "下書き", "書きかけの&lt;話&gt;", path)
	w.contains(phone.get("/diary/list"), draftsPath)
	w.contains(phone.get("/diary/write"), `<a href="/diary/drafts">下書き</a> (1)`)
	form := phone.get(path)
	w.contains(form, "書きかけの&lt;話&gt;</textarea>", photo.ID.String(), `name="saved"`, `<option value="2" selected>`)
	if got := other.get(path).status; got != 404 {
		t.Errorf("another member's draft: %d", got)
	}
	w.contains(save(phone, url.Values{"saved": {list[0].ID.String()}, "title": {strings.Repeat("長", 101)}, "body": {"もっと"}}), "100文字以内", "もっと</textarea>")
	if r := save(phone, url.Values{"saved": {list[0].ID.String()}, "title": {"題"}, "body": {"もっと"}, "photo": {photo.ID.String()}}); r.location != draftsPath {
		t.Fatalf("saving again: %d %s", r.status, r.body)
	}
	w.contains(pc.get(draftsPath), ">題</a>")
	sent := w.press(phone, "/diary/write", url.Values{"saved": {list[0].ID.String()}, "title": {"題"}, "body": {"できた"}, "visibility": {"0"}, "photo": {photo.ID.String()}, "send": {"1"}})
	w.contains(other.get(sent.location), "できた", photo.ID.String())
	w.contains(pc.get(draftsPath), "下書きはありません")

	// Fifty and no more; what was typed then is still there. One that was thrown away elsewhere becomes a new one.
	for range journal.MaxDrafts {
		save(pc, url.Values{"body": {"もうひとつ"}})
	}
	w.contains(save(pc, url.Values{"body": {"多すぎる"}}), "下書きは50件まで", "多すぎる</textarea>")
	list, _ = w.core.Journal.Drafts(t.Context(), hanako.ID)
	w.press(pc, draftDeletePath, url.Values{"id": {list[0].ID.String()}})
	if r := save(phone, url.Values{"saved": {list[0].ID.String()}, "body": {"消えない"}}); r.location != draftsPath {
		t.Errorf("a draft that is gone: %d", r.status)
	}
	w.contains(pc.get(draftsPath), "消えない")
}

// Three photos of a phone of today fit into one form; what cannot be read of them costs no text.
func TestThreeLargePhotosInOneForm(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	large := []byte(strings.Repeat("no picture ", 7<<20/11))
	form := url.Values{"k": {tokenOn(t, b.get("/diary/write").body, "/diary/write")}, "title": {"三枚"}, "body": {"消えてはならない文"}, "visibility": {"0"}, "confirm": {"1"}}
	if r := b.upload("/diary/write", form, large, large, large); r.status != 200 || !strings.Contains(r.body, "消えてはならない文") || !strings.Contains(r.body, "25MB") {
		t.Errorf("%d\n%.2000s", r.status, r.body)
	}
}
