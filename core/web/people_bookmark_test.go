package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/people"
)

func TestBookmarkStory(t *testing.T) {
	w := newWorld(t)
	me, star, friend := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(star, friend)
	w.diary(star, "みんなへ", core.Everyone)
	w.diary(star, "友人だけへ", core.Friends)
	h, r := w.as(me), w.as(star)
	before := r.get("/home").body + r.get("/member").body
	w.contains(h.get("/home"), `href="/bookmarks"`)
	w.contains(h.get(bookmarksPath), "まだお気に入りはありません")

	profile := h.get(memberPath(star.ID))
	w.contains(profile, "お気に入りに追加")
	form := url.Values{"k": {tokenOn(t, profile.body, "/bookmark")}, "id": {star.ID.String()}, "add": {"1"}}
	if got := h.post("/bookmark", form); got.location != memberPath(star.ID) {
		t.Fatalf("adding: %d to %q", got.status, got.location)
	}
	w.contains(h.get(memberPath(star.ID)), "お気に入りに登録済み", "お気に入りからはずす")
	list := h.get(bookmarksPath)
	w.contains(list, "太郎", "お気に入りの最新日記", "みんなへ")
	if strings.Contains(list.body, "友人だけへ") {
		t.Error("a bookmark opened an entry for friends")
	}
	after := r.get("/home").body + r.get("/member").body
	if tokenPattern.ReplaceAllString(before, "") != tokenPattern.ReplaceAllString(after, "") || strings.Contains(after, "花子") {
		t.Error("the bookmarked member learns of it")
	}
	if strings.Contains(h.get("/member").body, "お気に入りに追加") {
		t.Error("one's own page offers a bookmark of oneself")
	}
	if got := w.press(h, "/bookmark", url.Values{"id": {me.ID.String()}, "add": {"1"}}); got.status != 404 {
		t.Errorf("bookmarking oneself: %d", got.status)
	}
	for range 2 { // the second finds nothing to do
		if got := w.press(h, "/bookmark", url.Values{"id": {star.ID.String()}, "remove": {"1"}}); got.location != memberPath(star.ID) {
			t.Errorf("removing: %d to %q", got.status, got.location)
		}
	}
	w.contains(h.get(bookmarksPath), "まだお気に入りはありません")
}

func TestBookmarkPages(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me := w.member("花子")
	err := w.core.Bulk(ctx, func(ctx context.Context) error {
		for i := range people.MaxBookmarks {
			m, err := w.core.Account.CreateMember(ctx, account.NewMember{Name: fmt.Sprintf("星%03d", i), Mail: fmt.Sprintf("%d@example.jp", i), PasswordHash: w.hash})
			if err != nil {
				return err
			}
			if err := w.core.People.AddBookmark(ctx, me.ID, m.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h := w.as(me)
	seen := map[string]bool{}
	for page := 1; ; page++ {
		body := h.get(pagePath(bookmarksPath, page)).body
		for i := range people.MaxBookmarks {
			if name := fmt.Sprintf("星%03d", i); strings.Contains(body, name) {
				if seen[name] {
					t.Errorf("%s is on two pages", name)
				}
				seen[name] = true
			}
		}
		if !strings.Contains(body, `rel="next"`) {
			break
		}
	}
	if len(seen) != people.MaxBookmarks {
		t.Errorf("the pages show %d of %d bookmarks", len(seen), people.MaxBookmarks)
	}
	one := w.member("太郎")
	w.contains(w.press(h, "/bookmark", url.Values{"id": {one.ID.String()}, "add": {"1"}}), "上限に達しています", "太郎さんのプロフィール")
}

// A block hides a bookmark and what the bookmarked member writes; its end brings both back.
func TestSEC113_Bookmarks(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b := w.member("甲野"), w.member("乙川")
	pairs := [][2]core.Member{{a, b}, {b, a}}
	browsers := map[core.ID]*browser{a.ID: w.as(a), b.ID: w.as(b)}
	for _, p := range pairs {
		w.diary(p[1], p[1].Name+"の話", core.Everyone)
		if err := w.core.People.AddBookmark(ctx, p[0].ID, p[1].ID); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want bool) {
		t.Helper()
		for _, p := range pairs {
			if got := shows(browsers[p[0].ID], bookmarksPath, p[1].Name); got != want {
				t.Errorf("the bookmarks of %s show %s: %v, want %v", p[0].Name, p[1].Name, got, want)
			}
		}
	}
	check(true)
	if err := w.core.People.Block(ctx, a.ID, b.ID); err != nil {
		t.Fatal(err)
	}
	check(false)
	if err := w.core.People.Unblock(ctx, a.ID, b.ID); err != nil {
		t.Fatal(err)
	}
	check(true)
}
