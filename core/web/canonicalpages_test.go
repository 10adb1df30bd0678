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
	"musubi/core/community"
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
	demo, err := seed.Demo(t.Context(), w.core)
	if err != nil {
		t.Fatal(err)
	}
	haru, taku := w.login(demo.Logins[0]), w.login(demo.Logins[1])
	entry := pictured(w, haru, taku)
	pages := map[string]reply{
		"login": w.browser().get("/"), "home": haru.get("/home"), "diary": haru.get(entry), "diary-write": haru.get("/diary/write"),
		"diary-list": haru.get("/diary/list"), "diary-newest": haru.get("/diary/newest"), "diary-commented": haru.get("/diary/commented"),
		"friends": haru.get("/friends"), "member": haru.get("/member"), "settings": haru.get("/settings"), "messages": haru.get("/messages"),
		"not-found": haru.get("/no-such-page"),
	}
	for name, page := range communal(t) {
		pages[name] = page
	}
	for name, page := range pages {
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

// communal are the pages of a community, in a world of its own, whose pictures have the same numbers in every run. They are fetched by
// somebody who is in it and has answered nothing yet.
func communal(t *testing.T) map[string]reply {
	t.Helper()
	w := newWorld(t)
	boss, taro, jiro, guest := w.member("さち"), w.member("たろう"), w.member("ジロー"), w.member("もも")
	ctx, as := t.Context(), func(m core.Member) core.Viewer { return core.Viewer{Member: m.ID} }
	c, err := w.core.Community.Create(ctx, boss.ID, community.NewCommunity{Name: "散歩でみつけた坂", Category: 111, Description: "坂と階段が好きな人の集まりです。\n急なほどえらい🐾"})
	w.must(err)
	w.joins(c.ID, taro, jiro, guest)
	other := w.commune(taro, "銭湯めぐり", true)
	w.must(w.core.Community.Offer(ctx, as(boss), c.ID, taro.ID, core.RoleSubAdministrator))
	photo := func(m core.Member, seed int) []core.ID {
		p, err := w.core.AddPhoto(ctx, m.ID, drawing(seed), time.Time{})
		w.must(err)
		return []core.ID{p.ID}
	}
	topic, err := w.core.Community.Open(ctx, as(boss), c.ID, community.NewThread{Title: "今月の急坂", Body: "自転車で上れなかった坂を教えてください。\n写真は日無坂です☀", Photos: photo(boss, 1)}, nil)
	w.must(err)
	for _, said := range []struct {
		by     core.Member
		body   string
		photos []core.ID
	}{{taro, "暗闇坂。夜は本当に暗い🌙", nil}, {jiro, ">>1 名前のとおりですね(笑)", photo(jiro, 2)}, {boss, "まちがえました", nil}, {guest, ">>2 どこから撮ったんですか？", nil}} {
		w.clock.advance(7 * time.Minute)
		_, err := w.core.Community.WriteComment(ctx, as(said.by), c.ID, topic.ID, community.NewComment{Body: said.body, Photos: said.photos})
		w.must(err)
	}
	w.must(w.core.Community.RemoveComment(ctx, as(boss), c.ID, topic.ID, 3))
	event := w.plansEvent(boss, c.ID, "谷中の坂を十本", community.NewEvent{Day: 20070311, Time: core.ClockAt(10, 0), Words: "雨なら翌週", Prefecture: 13, Place: "日暮里駅西口", Deadline: 20070309, Capacity: 1})
	for _, m := range []core.Member{taro, jiro} { // the second waits
		_, err := w.core.Community.Attend(ctx, as(m), c.ID, event.ID, 20070303)
		w.must(err)
	}
	poll := w.makesPoll(boss, c.ID, "坂を歩く靴は？", community.NewPoll{Ends: 20070317}, "スニーカー", "革靴", "はだし")
	w.must(w.core.Community.Vote(ctx, as(taro), c.ID, poll.ID, []int{1}, 20070303))
	w.must(w.core.Community.Vote(ctx, as(jiro), c.ID, poll.ID, []int{3}, 20070303))
	b := w.as(guest)
	return map[string]reply{
		"community-find": b.get(communityFindPath), "community": b.get(communityIDPath(c.ID)), "community-closed": b.get(communityIDPath(other)),
		"community-members": b.get(communitySub(communityMembersPath, c.ID)), "community-topics": b.get(communitySub(communityTopicsPath, c.ID)),
		"topic": b.get(communityThreadPath(&topic)), "event": b.get(communityThreadPath(&event)), "event-members": b.get(threadSub(eventMembersPath, c.ID, event.ID)),
		"poll": b.get(communityThreadPath(&poll)), "poll-result": b.get(communityThreadPath(&poll) + "&result=1"),
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
