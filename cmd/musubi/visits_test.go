package main

import (
	"regexp"
	"testing"
)

// TestVisitsOnFourScreens tells on each screen, through the gateway, what members do about others whom they meet.
func TestVisitsOnFourScreens(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	other := newPhone(t, d.URL, uaPC, true)
	other.logIn(d.Members[1].Mail, d.Members[1].Password)
	otherID := ownID(t, other)
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			me := newPhone(t, d.URL, s.ua, s.cookies)
			me.logIn(d.Members[0].Mail, d.Members[0].Password)
			bookmark(t, me, s.encode, otherID, d.Members[1].Name)
			blockAndUnblock(t, me, other, s.encode, otherID, d.Members[1].Name)
		})
	}
}

// ownID reads a member's ID from their own profile.
func ownID(t *testing.T, p *phone) string {
	t.Helper()
	page := p.get(p.ownLink("/member")).must(200)
	id := regexp.MustCompile(`/friends\?id=(\d+)`).FindSubmatch(page.raw)
	if id == nil {
		t.Fatalf("no ID on the profile:\n%s", page.raw)
	}
	return string(id[1])
}

// blockAndUnblock hides the two from each other after a question, and shows them again.
func blockAndUnblock(t *testing.T, me, other *phone, e func(string) string, otherID, name string) {
	t.Helper()
	myPage := "/member?id=" + ownID(t, me)
	other.get(myPage).must(200)
	ask := me.get(me.ownLink("/member?id="+otherID)).must(200).follow(e("この人をアクセスブロックする")).must(200, e(name), e("アクセスブロックしますか"))
	list := ask.submit(ask.formWith("id"), map[string]string{"+send": "1"}).must(200, e(name), e("解除する"))
	other.get(myPage).must(404)
	me.get(me.ownLink("/member?id=" + otherID)).must(404)
	list.submit(list.formWith("id"), map[string]string{"+unblock": "1"}).must(200, e("アクセスブロックしている人はいません"))
	other.get(myPage).must(200)
}

// bookmark puts a member among the bookmarks, finds them there from the menu, and takes them out again.
func bookmark(t *testing.T, me *phone, e func(string) string, otherID, name string) {
	t.Helper()
	profile := me.get(me.ownLink("/member?id="+otherID)).must(200, e("お気に入りに追加"))
	profile.submit(profile.formWith("id"), map[string]string{"+add": "1"}).must(200, e("お気に入りに登録済み"))
	list := me.get(me.ownLink("/home")).must(200).follow(e("お気に入り")).must(200, e(name))
	profile = list.follow(e(name)).must(200, e("お気に入りからはずす"))
	profile.submit(profile.formWith("id"), map[string]string{"+remove": "1"}).must(200, e("お気に入りに追加"))
	me.get(me.ownLink("/bookmarks")).must(200, e("まだお気に入りはありません"))
}
