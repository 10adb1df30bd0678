package web

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/elsewhere"
	"musubi/core/journal"
)

var feedPattern = regexp.MustCompile(`/feed/([a-z]+)/[0-9A-Za-z]{22}(?:\.ics)?`)

// feedOf makes an address as a member does and reads it off the page.
func (w *world) feedOf(b *browser, kind elsewhere.FeedKind, values url.Values) string {
	w.t.Helper()
	if values == nil {
		values = url.Values{}
	}
	values.Set("kind", kind.String())
	if !values.Has("save") {
		values.Set("make", "1")
	}
	if r := w.press(b, feedsPath, values); r.location != feedsPath {
		w.t.Fatalf("making %s: %d\n%s", kind, r.status, r.body)
	}
	for _, path := range feedPattern.FindAllString(b.get(feedsPath).body, -1) {
		if strings.HasPrefix(path, feedPath+kind.String()+"/") {
			return path
		}
	}
	w.t.Fatalf("no address of %s on the page", kind)
	return ""
}

// reads fetches a feed without a login, a minute after the last time, and reads it as a program of today does.
func (w *world) reads(path string) (reply, *gofeed.Feed) {
	w.t.Helper()
	w.clock.advance(feedEvery)
	r := w.browser().get(path)
	if r.status != 200 {
		return r, nil
	}
	f, err := gofeed.NewParser().ParseString(r.body)
	if err != nil {
		w.t.Fatalf("%v:\n%s", err, r.body)
	}
	return r, f
}

// feedEvery is how long a reader has to wait.
const feedEvery = time.Minute

// inAtom fails unless a document and all in it is of Atom's namespace, as a parser that knows namespaces reads it, and gives how many
// entries it has.
func (w *world) inAtom(body string) (entries int) {
	w.t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		t, err := d.Token()
		if err == io.EOF {
			return entries
		}
		w.must(err)
		if e, ok := t.(xml.StartElement); ok {
			if e.Name.Space != "http://www.w3.org/2005/Atom" {
				w.t.Fatalf("the element %s is of the namespace %q:\n%s", e.Name.Local, e.Name.Space, body)
			}
			if e.Name.Local == "entry" {
				entries++
			}
		}
	}
}

func feedTitles(f *gofeed.Feed) (titles []string) {
	for _, i := range f.Items {
		titles = append(titles, i.Title)
	}
	return titles
}

// Feeds are off until made; each address opens one thing, titles and links alone; only what may be seen at that moment is there.
func TestFeeds(t *testing.T) {
	w := newWorld(t)
	me, friend, other := w.member("花子"), w.member("太郎 <&>"), w.member("次郎")
	w.friends(me, friend)
	w.friends(me, other)
	b := w.as(me)
	if page := b.get(feedsPath).body; feedPattern.MatchString(page) {
		t.Fatal("there is an address before one was made")
	}
	w.contains(b.get("/settings"), `href="`+feedsPath+`"`, "フィード")
	d := w.diary(friend, "題<&>☀", core.Friends)
	w.diary(other, "次郎の題", core.Everyone)
	path := w.feedOf(b, elsewhere.FriendsDiaries, nil)
	r, f := w.reads(path)
	if f == nil || string(r.header.ContentType()) != atomFeedType {
		t.Fatalf("%d %s\n%s", r.status, r.header.ContentType(), r.body)
	}
	if got := feedTitles(f); !slices.Equal(got, []string{"次郎の題", "題<&>☀"}) {
		t.Errorf("titles %q", got)
	}
	item := f.Items[1]
	if item.Link != w.site.link(diaryPath(d.Owner, d.ID)) || item.Authors[0].Name != "太郎 <&>" || !strings.HasPrefix(item.GUID, "tag:localhost,2007-03-03:diary/") || item.PublishedParsed.Unix() != d.CreatedAt.Unix() {
		t.Errorf("%+v", item)
	}
	if strings.Contains(r.body, "本文") {
		t.Error("a text stands in a feed of titles")
	}
	for field, want := range map[string]string{"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"} {
		if got := string(r.header.Peek(field)); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	// To look at the head alone costs no fetch, and is bounded too.
	w.clock.advance(time.Minute)
	heads := w.browser()
	if r := heads.do("HEAD", path, "", nil); r.status != 200 {
		t.Errorf("HEAD: %d", r.status)
	}
	if r := heads.get(path); r.status != 200 {
		t.Errorf("GET after HEAD: %d", r.status)
	}
	last := 200
	for range 61 {
		last = heads.do("HEAD", path, "", nil).status
	}
	if last != 429 {
		t.Errorf("62 heads at once: %d", last)
	}
	// Asked again at once it says when to come back; a minute later it says that nothing is new.
	if again := w.browser().get(path); again.status != 429 || len(again.header.Peek("Retry-After")) == 0 {
		t.Errorf("at once again: %d", again.status)
	}
	w.clock.advance(time.Minute)
	asking := w.browser()
	asking.headers = map[string]string{"If-None-Match": string(r.header.Peek("ETag")), "User-Agent": "SharpReader/0.9"}
	for range 2 { // that nothing is new it hears at any time
		if same := asking.get(path); same.status != 304 {
			t.Errorf("asked whether anything is new: %d", same.status)
		}
	}
	hasty := w.browser()
	hasty.headers = map[string]string{"If-None-Match": `"another"`}
	if again := hasty.get(path); again.status != 429 || strings.Contains(again.body, "<entry") || len(again.header.Peek("Retry-After")) == 0 || len(again.header.Peek("ETag")) != 0 {
		t.Errorf("asked at once for what is new: %d %q", again.status, again.body)
	}
	w.clock.advance(time.Minute)
	if same := asking.get(path); same.status != 304 || same.body != "" {
		t.Errorf("the same again: %d %q", same.status, same.body)
	}
	w.contains(b.get(feedsPath), "SharpReader/0.9")
	w.diary(friend, "新しい題", core.Friends)
	w.clock.advance(time.Minute)
	if more := asking.get(path); more.status != 200 || !strings.Contains(more.body, "新しい題") {
		t.Errorf("after a new entry: %d", more.status)
	}
	// One address opens no other kind.
	w.clock.advance(time.Minute)
	if got := w.browser().get(strings.Replace(path, "/friends/", "/notices/", 1)); got.status != 404 {
		t.Errorf("as another kind: %d", got.status)
	}
}

// Texts are there only where the reader asked for them and the author lets them be; who wants nothing of theirs in feeds is left out.
func TestFeedsHaveWhatAuthorsShare(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	b, fb := w.as(me), w.as(friend)
	w.diary(friend, "友の題", core.Friends)
	w.diary(me, "私の題", core.Everyone)
	w.diary(me, "秘密の題", core.Private)
	friends, own := w.feedOf(b, elsewhere.FriendsDiaries, url.Values{"full": {"1"}}), w.feedOf(b, elsewhere.OwnDiary, url.Values{"full": {"1"}})
	r, f := w.reads(friends)
	if len(f.Items) != 1 || strings.Contains(r.body, "本文") {
		t.Errorf("a text that its author has not let go:\n%s", r.body)
	}
	w.press(fb, feedsPath, url.Values{"sharing": {"1"}, "share": {"2"}})
	if _, f = w.reads(friends); len(f.Items) != 1 || !strings.Contains(f.Items[0].Content, "友の題 の本文") {
		t.Errorf("no text: %+v", f.Items)
	}
	w.press(b, feedsPath, url.Values{"kind": {"friends"}, "save": {"1"}})
	if r, _ = w.reads(friends); strings.Contains(r.body, "本文") {
		t.Error("a text after the member wanted titles alone")
	}
	w.press(fb, feedsPath, url.Values{"sharing": {"1"}, "share": {"1"}})
	if _, f = w.reads(friends); len(f.Items) != 0 {
		t.Errorf("one who wants to be in no feed: %q", feedTitles(f))
	}
	if r := w.press(fb, feedsPath, url.Values{"sharing": {"1"}, "share": {"7"}}); r.status != 200 || !strings.Contains(r.body, `id="share-error"`) {
		t.Errorf("a choice that there is not: %d", r.status)
	}
	r, f = w.reads(own)
	if len(f.Items) != 1 || !strings.Contains(f.Items[0].Content, "私の題 の本文") || strings.Contains(r.body, "秘密") {
		t.Errorf("the own diary:\n%s", r.body)
	}
}

// Feeds end with a new password, with leaving, by hand, with a new one, when their member is held and when nobody asks.
func TestFeedsEnd(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	b := w.as(me)
	status := func(path string) int { r, _ := w.reads(path); return r.status }
	first := w.feedOf(b, elsewhere.OwnDiary, nil)
	second := w.feedOf(b, elsewhere.OwnDiary, nil)
	if status(first) != 404 || status(second) != 200 {
		t.Errorf("after a new address: %d and %d", status(first), status(second))
	}
	w.press(b, feedsPath, url.Values{"kind": {"diary"}, "delete": {"1"}})
	if got := status(second); got != 404 {
		t.Errorf("ended by hand: %d", got)
	}
	notices, calendar := w.feedOf(b, elsewhere.Notices, nil), w.feedOf(b, elsewhere.Calendar, nil)
	if status(notices) != 200 {
		t.Error("no feed of notices")
	}
	w.press(b, passwordPath, url.Values{"old": {password}, "password": {"another long word 7"}})
	for _, path := range []string{notices, calendar} {
		w.clock.advance(time.Minute)
		if got := w.browser().get(path).status; got != 404 {
			t.Errorf("%s after a new password: %d", path, got)
		}
	}
	own := w.feedOf(b, elsewhere.OwnDiary, nil)
	w.must(w.store.Desk.SetStatus(t.Context(), me.ID, core.Held))
	if got := status(own); got != 404 {
		t.Errorf("of one who is held: %d", got)
	}
	w.must(w.store.Desk.SetStatus(t.Context(), me.ID, core.Active))
	if got := status(own); got != 200 {
		t.Errorf("of one who is back: %d", got)
	}
	w.clock.advance(90*24*time.Hour + time.Second)
	if got := w.browser().get(own).status; got != 404 {
		t.Errorf("after 90 days: %d", got)
	}
	w.must(w.core.Chores.Sweep(t.Context()))
	if all, err := w.store.Elsewhere.Feeds(t.Context(), me.ID); err != nil || len(all) != 0 {
		t.Errorf("after the sweep: %v %v", all, err)
	}
	f, err := w.core.Elsewhere.MakeFeed(t.Context(), me.ID, elsewhere.OwnDiary, 0, false)
	w.must(err)
	own = feedPath + "diary/" + f.Token
	if got := status(own); got != 200 {
		t.Errorf("a new one: %d", got)
	}
	w.must(w.store.Chores.EndMembership(t.Context(), me.ID, w.clock.Now()))
	if got := status(own); got != 404 {
		t.Errorf("of one who left: %d", got)
	}
}

// There are so many addresses and no more.
func TestFeedsAreBounded(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	for n := range elsewhere.MaxFeeds {
		_, err := w.core.Elsewhere.MakeFeed(t.Context(), me.ID, elsewhere.Community, core.ID(n+1), false)
		w.must(err)
	}
	b := w.as(me)
	w.contains(w.press(b, feedsPath, url.Values{"kind": {"notices"}, "make": {"1"}}), "フィードは40個まで")
	if _, err := w.core.Elsewhere.MakeFeed(t.Context(), me.ID, elsewhere.Community, 1, true); err != nil {
		t.Errorf("another address for one there is: %v", err)
	}
}

// What a feed of each kind has, as gofeed and two parsers of the npm registry read it: they agree.
func TestFeedsReadByOthers(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	b := w.as(me)
	square := w.commune(me, "広場 & <園>", false)
	w.joins(square, friend)
	_, err := w.core.Community.Open(t.Context(), core.Viewer{Member: friend.ID}, square, community.NewThread{Title: "話題]]>☀", Body: "本文"}, nil)
	w.must(err)
	hanami := w.plansEvent(friend, square, "お花見\u3000夜", community.NewEvent{Day: 20070401, Time: core.Clock(18*60 + 31), Place: "上野"})
	mine := w.diary(me, "私の「題」", core.Everyone)
	w.comments(friend, mine)
	w.diary(friend, "友の題", core.Everyone)
	w.press(b, preferencesPath, url.Values{"language": {"ja"}, "visibility": {"2"}, "zone": {"America/New_York"}})
	w.press(b, planEditPath, url.Values{"title": {"予定,;\\"}, "day": {"20070310"}, "time": {"18:30"}})
	w.must(w.store.People.SetProfile(t.Context(), friend.ID, []core.ProfileValue{{Key: "birthday", Value: "1980-03-09", Visibility: core.Friends}}))
	_, err = w.core.Community.Attend(t.Context(), core.Viewer{Member: me.ID}, square, hanami.ID, 20070303)
	w.must(err)

	dir := t.TempDir()
	files := []string{}
	want := map[string][]string{}
	for _, kind := range elsewhere.FeedKinds {
		values := url.Values{}
		if kind == elsewhere.Community {
			values.Set("community", square.String())
		}
		path := w.feedOf(b, kind, values)
		w.clock.advance(time.Minute)
		r := w.browser().get(path)
		if r.status != 200 {
			t.Fatalf("%s: %d\n%s", kind, r.status, r.body)
		}
		name := filepath.Join(dir, kind.String()+filepath.Ext(path))
		w.must(os.WriteFile(name, []byte(r.body), 0o600))
		files = append(files, name)
		if kind == elsewhere.Calendar {
			for _, line := range []string{"DTSTART:20070310T233000Z\r\n", "DTSTART:20070401T093000Z\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n"} { // one's own date in one's own zone, an event in the site's
				if !strings.Contains(r.body, line) {
					t.Errorf("no %q in\n%s", line, r.body)
				}
			}
			want[name] = []string{"予定,;\\", "お花見\u3000夜", "太郎さんの誕生日"}
			continue
		}
		f, err := gofeed.NewParser().ParseString(r.body)
		w.must(err)
		want[name] = feedTitles(f)
		if len(f.Items) == 0 || f.FeedLink != w.site.link(path) {
			t.Errorf("%s: %d entries, self %q", kind, len(f.Items), f.FeedLink)
		}
		if n := w.inAtom(r.body); n != len(f.Items) {
			t.Errorf("%s: %d entries of Atom, want %d", kind, n, len(f.Items))
		}
	}
	for name, got := range readByNode(t, files) {
		slices.Sort(got)
		slices.Sort(want[name])
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s: npm reads %q, want %q", filepath.Base(name), got, want[name])
		}
	}
}

// readByNode has rss-parser and ical.js read files, and gives the titles that they find.
func readByNode(t *testing.T, files []string) map[string][]string {
	t.Helper()
	const script = `const fs = require("fs");
(async () => {
	const Parser = require("rss-parser"), {default: ICAL} = await import("file://" + process.env.NODE_PATH + "/ical.js/dist/ical.js"), out = {};
	for (const name of process.argv.slice(1)) {
		const text = fs.readFileSync(name, "utf8");
		if (name.endsWith(".ics")) {
			out[name] = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map(e => new ICAL.Event(e).summary);
		} else {
			out[name] = (await new Parser().parseString(text)).items.map(i => i.title);
		}
	}
	console.log(JSON.stringify(out));
})();`
	out := map[string][]string{}
	if err := json.Unmarshal(runNode(t, script, files...), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// runNode runs a script with what .ci/install has from the npm registry.
func runNode(t *testing.T, script string, args ...string) []byte {
	t.Helper()
	modules, err := filepath.Abs("../../.ci/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(modules + "/rss-parser"); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("the packages of .ci/package.json are not installed, and this run must not skip anything: %v", err)
		}
		t.Skip("the packages of .ci/package.json are not installed (.ci/install installs them)")
	}
	node := exec.Command("node", append([]string{"-e", script, "--"}, args...)...)
	node.Env = append(os.Environ(), "NODE_PATH="+modules)
	var problems strings.Builder
	node.Stderr = &problems
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, &problems)
	}
	return out
}

// feedSurfaces are the ways to an owner's entries by the feeds of who looks, made before what came between.
var feedSurfaces = []surface{
	{name: "title in a feed of friends' entries", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(s.feed(b, elsewhere.FriendsDiaries), ">"+canary("題", v)+"<")
	}, only: func(name string, _ core.Visibility) bool { return name == "friend" }},
	{name: "text in a feed of friends' entries", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(s.feed(b, elsewhere.FriendsDiaries), canary("題", v)+" の本文")
	}, only: func(name string, _ core.Visibility) bool { return name == "friend" }},
	{name: "title in a feed of one's own entries", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(s.feed(b, elsewhere.OwnDiary), canary("題", v))
	}, only: func(name string, v core.Visibility) bool { return name == "owner" && v != core.Private }},
	{name: "news of the owner in a feed of notices", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && strings.Contains(s.feed(b, elsewhere.Notices), s.owner.Name+"さんが、あなたの日記")
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "title in what friends do, by AtomPub", reach: func(s *scene, b *browser, v core.Visibility) bool { // where the watcher commented, too
		return strings.Contains(s.program(b, elsewhere.ForAtomPub, "/atom/updates/r=1/member_id="), ">"+canary("題", v)+"<")
	}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
	{name: "friend by AtomPub", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && strings.Contains(s.program(b, elsewhere.ForAtomPub, "/atom/friends/r=1/member_id="), "<title type=\"text\">"+s.owner.Name+"<")
	}, only: func(name string, v core.Visibility) bool { return name == "friend" && v == core.Everyone }},
	{name: "footprint of the owner by AtomPub", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && strings.Contains(s.program(b, elsewhere.ForAtomPub, "/atom/tracks/r=2/member_id="), memberPath(s.owner.ID))
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "notice of the owner by the API", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && strings.Contains(s.program(b, elsewhere.ReadNotices, apiNoticesPath+"?"), s.owner.Name+"さんが、あなたの日記")
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
}

// subscribes makes the feeds of a member, as they did before what came between.
func (s *scene) subscribes(b *browser, m core.ID) {
	s.subscribed[b] = map[elsewhere.FeedKind]elsewhere.Feed{}
	for _, purpose := range []elsewhere.Purpose{elsewhere.ForAtomPub, elsewhere.ReadNotices} {
		_, err := s.core.Elsewhere.MakeKey(s.t.Context(), m, purpose, "")
		s.must(err)
	}
	for _, kind := range []elsewhere.FeedKind{elsewhere.FriendsDiaries, elsewhere.OwnDiary, elsewhere.Notices} {
		f, err := s.core.Elsewhere.MakeFeed(s.t.Context(), m, kind, 0, true)
		s.must(err)
		s.subscribed[b][kind] = f
	}
}

// program is what a program with a key of the viewer gets; the key was made before what came between, as the feeds were.
func (s *scene) program(b *browser, purpose elsewhere.Purpose, path string) string {
	f, ok := s.subscribed[b][elsewhere.Notices]
	if !ok {
		return ""
	}
	keys, err := s.core.Elsewhere.MemberKeys(s.t.Context(), f.Member)
	s.must(err)
	s.clock.advance(feedEvery)
	for _, k := range keys {
		if k.Purpose == purpose {
			c := s.browser()
			c.headers = map[string]string{"Authorization": "Bearer " + s.core.Elsewhere.KeyText(k)}
			return c.get(path + f.Member.String()).body
		}
	}
	return ""
}

// feed is what a program reads at the address that a viewer made.
func (s *scene) feed(b *browser, kind elsewhere.FeedKind) string {
	f, ok := s.subscribed[b][kind]
	if !ok {
		return ""
	}
	s.clock.advance(feedEvery)
	return s.browser().get(feedPath + kind.String() + "/" + f.Token).body
}

// Narrowing an entry, ending a friendship and blocking take it out of every feed with the next fetch.
func TestFeedsForgetAtOnce(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	b := w.as(me)
	path, notices := w.feedOf(b, elsewhere.FriendsDiaries, nil), w.feedOf(b, elsewhere.Notices, nil)
	d := w.diary(friend, "友の題", core.Friends)
	w.comments(friend, w.diary(me, "私の題", core.Friends))
	has := func() bool { r, _ := w.reads(path); return strings.Contains(r.body, "友の題") }
	if !has() {
		t.Fatal("it is not there")
	}
	edit := func(v core.Visibility) {
		w.must(w.core.Journal.EditDiary(t.Context(), friend.ID, d.ID, journal.NewDiary{Title: "友の題", Body: "本文", Visibility: v}))
	}
	if edit(core.Private); has() {
		t.Error("narrowed, and there")
	}
	if edit(core.Everyone); !has() {
		t.Error("widened, and not there")
	}
	edit(core.Friends)
	w.must(w.core.People.RemoveFriend(t.Context(), me.ID, friend.ID))
	if has() {
		t.Error("friends no more, and there")
	}
	if r, _ := w.reads(notices); !strings.Contains(r.body, "太郎さんが") {
		t.Errorf("news of an old friend is not there:\n%s", r.body)
	}
	w.must(w.core.People.Block(t.Context(), friend.ID, me.ID))
	if r, _ := w.reads(notices); strings.Contains(r.body, "太郎") {
		t.Error("news of one who blocks")
	}
}
