package web

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/seed"
)

var update = flag.Bool("update", false, "write testdata/canonical instead of comparing with it (make canonical)")

// passing are the parts of a page that another run has otherwise: one-time tokens and the version of the style sheet.
var passing = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`name="k" value="[^"]*"`), `name="k" value="t0ken"`},
	{regexp.MustCompile(`(/like\?t=[^"]*k=)[^"]*"`), `${1}t0ken000"`},
	{regexp.MustCompile(`/talk\.js\?v=[0-9a-f]+`), `/talk.js?v=0`},
	{regexp.MustCompile(`/shrink\.js\?v=[0-9a-f]+`), `/shrink.js?v=0`},
	{regexp.MustCompile(`/write\.js\?v=[0-9a-f]+`), `/write.js?v=0`},
	{regexp.MustCompile(`/style\.css\?v=[0-9a-f]+`), `/style.css?v=0`},
}

// TestCanonicalPages compares testdata/canonical, from which transcode and gateway make their own tests, with what the pages
// are today: those of a member of the demo's community at a fixed hour. `make canonical` writes them, and the pages of the
// handsets after them.
func TestCanonicalPages(t *testing.T) {
	w := newWorld(t)
	community, err := seed.Demo(t.Context(), w.core)
	if err != nil {
		t.Fatal(err)
	}
	haru, taku := w.login(community.Logins[0]), w.login(community.Logins[1])
	entry := pictured(w, haru, taku)
	for name, page := range map[string]reply{
		"login": w.browser().get("/"), "home": haru.get("/home"), "diary": haru.get(entry), "diary-write": haru.get("/diary/write"),
		"diary-list": haru.get("/diary/list"), "diary-newest": haru.get("/diary/newest"), "diary-commented": haru.get("/diary/commented"),
		"friends": haru.get("/friends"), "member": haru.get("/member"), "settings": haru.get("/settings"), "messages": haru.get("/messages"),
		"not-found": haru.get("/no-such-page"),
	} {
		got := page.body
		for _, p := range passing {
			got = p.what.ReplaceAllString(got, p.with)
		}
		file := filepath.Join("../../testdata/canonical", name+".html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if at := differAt(got, string(want)); at >= 0 {
			t.Errorf("%s is stale: make canonical writes it. From byte %d on the page is\n%.200s\nand the file\n%.200s", file, at, got[at:], want[min(at, len(want)):])
		}
	}
}

// login is a browser in which one of the demo's members has logged in.
func (w *world) login(l seed.Login) *browser {
	w.t.Helper()
	b := w.browser()
	if r := b.post("/login", url.Values{"mail": {l.Mail}, "password": {l.Password}}); r.location != "/home" {
		w.t.Fatalf("login of %s: %d %s", l.Name, r.status, r.body)
	}
	return b
}

// pictured has taku write an entry with a picture, which others answer, and gives its path: the demo's own pictures are
// painted by several at once and have another number in every run.
func pictured(w *world, haru, taku *browser) string {
	w.t.Helper()
	ctx := w.t.Context()
	id := func(b *browser) core.ID {
		found := regexp.MustCompile(`/friends\?id=([0-9]+)`).FindStringSubmatch(b.get("/member").body)
		if found == nil {
			w.t.Fatal("the own profile does not say whose it is")
		}
		id, _ := core.ParseID(found[1])
		return id
	}
	author, friend := id(taku), id(haru)
	photo, err := w.core.AddPhoto(ctx, author, drawing(1), time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := w.core.Journal.WriteDiary(ctx, author, journal.NewDiary{Title: "今年157杯目", Visibility: core.FriendsOfFriends, Photos: []core.ID{photo.ID}, Body: strings.Join([]string{
		"武蔵小杉の新店。", "煮干しがガツンときて、あとから鶏の甘み。麺は中太ちぢれ。", "チャーシュー3枚のってこの値段は反則🍜", "",
		"これで今年157杯目。ノルマの200杯まであと43杯…", "健康診断？知らない子ですね😤"}, "\n")})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range []struct {
		by   core.ID
		text string
	}{{friend, "うまそうだなあ。来週行くから場所教えて！"}, {author, "駅の南口から歩いて5分です。昼は並ぶので11時がおすすめ"}, {friend, "健康診断、聞き捨てならないんですけど💢"},
		{author, "すみませんでした🙇"}, {friend, "(笑) たくは高校のときから替え玉してたもんね"}} {
		w.clock.advance(12 * time.Minute)
		if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: c.by}, journal.DiaryThread(author, d.ID), c.text, time.Time{}); err != nil {
			w.t.Fatal(err)
		}
	}
	return diaryPath(author, d.ID)
}

// differAt is where two texts begin to differ, -1 if they do not.
func differAt(a, b string) int {
	if a == b {
		return -1
	}
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return at
}
