package web

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/push"
)

// paperPush notes what is sent, and answers as a test wants.
type paperPush struct {
	sent   []string // endpoint, blank, message
	answer error
}

func (p *paperPush) Admits(u *url.URL) error {
	if u.Hostname() == "127.0.0.1" {
		return errors.New("ours")
	}
	return nil
}

func (p *paperPush) Send(_ context.Context, b push.Browser, message []byte) error {
	p.sent = append(p.sent, b.Endpoint+" "+string(message))
	return p.answer
}

// pushWorld is a world with push, on a noon.
func pushWorld(t *testing.T) (*world, *paperPush) {
	w, p := newWorld(t), &paperPush{}
	w.clock.now = time.Date(2007, 3, 3, 3, 0, 0, 0, time.UTC) // noon in Japan
	w.core.Push.UseSender(p)
	return w, p
}

// pushKeys are what a browser gives of itself.
func pushKeys() url.Values {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return url.Values{"p256dh": {base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())}, "auth": {base64.RawURLEncoding.EncodeToString(make([]byte, 16))}}
}

// subscribes has the member of a browser told at an endpoint.
func (w *world) subscribes(b *browser, endpoint string) reply {
	w.t.Helper()
	values := pushKeys()
	values.Set("endpoint", endpoint)
	return w.press(b, appPath, values)
}

// pushes lets some time pass and sends what is due.
func (w *world) pushes(p *paperPush, wait time.Duration) (sent []string) {
	w.t.Helper()
	w.clock.advance(wait)
	p.sent = nil
	if err := w.core.Push.SendDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	return p.sent
}

const pushPlace = "https://push.example/abc"

// A member is told what kind of thing waits and how many, once for what comes together, until they have looked or log out.
func TestPush(t *testing.T) {
	w, p := pushWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	d, other := w.diary(me, "ひみつの題", core.Friends), w.diary(me, "二つ目", core.Friends)
	b := w.as(me)
	w.contains(b.get(appPath), "プッシュ通知", "まだありません", `data-key="`)
	if r := w.subscribes(b, pushPlace); r.location != appPath {
		t.Fatalf("%d %s\n%s", r.status, r.location, r.body)
	}
	w.contains(b.get(appPath), "このログイン")
	w.comments(friend, d)
	w.comments(friend, other)
	if sent := w.pushes(p, time.Second); len(sent) != 0 {
		t.Errorf("told before others could come: %q", sent)
	}
	want := []string{pushPlace + ` {"lines":["日記に新しいコメントが2件あります"]}`}
	if sent := w.pushes(p, 5*time.Second); !slices.Equal(sent, want) {
		t.Errorf("%q, want %q", sent, want)
	}
	if sent := w.pushes(p, time.Hour); len(sent) != 0 {
		t.Errorf("told twice: %q", sent)
	}
	// What was looked at before the message went is not told.
	w.send(friend, me, "件名のひみつ", "本文")
	b.get(diaryPath(d.Owner, d.ID))
	b.get(diaryPath(other.Owner, other.ID))
	want[0] = pushPlace + ` {"lines":["新しいメッセージが1件あります"]}`
	if sent := w.pushes(p, time.Minute); !slices.Equal(sent, want) {
		t.Errorf("%q, want %q", sent, want)
	}
	// One kind less.
	values := url.Values{"from": {"0"}, "to": {"0"}}
	for _, kind := range network.NewsKinds {
		if kind.Key != "comment" {
			values.Set(letterField(kind.Kind), "1")
		}
	}
	if r := w.press(b, appPath, values); r.location != appPath {
		t.Fatalf("%d\n%s", r.status, r.body)
	}
	w.clock.advance(2 * time.Hour)
	w.comments(friend, d)
	if sent := w.pushes(p, time.Minute); len(sent) != 0 {
		t.Errorf("told of what the member does not want: %q", sent)
	}
	// Who logs out is told nothing.
	w.press(b, "/logout", url.Values{})
	w.send(friend, me, "もう一つ", "本文")
	if sent := w.pushes(p, time.Minute); len(sent) != 0 {
		t.Errorf("told after the logout: %q", sent)
	}
	if err := w.core.Chores.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := w.count("push_browser"); n != 0 {
		t.Errorf("%d browsers are remembered after the logout", n)
	}
}

// count counts the rows of a table.
func (w *world) count(table string) (n int) {
	w.t.Helper()
	if err := w.store.Engine().On(context.Background()).Row(context.Background(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// By night nobody is told, as the member's own clock says; in the morning they are.
func TestPushQuietHours(t *testing.T) {
	w, p := pushWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	d := w.diary(me, "題", core.Friends)
	w.subscribes(w.as(me), pushPlace)
	w.clock.advance(time.Date(2007, 3, 3, 14, 30, 0, 0, time.UTC).Sub(w.clock.now)) // 23:30 in Japan
	w.comments(friend, d)
	if sent := w.pushes(p, time.Minute); len(sent) != 0 {
		t.Errorf("told at night: %q", sent)
	}
	if sent := w.pushes(p, 7*time.Hour+20*time.Minute); len(sent) != 0 {
		t.Errorf("told at ten to seven: %q", sent)
	}
	if sent := w.pushes(p, 10*time.Minute); len(sent) != 1 {
		t.Errorf("at seven: %q", sent)
	}
}

// A browser that is gone is forgotten; a push service that is busy is asked again later, a few times; nothing waits for ever.
func TestPushAnswers(t *testing.T) {
	w, p := pushWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	b := w.as(me)
	w.press(b, appPath, allKinds())
	w.subscribes(b, pushPlace)
	w.comments(friend, w.diary(me, "題", core.Friends))
	p.answer = push.Later{Wait: 10 * time.Minute}
	if sent := w.pushes(p, 6*time.Second); len(sent) != 1 {
		t.Fatalf("%q", sent)
	}
	if sent := w.pushes(p, 9*time.Minute); len(sent) != 0 {
		t.Errorf("asked again before it said: %q", sent)
	}
	tries := 1
	p.answer = errors.New("no way there")
	for range 100 {
		tries += len(w.pushes(p, 15*time.Minute))
	}
	if tries != 5 {
		t.Errorf("%d tries, want 5", tries)
	}
	w.comments(friend, w.diary(me, "次", core.Friends))
	p.answer = push.ErrGone
	if sent := w.pushes(p, time.Hour); len(sent) != 1 || w.count("push_browser") != 0 {
		t.Errorf("%q, and %d browsers left", sent, w.count("push_browser"))
	}
}

// allKinds is the form of who wants all at any hour.
func allKinds() url.Values {
	values := url.Values{"from": {"0"}, "to": {"0"}}
	for _, kind := range network.NewsKinds {
		values.Set(letterField(kind.Kind), "1")
	}
	return values
}

// SEC-85: what a browser names as its place is looked at before anything goes there; a member has ten at most; what another browser or
// member had of a place goes to who shows it last; a new password ends all.
func TestSEC85_PushEndpoints(t *testing.T) {
	w, p := pushWorld(t)
	me, other := w.member("花子"), w.member("太郎")
	b, o := w.as(me), w.as(other)
	for _, endpoint := range []string{"http://push.example/a", "https://user@push.example/a", "https://127.0.0.1/a", "ftp://push.example/", "https:///a", "https://push.example/#a", "javascript:alert(1)", "https://push.example/" + strings.Repeat("a", 1024)} {
		if r := w.subscribes(b, endpoint); r.status == 302 {
			t.Errorf("%s is taken", endpoint)
		}
	}
	for field, value := range map[string]string{"p256dh": base64.RawURLEncoding.EncodeToString(append([]byte{4}, make([]byte, 64)...)), "auth": "AAAA"} {
		values := pushKeys()
		values.Set("endpoint", pushPlace)
		values.Set(field, value)
		if r := w.press(b, appPath, values); r.status == 302 {
			t.Errorf("%s %q is taken", field, value)
		}
	}
	if n := w.count("push_browser"); n != 0 {
		t.Fatalf("%d browsers", n)
	}
	for i := range push.MaxBrowsers + 3 {
		w.clock.advance(time.Minute)
		w.subscribes(b, fmt.Sprintf("https://push.example/%d", i))
	}
	if n := w.count("push_browser"); n != push.MaxBrowsers {
		t.Errorf("%d browsers, want %d", n, push.MaxBrowsers)
	}
	w.subscribes(o, "https://push.example/12")
	if list, err := w.core.Push.Browsers(context.Background(), other.ID); err != nil || len(list) != 1 || w.count("push_browser") != push.MaxBrowsers {
		t.Errorf("%d of the other, %d in all, %v", len(list), w.count("push_browser"), err)
	}
	// What is another's is not ended by knowing its name.
	mine, _ := w.core.Push.Browsers(context.Background(), me.ID)
	w.press(o, pushEndPath, url.Values{"browser": {mine[0].Hash}})
	if again, _ := w.core.Push.Browsers(context.Background(), me.ID); len(again) != len(mine) {
		t.Error("another member has ended it")
	}
	w.press(b, passwordPath, url.Values{"old": {password}, "password": {"another long word 7"}})
	if list, _ := w.core.Push.Browsers(context.Background(), me.ID); len(list) != 0 {
		t.Errorf("%d are told after a new password", len(list))
	}
	_ = p
}

// A choice of hours that are none is refused beside its field.
func TestPushChoiceIsChecked(t *testing.T) {
	w, _ := pushWorld(t)
	b := w.as(w.member("花子"))
	for _, hour := range []string{"24", "-1", "x", ""} {
		values := allKinds()
		values.Set("to", hour)
		w.contains(w.press(b, appPath, values), `id="to-error"`)
	}
}

// No sentence of a push message has a name or a title in it: each takes a number and no more.
func TestPushSaysKindsAndNumbers(t *testing.T) {
	w, _ := pushWorld(t)
	var all []push.Count
	for i := range network.NewsKinds {
		all = append(all, push.Count{Kind: news.Kind(i), N: 7})
	}
	for _, language := range []string{"ja", "en"} {
		m := w.member("花子" + language)
		m.Language = language
		for _, c := range all {
			var said struct{ Lines []string }
			if err := json.Unmarshal((letterWriter{w.site}).PushMessage(m, []push.Count{c}), &said); err != nil || len(said.Lines) != 1 {
				t.Fatalf("%v %q", err, said.Lines)
			}
			if line := said.Lines[0]; strings.Contains(line, "%") || strings.Contains(line, "notice.") || !strings.Contains(line, "7") {
				t.Errorf("%s of %s: %q", language, network.NewsKinds[c.Kind].Key, line)
			}
		}
		if b := (letterWriter{w.site}).PushMessage(m, all); len(b) > push.MaxMessage || !json.Valid(b) {
			t.Errorf("%d bytes", len(b))
		}
	}
}

// The site as an application: what the manifest names is there, of the site's name and colours, and nothing of a member's.
func TestAppManifest(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	w.site.SetName("むすび町")
	r := w.browser().get(manifestPath)
	var m struct {
		Name  string `json:"name"`
		Start string `json:"start_url"`
		Icons []struct{ Src, Sizes, Type string }
		Share struct{ Action, Method, Enctype string } `json:"share_target"`
	}
	if err := json.Unmarshal([]byte(r.body), &m); err != nil || m.Name != "むすび町" || m.Start != homePath || len(m.Icons) != 2*len(iconSizes) || m.Share.Action != sharePath || m.Share.Method != "POST" {
		t.Fatalf("%v %+v", err, m)
	}
	for _, i := range m.Icons {
		picture, err := png.DecodeConfig(strings.NewReader(w.browser().get(i.Src).body))
		if err != nil || fmt.Sprintf("%dx%d", picture.Width, picture.Height) != i.Sizes {
			t.Errorf("%s: %v %dx%d, want %s", i.Src, err, picture.Width, picture.Height, i.Sizes)
		}
	}
	for _, path := range []string{"/icon/", "/icon/193.png", "/icon/192", "/icon/192-round", "/icon/../192.png"} {
		if r := b.get(path); r.status != 404 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if page := b.get(offlinePath); page.status != 200 || strings.Contains(page.body, "花子") || strings.Contains(page.body, `action="/logout"`) {
		t.Errorf("the page for who has no connection is a member's:\n%s", page.body)
	}
	w.contains(b.get(homePath), `<link rel="manifest" data-pc href="/manifest.webmanifest">`)
	for _, path := range []string{workerPath, homePath} {
		if csp := string(b.get(path).header.Peek("Content-Security-Policy")); !strings.Contains(csp, "script-src 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
	}
}

// What another application shares becomes a draft with its photos, once a browser says that its user did; a page of another site cannot
// (SEC-38), and no photo of anybody else comes along.
func TestSEC38_Share(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	b := w.as(me)
	theirs := w.picture(w.member("太郎"), 3)
	values := url.Values{"title": {"空"}, "text": {"きれい☀"}, "url": {"https://other.example/"}, "photo": {theirs.String()}}
	for _, site := range []string{"cross-site", "same-site", ""} {
		b.headers["Sec-Fetch-Site"] = site
		if r := b.upload(sharePath, values, drawing(1)); r.status != 403 {
			t.Errorf("%s: %d", site, r.status)
		}
	}
	if n := w.count("diary_draft"); n != 0 {
		t.Fatalf("%d drafts", n)
	}
	b.headers["Sec-Fetch-Site"] = "none"
	r := b.upload(sharePath, values, drawing(1), drawing(2))
	if r.status != 302 || !strings.HasPrefix(r.location, "/diary/write?draft=") {
		t.Fatalf("%d %s\n%s", r.status, r.location, r.body)
	}
	page := b.get(r.location)
	w.contains(page, `value="空"`, "きれい☀\nhttps://other.example/", `<img src="/photo/`)
	if n := strings.Count(page.body, `name="photo" value=`); n != 2 {
		t.Errorf("%d photos on the form, want 2", n)
	}
	if r := b.upload(sharePath, url.Values{}, []byte("no picture")); r.status != 200 || !strings.Contains(r.body, `id="file-error"`) {
		t.Errorf("no picture: %d", r.status)
	}
	if n := w.count("diary_draft"); n != 1 {
		t.Errorf("%d drafts, want 1", n)
	}
	if r := w.browser().upload(sharePath, values, drawing(1)); r.status != 302 || r.location != "/" {
		t.Errorf("without a login: %d %s", r.status, r.location)
	}
	var kept bytes.Buffer
	kept.WriteString(strings.Repeat("あ", 50_000))
	b.upload(sharePath, url.Values{"title": {strings.Repeat("題", 500)}, "text": {kept.String()}})
	if n := w.count("diary_draft"); n != 2 {
		t.Errorf("what is too long is cut: %d drafts", n)
	}
}
