package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/people"
)

// press posts a form of one button, with the token of its path.
func (w *world) press(b *browser, path string, values url.Values) reply {
	values.Set("k", w.site.newToken(w.sessionKey(b), path))
	if r := routes.exact[endpoint{post, path}]; r != nil && (r.is(deletes|mayDelete) || (form{values: values}).ends(r)) && !values.Has(sureField) {
		values.Set(sureField, "1") // as if it had been asked
	}
	return b.post(path, values)
}

func TestFriendRequestStory(t *testing.T) {
	w := newWorld(t)
	hanako, taro := w.member("花子"), w.member("太郎")
	h, r := w.as(hanako), w.as(taro)
	w.contains(h.get(memberPath(taro.ID)), "友人に申請する")
	w.contains(h.get("/friend/request?id="+taro.ID.String()), "太郎さんに友人申請")

	tooLong := w.press(h, "/friend/request", url.Values{"id": {taro.ID.String()}, "message": {strings.Repeat("あ", 501)}})
	w.contains(tooLong, "500文字以内で入力してください", strings.Repeat("あ", 501))

	if got := w.press(h, "/friend/request", url.Values{"id": {taro.ID.String()}, "message": {"この前の<花見>では☀"}}); got.location != "/friend/requests" {
		t.Fatalf("asking: %d to %q", got.status, got.location)
	}
	w.contains(h.get("/friend/requests"), "太郎", "取り消す")
	w.contains(r.get("/home"), "友人申請が1件届いています")
	w.contains(r.get("/friend/requests"), "花子", "この前の&lt;花見&gt;では☀", "承認する")

	w.press(r, "/friend/answer", url.Values{"id": {hanako.ID.String()}, "accept": {"1"}})
	w.contains(r.get(friendsPath(taro.ID)), "花子")
	w.contains(h.get(memberPath(taro.ID)), "友人です")
	again := w.press(h, "/friend/request", url.Values{"id": {taro.ID.String()}, "message": {""}})
	w.contains(again, "すでに友人です")
	if w.press(r, "/friend/answer", url.Values{"id": {hanako.ID.String()}, "accept": {"1"}}).status != 404 {
		t.Error("an answered request could be answered again")
	}
}

func TestFriendRequestsCrossing(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("甲"), w.member("乙")
	w.press(w.as(a), "/friend/request", url.Values{"id": {b.ID.String()}})
	if got := w.press(w.as(b), "/friend/request", url.Values{"id": {a.ID.String()}}); got.location != memberPath(a.ID) {
		t.Fatalf("asking one who has asked: %d to %q", got.status, got.location)
	}
	if r, err := w.core.Relation(context.Background(), core.Viewer{Member: a.ID}, b.ID); err != nil || r != core.Friend {
		t.Errorf("they are %v, %v", r, err)
	}
}

func TestFriendRequestRejectedOrWithdrawn(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("甲"), w.member("乙")
	asking, asked := w.as(a), w.as(b)
	w.press(asking, "/friend/request", url.Values{"id": {b.ID.String()}})
	w.press(asked, "/friend/answer", url.Values{"id": {a.ID.String()}, "reject": {"1"}})
	w.press(asking, "/friend/request", url.Values{"id": {b.ID.String()}})
	w.press(asking, "/friend/withdraw", url.Values{"id": {b.ID.String()}, "withdraw": {"1"}})
	if page := asked.get("/friend/requests").body; strings.Contains(page, "承認する") {
		t.Error("a withdrawn request still waits")
	}
	if r, _ := w.core.Relation(context.Background(), core.Viewer{Member: a.ID}, b.ID); r != core.Stranger {
		t.Errorf("they are %v", r)
	}
}

func TestRemoveFriend(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b, c := w.member("甲"), w.member("乙"), w.member("丙")
	w.friends(a, b)
	if err := w.core.People.LinkFriends(ctx, a.ID, c.ID, time.Time{}, w.core.Now().AddDate(0, 3, 0)); err != nil {
		t.Fatal(err)
	}
	w.diary(b, "友人だけ", core.Friends)
	if err := w.core.People.WriteEndorsement(ctx, a.ID, b.ID, "幼なじみ", "いい人です", time.Time{}); err != nil {
		t.Fatal(err)
	}
	me := w.as(a)
	w.contains(me.get("/home"), "友人だけ")
	w.contains(me.get(friendPath(b.ID)+"&remove=1"), "友人からはずしますか")
	w.contains(w.press(me, "/friend/remove", url.Values{"id": {c.ID.String()}}), "3か月間")
	for _, path := range []string{friendPath(c.ID), friendPath(c.ID) + "&remove=1"} { // what would be refused is not offered
		if page := me.get(path).body; !strings.Contains(page, "3か月間") || strings.Contains(page, "remove=1") || strings.Contains(page, "友人からはずしますか") {
			t.Errorf("%s offers to end a friendship that cannot end yet", path)
		}
	}
	if got := w.press(me, "/friend/remove", url.Values{"id": {b.ID.String()}}); got.location != friendsPath(a.ID) {
		t.Fatalf("removing: %d to %q", got.status, got.location)
	}
	for _, page := range []string{"/home", "/diary/friends", diaryListPath(b.ID)} {
		if strings.Contains(me.get(page).body, "友人だけ") {
			t.Errorf("%s still shows the entry of a former friend", page)
		}
	}
	if list, _, err := w.core.People.Endorsements(ctx, core.Viewer{Member: b.ID}, b.ID, core.Page{Size: 5}); err != nil || len(list) != 0 {
		t.Errorf("endorsements of a former friend: %v, %v", list, err)
	}
	m, _, _ := w.core.Member(ctx, core.Viewer{Member: a.ID}, a.ID)
	if m.Friends != 1 {
		t.Errorf("%d friends are counted, want 1", m.Friends)
	}
	w.clock.advance(100 * 24 * time.Hour)
	w.contains(w.as(a).get(friendPath(c.ID)), "remove=1")
	if got := w.press(w.as(a), "/friend/remove", url.Values{"id": {c.ID.String()}}); got.location == "" {
		t.Errorf("after three months: %d", got.status)
	}
}

func TestFriendOnHome(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("甲"), w.member("乙")
	w.friends(a, b)
	w.diary(b, "きょうの空", core.Friends)
	me := w.as(a)
	w.press(me, "/friend/home", url.Values{"id": {b.ID.String()}, "hide": {"1"}})
	if strings.Contains(me.get("/home").body, "きょうの空") {
		t.Error("home shows a friend that was hidden")
	}
	w.contains(me.get(diaryListPath(b.ID)), "きょうの空")
	w.press(me, "/friend/home", url.Values{"id": {b.ID.String()}, "show": {"1"}})
	w.contains(me.get("/home"), "きょうの空")
}

func TestPathAndMutualFriends(t *testing.T) {
	w := newWorld(t)
	a, b, c, d, e := w.member("甲"), w.member("乙"), w.member("丙"), w.member("丁"), w.member("戊")
	w.friends(a, b)
	w.friends(b, c)
	w.friends(c, d)
	me := w.as(a)
	w.contains(me.get(memberPath(c.ID)), "丙さんへのつながり", "友人の友人です")
	w.contains(me.get("/friend/mutual?id="+c.ID.String()), "乙")
	ways := map[core.ID]int{b.ID: 0, c.ID: 1, d.ID: 2}
	for id, between := range ways {
		if path, ok, err := w.core.People.PathTo(context.Background(), a.ID, id); err != nil || !ok || len(path) != between {
			t.Errorf("path to %v: %v %v %v, want %d between", id, path, ok, err, between)
		}
	}
	if _, ok, _ := w.core.People.PathTo(context.Background(), a.ID, e.ID); ok {
		t.Error("a way was found to a member without friends")
	}
	for _, held := range []core.ID{b.ID, c.ID} { // SEC-115: no way leads over who is held or has left, near or far, and it comes back with them
		for _, status := range []core.Status{core.Held, core.Withdrawn, core.Active} {
			if err := w.store.Desk.SetStatus(context.Background(), held, status); err != nil {
				t.Fatal(err)
			}
			if path, ok, err := w.core.People.PathTo(context.Background(), a.ID, d.ID); err != nil || ok != (status == core.Active) {
				t.Errorf("over %v of status %v: %v %v %v", held, status, path, ok, err)
			}
		}
	}
	if err := w.core.People.Block(context.Background(), b.ID, d.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.core.People.Block(context.Background(), c.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := w.core.People.PathTo(context.Background(), a.ID, d.ID); ok {
		t.Error("the way leads over a member who blocked the viewer")
	}
}

func TestEndorsements(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.member("甲"), w.member("乙"), w.member("丙")
	w.friends(a, b)
	me, friend := w.as(a), w.as(b)
	path := "/endorsement/write"
	if me.get(endorsementWritePath(c.ID)).status != 404 {
		t.Error("a stranger could be endorsed")
	}
	form := url.Values{"id": {b.ID.String()}, "relationship": {"会社の同期"}, "body": {"頼れる<人>です♪"}}
	w.contains(w.press(me, path, form), "送信", "頼れる&lt;人&gt;です♪")
	form.Set("send", "1")
	if got := w.press(me, path, form); got.location != endorsementsPath(b.ID) {
		t.Fatalf("sending: %d to %q: %s", got.status, got.location, got.body)
	}
	w.contains(w.press(me, path, url.Values{"id": {b.ID.String()}, "relationship": {""}, "body": {"残る"}}), "入力してください", "残る")
	w.contains(friend.get(memberPath(b.ID)), "会社の同期", "頼れる&lt;人&gt;です♪")
	w.contains(me.get("/endorsements?by=1"), "乙", "頼れる")
	w.contains(me.get(endorsementWritePath(b.ID)), "頼れる&lt;人&gt;です♪")
	other := w.as(c)
	if got := w.press(other, "/endorsement/delete", url.Values{"about": {b.ID.String()}, "author": {a.ID.String()}}); got.status != 404 {
		t.Errorf("a stranger deleting an endorsement: %d", got.status)
	}
	w.press(friend, "/endorsement/delete", url.Values{"about": {b.ID.String()}, "author": {a.ID.String()}})
	if strings.Contains(friend.get(memberPath(b.ID)).body, "頼れる") {
		t.Error("a deleted endorsement is still shown")
	}
}

func TestIntroduction(t *testing.T) {
	w := newWorld(t)
	a, b, c, d := w.member("甲"), w.member("乙"), w.member("丙"), w.member("丁")
	w.friends(a, b)
	w.friends(a, c)
	me, to := w.as(a), w.as(b)
	path := "/friend/introduce"
	w.contains(me.get(path+"?id="+b.ID.String()), "丙")
	w.contains(w.press(me, path, url.Values{"id": {b.ID.String()}, "friend": {c.ID.String()}, "message": {""}}), "入力してください")
	if got := w.press(me, path, url.Values{"id": {b.ID.String()}, "friend": {d.ID.String()}, "message": {"x"}}); got.status != 404 {
		t.Errorf("introducing one who is no friend: %d", got.status)
	}
	w.press(me, path, url.Values{"id": {b.ID.String()}, "friend": {c.ID.String()}, "message": {"気が合うと思う"}})
	w.contains(to.get("/home"), "友人からの紹介が1件")
	w.contains(to.get("/friend/requests"), "甲さんが丙さんを紹介しています", "気が合うと思う")
	w.press(to, "/friend/dismiss", url.Values{"id": {c.ID.String()}, "by": {a.ID.String()}})
	if strings.Contains(to.get("/friend/requests").body, "気が合う") {
		t.Error("a dismissed introduction is still there")
	}
}

func TestFriendsBirthdays(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b, c := w.member("甲"), w.member("乙"), w.member("丙")
	now := time.Date(2007, 2, 26, 12, 0, 0, 0, time.UTC)
	born := func(m core.Member, day string, v core.Visibility) {
		if err := w.store.People.SetProfile(ctx, m.ID, []core.ProfileValue{{Key: "birthday", Value: day, Visibility: v}}); err != nil {
			t.Fatal(err)
		}
	}
	born(b, "1980-02-29", core.Friends) // before they are friends
	w.friends(a, b)
	w.friends(a, c)
	born(c, "1981-03-02", core.Friends) // and after
	got, err := w.core.People.FriendsBirthdays(ctx, a.ID, now)
	if err != nil || len(got) != 2 || got[0].Friend.ID != b.ID || got[1].Friend.ID != c.ID {
		t.Fatalf("birthdays: %+v, %v", got, err)
	}
	born(c, "1981-03-02", core.Private)
	born(b, "1980-12-24", core.Friends)
	if got, _ := w.core.People.FriendsBirthdays(ctx, a.ID, now); len(got) != 0 {
		t.Errorf("a hidden and a moved birthday are shown: %+v", got)
	}
}

func TestFriendOrders(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.member("甲"), w.member("b乙"), w.member("a丙")
	ctx := context.Background()
	for i, m := range []core.Member{b, c} {
		if err := w.core.People.LinkFriends(ctx, a.ID, m.ID, w.core.Now().Add(time.Duration(i)*time.Hour), time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	for order, first := range map[people.FriendOrder]core.Member{people.BySince: c, people.ByName: c} {
		list, _, err := w.core.People.Friends(ctx, core.Viewer{Member: a.ID}, a.ID, order, core.Page{Number: 1, Size: 5})
		if err != nil || len(list) != 2 || list[0].Member.ID != first.ID {
			t.Errorf("order %d: %v, %v", order, list, err)
		}
	}
	w.contains(w.as(a).get(orderPath(a.ID, people.ByName)), "名前順")
}
