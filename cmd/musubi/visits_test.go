package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestVisitsOnFourScreens tells on each screen, through the gateway, what members do about others whom they meet.
func TestVisitsOnFourScreens(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	other := newPhone(t, d.URL, uaPC, true)
	other.logIn(d.Members[1].Mail, d.Members[1].Password)
	otherID := ownID(t, other)
	book, total := footprintsOfTheDemo(t, other)
	round := strconv.Itoa(total + 1)
	book.submit(book.formOf("set"), map[string]string{"round": round, "+set": "1"}).must(200)
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			me := newPhone(t, d.URL, s.ua, s.cookies)
			me.logIn(d.Members[0].Mail, d.Members[0].Password)
			footprint(t, me, other, s.encode, otherID)
			bookmark(t, me, s.encode, otherID, d.Members[1].Name)
			blockAndUnblock(t, me, other, s.encode, otherID, d.Members[1].Name)
		})
	}
	roundNumberTold(t, other, round, d.Members[0].Name)
}

var totalVisits = regexp.MustCompile(`これまでの足あと: (\d+)`)

// footprintsOfTheDemo waits until the footprints that the demo comes with are stored, all at once and a moment after its start,
// so that they are not taken for the test's. It returns their page and how many they are.
func footprintsOfTheDemo(t *testing.T, p *phone) (book *screen, total int) {
	t.Helper()
	for began := time.Now(); time.Since(began) < 90*time.Second; time.Sleep(200 * time.Millisecond) {
		book = p.get("/footprints").must(200)
		if m := totalVisits.FindSubmatch(book.raw); m != nil {
			if total, _ = strconv.Atoi(string(m[1])); total > 0 {
				return book, total
			}
		}
	}
	t.Fatal("the demo comes without footprints")
	return nil, 0
}

// roundNumberTold waits for home to tell who made the round number: visits are stored a moment after the page.
func roundNumberTold(t *testing.T, p *phone, round, visitor string) {
	t.Helper()
	notice := "足あとがキリ番" + round + "になりました"
	home := p.get("/home").must(200)
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(string(home.raw), notice) && time.Now().Before(deadline); {
		time.Sleep(time.Second)
		home = p.get("/home").must(200)
	}
	home.must(200, notice+": "+visitor).follow(notice).must(200, visitor, "これまでの足あと: "+round)
	if strings.Contains(string(p.get("/home").must(200).raw), notice) {
		t.Error("home tells again what was seen")
	}
}

// formOf finds the form that has a button of the name.
func (s *screen) formOf(button string) *webForm {
	s.phone.t.Helper()
	for _, f := range s.forms {
		for _, fl := range f.fields {
			if name, _, _ := strings.Cut(strings.TrimPrefix(fl.name, "_b."), "="); name == button {
				return f
			}
		}
	}
	s.phone.t.Fatalf("no form with a button %s on %s (%d):\n%s", button, s.url, s.status, s.raw)
	return nil
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

// footprint visits a member who waits for exactly this visitor, and finds the visitor's own book with what one can set.
func footprint(t *testing.T, me, other *phone, e func(string) string, otherID string) {
	t.Helper()
	me.get(me.ownLink("/member?id=" + otherID)).must(200)
	book := me.get(me.ownLink("/home")).must(200).follow(e("足あと")).must(200, e("これまでの足あと"), e("キリ番"))
	wrong := book.submit(book.formWith("round"), map[string]string{"round": "x", "+set": "1"}).must(200, e("9桁までの数"))
	wrong.submit(wrong.formWith("round"), map[string]string{"round": "777777777", "+set": "1"}).must(200, "777777777")
	ask := me.get(me.ownLink("/footprints")).must(200, e("あなたの足あとがつきます"))
	hidden := ask.submit(ask.formOf("hide"), map[string]string{"+hide": "1"}).must(200, e("あなたの足あとはつきません"))
	hidden.submit(hidden.formOf("show"), map[string]string{"+show": "1"}).must(200, e("あなたの足あとがつきます"))
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
