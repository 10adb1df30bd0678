package web

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/people"
)

func TestBlockStory(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("花子"), w.member("太郎")
	w.friends(a, b)
	me, other := w.as(a), w.as(b)
	w.contains(me.get(memberPath(b.ID)), "この人をアクセスブロックする")
	if strings.Contains(me.get("/member").body, "アクセスブロックする") {
		t.Error("one's own page offers to block oneself")
	}
	ask := me.get(blockPath(b.ID))
	w.contains(ask, "太郎さんをアクセスブロックしますか", "相手には知らされません")
	form := url.Values{"k": {tokenOn(t, ask.body, "/block")}, "id": {b.ID.String()}}
	for range 2 { // a gateway repeats the form: same answer, one block
		if got := me.post("/block", form); got.location != blocksPath {
			t.Fatalf("blocking: %d to %q", got.status, got.location)
		}
	}
	list := me.get(blocksPath)
	w.contains(me.get("/settings"), "アクセスブロック")
	w.contains(list, "太郎", "解除する")
	if n := strings.Count(list.body, "解除する"); n != 1 {
		t.Errorf("the list has %d rows, want 1", n)
	}
	if got := me.get(memberPath(b.ID)).status; got != 404 {
		t.Errorf("the blocked member's page: %d", got)
	}
	if got := w.press(other, blocksPath, url.Values{"id": {a.ID.String()}}).status; got != 404 {
		t.Errorf("the blocked member ending the block: %d, want 404", got)
	}
	me.post(blocksPath, url.Values{"k": {tokenOn(t, list.body, blocksPath)}, "id": {b.ID.String()}})
	w.contains(me.get(blocksPath), "アクセスブロックしている人はいません")
	w.contains(other.get(memberPath(a.ID)), "友人です")
}

// Two who blocked each other are strangers to each other until both have ended it.
func TestBlockByBoth(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b := w.member("甲"), w.member("乙")
	for _, pair := range [][2]core.ID{{a.ID, b.ID}, {b.ID, a.ID}} {
		if err := w.store.People.InsertBlock(ctx, pair[0], pair[1], w.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	for _, pair := range [][2]core.ID{{a.ID, b.ID}, {b.ID, a.ID}} {
		if r, _ := w.core.Relation(ctx, core.Viewer{Member: a.ID}, b.ID); r != core.Blocked {
			t.Errorf("they are %v while a block is left", r)
		}
		if err := w.core.People.Unblock(ctx, pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	if r, _ := w.core.Relation(ctx, core.Viewer{Member: a.ID}, b.ID); r != core.Stranger {
		t.Errorf("they are %v after both blocks ended", r)
	}
	if err := w.core.People.Unblock(ctx, a.ID, b.ID); err != core.ErrNotFound {
		t.Errorf("ending a block twice: %v", err)
	}
	if err := w.core.People.Block(ctx, a.ID, a.ID); err != core.ErrNotFound {
		t.Errorf("blocking oneself: %v", err)
	}
}

func TestBlockLimit(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b := w.member("甲"), w.member("乙")
	err := w.core.Bulk(ctx, func(ctx context.Context) error {
		for i := range people.MaxBlocks {
			if err := w.store.People.InsertBlock(ctx, a.ID, core.ID(i+1), w.clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.contains(w.press(w.as(a), "/block", url.Values{"id": {b.ID.String()}}), "上限に達しています", "乙さんをアクセスブロックしますか")
}

// A block works both ways on every page there is, at once; what waits between the two ends; and neither side gets another
// answer than for a member who does not exist.
func TestSEC113_AccessBlock(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b, third := w.member("遮断太郎"), w.member("遮断花子"), w.member("第三者")
	w.friends(a, third)
	w.friends(b, third)
	entry := map[core.ID]journal.Diary{}
	for _, m := range []core.Member{a, b, third} {
		entry[m.ID] = w.diary(m, m.Name+"の日記", core.Everyone)
	}
	for _, m := range []core.Member{a, b} {
		_, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: m.ID}, journal.DiaryThread(third.ID, entry[third.ID].ID), m.Name+"のコメント", w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.core.People.WriteEndorsement(ctx, m.ID, third.ID, "友だち", m.Name+"の紹介文", w.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.core.People.IntroduceFriend(ctx, third.ID, a.ID, b.ID, "紹介します"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.core.People.RequestFriend(ctx, b.ID, a.ID, "よろしく"); err != nil {
		t.Fatal(err)
	}
	browsers := map[core.ID]*browser{a.ID: w.as(a), b.ID: w.as(b)}
	// showing lists the pages that name the other to one of the two.
	showing := func(me *browser, other core.Member) (pages []string) {
		for _, r := range routes.all {
			if r.method != get || r.access == public || r.path == blocksPath || strings.HasSuffix(r.path, "/") {
				continue
			}
			for _, of := range []core.Member{other, third} {
				target := fmt.Sprintf("%s?id=%s&owner=%s", r.path, of.ID, of.ID)
				if r.path == "/diary" {
					target = diaryPath(of.ID, entry[of.ID].ID)
				}
				if strings.Contains(me.get(target).body, other.Name) {
					pages = append(pages, target)
				}
			}
		}
		return pages
	}
	sides := [][2]core.Member{{a, b}, {b, a}}
	for _, side := range sides {
		if pages := showing(browsers[side[0].ID], side[1]); len(pages) < 12 {
			t.Fatalf("before the block only %d pages show %s: %v", len(pages), side[1].Name, pages)
		}
	}
	if got := w.press(browsers[a.ID], "/block", url.Values{"id": {b.ID.String()}}); got.location != blocksPath {
		t.Fatalf("blocking: %d to %q", got.status, got.location)
	}
	for _, m := range []core.Member{a, b} {
		if told, err := w.core.Account.Notices(ctx, m); err != nil || len(told) != 0 {
			t.Errorf("after the block home of %s tells %+v, %v", m.Name, told, err)
		}
	}
	secret := regexp.MustCompile(`name="(k|sealed|options)" value="[^"]*"|<strong>[A-Z2-7]{32}</strong>|otpauth:[^"]*`)
	strip := func(r reply) string { return fmt.Sprint(r.status, r.location, secret.ReplaceAllString(r.body, "")) }
	for _, side := range sides {
		me, other := browsers[side[0].ID], side[1]
		if pages := showing(me, other); len(pages) > 0 {
			t.Errorf("pages that show %s to %s: %v", other.Name, side[0].Name, pages)
		}
		for _, r := range routes.all {
			if r.method != get || r.access == public {
				continue
			}
			absent, blocked := me.get(r.path+"?id=12345&owner=12345"), me.get(fmt.Sprintf("%s?id=%s&owner=%[2]s", r.path, other.ID))
			if strip(absent) != strip(blocked) {
				t.Errorf("%s answers otherwise for a block (%d) than for nobody (%d)", r.path, blocked.status, absent.status)
			}
		}
		for _, path := range []string{"/friend/request", "/bookmark", "/endorsement/write", "/block", "/friend/introduce", "/friend/answer", "/friend/withdraw", messageWritePath} {
			form := func(id string) url.Values {
				return url.Values{"id": {id}, "friend": {id}, "message": {"x"}, "relationship": {"x"}, "body": {"x"}, "accept": {"1"}, "send": {"1"}, "to": {id}, "subject": {"x"}}
			}
			absent, blocked := w.press(me, path, form("12345")), w.press(me, path, form(other.ID.String()))
			if strip(absent) != strip(blocked) || blocked.status != 404 {
				t.Errorf("posting to %s: %d behind a block, %d for nobody", path, blocked.status, absent.status)
			}
		}
	}
	if page := browsers[b.ID].get(blocksPath); strings.Contains(page.body, a.Name) {
		t.Error("the blocked member's own list names the one who blocked")
	}
}
