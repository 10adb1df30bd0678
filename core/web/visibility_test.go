package web

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/elsewhere"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/people"
	"musubi/core/review"
	"musubi/core/search"
)

// The visibility matrix (SEC-112): every kind of content × every viewer × every visibility × every way to reach it. What
// should be seen is written down here, apart from the code that decides; a feature joins by adding rows to surfaces.

// A watcher is one who looks at the owner's things.
type watcher struct {
	name  string
	sees  [4]bool // Everyone, FriendsOfFriends, Friends, Private
	login bool    // can log in at all
}

var watchers = []watcher{
	{"visitor", [4]bool{}, false},
	{"stranger", [4]bool{true, false, false, false}, true},
	{"friend of a friend", [4]bool{true, true, false, false}, true},
	{"friend", [4]bool{true, true, true, false}, true},
	{"owner", [4]bool{true, true, true, true}, true},
	{"blocked friend", [4]bool{}, true},
	{"friend who blocked", [4]bool{}, true},
	{"blocked stranger", [4]bool{}, true},
	{"suspended friend", [4]bool{}, false},
	{"over one who left", [4]bool{true, false, false, false}, true}, // SEC-115: no common friend any more, at once
	{"over one who is held", [4]bool{true, false, false, false}, true},
}

// scene is an owner with an entry of each visibility, each with a picture and a comment, and the watchers.
type scene struct {
	*world
	owner, common core.Member
	entries       [4]journal.Diary
	letter        letters.Message // of the owner to the friend, with a picture
	browsers      map[string]*browser
	between       map[string]core.Member // who stands between a watcher and the owner
	gallery
	reviewed [4]review.Review // with a picture and a comment, pinned to a community of the owner
	square   core.ID
	song     core.ID // that the owner alone hears

	subscribed map[*browser]map[elsewhere.FeedKind]elsewhere.Feed
}

// canary is a word that stands in one thing only.
func canary(kind string, v core.Visibility) string {
	return fmt.Sprintf("カナリア%s%d号", kind, v)
}

func newScene(t *testing.T) *scene {
	s := &scene{world: newWorld(t), browsers: map[string]*browser{}, between: map[string]core.Member{}, subscribed: map[*browser]map[elsewhere.FeedKind]elsewhere.Feed{}}
	ctx := context.Background()
	s.owner, s.common = s.member("主"), s.member("仲")
	s.friends(s.owner, s.common)
	for _, w := range watchers {
		s.browsers[w.name] = s.watcher(w.name)
		if session, _, err := s.core.Account.Session(ctx, s.browsers[w.name].cookies["musubi"]); err == nil {
			s.subscribes(s.browsers[w.name], session.Member)
		}
	}
	for v := core.Everyone; v <= core.Private; v++ {
		p, err := s.core.AddPhoto(ctx, s.owner.ID, drawing(int(v)), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		s.entries[v] = s.diary(s.owner, canary("題", v), v, p.ID)
		if _, err := s.core.Talk.WriteComment(ctx, core.Viewer{Member: s.owner.ID}, journal.DiaryThread(s.owner.ID, s.entries[v].ID), canary("返", v), time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.store.People.SetProfile(ctx, s.owner.ID, []core.ProfileValue{
		{Key: "intro", Value: canary("欄", 0), Visibility: core.Everyone}, {Key: "prefecture", Value: canary("欄", 1), Visibility: core.FriendsOfFriends},
		{Key: "work", Value: canary("欄", 2), Visibility: core.Friends}, {Key: "hometown", Value: canary("欄", 3), Visibility: core.Private},
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.core.People.WriteEndorsement(ctx, s.common.ID, s.owner.ID, "同僚", canary("紹", core.Everyone), time.Time{}); err != nil {
		t.Fatal(err)
	}
	s.must(s.core.Elsewhere.SetShare(ctx, s.owner.ID, elsewhere.ShareTexts))
	s.write(t)
	s.exhibit()
	s.judge()
	s.listen()
	if err := s.core.Search.UpdateSearch(ctx); err != nil { // what the index knows is older than the blocks
		t.Fatal(err)
	}
	s.estrange(t)
	return s
}

// write sends a message with a picture from the owner to the friend.
func (s *scene) write(t *testing.T) {
	ctx := context.Background()
	to, _, err := s.core.Account.Session(ctx, s.browsers["friend"].cookies["musubi"])
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.core.AddPhoto(ctx, s.owner.ID, drawing(77), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s.letter, err = s.core.Letters.SendMessage(ctx, s.owner.ID, letters.NewMessage{To: to.Member, Subject: canary("件", 0), Body: canary("文", 0), Photos: []core.ID{p.ID}})
	if err != nil {
		t.Fatal(err)
	}
}

// between keeps a surface for the two sides of the message.
func between(name string, v core.Visibility) bool {
	return v == core.Everyone && (name == "owner" || name == "friend")
}

// watcher makes the member of that name, a friend where the name says so, and lets them log in before what comes between.
func (s *scene) watcher(name string) *browser {
	switch name {
	case "visitor":
		return s.browser()
	case "owner":
		return s.as(s.owner)
	}
	m := s.member(name)
	switch {
	case name == "friend of a friend":
		s.friends(m, s.common)
	case strings.HasPrefix(name, "over one who"): // who stands between leaves, or is held: see estrange
		s.between[name] = s.member(name + "の間")
		s.friends(m, s.between[name])
		s.friends(s.between[name], s.owner)
	case strings.Contains(name, "friend"):
		s.friends(m, s.owner)
	}
	if err := s.core.People.AddBookmark(context.Background(), m.ID, s.owner.ID); err != nil {
		s.t.Fatal(err)
	}
	s.core.People.LeaveFootprint(s.owner.ID, m.ID, s.clock.Now())
	s.total(m)
	s.comments(s.owner, s.diary(m, name+"の日記", core.Everyone))
	return s.as(m)
}

// estrange blocks and suspends, after everything was written and fanned out.
func (s *scene) estrange(t *testing.T) {
	ctx := context.Background()
	id := func(name string) core.ID {
		session, _, err := s.core.Account.Session(ctx, s.browsers[name].cookies["musubi"])
		if err != nil {
			t.Fatal(err)
		}
		return session.Member
	}
	for _, err := range []error{
		s.core.People.Block(ctx, s.owner.ID, id("blocked friend")),
		s.core.People.Block(ctx, id("friend who blocked"), s.owner.ID),
		s.core.People.Block(ctx, s.owner.ID, id("blocked stranger")),
		s.store.Desk.SetStatus(ctx, id("suspended friend"), core.Held),
		s.store.Desk.SetStatus(ctx, s.between["over one who is held"].ID, core.Held),
		s.store.Chores.EndMembership(ctx, s.between["over one who left"].ID, s.clock.Now()),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A surface is one way to reach a thing of some visibility. reach returns whether the viewer got to it.
type surface struct {
	name  string
	reach func(s *scene, b *browser, v core.Visibility) bool
	// only says for which watchers a thing that they may see appears here; nil: for all.
	only func(watcher string, v core.Visibility) bool
}

func shows(b *browser, path, word string) bool { return strings.Contains(b.get(path).body, word) }

// found is what a search shows, without the form.
func found(b *browser, kind search.Kind, query string) string {
	page := b.get(findPath(kind, query, "")).body
	_, list, _ := strings.Cut(page, `<ul class="found lines">`)
	list, _, _ = strings.Cut(list, "</ul>")
	return list
}

func onlyEveryone(_ string, v core.Visibility) bool { return v == core.Everyone }

var surfaces = slices.Concat(memberSurfaces, albumSurfaces, searchSurfaces, mailpostSurfaces, reviewSurfaces, musicSurfaces, feedSurfaces)

var memberSurfaces = []surface{
	{name: "diary in the search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(found(b, journal.SearchDiaries, canary("題", v)), html.EscapeString(diaryPath(s.owner.ID, s.entries[v].ID)))
	}},
	{name: "diary in the search by its text", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(found(b, journal.SearchDiaries, "本文 "+canary("題", v)), "の<strong>本文</strong>")
	}},
	{name: "count of the search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Count(found(b, journal.SearchDiaries, "ｶﾅﾘｱ題"), "<time") > int(v)
	}},
	{name: "profile field in the search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(found(b, people.SearchMembers, canary("欄", v)), memberPath(s.owner.ID))
	}},
	{name: "profile field in the search beside a wider one", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(found(b, people.SearchMembers, "カナリア欄 "+canary("欄", v)), memberPath(s.owner.ID))
	}},
	{name: "member in the search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && strings.Contains(found(b, people.SearchMembers, s.owner.Name), memberPath(s.owner.ID))
	}, only: onlyEveryone},
	{name: "message page", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, messageIDPath(s.letter.ID), canary("文", 0))
	}, only: between},
	{name: "status of the message page", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && b.get(messageIDPath(s.letter.ID)).status == 200
	}, only: between},
	{name: "message in a folder", reach: func(s *scene, b *browser, v core.Visibility) bool {
		found := false
		for _, f := range letters.Folders {
			found = found || shows(b, folderPath(f), canary("件", v))
		}
		return found
	}, only: between},
	{name: "message in the search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, messageSearchPath+"?q="+url.QueryEscape("ｶﾅﾘｱ文"), canary("件", v))
	}, only: between},
	{name: "message in an answer", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, messageWritePath+"?re="+s.letter.ID.String(), canary("文", v))
	}, only: func(name string, v core.Visibility) bool { return name == "friend" && v == core.Everyone }},
	{name: "message behind a form to somebody else", reach: func(s *scene, b *browser, v core.Visibility) bool {
		page := s.press(b, messageWritePath, url.Values{"to": {s.common.ID.String()}, "re": {s.letter.ID.String()}, "edit": {"1"}})
		return strings.Contains(page.body, canary("文", v))
	}, only: between},
	{name: "picture of the message", reach: func(s *scene, b *browser, v core.Visibility) bool {
		photos, err := s.store.Desk.AttachedPhotos(context.Background(), core.Attached{Kind: letters.MessagePhoto, Owner: s.owner.ID, Thing: s.letter.ID})
		if err != nil || len(photos) != 1 {
			s.t.Fatal(len(photos), err)
		}
		return v == core.Everyone && b.get(s.addressOf(b, photos[0])).status == 200
	}, only: between},
	{name: "message by moving it", reach: func(s *scene, b *browser, v core.Visibility) bool {
		form := url.Values{"id": {s.letter.ID.String()}, "trash": {"1"}}
		moved := v == core.Everyone && strings.HasPrefix(s.press(b, "/message/move", form).location, messagesPath)
		if moved {
			s.press(b, "/message/move", url.Values{"id": {s.letter.ID.String()}, "restore": {"1"}})
		}
		return moved
	}, only: between},
	{name: "diary page", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, diaryPath(s.owner.ID, s.entries[v].ID), canary("題", v))
	}},
	{name: "diary page text", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, diaryPath(s.owner.ID, s.entries[v].ID), canary("題", v)+" の本文")
	}},
	{name: "comment on the page", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, diaryPath(s.owner.ID, s.entries[v].ID), canary("返", v))
	}},
	{name: "status of the page", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return b.get(diaryPath(s.owner.ID, s.entries[v].ID)).status == 200
	}},
	{name: "list of the owner", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, diaryListPath(s.owner.ID), canary("題", v))
	}},
	{name: "count of the list", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Count(b.get(diaryListPath(s.owner.ID)).body, "<time") > int(v)
	}},
	{name: "newest on the profile", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, memberPath(s.owner.ID), canary("題", v))
	}},
	{name: "newest beside another entry", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, diaryPath(s.owner.ID, s.entries[0].ID), canary("題", v))
	}},
	{name: "profile field", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, memberPath(s.owner.ID), canary("欄", v)) || shows(b, morePath(s.owner.ID), canary("欄", v))
	}},
	{name: "profile field on the more page", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, morePath(s.owner.ID), canary("欄", v))
	}},
	{name: "everyone's newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, "/diary/newest", canary("題", v))
	}, only: func(_ string, v core.Visibility) bool { return v == core.Everyone }},
	{name: "friends' newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, "/diary/friends", canary("題", v))
	}, only: func(name string, _ core.Visibility) bool { return name == "friend" }},
	{name: "home", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, "/home", canary("題", v))
	}, only: func(name string, _ core.Visibility) bool { return name == "friend" || name == "owner" }},
	{name: "home as a stream", reach: func(s *scene, b *browser, v core.Visibility) bool {
		seen := shows(b, "/home?view=stream", canary("題", v))
		b.get("/home?view=lists")
		return seen
	}, only: func(name string, _ core.Visibility) bool { return name == "friend" }},
	{name: "picture at the viewer's own address", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return b.get(s.photoAddress(b, s.entries[v])).status == 200
	}},
	{name: "picture at the owner's address", reach: func(s *scene, b *browser, v core.Visibility) bool {
		page := s.browsers["owner"].get(diaryPath(s.owner.ID, s.entries[v].ID)).body
		src := regexp.MustCompile(`src="(/photo/[^"]+)"`).FindStringSubmatch(page)[1]
		return b.get(strings.ReplaceAll(src, "&amp;", "&")).status == 200
	}, only: func(name string, _ core.Visibility) bool { return name == "owner" }},
	{name: "picture by If-None-Match", reach: func(s *scene, b *browser, v core.Visibility) bool {
		photos, _ := s.store.Desk.AttachedPhotos(context.Background(), core.Attached{Kind: journal.DiaryPhoto, Owner: s.owner.ID, Thing: s.entries[v].ID})
		asking := &browser{s.world, b.cookies, map[string]string{"If-None-Match": `"` + photos[0].Hash + `"`}}
		return asking.get(s.photoAddress(b, s.entries[v])).status == 304
	}},
	{name: "comment preview", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(s.comment(b, s.entries[v], "confirm").body, canary("題", v))
	}},
	{name: "comment form again", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(s.comment(b, s.entries[v], "edit").body, canary("題", v))
	}},
	{name: "comment sent", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return s.comment(b, s.entries[v], "send").location == diaryPath(s.owner.ID, s.entries[v].ID)+"#comments"
	}},
	{name: "list of the month", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, diaryListPath(s.owner.ID)+"&month="+s.core.Now().In(s.site.zone).Format(monthForm), canary("題", v))
	}},
	{name: "comment by deleting another", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return s.press(b, "/diary/comment/delete", url.Values{"owner": {s.owner.ID.String()}, "diary": {s.entries[v].ID.String()}, "id": {"1"}}).location == diaryPath(s.owner.ID, s.entries[v].ID)
	}, only: func(string, core.Visibility) bool { return false }},
	{name: "entry by its edit form", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, "/diary/edit?id="+s.entries[v].ID.String(), canary("題", v))
	}, only: func(name string, _ core.Visibility) bool { return name == "owner" }},
	{name: "endorsement on the profile", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, memberPath(s.owner.ID), canary("紹", v))
	}, only: onlyEveryone},
	{name: "endorsements", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, endorsementsPath(s.owner.ID), canary("紹", v))
	}, only: onlyEveryone},
	{name: "list of friends", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, friendsPath(s.owner.ID), s.common.Name)
	}, only: onlyEveryone},
	{name: "way to the owner", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.FriendsOfFriends && shows(b, memberPath(s.owner.ID), s.owner.Name+"さんへのつながり")
	}, only: func(name string, v core.Visibility) bool {
		return name == "friend of a friend" && v == core.FriendsOfFriends
	}},
	{name: "friends in common", reach: func(s *scene, b *browser, v core.Visibility) bool {
		list := b.get("/friend/mutual?id=" + s.owner.ID.String()).body
		return v == core.FriendsOfFriends && (strings.Contains(list, s.common.Name+"<") || strings.Contains(list, "の間"))
	}, only: func(name string, v core.Visibility) bool {
		return (name == "friend of a friend" || name == "owner") && v == core.FriendsOfFriends
	}},
	{name: "friend request form", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && b.get("/friend/request?id="+s.owner.ID.String()).status == 200
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "block form", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, blockPath(s.owner.ID), s.owner.Name+"さんをアクセスブロック")
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "bookmarked members' newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, bookmarksPath, canary("題", v))
	}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
	{name: "bookmarks", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, bookmarksPath, memberPath(s.owner.ID)+`"><span`)
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "bookmark added", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && s.press(b, "/bookmark", url.Values{"id": {s.owner.ID.String()}, "add": {"1"}}).location == memberPath(s.owner.ID)
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "footprint of the owner", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, footprintsPath, `</time> <a href="`+memberPath(s.owner.ID))
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "footprint left by reading an entry", reach: func(s *scene, b *browser, v core.Visibility) bool {
		before := s.total(s.owner)
		s.clock.advance(10 * time.Minute)
		b.get(diaryPath(s.owner.ID, s.entries[v].ID))
		return s.total(s.owner) == before+1
	}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
	{name: "notice on home", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, "/home", "日記に新しいコメントが1件")
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "notice of the owner", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return v == core.Everyone && shows(b, noticesPath, s.owner.Name+"さんが、あなたの日記")
	}, only: func(name string, v core.Visibility) bool { return name != "owner" && v == core.Everyone }},
	{name: "commented entries", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, "/diary/commented", canary("題", v))
	}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
}

// photoAddress is an address for an entry's picture that is signed for this very viewer: only permission can refuse it.
func (s *scene) photoAddress(b *browser, d journal.Diary) string {
	photos, err := s.store.Desk.AttachedPhotos(context.Background(), core.Attached{Kind: journal.DiaryPhoto, Owner: d.Owner, Thing: d.ID})
	if err != nil || len(photos) != 1 {
		s.t.Fatal(len(photos), err)
	}
	return s.addressOf(b, photos[0])
}

func (s *scene) addressOf(b *browser, p core.Photo) string {
	session, _, err := s.core.Account.Session(context.Background(), b.cookies["musubi"])
	v := visit{site: s.site}
	if err == nil {
		v.member.ID = session.Member
	}
	return v.photoPath(p, "medium")
}

func (s *scene) comment(b *browser, d journal.Diary, button string) reply {
	return b.post("/diary/comment", url.Values{
		"k": {s.site.newToken(s.sessionKey(b), "/diary/comment")}, "owner": {d.Owner.String()}, "id": {d.ID.String()}, "body": {"見ました"}, button: {"1"},
	})
}

func TestSEC112_VisibilityMatrix(t *testing.T) {
	s := newScene(t)
	cells := 0
	for _, surface := range surfaces {
		for _, w := range watchers {
			for v := core.Everyone; v <= core.Private; v++ {
				want := w.sees[v] && (surface.only == nil || surface.only(w.name, v))
				if got := surface.reach(s, s.browsers[w.name], v); got != want {
					t.Errorf("%s, %s, visibility %d: reached %v, want %v", surface.name, w.name, v, got, want)
				}
				cells++
			}
		}
	}
	t.Logf("%d cells", cells)
}

// What changes between two members works on the next request, on pages and pictures alike.
func TestSEC83_SEC113_ChangesWorkAtOnce(t *testing.T) {
	s := newScene(t)
	ctx := context.Background()
	friend := s.browsers["friend"]
	d := s.entries[core.Friends]
	picture := s.photoAddress(friend, d)
	sees := func() (n int) {
		for _, ok := range []bool{friend.get(picture).status == 200, friend.get(diaryPath(d.Owner, d.ID)).status == 200, shows(friend, "/home", canary("題", core.Friends))} {
			if ok {
				n++
			}
		}
		return n
	}
	if sees() != 3 {
		t.Fatalf("before: sees %d of 3", sees())
	}
	session, _, err := s.core.Account.Session(ctx, friend.cookies["musubi"])
	if err != nil {
		t.Fatal(err)
	}
	if err := s.core.People.Block(ctx, s.owner.ID, session.Member); err != nil {
		t.Fatal(err)
	}
	if sees() != 0 {
		t.Fatalf("after the block: sees %d of 3", sees())
	}
}

// A picture's address is the viewer's own, whole, and for some hours.
func TestSEC83_SEC84_PhotoAddresses(t *testing.T) {
	s := newScene(t)
	friend := s.browsers["friend"]
	address := s.photoAddress(friend, s.entries[core.Friends])
	if r := friend.get(address); r.status != 200 {
		t.Fatalf("own address: %d", r.status)
	}
	rows := map[string]string{
		"another box":      strings.Replace(address, "box=medium", "box=large", 1),
		"unknown box":      strings.Replace(address, "box=medium", "box=9999x9999", 1),
		"no signature":     address[:strings.Index(address, "&s=")],
		"longer life":      regexp.MustCompile(`&e=[^&]+`).ReplaceAllString(address, "&e=zzzzzz"),
		"more arguments":   address + "&box=large",
		"another picture":  regexp.MustCompile(`/photo/\d+`).ReplaceAllString(address, "/photo/1"),
		"a path below":     strings.Replace(address, "?", "/x?", 1),
		"another viewer's": s.photoAddress(s.browsers["owner"], s.entries[core.Friends]),
	}
	for name, target := range rows {
		if r := friend.get(target); r.status != 404 {
			t.Errorf("%s: %d, want 404", name, r.status)
		}
	}
	s.clock.advance(2*photoAge + time.Minute)
	if r := friend.get(address); r.status != 404 {
		t.Errorf("expired: %d, want 404", r.status)
	}
}
