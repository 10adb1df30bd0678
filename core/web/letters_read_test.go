package web

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/files"
	"musubi/core/letters"
	"musubi/core/network"
)

// send sends a message without the pages.
func (w *world) send(from, to core.Member, subject, body string, photos ...core.ID) letters.Message {
	w.t.Helper()
	w.clock.advance(time.Second)
	m, err := w.core.Letters.SendMessage(context.Background(), from.ID, letters.NewMessage{To: to.ID, Subject: subject, Body: body, Photos: photos})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *world) picture(m core.Member, seed int) core.ID {
	w.t.Helper()
	p, err := w.core.AddPhoto(context.Background(), m.ID, drawing(seed), time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}

// letter fills the form of a message.
func letter(to core.Member, subject, body string, buttons ...string) url.Values {
	values := url.Values{"to": {to.ID.String()}, "subject": {subject}, "body": {body}}
	for _, b := range buttons {
		values.Set(b, "1")
	}
	return values
}

// inFolder says whether a folder of the browser's member shows the words.
func inFolder(b *browser, f letters.Folder, words string) bool { return shows(b, folderPath(f), words) }

// Written, previewed with a picture, sent, noticed, read, answered.
func TestMessageStory(t *testing.T) {
	w := newWorld(t)
	hanako, taro := w.member("花子"), w.member("太郎")
	h, r := w.as(hanako), w.as(taro)
	w.contains(h.get(memberPath(taro.ID)), "メッセージを送る", messageToPath(taro.ID))
	form := h.get(messageToPath(taro.ID))
	w.contains(form, "太郎さんへ", "下書き保存", `type="file"`)

	values := letter(taro, "花見🌸", "土曜に<どう>？", "confirm")
	values.Set("k", tokenOn(t, form.body, messageWritePath))
	preview := h.upload(messageWritePath, values, drawing(1), drawing(2), drawing(3))
	w.contains(preview, "メッセージの確認", "花見🌸", "土曜に&lt;どう&gt;？", `<img src="/photo/`)
	photos := regexp.MustCompile(`name="photo" value="(\d+)"`).FindAllStringSubmatch(preview.body, -1)
	if len(photos) != 3 {
		t.Fatalf("%d pictures travel on", len(photos))
	}
	values = letter(taro, "花見🌸", "土曜に<どう>？", "send")
	for _, p := range photos {
		values.Add("photo", p[1])
	}
	values.Set("k", tokenOn(t, preview.body, messageWritePath))
	for range 2 { // a gateway repeats the form: one message
		if got := h.post(messageWritePath, values); got.location != folderPath(letters.Sent) {
			t.Fatalf("sending: %d to %q", got.status, got.location)
		}
	}
	if n := strings.Count(h.get(folderPath(letters.Sent)).body, "花見🌸"); n != 1 {
		t.Fatalf("sent %d times", n)
	}

	w.contains(r.get(homePath), "新しいメッセージが1件あります", `<a href="/messages">新しい`)
	inbox := r.get(messagesPath)
	w.contains(inbox, "未読", "花見🌸", "花子さんから", "📷")
	at := regexp.MustCompile(`/message\?id=\d+`).FindString(inbox.body)
	page := r.get(at)
	w.contains(page, "土曜に&lt;どう&gt;？", "返信する", memberPath(hanako.ID))
	src := strings.ReplaceAll(regexp.MustCompile(`<img src="(/photo/[^"]+)"`).FindStringSubmatch(page.body)[1], "&amp;", "&")
	if got := r.get(src); got.status != 200 {
		t.Fatalf("the receiver's picture: %d", got.status)
	}
	if r.get(homePath); shows(r, homePath, "新しいメッセージ") || inFolder(r, letters.Inbox, "未読") {
		t.Error("an opened message is still unread")
	}

	answer := r.get(messageWritePath + "?re=" + strings.TrimPrefix(at, "/message?id="))
	w.contains(answer, `value="Re: 花見🌸"`, "土曜に&lt;どう&gt;？", "花子さんへ")
	reply := letter(hanako, "Re: 花見🌸", "行きます", "send")
	reply.Set("re", hidden(answer.body, "re"))
	w.press(r, messageWritePath, reply)
	w.contains(r.get(messagesPath), "返信済み")
	w.contains(h.get(homePath), "新しいメッセージが1件あります")
	back := h.get(messagesPath)
	w.contains(back, "Re: 花見🌸")
	again := h.get(messageWritePath + "?re=" + regexp.MustCompile(`/message\?id=(\d+)`).FindStringSubmatch(back.body)[1])
	w.contains(again, `value="Re: 花見🌸"`)
}

func TestReplySubject(t *testing.T) {
	long := strings.Repeat("長", letters.MaxSubject)
	for subject, want := range map[string]string{
		"": "Re: ", "x": "Re: x", "Re: x": "Re: x", "RE：x": "RE：x", "Ｒｅ: x": "Ｒｅ: x", "Reading": "Re: Reading",
		long: "Re: " + long[:len(long)-len("長")*4],
	} {
		if got := replySubject(subject); got != want {
			t.Errorf("answer to %q: %q, want %q", subject, got, want)
		}
	}
}

func TestMessageDrafts(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, other := w.member("甲"), w.member("乙")
	b, r := w.as(me), w.as(other)
	one, two := w.picture(me, 1), w.picture(me, 2)
	asked := w.send(other, me, "質問", "どう？")
	values := letter(other, "", "とちゅう", "save")
	values["photo"] = []string{one.String(), two.String()}
	values.Set("re", asked.ID.String())
	if got := w.press(b, messageWritePath, values); got.location != folderPath(letters.Drafts) {
		t.Fatalf("keeping: %d to %q", got.status, got.location)
	}
	if r.get(messagesPath); inFolder(r, letters.Inbox, "甲さんから") || inFolder(b, letters.Sent, "乙さんへ") {
		t.Fatal("a draft was sent")
	}
	list := b.get(folderPath(letters.Drafts))
	w.contains(list, "(件名なし)", "乙さんへ", "📷")
	id := regexp.MustCompile(`/message\?id=(\d+)`).FindStringSubmatch(list.body)[1]
	w.contains(b.get(messagePath+"?id="+id), "続きを書く", "とちゅう")
	form := b.get(messageWritePath + "?draft=" + id)
	w.contains(form, "とちゅう</textarea>", one.String(), two.String(), "どう？")

	values = letter(other, "題", "すすんだ", "save") // the first picture goes
	values["photo"] = []string{two.String()}
	values.Set("draft", id)
	w.press(b, messageWritePath, values)
	w.contains(b.get(messageWritePath+"?draft="+id), "すすんだ</textarea>", `value="題"`)
	if _, err := w.core.Photo(ctx, core.Viewer{Member: me.ID}, me.ID, one); err != core.ErrNotFound {
		t.Errorf("a picture that was taken out of a draft: %v", err)
	}
	if n := strings.Count(b.get(folderPath(letters.Drafts)).body, "乙さんへ"); n != 1 {
		t.Fatalf("%d drafts", n)
	}

	for _, button := range []string{"edit", "confirm"} {
		values.Del("save")
		values.Set(button, "1")
		w.contains(w.press(b, messageWritePath, values), "すすんだ", `name="draft" value="`+id)
		values.Del(button)
	}
	values.Set("send", "1")
	values.Set("re", asked.ID.String())
	if got := w.press(b, messageWritePath, values); got.location != folderPath(letters.Sent) {
		t.Fatalf("sending: %d to %q", got.status, got.location)
	}
	if inFolder(b, letters.Drafts, "乙さんへ") {
		t.Error("the draft is still there")
	}
	w.contains(b.get(messagesPath), "返信済み")
	w.contains(r.get(messagesPath), "題", "📷")
	if p, err := w.core.Photo(ctx, core.Viewer{Member: other.ID}, me.ID, two); err != nil || p.ID != two {
		t.Errorf("the picture of a draft that was sent: %v", err)
	}
	if got := w.press(b, messageWritePath, values); got.status != 404 {
		t.Errorf("sending the same draft again: %d", got.status)
	}
}

func TestMessageDraftsAreBounded(t *testing.T) {
	w := newWorld(t)
	me, other := w.member("甲"), w.member("乙")
	err := w.core.Bulk(context.Background(), func(ctx context.Context) error {
		for range letters.MaxDrafts {
			if _, err := w.core.Letters.SaveDraft(ctx, me.ID, letters.NewMessage{To: other.ID, Body: "x"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.contains(w.press(w.as(me), messageWritePath, letter(other, "", "のこる", "save")), "下書きは100件まで", "のこる</textarea>")
}

func TestMessageTrash(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, other := w.member("甲"), w.member("乙")
	b, r := w.as(me), w.as(other)
	photo := w.picture(me, 1)
	m := w.send(me, other, "写真つき", "本文", photo)
	press := func(b *browser, button string) reply {
		return w.press(b, "/message/move", url.Values{"id": {m.ID.String()}, button: {"1"}})
	}
	if got := press(b, "delete").status; got != 404 {
		t.Errorf("deleting for good what is not in the trash: %d", got)
	}
	press(b, "trash")
	if inFolder(b, letters.Sent, "写真つき") || !inFolder(b, letters.Trash, "写真つき") || !inFolder(r, letters.Inbox, "写真つき") {
		t.Fatal("one's own trash is not one's own")
	}
	w.contains(b.get(messageIDPath(m.ID)), "元に戻す", "完全に削除")
	if got := press(b, "restore").location; got != folderPath(letters.Sent) || inFolder(b, letters.Trash, "写真つき") {
		t.Fatalf("restoring leads to %q", got)
	}
	if got := press(b, "restore").status; got != 404 {
		t.Errorf("restoring twice: %d", got)
	}
	press(b, "trash")
	press(b, "delete")
	if b.get(messageIDPath(m.ID)).status != 404 {
		t.Error("a deleted message can be read")
	}
	if _, err := w.core.Photo(ctx, core.Viewer{Member: me.ID}, me.ID, photo); err != core.ErrNotFound {
		t.Errorf("the sender's view of the picture: %v", err)
	}
	if _, err := w.core.Photo(ctx, core.Viewer{Member: other.ID}, me.ID, photo); err != nil {
		t.Errorf("the receiver lost the picture: %v", err)
	}

	press(r, "trash")
	page := r.get(folderPath(letters.Trash))
	w.contains(page, "写真つき", "ごみ箱を空にする")
	if shows(r, homePath, "新しいメッセージ") {
		t.Error("home counts a message in the trash")
	}
	if got := w.press(r, "/message/empty", url.Values{}).location; got != folderPath(letters.Trash) {
		t.Fatalf("emptying leads to %q", got)
	}
	w.contains(r.get(folderPath(letters.Trash)), "メッセージはありません")
	if _, _, err := w.store.Desk.Photo(ctx, me.ID, photo); err != core.ErrNotFound {
		t.Errorf("the picture of a message that nobody has any more: %v", err)
	}
}

func TestMessageSearch(t *testing.T) {
	w := newWorld(t)
	me, other := w.member("甲"), w.member("シズカ")
	b := w.as(me)
	w.send(me, other, "ｶﾗｵｹの件", "土曜の夜に 100%割引 a_b")
	w.send(other, me, "お返事", "カラオケ行きます🎤")
	w.send(me, other, "ほか", "べつの話")
	find := func(q string) string {
		return b.get(messageSearchPath + "?q=" + url.QueryEscape(q)).body
	}
	rows := []struct {
		query string
		want  []string // subjects, newest first
	}{
		{"からおけ", []string{"お返事", "ｶﾗｵｹの件"}}, {"カラオケ", []string{"お返事", "ｶﾗｵｹの件"}}, {"ｶﾗｵｹ", []string{"お返事", "ｶﾗｵｹの件"}},
		{"🎤", []string{"お返事"}}, {"夜", []string{"ｶﾗｵｹの件"}}, {"土曜　カラオケ", []string{"ｶﾗｵｹの件"}}, {"１００％", []string{"ｶﾗｵｹの件"}},
		{"A_B", []string{"ｶﾗｵｹの件"}}, {"a%b", nil}, {"_", []string{"ｶﾗｵｹの件"}}, {"%", []string{"ｶﾗｵｹの件"}}, {`\`, nil}, {"しずか", []string{"ほか", "お返事", "ｶﾗｵｹの件"}},
		{"", nil}, {"' OR 1=1 --", nil},
	}
	subject := regexp.MustCompile(`/message\?id=\d+">([^<]+)<`)
	for _, row := range rows {
		var got []string
		for _, m := range subject.FindAllStringSubmatch(find(row.query), -1) {
			got = append(got, m[1])
		}
		if fmt.Sprint(got) != fmt.Sprint(row.want) {
			t.Errorf("looking for %q finds %v, want %v", row.query, got, row.want)
		}
	}
	if strings.Contains(w.as(w.member("丙")).get(messageSearchPath+"?q="+url.QueryEscape("カラオケ")).body, "お返事") {
		t.Error("the search finds another's messages")
	}
}

func TestMessagePaging(t *testing.T) {
	w := newWorld(t)
	me, other := w.member("甲"), w.member("乙")
	for i := range 2*messageRows + 1 {
		w.send(other, me, fmt.Sprintf("第%d号", i), "同じ言葉")
	}
	b := w.as(me)
	for _, base := range []string{messagesPath, messageSearchPath + "?q=" + url.QueryEscape("言葉")} {
		first, last := b.get(base), b.get(pagePath(base, 3))
		w.contains(first, "第40号", "第21号", "次へ")
		w.contains(last, "第0号", "前へ")
		if strings.Contains(first.body, "第20号") || strings.Contains(last.body, "第1号") || strings.Contains(last.body, "次へ") {
			t.Errorf("%s: pages overlap", base)
		}
	}
	w.contains(b.get(homePath), "新しいメッセージが41件あります")
}

// Sent messages go after the configured days, of both sides, with their pictures; drafts stay, and what was not read. By default all stay.
func TestMessageRetention(t *testing.T) {
	for _, days := range []int{0, 60} {
		w := newWorldWith(t, func(c *network.Config) { c.MessageDays = days })
		ctx := context.Background()
		me, other := w.member("甲"), w.member("乙")
		photo := w.picture(me, 1)
		old := w.send(me, other, "昔", "x", photo)
		draft, err := w.core.Letters.SaveDraft(ctx, me.ID, letters.NewMessage{To: other.ID, Body: "いつか"})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(59 * 24 * time.Hour)
		recent := w.send(me, other, "最近", "x")
		read := func(id core.ID) {
			t.Helper()
			if _, err := w.core.Letters.OpenMessage(ctx, other.ID, id); err != nil {
				t.Fatal(err)
			}
		}
		there := func(when string, want ...bool) {
			t.Helper()
			if err := w.core.Chores.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			var got []bool
			for _, row := range [][2]core.ID{{me.ID, old.ID}, {other.ID, old.ID}, {me.ID, recent.ID}, {other.ID, recent.ID}, {me.ID, draft.ID}} {
				_, err := w.core.Letters.Message(ctx, row[0], row[1])
				got = append(got, err == nil)
			}
			_, _, err := w.store.Desk.Photo(ctx, me.ID, photo)
			if got = append(got, err == nil); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("kept for %d days, %s: %v, want %v", days, when, got, want)
			}
		}
		there("after 59 days", true, true, true, true, true, true)
		w.clock.advance(2 * 24 * time.Hour)
		kept := days == 0
		there("after 61 days, not read", kept, true, true, true, true, true)
		read(old.ID)
		there("after 61 days", kept, kept, true, true, true, kept)
		read(recent.ID)
		w.clock.advance(100 * 24 * time.Hour)
		there("after 161 days", kept, kept, kept, kept, true, kept)
	}
	if _, err := network.New(network.Config{Stores: newWorld(t).store.Stores(), Blobs: files.Blobs(t.TempDir()), Photos: pngMaker{}, Secret: secret, MessageDays: -1}); err == nil {
		t.Error("a negative number of days is taken")
	}
}

// A block, a suspension and nobody at all get one answer; what was sent before stays with its receiver.
func TestSEC113_MessagesAndBlock(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, blocked, held := w.member("甲"), w.member("乙"), w.member("丙")
	b, other := w.as(me), w.as(blocked)
	photo := w.picture(blocked, 5)
	before := w.send(blocked, me, "前の手紙", "前の本文", photo)
	w.send(held, me, "丙の手紙", "丙の本文")
	draft, err := w.core.Letters.SaveDraft(ctx, me.ID, letters.NewMessage{To: blocked.ID, Body: "下書きの本文"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.core.People.Block(ctx, me.ID, blocked.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Desk.SetStatus(ctx, held.ID, core.Withdrawn); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Desk.SetName(ctx, held.ID, "退会者"); err != nil {
		t.Fatal(err)
	}
	nobody := core.Member{ID: 12345}
	secret := regexp.MustCompile(`name="k" value="[^"]*"`)
	strip := func(r reply) string { return fmt.Sprint(r.status, r.location, secret.ReplaceAllString(r.body, "")) }
	for _, pair := range []struct {
		from *browser
		to   core.Member
	}{{b, blocked}, {other, me}, {b, held}, {b, me}} {
		for _, button := range []string{"send", "save", "confirm", "edit"} {
			got, want := w.press(pair.from, messageWritePath, letter(pair.to, "x", "届くな", button)), w.press(pair.from, messageWritePath, letter(nobody, "x", "届くな", button))
			if strip(got) != strip(want) || got.status != 404 {
				t.Errorf("%s to %s: %d, to nobody %d", button, pair.to.Name, got.status, want.status)
			}
		}
		if got, want := pair.from.get(messageToPath(pair.to.ID)), pair.from.get(messageToPath(nobody.ID)); strip(got) != strip(want) {
			t.Errorf("the form to %s: %d", pair.to.Name, got.status)
		}
	}
	for _, f := range letters.Folders {
		if inFolder(b, f, "届くな") || inFolder(other, f, "届くな") {
			t.Error("a refused message is in a folder")
		}
	}

	page := b.get(messageIDPath(before.ID))
	w.contains(page, "前の手紙", "前の本文", "乙さんから")
	if strings.Contains(page.body, "返信する") || strings.Contains(page.body, memberPath(blocked.ID)) {
		t.Error("a message of a blocked member leads to them")
	}
	if got := b.get(messageWritePath + "?re=" + before.ID.String()).status; got != 404 {
		t.Errorf("answering a blocked member: %d", got)
	}
	if _, err := w.core.Photo(ctx, core.Viewer{Member: me.ID}, blocked.ID, photo); err != nil {
		t.Errorf("the picture of a kept message: %v", err)
	}
	w.contains(b.get(messagesPath), "丙の手紙", "丙さんから")
	own := b.get(messageIDPath(draft.ID))
	w.contains(own, "下書きの本文")
	if strings.Contains(own.body, "続きを書く") {
		t.Error("a draft to a blocked member can be gone on with")
	}
}

// What is not one's own is as if it were not there, in every field that carries an ID.
func TestSEC114_Messages(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, c, thief := w.member("甲"), w.member("乙"), w.member("盗")
	photo, loose := w.picture(a, 1), w.picture(a, 2)
	m := w.send(a, c, "秘密", "秘密の本文", photo)
	draft, err := w.core.Letters.SaveDraft(ctx, a.ID, letters.NewMessage{To: c.ID, Subject: "秘密の下書き", Body: "秘密の下書き"})
	if err != nil {
		t.Fatal(err)
	}
	b := w.as(thief)
	for _, id := range []core.ID{m.ID, draft.ID} {
		for _, target := range []string{messageIDPath(id), messageWritePath + "?re=" + id.String(), messageWritePath + "?draft=" + id.String()} {
			if got := b.get(target); got.status != 404 || strings.Contains(got.body, "秘密") {
				t.Errorf("%s: %d", target, got.status)
			}
		}
		for _, button := range []string{"trash", "restore", "delete"} {
			if got := w.press(b, "/message/move", url.Values{"id": {id.String()}, button: {"1"}}); got.status != 404 {
				t.Errorf("%s of another's message: %d", button, got.status)
			}
		}
	}
	for _, id := range []core.ID{photo, loose} {
		for _, button := range []string{"send", "save", "confirm", "edit"} {
			form := letter(c, "x", "x", button)
			form.Set("photo", id.String())
			if got := w.press(b, messageWritePath, form); got.status != 404 {
				t.Errorf("%s with another's picture: %d", button, got.status)
			}
		}
	}
	for _, button := range []string{"send", "save"} {
		form := letter(c, "x", "x", button)
		form.Set("draft", draft.ID.String())
		if got := w.press(b, messageWritePath, form); got.status != 404 {
			t.Errorf("%s from another's draft: %d", button, got.status)
		}
	}
	// One's own sent message is no draft either, and answering what one has not got marks nothing.
	form := letter(c, "x", "x", "save")
	form.Set("draft", m.ID.String())
	if got := w.press(w.as(a), messageWritePath, form); got.status != 404 {
		t.Errorf("changing a message that was sent: %d", got.status)
	}
	answer := letter(a, "Re: 秘密", "x", "send")
	answer.Set("re", m.ID.String())
	w.press(b, messageWritePath, answer)
	if got, err := w.core.Letters.Message(ctx, c.ID, m.ID); err != nil || got.Replied || got.Body != "秘密の本文" {
		t.Errorf("after all: %+v, %v", got, err)
	}
}

// Staff cannot read messages: no page of the admin listener shows one, and an operator sees no picture of one.
func TestSEC121_NoAdminRouteShowsMessages(t *testing.T) {
	w := newWorld(t)
	a, c := w.member("甲"), w.member("乙")
	photo := w.picture(a, 1)
	m := w.send(a, c, "秘密の件名", "秘密の本文", photo)
	paths := []string{"/", "/outbox", messageIDPath(m.ID), messagesPath, messageSearchPath + "?q=秘密"}
	for _, r := range routes.all {
		paths = append(paths, r.path, r.path+"?id="+m.ID.String())
	}
	for _, path := range paths {
		var ctx fasthttp.RequestCtx
		var req fasthttp.Request
		req.SetRequestURI(path)
		ctx.Init(&req, nil, nil)
		w.site.AdminHandler(&ctx)
		if body := string(ctx.Response.Body()); strings.Contains(body, "秘密") {
			t.Errorf("%s on the admin listener shows a message", path)
		}
	}
	if _, err := w.core.Photo(context.Background(), core.Viewer{Operator: true}, a.ID, photo); err != core.ErrNotFound {
		t.Errorf("an operator asking for the picture: %v", err)
	}
	if _, err := w.core.Photo(context.Background(), core.Viewer{Member: c.ID, Operator: true}, a.ID, photo); err != core.ErrNotFound {
		t.Errorf("an operator who is the receiver, asking as an operator: %v", err)
	}
}

// Hostile text in a message comes back as text, wherever it stands.
func TestSEC46_Messages(t *testing.T) {
	pages := func(words string) (list []string) {
		w := newWorld(t)
		me, other := w.member("甲"), w.member("乙")
		m := w.send(other, me, words, words)
		if _, err := w.core.Letters.SaveDraft(context.Background(), me.ID, letters.NewMessage{To: other.ID, Subject: words, Body: words}); err != nil {
			t.Fatal(err)
		}
		b := w.as(me)
		form := letter(other, words, words)
		form.Set("re", m.ID.String())
		for _, button := range []string{"confirm", "edit"} {
			form.Set(button, words)
			list = append(list, w.press(b, messageWritePath, form).body)
			form.Del(button)
		}
		for _, path := range []string{messagesPath, folderPath(letters.Drafts), messageIDPath(m.ID), messageWritePath + "?re=" + m.ID.String()} {
			list = append(list, b.get(path).body)
		}
		for _, path := range []string{messageSearchPath + "?q=" + url.QueryEscape("無"+words), messagesPath + "?folder=" + url.QueryEscape(words) + "&page=" + url.QueryEscape(words)} {
			list = append(list, b.get(path).body)
		}
		return list
	}
	want := pages("harmless")
	for _, words := range hostile {
		for i, page := range pages(words) {
			if got := skeleton(t, page); got != skeleton(t, want[i]) {
				t.Errorf("hostile text %q changed page %d:\n got %s\nwant %s", words, i, got, skeleton(t, want[i]))
			}
		}
	}
}

func TestMessageFormComesBack(t *testing.T) {
	w := newWorld(t)
	me, other := w.member("甲"), w.member("乙")
	b := w.as(me)
	long := strings.Repeat("長", 11000)
	w.contains(w.press(b, messageWritePath, letter(other, "", "のこる", "confirm")), "入力してください", "のこる</textarea>")
	w.contains(w.press(b, messageWritePath, letter(other, "題", "", "send")), "入力してください", `value="題"`)
	w.contains(w.press(b, messageWritePath, letter(other, long, long, "save")), "100文字以内", "10000文字以内", long)
	form := letter(other, "題", "本文", "send")
	form.Set("k", w.site.newToken(w.sessionKey(b), messageWritePath))
	w.contains(b.upload(messageWritePath, form, []byte("<script>")), "写真を読み込めませんでした", `value="題"`)
	w.contains(b.upload(messageWritePath, form, drawing(1), drawing(2), drawing(3), drawing(4)), "写真は3枚まで", `value="題"`)

	form.Set("k", "old")
	w.contains(b.post(messageWritePath, form), "本文</textarea>", `value="題"`) // an expired page
	kept := w.browser().post(messageWritePath, form)
	values := url.Values{"mail": {mailOf(me)}, "password": {password}, "kept": {html.UnescapeString(hidden(kept.body, "kept"))}}
	w.contains(w.browser().post("/login", values), "本文</textarea>", `value="題"`) // an expired login
	if inFolder(w.as(other), letters.Inbox, "題") {
		t.Error("something was sent on the way")
	}
}

// The pages of messages keep to the canonical markup.
func TestCanonicalMessages(t *testing.T) {
	w := newWorld(t)
	me, other := w.member("甲"), w.member("乙")
	m := w.send(other, me, "題", "本文", w.picture(other, 1))
	d, err := w.core.Letters.SaveDraft(t.Context(), me.ID, letters.NewMessage{To: other.ID, Photos: []core.ID{w.picture(me, 2)}})
	if err != nil {
		t.Fatal(err)
	}
	b := w.as(me)
	pages := map[string]string{"preview": w.press(b, messageWritePath, letter(other, "題", "本文", "confirm")).body}
	for _, path := range []string{messagesPath, folderPath(letters.Drafts), messageIDPath(m.ID), messageIDPath(d.ID), messageToPath(other.ID),
		messageWritePath + "?re=" + m.ID.String(), messageWritePath + "?draft=" + d.ID.String(), messageSearchPath + "?q=題"} {
		pages[path] = b.get(path).body
	}
	w.press(b, "/message/move", url.Values{"id": {m.ID.String()}, "trash": {"1"}})
	pages["trash"], pages["trashed"] = b.get(folderPath(letters.Trash)).body, b.get(messageIDPath(m.ID)).body
	for name, page := range pages {
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil || len(page) < 1000 {
			t.Fatalf("%s: %d bytes, %v", name, len(page), err)
		}
		c := canonCheck{t: t, page: name, seen: map[string]bool{}, labelled: map[string]bool{}}
		c.labels(doc)
		c.node(doc)
	}
}

// Folder and sweep read an index, not the table.
func TestMessageIndexes(t *testing.T) {
	w := newWorld(t)
	if w.url != "" {
		t.Skip("asks SQLite how it reads")
	}
	db := w.openDB()
	for index, query := range map[string]string{
		"message_folder": `SELECT id FROM message WHERE member = 1 AND folder = 0 ORDER BY id DESC LIMIT 21`,
		"message_age":    `SELECT id FROM message WHERE id < 1 AND kind < 2 ORDER BY id LIMIT 500`,
	} {
		rows, err := db.Query("EXPLAIN QUERY PLAN " + query)
		if err != nil {
			t.Fatal(err)
		}
		plan := ""
		for rows.Next() {
			var a, b, c int
			var detail string
			if err := rows.Scan(&a, &b, &c, &detail); err != nil {
				t.Fatal(err)
			}
			plan += detail + "\n"
		}
		rows.Close()
		if !strings.Contains(plan, index) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s:\n%s", query, plan)
		}
	}
}
